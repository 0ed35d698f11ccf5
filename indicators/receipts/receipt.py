"""A receipt: all that is needed to believe one figure and to compute it again. It holds facts, never instructions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from editions.edition import Edition, current_edition_id, open_edition
from editions.errors import EditionMissing, IndicatorError
from indicators.engine import result
from indicators.engine.answer import answer
from indicators.engine.result import CUT_SHORT, Answer, Reason
from indicators.question.calendar import Window, add_months
from indicators.question.question import Question
from indicators.question.scope import CONCEPTS, PUBLISHED, REAL_SOURCES
from words.formats import listing, number
from words.language import LANGUAGES, SPANISH, language, speaking, t

# -- A receipt: all that is needed to believe one figure and to compute it again. It holds facts, never
# instructions.

FORMAT = 1
DATED_FILES = """SELECT source_id, name, address, retrieved_on, sha256, size_bytes, first_month, last_month
FROM meta_source WHERE first_month IS NOT NULL AND last_month IS NOT NULL ORDER BY first_month, name, sha256"""
LARGEST_BYTES = 20_000_000
LONGEST_TEXT = 2_000  # of a question or an edition id: far more than any real one

Receipt = dict[str, Any]


class ReceiptError(IndicatorError):
    """The file is no receipt, or a damaged one."""


def _written(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a receipt")


AS_WRITTEN: Mapping[str, Any] = {"ensure_ascii": False, "allow_nan": False, "default": _written}


def receipt(edition: Edition, answer: Answer) -> Receipt:
    """Return the receipt of an answer: question, figure, what it means, how and from which files it was made."""
    return {
        "receipt": FORMAT,
        "question": str(answer.question),
        "language": language(),
        "demo": t(result.DEMO.text) if edition.is_demo and answer.question.source not in REAL_SOURCES else None,
        "answer": _figure(answer),
        "reasons": _listed(answer.reasons),
        # its question has the months shown written out, so they are no longer less than what was asked
        "flags": _listed(flag for flag in answer.flags if flag.code != CUT_SHORT),
        "sizing": answer.sizing,
        "metric": _definition(answer),
        "rows_read": answer.n_items,
        "statements": [{"sql": one.sql, "params": dict(one.params)} for one in answer.statements],
        "sources": source_files(edition, answer),
        "edition": {
            "id": edition.id,
            "kind": edition.kind,
            "label": t(edition.label),
            "extract": edition.extract,
            "built_at": edition.built_at,
            "code_version": edition.code_version,
        },
    }


def as_json(made: Receipt) -> str:
    """Return a receipt as it is written to a file: same figure, same bytes; each row of a split on a line."""
    encode = json.JSONEncoder(**AS_WRITTEN).encode
    rows = [encode(row) for row in made["answer"]["rows"]]
    whole = json.dumps(made | {"answer": {**made["answer"], "rows": []}}, indent=2, **AS_WRITTEN)
    if not rows:
        return whole + "\n"
    # No text holds this unescaped: quotes within one have a backslash.
    return whole.replace('"rows": []', '"rows": [\n      ' + ",\n      ".join(rows) + "\n    ]", 1) + "\n"


def several_as_json(made: Sequence[Receipt], **more: Any) -> str:
    """Return the receipts of one chart made of several answers, and what else is to be said of it."""
    return json.dumps({"receipts": list(made), **more}, indent=2, **AS_WRITTEN) + "\n"


def read_receipt(path: Path) -> Receipt:
    """Return the receipt in a file. Raises ReceiptError, in one sentence, when it is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        said = t("No se puede leer el recibo {file}: {why}.", file=path.name, why=error.strerror)
        raise ReceiptError(said) from error
    if len(raw) > LARGEST_BYTES:
        most = LARGEST_BYTES // 1_000_000
        raise ReceiptError(t("{file} pasa de {most} MB: no es un recibo.", file=path.name, most=most))
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ReceiptError(t("{file} no es un recibo: no es JSON bien formado.", file=path.name)) from error
    if not isinstance(found, dict) or found.get("receipt") != FORMAT:
        said = "{file} no es un recibo de formato {format}; se hacen con «receipt PREGUNTA»."
        raise ReceiptError(t(said, file=path.name, format=FORMAT))
    _check_parts(found)
    return found


