"""Every way to compute what a claim might mean, from the edition and from published figures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.claims.claim import Claim, last_day
from indicators.claims.quantity import Quantity
from indicators.engine import growth
from indicators.engine.companies import counts
from indicators.engine.result import Answer, at_least
from indicators.narrative.sentences import uncapitalised
from indicators.published import OtherValue, Period, PublishedFact, facts, shares_of_every_period
from indicators.published.facts import totals
from indicators.published.figure import SCOPE_LABELS, shown
from indicators.published.region import place, quotient
from indicators.question.question import Question
from indicators.question.scope import CONCEPTS, DENOMINATORS, NATION, SIZE_LABELS, SIZES
from words import formats
from words.formats import percent, printed_on
from words.language import t

# -- One way to compute what a claim might mean, and how far its value lies from the quoted number.

PUBLISHED = "publicado"
DECIMALS = {"fraction": 2, "usd": 1}


@dataclass(frozen=True)
class Reading:
    """A definition, the value it gives and where that comes from.

    `differs` says why the reading measures something else than what was claimed; such a reading never
    reproduces the claim, however near its value is. `origin` is `publicado` or the badge of the edition, a code.
    """

    quoted: Quantity
    value: float
    unit: str
    definition: str
    region: str
    period: Period
    origin: str
    source: str
    fact: PublishedFact | None = None
    printed: str | None = None
    urls: tuple[str, ...] = ()
    figure_ids: tuple[str, ...] = ()
    derivation: str | None = None
    caveats: tuple[str, ...] = ()
    differs: str | None = None
    question: Question | None = None

    @property
    def value_text(self) -> str:
        """The value with its unit."""
        return self.printed or shown(self.value, self.unit, decimals=DECIMALS.get(self.unit, 0))

    @property
    def others(self) -> tuple[OtherValue, ...]:
        """Other values published for the very same thing."""
        return self.fact.contradictions if self.fact else ()

    @property
    def in_words(self) -> str:
        """Value, definition and period, to stand inside a sentence."""
        return f"{self.value_text} ({self.definition}; {self.period.label})"

    @property
    def distance(self) -> float:
        """How far the value is from the quoted number, in its unit."""
        return abs(self.value - self.quoted.value)

    @property
    def agrees(self) -> bool:
        """Whether the value rounds to the quoted number."""
        return self.unit == self.quoted.unit and self.quoted.agrees(self.value)

    @property
    def is_hit(self) -> bool:
        """Whether the reading measures what was claimed and rounds to the quoted number."""
        return self.agrees and self.differs is None

    @property
    def is_opposite(self) -> bool:
        """Whether it is the quoted number with the other sign."""
        return self.unit == self.quoted.unit and not self.agrees and self.quoted.agrees(-self.value)


@dataclass(frozen=True)
class Unanswered:
    """A reading that cannot be computed, and why."""

    definition: str
    reason: str


def of_fact(
    quoted: Quantity, fact: PublishedFact, *, differs: str | None = None, caveats: tuple[str, ...] = ()
) -> Reading:
    """Return the reading that a published fact is."""
    return Reading(
        quoted=quoted,
        value=fact.value,
        unit="firms" if fact.unit == "companies" else fact.unit,
        definition=_definition(fact),
        region=fact.region,
        period=fact.period,
        origin=PUBLISHED,
        source=", ".join(filter(None, (fact.publisher, printed_on(fact.published_on)))),
        fact=fact,
        printed=fact.value_text,
        urls=fact.source_urls,
        figure_ids=fact.figure_ids,
        derivation=fact.derivation,
        caveats=(*caveats, *([fact.note] if fact.note else [])),
        differs=differs,
    )


def _definition(fact: PublishedFact) -> str:
    if fact.metric == "share_national":
        return f"{t(SCOPE_LABELS[fact.scope])}, {fact.basis or t('sobre lo mismo de todo el país')}"
    scope = "" if fact.subject_kind == "event" else fact.scope_label
    return ", ".join(filter(None, (fact.metric_label, fact.subject, scope)))


# -- Growth worked out from two printed levels a year apart, where no rate was printed.

CHANGE_OF = {
    "n_exporters": "n_exporters_yoy_pct",
    "n_exporters_sme": "n_exporters_sme_yoy_pct",
    "fob_sme": "fob_sme_yoy_pct",
}


def changes(edition: Edition, region: str, metrics: tuple[str, ...]) -> Iterator[PublishedFact]:
    """Yield the growth between two printed levels of one metric, scope and publisher, if not itself printed."""
    known = totals(facts(edition, region))
    printed = {(fact.scope, fact.period) for fact in known if fact.metric == "growth"}
    levels = {
        (fact.metric, fact.scope, fact.publisher, fact.period): fact
        for fact in known
        if fact.metric in metrics and not fact.is_derived
    }
    for (metric, scope, publisher, period), now in levels.items():
        before = levels.get((metric, scope, publisher, _year_before(period)))
        is_printed = metric in ("fob_total", "fob_exit_point") and (scope, period) in printed
        if before and before.value and not is_printed:
            yield _change(now, before)


def _change(now: PublishedFact, before: PublishedFact) -> PublishedFact:
    value = now.value / before.value - 1
    cited = [f"{fact.value_text} ({fact.publisher}, {fact.period.label})" for fact in (now, before)]
    return replace(
        now,
        figure_ids=(*now.figure_ids, *before.figure_ids),
        metric=CHANGE_OF.get(now.metric, "growth"),
        value=value,
        unit="fraction",
        decimals=1,
        bound="",
        source_urls=tuple(dict.fromkeys([*now.source_urls, *before.source_urls])),
        is_derived=True,
        adds_records=False,
        derivation=f"{' ÷ '.join(cited)} − 1 = {formats.percent(value, 1, sign=True)}",
        contradictions=(),
    )


def _year_before(period: Period) -> Period:
    year, end = period.end.year - 1, period.end
    is_leap_day = (end.month, end.day) == (2, 29)
    first = period.start.replace(year=period.start.year - 1)
    return Period(first, end.replace(year=year, day=28) if is_leap_day else end.replace(year=year))


# -- The weight of small firms in jobs and sales, from the SII's count of companies by size and region.

RULES = ("mipyme", "pyme")
SOURCE = "SII, Estadísticas de Empresas"
NOT_VALUE_ADDED = "son ventas, no valor agregado: el PIB suma valor agregado"
HEAD_OFFICE = "Las empresas y sus trabajadores se cuentan en la región de la casa matriz."


@dataclass(frozen=True)
class Weight:
    """A measure of companies: its column, its words (in Spanish) and which companies make the whole."""

    column: str
    words: str
    whole_words: str
    is_of_known_size: bool = False


WORKERS = (
    Weight("workers", "trabajadores", "de todos los trabajadores informados"),
    Weight("workers", "trabajadores", "de los de empresas con tamaño conocido", is_of_known_size=True),
)
SALES = (Weight("sales_uf", "ventas", "de todas las ventas"),)


def company_readings(edition: Edition, claim: Claim) -> list[Reading]:
    """Return the weight of small firms in jobs or sales, of the claim's region and of Chile."""
    weights = WORKERS if claim.about == "jobs" else SALES
    regions = dict.fromkeys((claim.region, NATION))
    return [
        reading
        for region in regions
        for rule in RULES
        for weight in weights
        for reading in _weigh(edition, claim, region=region, rule=rule, weight=weight)
    ]


