"""The SQL of the size class of each firm in a period, by each of the ways to tell it. Bands stand in `scope`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indicators.scope import UF_BANDS, WORKER_BANDS

if TYPE_CHECKING:
    from indicators.conditions import Conditions

UNKNOWN = "sin_informacion"
MONTHS_OF_YEAR = 12
IN_UF = "sum(x.fob_usd * dollar.clp_per_usd / uf.uf_clp)::DOUBLE"
EXPORTED = "x.segment <> 'not_export'"  # a temporary exit or a re-export is no sale, and says nothing of size
RATES = "JOIN core_exchange_rate_month AS dollar USING (month) JOIN core_uf_month AS uf USING (month)"


def join_classes(conditions: "Conditions", *, period: str, where: str) -> str:
    """Return a join that gives every record `class.size_class`: that of its firm in its period.

    A firm has one class in a period, the last one it shows there; by what it exports in a month, one each month.
    """
    period = "x.month" if conditions.sizing == "month_fob" else period
    classes = _WAYS[conditions.sizing or "register"](conditions, period, where)
    return f"""LEFT JOIN ({classes}) AS class ON class.firm = {conditions.table.firm} AND class.period = {period}"""


def _by_register(conditions: "Conditions", period: str, where: str) -> str:
    size = _band("x.n_workers", WORKER_BANDS) if conditions.sizing == "workers" else "x.size_class"
    return f"""
        SELECT {period} AS period, {conditions.table.firm} AS firm, max_by({size}, x.month) AS size_class
        FROM {conditions.table.name} AS x WHERE {where} GROUP BY ALL"""


def _by_year(conditions: "Conditions", period: str, where: str) -> str:
    table, firm = conditions.table.name, conditions.table.firm
    return f"""
        SELECT {period} AS period, {firm} AS firm, {_band("max_by(before.uf, x.month)", UF_BANDS)} AS size_class
        FROM {table} AS x LEFT JOIN (
            SELECT {firm} AS firm, year(x.month) + 1 AS year, {IN_UF} AS uf
            FROM {table} AS x {RATES} WHERE {conditions.from_source} AND {EXPORTED} GROUP BY ALL
        ) AS before ON before.firm = {firm} AND before.year = year(x.month)
        WHERE {where} AND {conditions.from_source} GROUP BY ALL"""


def _by_month(conditions: "Conditions", period: str, where: str) -> str:
    table, firm = conditions.table.name, conditions.table.firm
    return f"""
        SELECT {period} AS period, {firm} AS firm, {_band(f"{MONTHS_OF_YEAR} * {IN_UF}", UF_BANDS)} AS size_class
        FROM {table} AS x {RATES}
        WHERE {where} AND {conditions.from_source} AND {EXPORTED} GROUP BY ALL"""


def _band(amount: str, bands: Sequence[tuple[str, int]]) -> str:
    steps = " ".join(f"WHEN {amount} <= {most} THEN '{name}'" for name, most in bands)
    return f"CASE WHEN coalesce({amount}, 0) <= 0 THEN '{UNKNOWN}' {steps} ELSE 'grande' END"


_WAYS = {"register": _by_register, "workers": _by_register, "own_fob": _by_year, "month_fob": _by_month}
