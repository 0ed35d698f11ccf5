"""The published figures a region's page leads with."""

from indicators.edition import Edition
from indicators.published.facts import PublishedFact
from indicators.published.levels import region_growth, region_level
from indicators.published.shares import region_shares

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
