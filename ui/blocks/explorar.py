"""The forms of the explorer: how a pivot can be looked at, and its table."""

import math
from functools import partial

import pandas as pd
import streamlit as st

from indicators.engine.pivot import Pivot
from indicators.narrative.findings import heading
from ui import data
from ui.text import plain, straight
from words.formats import MISSING, in_cell
from words.language import t

SHORT, TALLEST = 16, 640  # rows, pixels
MOST_REASONS = 4


def looks(rows: str, columns: str) -> dict[str, str]:
    """Return the ways of looking that make sense of these dimensions, the table first."""
    labels = {"table": t("Tabla")}
    if columns:
        labels["heat"] = t("Mapa de calor")
    if "month" in (rows, columns):
        labels["lines"] = t("Líneas")
    return labels | {"bars": t("Barras"), "tree": t("Áreas")}


def table(pivot: Pivot) -> None:
    """Show every cell, with Spanish numbers that still sort as numbers."""
    unit = pivot.total.unit
    values = [pivot.values(key) for key, _ in pivot.rows]
    head = data.dimension_names()[pivot.total.question.split or ""]
    cells = {straight(column.label): [row[position] for row in values] for position, column in enumerate(pivot.columns)}
    frame = pd.DataFrame(
        cells, index=pd.Index([straight(label) for _, label in pivot.rows], name=head), dtype="float64"
    )
    st.markdown(f"**{plain(heading(pivot.total))}**")
    if unit == "usd":
        st.caption(t("Millones de US$"))
    st.dataframe(
        frame.style.format(partial(_written, unit)),
        height="content" if len(frame) < SHORT else TALLEST,
        placeholder=t(MISSING),
    )
    if pivot.left_out:
        sentence = {"shown": len(pivot.columns), "left": pivot.left_out}
        st.caption(t("Se muestran las {shown} columnas mayores; quedan {left} fuera.", **sentence))
    for text in _reasons(pivot)[:MOST_REASONS]:
        st.caption(plain(text))


def _written(unit: str, value: float) -> str:
    return t(MISSING) if math.isnan(value) else in_cell(value, unit)


def _reasons(pivot: Pivot) -> list[str]:
    """Why cells are missing, each reason once."""
    empty_rows = (row for answer in pivot.answers for row in answer.rows if row.value is None)
    texts = [reason.text for answer in pivot.answers for reason in answer.reasons if answer.value is None]
    return list(dict.fromkeys([*texts, *(reason.text for row in empty_rows for reason in row.reasons)]))