def _weigh(edition: Edition, claim: Claim, *, region: str, rule: str, weight: Weight) -> Iterator[Reading]:
    year = claim.period.end.year if claim.period else None
    found = counts(edition, weight.column, region=region, classes=SIZES[rule])
    for one in [one for one in found if year is None or one.year <= year][-1:]:
        value = growth.share(one.part, one.of_known_size) if weight.is_of_known_size else one.weight
        if value is None:
            continue
        masked = (at_least(one.n_hidden_of_whole).text,) if one.n_hidden_of_whole else ()
        yield Reading(
            quoted=claim.quantity,
            value=value,
            unit="fraction",
            definition=_company_weight_definition(weight, rule),
            region=region,
            period=Period(date(one.year, 1, 1), date(one.year, 12, 31)),
            origin=PUBLISHED,
            source=SOURCE,
            urls=(one.url,),
            caveats=(t(HEAD_OFFICE), *masked),
            differs=_differs(edition, claim, region=region, weight=weight),
        )


def _company_weight_definition(weight: Weight, rule: str) -> str:
    words = {"what": t(weight.words), "firms": t(SIZE_LABELS[rule]), "whole": t(weight.whole_words)}
    return t("{what} de {firms}, {whole}", **words)


def _differs(edition: Edition, claim: Claim, *, region: str, weight: Weight) -> str | None:
    if weight.column == "sales_uf":
        return t(NOT_VALUE_ADDED)
    if region != claim.region:
        where = {"place": place(edition, region), "asked": place(edition, claim.region)}
        return t("es de {place}, no de {asked}", **where)
    return None


