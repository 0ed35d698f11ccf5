"""What of the ledger a question asks for: measure, scope, subject, size rule, period."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from indicators.calendar import Window, add_months
from indicators.edition import Edition
from indicators.formats import percent
from indicators.language import t
from indicators.published.facts import DERIVED, OtherValue, Period, PublishedFact
from indicators.published.labels import NATION
from indicators.published.ledger import facts
from indicators.published.shares import DECIMALS, growth_of, quotient
from indicators.question import Question
from indicators.scope import Scope

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
RATES = {  # level → its printed rate of growth
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
        rates = self.printed(RATES[self.metric]) if is_year and self.metric in RATES else []
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
        return {fact.period for name in (self.metric, RATES.get(self.metric, "")) for fact in self.printed(name)}


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
