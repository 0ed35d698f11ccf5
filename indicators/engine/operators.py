"""Growth, share and contribution: operators on the value exported, computed from its answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from editions.edition import Edition
from indicators.engine import growth, result
from indicators.engine.compute import measure
from indicators.engine.context import blank_answer, metric_label
from indicators.engine.firm_statistics import published_plan
from indicators.engine.names import check_codes, key_labels
from indicators.engine.plan import Plan, plan_in
from indicators.engine.result import Answer, Row, Statement
from indicators.engine.sql import Conditions, items, write_statement
from indicators.question.calendar import Window, calendars
from indicators.question.dimensions import UNKNOWN_KEY
from indicators.question.question import Question
from indicators.question.scope import NATION, REGIONS
from words.language import t

VALUE = "fob"
BASKETS = {"product": "hs6", "country": "country"}  # what a basket is made of → split
THREE_WAYS = ("exporters", "fob", "fob_same_firms")


def operate(edition: Edition, question: Question) -> Answer:
    """Return the answer of a metric that is an operator on `fob`, or on several metrics of firms."""
    operator = question.spec.operator or ""
    if operator == "three_ways":
        return _three_ways(edition, question)
    if question.spec.needs_whole_window:
        plan = plan_in(edition, question)
        if plan.window is None:
            return blank_answer(edition, question, plan, calendars(edition).get(plan.source))
    value_question = question.but(metric=VALUE, window=question.asked_window, over=None)
    return _OPERATORS[operator](edition, question, measure(edition, value_question))


def _renamed(question: Question, found: Answer) -> Answer:
    """Return the answer of `fob` under the metric asked for, without the figures that are not its own."""
    settled = found.question
    resolved = question.but(
        window=settled.window, compare=settled.compare, source=settled.source, sizing=settled.sizing
    )
    spec = question.spec
    return replace(
        found,
        question=resolved,
        label=metric_label(question, found.window, found.base_window),
        unit=spec.unit,
        value=None,
        base=None,
        change=None,
        growth=None,
    )


def _growth(_: Edition, question: Question, found: Answer) -> Answer:
    rows = tuple(replace(row, value=row.growth, base=None, change=None, contribution=None) for row in found.rows)
    return replace(_renamed(question, found), value=found.growth, rows=rows)


def _cagr(_: Edition, question: Question, found: Answer) -> Answer:
    years = _years(found.window, found.base_window)

    def yearly(part: Answer | Row) -> float | None:
        return growth.annual(part.value, part.base, years) if years and part.growth is not None else None

    rows = tuple(replace(row, value=yearly(row), base=None, change=None, contribution=None) for row in found.rows)
    return replace(_renamed(question, found), value=yearly(found), rows=rows)


def _years(window: Window | None, base: Window | None) -> int:
    return window.first.year - base.first.year if window and base else 0


def _share(_: Edition, question: Question, found: Answer) -> Answer:
    def as_share(row: Row) -> Row:
        moved = growth.moved(row.share, row.share_base)
        return replace(row, value=row.share, base=row.share_base, change=moved, growth=None, contribution=None)

    return replace(
        _renamed(question, found),
        value=found.share,
        base=found.share_base,
        change=found.share_change,
        rows=tuple(as_share(row) for row in found.rows),
    )


def _contribution(_: Edition, question: Question, found: Answer) -> Answer:
    def in_points(fraction: float | None) -> float | None:
        return None if fraction is None else fraction * 100

    rows = (replace(row, value=in_points(row.contribution), base=None, change=None, growth=None) for row in found.rows)
    ranked = sorted(rows, key=lambda row: (row.value is None, -abs(row.value or 0), row.key))
    by_size = tuple(ranked) if question.split != "month" else tuple(sorted(ranked, key=lambda row: row.key))
    return replace(_renamed(question, found), value=in_points(found.growth), rows=by_size)


def _location_quotient(edition: Edition, question: Question, found: Answer) -> Answer:
    nation = measure(edition, found.question.but(metric=VALUE, region=NATION))
    weights = {row.key: (row.share, row.share_base) for row in nation.rows}

    def specialised(row: Row) -> Row:
        weight, weight_base = weights.get(row.key, (None, None))
        value, base = growth.share(row.share, weight), growth.share(row.share_base, weight_base)
        return replace(row, value=value, base=base, change=growth.moved(value, base), growth=None, contribution=None)

    rows = sorted(map(specialised, found.rows), key=lambda row: (row.value is None, -(row.value or 0), row.key))
    return replace(
        _renamed(question, found),
        rows=tuple(rows),
        reasons=(*found.reasons, result.ONLY_ROWS),
        statements=(*found.statements, *nation.statements),
    )


def _export_similarity(edition: Edition, question: Question, found: Answer) -> Answer:
    split = BASKETS[question.looks_over or ""]
    ours, *others = (
        measure(edition, found.question.but(metric=VALUE, region=region, split=split))
        for region in (question.region, *(code for code in REGIONS if code != question.region))
    )
    labels = key_labels(edition, "region")
    rows = []
    for other in others:
        value, base = (growth.overlap(_shares(ours, base=base), _shares(other, base=base)) for base in (False, True))
        code = other.question.region
        if value is not None or base is not None:
            moved = growth.moved(value, base)
            rows.append(Row(code, labels.get(code, code), value, base, moved, None, None, None, other.reasons))
    return replace(
        _renamed(question, found),
        rows=tuple(sorted(rows, key=lambda row: (row.value is None, -(row.value or 0), row.key))),
        reasons=(*found.reasons, result.ONLY_ROWS),
        statements=tuple(one.statements[0] for one in (ours, *others) if one.statements),
    )


def _shares(basket: Answer, *, base: bool) -> dict[str, float | None]:
    """The weight of each part whose code is known."""
    return {row.key: row.share_base if base else row.share for row in basket.rows if row.key != UNKNOWN_KEY}


def _three_ways(edition: Edition, question: Question) -> Answer:
    """Growth of the count, of the value and of the value of the same firms: three rows and no total."""
    found = {metric: measure(edition, question.but(metric=metric)) for metric in THREE_WAYS}
    first = found[THREE_WAYS[0]]
    rows = tuple(
        Row(
            key=metric,
            label=one.label,
            value=one.value,
            base=one.base,
            change=one.change,
            growth=one.growth,
            share=None,
            contribution=None,
            reasons=tuple(reason for reason in one.reasons if reason not in first.reasons),
            unit=one.unit,
        )
        for metric, one in found.items()
    )
    return replace(
        _renamed(question, first),
        share=None,
        rows=rows if first.window is not None else (),
        reasons=(*first.reasons, result.ONLY_ROWS) if first.window is not None else first.reasons,
        statements=tuple(statement for one in found.values() for statement in one.statements),
    )


_OPERATORS: dict[str, Callable[[Edition, Question, Answer], Answer]] = {
    "growth": _growth,
    "cagr": _cagr,
    "share": _share,
    "contribution": _contribution,
    "location_quotient": _location_quotient,
    "export_similarity": _export_similarity,
}


# -- Survival: of the firms that began to export in a year, how many export k years later.

GENERATIONS = ("survivors", "survival")


def follow(edition: Edition, question: Question) -> Answer:
    """Return a row for each year of entry and each distance k, up to the year of the window; there is no total."""
    check_codes(edition, question)
    found = plan_in(edition, question)
    if edition.holds_no_firm:
        found = published_plan(edition, question, found)
    answer = blank_answer(edition, question, found, calendars(edition).get(found.source))
    if found.blocked:
        return replace(answer, reasons=(found.blocked, *answer.reasons))
    if found.window is None or found.base is None:
        return answer
    sql = write_statement(question, found, lambda conditions: _text(conditions, found))
    rows = tuple(_rows(edition, question, sql))
    return replace(answer, rows=rows, reasons=(*answer.reasons, result.ONLY_ROWS), statements=(sql,))


def _text(conditions: Conditions, found: Plan) -> str:
    """Return the SQL: each year a firm exported, the years it entered, and whether it exported k years later."""
    first, last = (found.base or found.window), found.window
    assert first is not None and last is not None  # noqa: S101  for the type checker
    from_year = conditions.value("first_year", first.first.year + (first.first.month > 1))
    to_year = conditions.value("last_year", last.last.year)
    return f"""WITH {items(conditions, conditions.question.spec, found, "firm", period="year(x.month)")},
