"""What is published of a region: levels, growth, shares, sectors, destinations, services and small firms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from editions.edition import Edition
from indicators.published.facts import OtherValue, Period, PublishedFact, facts, totals
from indicators.published.figure import SCOPE_LABELS, WHOLE_SCOPES
from indicators.question.scope import NATION, REGIONS
from words import formats
from words.language import t

# -- The latest published levels and growth rates of a region.


@dataclass(frozen=True)
class Latest:
    """The latest figure of each kind of period; None where nothing was ever published."""

    year: PublishedFact | None
    to_date: PublishedFact | None
    month: PublishedFact | None

    @property
    def shown(self) -> tuple[PublishedFact, ...]:
        """Those that exist: year, year to date, month."""
        return tuple(fact for fact in (self.year, self.to_date, self.month) if fact)


def region_level(edition: Edition, region: str = NATION) -> Latest:
    """Return the latest published FOB of a region: last whole year, last year to date, last month."""
    return _latest([fact for fact in totals(facts(edition, region)) if fact.metric == "fob_total"])


def region_growth(edition: Edition, region: str = NATION) -> Latest:
    """Return the latest published growth of a region's FOB, against the same period of the year before."""
    return _latest([fact for fact in totals(facts(edition, region)) if fact.metric == "growth"])


def _latest(published: list[PublishedFact]) -> Latest:
    whole = [fact for fact in published if fact.scope in WHOLE_SCOPES]
    narrow = [fact for fact in published if fact.scope not in (*WHOLE_SCOPES, "exit_point", "services")]

    def newest(kind: str) -> PublishedFact | None:
        for choice in (whole, narrow):
            of_kind = [fact for fact in choice if fact.period.kind == kind]
            if of_kind:
                return max(of_kind, key=lambda fact: (fact.period.end, -_scope_rank(fact)))
        return None

    return Latest(newest("year"), newest("to_date"), newest("month"))


def _scope_rank(fact: PublishedFact) -> int:
    scopes = list(SCOPE_LABELS)
    return scopes.index(fact.scope) if fact.scope in scopes else len(scopes)


# -- Shares and growth from two published levels; a share is never read from the ledger.

WHOLE_OF = {scope: scope for scope in SCOPE_LABELS} | {"exit_point": "goods"}  # part's scope → whole's scope
DECIMALS = 2


def region_shares(edition: Edition, region: str, year: int | None = None) -> list[PublishedFact]:
    """Return the region's share of the nation under each scope, for whole years (or the year asked for).

    Latest year first, then in the order of the scopes; only where both levels are published.
    """
    every = shares_of_every_period(edition, region)
    return [s for s in every if s.period.kind == "year" and year in (None, s.period.end.year)]


def shares_of_every_period(edition: Edition, region: str) -> list[PublishedFact]:
    """Return the region's share under each scope for every period with both levels published."""
    if region == NATION:
        return []
    wholes = {(f.scope, f.period): f for f in totals(facts(edition, NATION)) if f.metric == "fob_total"}
    made = []
    for part in totals(facts(edition, region)):
        if part.metric not in ("fob_total", "fob_exit_point"):
            continue
        whole = wholes.get((WHOLE_OF.get(part.scope, part.scope), part.period))
        if whole:
            made.append(quotient(part, whole))
    scopes = list(WHOLE_OF)
    return sorted(made, key=lambda s: (-s.period.end.toordinal(), s.period.start, scopes.index(s.scope)))


def quotient(part: PublishedFact, whole: PublishedFact) -> PublishedFact:
    """Return `part / whole` as a fact that cites both, with what the other printed values would give."""
    of = None if part.scope == whole.scope else t("las exportaciones de {scope} del país", scope=whole.scope_label)
    return _from_two(part, whole, metric="share_national", of=of)


def growth_of(level: PublishedFact, before: PublishedFact) -> PublishedFact:
    """Return `level / before − 1` as a fact that cites both, with what the other printed values would give."""
    return _from_two(level, before, metric="growth", less=1.0)


def _from_two(
    part: PublishedFact, whole: PublishedFact, *, metric: str, less: float = 0.0, of: str | None = None
) -> PublishedFact:
    value = part.value / whole.value - less
    formula = f"{_cited(part)} ÷ {_cited(whole)}{' − 1' if less else ''}"
    return PublishedFact(
        figure_ids=(*part.figure_ids, *whole.figure_ids),
        metric=metric,
        scope=part.scope,
        region=part.region,
        subject_kind=part.subject_kind,
        subject=part.subject,
        basis=t("sobre {whole}", whole=of) if of else None,
        period=part.period,
        value=value,
        unit="fraction",
        decimals=DECIMALS,
        comparison="",
        publisher=formats.listing(list(dict.fromkeys([part.publisher, whole.publisher]))),
        published_on=max(filter(None, (part.published_on, whole.published_on)), default=None),
        source_urls=tuple(dict.fromkeys([*part.source_urls, *whole.source_urls])),
        is_derived=True,
        printed_subject=part.printed_subject,
        whole=of,
        derivation=f"{formula} = {formats.percent(value, DECIMALS, sign=bool(less))}",
        contradictions=tuple(_with_other_values(part, whole, less=less)),
    )


