"""Computes one metric in one edition: plan, SQL, changes and shares."""

from collections.abc import Mapping
from dataclasses import replace

from editions.edition import Edition
from indicators.engine import growth, result
from indicators.engine.context import blank_answer
from indicators.engine.firm_statistics import look_up, published_plan
from indicators.engine.growth import Change, Group, Guard, read_group
from indicators.engine.names import check_codes, key_labels, row_label
from indicators.engine.plan import Plan, plan_in
from indicators.engine.result import Answer, Reason, Row, Statement
from indicators.engine.sql import Wholes, statement, unit_name, wholes_of
from indicators.metrics import METRICS
from indicators.metrics.metric import Metric
from indicators.question.calendar import SourceCalendar, calendars
from indicators.question.dimensions import UNKNOWN_KEY
from indicators.question.question import Question
from indicators.question.scope import SIZES
from words.language import t


def measure(edition: Edition, question: Question) -> Answer:
    """Return the answer of a metric that has SQL of its own."""
    check_codes(edition, question)
    found = plan_in(edition, question)
    if edition.holds_no_firm and question.speaks_of_firms:
        return _looked_up(edition, question, published_plan(edition, question, found))
    calendar = calendars(edition).get(found.source)
    answer = blank_answer(edition, question, found, calendar)
    needs_base = question.spec.compares or question.spec.is_moving
    if found.window is None or calendar is None or (needs_base and found.base is None):
        return answer
    if found.blocked and not question.counts_by_month:
        return replace(answer, reasons=(found.blocked, *answer.reasons))
    total, parts, sql = _groups(edition, question, found, calendar)
    wholes = wholes_of(edition, question, found)
    return _with_all(edition, answer, total, parts, wholes, sql)


def _looked_up(edition: Edition, question: Question, found: Plan) -> Answer:
    """Return what a public edition says of firms."""
    answer = blank_answer(edition, question, found, calendars(edition).get(found.source))
    if found.window is None or found.blocked:
        return replace(answer, reasons=_distinct(found.blocked, *answer.reasons))
    looked_up = look_up(edition, question, found)
    return _with_all(edition, answer, looked_up.total, looked_up.parts, looked_up.wholes, looked_up.statement)


def _with_all(
    edition: Edition, answer: Answer, total: Group, parts: list[Group], wholes: Wholes, sql: Statement
) -> Answer:
    """Return the answer with its value, its rows and the SQL of both."""
    question = answer.question
    answer = _with_total(answer, total, wholes)
    if question.split or question.spec.parts:
        answer = replace(answer, rows=_rows(answer, parts, wholes, labels=_labels(edition, question)))
    return replace(answer, statements=(sql, wholes.statement))


def _groups(
    edition: Edition, question: Question, found: Plan, calendar: SourceCalendar
) -> tuple[Group, list[Group], Statement]:
    """Run the SQL; return the whole slice and its parts."""
    spec = question.spec
    sql = statement(question, found, spec, cell=_cell(question, found))
    rows = edition.rows(sql.sql, sql.params)
    has_base = found.base is not None
    groups = [(row["is_total"], read_group(row, spec, has_base=has_base)) for row in rows]
    if _lacks_base_firms(question, found):
        firms = _base_firms(edition, question, found)
        groups = [(is_total, replace(group, base_firms=firms.get((is_total, group.key)))) for is_total, group in groups]
    nothing = Group(None, spec.empty, spec.empty if has_base and spec.has_base else None)
    total = next((group for is_total, group in groups if is_total), nothing)
    parts = [group for is_total, group in groups if not is_total]
    if question.split == "month":
        parts = _every_month(parts, found, calendar, nothing=nothing)
    if found.blocked:
        total = replace(nothing, value=None, base=None, n_items=total.n_items, reasons=(found.blocked,))
    return total, parts, sql


def _cell(question: Question, found: Plan) -> str:
    """Group by firm where low base asks how many the base has."""
    cell = question.spec.cell
    if question.looks_over == "firm" and cell == "over":
        return "firm"
    if cell != "slice":
        return cell
    return "firm_of_base" if found.base_firms_known else cell


def _lacks_base_firms(question: Question, found: Plan) -> bool:
    """Whether low base asks how many firms the base has, and cells of products or countries do not tell."""
    is_growing = question.spec.unit in growth.GROWING_UNITS and found.base is not None
    return is_growing and found.base_firms_known and unit_name(question, question.spec.cell) in ("product", "country")


def _base_firms(edition: Edition, question: Question, found: Plan) -> Mapping[tuple[bool, str | None], int]:
    sql = statement(question, found, METRICS["fob"], cell="firm_of_base")
    return {(row["is_total"], row["key"]): row["base_firms"] for row in edition.rows(sql.sql, sql.params)}