def _check_parts(found: Receipt) -> None:
    """Refuse a receipt without what it is answered again by. One without language is of before there was another."""
    edition = found.get("edition")
    if not _is_plain(found.get("question")):
        raise ReceiptError(t("El recibo está dañado: la pregunta falta o no es un texto legible."))
    if not _is_plain(edition.get("id") if isinstance(edition, dict) else None):
        raise ReceiptError(t("El recibo está dañado: la edición falta o no es un texto legible."))
    if found.get("language", SPANISH) not in LANGUAGES:
        known = listing(LANGUAGES, conjunction="o")
        raise ReceiptError(t("El recibo está dañado: su idioma debe ser {known}.", known=known))


def source_files(edition: Edition, answer: Answer) -> list[dict[str, Any]]:
    """Return the raw files that hold months of the window or of the base, each with its hash; or the rows quoted."""
    if answer.question.source == PUBLISHED:
        return [asdict(one) for one in answer.citations]
    source, spans = answer.question.source, [one for one in (answer.window, answer.base_window) if one is not None]
    return [
        {**file, "name": PurePosixPath(file["name"]).name}
        for file in edition.constant(DATED_FILES)
        if file["source_id"] == source
        and any(file["first_month"] <= span.last and file["last_month"] >= span.first for span in spans)
    ]


def months_read(answer: Answer) -> tuple[date, ...]:
    """Return every month of the window and of the base, in order."""
    windows: Iterable[Window | None] = (answer.base_window, answer.window)
    return tuple(sorted({month for window in windows if window is not None for month in window.months}))


def _figure(answer: Answer) -> Mapping[str, Any]:
    return {
        "label": answer.label,
        "value": answer.value,
        "unit": answer.unit,
        "base": answer.base,
        "change": answer.change,
        "growth": answer.growth,
        "share": answer.share,
        "share_base": answer.share_base,
        "share_of": answer.share_of,
        "window": _span(answer.window),
        "base_window": _span(answer.base_window),
        "window_label": answer.window_label,
        "base_label": answer.base_label,
        "region_label": answer.region_label,
        "scope_label": answer.scope_label,
        "badge": answer.badge,
        "publisher": answer.publisher,
        "published_on": answer.published_on,
        "coverage": None if answer.coverage is None else vars(answer.coverage),
        "rows": [vars(row) | {"reasons": _listed(row.reasons)} for row in answer.rows],
    }


def _definition(answer: Answer) -> Mapping[str, Any]:
    spec = answer.question.spec
    return {
        "id": spec.id,
        "label": t(spec.label),
        "definition": answer.definition,
        "formula": t(spec.formula),
        "caveat": spec.caveat,
        "region_concept": t(CONCEPTS[answer.question.concept].definition),
    }


def _span(window: Window | None) -> Mapping[str, date] | None:
    """The first and the last day, both included."""
    if window is None:
        return None
    return {"first": window.first, "last": date.fromordinal(add_months(window.last, 1).toordinal() - 1)}


def _listed(found: Iterable[Reason]) -> list[Mapping[str, str]]:
    return [{"code": reason.code, "text": reason.text} for reason in found]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and value.isprintable()


def _refuse(constant: str) -> None:
    raise ValueError(constant)


# -- Answers the question of a receipt again and says what is not the same. Of a receipt only the question is
# used.

SAME, DIFFERENT, CANNOT = 0, 1, 2
SHOWN = 80  # characters of a value that is no number
MOST_DIGITS = 20  # beyond them a number is shown as it came: no figure is so large or so small
Place = tuple[str, ...]
COMPARED: Mapping[Place, str] = {  # part of the receipt → what it is called
    ("answer", "value"): "valor",
    ("answer", "base"): "base",
    ("answer", "change"): "cambio",
    ("answer", "growth"): "variación",
    ("answer", "share"): "participación",
    ("answer", "share_base"): "participación en la base",
    ("answer", "unit"): "unidad",
    ("answer", "window"): "ventana",
    ("answer", "base_window"): "ventana de la base",
    ("answer", "rows"): "desglose",
    ("answer", "coverage"): "cobertura",
    ("reasons",): "motivos",
    ("flags",): "avisos",
    ("sizing",): "de dónde viene el tamaño",
    ("metric",): "definición",
    ("rows_read",): "registros leídos",
    ("statements",): "SQL",
    ("sources",): "archivos de origen",
    ("edition", "code_version"): "versión del código",
    ("demo",): "marca de demostración",
}


