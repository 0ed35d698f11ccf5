"""Sectors and products: first what is published, then what the edition computes, down to the destination."""

import streamlit as st

from indicators.findings import sectors as sector_findings
from indicators.language import t
from indicators.sentences import sentence
from ui import blocks, data, drill, filters, region_charts, sector_blocks, view
from ui.concentration import concentration

shown = view.bar()
blocks.title(t("Sectores y productos de {place}", place=shown.place))
drill.way(shown)

if shown.region and not shown.is_opened:
    published = data.published_summary(shown.edition.id, shown.region)
    blocks.band(t("Lo publicado"), "publicado", t("Cifras reales: quién las publicó, cuándo y dónde."))
    blocks.sentence(sector_findings.published_headline(published.movers, published.customs, shown.place))
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        blocks.chart(
            region_charts.printed_growth(published.movers, shown.place),
            missing=t("No hay variaciones publicadas por rubro."),
        )
        blocks.chart(
            region_charts.customs_sectors(published.customs.sectors, published.customs.total, shown.place),
            missing=t("No hay sectores publicados por Aduanas para esta región."),
        )
else:
    blocks.note(
        t("Lo publicado es de una región a la vez y de sus sectores enteros: se ve sin sector, producto ni país.")
    )

with st.container(border=True):
    blocks.band(t("Lo que calcula la edición"), shown.badge, blocks.edition_note(shown.edition))
    parts = shown.ask("fob", split=shown.next_split)
    blocks.sentence(sentence(parts))
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            moved = shown.ask("contribution_pp", split=shown.next_split)
            blocks.draw(region_charts.movers(moved), missing=blocks.why(moved))
        with blocks.card():
            drill.rows(shown, parts)
    wants = filters.pick(
        "ver",
        {
            "meses": t("Mes a mes"),
            "precios": t("Precio y volumen"),
            "destinos": t("Destinos"),
            "concentracion": t("Concentración"),
        },
        label=t("Más detalle"),
    )
    if wants == "meses":
        sector_blocks.months(shown, parts)
    elif wants == "precios":
        sector_blocks.prices_and_volumes(shown, parts)
    elif wants == "destinos":
        sector_blocks.destinations(shown)
    else:
        concentration(shown, "product")
    blocks.notes((parts,))
