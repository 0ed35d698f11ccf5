"""The parts of the page of sectors that are shown one at a time."""

import streamlit as st

from indicators.engine.pivot import series_window
from indicators.engine.result import Answer
from ui import data
from ui.blocks import blocks
from ui.charts import answers, sectores
from ui.text import plain
from ui.widgets import drill
from ui.widgets.view import View
from words.language import t


def months(view: View, parts: Answer) -> None:
    """Show the months of the largest parts, and first those of the whole where something was opened."""
    if view.is_opened and parts.window:
        with blocks.card():
            whole = view.ask("fob", split="month", window=str(series_window(parts.window)))
            blocks.draw(answers.months(whole), missing=blocks.why(whole))
    with blocks.card():
        blocks.draw(sectores.months_of_parts(view, parts), missing=blocks.why(parts))


def destinations(view: View) -> None:
    """Show where the slice goes, and open any destination where the page does not list them already."""
    answer = view.ask("fob", split="country")
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            blocks.draw(sectores.destinations(answer, data.places(view.edition.id)), missing=blocks.why(answer))
        if view.next_split != "country":
            with blocks.card():
                drill.rows(view, answer)


def prices_and_volumes(view: View, parts: Answer) -> None:
    """Show how much of the change is price and how much volume, and how much of the value that could be told of."""
    split = parts.question.split
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            coverage = view.ask("price_volume_coverage")
            answer = view.ask("fisher_price", split=split)
            blocks.draw(sectores.prices(answer, parts, coverage), missing=blocks.why(answer))
        with blocks.card():
            coverage = view.ask("price_volume_coverage")
            answer = view.ask("fisher_volume", split=split)
            blocks.draw(sectores.volumes(answer, parts, coverage), missing=blocks.why(answer))
    st.caption(
        plain(
            t(
                "Precio por volumen da la variación del valor de lo comparable: cada código de ocho dígitos, "
                "destino y unidad presente en ambos períodos, cuyo valor unitario no se triplica ni cae a un tercio."
            )
        )
    )
