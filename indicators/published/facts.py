"""Published facts: what a row of the ledger says, how a derived one was worked out, and what else is printed for it."""

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from editions.edition import Edition
from indicators.engine.names import key_labels
from indicators.published.figure import (
    CHANGE_METRICS,
    LESS,
    METRIC_LABELS,
    SCOPE_LABELS,
    UNIT_NOUNS,
    Figure,
    bound,
    figures,
    note_text,
    shown,
)
from indicators.question.calendar import Window
from words import formats
from words.language import SPANISH, language, t

# -- What a published fact is: value, publisher, scope and period, and what else is printed for it.

RECORD_SUM = "suma de registros publicados"
DERIVED = "derivado de cifras publicadas"
PeriodKind = Literal["year", "to_date", "month", "span"]


@dataclass(frozen=True, order=True)
class Period:
    """The days a figure speaks of, both ends included."""

    start: date
    end: date

    @property
    def kind(self) -> PeriodKind:
        """A whole year, January to some month, one month, or any other span."""
        if self.start.day != 1 or self.end.day != calendar.monthrange(self.end.year, self.end.month)[1]:
            return "span"
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return "month"
        if self.start.year != self.end.year or self.start.month != 1:
            return "span"
        return "year" if self.end.month == 12 else "to_date"

    @property
    def window(self) -> Window | None:
        """The period as whole months, or None when it begins or ends inside one."""
        last_day = calendar.monthrange(self.end.year, self.end.month)[1]
        is_whole = self.start.day == 1 and self.end.day == last_day
        return Window(self.start, self.end.replace(day=1)) if is_whole else None

    @property
    def label(self) -> str:
        """The period in words: `2025`, `enero–noviembre 2025`, `1 de enero – 28 de noviembre de 2025`."""
        if self.window:
            return self.window.label
        return t(
            "{first} de {first_month} – {last} de {last_month} de {year}",
            first=self.start.day,
            first_month=t(formats.MONTHS[self.start.month - 1]),
            last=self.end.day,
            last_month=t(formats.MONTHS[self.end.month - 1]),
            year=self.end.year,
        )


@dataclass(frozen=True)
class OtherValue:
    """Another value printed for the very same thing."""

    value: float
    value_text: str
    publisher: str
    published_on: str | None
    figure_ids: tuple[str, ...]
    source_urls: tuple[str, ...]
    is_derived: bool
    note: str | None


@dataclass(frozen=True)
class PublishedFact:
    """One published figure, or one computed from published figures that are all cited.

    What is to be read (`subject`, `basis`, `whole`, `publisher`, `derivation`, `note`) is in the language that it was
    made in; `printed_subject` is the subject as printed, the key of rows and filters in any language. `whole` is what
    a share is of, when that is not the same exports of the country. `bound` is how an inexact value is said. `inputs`
    are the printed figures that a derived one was made from.
    """

    figure_ids: tuple[str, ...]
    metric: str
    scope: str
    region: str
    subject_kind: str
    subject: str | None
    basis: str | None
    period: Period
    value: float
    unit: str
    decimals: int
    comparison: str
    publisher: str
    published_on: str | None
    source_urls: tuple[str, ...]
    is_derived: bool = False
    derivation: str | None = None
    note: str | None = None
    is_claim: bool = False
    subject_code: str | None = None
    printed_subject: str | None = None
    inputs: tuple[str, ...] = ()
    whole: str | None = None
    adds_records: bool = False
    size_rule: str | None = None
    bound: str = ""
    contradictions: tuple[OtherValue, ...] = ()

    @property
    def confirmations(self) -> int:
        """How many printed rows give this value."""
        return len(self.figure_ids)

    @property
    def scope_label(self) -> str:
        """The scope in words, with its narrower basis when it has one."""
        label = t(SCOPE_LABELS.get(self.scope, self.scope))
        return f"{label} ({self.basis})" if self.basis else label

    @property
    def metric_label(self) -> str:
        """The measure in words."""
        return t(METRIC_LABELS.get(self.metric, self.metric))

    @property
    def badge(self) -> str:
        """`publicado`, or that the value is derived from published ones or adds customs' records up (a code)."""
        if self.adds_records:
            return RECORD_SUM
        return DERIVED if self.is_derived else "publicado"

    @property
    def value_text(self) -> str:
        """The value with its unit and printed decimals: `más de 1.300 empresas`."""
        value = shown(self.value, self.unit, decimals=self.decimals, sign=self.metric in CHANGE_METRICS)
        if self.bound == LESS and self.unit in UNIT_NOUNS:
            return t("menos de {count}", count=value)
        return t(self.bound, value=value) if self.bound else value


