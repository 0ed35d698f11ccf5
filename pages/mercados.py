"""Destinations: first what is published of a region, then the map, the ranking, who came and who left."""

import streamlit as st

from indicators.narrative import mercados as market_findings
from indicators.narrative.sentences import sentence
from ui import data
from ui.blocks import blocks
from ui.blocks import mercados as mercados_blocks
from ui.blocks.mercados import concentration
from ui.charts import answers
from ui.charts import mercados as mercados_charts
from ui.widgets import drill, view
from words.language import t

shown = view.bar()
blocks.title(t("Mercados de {place}", place=shown.place))
drill.way(shown)

if shown.region and not shown.is_opened:
    published = data.published_summary(shown.edition.id, shown.region)
    printed = data.published_destinations(shown.edition.id, shown.region)
    blocks.band(t("Lo publicado"), "publicado", t("Cifras reales: quién las publicó, cuándo y dónde."))
    blocks.sentence(market_findings.published_headline(printed, published.customs, shown.place))
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        blocks.chart(
            answers.customs_destinations(published.customs.destinations, published.customs.total, shown.place),
            missing=t("No hay destinos publicados por Aduanas para esta región."),
        )
        blocks.chart(
            mercados_charts.printed_growth(printed, shown.place),
            missing=t("No hay variaciones publicadas por destino."),
        )
else:
    blocks.note(t("Lo publicado es de una región a la vez y de todos sus envíos: se ve sin sector, producto ni país."))

with st.container(border=True):
    blocks.band(t("Lo que calcula la edición"), shown.badge, blocks.edition_note(shown.edition))
    found, known = shown.ask("fob", split="country", country=None), data.places(shown.edition.id)
    blocks.sentence(sentence(shown.ask("fob")))
    if "country" in shown.parts:
        mercados_blocks.opened(shown)
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with st.container():
            with blocks.card():
                mercados_blocks.world(shown, found)
            blocks.chart(mercados_charts.new_and_lost(found, known), missing=mercados_charts.no_changes(found, known))
        with blocks.card():
            drill.rows(shown, found)
        with blocks.card():
            moved = shown.ask("contribution_pp", split="country", country=None)
            blocks.draw(answers.movers(moved), missing=blocks.why(moved))
        with blocks.card():
            whole = shown.ask("fob", split="continent", country=None)
            blocks.draw(mercados_charts.continents(whole), missing=blocks.why(whole))
        with blocks.card():
            mercados_blocks.blocs(shown)
    concentration(shown, "country", country=None)
    blocks.notes((found,))
