"""Published facts of a region, real in every edition: each with publisher, date, address and scope."""

from indicators.published.breakdowns import (
    Breakdown,
    BreakdownRow,
    Customs2025,
    customs_2025,
    customs_regions,
    destinations,
    rest,
    sectors,
)
from indicators.published.cards import fact_cards
from indicators.published.facts import OtherValue, Period, PublishedFact
from indicators.published.ledger import facts
from indicators.published.levels import Latest, region_growth, region_level
from indicators.published.services import NationalServices, Parts, ServiceFacts, national_services, service_facts
from indicators.published.shares import region_shares, shares_of_every_period
from indicators.published.smes import SmeFacts, claims, sme_facts

__all__ = [
    "Breakdown",
    "BreakdownRow",
    "Customs2025",
    "Latest",
    "NationalServices",
    "OtherValue",
    "Parts",
    "Period",
    "PublishedFact",
    "ServiceFacts",
    "SmeFacts",
    "claims",
    "customs_2025",
    "customs_regions",
    "destinations",
    "fact_cards",
    "facts",
    "national_services",
    "region_growth",
    "region_level",
    "region_shares",
    "rest",
    "sectors",
    "service_facts",
    "shares_of_every_period",
    "sme_facts",
]
