"""The parts of the page of markets that a page cannot say in a line."""

import streamlit as st

from indicators.blocs import BLOCS
from indicators.findings import markets as market_findings
from indicators.language import t
from indicators.markets import off_the_map, without_outline
from indicators.result import Answer
from ui import blocks, data, figures, market_charts, region_charts
from ui.text import plain
from ui.view import View


def world(shown: View, found: Answer) -> None:
    """Show the map, and what is in the total and not on it."""
    known = data.places(shown.edition.id)
    blocks.draw(market_charts.world(found, known), missing=blocks.why(found))
    small = without_outline(found, known, figures.outlined())
    said = market_findings.off_the_map(off_the_map(found, known), small)
    if said:
        st.caption(plain(said))


def blocs(shown: View) -> None:
    """Show what each bloc of countries buys, whatever destination is chosen."""
    whole = shown.ask("fob", country=None)
    found = {name: shown.ask("fob", country=name) for name in BLOCS}
    blocks.draw(market_charts.blocs(whole, found), missing=t("Ningún bloque compra en este corte."))


def opened(shown: View) -> None:
    """Show what the chosen destinations buy, and in which months."""
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            moved = shown.ask("contribution_pp", split=shown.sectors)
            blocks.draw(region_charts.movers(moved, name="sectores"), missing=blocks.why(moved))
        with blocks.card():
            months = shown.ask("fob", split="month", window="rolling12")
            blocks.draw(region_charts.months(months), missing=blocks.why(months))
