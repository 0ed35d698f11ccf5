"""The same question in two editions: what each answers and, where it is known, why they differ."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from editions.edition import Edition, open_edition
from editions.errors import QuestionError
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.question.question import Question
from indicators.receipts.receipt import Receipt, as_json, changed, exact, months_read, receipt
from words.formats import percent, quantity, usd_millions
from words.language import t

WHY = (("metric",), ("statements",), ("edition", "code_version"))  # parts of a receipt that can move a figure


@dataclass(frozen=True)
class Moved:
    """One question answered in two editions, and what is known of why the answers are not the same."""

    old: Answer
    new: Answer
    why: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether both editions give the same figure."""
        return self.old.value == self.new.value


def moved(old_edition: Edition, new_edition: Edition, question: Question) -> Moved:
    """Return how the answer moved between two editions. The months are those of the first edition's answer."""
    old = answer(old_edition, question)
    new = answer(new_edition, old.question if old.window is not None else question)
    kept = [json.loads(as_json(receipt(*pair))) for pair in ((old_edition, old), (new_edition, new))]
    why = (
        *_months(old_edition, new_edition, old),
        *_files(*kept),
        *(t("Cambió {what}", what=line) for line in changed(*kept, parts=WHY)),
    )
    return Moved(old, new, why)


def diff(data: Path, question: Question, *, old_id: str, new_id: str) -> str:
    """Return in words how the answer moved from one edition to another."""
    if question.split is not None:
        raise QuestionError("split", t("La diferencia entre ediciones es de una sola cifra; quite split."))
    found = moved(open_edition(data, old_id), open_edition(data, new_id), question)
    old, new = found.old, found.new
    lines = [
        t("Pregunta: {question}", question=old.question if old.window is not None else question),
        f"{old.label}; {old.region_label}; {old.window_label}",
        *(
            t("Edición {edition} ({badge}): {value}", edition=one.edition_id, badge=t(one.badge), value=_value(one))
            for one in (old, new)
        ),
        _difference(old, new),
        *(t("Aviso: {notice}", notice=said) for said in dict.fromkeys(f.text for one in (old, new) for f in one.flags)),
        *found.why,
    ]
    return "\n".join(lines) + "\n"


def _value(found: Answer) -> str:
    if found.value is None:
        return " ".join((t("sin dato."), *(reason.text for reason in found.reasons)))
    return f"{quantity(found.value, found.unit)} ({exact(found.value)})"


def _difference(old: Answer, new: Answer) -> str:
    if old.value is None or new.value is None:
        return t("Diferencia: no se puede calcular.")
    moved = Decimal(str(new.value)) - Decimal(str(old.value))
    if not moved:
        return t("Diferencia: ninguna.")
    is_rate = old.unit in ("fraction", "pp") or not old.value
    said = exact(float(moved))
    if not is_rate:
        said += f" ({percent(float(moved / Decimal(str(old.value))), 2, sign=True)})"
    return t("Diferencia: {difference}", difference=said)


def _months(old: Edition, new: Edition, found: Answer) -> list[str]:
    """Return the months of the window and the base whose records are not the same in the two editions."""
    before, after = _by_month(old, found), _by_month(new, found)
    lines = []
    for month in months_read(found):
        if before.get(month) != after.get(month):
            what = f"{found.question.source} {month:%Y-%m}: {_held(before, month)} → {_held(after, month)}"
            lines.append(t("Cambió {what}", what=what))
    return lines


def _by_month(edition: Edition, found: Answer) -> Mapping[date, Mapping[str, Any]]:
    rows = edition.rows(
        "SELECT month, n_items, fob_usd, is_complete FROM core_month WHERE source_id = $source",
        {"source": found.question.source},
    )
    return {row["month"]: row for row in rows}


def _held(months: Mapping[date, Mapping[str, Any]], month: date) -> str:
    if month not in months:
        return t("no está")
    held = months[month]
    if held["n_items"] is None:  # of the register in a public edition
        return t("está, sin detalle")
    said = t("{n} registros por {value}", n=exact(held["n_items"]), value=usd_millions(held["fob_usd"], 2))
    return said if held["is_complete"] else t("{records}, incompleto", records=said)


def _files(before: Receipt, after: Receipt) -> list[str]:
    """Return the source files, or the published figures, that only one of the two answers used."""
    lines = []
    for mine, other in ((before, after), (after, before)):
        also = [_source(one) for one in other["sources"]]
        only = [said for said in map(_source, mine["sources"]) if said not in also]
        lines += [t("Sólo en {edition}: {source}", edition=mine["edition"]["id"], source=said) for said in only]
    return lines


def _source(one: Mapping[str, Any]) -> str:
    if "figure_id" in one:
        printed = f"{exact(one['printed_value'])} {one['printed_unit']}"
        return ", ".join(filter(None, (one["figure_id"], one["publisher"], one["published_on"], printed)))
    digest = f"sha256 {one['sha256'][:16]}…" if one["sha256"] else None  # the office's files are not told in public
    return ", ".join(filter(None, (one["name"], one["retrieved_on"], digest)))
