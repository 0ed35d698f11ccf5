"""What is published of services: of a place its level and growth, of the nation the long series and its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.edition import Edition
from indicators.published.breakdowns import BreakdownRow
from indicators.published.facts import PublishedFact
from indicators.published.labels import NATION
from indicators.published.ledger import facts, totals
from indicators.scope import REGIONS

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
