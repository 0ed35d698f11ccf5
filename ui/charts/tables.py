"""What a chart draws, as a table; and all that its sources hold, as another. Files and screen are made from these."""

from dataclasses import replace

from indicators import files
from indicators.engine.result import Answer
from indicators.files import Column, Note, Table
from indicators.files.table import shown
from indicators.published import PublishedFact
from ui.charts.chart import Chart
from words.language import t

UNITS = {  # unit → how a note names it
    "usd": "US$ corrientes",
    "fraction": "fracción (0,12 es 12 %)",
    "points": "fracción (0,12 es 12 puntos porcentuales)",
    "pp": "puntos porcentuales",
    "firms": "empresas",
    "companies": "empresas",
    "products": "productos",
    "countries": "destinos",
    "tonnes": "toneladas",
    "index": "índice",
}


def answers_of(chart: Chart) -> tuple[Answer, ...]:
    """Return the answers that a chart is made of; none when it shows published facts."""
    return tuple(source for source in chart.made_of if isinstance(source, Answer))


def facts_of(chart: Chart) -> tuple[PublishedFact, ...]:
    """Return the published facts that a chart shows; none when it is made of answers."""
    return tuple(source for source in chart.made_of if not isinstance(source, Answer))


def unit_of(chart: Chart) -> str:
    """Return the unit of the marks: the one said, else that of the first source."""
    return chart.unit or chart.made_of[0].unit


def drawn(chart: Chart) -> Table:
    """Return exactly what is drawn, mark by mark, with title and notes."""
    unit = unit_of(chart)
    columns = (Column("label", "Dato"), Column("value", "Valor", unit))
    sources = details(chart)
    own = (
        Note("titulo", "Título", chart.caption.title),
        Note("medida", "Medida", chart.caption.measure),
        Note("unidad", "Unidad", t(UNITS.get(unit, unit))),
    )
    return Table(columns, tuple(chart.shape.marks()), (*own, *sources.notes), sources.marks)


def details(chart: Chart) -> Table:
    """Return all that the sources of a chart hold, drawn or not."""
    answers = answers_of(chart)
    if answers:
        return files.answers_table(answers)
    return files.facts_table(facts_of(chart))


def linked(table: Table, link: str) -> Table:
    """Return the table with the address of what it shows among its notes."""
    return replace(table, notes=(*table.notes, Note("enlace", "Enlace", link)))


def read_out(chart: Chart) -> Table:
    """Return what is drawn in words: the same marks, each figure as people read it."""
    table = drawn(chart)
    texts = value_texts(chart)
    rows = tuple((row[0], text) for row, text in zip(table.rows, texts, strict=True))
    return replace(table, columns=(table.columns[0], Column("value", "Valor")), rows=rows)


def value_texts(chart: Chart) -> list[str]:
    """Return the figure of each mark as people read it; a published one as it was printed."""
    texts: dict[tuple[str | None, float | None], str] = {
        (fact.subject, fact.value): fact.value_text for fact in facts_of(chart)
    }
    unit = unit_of(chart)
    return [texts.get((label, value)) or shown(value, unit) for label, value in chart.shape.marks()]
