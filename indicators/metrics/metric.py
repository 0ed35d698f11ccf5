"""What a metric is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.scope import CUSTOMS_SOURCES, REGISTER

FOB = {"v": "sum(x.fob_usd)"}
FIRM_SOURCES = (REGISTER, "aduanas_dus")


@dataclass(frozen=True)
class Metric:
    """One figure of the product: what it means and how it is computed.

    A figure is computed in two steps. The records of the slice are grouped into cells, one per `unit` (the
    whole slice, a firm, a product …), each with `columns`; then `sql` is evaluated over the cells. In `sql`,
    `{v}` is a cell column in the period that is computed, window or base; `{v1}` and `{v0}` are the column in
    the window and in the base whichever is computed. `derived` columns of a cell are computed from its `v1`, `v0` ….
    """

    id: str
    label: str
    unit: str
    definition: str
    formula: str
    sql: str = ""
    caveat: str = ""
    additive: bool = False
    cell: str = "slice"
    columns: Mapping[str, str] | None = None
    derived: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = CUSTOMS_SOURCES
    over: tuple[str, ...] = ()  # what the metric can look over (`over=` of the question); the first is the default
    window: str = "ytd"
    operator: str | None = None  # computed from answers of `fob`, not from SQL of its own
    is_firm_level: bool = False
    counts_firms: bool = False  # one firm must be the same id in every month of the window
    whole_firm: bool = False  # needs what the firm exports from every region
    compares: bool = False  # speaks of two periods: has no base of its own and needs one in the data
    has_top: bool = False
    empty: float | None = None  # the value where nothing was exported; None where there is then nothing to say

    @property
    def cell_columns(self) -> Mapping[str, str]:
        """The columns of a cell: name → aggregate over the records `x`."""
        return self.columns or FOB

    @property
    def adds_up(self) -> bool:
        """Whether the cells of the whole slice are the sums of the cells of its parts."""
        return not self.whole_firm and all(aggregate.startswith("sum(") for aggregate in self.cell_columns.values())

    @property
    def has_base(self) -> bool:
        """Whether the same figure exists for the base (an index between two periods has none)."""
        return "{v}" in self.sql
