"""What a metric is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from indicators.question.scope import CUSTOMS_SOURCES, REGISTER
from words.language import t

FOB = {"v": "sum(x.fob_usd)"}
ANY_SIZE = {"a": "sum(x.fob_usd)"}
FIRM_SOURCES = (REGISTER, "aduanas_dus")
STABLE_IDS = (
    "Con registros de Aduanas solo existe en tramos con identificadores estables; con el registro de la oficina, "
    "siempre."
)


@dataclass(frozen=True)
class Parts:
    """What the cells of a metric are told apart by: each falls into one part, so the parts sum to the value.

    `sql` gives the part of a cell from its columns; `labels` are all the parts, in the order they are shown.
    """

    sql: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Metric:
    """One figure of the product: what it means and how it is computed. Its label, definition and formula are Spanish.

    A figure is computed in two steps. The records of the slice are grouped into cells, one per `unit` (the
    whole slice, a firm, a product …), each with `columns`; then `sql` is evaluated over the cells. In `sql`,
    `{v}` is a cell column in the period that is computed, window or base; `{v1}` and `{v0}` are the column in
    the window and in the base whichever is computed. `derived` columns of a cell are computed from its `v1`, `v0` ….

    Size rules choose records, so a firm that changed class would look new. A metric that asks what a firm did before
    has `any_size` columns, which count it whatever its class was.
    """

    id: str
    label: str
    unit: str
    definition: str
    formula: str
    sql: str = ""
    caveats: tuple[str, ...] = ()  # sentences
    additive: bool = False
    cell: str = "slice"
    columns: Mapping[str, str] | None = None
    derived: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = CUSTOMS_SOURCES
    over: tuple[str, ...] = ()  # what the metric can look over (`over=` of the question); the first is the default
    window: str = "ytd"
    column: str = ""  # of the table of companies, for a metric of all companies
    operator: str | None = None  # computed from answers of `fob`, not from SQL of its own
    is_firm_level: bool = False
    counts_firms: bool = False  # one firm must be the same id in every month of the window
    whole_firm: bool = False  # needs what the firm exports from every region
    compares: bool = False  # speaks of two periods: has no base of its own and needs one in the data
    has_top: bool = False
    any_size: Mapping[str, str] = field(default_factory=dict)
    parts: Parts | None = None
    size: str | None = None  # the size rule when none is asked for
    lookback: int = 0  # months before the window that make its base, instead of a comparison
    has_history: bool = False  # the base reaches as far back as firms can be followed, `lookback` at least
    is_trailing: bool = False  # what is looked for after the base is the twelve months to the end of the window
    is_annual: bool = False  # only of whole calendar years
    finds_new_firms: bool = False  # which a size by what the firm exported before cannot class
    empty: float | None = None  # the value where nothing was exported; None where there is then nothing to say

    @property
    def caveat(self) -> str:
        """What to mind about the figure, in the reader's language."""
        return " ".join(map(t, self.caveats))

    @property
    def cell_columns(self) -> Mapping[str, str]:
        """The columns of a cell: name → aggregate over the records `x`."""
        return self.columns or FOB

    @property
    def adds_up(self) -> bool:
        """Whether the cells of the whole slice are the sums of the cells of its parts."""
        aggregates = (*self.cell_columns.values(), *self.any_size.values())
        return not self.whole_firm and all(aggregate.startswith("sum(") for aggregate in aggregates)

    @property
    def is_moving(self) -> bool:
        """Whether records of every size are read, to know what a firm did when its class was another."""
        return bool(self.any_size)

    @property
    def needs_whole_window(self) -> bool:
        """Whether the window stands for a span of its own, a year or twelve months, that cannot be cut short."""
        return self.is_annual or self.window == "rolling12"

    @property
    def has_own_rows(self) -> bool:
        """Whether its rows are parts of its own, so that no split can ask for others."""
        return self.parts is not None or self.operator in OWN_ROWS

    @property
    def has_base(self) -> bool:
        """Whether the same figure exists for the base (an index between two periods has none)."""
        return "{v}" in self.sql


OWN_ROWS = ("three_ways", "survivors", "survival")  # operators whose rows are not those of a split
firm_metric = partial(Metric, sources=FIRM_SOURCES, is_firm_level=True, counts_firms=True)
