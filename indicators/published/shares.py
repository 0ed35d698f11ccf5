"""Shares and growth from two published levels; a share is never read from the ledger."""

from indicators import formats
from indicators.edition import Edition
from indicators.language import t
from indicators.published.facts import OtherValue, PublishedFact
from indicators.published.labels import NATION, SCOPE_LABELS
from indicators.published.ledger import facts, totals

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