@dataclass(frozen=True)
class Recomputed:
    """What to tell, and the exit code: 0 all the same, 1 something differs, 2 it could not be answered."""

    text: str
    exit_code: int


def recompute(data: Path, path: Path) -> Recomputed:
    """Answer the question of a receipt in its own edition and in the current one, and compare.

    The answer is in the language of the receipt, what is told of it in the language in force.
    """
    try:
        kept = read_receipt(path)
        question = Question.parse(kept["question"])
    except IndicatorError as error:
        return Recomputed(f"{error}\n", CANNOT)
    own, current = kept["edition"]["id"], current_edition_id(data)
    titles = {own: t("Edición del recibo ({id})", id=own)}
    if current is not None:
        title = "Edición vigente ({id})" if current != own else "Edición del recibo y vigente ({id})"
        titles[current] = t(title, id=current)
    lines, codes = [t("Pregunta: {question}", question=question)], []
    for edition_id, title in titles.items():
        told, code = _compare(data, edition_id, question, kept)
        lines += [f"{title}: {told[0]}", *(f"  {line}" for line in told[1:])]
        codes.append(code)
    answered = [code for code in codes if code != CANNOT]
    return Recomputed("\n".join(lines) + "\n", max(answered, default=CANNOT))


def _compare(data: Path, edition_id: str, question: Question, kept: Receipt) -> tuple[list[str], int]:
    try:
        edition = open_edition(data, edition_id)
    except EditionMissing:
        return [t("no está en disco; no se puede repetir en ella.")], CANNOT
    try:
        with speaking(kept.get("language", SPANISH)):
            made = json.loads(as_json(receipt(edition, answer(edition, question))))
    except IndicatorError as error:
        return [str(error)], CANNOT
    found = changes(kept, made)
    return ([t("cambió."), *found], DIFFERENT) if found else ([t("igual.")], SAME)


def changes(before: Receipt, after: Receipt) -> list[str]:
    """Return one line for each part of two receipts, both read from JSON, that is not the same."""
    found = changed(before, after)
    if _rest(before, "answer") != _rest(after, "answer"):
        found.append(t("{part}: distinto", part=t("rótulos")))
    if _part(before, ("edition", "id")) == _part(after, ("edition", "id")) and (
        _rest(before, "edition") != _rest(after, "edition")
    ):
        found.append(t("{part}: distinto", part=t("datos de la edición")))
    return found


def changed(before: Receipt, after: Receipt, *, parts: Iterable[Place] = tuple(COMPARED)) -> list[str]:
    """Return one line for each of some parts that have a name of their own and are not the same."""
    found = []
    for place in parts:
        name, old, new = t(COMPARED[place]), _part(before, place), _part(after, place)
        if old != new:
            is_long = any(isinstance(value, dict | list) for value in (old, new))
            found.append(t("{part}: distinto", part=name) if is_long else f"{name}: {_told(old)} → {_told(new)}")
    return found


def exact(value: float) -> str:
    """Return a number with every decimal that it has, as the reader writes it."""
    as_decimal = Decimal(str(value)).normalize()
    if abs(as_decimal.adjusted()) > MOST_DIGITS:
        return str(value)[:SHOWN]
    exponent = as_decimal.as_tuple().exponent
    return number(as_decimal, max(0, -exponent) if isinstance(exponent, int) else 0)


def _part(made: Receipt, place: Place) -> Any:
    found: Any = made
    for key in place:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _rest(made: Receipt, group: str) -> Any:
    """What a group holds besides the parts that have a name of their own."""
    found = made.get(group)
    if not isinstance(found, dict):
        return found
    return {key: value for key, value in found.items() if (group, key) not in COMPARED}


def _told(value: Any) -> str:
    if value is None:
        return t("sin dato")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return exact(value)
    text = json.dumps(value, ensure_ascii=False)
    return text[:SHOWN] if text.isprintable() else ascii(text)[:SHOWN]
