"""Under each chart and figure: its data, its files, its links, its citation and the SQL behind it.

Nothing of it is made before the reader opens it, and no file before it is asked for.
"""

from collections.abc import Callable
from datetime import date

import streamlit as st

from indicators import files
from indicators.language import language, speaking, t
from indicators.receipt import as_json, receipt
from indicators.result import Answer, Statement
from ui import address, data, pinned, place, quoting
from ui.chart_files import DETAIL, DRAWN, FROZEN, Kind, Shown
from ui.chart_tables import answers_of, read_out
from ui.charts import Chart
from ui.spoken import fragment
from ui.text import plain

TABLE_ROWS = 400


@fragment
def under(chart: Chart) -> None:
    """Show the closed menu of a chart; what it holds is made when it is opened."""
    menu = st.popover(
        t("Datos y descargas"),
        icon=":material/download:",
        type="tertiary",
        key=f"menu_{chart.name}",
        on_change="rerun",
    )
    if menu.open:
        with menu:
            _open(chart)


def _open(chart: Chart) -> None:
    shown = _shown(chart)
    st.caption(t("Lo dibujado"))
    _buttons(DRAWN, shown)
    st.caption(t("Todo el detalle, y cómo se calculó"))
    _buttons(DETAIL, shown)
    parts: dict[str, Callable[[Shown], None]] = {t("Tabla"): _table, t("Enlaces"): _links, t("Citar"): _citation}
    if answers_of(chart):
        parts["SQL"] = _sql
    chosen = st.segmented_control(
        t("Ver"), list(parts), default=t("Tabla"), key=f"part_{chart.name}", label_visibility="collapsed"
    )
    parts.get(chosen or "", _table)(shown)


def _shown(chart: Chart) -> Shown:
    answers = answers_of(chart)
    edition = data.edition(answers[0].edition_id if answers else st.query_params.get("edition") or place.current_id())
    today, link = date.today(), address.pinned(edition.id) if answers else address.live()
    return Shown(chart, edition, quoting.stamp(chart, edition.id, link, today), today)


def _buttons(kinds: tuple[Kind, ...], shown: Shown) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        for kind in kinds:
            _button(kind, shown)


def _button(kind: Kind, shown: Shown) -> None:
    name = files.file_name(str(st.session_state.get("page", "")), *shown.name_parts, suffix=kind.suffix)
    spoken = language()

    def make() -> bytes:
        with speaking(spoken):  # the file is made later, outside of the reader's script
            return shown.file(kind)

    st.download_button(t(kind.label), make, name, kind.mime, key=f"{kind.suffix}_{shown.chart.name}", on_click="ignore")


def _table(shown: Shown) -> None:
    """Show what is drawn as a table that a screen reader can walk through."""
    table = read_out(shown.chart)
    rows = table.rows[:TABLE_ROWS]
    heads = [t(column.title) for column in table.columns]
    cells = {head: [plain(str(row[place])) for row in rows] for place, head in enumerate(heads)}
    st.table(cells, border="horizontal", alt=shown.chart.alternative)
    if len(table.rows) > len(rows):
        st.caption(
            t("Las primeras {n} filas de {total}; el resto, en los archivos.", n=len(rows), total=len(table.rows))
        )


def _links(shown: Shown) -> None:
    """Show the addresses of the view and the code that puts it inside another page."""
    _copied(t("Enlace vivo: muestra siempre la edición vigente"), address.live())
    answers = answers_of(shown.chart)
    if answers:
        _copied(t("Enlace fijo: muestra siempre esta edición"), shown.stamp.link)
        pinned.tell_figure(answers[0])
    _copied(t("Código para incrustar la página, viva"), quoting.frame(address.embedded(), shown.chart.caption.title))
    _button(FROZEN, shown)


def _citation(shown: Shown) -> None:
    _copied(t("Cita lista para copiar"), quoting.citation(shown.chart, shown.stamp, shown.today))


def _sql(shown: Shown) -> None:
    """Show what was asked of the edition, with the values that were put in."""
    for answer in answers_of(shown.chart):
        st.caption(plain(str(answer.question)))
        for statement in answer.statements:
            st.code(_readable(statement), language=None, wrap_lines=True)


def _readable(statement: Statement) -> str:
    values = "\n".join(f"-- ${name} = {value}" for name, value in statement.params.items())
    return f"{statement.sql.strip()}\n{values}".strip()


def _copied(title: str, text: str) -> None:
    st.caption(title)
    st.code(text, language=None, wrap_lines=True)


@fragment
def of_answer(answer: Answer, label: str) -> None:
    """Show the closed menu of one figure: its receipt, its row, its link."""
    key = f"{label}_{answer.question}"
    menu = st.popover(
        t("Recibo"), icon=":material/receipt_long:", type="tertiary", key=f"menu_{key}", on_change="rerun"
    )
    if not menu.open:
        return
    edition = data.edition(answer.edition_id)
    name = (str(st.session_state.get("page", "")), label, answer.question, edition.id)
    with menu:
        with st.container(horizontal=True, gap="xsmall"):
            made = as_json(receipt(edition, answer))
            st.download_button(
                t("Recibo JSON"),
                made,
                files.file_name(*name, suffix="json"),
                "application/json",
                key=f"json_{key}",
                on_click="ignore",
            )
            row = files.as_csv(files.answers_table([answer]))
            st.download_button(
                "CSV", row, files.file_name(*name, suffix="csv"), "text/csv", key=f"csv_{key}", on_click="ignore"
            )
        _copied(t("Pregunta"), str(answer.question))
        _copied(t("Enlace fijo: muestra siempre esta edición"), address.pinned(edition.id))
        pinned.tell_figure(answer)
