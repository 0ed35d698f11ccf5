"""The SQL of an answer: one statement for the figure and its parts, one for the national totals around it."""

from indicators.conditions import REAL_REGION, Conditions
from indicators.dimensions import DIMENSIONS
from indicators.metrics import Metric
from indicators.plan import Plan
from indicators.question import Question
from indicators.result import Statement
from indicators.scope import SIZES


def statement(question: Question, plan: Plan, spec: Metric, *, cell: str) -> Statement:
    """Return the SQL of a metric: one row per part of the split and one, `is_total`, for the whole slice."""
    conditions = Conditions(question, plan)
    names = spec.cell_columns
    sums = [
        f"{aggregate} FILTER (WHERE x.in_{period} AND x.in_region) AS {name}{place}"
        for name, aggregate in names.items()
        for period, place in (("window", 1), ("base", 0))
    ]
    if spec.whole_firm:
        sums += [
            f"sum(sum(x.fob_usd) FILTER (WHERE x.in_{period})) OVER (PARTITION BY is_total, x.unit) AS t{place}"
            for period, place in (("window", 1), ("base", 0))
        ]
    value, base = outer(spec, 1), outer(spec, 0) if spec.has_base else "NULL"
    sql = f"""WITH {_items(conditions, spec, plan, cell)},
cell AS (
    SELECT {"x.key" if question.split else "NULL"} AS key, x.unit,
        {"grouping(x.key)" if question.split else "1"} AS is_total,
        count(*) FILTER (WHERE x.in_window AND x.in_region) AS n_items,
        {f",{chr(10)}        ".join(sums)}
    FROM item AS x
    GROUP BY {"GROUPING SETS ((x.key, x.unit), (x.unit))" if question.split else "x.unit"}
)
SELECT is_total = 1 AS is_total, key,
    {value} AS value,
    {base} AS base,
    sum(n_items)::BIGINT AS n_items,
    {_statistics(cell)}
FROM cell
GROUP BY is_total, key
HAVING sum(n_items) > 0 OR count(v0) > 0 OR is_total = 1
ORDER BY is_total DESC, key"""
    if "$months" in sql:
        conditions.value("months", len(plan.window or ()))
    if "$k" in sql:
        conditions.value("k", question.top)
    return Statement(sql, conditions.params)


def outer(spec: Metric, period: int) -> str:
    """Return the metric's SQL over the cells, for the window (1) or the base (0)."""
    text = spec.sql
    for name in (*spec.cell_columns, "t"):
        text = text.replace(f"{{{name}}}", f"{name}{period}")
        text = text.replace(f"{{{name}1}}", f"{name}1").replace(f"{{{name}0}}", f"{name}0")
    return text


def _statistics(cell: str) -> str:
    """What low base and disclosure need to know of a group: value, firms, the two largest firms."""
    value = "sum(v1) AS value_usd, sum(v0) AS base_usd"
    if cell != "firm":
        return f"{value}, NULL AS firms, NULL AS base_firms, NULL AS largest, NULL AS base_largest"
    firms = "count(*) FILTER (WHERE v{0} > 0 AND unit IS NOT NULL)::BIGINT"
    largest = "max(v{0}, 2) FILTER (WHERE v{0} > 0 AND unit IS NOT NULL)"
    return (
        f"{value},\n    {firms.format(1)} AS firms, {firms.format(0)} AS base_firms,\n"
        f"    {largest.format(1)} AS largest, {largest.format(0)} AS base_largest"
    )


def _items(conditions: Conditions, spec: Metric, plan: Plan, cell: str) -> str:
    """The records of the slice, each with the key of the split and the unit of its cell."""
    question, region = conditions.question, conditions.in_region()
    where = [
        conditions.from_source,
        f"({conditions.in_window} OR {conditions.in_base})",
        conditions.scope("own", question.scope),
        *conditions.filters(),
    ]
    if not spec.whole_firm:
        where.append(region)
    ctes, joins = "", conditions.joins
    if conditions.is_register:
        ctes = _firm_classes(conditions)
        joins += "\n    JOIN firm_class USING (exporter_key)"
        if question.size:
            where.append(conditions.one_of("size", conditions.size, SIZES[question.size]))
    return f"""{ctes}item AS (
    SELECT x.*,
        {_key(conditions, plan)} AS key,
        {_unit(conditions, cell)} AS unit,
        {conditions.in_window} AS in_window,
        {conditions.in_base} AS in_base,
        {region if spec.whole_firm else "true"} AS in_region
    FROM {conditions.table} AS x
    {joins}
    WHERE {f"{chr(10)}        AND ".join(where)}
)"""


