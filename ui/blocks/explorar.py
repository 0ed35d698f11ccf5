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
    found = {"table": t("Tabla")}
    if columns:
        found["heat"] = t("Mapa de calor")
    if "month" in (rows, columns):
        found["lines"] = t("Líneas")
    return found | {"bars": t("Barras"), "tree": t("Áreas")}


def table(found: Pivot) -> None:
    """Show every cell, with Spanish numbers that still sort as numbers."""
    unit = found.total.unit
    values = [found.values(key) for key, _ in found.rows]
    head = data.dimension_names()[found.total.question.split or ""]
    cells = {straight(column.label): [row[place] for row in values] for place, column in enumerate(found.columns)}
    frame = pd.DataFrame(
        cells, index=pd.Index([straight(label) for _, label in found.rows], name=head), dtype="float64"
    )
    st.markdown(f"**{plain(heading(found.total))}**")
    if unit == "usd":
        st.caption(t("Millones de US$"))
    st.dataframe(
        frame.style.format(partial(_written, unit)),
        height="content" if len(frame) < SHORT else TALLEST,
        placeholder=t(MISSING),
    )
    if found.left_out:
        told = {"shown": len(found.columns), "left": found.left_out}
        st.caption(t("Se muestran las {shown} columnas mayores; quedan {left} fuera.", **told))
    for text in _reasons(found)[:MOST_REASONS]:
        st.caption(plain(text))


def _written(unit: str, value: float) -> str:
    return t(MISSING) if math.isnan(value) else in_cell(value, unit)


def _reasons(found: Pivot) -> list[str]:
    """Why cells are missing, each reason once."""
    hidden = (row for one in found.answers for row in one.rows if row.value is None)
    told = [reason.text for one in found.answers for reason in one.reasons if one.value is None]
    return list(dict.fromkeys([*told, *(reason.text for row in hidden for reason in row.reasons)]))
