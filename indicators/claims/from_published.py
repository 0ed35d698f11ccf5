"""Every reading of a claim that published figures allow."""

from collections.abc import Iterator, Mapping

from indicators.claims.changes import changes
from indicators.claims.claim import Claim
from indicators.claims.company_weight import company_readings
from indicators.claims.reading import Reading, of_fact
from indicators.edition import Edition
from indicators.language import t
from indicators.published import Period, PublishedFact, facts, shares_of_every_period
from indicators.published.labels import NATION
from indicators.published.ledger import totals
from indicators.published.shares import quotient
from indicators.published.smes import place

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
