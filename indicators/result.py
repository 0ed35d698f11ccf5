"""What an answer is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.calendar import Window
from indicators.errors import NotAdditive
from indicators.language import t
from indicators.question import Question
from indicators.reasons import INCOMPLETE, RESERVED, Reason
from indicators.scope import PUBLISHED


@dataclass(frozen=True)
class Statement:
    """SQL that was run and the values it was given: the core of a receipt."""

    sql: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Citation:
    """A row of the ledger that an answer quotes: what was printed, by whom, when and where."""

    figure_id: str
    metric: str
    flow_scope: str
    region_code: str
    subject: str | None
    period_start: date
    period_end: date
    printed_value: float | None
    printed_unit: str | None
    publisher: str
    published_on: str | None
    source_url: str | None
    source_kind: str | None
    note: str | None
    contradicts: bool


@dataclass(frozen=True)
class Coverage:
    """Of the national value in scope, the part whose region, product, country or size is known."""

    region: float | None
    product: float | None
    country: float | None
    size: float | None = None


@dataclass(frozen=True)
class Row:
    """One part of a split. Growth, share and contribution are fractions."""

    key: str
    label: str
    value: float | int | None
    base: float | int | None
    change: float | None
    growth: float | None
    share: float | None
    contribution: float | None
    reasons: tuple[Reason, ...] = ()
    share_base: float | None = None
    unit: str | None = None  # when it is not that of the answer


@dataclass(frozen=True)
class Answer:
    """The one answer to a question: what chart, table, sentence, file and receipt are all made from.

    Its words are in the language it was asked in; `badge` is a code, shown through `t`.
    `question` has window and source written out. `reasons` say why something is missing; `flags` what to mind
    about what is shown. Growth and shares are fractions; `share_of` names the whole of the shares. `publisher`,
    `published_on` and `citations` are of published figures only, which are never computed from records. `place` is
    the region as a sentence names it; `region_label` is as a table does, and tells the concept of region.
    """

    question: Question
    label: str
    unit: str
    value: float | int | None
    base: float | int | None
    change: float | None
    growth: float | None
    share: float | None
    share_base: float | None
    share_of: str | None
    window: Window | None
    base_window: Window | None
    window_label: str
    base_label: str | None
    scope_label: str
    region_label: str
    place: str
    reasons: tuple[Reason, ...]
    flags: tuple[Reason, ...]
    coverage: Coverage | None
    rows: tuple[Row, ...]
    n_items: int
    source_note: str
    edition_id: str
    badge: str
    statements: tuple[Statement, ...]
    publisher: str | None = None
    published_on: str | None = None
    citations: tuple[Citation, ...] = ()
    gaps: tuple[date, ...] = ()  # months of the window that are missing or incomplete

    @property
    def definition(self) -> str:
        """What the figure is: the metric's definition, or that it is as its publisher printed it."""
        if self.question.source != PUBLISHED:
            return t(self.question.spec.definition)
        return t("Cifra tal como se publicó, no calculada de registros; si es derivada, se muestra la fórmula.")

    @property
    def source_urls(self) -> tuple[str, ...]:
        """Where the figure, or what it is derived from, was printed; none when it was computed from records."""
        quoted = (one.source_url for one in self.citations if not one.contradicts)
        return tuple(dict.fromkeys(url for url in quoted if url))

    @property
    def share_change(self) -> float | None:
        """How many points (as a fraction) the share moved."""
        if self.share is None or self.share_base is None:
            return None
        return self.share - self.share_base

    @property
    def sizing(self) -> str | None:
        """Where the size of firms was taken from (a key of SIZINGS), or None when size does not matter."""
        if not self.question.is_sized or self.window is None:
            return None
        return self.question.sizing or "register"

    @property
    def is_complete(self) -> bool:
        """Whether every month of the window is complete."""
        return all(flag.code not in INCOMPLETE for flag in self.flags)

    @property
    def has_data(self) -> bool:
        """Whether there is any value: its own or that of a row."""
        return self.value is not None or any(row.value is not None for row in self.rows)

    @property
    def reserved(self) -> tuple[str, ...]:
        """The labels of the parts that a public edition withholds: any of them may be the largest."""
        return tuple(row.label for row in self.rows if row.value is None and RESERVED in row.reasons)

    def total(self) -> float:
        """Return the sum of the rows. Refuses when the metric does not add up or a row is hidden."""
        spec = self.question.spec
        if not spec.additive:
            raise NotAdditive(t("«{metric}» no se suma: {caveat}", metric=t(spec.label), caveat=spec.caveat))
        values = [row.value for row in self.rows]
        if any(value is None for value in values):
            text = "«{metric}» tiene filas sin dato; su suma no es el total."
            raise NotAdditive(t(text, metric=t(spec.label)))
        return float(sum(value for value in values if value is not None))
