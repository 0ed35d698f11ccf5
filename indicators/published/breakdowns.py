"""Published sectors and destinations of a region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indicators.edition import Edition
from indicators.language import t
from indicators.published.facts import Period, PublishedFact
from indicators.published.labels import NATION
from indicators.published.ledger import facts
from indicators.scope import REGIONS

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
