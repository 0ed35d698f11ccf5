"""Survival: of the firms that began to export in a year, how many export k years later."""

from collections.abc import Iterator
from dataclasses import replace

from indicators import reasons
from indicators.calendar import calendars
from indicators.conditions import Conditions, write_statement
from indicators.context import blank_answer
from indicators.edition import Edition
from indicators.firm_statistics import published_plan
from indicators.language import t
from indicators.names import check_codes
from indicators.plan import Plan, plan_in
from indicators.query import items
from indicators.question import Question
from indicators.result import Answer, Row, Statement

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
    return replace(answer, rows=rows, reasons=(*answer.reasons, reasons.ONLY_ROWS), statements=(sql,))


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
