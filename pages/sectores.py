"""Sectors and products: first what is published, then what the edition computes, down to the destination."""

import streamlit as st

from indicators.narrative import sectores as sector_findings
from indicators.narrative.sentences import sentence
from ui import data
from ui.blocks import blocks
from ui.blocks import sectores as sectores_blocks
from ui.blocks.mercados import concentration
from ui.charts import answers
from ui.widgets import drill, filters, view
from words.language import t

shown = view.bar()
blocks.title(t("Sectores y productos de {place}", place=shown.place))
drill.way(shown)

if shown.region and not shown.is_opened:
    published = data.published_summary(shown.edition.id, shown.region)
    blocks.band(t("Lo publicado"), "publicado", t("Cifras reales: quién las publicó, cuándo y dónde."))
    blocks.sentence(sector_findings.published_headline(published.movers, published.customs, shown.place))
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        blocks.chart(
            answers.printed_growth(published.movers, shown.place),
            missing=t("No hay variaciones publicadas por rubro."),
        )
        blocks.chart(
            answers.customs_sectors(published.customs.sectors, published.customs.total, shown.place),
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
            blocks.draw(answers.movers(moved), missing=blocks.why(moved))
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
        sectores_blocks.months(shown, parts)
    elif wants == "precios":
        sectores_blocks.prices_and_volumes(shown, parts)
    elif wants == "destinos":
        sectores_blocks.destinations(shown)
    else:
        concentration(shown, "product")
    blocks.notes((parts,))