def _cited(fact: PublishedFact) -> str:
    return f"{fact.value_text} ({fact.publisher}{f'; {t(fact.badge)}' if fact.is_derived else ''})"


def _with_other_values(part: PublishedFact, whole: PublishedFact, *, less: float) -> list[OtherValue]:
    """Return what every other printed part or whole would give."""
    pairs = [(other, other.value / whole.value - less) for other in part.contradictions]
    pairs += [(other, part.value / other.value - less) for other in whole.contradictions if other.value]
    return [
        OtherValue(
            value=value,
            value_text=formats.percent(value, DECIMALS, sign=bool(less)),
            publisher=other.publisher,
            published_on=other.published_on,
            figure_ids=other.figure_ids,
            source_urls=other.source_urls,
            is_derived=True,
            note=t("con {value}", value=other.value_text),
        )
        for other, value in pairs
    ]


# -- Published sectors and destinations of a region.

SECTOR_METRICS = ("fob_sector", "share_region_pct", "growth")
DESTINATION_METRICS = ("dest_fob", "dest_share_pct", "dest_yoy_pct")
CUSTOMS_SCOPE = "goods+services+ship_supplies"
REST = "Resto hasta el total"
LEAST_REST = 0.5  # US$: what adding decimals leaves is no part


@dataclass(frozen=True)
class BreakdownRow:
    """One sector, product or destination: what was printed of its value, its share and its growth."""

    subject: str
    basis: str | None
    level: PublishedFact | None
    share: PublishedFact | None
    growth: PublishedFact | None

    @property
    def facts(self) -> tuple[PublishedFact, ...]:
        """The printed figures of the row."""
        return tuple(fact for fact in (self.level, self.share, self.growth) if fact)


@dataclass(frozen=True)
class Breakdown:
    """What was printed for one period. Printed sectors overlap and are not all: they must not be summed."""

    period: Period
    scope: str
    rows: tuple[BreakdownRow, ...]


@dataclass(frozen=True)
class Customs2025:
    """The aggregates of Aduanas for 2025, as facts; empty where the region has none."""

    total: PublishedFact | None
    months: tuple[PublishedFact, ...]
    sectors: tuple[PublishedFact, ...]
    products: tuple[PublishedFact, ...]
    destinations: tuple[PublishedFact, ...]


def sectors(edition: Edition, region: str = NATION, period: Period | None = None) -> Breakdown | None:
    """Return the sectors and products printed for a region in a period, by default the latest printed."""
    return _breakdown(facts(edition, region), SECTOR_METRICS, period)


def destinations(edition: Edition, region: str = NATION, period: Period | None = None) -> Breakdown | None:
    """Return the destinations printed for a region in a period, by default the latest printed."""
    return _breakdown(facts(edition, region), DESTINATION_METRICS, period)


def customs_2025(edition: Edition, region: str) -> Customs2025:
    """Return the aggregates of Aduanas for 2025: total, months, sectors, products and destinations."""
    of_customs = [f for f in facts(edition, region) if f.scope == CUSTOMS_SCOPE and f.period.end.year == 2025]
    yearly = [fact for fact in of_customs if fact.period.kind == "year"]
    months = [f for f in of_customs if f.period.kind == "month" and f.subject is None]
    return Customs2025(
        total=next((fact for fact in yearly if fact.subject is None), None),
        months=tuple(sorted(months, key=lambda fact: fact.period)),
        sectors=_largest(yearly, "sector"),
        products=_largest(yearly, "product"),
        destinations=_largest(yearly, "destination"),
    )


def customs_regions(edition: Edition) -> tuple[PublishedFact, ...]:
    """Return the total of 2025 that Aduanas published of each of the 16 regions, largest first."""
    totals = (customs_2025(edition, region).total for region in REGIONS)
    return tuple(sorted(filter(None, totals), key=lambda fact: -fact.value))


