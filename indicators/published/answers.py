"""Answers a question from the ledger: what was printed, by whom and when, with what confirms and contradicts it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from editions.edition import Edition
from indicators.engine import growth
from indicators.engine.context import blank_answer, scope_label
from indicators.engine.growth import PRECISION
from indicators.engine.names import check_codes, key_labels, row_label
from indicators.engine.plan import Plan
from indicators.engine.result import Answer, Citation, Reason, Row, Statement
from indicators.published.facts import DERIVED, OtherValue, Period, PublishedFact, facts
from indicators.published.figure import METRIC_LABELS, SCOPE_LABELS
from indicators.published.region import DECIMALS, growth_of, quotient
from indicators.question.calendar import Window, add_months
from indicators.question.dimensions import PRINTED_SECTORS
from indicators.question.question import Question
from indicators.question.scope import NATION, PUBLISHED, REGIONS, Scope
from words.formats import listing, percent, printed_on
from words.language import t

# -- What of the ledger a question asks for: measure, scope, subject, size rule, period.

EXIT = "exit_point"
SCOPES = {  # flow and exclusions of a question → scope of the ledger
    Scope("goods"): "goods",
    Scope("services"): "services",
    Scope("goods+services"): "goods+services",
    Scope("goods+services", ("copper",)): "non_copper",
    Scope("goods+services", ("copper", "lithium")): "non_copper_non_lithium",
    Scope("all"): "goods+services+ship_supplies",
}
LEVELS = {"exporters": "n_exporters", "n_products": "n_products", "n_destinations": "n_destinations"}
OF_SIZE = {"fob_total": "fob_sme", "n_exporters": "n_exporters_sme"}
RATE_OF_LEVEL = {  # level → its printed rate of growth
    "fob_total": "growth",
    "fob_exit_point": "growth",
    "fob_sector": "growth",
    "dest_fob": "dest_yoy_pct",
    "fob_sme": "fob_sme_yoy_pct",
    "n_exporters": "n_exporters_yoy_pct",
    "n_exporters_sme": "n_exporters_sme_yoy_pct",
}
KINDS = {"ytd": ("to_date", "year"), "year": ("year",), "month": ("month",)}  # window's name → kinds of period


@dataclass(frozen=True)
class Asked:
    """The printed figures that a question is about, in one region, of every period."""

    edition: Edition
    region: str
    metric: str
    scope: str | None
    country: str | None = None
    sector: str | None = None
    size: str | None = None

    def printed(self, metric: str) -> list[PublishedFact]:
        """Return what is printed of a measure, latest first; claims and narrower bases are left out."""
        return [fact for fact in facts(self.edition, self.region) if fact.metric == metric and self._is_meant(fact)]

    def _is_meant(self, fact: PublishedFact) -> bool:
        if self.country:
            subject = fact.subject_code == self.country
        else:  # a product may bear the name of a sector
            is_sector = fact.subject_kind == "sector" or self.sector is None
            subject = is_sector and fact.printed_subject == self.sector
        is_plain = fact.basis is None and not fact.is_claim
        return subject and is_plain and (fact.scope, fact.size_rule) == (self.scope, self.size)

    def level(self, period: Period) -> PublishedFact | None:
        """Return the printed level of a period."""
        return next((fact for fact in self.printed(self.metric) if fact.period == period), None)

    def growth(self, period: Period, base: Period | None, *, is_year: bool) -> PublishedFact | None:
        """Return the printed rate of a period, else what its two printed levels give.

        Where both exist and do not agree, the rate of the levels stands as another value.
        """
        rates = self.printed(RATE_OF_LEVEL[self.metric]) if is_year and self.metric in RATE_OF_LEVEL else []
        rate = next((fact for fact in rates if fact.period == period), None)
        now, before = self.level(period), self.level(base) if base else None
        computed = growth_of(now, before) if now and before and before.value else None
        if rate is None or computed is None or _agree(rate, computed, before):
            return rate or computed
        return replace(rate, contradictions=(*rate.contradictions, _as_other(computed)))

    def share(self, period: Period, whole: "Asked | None") -> PublishedFact | None:
        """Return the level as a part of the printed level of the whole."""
        part, total = self.level(period), whole.level(period) if whole else None
        if part is None or total is None or not total.value:
            return None
        return quotient(part, total) if part != total else replace(quotient(part, total), contradictions=())

    @property
    def periods(self) -> set[Period]:
        """The periods that anything is printed of."""
        return {
            fact.period for name in (self.metric, RATE_OF_LEVEL.get(self.metric, "")) for fact in self.printed(name)
        }


def asked(edition: Edition, question: Question, *, region: str | None = None, **only: str | None) -> Asked:
    """Return what a question asks of the ledger, in its region or another, of one country or sector only."""
    at_exit = question.concept == "exit" and not question.scope.exclude
    metric = LEVELS.get(question.metric, "fob_exit_point" if at_exit else "fob_total")
    if question.country or "country" in only:
        metric = "dest_fob"
    elif "sector" in only:
        metric = "fob_sector"
    elif question.size:
        metric = OF_SIZE[metric]
    scope = EXIT if at_exit else None if question.concept == "exit" else SCOPES.get(question.scope)
    where = {"country": question.country, "size": question.size} | only
    return Asked(edition, region or question.region, metric, scope, **where)


def whole_of(edition: Edition, question: Question) -> Asked | None:
    """Return the national total that a share is taken of, where its scope is one of the ledger's."""
    whole = question.whole
    if whole is None or whole.regionalised or whole.scope not in SCOPES:
        return None
    return Asked(edition, NATION, "fob_total", SCOPES[whole.scope])


