"""Destinations: first what is published of a region, then the map, the ranking, who came and who left."""

import streamlit as st

from indicators.findings import markets as market_findings
from indicators.language import t
from indicators.sentences import sentence
from ui import blocks, data, drill, market_blocks, market_charts, region_charts, view
from ui.concentration import concentration

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
            region_charts.customs_destinations(published.customs.destinations, published.customs.total, shown.place),
            missing=t("No hay destinos publicados por Aduanas para esta región."),
        )
        blocks.chart(
            market_charts.printed_growth(printed, shown.place),
            missing=t("No hay variaciones publicadas por destino."),
        )
else:
    blocks.note(t("Lo publicado es de una región a la vez y de todos sus envíos: se ve sin sector, producto ni país."))

with st.container(border=True):
    blocks.band(t("Lo que calcula la edición"), shown.badge, blocks.edition_note(shown.edition))
    found, known = shown.ask("fob", split="country", country=None), data.places(shown.edition.id)
    blocks.sentence(sentence(shown.ask("fob")))
    if "country" in shown.parts:
        market_blocks.opened(shown)
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with st.container():
            with blocks.card():
                market_blocks.world(shown, found)
            blocks.chart(market_charts.new_and_lost(found, known), missing=market_charts.no_changes(found, known))
        with blocks.card():
            drill.rows(shown, found)
        with blocks.card():
            moved = shown.ask("contribution_pp", split="country", country=None)
            blocks.draw(region_charts.movers(moved), missing=blocks.why(moved))
        with blocks.card():
            whole = shown.ask("fob", split="continent", country=None)
            blocks.draw(market_charts.continents(whole), missing=blocks.why(whole))
        with blocks.card():
            market_blocks.blocs(shown)
    concentration(shown, "country", country=None)
    blocks.notes((found,))
