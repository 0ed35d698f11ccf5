"""A region in one page: first what is published of it, then what the edition computes."""

import streamlit as st

from ui import blocks, data, filters, region_charts, tables

shown = filters.region_and_edition()
published = data.published_summary(shown.edition.id, shown.region)
computed = data.edition_summary(shown.edition.id, shown.region)

st.title(f"Exportaciones de {shown.place}", anchor=False)

blocks.band("Lo publicado", "publicado", "Cifras reales: quién las publicó, cuándo y dónde.")
blocks.sentence(published.headline)
with st.grid(3, min_column_width=blocks.CARD_WIDTH):
    blocks.fact_card(published.level, label="Valor exportado", missing="No hay un total publicado.")
    blocks.fact_card(published.growth, label="Variación", missing="No hay una variación publicada de ese total.")
    blocks.fact_card(
        published.share,
        label="Parte del país",
        missing="Falta publicado el total de la región o el del país.",
    )
with st.grid(2, min_column_width=blocks.CHART_WIDTH):
    blocks.chart(
        region_charts.printed_growth(published.movers, shown.place),
        missing="No hay variaciones publicadas por rubro.",
    )
    tables.recent(published.recent)
    blocks.chart(
        region_charts.customs_sectors(published.customs.sectors, published.customs.total, shown.place),
        missing="No hay sectores publicados por Aduanas para esta región.",
    )
    blocks.chart(
        region_charts.customs_destinations(published.customs.destinations, published.customs.total, shown.place),
        missing="No hay destinos publicados por Aduanas para esta región.",
    )
    tables.published_shares(published.shares)
    tables.firms(published.firms)

with st.container(border=True):
    blocks.band("Lo que calcula la edición", computed.badge, blocks.edition_note(shown.edition))
    blocks.sentence(computed.headline)
    with st.grid(3, min_column_width=blocks.CARD_WIDTH):
        for label, answer in computed.figures.items():
            blocks.answer_card(answer, label=label)
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        blocks.chart(
            region_charts.movers(computed.movers),
            missing=blocks.why(computed.movers),
        )
        blocks.chart(
            region_charts.months(computed.months),
            missing=blocks.why(computed.months),
        )
    tables.computed_shares(computed.shares)
    blocks.notes(computed.answers)
