"""Growth worked out from two printed levels a year apart, where no rate was printed."""

from collections.abc import Iterator
from dataclasses import replace

from indicators import formats
from indicators.edition import Edition
from indicators.published import Period, PublishedFact, facts
from indicators.published.ledger import totals

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
