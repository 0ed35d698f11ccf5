"""Under each chart and figure: its data, its files, its links, its citation and the SQL behind it."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from editions import current
from editions.edition import Edition
from indicators import files
from indicators.engine.result import Answer, Statement
from indicators.narrative.sentences import where
from indicators.published import PublishedFact
from indicators.question.question import Question
from indicators.receipts.receipt import as_json, receipt, several_as_json
from ui import address, data
from ui.address import PRODUCT
from ui.charts.chart import DEMO_MARK, Chart
from ui.charts.tables import answers_of, details, drawn, facts_of, linked, read_out, unit_of
from ui.data import fragment
from ui.text import plain
from ui.widgets import view
from words.formats import printed_on
from words.language import language, speaking, t

# -- Words and code to quote a chart elsewhere: a citation, a frame that stays live, a picture that stays as
# it is.


@dataclass(frozen=True)
class Stamp:
    """What a picture or a citation says besides the caption: filters, edition, day, and the address it came from."""

    filters: str
    edition: str
    day: str
    link: str


def stamp(chart: Chart, edition_id: str, link: str, today: date) -> Stamp:
    """Return the stamp of a chart looked at today. Published figures are of no edition."""
    return Stamp(filters(chart), edition_id if answers_of(chart) else "", printed_on(today.isoformat()), link)


def filters(chart: Chart) -> str:
    """Return what of the exports a chart shows: place, scope and months, and the question itself."""
    answers = answers_of(chart)
    if answers:
        first = answers[0]
        return f"{where(first)}; {first.scope_label}; {first.window_label} ({first.question})"
    facts = facts_of(chart)
    spans = dict.fromkeys(fact.period.label for fact in facts)
    return "; ".join(filter(None, (chart.caption.place, *dict.fromkeys(fact.scope_label for fact in facts), *spans)))


def references(chart: Chart) -> list[str]:
    """Return where the figures come from: of published ones each document, with its date and address."""
    facts = facts_of(chart)
    if not facts:
        return [chart.caption.source]
    return list(dict.fromkeys(_reference(fact) for fact in facts))


def _reference(fact: PublishedFact) -> str:
    document = (fact.note or "").partition(":")[0] if fact.adds_records else None  # names the file that was added up
    return ", ".join(filter(None, (fact.publisher, document, printed_on(fact.published_on), *fact.source_urls)))


def citation(chart: Chart, stamp: Stamp, today: date) -> str:
    """Return a citation in the manner of APA; one of demo figures says that they must not be quoted."""
    edition = t("Edición {edition}, datos", edition=stamp.edition) if stamp.edition else t("Datos")
    text = t(
        "{product}. ({year}). {title} [Gráfico]. {data} de {source}. Consultado el {day} en {link}",
        product=PRODUCT,
        year=today.year,
        title=chart.caption.title.rstrip("."),
        data=edition,
        source="; ".join(references(chart)).rstrip("."),
        day=stamp.day,
        link=stamp.link,
    )
    return f"{text} ({t(DEMO_MARK)})" if chart.caption.is_demo else text


def frame(address: str, title: str) -> str:
    """Return the HTML of a frame that shows the live page inside another one."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="800" '
        'style="border:0" loading="lazy"></iframe>'
    )


def frozen(chart: Chart, picture: bytes, words: str, link: str) -> str:
    """Return the HTML of a picture that needs no server: the SVG inside, its citation and its link below.

    A browser runs no script of an SVG that is shown as an image.
    """
    source = f"data:image/svg+xml;base64,{base64.b64encode(picture).decode()}"
    return (
        '<figure style="margin:0;max-width:960px">'
        f'<img src="{source}" alt="{escape(chart.alternative)}" style="width:100%;height:auto">'
        f'<figcaption>{escape(words)} <a href="{escape(link)}">{escape(t("Ver los datos"))}</a></figcaption>'
        "</figure>\n"
    )


# -- The files of a chart, each made when it is asked for: what is drawn, or all the detail behind it.


@dataclass(frozen=True)
class Kind:
    """A kind of file: what its button says, how its name ends, its type, and what makes it."""

    label: str
    suffix: str
    mime: str
    make: Callable[["ChartCopy"], str | bytes]


@dataclass(frozen=True)
class ChartCopy:
    """A chart as somebody looks at it: in an edition, at an address, on a day."""

    chart: Chart
    edition: Edition
    stamp: Stamp
    today: date

    @property
    def name_parts(self) -> tuple[str | Question, ...]:
        """What tells its files from those of other figures: question and edition, or the place of published figures."""
        answers = answers_of(self.chart)
        if not answers:
            return self.chart.name, self.chart.caption.place, facts_of(self.chart)[0].period.label
        return self.chart.name, answers[0].question, self.edition.id

    def file(self, kind: Kind) -> bytes:
        """Return a file about the chart."""
        content = kind.make(self)
        return content.encode() if isinstance(content, str) else content


def _csv(copy: ChartCopy) -> str:
    return files.as_csv(linked(drawn(copy.chart), copy.stamp.link))


def _xlsx(copy: ChartCopy) -> bytes:
    table = linked(drawn(copy.chart), copy.stamp.link)
    return files.as_xlsx(table, details=details(copy.chart))


def _text(copy: ChartCopy) -> str:
    return files.as_text(linked(read_out(copy.chart), copy.stamp.link))


def _detail_csv(copy: ChartCopy) -> str:
    return files.as_csv(linked(details(copy.chart), copy.stamp.link))


def _detail_parquet(copy: ChartCopy) -> bytes:
    return files.as_parquet(linked(details(copy.chart), copy.stamp.link))


