"""What a published fact is: value, publisher, scope and period, and what else is printed for it."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Literal

from indicators import formats
from indicators.calendar import Window
from indicators.language import t
from indicators.published.labels import CHANGE_METRICS, METRIC_LABELS, SCOPE_LABELS, UNIT_NOUNS, shown
from indicators.published.notes import LESS

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
