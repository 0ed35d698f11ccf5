"""The forms of the explorer: how a pivot can be looked at, its table, and the SQL console."""

import math
from functools import partial

import pandas as pd
import streamlit as st

from indicators.console import MOST_ROWS, MOST_SECONDS, ConsoleError, Found
from indicators.edition import Edition
from indicators.formats import MISSING, in_cell, number
from indicators.language import t
from indicators.pivot import Pivot
from ui import data
from ui.text import plain, straight

EXAMPLE = """SELECT month, sum(fob_usd) AS fob_usd
FROM mart_export_by_month
WHERE region_code = '08' AND segment = 'goods'
GROUP BY month
ORDER BY month"""
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
    if unit == "usd":
        st.caption(t("Millones de US$"))
    st.dataframe(frame.style.format(partial(_written, unit)), height="content" if len(frame) < SHORT else TALLEST)
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


def console(edition: Edition) -> None:
    """Show where to write SQL, the tables that can be read, and what the query gives."""
    limits = {"rows": number(MOST_ROWS), "seconds": number(MOST_SECONDS)}
    st.markdown(t("Consulta de sólo lectura sobre la edición: hasta {rows} filas y {seconds} segundos.", **limits))
    with st.form("sql_form"):
        sql = st.text_area(t("Consulta SQL"), value=st.query_params.get("sql", EXAMPLE), height=180, key="sql_text")
        if st.form_submit_button(t("Consultar"), icon=":material/play_arrow:"):
            st.query_params["sql"] = sql
    if "sql" in st.query_params:
        try:
            _rows(data.query(edition.id, st.query_params["sql"]), edition)
        except ConsoleError as error:
            st.error(plain(str(error)), icon=":material/error:")
    with st.expander(t("Tablas y columnas")):
        for one in data.console_tables(edition.id):
            st.markdown(f"**{plain(one.name)}** — {plain(one.description)}")
            st.table({t("Columna"): list(one.columns), t("Qué es"): [plain(text) for text in one.columns.values()]})


def _rows(found: Found, edition: Edition) -> None:
    said = {"rows": number(len(found.rows)), "seconds": number(found.seconds, 2), "edition": edition.id}
    st.caption(t("{rows} filas en {seconds} segundos. Edición {edition}.", **said))
    if found.is_cut:
        st.warning(t("Hay más filas: se muestran las primeras {rows}.", **said), icon=":material/content_cut:")
    st.dataframe(pd.DataFrame(found.rows, columns=list(found.columns)), hide_index=True)
