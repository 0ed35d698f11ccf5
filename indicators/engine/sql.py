"""The SQL of an answer: its table, its conditions, the figure with its parts, and the totals around it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from editions.edition import Edition
from editions.errors import EditionOutdated
from indicators.engine import growth
from indicators.engine.plan import Plan
from indicators.engine.result import Coverage, Statement
from indicators.metrics.metric import Metric
from indicators.question.calendar import Window, add_months
from indicators.question.dimensions import CODE_FILTERS, DIMENSIONS
from indicators.question.question import Question
from indicators.question.scope import REGISTER, SIZES, UF_BANDS, WORKER_BANDS, Scope

# -- The tables that figures are computed from, smallest first; a question takes the first that has what its
# SQL names.

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


# -- The SQL of the size class of each firm in a period, by each of the ways to tell it. Bands stand in
# `scope`.

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


# -- Conditions of a question in SQL. Names come from fixed sets in this package; every value is a parameter.

REAL_REGION = "BETWEEN '01' AND '16'"
SIZE = f"coalesce(class.size_class, '{UNKNOWN}')"  # of the firm of a record, once its class is joined


class Conditions:
    """Collects the parameters of a statement while its conditions are written."""

    def __init__(self, question: Question, plan: Plan, table: Table) -> None:
        self.question = question
        self.table = table
        self.params: dict[str, Any] = {}
        self.is_register = plan.source == REGISTER
        self.region = table.region(question.concept)
        self.sizing = plan.sizing
        window = plan.window
        if window is not None and question.spec.is_trailing:
            window = Window(add_months(window.last, -11), window.last)
        self.in_window = self.months("window", window)
        self.in_base = self.months("base", plan.base)
        self.from_source = "true" if self.is_register else f"x.source_id = {self.value('source', plan.source)}"
        if table.is_by_concept:
            self.from_source += f" AND x.concept = {self.value('concept', question.concept)}"

    def value(self, name: str, value: Any) -> str:
        """Keep a parameter and return its name in SQL."""
        self.params[name] = value
        return f"${name}"

    def months(self, name: str, window: Window | None) -> str:
        """The condition that a record is of the window."""
        if window is None:
            return "false"
        first, last = self.value(f"{name}_first", window.first), self.value(f"{name}_last", window.last)
        return f"x.month BETWEEN {first} AND {last}"

    def one_of(self, name: str, column: str, values: Sequence[str]) -> str:
        """The condition that a column has one of the values."""
        names = [self.value(f"{name}_{place}", value) for place, value in enumerate(values)]
        return f"{column} IN ({', '.join(names)})"

    def scope(self, name: str, scope: Scope) -> str:
        """The condition that a record is of the flow and not excluded."""
        parts = [self.one_of(f"{name}_segment", "x.segment", scope.segments)]
        parts += [f"NOT x.is_{excluded}" for excluded in scope.exclude]
        return " AND ".join(parts)

    def in_region(self) -> str:
        """The condition that a record is of the regions asked for."""
        regions = self.question.regions
        return self.one_of("region", self.region, regions) if regions else "true"

    def filters(self) -> list[str]:
        """The conditions of sector, product, country and the other codes."""
        question, found = self.question, []
        if question.sector:
            scheme, _, ids = question.sector.partition(":")
            column = DIMENSIONS[f"sector:{scheme}"].column
            found.append(self.one_of("sector", column, ids.split(",")))
        if question.hs:
            prefixes = [self.value(f"hs_{place}", code) for place, code in enumerate(question.hs.split(","))]
            found.append("(" + " OR ".join(f"starts_with(x.hs_code, {name})" for name in prefixes) + ")")
        for part in CODE_FILTERS:
            codes = getattr(question, part)
            if codes:
                found.append(self.one_of(part, DIMENSIONS[part].column, codes.split(",")))
        return found


def write_statement(question: Question, plan: Plan, write: Callable[[Conditions], str]) -> Statement:
    """Return the statement that `write` gives over the smallest table of the edition that has what its SQL names."""
    missing: frozenset[str] = frozenset()
    for table in tables_of(plan.source):
        conditions = Conditions(question, plan, table)
        sql = write(conditions)
        missing = columns_named(sql) - plan.columns.get(table.name, frozenset())
        if not missing:
            return Statement(sql, conditions.params)
    raise EditionOutdated(sorted(f"{table.name}.{column}" for column in missing))


# -- The SQL of an answer: one statement for the figure and its parts. That of the totals around it is in
# `wholes`.

FIRM_AND = ("firm_product", "firm_country", "firm_region")  # what one firm does with one thing
LOOKED_BACK = (12, 24, 36)  # months before the window
TWO_PERIODS = "CASE WHEN {} THEN 1 ELSE 0 END"


def statement(question: Question, plan: Plan, spec: Metric, *, cell: str) -> Statement:
    """Return the SQL of a metric: one row per part of the split and one, `is_total`, for the whole slice."""
    return write_statement(
        question, plan, lambda conditions: _text(conditions, plan, spec, unit=unit_name(question, cell))
    )


def _text(conditions: Conditions, plan: Plan, spec: Metric, *, unit: str) -> str:
    question = conditions.question
    value, base = outer(spec, 1), outer(spec, 0) if spec.has_base else "NULL"
    has_cells = unit != "slice" or question.split is None  # else a part is one cell, and the whole is their sum
    key = "part" if spec.parts else "key"
    is_total, groups = f"grouping({key})", f"GROUPING SETS (({key}), ())"
    if has_cells and not spec.parts:
        is_total, groups = "is_total", "is_total, key"
    if question.split == "month":  # a part is one month, not as many as the window
        months = f"(CASE WHEN {is_total} = 1 THEN $months ELSE 1 END)"
        value, base = value.replace("$months", months), base.replace("$months", months)
    sql = f"""WITH {items(conditions, spec, plan, unit)},
{_cell_ctes(conditions, spec) if has_cells else _part_cte(conditions, spec)}
SELECT {is_total} = 1 AS is_total, {f"strftime({key}, '%Y-%m')" if question.split == "month" else key} AS key,
    {value} AS value,
    {base} AS base,
    sum(n_items)::BIGINT AS n_items,
    {_statistics(unit)}