# -- Says how a derived level was worked out: its formula in words and the printed figures it used.

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


# -- Reads the ledger and makes one fact of all rows that speak of the same thing.


def facts(edition: Edition, region: str) -> tuple[PublishedFact, ...]:
    """Return the facts published about a region, latest period first; claims without a base are marked."""
    return edition.once(f"facts of {region} in {language()}", lambda: _facts(edition, region))


def _facts(edition: Edition, region: str) -> tuple[PublishedFact, ...]:
    rows = figures(edition, region)
    countries = {} if language() == SPANISH else key_labels(edition, "country")
    things: dict[tuple[object, ...], list[Figure]] = {}
    for row in rows:
        things.setdefault(row.thing, []).append(row)
    made = [
        _fact(sorted(group, key=lambda row: row.preference), rows, countries=countries) for group in things.values()
    ]
    return tuple(sorted(made, key=lambda fact: (fact.period.end, fact.period.start), reverse=True))


def totals(published: Iterable[PublishedFact]) -> list[PublishedFact]:
    """Return the facts about all the exports of a scope, without claims and narrower bases."""
    return [f for f in published if f.subject is None and f.basis is None and not f.is_claim]


def _fact(group: list[Figure], rows: list[Figure], *, countries: Mapping[str, str]) -> PublishedFact:
    lead, *rest = group
    agreeing = [row for row in rest if not row.is_derived and _agree(row, lead)]
    differing = [row for row in rest if not _agree(row, lead)]
    same = [lead, *agreeing]
    adds_records = lead.is_derived and lead.source_kind != "derived"
    derived = explain(lead, rows) if lead.source_kind == "derived" else None
    urls = derived.source_urls if derived else distinct(row.source_url for row in same)
    return PublishedFact(
        figure_ids=tuple(row.figure_id for row in same),
        metric=str(lead.thing[0]),
        scope=lead.flow_scope,
        region=lead.region_code,
        subject_kind=lead.subject_kind,
        subject=countries.get(lead.subject_code or "") or (t(lead.subject) if lead.subject else None),
        basis=t(lead.basis) if lead.basis else None,
        period=Period(lead.period_start, lead.period_end),
        value=lead.value,
        unit=lead.unit,
        decimals=derived.decimals if derived else lead.decimals,
        comparison=lead.comparison or "",
        publisher=derived.publisher if derived else lead.publisher,
        published_on=derived.published_on if derived else _printed_on(lead),
        source_urls=urls,
        is_derived=lead.is_derived,
        derivation=derived.words if derived else t(RECORD_SUM) if adds_records else None,
        note=None if derived else note_text(lead.note),
        bound=bound(lead.note),
        subject_code=lead.subject_code,
        printed_subject=lead.subject,
        inputs=derived.figure_ids if derived else (),
        adds_records=adds_records,
        size_rule=lead.size_rule,
        is_claim=lead.is_claim,
        contradictions=_others(differing, lead),
    )


def _others(differing: list[Figure], lead: Figure) -> tuple[OtherValue, ...]:
    """Return one entry per other value, each with all who print it."""
    values: dict[tuple[float, str], list[Figure]] = {}
    for row in differing:
        values.setdefault((row.value, row.publisher), []).append(row)
    return tuple(
        OtherValue(
            value=value,
            value_text=shown(value, lead.unit, decimals=rows[0].decimals),
            publisher=t(DERIVED) if publisher == "derived" else publisher,
            published_on=_printed_on(rows[0]),
            figure_ids=tuple(row.figure_id for row in rows),
            source_urls=distinct(row.source_url for row in rows),
            is_derived=rows[0].is_derived,
            note=note_text(rows[0].note),
        )
        for (value, publisher), rows in values.items()
    )


def _agree(one: Figure, other: Figure) -> bool:
    """Whether two printed values are the same within the coarser rounding."""
    return abs(one.value - other.value) <= max(one.rounding, other.rounding) * (1 + 1e-9)


def _printed_on(row: Figure) -> str | None:
    return row.published_on.replace("(inferred)", t("(fecha inferida)")) if row.published_on else None