# -- Every reading of a claim that the edition computes. Kept apart from the published ones.

Ask = Callable[[Question], Answer]
SCOPES = ("flow=goods", "flow=goods+services")
EXCLUSIONS = ("", "&exclude=copper", "&exclude=copper,lithium")
SME_SIZES = ("pyme", "mipyme")
WINDOWS = ("year", "ytd", "rolling12")


@dataclass(frozen=True)
class Asked:
    """A question whose value, growth or quotient by another question is a reading."""

    text: str
    takes: str = "value"
    over: str | None = None


def edition_readings(claim: Claim, ask: Ask) -> tuple[list[Reading], list[Unanswered]]:
    """Return the readings that an edition answers, nearest first, and those it cannot, with the reason."""
    found: dict[str, Reading] = {}
    missing: dict[Unanswered, None] = {}
    for asked in _asked(claim):
        for window in _windows(claim):
            outcome = _read(claim, asked, window=window, ask=ask)
            if isinstance(outcome, Reading):
                found.setdefault(f"{asked.takes} {asked.over} {outcome.question}", outcome)
            elif outcome is not None:
                missing.setdefault(outcome)
    return sorted(found.values(), key=lambda reading: reading.distance), list(missing)


def _asked(claim: Claim) -> Iterator[Asked]:
    region = f"region={claim.region}"
    if claim.about == "share" and claim.region != NATION:
        for whole in DENOMINATORS:
            for concept in CONCEPTS:
                yield Asked(f"share?{region}&denominator={whole}&concept={concept}")
    if claim.about in ("growth", "level"):
        takes = "growth" if claim.about == "growth" else "value"
        for scope in SCOPES:
            for exclusion in EXCLUSIONS:
                yield Asked(f"fob?{region}&{scope}{exclusion}", takes)
        yield Asked(f"fob?{region}&concept=exit", takes)
    if claim.about in ("growth_firms", "firms"):
        takes = "growth" if claim.about == "growth_firms" else "value"
        for flow in SCOPES:
            yield Asked(f"exporters?{region}&{flow}", takes)
            yield Asked(f"exporters_month_avg?{region}&{flow}", takes)
    for size in SME_SIZES:
        for flow in SCOPES:
            slice_ = f"{region}&{flow}&size={size}"
            if claim.about == "growth_sme":
                for metric in ("exporters", "fob", "fob_same_firms"):
                    yield Asked(f"{metric}?{slice_}", "growth")
            if claim.about == "firms":
                yield Asked(f"exporters?{slice_}")
            if claim.about == "sme_share":
                for metric in ("exporters", "fob"):
                    yield Asked(f"{metric}?{slice_}", over=f"{metric}?{region}&{flow}&source=registro")


