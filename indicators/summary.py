"""What the page `resumen` shows of a region: what is published of it, and what the edition computes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from indicators.edition import Edition
from indicators.findings import published_headline
from indicators.language import t
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
from indicators.published.smes import place
from indicators.question import Question
from indicators.result import Answer
from indicators.scope import DENOMINATORS
from indicators.sentences import sentence


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


@dataclass(frozen=True)
class EditionSummary:
    """What the edition computes of a region; every answer says by itself why it is missing, if it is."""

    headline: str
    figures: Mapping[str, Answer]
    shares: tuple[Answer, ...]
    movers: Answer
    months: Answer

    @property
    def badge(self) -> str:
        """How far the computed figures can be trusted."""
        return self.movers.badge

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer of the page."""
        return (*self.figures.values(), *self.shares, self.movers, self.months)


FIGURES = {  # question → what its card is called
    "fob?region={region}": "Exportaciones de bienes",
    "exporters?region={region}&flow=goods+services": "Empresas exportadoras",
    "fob?region={region}&flow=services": "Exportaciones de servicios",
    "exporters?region={region}&flow=goods+services&size=pyme": "Pymes exportadoras",
    "fob?region={region}&flow=goods+services&size=pyme": "Valor exportado por pymes",
    "fob_same_firms?region={region}&flow=goods+services&size=pyme": "Pymes presentes en ambos períodos",
}
MOVERS = "contribution_pp?region={region}&split=sector:prochile"
MONTHS = "fob?region={region}&window=rolling12&split=month"


def edition_questions(region: str) -> tuple[str, ...]:
    """Return the canonical text of every question the page asks of a region."""
    wholes = [f"share?region={region}&denominator={id_}" for id_, one in DENOMINATORS.items() if not one.regionalised]
    asked = [*(text.format(region=region) for text in (*FIGURES, MOVERS, MONTHS)), *wholes]
    return tuple(str(Question.parse(text)) for text in asked)


def edition_summary(region: str, *, ask: Callable[[str], Answer]) -> EditionSummary:
    """Return the computed figures of a region; `ask` answers one canonical question."""
    answers = [ask(text) for text in edition_questions(region)]
    count = len(FIGURES)
    figures = dict(zip(map(t, FIGURES.values()), answers, strict=False))
    return EditionSummary(
        headline=sentence(answers[0]),
        figures=figures,
        movers=answers[count],
        months=answers[count + 1],
        shares=tuple(answers[count + 2 :]),
    )