def window_of(question: Question, found: Asked) -> Window | None:
    """Return the months asked for: those written, else the latest that anything is printed of."""
    if question.asked_window not in KINDS:
        return None if question.asked_window == "rolling12" else Window.parse(question.asked_window)
    kinds = KINDS[question.asked_window]
    periods = [period for period in found.periods if period.kind in kinds]
    latest = max(periods, key=lambda period: period.end, default=None)
    return Window(latest.start, latest.end.replace(day=1)) if latest else None


def period_of(window: Window) -> Period:
    """Return the days of a window."""
    return Period(window.first, add_months(window.last, 1) - timedelta(days=1))


def subjects(found: Asked, period: Period, kind: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield key, label and filter of each destination or sector printed of a period in the scope."""
    metrics = ("dest_fob", "dest_yoy_pct") if kind == "destination" else ("fob_sector", "growth")
    seen = set()
    for fact in facts(found.edition, found.region):
        key = fact.subject_code if kind == "destination" else fact.printed_subject
        is_one = fact.metric in metrics and fact.subject_kind == kind and not fact.is_claim
        if key is None or key in seen or not is_one or (fact.scope, fact.period) != (found.scope, period):
            continue
        seen.add(key)
        yield key, str(fact.subject), {"country" if kind == "destination" else "sector": key}


def nearest(found: Asked, window: Window | None) -> list[PublishedFact]:
    """Return what is published nearest: in the same scope at another time, and in another scope or size rule."""
    same = found.printed(found.metric)
    loose = [
        fact
        for fact in facts(found.edition, found.region)
        if fact.metric == found.metric and not fact.is_claim and fact not in same
        if (fact.subject_code == found.country if found.country else fact.subject is None)
    ]
    return [fact for group in (same, loose) for fact in _closest(group, window)]


def _closest(group: Iterable[PublishedFact], window: Window | None) -> list[PublishedFact]:
    if window is None:
        return sorted(group, key=lambda fact: fact.period.end, reverse=True)[:1]
    aim = period_of(window)
    return sorted(group, key=lambda fact: abs(fact.period.start - aim.start) + abs(fact.period.end - aim.end))[:1]


def _agree(rate: PublishedFact, computed: PublishedFact, before: PublishedFact | None) -> bool:
    """Whether a printed rate and its printed levels say the same within what was rounded away."""
    rounded = 0.5 * 10.0 ** (-rate.decimals - 2)
    step = 0.5 * 10.0**-before.decimals * (1_000_000.0 if before.unit == "usd" else 1.0) if before else 0.0
    slack = 2 * step / before.value if before else 0.0
    return abs(rate.value - computed.value) <= (rounded + slack * (1 + abs(computed.value))) * (1 + 1e-9)


def _as_other(computed: PublishedFact) -> OtherValue:
    return OtherValue(
        value=computed.value,
        value_text=percent(computed.value, DECIMALS, sign=True),
        publisher=t(DERIVED),
        published_on=computed.published_on,
        figure_ids=computed.figure_ids,
        source_urls=computed.source_urls,
        is_derived=True,
        note=computed.derivation,
    )


# -- What is said beside a published answer: how it was made, what confirms or contradicts it, what is
# nearest.


def flags(lead: PublishedFact | None, row: Row) -> tuple[Reason, ...]:
    """Say how the figure was made, how exact it is, who confirms it and who prints something else."""
    if lead is None:
        return ()
    found = []
    if lead.derivation and not lead.adds_records:
        found.append(Reason("derivada", t("Derivada de cifras publicadas: {formula}.", formula=lead.derivation)))
    elif lead.confirmations > 1:
        found.append(Reason("confirmada", t("Impresa {n} veces con el mismo valor.", n=lead.confirmations)))
    if lead.bound:
        found.append(Reason("cota", t("Se publicó como «{said}»: no es un valor exacto.", said=lead.value_text)))
    if lead.note:
        found.append(Reason("nota", t("Nota de la cifra: {note}.", note=lead.note.rstrip("."))))
    return (*found, *row.reasons)


def overlap() -> tuple[Reason, ...]:
    """Say that sectors as printed do not add up."""
    text = t("Los rubros son los de quien publica: se traslapan y no son todos, así que no se suman.")
    return (Reason("rubros_publicados", text),)


def differing(fact: PublishedFact | None) -> Iterator[Reason]:
    """Yield what else was printed, or follows from what was printed, for the same thing."""
    for other in fact.contradictions if fact else ():
        said = "De otras cifras publicadas resulta {value}." if other.is_derived else "También se publicó {value}."
        yield Reason("contradiccion", t(said, value=_other(other)))


def _other(other: OtherValue) -> str:
    who = None if other.is_derived else other.publisher
    said = filter(None, (who, printed_on(other.published_on), other.note))
    return f"{other.value_text} ({'; '.join(said)})"


def nothing(answer: Answer, found: Asked, window: Window | None) -> Reason:
    """Say that nothing is published of this, and what is published nearest."""
    what = t(METRIC_LABELS[found.metric])
    place, when = answer.region_label, window.label if window else answer.window_label
    said = t("No hay una cifra publicada de {what} para {place} ({when}).", what=what, place=place, when=when)
    near = listing([_near(fact) for fact in nearest(found, window)])
    if near:
        said = t("{said} Lo publicado más cerca: {near}.", said=said, near=near)
    return Reason("no_publicado", said)


def _near(fact: PublishedFact) -> str:
    note = fact.note if fact.metric in ("n_exporters_sme", "fob_sme") else None
    return f"{fact.value_text} ({'; '.join(filter(None, (fact.scope_label, fact.period.label, fact.publisher, note)))})"


# -- Answers a question from the ledger: what was printed, by whom and when, with what confirms and
# contradicts it.

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
