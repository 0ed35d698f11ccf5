"""The parts of the page of markets that a page cannot say in a line."""

import streamlit as st

from indicators.engine.markets import off_the_map, without_outline
from indicators.engine.result import Answer
from indicators.metrics import METRICS
from indicators.narrative import mercados as market_findings
from indicators.question.dimensions import BLOCS
from ui import data
from ui.blocks import blocks
from ui.charts import answers, screen
from ui.charts import mercados as mercados_charts
from ui.text import plain
from ui.widgets.view import View
from words.language import t


def world(view: View, answer: Answer) -> None:
    """Show the map, and what is in the total and not on it."""
    places = data.places(view.edition.id)
    blocks.draw(mercados_charts.world(answer, places), missing=blocks.why(answer))
    small = without_outline(answer, places, screen.outlined())
    sentence = market_findings.off_the_map(off_the_map(answer, places), small)
    if sentence:
        st.caption(plain(sentence))


def blocs(view: View) -> None:
    """Show what each bloc of countries buys, whatever destination is chosen."""
    whole = view.ask("fob", country=None)
    answers = {name: view.ask("fob", country=name) for name in BLOCS}
    blocks.draw(mercados_charts.blocs(whole, answers), missing=t("Ningún bloque compra en este corte."))


def opened(view: View) -> None:
    """Show what the chosen destinations buy, and in which months."""
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            contributions = view.ask("contribution_pp", split=view.sectors)
            blocks.draw(answers.movers(contributions, name="sectores"), missing=blocks.why(contributions))
        with blocks.card():
            months = view.ask("fob", split="month", window="rolling12")
            blocks.draw(answers.months(months), missing=blocks.why(months))


# -- How much hangs on few products or destinations, in cards.

COUNTS = {"product": "n_products", "country": "n_destinations"}


def concentration(view: View, over: str, **parts: str | None) -> None:
    """Show the weight of the five largest, how many of equal size they would be, the index, and how many there are."""
    labels = {
        "top_k": t("Peso de los cinco mayores"),
        "effective_number": t("Número efectivo"),
        "hhi": t("Concentración (HHI)"),
    }
    answers = {label: view.ask(metric, over=over, **parts) for metric, label in labels.items()}
    count = COUNTS[over]
    with st.grid(4, min_column_width=blocks.SMALL_CARD_WIDTH):
        blocks.answer_card(view.ask(count, **parts), label=t(METRICS[count].label))
        for label, answer in answers.items():
            blocks.answer_card(answer, label=label)
    st.caption(plain(" ".join(f"{label}: {t(METRICS[metric].definition)}" for metric, label in labels.items())))