def _png(copy: ChartCopy) -> bytes:
    from ui.charts import pictures  # not sooner: matplotlib takes half a second to load

    return pictures.png(copy.chart, copy.stamp)


def _svg(copy: ChartCopy) -> bytes:
    from ui.charts import pictures

    return pictures.svg(copy.chart, copy.stamp)


def _frozen(copy: ChartCopy) -> str:
    words = citation(copy.chart, copy.stamp, copy.today)
    return frozen(copy.chart, _svg(copy), words, copy.stamp.link)


def _receipt(copy: ChartCopy) -> str:
    """Return what is drawn with the receipts of the answers behind it (or the published facts themselves).

    A chart of one answer gives that answer's receipt, which `pulso recompute` reads.
    """
    chart = copy.chart
    marks = [{"label": label, "value": value} for label, value in chart.shape.marks()]
    own: dict[str, Any] = {"name": chart.name, "title": chart.caption.title, "unit": unit_of(chart), "drawn": marks}
    own["link"] = copy.stamp.link
    receipts = [receipt(copy.edition, answer) for answer in answers_of(chart)]
    if len(receipts) == 1:
        return as_json({**receipts[0], "chart": own})
    if receipts:
        return several_as_json(receipts, chart=own)
    facts = [asdict(fact) for fact in chart.made_of]
    content = {"chart": own, "published": facts}
    return json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n"


DRAWN = (
    Kind("PNG", "png", "image/png", _png),
    Kind("SVG", "svg", "image/svg+xml", _svg),
    Kind("CSV", "csv", "text/csv; charset=utf-8", _csv),
    Kind("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    Kind("Texto", "txt", "text/plain; charset=utf-8", _text),
)
DETAIL = (
    Kind("CSV con todo", "detalle.csv", "text/csv; charset=utf-8", _detail_csv),
    Kind("Parquet", "parquet", "application/vnd.apache.parquet", _detail_parquet),
    Kind("Recibo JSON", "json", "application/json", _receipt),
)
FROZEN = Kind("Imagen para incrustar (HTML)", "html", "text/html; charset=utf-8", _frozen)
BY_SUFFIX: Mapping[str, Kind] = {kind.suffix: kind for kind in (*DRAWN, *DETAIL, FROZEN)}


# -- Under each chart and figure: its data, its files, its links, its citation and the SQL behind it.

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
    copy = _copy_of(chart)
    st.caption(t("Lo dibujado"))
    _buttons(DRAWN, copy)
    st.caption(t("Todo el detalle, y cómo se calculó"))
    _buttons(DETAIL, copy)
    parts: dict[str, Callable[[ChartCopy], None]] = {t("Tabla"): _table, t("Enlaces"): _links, t("Citar"): _citation}
    if answers_of(chart):
        parts["SQL"] = _sql
    part = st.segmented_control(
        t("Ver"), list(parts), default=t("Tabla"), key=f"part_{chart.name}", label_visibility="collapsed"
    )
    parts.get(part or "", _table)(copy)


def _copy_of(chart: Chart) -> ChartCopy:
    answers = answers_of(chart)
    edition = data.edition(answers[0].edition_id if answers else st.query_params.get("edition") or current.current_id())
    today, link = date.today(), address.pinned(edition.id) if answers else address.live()
    return ChartCopy(chart, edition, stamp(chart, edition.id, link, today), today)


def _buttons(kinds: tuple[Kind, ...], copy: ChartCopy) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        for kind in kinds:
            _button(kind, copy)


def _button(kind: Kind, copy: ChartCopy) -> None:
    name = files.file_name(str(st.session_state.get("page", "")), *copy.name_parts, suffix=kind.suffix)
    reader_language = language()

    def make() -> bytes:
        with speaking(reader_language):  # the file is made later, outside of the reader's script
            return copy.file(kind)

    st.download_button(t(kind.label), make, name, kind.mime, key=f"{kind.suffix}_{copy.chart.name}", on_click="ignore")


def _table(copy: ChartCopy) -> None:
    """Show what is drawn as a table that a screen reader can walk through."""
    table = read_out(copy.chart)
    rows = table.rows[:TABLE_ROWS]
    heads = [t(column.title) for column in table.columns]
    cells = {head: [plain(str(row[current])) for row in rows] for current, head in enumerate(heads)}
    st.table(cells, border="horizontal", alt=copy.chart.alternative)
    if len(table.rows) > len(rows):
        st.caption(
            t("Las primeras {n} filas de {total}; el resto, en los archivos.", n=len(rows), total=len(table.rows))
        )


def _links(copy: ChartCopy) -> None:
    """Show the addresses of the view and the code that puts it inside another page."""
    _copied(t("Enlace vivo: muestra siempre la edición vigente"), address.live())
    answers = answers_of(copy.chart)
    if answers:
        _copied(t("Enlace fijo: muestra siempre esta edición"), copy.stamp.link)
        view.tell_figure(answers[0])
    _copied(t("Código para incrustar la página, viva"), frame(address.embedded(), copy.chart.caption.title))
    _button(FROZEN, copy)


def _citation(copy: ChartCopy) -> None:
    _copied(t("Cita lista para copiar"), citation(copy.chart, copy.stamp, copy.today))


def _sql(copy: ChartCopy) -> None:
    """Show what was asked of the edition, with the values that were put in."""
    for answer in answers_of(copy.chart):
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
            content = as_json(receipt(edition, answer))
            st.download_button(
                t("Recibo JSON"),
                content,
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
        view.tell_figure(answer)
