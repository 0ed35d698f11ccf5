"""Says how a derived level was worked out: its formula in words and the printed figures it used."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indicators import formats
from indicators.language import t
from indicators.published.figure import Figure
from indicators.published.notes import note_text

NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-])")
YEARS = range(1990, 2100)
LARGEST_FACTOR = 2.0
MAX_STEPS = 3


@dataclass(frozen=True)
class Derivation:
    """The formula of a derived level and where its inputs were printed."""

    words: str
    publisher: str
    published_on: str | None
    decimals: int
    figure_ids: tuple[str, ...]
    source_urls: tuple[str, ...]


def explain(derived: Figure, rows: list[Figure]) -> Derivation:
    """Return the formula of a derived figure with the printed figures of the same region that stand in it."""
    used = _printed_inputs(derived, rows, depth=0)
    ids = distinct(row.figure_id for row in used)
    formula = note_text(derived.note) or ""
    publishers = distinct(row.publisher for row in used)
    dates = [row.published_on for row in used if row.published_on]
    return Derivation(
        words=formula,
        publisher=formats.listing(publishers) or t("derivado"),
        published_on=max(dates, default=None),
        decimals=max((row.decimals for row in used if row.printed_unit != "%"), default=derived.decimals),
        figure_ids=ids,
        source_urls=distinct(row.source_url for row in used),
    )


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the values in order, each once, without the empty ones."""
    return tuple(dict.fromkeys(value for value in values if value and value != "derived"))


def _printed_inputs(derived: Figure, rows: list[Figure], *, depth: int) -> list[Figure]:
    """Return the printed rows whose value stands in the formula, going through derived inputs."""
    note = (derived.note or "").split(";")[0].split(" = ")[0]
    levels, rates = _levels(note), _rates(note)
    found: list[Figure] = []
    for row in rows:
        if row.printed_value not in (rates if row.printed_unit == "%" else levels):
            continue
        if row.figure_id == derived.figure_id or not _may_be_input(row, derived):
            continue
        if row.is_derived:
            found += _printed_inputs(row, rows, depth=depth + 1) if depth < MAX_STEPS else []
        else:
            found.append(row)
    return found


def _may_be_input(row: Figure, derived: Figure) -> bool:
    """Whether the row speaks of a period and a thing from which the derived level can come."""
    if row.subject_kind == "event" or row.is_claim:
        return False
    if row.printed_unit != "%":
        return abs(row.period_end.year - derived.period_end.year) <= 1
    if row.metric == "share_region_pct":
        return row.period_end == derived.period_end
    is_same_thing = row.subject is None and row.basis is None and row.flow_scope == derived.flow_scope
    return is_same_thing and row.period_end.month == derived.period_end.month


def _levels(note: str) -> set[float]:
    """Return the levels in a formula: its numbers but for factors and years."""
    numbers = {float(text.replace(",", "")) for text in NUMBER.findall(note)}
    return {number for number in numbers if number > LARGEST_FACTOR and number not in YEARS}


def _rates(note: str) -> set[float]:
    """Return the percentages hidden in factors such as `1.079`, `(1-0.173)` and `/0.598`."""
    rates = {round(-100 * float(f"0.{digits}"), 4) for digits in re.findall(r"\(1-0\.(\d+)\)", note)}
    rates |= {round(100 * (float(text) - 1), 4) for text in re.findall(r"(?<![\d.])1\.\d+", note)}
    rates |= {round(100 * (float(text) - 1), 4) for text in re.findall(r"(?<![\d.-])0\.9\d+", note)}
    return rates | {round(100 * float(text), 4) for text in re.findall(r"/(0\.\d+)", note)}
