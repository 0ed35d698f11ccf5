"""What the page `resumen` shows of a region: what is published of it, and what it asks of the edition."""

from collections.abc import Mapping
from dataclasses import dataclass

from editions.edition import Edition
from indicators.narrative.findings import published_headline
from indicators.published import (
    Breakdown,
    Customs2025,
    Latest,
    PublishedFact,
    SmeFacts,
    customs_2025,
    region_growth,
    region_level,
    region_shares,
    sectors,
    sme_facts,
)
from indicators.published.region import place
from indicators.question.question import Question
from indicators.question.scope import DENOMINATORS


@dataclass(frozen=True)
class PublishedSummary:
    """The published figures of a region; parts are None or empty where nothing is published."""

    headline: str
    level: PublishedFact | None
    growth: PublishedFact | None
    share: PublishedFact | None
    recent: tuple[PublishedFact, ...]
    shares: tuple[PublishedFact, ...]
    movers: Breakdown | None
    customs: Customs2025
    firms: SmeFacts


def published_summary(edition: Edition, region: str) -> PublishedSummary:
    """Return what is published of a region, with one sentence that says it."""
    levels, rates = region_level(edition, region), region_growth(edition, region)
    level = _first(levels)
    growth = next((rate for rate in rates.shown if level and _same(rate, level)), None)
    shares = _latest_of_each_scope(region_shares(edition, region))
    share = next((one for one in shares if level and _same(one, level)), None)
    leading = (level, growth, share)
    return PublishedSummary(
        headline=published_headline(place(edition, region), level, growth, share),
        level=level,
        growth=growth,
        share=share,
        recent=tuple(fact for fact in (*levels.shown, *rates.shown) if fact not in leading),
        shares=shares,
        movers=sectors(edition, region),
        customs=customs_2025(edition, region),
        firms=sme_facts(edition, region),
    )


def _first(latest: Latest) -> PublishedFact | None:
    return next(iter(latest.shown), None)


def _same(one: PublishedFact, other: PublishedFact) -> bool:
    """Whether two facts speak of the same scope and period, so that they can stand in one sentence."""
    return (one.scope, one.period) == (other.scope, other.period)


def _latest_of_each_scope(shares: list[PublishedFact]) -> tuple[PublishedFact, ...]:
    latest: dict[str, PublishedFact] = {}
    for share in shares:
        latest.setdefault(share.scope, share)
    return tuple(latest.values())


FIRMS = "goods+services"  # a firm exports whatever it sells
FIGURES: Mapping[str, Mapping[str, str]] = {  # what its card is called → what is asked
    "Exportaciones de bienes": {"metric": "fob"},
    "Empresas exportadoras": {"metric": "exporters", "flow": FIRMS},
    "Exportaciones de servicios": {"metric": "fob", "flow": "services"},
    "Pymes exportadoras": {"metric": "exporters", "flow": FIRMS, "size": "pyme"},
    "Valor exportado por pymes": {"metric": "fob", "flow": FIRMS, "size": "pyme"},
    "Pymes presentes en ambos períodos": {"metric": "fob_same_firms", "flow": FIRMS, "size": "pyme"},
}
MOVERS: Mapping[str, str] = {"metric": "contribution_pp", "split": "sector:prochile"}
MONTHS: Mapping[str, str] = {"metric": "fob", "window": "rolling12", "split": "month"}
SHARES: tuple[Mapping[str, str], ...] = tuple(
    {"metric": "share", "denominator": id_} for id_, one in DENOMINATORS.items() if not one.regionalised
)


def questions(region: str) -> tuple[Question, ...]:
    """Return every question that the page asks of a region when nothing else is chosen."""
    return tuple(Question(region=region, **asked) for asked in (*FIGURES.values(), MOVERS, MONTHS, *SHARES))  # type: ignore[arg-type]
