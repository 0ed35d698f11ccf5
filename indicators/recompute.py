"""Answers the question of a receipt again and says what is not the same. Of a receipt only the question is used."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from indicators.answer import answer
from indicators.edition import current_edition_id, open_edition
from indicators.errors import EditionMissing, IndicatorError
from indicators.formats import number
from indicators.language import SPANISH, speaking, t
from indicators.question import Question
from indicators.receipt import Receipt, as_json, read_receipt, receipt

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