def rest(parts: Sequence[PublishedFact], total: PublishedFact | None) -> PublishedFact | None:
    """Return what some parts do not reach of the total printed with them, as a part; None where they reach it."""
    value = total.value - sum(part.value for part in parts) if total and parts else 0.0
    if total is None or value < LEAST_REST:
        return None
    words = t("{total} menos las {n} partes anteriores", total=total.value_text, n=len(parts))
    return replace(
        total,
        figure_ids=(*total.figure_ids, *(one for part in parts for one in part.figure_ids)),
        metric=parts[0].metric,
        subject_kind=parts[0].subject_kind,
        subject=t(REST),
        printed_subject=REST,
        value=value,
        is_derived=True,
        adds_records=False,
        derivation=words,
        contradictions=(),
    )


def _largest(published: list[PublishedFact], subject_kind: str) -> tuple[PublishedFact, ...]:
    of_kind = [fact for fact in published if fact.subject_kind == subject_kind and fact.unit == "usd"]
    return tuple(sorted(of_kind, key=lambda fact: -fact.value))


def _breakdown(
    published: Sequence[PublishedFact], metrics: tuple[str, str, str], period: Period | None
) -> Breakdown | None:
    """Group the latest period's printed figures by subject; scopes and bases are never married in a row."""
    parts = [
        fact
        for fact in published
        if fact.metric in metrics
        and fact.subject
        and fact.scope not in (CUSTOMS_SCOPE, "exit_point")
        and fact.subject_kind in ("sector", "product", "destination", "continent")
        and (period is None or fact.period == period)
    ]
    if not parts:
        return None
    latest = max(parts, key=lambda fact: (fact.period.end, fact.period.start))
    chosen = [fact for fact in parts if (fact.period, fact.scope) == (latest.period, latest.scope)]
    named: dict[tuple[str, str | None, str | None], dict[str, PublishedFact]] = {}
    for fact in chosen:
        named.setdefault((fact.subject_kind, fact.printed_subject, fact.basis), {})[fact.metric] = fact
    level, share, growth = metrics
    rows = [
        BreakdownRow(_subject(found), basis, found.get(level), found.get(share), found.get(growth))
        for (_, _, basis), found in named.items()
    ]
    return Breakdown(latest.period, latest.scope, tuple(sorted(rows, key=_size)))


def _subject(found: Mapping[str, PublishedFact]) -> str:
    """Return how the facts of one row name it."""
    return str(next(iter(found.values())).subject)


def _size(row: BreakdownRow) -> tuple[float, float, str]:
    """Largest first: by value, else by share, else by name."""
    return (-(row.level.value if row.level else 0), -(row.share.value if row.share else 0), row.subject)


# -- What is published of services: of a place its level and growth, of the nation the long series and its
# parts.

SERVICES = "services"
CUSTOMS_CLASS = "Exportación de servicios calificados por Aduanas"
OF_FIRMS = ("n_exporters_services", "n_exporters_sme", "fob_sme", "share_sme_value")


@dataclass(frozen=True)
class ServiceFacts:
    """What is published of a place's services. `other` is another level: of another publisher or period."""

    level: PublishedFact | None
    growth: PublishedFact | None
    other: PublishedFact | None
    firms: tuple[PublishedFact, ...]


@dataclass(frozen=True)
class Parts:
    """The parts printed for one period, largest first, and the total printed for the same period."""

    rows: tuple[BreakdownRow, ...]
    total: PublishedFact | None


@dataclass(frozen=True)
class NationalServices:
    """What is published of the nation's services: customs' years (oldest first), kinds, destinations, regions."""

    years: tuple[PublishedFact, ...]
    kinds: Parts
    destinations: Parts
    regions: tuple[PublishedFact, ...]


def service_facts(edition: Edition, region: str) -> ServiceFacts:
    """Return the latest printed level of a region's services (or the nation's), its growth and another level."""
    found = facts(edition, region)
    printed = totals(fact for fact in found if fact.scope == SERVICES)
    levels = [fact for fact in printed if fact.metric == "fob_total"] + _of_customs(found)
    levels.sort(key=lambda fact: fact.period.end, reverse=True)
    level = next(iter(levels), None)
    rates = [fact for fact in printed if fact.metric == "growth" and level and fact.period == level.period]
    others = (fact for fact in levels[1:] if level and fact.publisher != level.publisher)
    return ServiceFacts(
        level=level,
        growth=rates[0] if rates and level in printed else None,
        other=next(others, None),
        firms=tuple({fact.metric: fact for fact in reversed(printed) if fact.metric in OF_FIRMS}.values()),
    )


def national_services(edition: Edition) -> NationalServices:
    """Return what is published of the nation's services, and what customs registered of each region."""
    found = facts(edition, NATION)
    regions = (fact for region in REGIONS for fact in _of_customs(facts(edition, region))[:1])
    return NationalServices(
        years=tuple(sorted(_of_customs(found), key=lambda fact: fact.period)),
        kinds=_parts(found, "fob_sector", "growth"),
        destinations=_parts(found, "dest_fob", "dest_yoy_pct"),
        regions=tuple(sorted(regions, key=lambda fact: -fact.value)),
    )