FROM {_cells(spec)}
GROUP BY {groups}
HAVING sum(n_items) > 0 OR count(v0) > 0 OR {is_total} = 1
ORDER BY is_total DESC, key"""
    add_values(sql, conditions, plan)
    return sql


def add_values(sql: str, conditions: Conditions, plan: Plan) -> None:
    """Keep the parameters that the SQL of metrics may name: months with data, k, and months before the window."""
    if "$months" in sql:
        conditions.value("months", len(plan.window or ()) - len(plan.absent))
    if "$k" in sql:
        conditions.value("k", conditions.question.top)
    for months in LOOKED_BACK:
        if f"$back_{months}" in sql and plan.window is not None:
            conditions.value(f"back_{months}", add_months(plan.window.first, -months))


def _cell_ctes(conditions: Conditions, spec: Metric) -> str:
    """The cells of each part and of the whole; sums of the whole are added up from those of its parts."""
    is_split, sums = conditions.question.split is not None, _sums(conditions, spec)
    if not (is_split and spec.adds_up):
        grouped = "GROUPING SETS ((x.key, x.unit), (x.unit))" if is_split else "x.unit"
        key, is_total = ("x.key", "grouping(x.key)") if is_split else ("NULL", "1")
        return f"""cell AS (
    SELECT {key} AS key, x.unit, {is_total} AS is_total,{_columns(sums)}
    FROM item AS x
    GROUP BY {grouped}
)"""
    return f"""part AS (
    SELECT x.key, x.unit,{_columns(sums)}
    FROM item AS x
    GROUP BY x.key, x.unit
),
cell AS (
    SELECT key, unit, 0 AS is_total, {", ".join(sums)}
    FROM part
    UNION ALL
    SELECT NULL, unit, 1, {", ".join(f"sum({name})" for name in sums)}
    FROM part
    GROUP BY unit
)"""


def _part_cte(conditions: Conditions, spec: Metric) -> str:
    """The sums of each part, which is one cell."""
    return f"""cell AS (
    SELECT x.key,{_columns(_sums(conditions, spec))}
    FROM item AS x
    GROUP BY x.key
)"""


def _sums(conditions: Conditions, spec: Metric) -> dict[str, str]:
    """The columns of a cell, for the window (1) and for the base (0)."""
    periods = {1: conditions.in_window, 0: conditions.in_base}
    region = " AND x.in_region" if spec.whole_firm else ""
    asked = region + (" AND x.in_size" if spec.is_moving else "")
    sums = {"n_items": f"{conditions.table.n_items} FILTER (WHERE {periods[1]}{asked})"}
    for columns, kept in ((spec.cell_columns, asked), (spec.any_size, region)):
        for name, aggregate in columns.items():
            sums |= {f"{name}{place}": f"{aggregate} FILTER (WHERE {month}{kept})" for place, month in periods.items()}
    if spec.whole_firm:
        whole = "sum(sum(x.fob_usd) FILTER (WHERE {})) OVER (PARTITION BY is_total, x.unit)"
        sums |= {f"t{place}": whole.format(month) for place, month in periods.items()}
    return sums


def _columns(columns: Mapping[str, str]) -> str:
    return ",".join(f"\n        {sql} AS {name}" for name, sql in columns.items())


def outer(spec: Metric, period: int) -> str:
    """Return the metric's SQL over the cells, for the window (1) or the base (0)."""
    text = spec.sql
    derived = {name[:-1] for name in spec.derived if name[-1] in "10"}
    for name in (*spec.cell_columns, *spec.any_size, *derived, "t"):
        text = text.replace(f"{{{name}}}", f"{name}{period}")
        text = text.replace(f"{{{name}1}}", f"{name}1").replace(f"{{{name}0}}", f"{name}0")
    return text


