"""The tables that figures are computed from, and which of them a question needs.

Each is read as the records `x`; what differs between them stands here. Why there are several: decision 5.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indicators.dimensions import CODE_FILTERS, DIMENSIONS, SECTOR_SCHEMES
from indicators.plan import Plan
from indicators.question import Question
from indicators.scope import CONCEPTS, REGISTER

CODE = re.compile(r"\bx\.(\w+)")
CELLS = {  # what a cell is of → codes that tell it; by a region, those of the concept asked for
    "firm": ("firm",),
    "firm_of_base": ("firm",),
    "firm_month": ("firm",),
    "firm_product": ("firm", "hs_code"),
    "firm_country": ("firm", "country_code"),
    "firm_region": ("firm", "region"),
    "product": ("hs_code",),
    "country": ("country_code",),
    "unit_value": ("hs_code", "country_code", "unit_code"),
    "known_region": ("region",),
    "known_product": ("known_product",),
    "known_country": ("known_country",),
    "known_size": ("firm",),
}


@dataclass(frozen=True)
class Table:
    """A table of the edition, and how what it counts and knows is written in SQL."""

    name: str
    holds: frozenset[str] = frozenset()  # codes that a question may be cut by
    n_items: str = "sum(x.n_items)"
    firm: str = "NULL"
    unit: str = "NULL"
    has_product: str = "x.hs_code IS NOT NULL"
    has_country: str = "x.country_code IS NOT NULL"
    is_by_concept: bool = False  # each region concept has rows of its own, and `region_code` is under it


SECTORS = tuple(f"{scheme}_sector_id" for scheme in SECTOR_SCHEMES)
TOTALS = Table(
    "mart_total_by_month",
    frozenset({*CONCEPTS, "known_product", "known_country"}),
    has_product="x.has_product",
    has_country="x.has_country",
    is_by_concept=True,
)
FIRMS = Table("mart_firm_by_month", frozenset({"firm", "origin", "comuna", "comuna_code"}), firm="x.exporter_id")
PRODUCTS = Table(
    "mart_product_by_month",
    frozenset({"hs_code", *SECTORS, "service_type_id", "country_code", "known_product", "known_country"}),
)
EXPORTS = Table("mart_export_by_month", firm="x.exporter_id", unit="x.unit_code")
SMALLER = (TOTALS, FIRMS, PRODUCTS)  # than the exports, which hold every code
REGISTERED = Table("core_register", n_items="count(*)", firm="x.exporter_key")
EVERYWHERE = frozenset({"month", "segment", "fob_usd"})


def table_for(question: Question, plan: Plan, *, cell: str) -> Table:
    """Return the smallest table of the edition that holds what the question is cut by and its cells are of."""
    if plan.source == REGISTER:
        return REGISTERED
    needed = set(_needed(question, cell))
    return next((table for table in SMALLER if needed <= table.holds and table.name in plan.tables), EXPORTS)


def totals_of(source: str) -> Table:
    """Return the table that national totals are computed from."""
    return REGISTERED if source == REGISTER else TOTALS


def _needed(question: Question, cell: str) -> Iterator[str]:
    cells = (cell, question.looks_over or "") if question.metric == "coverage" else (cell,)
    for code in (code for one in cells for code in CELLS.get(one, ())):
        yield question.concept if code == "region" else code
    if question.regions or question.split == "region":
        yield question.concept
    if question.is_sized:
        yield "firm"
    yield from set(CODE.findall(" ".join(_said(question)))) - EVERYWHERE


def _said(question: Question) -> Iterator[str]:
    """The SQL that names the other codes: of the split, of filters, of the columns of the metric."""
    cuts = [name for name in CODE_FILTERS if getattr(question, name)]
    cuts += [f"sector:{question.sector.partition(':')[0]}"] if question.sector else []
    cuts += [question.split] if question.split not in (None, "region", "size") else []
    yield from (DIMENSIONS[name].column for name in cuts)
    yield from ("x.hs_code",) if question.hs else ()
    yield from (*question.spec.cell_columns.values(), *question.spec.any_size.values())
