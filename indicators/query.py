"""The SQL of an answer: one statement for the figure and its parts. That of the totals around it is in `wholes`."""

from collections.abc import Mapping

from indicators.calendar import add_months
from indicators.conditions import REAL_REGION, SIZE, Conditions, write_statement
from indicators.dimensions import DIMENSIONS
from indicators.metrics import Metric
from indicators.plan import Plan
from indicators.question import Question
from indicators.result import Statement
from indicators.scope import SIZES
from indicators.size_classes import join_classes

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