def _cells(spec: Metric) -> str:
    columns = {**spec.derived, **({"part": spec.parts.sql} if spec.parts else {})}
    derived = "".join(f", {sql} AS {name}" for name, sql in columns.items())
    return f"(SELECT *{derived} FROM cell)" if derived else "cell"


def _statistics(unit: str) -> str:
    """What low base needs to know of a group: the value and the firms of its base."""
    counted = "DISTINCT unit.firm" if unit in FIRM_AND else "*"
    has_firms = unit in ("firm", "firm_of_base", *FIRM_AND)
    firms = f"count({counted}) FILTER (WHERE v0 > 0 AND unit IS NOT NULL)::BIGINT" if has_firms else "NULL"
    return f"sum(v0) AS base_usd,\n    {firms} AS base_firms"


def items(conditions: Conditions, spec: Metric, plan: Plan, unit: str, *, period: str = "") -> str:
    """The records of the slice, each with the key of the split and the unit of its cell.

    A firm has one class in the window and one in the base, or one in each `period`.
    """
    question, region = conditions.question, conditions.in_region()
    where = [
        conditions.from_source,
        f"({conditions.in_window} OR {conditions.in_base})",
        conditions.scope("own", question.scope),
        *conditions.filters(),
    ]
    if not spec.whole_firm:
        where.append(region)
    joins, in_size = "", "true"
    if question.is_sized:
        joins = "\n    " + join_classes(
            conditions, period=period or TWO_PERIODS.format(conditions.in_window), where=where[1]
        )
        if question.size:
            in_size = conditions.one_of("size", SIZE, SIZES[question.size])
            where += [] if spec.is_moving else [in_size]
    marks = {"key": _key(conditions, plan), "unit": unit_sql(conditions, unit)}
    marks |= {"in_region": region} if spec.whole_firm else {}
    marks |= {"in_size": in_size} if spec.is_moving else {}
    return f"""item AS (
    SELECT x.*,{_columns(marks)}
    FROM {conditions.table.name} AS x{joins}
    WHERE {f"{chr(10)}        AND ".join(where)}
)"""


def _key(conditions: Conditions, plan: Plan) -> str:
    split = conditions.question.split
    if split is None:
        return "NULL"
    if split == "region":
        return conditions.region
    if split == "size":
        return SIZE
    if split != "month":
        return DIMENSIONS[split].column
    if plan.window is None or plan.base is None:
        return "x.month"
    gap = (plan.window.first.year - plan.base.first.year) * 12
    gap += plan.window.first.month - plan.base.first.month
    shifted = f"(x.month + to_months({conditions.value('gap', gap)}::INTEGER))::DATE"
    return f"CASE WHEN {conditions.in_base} THEN {shifted} ELSE x.month END"


