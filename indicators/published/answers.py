"""Answers a question from the ledger: what was printed, by whom and when, with what confirms and contradicts it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indicators import growth
from indicators.calendar import Window
from indicators.context import blank_answer
from indicators.dimensions import PRINTED_SECTORS
from indicators.edition import Edition
from indicators.formats import listing, printed_on
from indicators.groups import PRECISION
from indicators.labels import scope_label
from indicators.language import t
from indicators.names import check_codes, key_labels, row_label
from indicators.plan import Plan
from indicators.published.asked import Asked, asked, period_of, subjects, whole_of, window_of
from indicators.published.facts import Period, PublishedFact
from indicators.published.labels import SCOPE_LABELS
from indicators.published.remarks import differing, flags, nothing, overlap
from indicators.question import Question
from indicators.reasons import Reason
from indicators.result import Answer, Citation, Row, Statement
from indicators.scope import PUBLISHED, REGIONS

CITED = """SELECT figure_id, metric, flow_scope, region_code, subject, period_start, period_end, printed_value,
    printed_unit, publisher, published_on, source_url, source_kind, note
FROM core_published_figure WHERE list_contains($figure_ids, figure_id) ORDER BY figure_id"""
RATES, SHARES = ("yoy", "ytd"), ("share",)


def published_answer(edition: Edition, question: Question) -> Answer:
    """Return what is published of a question; where nothing is, the reason names what is published nearest."""
    check_codes(edition, question)
    found = asked(edition, question)
    window = window_of(question, found)
    base = question.base_of(window) if window else None
    blank = blank_answer(edition, question, Plan(PUBLISHED, window, base), None)
    label = t(SCOPE_LABELS[found.scope]) if found.scope else question.scope.label
    blank = replace(blank, scope_label=scope_label(edition, question, printed=label), source_note="")
    if window is None:
        return replace(blank, reasons=(nothing(blank, found, None),))
    whole = _Printed(edition, question, window, base)
    row, used = whole.row("total", blank.region_label, found)
    rows, parts = _parts(whole, found, row) if question.split else ((), [])
    lead = whole.lead(found)
    answer = replace(
        blank,
        value=row.value,
        base=row.base,
        change=row.change,
        growth=row.growth,
        share=row.share,
        share_base=row.share_base,
        share_of=_share_of(blank, row),
        base_label=blank.base_label if question.metric in RATES or (row.growth, row.base) != (None, None) else None,
        reasons=(nothing(blank, found, window),) if row.value is None else (),
        rows=rows,
        flags=(*blank.flags, *flags(lead, row), *(overlap() if question.split == PRINTED_SECTORS and rows else ())),
    )
    return _cited(edition, answer, lead, [*used, *parts])


class _Printed:
    """The figures of one window and its base, read as rows of an answer."""

    def __init__(self, edition: Edition, question: Question, window: Window, base: Window | None) -> None:
        self.edition, self.question = edition, question
        self.window, self.period = window, period_of(window)
        self.base = period_of(base) if base else None
        self.whole = whole_of(edition, question)

    def lead(self, found: Asked) -> PublishedFact | None:
        """The fact that gives the value asked for."""
        return self._figure(found, self.period)

    def _figure(self, found: Asked, period: Period) -> PublishedFact | None:
        if self.question.metric in RATES:
            return self._growth(found) if period == self.period else None
        return found.share(period, self.whole) if self.question.metric in SHARES else found.level(period)

    def _growth(self, found: Asked) -> PublishedFact | None:
        is_year = self.question.compare == "year_before"
        return found.growth(self.period, self.base, is_year=is_year) if self.base else None

    def row(self, key: str, label: str, found: Asked) -> tuple[Row, list[PublishedFact]]:
        """Return a row, and the facts that it is made of. A base that the printed rate denies is not shown."""
        question = self.question
        lead = self.lead(found)
        before = self._figure(found, self.base) if self.base else None
        rate = self._growth(found) if question.metric not in (*RATES, *SHARES) and lead else None
        if before and rate and _denies(rate, before):
            before = None
        share = found.share(self.period, self.whole) if question.metric not in RATES else None
        share_base = found.share(self.base, self.whole) if share and self.base else None
        value, base = _number(lead), _number(before)
        moved = growth.change(value, base, question.spec.unit, guard=growth.Guard())
        shown = rate.value if rate and not (rate.is_derived and moved.reason) else None
        row = Row(
            key=key,
            label=label,
            value=value,
            base=base,
            change=moved.absolute,
            growth=shown,
            share=share.value if share else None,
            contribution=None,
            reasons=tuple(filter(None, (moved.reason if shown is None else None, *differing(lead), *differing(rate)))),
            share_base=share_base.value if share_base else None,
        )
        return row, [fact for fact in (lead, before, rate, share, share_base) if fact]


def _denies(rate: PublishedFact, before: PublishedFact) -> bool:
    """Whether a printed rate is of another base than the one printed: the base was revised in between."""
    bases = (other.figure_ids for other in rate.contradictions)
    return not rate.is_derived and any(set(before.figure_ids) <= set(ids) for ids in bases)


def _number(fact: PublishedFact | None) -> float | int | None:
    if fact is None:
        return None
    return float(f"{fact.value:.{PRECISION}g}") if fact.unit in ("usd", "fraction") else int(fact.value)


def _parts(printed: _Printed, found: Asked, total: Row) -> tuple[tuple[Row, ...], list[PublishedFact]]:
    """Return the rows of the split, largest first (months in order), and the facts that they are made of."""
    rows, used = [], []
    for key, label, part, view in _split(printed, found):
        row, facts = view.row(key, label, part)
        if row.value is None and printed.question.split != "month":
            continue
        if row.value is None:
            row = replace(row, reasons=(Reason("no_publicado", t("No hay una cifra publicada de este mes.")),))
        if printed.whole is None and printed.question.spec.additive:
            row = replace(row, share=growth.share(row.value, total.value))
        rows.append(row)
        used += facts
    if printed.question.split != "month":
        rows.sort(key=lambda row: (-(row.value or 0), row.key))
    return tuple(rows), used


def _split(printed: _Printed, found: Asked) -> Iterator[tuple[str, str, Asked, _Printed]]:
    edition, question = printed.edition, printed.question
    if question.split == "month":
        for month in printed.window.months:
            one = Window(month, month)
            yield (
                f"{month:%Y-%m}",
                row_label(f"{month:%Y-%m}", "month", {}),
                found,
                _Printed(edition, question, one, question.base_of(one)),
            )
    elif question.split == "region":
        labels = key_labels(edition, "region")
        for code in REGIONS:
            yield code, labels.get(code, code), asked(edition, question, region=code), printed
    else:
        kind = "destination" if question.split == "country" else "sector"
        for key, label, only in subjects(found, printed.period, kind):
            yield key, label, asked(edition, question, **only), printed


def _share_of(answer: Answer, row: Row) -> str | None:
    whole = answer.question.whole
    if whole is not None:
        return t("del {whole}", whole=t(whole.label))
    return t("del total mostrado") if answer.question.split and row.value is not None else None


def _cited(edition: Edition, answer: Answer, lead: PublishedFact | None, used: Iterable[PublishedFact]) -> Answer:
    """Return the answer with the rows of the ledger that it quotes, and who published the figure."""
    used = list(used)
    quoted = {one for fact in used for one in fact.figure_ids}
    others = {one for fact in used for other in fact.contradictions for one in other.figure_ids}
    sql = Statement(CITED, {"figure_ids": sorted(quoted | others)})
    rows = edition.rows(sql.sql, sql.params)
    citations = tuple(Citation(**row, contradicts=row["figure_id"] not in quoted) for row in rows)
    answer = replace(answer, citations=citations, statements=(sql,) if rows else (), n_items=len(rows))
    if lead is None:
        return replace(answer, source_note=t("Fuente: {source}.", source=_publishers(citations))) if rows else answer
    said = ", ".join(filter(None, (lead.publisher, printed_on(lead.published_on), *lead.source_urls)))
    return replace(
        answer,
        publisher=lead.publisher,
        published_on=lead.published_on,
        scope_label=scope_label(edition, answer.question, printed=lead.scope_label),
        source_note=t("Fuente: {source}.", source=said),
    )


def _publishers(citations: Iterable[Citation]) -> str:
    return listing(list(dict.fromkeys(one.publisher for one in citations)))
