"""How much hangs on few products or destinations, in cards."""

import streamlit as st

from indicators.language import t
from indicators.metrics import METRICS
from ui import blocks
from ui.text import plain
from ui.view import View

COUNTS = {"product": "n_products", "country": "n_destinations"}


def concentration(shown: View, over: str, **parts: str | None) -> None:
    """Show the weight of the five largest, how many of equal size they would be, the index, and how many there are."""
    labels = {
        "top_k": t("Peso de los cinco mayores"),
        "effective_number": t("Número efectivo"),
        "hhi": t("Concentración (HHI)"),
    }
    asked = {label: shown.ask(metric, over=over, **parts) for metric, label in labels.items()}
    count = COUNTS[over]
    with st.grid(4, min_column_width=blocks.SMALL_CARD_WIDTH):
        blocks.answer_card(shown.ask(count, **parts), label=t(METRICS[count].label))
        for label, answer in asked.items():
            blocks.answer_card(answer, label=label)
    st.caption(plain(" ".join(f"{label}: {t(METRICS[metric].definition)}" for metric, label in labels.items())))