def _of_customs(found: Sequence[PublishedFact]) -> list[PublishedFact]:
    return [fact for fact in found if fact.printed_subject == CUSTOMS_CLASS and fact.unit == "usd"]


def _parts(found: Sequence[PublishedFact], metric: str, rate: str) -> Parts:
    """Return the parts of the latest period that has any."""
    of_services = [fact for fact in found if fact.scope == SERVICES and not fact.is_claim]
    levels = [fact for fact in of_services if fact.metric == metric and fact.subject]
    if not levels:
        return Parts((), None)
    period = levels[0].period
    now = [fact for fact in of_services if fact.period == period]
    rates = {(fact.subject_kind, fact.printed_subject): fact for fact in now if fact.metric == rate}
    rows = [
        BreakdownRow(str(fact.subject), fact.basis, fact, None, rates.get((fact.subject_kind, fact.printed_subject)))
        for fact in sorted(levels, key=lambda fact: -fact.value)
        if fact.period == period
    ]
    return Parts(tuple(rows), next((fact for fact in totals(now) if fact.metric == "fob_total"), None))


# -- Published counts and weights of exporters and exporting SMEs, and what was never published.

COUNTS = ("n_exporters", "n_exporters_yoy_pct", "n_exporters_new", "n_exporters_services")
SME_COUNTS = ("n_exporters_sme", "n_exporters_sme_yoy_pct", "share_sme_firms")
SME_VALUES = ("fob_sme", "fob_sme_yoy_pct", "share_sme_value")


@dataclass(frozen=True)
class SmeFacts:
    """What is published of a region's exporting firms, latest first, and one sentence on what is not."""

    exporters: tuple[PublishedFact, ...]
    sme_counts: tuple[PublishedFact, ...]
    sme_values: tuple[PublishedFact, ...]
    claims: tuple[PublishedFact, ...]
    missing: str


def sme_facts(edition: Edition, region: str = NATION) -> SmeFacts:
    """Return the published counts and values of a region's exporters and exporting SMEs."""
    published = facts(edition, region)
    printed = [fact for fact in published if not fact.is_claim]
    counts = [fact for fact in printed if fact.metric == "n_exporters_sme" and fact.subject is None]
    return SmeFacts(
        exporters=tuple(fact for fact in printed if fact.metric in COUNTS),
        sme_counts=tuple(fact for fact in printed if fact.metric in SME_COUNTS),
        sme_values=tuple(fact for fact in printed if fact.metric in SME_VALUES),
        claims=tuple(fact for fact in published if fact.metric == "sme_growth_claim_pct"),
        missing=_missing(counts[0] if counts else None, place(edition, region)),
    )


def claims(edition: Edition, region: str = NATION) -> list[PublishedFact]:
    """Return what was said of a region in public without base, window or measure."""
    return [fact for fact in facts(edition, region) if fact.is_claim]


def place(edition: Edition, region: str) -> str:
    """Return the region's official name with its article (`la Región del Biobío`), or `Chile`."""
    if region == NATION:
        return "Chile"
    sql = "SELECT official_name, is_region FROM core_region WHERE region_code = $code"
    found = edition.rows(sql, {"code": region})
    if not found:
        return t("la región {code}", code=region)
    name = t(str(found[0]["official_name"]))
    return t("la {region}", region=name) if found[0]["is_region"] else name


def _missing(last_count: PublishedFact | None, where: str) -> str:
    if last_count is None:
        return t("No hay ningún conteo publicado de las pymes exportadoras de {place}.", place=where)
    return t(
        "No hay conteo publicado de las pymes exportadoras de {place} posterior a {period}: el último es de "
        "{publisher}, {count}.",
        place=where,
        period=last_count.period.label,
        publisher=last_count.publisher,
        count=last_count.value_text,
    )


# -- The published figures a region's page leads with.

STALE_AFTER_YEARS = 2


def fact_cards(edition: Edition, region: str) -> list[PublishedFact]:
    """Return level, growth and shares of a region, in the order of the page; empty when nothing is published.

    Each scope gives the share of its latest year. What ended years before the latest figure is left out:
    growth of 2018 beside a level of 2025 misleads.
    """
    shares: dict[str, PublishedFact] = {}
    for share in region_shares(edition, region):
        shares.setdefault(share.scope, share)
    cards = [*region_level(edition, region).shown, *region_growth(edition, region).shown, *shares.values()]
    latest = max((card.period.end.year for card in cards), default=0)
    return [card for card in cards if card.period.end.year >= latest - STALE_AFTER_YEARS]