def _every_month(parts: list[Group], found: Plan, calendar: SourceCalendar, *, nothing: Group) -> list[Group]:
    """Return a group for each month of the window: none exported is zero, not loaded is missing."""
    by_month = {part.key: part for part in parts}
    complete = []
    for month in found.window.months if found.window else ():
        key = f"{month:%Y-%m}"
        group = by_month.get(key, replace(nothing, key=key))
        if month not in calendar.states:
            group = Group(key, None, None, reasons=(result.partial([month], loaded=False),))
        elif month not in calendar.complete:
            group = replace(group, reasons=(result.partial([month], loaded=True),))
        complete.append(group)
    return complete


def _with_total(answer: Answer, total: Group, wholes: Wholes) -> Answer:
    moved = _change(answer.unit, total, wholes)
    asks_share = answer.question.whole is not None
    has_base = total.base is not None
    return replace(
        answer,
        value=total.value,
        base=total.base,
        change=moved.absolute,
        growth=moved.growth,
        share=growth.share(total.value, wholes.whole) if asks_share else None,
        share_base=growth.share(total.base, wholes.whole_base) if asks_share and has_base else None,
        share_of=_share_of(answer),
        coverage=wholes.coverage,
        n_items=total.n_items,
        reasons=_distinct(
            *total.reasons, *_nothing_to_compute(total, answer.question.spec), *answer.reasons, moved.reason
        ),
    )


def _nothing_to_compute(group: Group, spec: Metric) -> tuple[Reason, ...]:
    """Why a group has no value where nothing else says it: no exports, nothing to compare, nobody who could leave."""
    if group.value is not None or group.reasons:
        return ()
    if group.n_items and spec.cell == "unit_value":
        return (result.NO_COMPARABLE,)
    return (result.NO_BASE_VALUE,) if group.n_items and spec.is_trailing else (result.NO_RECORDS,)


def _labels(edition: Edition, question: Question) -> Mapping[str, str]:
    """The names of the parts, in the reader's language."""
    if question.spec.parts:
        return {key: t(label) for key, label in question.spec.parts.labels.items()}
    return key_labels(edition, question.split or "")


def _share_of(answer: Answer) -> str | None:
    """Name the whole of the shares: the denominator asked for, else the total whose parts are shown."""
    question = answer.question
    if question.whole is not None:
        return t("del {whole}", whole=question.whole.label)
    is_split = question.split or question.spec.parts
    return t("del total mostrado") if is_split and question.spec.additive else None


def _rows(answer: Answer, parts: list[Group], wholes: Wholes, *, labels: Mapping[str, str]) -> tuple[Row, ...]:
    split = answer.question.split or ""
    additive = answer.question.spec.additive
    whole, whole_base = (answer.value, answer.base) if additive else (None, None)
    if answer.question.whole is not None:
        whole, whole_base = wholes.whole, wholes.whole_base
    grew = additive and answer.growth is not None
    rows = []
    for part in parts:
        moved = _change(answer.unit, part, wholes)
        if answer.question.spec.parts and not (part.value and part.base):
            moved = Change(moved.absolute, None)  # who enters has no base, and that is no lack
        rows.append(
            Row(
                key=part.key or UNKNOWN_KEY,
                label=row_label(part.key, split, labels),
                value=part.value,
                base=part.base,
                change=moved.absolute,
                growth=moved.growth,
                share=growth.share(part.value, whole),
                contribution=growth.contribution(part.value, part.base, answer.base) if grew else None,
                reasons=_distinct(*part.reasons, *_nothing_to_compute(part, answer.question.spec), moved.reason),
                share_base=growth.share(part.base, whole_base),
            )
        )
    return _in_order(rows, split, answer.question.spec)


def _in_order(rows: list[Row], split: str, spec: Metric) -> tuple[Row, ...]:
    """Months, sizes and parts of a metric in their own order; the rest from the largest down, missing values last."""
    if split == "month":
        return tuple(rows)
    if split == "size" or spec.parts:
        order = tuple(spec.parts.labels if spec.parts else SIZES)
        return tuple(sorted(rows, key=lambda row: order.index(row.key) if row.key in order else len(order)))
    return tuple(sorted(rows, key=lambda row: (row.value is None, -(row.value or 0), row.key)))


def _change(unit: str, group: Group, wholes: Wholes) -> Change:
    guard = Guard(group.base_usd, group.base_firms, wholes.region)
    return growth.change(group.value, group.base, unit, guard=guard)


def _distinct(*found: Reason | None) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for reason in found if reason is not None))
