"""The SQL of an answer: one statement for the figure and its parts, one for the national totals around it."""

from collections.abc import Mapping

from indicators.conditions import REAL_REGION, Conditions
from indicators.dimensions import DIMENSIONS
from indicators.metrics import Metric
from indicators.plan import Plan
from indicators.question import Question
from indicators.result import Statement
from indicators.scope import SIZES
from indicators.tables import table_for, totals_of


def statement(question: Question, plan: Plan, spec: Metric, *, cell: str) -> Statement:
    """Return the SQL of a metric: one row per part of the split and one, `is_total`, for the whole slice."""
    unit = question.looks_over or "slice" if cell == "over" else cell
    conditions = Conditions(question, plan, table_for(question, plan.source, cell=unit))
    value, base = outer(spec, 1), outer(spec, 0) if spec.has_base else "NULL"
    sql = f"""WITH {_items(conditions, spec, plan, unit)},
{_cell_ctes(conditions, spec)}
SELECT is_total = 1 AS is_total, {"strftime(key, '%Y-%m') AS key" if question.split == "month" else "key"},
    {value} AS value,
    {base} AS base,
    sum(n_items)::BIGINT AS n_items,
    {_statistics(unit)}
FROM {_cells(spec)}
GROUP BY is_total, key
HAVING sum(n_items) > 0 OR count(v0) > 0 OR is_total = 1
ORDER BY is_total DESC, key"""
    if "$months" in sql:
        conditions.value("months", len(plan.window or ()))
    if "$k" in sql:
        conditions.value("k", question.top)
    return Statement(sql, conditions.params)


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
    again = {name: f"sum({name})" for name in sums}
    return f"""part AS (
    SELECT x.key, x.unit,{_columns(sums)}
    FROM item AS x
    GROUP BY x.key, x.unit
),
cell AS (
    SELECT key, unit, grouping(key) AS is_total,{_columns(again)}
    FROM part
    GROUP BY GROUPING SETS ((key, unit), (unit))
)"""


def _sums(conditions: Conditions, spec: Metric) -> dict[str, str]:
    """The columns of a cell, for the window (1) and for the base (0)."""
    periods = {1: conditions.in_window, 0: conditions.in_base}
    region = " AND x.in_region" if spec.whole_firm else ""
    sums = {"n_items": f"{conditions.table.n_items} FILTER (WHERE {periods[1]}{region})"}
    for name, aggregate in spec.cell_columns.items():
        sums |= {f"{name}{place}": f"{aggregate} FILTER (WHERE {month}{region})" for place, month in periods.items()}
    if spec.whole_firm:
        whole = "sum(sum(x.fob_usd) FILTER (WHERE {})) OVER (PARTITION BY is_total, x.unit)"
        sums |= {f"t{place}": whole.format(month) for place, month in periods.items()}
    return sums


def _columns(columns: Mapping[str, str]) -> str:
    return ",".join(f"\n        {sql} AS {name}" for name, sql in columns.items())


def outer(spec: Metric, period: int) -> str:
    """Return the metric's SQL over the cells, for the window (1) or the base (0)."""
    text = spec.sql
    for name in (*spec.cell_columns, "t"):
        text = text.replace(f"{{{name}}}", f"{name}{period}")
        text = text.replace(f"{{{name}1}}", f"{name}1").replace(f"{{{name}0}}", f"{name}0")
    return text


def _cells(spec: Metric) -> str:
    derived = "".join(f", {sql} AS {name}" for name, sql in spec.derived.items())
    return f"(SELECT *{derived} FROM cell)" if derived else "cell"


def _statistics(unit: str) -> str:
    """What low base and disclosure need to know of a group: value, firms, the two largest firms."""
    firms = "count(*) FILTER (WHERE v{0} > 0 AND unit IS NOT NULL)::BIGINT"
    largest = "max(v{0}, 2) FILTER (WHERE v{0} > 0 AND unit IS NOT NULL)"
    known = {
        "value_usd": "sum(v1)",
        "base_usd": "sum(v0)",
        "firms": firms.format(1) if unit == "firm" else "NULL",
        "base_firms": firms.format(0) if unit in ("firm", "firm_of_base") else "NULL",
        "largest": largest.format(1) if unit == "firm" else "NULL",
        "base_largest": largest.format(0) if unit == "firm" else "NULL",
    }
    return f",{chr(10)}    ".join(f"{sql} AS {name}" for name, sql in known.items())


def _items(conditions: Conditions, spec: Metric, plan: Plan, unit: str) -> str:
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
        {_unit(conditions, unit)} AS unit{f",{chr(10)}        {region} AS in_region" if spec.whole_firm else ""}
    FROM {conditions.table.name} AS x
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
        return "x.month"
    gap = (plan.window.first.year - plan.base.first.year) * 12
    gap += plan.window.first.month - plan.base.first.month
    shifted = f"(x.month + to_months({conditions.value('gap', gap)}::INTEGER))::DATE"
    return f"CASE WHEN {conditions.in_base} THEN {shifted} ELSE x.month END"


def _unit(conditions: Conditions, unit: str) -> str:
    table = conditions.table
    return {
        "slice": "NULL",
        "firm": table.firm,
        "firm_of_base": f"CASE WHEN {conditions.in_base} THEN {table.firm} END",  # half the cells of "firm"
        "firm_month": f"CASE WHEN {table.firm} IS NOT NULL THEN (x.month, {table.firm}) END",
        "product": "substring(x.hs_code, 1, 6)",
        "country": "x.country_code",
        "unit_value": f"(x.hs_code, x.country_code, {table.unit})",
        "known_region": f"coalesce({conditions.region} {REAL_REGION}, false)",
        "known_product": table.has_product,
        "known_country": table.has_country,
        "known_size": f"coalesce({conditions.size} <> 'sin_informacion', false)",
    }[unit]


def whole_statement(question: Question, plan: Plan) -> Statement:
    """Return the SQL of the national totals: the denominator, the region's own total, and the coverage."""
    conditions = Conditions(question, plan, totals_of(plan.source))
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
        "product_known_usd": conditions.table.has_product,
        "country_known_usd": conditions.table.has_country,
        "size_known_usd": size,
        "region_usd": region,
    }
    sums = [f"sum(x.fob_usd) FILTER (WHERE {den} AND {period}) AS {name}"
            for name, period in (("whole_usd", window), ("whole_base_usd", base))]  # fmt: skip
    sums += [f"sum(x.fob_usd) FILTER (WHERE {own} AND {window} AND {what}) AS {name}" for name, what in known.items()]
    sql = f"""SELECT {f",{chr(10)}    ".join(sums)}
FROM {conditions.table.name} AS x
{conditions.joins}
WHERE {conditions.from_source} AND ({window} OR {base})"""
    return Statement(sql, conditions.params)