def _windows(claim: Claim) -> tuple[str, ...]:
    """Return the windows to try: those named by the claim, and the usual ones that fall in its years."""
    if claim.period is None:
        return WINDOWS
    start, end = claim.period.start, claim.period.end
    if claim.period.kind == "year":
        return (str(end.year), "ytd")
    return (f"{start:%Y-%m}..{end:%Y-%m}",)


def _read(claim: Claim, asked: Asked, *, window: str, ask: Ask) -> Reading | Unanswered | None:
    """Return the reading, why there is none, or None where the window is not what the claim speaks of."""
    try:
        part = ask(Question.parse(asked.text).but(window=window))
        whole = ask(Question.parse(asked.over).but(window=window)) if asked.over else None
    except QuestionError as error:
        return Unanswered(asked.text, str(error))
    if claim.period and part.window and part.window.last.year != claim.period.end.year:
        return None
    value = part.growth if asked.takes == "growth" else part.value
    if whole is not None and value is not None:
        value = value / whole.value if whole.value else None
    definition = _from_edition_definition(part, asked)
    if value is None or part.window is None:
        reasons = [*part.reasons, *(whole.reasons if whole else ())]
        return Unanswered(definition, reasons[0].text if reasons else t("No hay base de comparación."))
    if part.gaps and claim.period:  # what the edition has of the period is not what the claim speaks of
        return Unanswered(definition, next(flag.text for flag in part.flags if flag.code == "parcial"))
    return Reading(
        quoted=claim.quantity,
        value=float(value),
        unit="fraction" if asked.takes == "growth" or asked.over else part.unit,
        definition=definition,
        region=claim.region,
        period=Period(part.window.first, last_day(part.window.last)),
        origin=part.badge,
        source=part.source_note,
        printed=percent(value, DECIMALS["fraction"], sign=True) if asked.takes == "growth" else None,
        derivation=f"{part.question} ÷ {whole.question}" if whole else None,
        caveats=tuple(flag.text for flag in part.flags),
        question=part.question,
    )


def _from_edition_definition(part: Answer, asked: Asked) -> str:
    """Return what was computed: of a share its whole, which says its scope; else measure and scope."""
    whole, concept = part.question.whole, t(CONCEPTS[part.question.concept].label)
    if part.question.metric == "share" and whole is not None:
        words = t("parte del {whole}", whole=t(whole.label))
    else:
        words = f"{uncapitalised(part.label)}, {part.scope_label}"
    if asked.takes == "growth":
        words = t("crecimiento en {what}", what=words)
    if asked.over:
        words = t("{what}, parte del total del registro", what=words)
    return f"{words}, {concept}"


# -- Every reading of a claim that published figures allow.

MIXED = "Mezcla: la parte incluye servicios y excluye cobre y litio; el total son todos los bienes."
OTHER_MEASURE = {  # growth of all the value is shown beside these claims, but can never reproduce them
    "growth_sme": "es el valor de todas las exportaciones, no de las pymes",
    "growth_firms": "es valor exportado, no número de empresas",
}
MOST_COINCIDENCES = 5
ALSO_OF_THE_NATION = ("growth_firms", "growth_sme", "sme_share", "firms", "event")
METRICS: Mapping[str, tuple[str, ...]] = {
    "growth": ("growth",),
    "growth_firms": ("n_exporters_yoy_pct",),
    "growth_sme": ("n_exporters_sme_yoy_pct", "fob_sme_yoy_pct"),
    "sme_share": ("share_sme_firms", "share_sme_value"),
    "level": ("fob_total", "fob_exit_point"),
    "firms": ("n_exporters", "n_exporters_sme", "n_exporters_new", "n_exporters_services"),
}
LEVELS: Mapping[str, tuple[str, ...]] = {  # levels whose change is a reading too
    "growth": METRICS["level"],
    "growth_firms": ("n_exporters",),
    "growth_sme": ("n_exporters_sme", "fob_sme"),
}


