"""A verification and published facts as text and JSON: the same figures, their meaning and where they come from."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from indicators import files
from indicators.claims import verdict
from indicators.claims.readings import PUBLISHED, Reading
from indicators.claims.verdict import Verification
from indicators.published import OtherValue, Period, PublishedFact
from words.formats import printed_on
from words.language import t

NOTHING = "(ninguna)"


def as_text(found: Verification) -> str:
    """Return the verification for a person at a terminal."""
    quantity = found.claim.quantity
    lines = [verdict.outcome(found), found.summary, verdict.tolerance(quantity), verdict.tried(found)]
    for title, texts in ((t("Se puede publicar"), found.printable), (t("No se puede publicar"), found.forbidden)):
        lines += ["", f"{title}:", *([f"  - {text}" for text in texts] or [f"  {t(NOTHING)}"])]
    for title, readings in (
        (t("Lecturas con cifras publicadas"), found.published),
        (t("El mismo número, dicho de otra cosa"), found.coincidences),
        (t("Lecturas de la edición"), found.computed),
    ):
        lines += ["", f"{title}:", *([line for one in readings for line in _reading(one)] or [f"  {t(NOTHING)}"])]
    said_once = dict.fromkeys(note for one in found.computed for note in (*one.caveats, one.source))
    lines += [f"  {note}" for note in said_once]
    lines += [f"  {t('Sin calcular: {what}. {why}', what=one.definition, why=one.reason)}" for one in found.unanswered]
    lines += ["", t("Quién lo dijo:"), *([f"  - {_fact(fact)}" for fact in found.said_by] or [f"  {t('(no consta)')}"])]
    lines += ["", t("Qué lo zanjaría:"), *([f"  - {need}" for need in found.needs] or [f"  {t('(nada más)')}"])]
    return "\n".join(lines) + "\n"


def _reading(reading: Reading) -> Iterator[str]:
    is_published = reading.origin == PUBLISHED
    origin = "" if is_published else f" [{t(reading.origin)}]"
    place = t("región {code}; {period}", code=reading.region, period=reading.period.label)
    yield f"  {reading.value_text}{origin} ({verdict.standing(reading)}): {reading.definition}; {place}"
    notes = [reading.differs, reading.derivation, *map(_other, reading.others)]
    notes += [*reading.caveats, reading.source, *reading.urls] if is_published else []
    yield from (f"      {note}" for note in notes if note)


def _other(other: OtherValue) -> str:
    said = (t("Otro valor publicado: {value}", value=other.value_text), other.publisher, other.note, *other.source_urls)
    return ", ".join(text for text in said if text)


def _fact(fact: PublishedFact) -> str:
    what = ", ".join(filter(None, (fact.metric_label, fact.subject, fact.scope_label, fact.period.label)))
    who = ", ".join(filter(None, (fact.publisher, printed_on(fact.published_on), *fact.source_urls)))
    notes = (fact.derivation, fact.note, *map(_other, fact.contradictions))
    return "; ".join(filter(None, (f"{fact.value_text}: {what} ({who}) [{', '.join(fact.figure_ids)}]", *notes)))


def as_json(found: Verification) -> str:
    """Return the verification with every part of it."""
    claim = found.claim
    asked = {"number": claim.quantity.text, "value": claim.quantity.value, "rounding": claim.quantity.rounding}
    asked |= {"unit": claim.quantity.unit, "about": claim.about, "region": claim.region}
    facts = {
        "claim": asked | {"period": _period(claim.period) if claim.period else None},
        "outcome": verdict.outcome(found),
        "summary": found.summary,
        "tolerance": verdict.tolerance(claim.quantity),
        "readings_tried": {"published": found.tried, "computed": len(found.computed)},
        "hits": {"published": len(found.hits), "computed": len(found.computed_hits)},
        "published": [_reading_facts(one) for one in found.published],
        "coincidences": [_reading_facts(one) for one in found.coincidences],
        "computed": [_reading_facts(one) for one in found.computed],
        "unanswered": [asdict(one) for one in found.unanswered],
        "printable": found.printable,
        "forbidden": found.forbidden,
        "needs": found.needs,
        "said_by": [_fact_facts(fact) for fact in found.said_by],
    }
    return _dump(facts)


def _reading_facts(reading: Reading) -> dict[str, Any]:
    names = ("value", "unit", "value_text", "definition", "region", "origin", "source", "urls", "figure_ids")
    return {
        **{name: getattr(reading, name) for name in (*names, "derivation", "caveats", "differs", "is_hit")},
        "period": _period(reading.period),
        "standing": verdict.standing(reading),
        "other_values": [asdict(other) for other in reading.others],
        "question": str(reading.question) if reading.question else None,
    }


def _fact_facts(fact: PublishedFact) -> dict[str, Any]:
    said = {"value_text": fact.value_text, "badge": fact.badge, "period": _period(fact.period)}
    return {**asdict(fact), "bound": fact.bound.removesuffix("{value}"), **said}


def _period(period: Period) -> dict[str, str]:
    return {"start": f"{period.start}", "end": f"{period.end}", "label": period.label}


def facts_as_text(facts: Sequence[PublishedFact]) -> str:
    """Return published facts, one to a line."""
    return "".join(f"{_fact(fact)}\n" for fact in facts) or f"{t('No hay cifras publicadas de eso.')}\n"


def facts_as_json(facts: Sequence[PublishedFact]) -> str:
    """Return published facts with every part of them."""
    return _dump([_fact_facts(fact) for fact in facts])


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


FORMATS: Mapping[str, Callable[[Verification], str]] = {"text": as_text, "json": as_json}
FACT_FORMATS: Mapping[str, Callable[[Sequence[PublishedFact]], str | bytes]] = {
    "text": facts_as_text,
    "json": facts_as_json,
    "csv": lambda facts: files.as_csv(files.facts_table(facts)),
    "xlsx": lambda facts: files.as_xlsx(files.facts_table(facts)),
    "parquet": lambda facts: files.as_parquet(files.facts_table(facts)),
}