def unit_name(question: Question, cell: str) -> str:
    """Return what one cell is of: a cell of `over` is of what the question looks over."""
    return {"over": question.looks_over or "slice", "firm_over": f"firm_{question.looks_over}"}.get(cell, cell)


def unit_sql(conditions: Conditions, unit: str) -> str:
    """Return the SQL of what a record's cell is of."""
    table = conditions.table
    firm_and = f"CASE WHEN {table.firm} IS NOT NULL THEN {{{{'firm': {table.firm}, 'of': {{}}}}}} END"
    return {
        "slice": "NULL",
        "firm": table.firm,
        "firm_of_base": f"CASE WHEN {conditions.in_base} THEN {table.firm} END",  # half the cells of "firm"
        "firm_month": f"CASE WHEN {table.firm} IS NOT NULL THEN (x.month, {table.firm}) END",
        "firm_product": firm_and.format("substring(x.hs_code, 1, 6)"),
        "firm_country": firm_and.format("x.country_code"),
        "firm_region": firm_and.format(conditions.region),
        "product": "substring(x.hs_code, 1, 6)",
        "country": "x.country_code",
        "unit_value": f"(x.hs_code, x.country_code, {table.unit})",
        "known_region": f"coalesce({conditions.region} {REAL_REGION}, false)",
        "known_product": table.has_product,
        "known_country": table.has_country,
        "known_size": f"coalesce({SIZE} <> 'sin_informacion', false)",
    }[unit]


# -- The totals around a figure: what it is a share of, its region's own, and what part of the nation's value
# is known.


@dataclass(frozen=True)
class Wholes:
    """National totals that a figure is set against, in US$."""

    whole: float | None
    whole_base: float | None
    region: float | None
    coverage: Coverage
    statement: Statement


def wholes_of(edition: Edition, question: Question, found: Plan) -> Wholes:
    """Return the totals around a figure."""
    sql = _statement(question, found)
    row = {
        name: None if value is None else float(value) for name, value in edition.rows(sql.sql, sql.params)[0].items()
    }
    nation = row["national_usd"]
    known = {what: growth.share(row[f"{what}_known_usd"] or 0.0, nation) for what in ("region", "product", "country")}
    size = growth.share(row["size_known_usd"] or 0.0, nation) if found.source == REGISTER else None
    return Wholes(row["whole_usd"], row["whole_base_usd"], row["region_usd"], Coverage(**known, size=size), sql)


def _statement(question: Question, plan: Plan) -> Statement:
    """The denominator, the region's own total, and the coverage, in one pass."""
    compared = plan if question.whole else replace(plan, base=None)
    return write_statement(question, compared, _wholes_text)


def _wholes_text(conditions: Conditions) -> str:
    question, whole = conditions.question, conditions.question.whole
    own = f"{conditions.in_window} AND {conditions.scope('own', question.scope)}"
    known = {
        "national_usd": "true",
        "region_known_usd": f"{conditions.region} {REAL_REGION}",
        "product_known_usd": conditions.table.has_product,
        "country_known_usd": conditions.table.has_country,
        "size_known_usd": "x.size_class <> 'sin_informacion'" if conditions.is_register else "false",
        "region_usd": conditions.in_region(),
    }
    if whole is None:
        sums, months = ["NULL AS whole_usd", "NULL AS whole_base_usd"], own
    else:
        of = conditions.scope("whole", whole.scope)
        of += f" AND {conditions.region} {REAL_REGION}" if whole.regionalised else ""
        months = f"({conditions.in_window} OR {conditions.in_base})"
        periods = {"whole_usd": conditions.in_window, "whole_base_usd": conditions.in_base}
        sums = [f"sum(x.fob_usd) FILTER (WHERE {of} AND {period}) AS {name}" for name, period in periods.items()]
        known = {name: f"{own} AND {what}" for name, what in known.items()}
    sums += [f"sum(x.fob_usd) FILTER (WHERE {what}) AS {name}" for name, what in known.items()]
    return f"""SELECT {f",{chr(10)}    ".join(sums)}
FROM {conditions.table.name} AS x
WHERE {conditions.from_source} AND {months}"""
