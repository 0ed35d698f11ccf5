"""The SQL console: a query is written or comes in the address, runs when the reader asks, and gives rows and files."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from editions.edition import Edition
from indicators import files
from indicators.console import queries
from indicators.console.queries import ConsoleError
from ui import data
from ui.blocks import blocks
from ui.blocks.chart_menu import BY_SUFFIX
from ui.text import plain
from ui.widgets import filters
from words.formats import number
from words.language import language, speaking, t

EXAMPLE = """SELECT month, sum(fob_usd) AS fob_usd
FROM mart_export_by_month
WHERE region_code = '08' AND segment = 'goods'
GROUP BY month
ORDER BY month"""
MAKERS: dict[str, Callable[[files.Table], str | bytes]] = {
    "csv": files.as_csv,
    "xlsx": files.as_xlsx,
    "parquet": files.as_parquet,
}


@dataclass(frozen=True)
class Outcome:
    """What the reader's last query gave: its rows, or why it has none."""

    edition_id: str
    language: str
    sql: str
    result: queries.Result | ConsoleError


def show(edition: Edition) -> None:
    """Show where to write SQL, what the last query gave, and the tables that can be read."""
    if not queries.is_offered():
        filters.stop(t(queries.NOT_OFFERED))
    blocks.edition_band(edition)
    _say_limits()
    sql, is_asked = _form()
    if is_asked:
        st.query_params["sql"] = st.session_state["sql_address"] = sql
        st.session_state["sql_outcome"] = _outcome(edition, sql)
    outcome = st.session_state.get("sql_outcome")
    if outcome and (outcome.edition_id, outcome.language, outcome.sql) == (edition.id, language(), sql):
        _tell(outcome, edition)
    elif "sql" in st.query_params:
        st.info(t("La consulta vino en el enlace: léala, y pulse «Consultar» para que corra."))
    with st.expander(t("Tablas y columnas")):
        for table in data.console_tables(edition.id):
            st.markdown(f"**{plain(table.name)}** — {plain(table.description)}")
            st.table({t("Columna"): list(table.columns), t("Qué es"): [plain(text) for text in table.columns.values()]})


def _say_limits() -> None:
    limits = queries.LIMITS
    st.markdown(
        t(
            "Consulta de sólo lectura sobre la edición: hasta {rows} filas, {size} MB y {seconds} segundos.",
            rows=number(limits.rows),
            size=number(limits.size / 1e6),
            seconds=number(limits.seconds),
        )
    )


def _form() -> tuple[str, bool]:
    """Show the query, that of the address when a new one comes; return it and whether the reader asks to run it."""
    query = st.query_params.get("sql", EXAMPLE)
    if "sql_text" not in st.session_state or st.session_state.get("sql_address") != query:
        st.session_state["sql_text"] = st.session_state["sql_address"] = query
    with st.form("sql_form"):
        sql = st.text_area(t("Consulta SQL"), height=180, key="sql_text")
        return sql, st.form_submit_button(t("Consultar"), icon=":material/play_arrow:")


def _outcome(edition: Edition, sql: str) -> Outcome:
    """Run the query; a word stands on the page while it waits for its turn."""
    word = st.empty()

    def tell(position: int) -> None:
        word.info(
            t("Otras consultas están corriendo; la suya es la número {n} de la fila.", n=number(position)),
            icon=":material/hourglass_top:",
        )

    try:
        result: queries.Result | ConsoleError = data.query(edition.id, sql, tell)
    except ConsoleError as error:
        result = error
    word.empty()
    return Outcome(edition.id, language(), sql, result)


def _tell(outcome: Outcome, edition: Edition) -> None:
    result = outcome.result
    if isinstance(result, queries.Result):
        _rows(result, edition)
        with st.container(horizontal=True, gap="xsmall"):
            for suffix in MAKERS:
                _download(suffix, queries.as_table(edition, outcome.sql, result), edition)
        return
    st.error(plain(str(result)), icon=":material/error:")
    if result.excerpt:
        st.code(result.excerpt, language="sql")


def _rows(result: queries.Result, edition: Edition) -> None:
    for mark in queries.marks(edition):
        st.badge(mark, icon=":material/warning:", color="orange")
    words = {"rows": number(len(result.rows)), "seconds": number(result.seconds, 2)}
    if result.is_cut:
        st.warning(t("Hay más filas: se dan las primeras {rows}.", **words), icon=":material/content_cut:")
    st.dataframe(
        pd.DataFrame(result.rows, columns=list(result.columns), dtype=object), hide_index=True, placeholder="NULL"
    )
    source = t("Fuente: {source}. Edición {edition}.", source=queries.source_note(edition), edition=edition.id)
    st.caption(plain(f"{source} {t('{rows} filas en {seconds} segundos.', **words)}"))


def _download(suffix: str, table: files.Table, edition: Edition) -> None:
    kind, reader_language = BY_SUFFIX[suffix], language()

    def make() -> bytes:
        with speaking(reader_language):  # the file is made later, outside of the reader's script
            content = MAKERS[suffix](table)
        return content.encode() if isinstance(content, str) else content

    name = files.file_name("sql", edition.id, suffix=suffix)
    st.download_button(t(kind.label), make, name, kind.mime, key=f"sql_{suffix}", on_click="ignore")