def _firm_classes(conditions: Conditions) -> str:
    """One class per firm in each period, the one it has last: that is what `pyme` means in that period."""
    return f"""firm_class AS (
    SELECT x.exporter_key,
        max_by(x.size_class, x.month) FILTER (WHERE {conditions.in_window}) AS window_class,
        max_by(x.size_class, x.month) FILTER (WHERE {conditions.in_base}) AS base_class
    FROM core_register AS x
    WHERE {conditions.in_window} OR {conditions.in_base}
    GROUP BY x.exporter_key
),
"""


def _key(conditions: Conditions, plan: Plan) -> str:
    split = conditions.question.split
    if split is None:
        return "NULL"
    if split == "region":
        return conditions.region
    if split == "size":
        return conditions.size
    if split != "month":
        return DIMENSIONS[split].column
    if plan.window is None or plan.base is None:
        return "strftime(x.month, '%Y-%m')"
    gap = (plan.window.first.year - plan.base.first.year) * 12
    gap += plan.window.first.month - plan.base.first.month
    shifted = f"x.month + to_months({conditions.value('gap', gap)}::INTEGER)"
    return f"strftime(CASE WHEN {conditions.in_base} THEN {shifted} ELSE x.month END, '%Y-%m')"


def _unit(conditions: Conditions, cell: str) -> str:
    over = conditions.question.looks_over if cell == "over" else cell
    return {
        "slice": "NULL",
        "firm": conditions.firm,
        "firm_month": f"CASE WHEN {conditions.firm} IS NOT NULL THEN (x.month, {conditions.firm}) END",
        "product": "left(x.hs_code, 6)",
        "country": "x.country_code",
        "unit_value": "(x.hs_code, x.country_code, " + ("NULL" if conditions.is_register else "x.unit_code") + ")",
        "known_region": f"coalesce({conditions.region} {REAL_REGION}, false)",
        "known_product": "x.hs_code IS NOT NULL",
        "known_country": "x.country_code IS NOT NULL",
        "known_size": f"coalesce({conditions.size} <> 'sin_informacion', false)",
    }[over or "slice"]


def whole_statement(question: Question, plan: Plan) -> Statement:
    """Return the SQL of the national totals: the denominator, the region's own total, and the coverage."""
    conditions = Conditions(question, plan)
    own, region = conditions.scope("own", question.scope), conditions.in_region()
    whole = question.whole
    if whole is None:
        den = "false"
    else:
        den = conditions.scope("whole", whole.scope)
        den += f" AND {conditions.region} {REAL_REGION}" if whole.regionalised else ""
    window, base = conditions.in_window, conditions.in_base
    size = "x.size_class <> 'sin_informacion'" if conditions.is_register else "false"
    known = {
        "national_usd": "true",
        "region_known_usd": f"{conditions.region} {REAL_REGION}",
        "product_known_usd": "x.hs_code IS NOT NULL",
        "country_known_usd": "x.country_code IS NOT NULL",
        "size_known_usd": size,
        "region_usd": region,
    }
    sums = [f"sum(x.fob_usd) FILTER (WHERE {den} AND {period}) AS {name}"
            for name, period in (("whole_usd", window), ("whole_base_usd", base))]  # fmt: skip
    sums += [f"sum(x.fob_usd) FILTER (WHERE {own} AND {window} AND {what}) AS {name}" for name, what in known.items()]
    sql = f"""SELECT {f",{chr(10)}    ".join(sums)}
FROM {conditions.table} AS x
{conditions.joins}
WHERE {conditions.from_source} AND ({window} OR {base})"""
    return Statement(sql, conditions.params)
