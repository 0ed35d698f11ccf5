"""The tables that figures are computed from, smallest first; a question takes the first that has what its SQL names.

Each is read as the records `x`; what differs between them stands here. Why there are several: decision 5.
"""

import re
from dataclasses import dataclass

from indicators.scope import REGISTER

COLUMN = re.compile(r"\bx\.(\w+)")
MADE = frozenset(  # what a statement adds to the records it reads, under the same `x`
    {"key", "unit", "in_region", "in_size", "in_window", "in_base", "size_class"}
)
REGIONS = {  # concept → region of a record, where a table has no rows of its own for each concept
    "origin": "x.region_code",
    "comuna": "(SELECT home.region_code FROM core_comuna AS home WHERE home.comuna_code = x.comuna_code)",
    "exit": "(SELECT office.region_code FROM core_customs_office AS office "
    "WHERE office.customs_office_code = x.customs_office_code)",
}


@dataclass(frozen=True)
class Table:
    """A table of the edition, and how what it counts and knows is written in SQL."""

    name: str
    n_items: str = "sum(x.n_items)"
    firm: str = "x.exporter_id"
    unit: str = "x.unit_code"
    has_product: str = "x.hs_code IS NOT NULL"
    has_country: str = "x.country_code IS NOT NULL"
    is_by_concept: bool = False  # each region concept has rows of its own, and `region_code` is under it

    def region(self, concept: str) -> str:
        """Return the region of a record under a concept."""
        return "x.region_code" if self.is_by_concept else REGIONS[concept]


TOTALS = Table("mart_total_by_month", has_product="x.has_product", has_country="x.has_country", is_by_concept=True)
FIRMS = Table("mart_firm_by_month")
PRODUCTS = Table("mart_product_by_month")
EXPORTS = Table("mart_export_by_month")
REGISTERED = Table("core_register", n_items="count(*)", firm="x.exporter_key")


def tables_of(source: str) -> tuple[Table, ...]:
    """Return the tables that hold the records of a source, smallest first."""
    return (REGISTERED,) if source == REGISTER else (TOTALS, FIRMS, PRODUCTS, EXPORTS)


def columns_named(sql: str) -> frozenset[str]:
    """Return the columns of the records that a statement names, whatever it does with them."""
    return frozenset(COLUMN.findall(sql)) - MADE