def published_readings(edition: Edition, claim: Claim) -> list[Reading]:
    """Return every reading of the claim from published figures, nearest first; claims are never readings."""
    if claim.about == "share":
        found = list(_shares(edition, claim))
    elif claim.about in ("jobs", "gdp"):
        found = company_readings(edition, claim)
    else:
        found = list(_of_region(edition, claim, claim.region, differs=None))
        if claim.about in ALSO_OF_THE_NATION and claim.region != NATION:
            differs = t("es de {place}, no de {asked}", place="Chile", asked=place(edition, claim.region))
            found += _of_region(edition, claim, NATION, differs=differs)
    return sorted(found, key=lambda reading: (reading.differs is not None, reading.distance))


def coincidences(edition: Edition, claim: Claim, readings: list[Reading]) -> list[Reading]:
    """Return published figures of the region with the quoted number, or its opposite, for something else."""
    known = {id_ for reading in readings for id_ in reading.figure_ids}
    same = [
        of_fact(claim.quantity, fact, differs=t("mide otra cosa"))
        for fact in facts(edition, claim.region)
        if not fact.is_claim and claim.covers(fact.period) and not known & set(fact.figure_ids)
    ]
    is_growth = claim.about.startswith("growth")
    return [one for one in same if one.agrees or (is_growth and one.is_opposite)][:MOST_COINCIDENCES]


def _shares(edition: Edition, claim: Claim) -> Iterator[Reading]:
    for share in shares_of_every_period(edition, claim.region):
        if _is_asked(claim, share.period):
            yield of_fact(claim.quantity, share)
    whole = _by_period(edition, NATION, "goods")
    for period, part in _by_period(edition, claim.region, "non_copper_non_lithium").items():
        if _is_asked(claim, period) and period in whole:
            yield of_fact(claim.quantity, quotient(part, whole[period]), caveats=(t(MIXED),))


def _by_period(edition: Edition, region: str, scope: str) -> dict[Period, PublishedFact]:
    levels = [fact for fact in totals(facts(edition, region)) if fact.metric == "fob_total"]
    return {fact.period: fact for fact in levels if fact.scope == scope}


def _of_region(edition: Edition, claim: Claim, region: str, *, differs: str | None) -> Iterator[Reading]:
    for fact in facts(edition, region):
        if fact.is_claim or not claim.covers(fact.period):
            continue
        if _belongs(claim, fact):
            narrower = (
                t("es solo de {subject}", subject=fact.subject) if fact.subject and claim.about != "event" else None
            )
            yield of_fact(claim.quantity, fact, differs=differs or narrower)
        elif claim.about in OTHER_MEASURE and differs is None and _is_total(fact, "growth"):
            yield of_fact(claim.quantity, fact, differs=t(OTHER_MEASURE[claim.about]))
    for change in changes(edition, region, LEVELS.get(claim.about, ())):
        if claim.covers(change.period):
            yield of_fact(claim.quantity, change, differs=differs)


def _belongs(claim: Claim, fact: PublishedFact) -> bool:
    """Whether the fact is a reading of the claim."""
    if claim.about == "event":
        unit = "firms" if fact.unit == "companies" else fact.unit
        return fact.subject_kind == "event" and unit == claim.quantity.unit
    if claim.about == "level":
        return fact.metric in METRICS["level"] and _is_total(fact, fact.metric) and _is_asked(claim, fact.period)
    if claim.about == "growth":
        return _is_total(fact, "growth")
    return fact.metric in METRICS[claim.about]


def _is_total(fact: PublishedFact, metric: str) -> bool:
    return fact.metric == metric and fact.subject is None and fact.basis is None


def _is_asked(claim: Claim, period: Period) -> bool:
    """Whole years and years to date that the claim may mean; single months only when it names that month."""
    return claim.covers(period) and (period.kind in ("year", "to_date") or period == claim.period)
