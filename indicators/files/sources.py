"""What goes into a file about answers or published facts: every part of them, and what they mean."""

from collections.abc import Sequence

from indicators.engine.result import Answer, Row
from indicators.files.table import MONTH, Cell, Column, Note, Table
from indicators.published import PublishedFact
from indicators.question.scope import CONCEPTS
from words.language import t


def answers_table(answers: Sequence[Answer]) -> Table:
    """Return the rows (or the one value) of one or more answers; of several, each row says its question."""
    several = len(answers) > 1
    columns = (*(SEVERAL if several else ()), *_answer_columns(answers))
    rows = tuple(
        ((str(answer.question),) if several else ()) + _cells(row, answer.unit)
        for answer in answers
        for row in answer.rows or (single(answer),)
    )
    marks = dict.fromkeys(flag.text for answer in answers for flag in answer.flags)
    notes = dict.fromkeys(note for answer in answers for note in answer_notes(answer))
    return Table(columns, rows, tuple(notes), tuple(marks))


def answer_notes(answer: Answer) -> tuple[Note, ...]:
    """Return what an answer is about, what it means and where it comes from."""
    spec = answer.question.spec
    base = (Note("base", "Se compara con", answer.base_label),) if answer.base_label else ()
    caveat = (Note("salvedad", "Salvedad", spec.caveat),) if spec.caveat else ()
    return (
        Note("pregunta", "Pregunta", str(answer.question)),
        Note("dato", "Dato", f"{answer.label} ({answer.unit}); {answer.window_label}; {answer.region_label}"),
        Note("alcance", "Alcance", answer.scope_label),
        *base,
        Note("definicion", "Definición", answer.definition),
        *caveat,
        Note("region_segun", "Región según", t(CONCEPTS[answer.question.concept].definition)),
        Note("fuente", "Fuente", answer.source_note.removeprefix(t("Fuente: "))),
        Note("edicion", "Edición", f"{answer.edition_id} ({t(answer.badge)})"),
        *(Note("motivo", "Motivo", reason.text) for reason in answer.reasons),
    )


SEVERAL = (Column("question", "Pregunta"),)


def _answer_columns(answers: Sequence[Answer]) -> tuple[Column, ...]:
    units = {row.unit or answer.unit for answer in answers for row in answer.rows or (single(answer),)}
    unit = units.pop() if len(units) == 1 else "number"  # of several, each row says its own
    return (
        Column("key", "Código", MONTH if any(answer.question.split == "month" for answer in answers) else None),
        Column("label", "Nombre"),
        Column("value", "Valor", unit),
        Column("base", "Base", unit),
        Column("change", "Cambio", unit),
        Column("growth", "Variación", "fraction"),
        Column("share", "Participación", "fraction"),
        Column("contribution", "Contribución", "points"),
        Column("unit", "Unidad"),
        Column("reasons", "Motivos"),
    )


def _cells(row: Row, unit: str) -> tuple[Cell, ...]:
    codes = " ".join(reason.code for reason in row.reasons)
    numbers = (row.value, row.base, row.change, row.growth, row.share, row.contribution)
    return (row.key, row.label, *numbers, row.unit or unit, codes)


def single(answer: Answer) -> Row:
    """Return an answer that was not split as a row of its own."""
    return Row(
        key="total",
        label=answer.region_label,
        value=answer.value,
        base=answer.base,
        change=answer.change,
        growth=answer.growth,
        share=answer.share,
        contribution=None,
        reasons=answer.reasons,
    )


FACT_COLUMNS = (
    Column("metric", "Medida"),
    Column("subject", "Parte"),
    Column("scope", "Alcance"),
    Column("region", "Región"),
    Column("first_day", "Desde"),
    Column("last_day", "Hasta"),
    Column("value", "Valor", "number"),
    Column("unit", "Unidad"),
    Column("printed", "Como se publicó"),
    Column("publisher", "Publicado por"),
    Column("published_on", "Publicado el"),
    Column("url", "Dirección"),
    Column("figure_ids", "Identificadores"),
    Column("remark", "Observación"),
)


def facts_table(facts: Sequence[PublishedFact]) -> Table:
    """Return published facts, each with who published it, when and where: the same in every edition."""
    publishers = dict.fromkeys(fact.publisher for fact in facts)
    notes = (
        Note("dato", "Dato", t("Cifras publicadas; cada fila dice quién la publicó, cuándo y dónde")),
        Note("periodo", "Período", "; ".join(dict.fromkeys(fact.period.label for fact in facts))),
        Note("fuente", "Fuente", ", ".join(publishers)),
    )
    return Table(FACT_COLUMNS, tuple(map(_fact_cells, facts)), notes)


def _fact_cells(fact: PublishedFact) -> tuple[Cell, ...]:
    said = (t(fact.badge) if fact.is_derived else None, fact.derivation, fact.note)
    remarks = "; ".join(dict.fromkeys(filter(None, said)))  # a sum of records is both badge and derivation
    return (
        fact.metric_label,
        fact.subject,
        fact.scope_label,
        fact.region,
        fact.period.start,
        fact.period.end,
        fact.value,
        fact.unit,
        fact.value_text,
        fact.publisher,
        fact.published_on,
        " ".join(fact.source_urls),
        " ".join((*fact.figure_ids, *fact.inputs)),
        remarks,
    )
