"""The tables that figures are computed from, and which of them a question needs.

Each is read as the records `x`; what differs between them stands here. Why there are three: decision 5.
"""

from dataclasses import dataclass

from indicators.dimensions import CODE_FILTERS
from indicators.question import Question
from indicators.scope import REGISTER

TOTALS_CELLS = ("slice", "known_region", "known_product", "known_country")
TOTALS_SPLITS = (None, "region", "month", "segment")
FILTERS = ("sector", "hs", *CODE_FILTERS)


@dataclass(frozen=True)
class Table:
    """A table of the edition, and how what it counts and knows is written in SQL."""

    name: str
    n_items: str = "sum(x.n_items)"
    firm: str = "NULL"
    unit: str = "NULL"
    has_product: str = "x.hs_code IS NOT NULL"
    has_country: str = "x.country_code IS NOT NULL"
    is_by_concept: bool = False  # each region concept has rows of its own, and `region_code` is under it


EXPORTS = Table("mart_export_by_month", firm="x.exporter_id", unit="x.unit_code")
TOTALS = Table("mart_total_by_month", has_product="x.has_product", has_country="x.has_country", is_by_concept=True)
REGISTERED = Table("core_register", n_items="count(*)", firm="x.exporter_key")


def table_for(question: Question, source: str, *, cell: str) -> Table:
    """Return the smallest table that holds what the question is cut by."""
    is_filtered = any(getattr(question, part) for part in FILTERS)
    is_filtered = is_filtered or question.is_sized
    if source != REGISTER and (is_filtered or cell not in TOTALS_CELLS or question.split not in TOTALS_SPLITS):
        return EXPORTS
    return totals_of(source)


def totals_of(source: str) -> Table:
    """Return the table that national totals are computed from."""
    return REGISTERED if source == REGISTER else TOTALS
