"""What a published fact is: value, publisher, scope and period, and what else is printed for it."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Literal

from indicators import formats
from indicators.published.labels import CHANGE_METRICS, METRIC_LABELS, SCOPE_LABELS, shown

RECORD_SUM = "suma de registros publicados"
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
    def label(self) -> str:
        """The period in Spanish: `2025`, `enero–noviembre 2025`, `1 de enero – 28 de noviembre de 2025`."""
        last_day = calendar.monthrange(self.end.year, self.end.month)[1]
        if self.start.day == 1 and self.end.day == last_day:
            return formats.window_label(self.start, self.end.replace(day=1))
        months = formats.MONTHS
        start = f"{self.start.day} de {months[self.start.month - 1]}"
        return f"{start} – {self.end.day} de {months[self.end.month - 1]} de {self.end.year}"


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
    """One published figure, or one computed from published figures that are all cited."""

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
    size_rule: str | None = None
    bound: str = ""
    contradictions: tuple[OtherValue, ...] = ()

    @property
    def confirmations(self) -> int:
        """How many printed rows give this value."""
        return len(self.figure_ids)

    @property
    def scope_label(self) -> str:
        """The scope in Spanish, with its narrower basis when it has one."""
        label = SCOPE_LABELS.get(self.scope, self.scope)
        return f"{label} ({self.basis})" if self.basis else label

    @property
    def metric_label(self) -> str:
        """The measure in Spanish."""
        return METRIC_LABELS.get(self.metric, self.metric)

    @property
    def badge(self) -> str:
        """`publicado`, or that the value is derived from published ones or adds customs' records up."""
        if self.derivation == RECORD_SUM:
            return self.derivation
        return "derivado de cifras publicadas" if self.is_derived else "publicado"

    @property
    def value_text(self) -> str:
        """The value in Spanish with its unit and printed decimals: `más de 1.300 empresas`."""
        is_change = self.metric in CHANGE_METRICS
        return self.bound + shown(self.value, self.unit, decimals=self.decimals, sign=is_change)