firm_year AS (
    SELECT unit AS firm, year(month) AS year, bool_or(in_size) AS in_size
    FROM item WHERE unit IS NOT NULL AND year(month) >= {from_year}
    GROUP BY ALL HAVING sum(fob_usd) > 0
),
entry AS (
    SELECT firm, year FROM firm_year AS now
    WHERE in_size AND year > {from_year}
        AND NOT EXISTS (FROM firm_year AS before WHERE before.firm = now.firm AND before.year = now.year - 1)
)
SELECT entry.year AS cohort, later.k::INTEGER AS k, count(*)::BIGINT AS entrants,
    count(firm_year.firm)::BIGINT AS survivors
FROM entry
CROSS JOIN generate_series(0, {to_year} - {from_year}) AS later (k)
LEFT JOIN firm_year ON firm_year.firm = entry.firm AND firm_year.year = entry.year + later.k
WHERE entry.year + later.k <= {to_year}
GROUP BY ALL
ORDER BY cohort, k"""


def _rows(edition: Edition, question: Question, sql: Statement) -> Iterator[Row]:
    is_share = question.metric == "survival"
    for row in edition.rows(sql.sql, sql.params):
        cohort, k, entrants, survivors = (int(row[name]) for name in ("cohort", "k", "entrants", "survivors"))
        value = survivors / entrants if is_share else survivors
        if k == 0 and is_share:
            continue
        yield Row(
            key=f"{cohort}+{k}",
            label=_label(cohort, k),
            value=value,
            base=None,
            change=None,
            growth=None,
            share=None,
            contribution=None,
        )


def _label(cohort: int, k: int) -> str:
    if k == 0:
        return t("entraron en {year}", year=cohort)
    if k == 1:
        return t("entraron en {year}, 1 año después", year=cohort)
    return t("entraron en {year}, {k} años después", year=cohort, k=k)
