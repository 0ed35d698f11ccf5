"""Reads the ledger and makes one fact of all rows that speak of the same thing.

Which value leads when several are printed (the others are listed as contradictions):
1. the body that produces the series (INE: goods of a region; Banco Central: goods of the nation; ProChile and
   SUBREI: scopes without copper, services, firms; ODEPA; Aduanas: its own series) before those who quote it;
2. a printed value before one derived from printed values;
3. the first print before later ones.
"""

from collections.abc import Iterable, Mapping

from indicators.edition import Edition
from indicators.language import SPANISH, language, t
from indicators.names import key_labels
from indicators.published.derivations import distinct, explain
from indicators.published.facts import DERIVED, RECORD_SUM, OtherValue, Period, PublishedFact
from indicators.published.figure import Figure, figures
from indicators.published.labels import shown
from indicators.published.notes import bound, note_text


def facts(edition: Edition, region: str) -> tuple[PublishedFact, ...]:
    """Return the facts published about a region, latest period first; claims without a base are marked."""
    return edition.once(f"facts of {region} in {language()}", lambda: _facts(edition, region))


def _facts(edition: Edition, region: str) -> tuple[PublishedFact, ...]:
    rows = figures(edition, region)
    countries = {} if language() == SPANISH else key_labels(edition, "country")
    things: dict[tuple[object, ...], list[Figure]] = {}
    for row in rows:
        things.setdefault(row.thing, []).append(row)
    made = [
        _fact(sorted(group, key=lambda row: row.preference), rows, countries=countries) for group in things.values()
    ]
    return tuple(sorted(made, key=lambda fact: (fact.period.end, fact.period.start), reverse=True))


def totals(published: Iterable[PublishedFact]) -> list[PublishedFact]:
    """Return the facts about all the exports of a scope, without claims and narrower bases."""
    return [f for f in published if f.subject is None and f.basis is None and not f.is_claim]


def _fact(group: list[Figure], rows: list[Figure], *, countries: Mapping[str, str]) -> PublishedFact:
    lead, *rest = group
    agreeing = [row for row in rest if not row.is_derived and _agree(row, lead)]
    differing = [row for row in rest if not _agree(row, lead)]
    same = [lead, *agreeing]
    adds_records = lead.is_derived and lead.source_kind != "derived"
    derived = explain(lead, rows) if lead.source_kind == "derived" else None
    urls = derived.source_urls if derived else distinct(row.source_url for row in same)
    return PublishedFact(
        figure_ids=tuple(row.figure_id for row in same),
        metric=str(lead.thing[0]),
        scope=lead.flow_scope,
        region=lead.region_code,
        subject_kind=lead.subject_kind,
        subject=countries.get(lead.subject_code or "") or (t(lead.subject) if lead.subject else None),
        basis=t(lead.basis) if lead.basis else None,
        period=Period(lead.period_start, lead.period_end),
        value=lead.value,
        unit=lead.unit,
        decimals=derived.decimals if derived else lead.decimals,
        comparison=lead.comparison or "",
        publisher=derived.publisher if derived else lead.publisher,
        published_on=derived.published_on if derived else _printed_on(lead),
        source_urls=urls,
        is_derived=lead.is_derived,
        derivation=derived.words if derived else t(RECORD_SUM) if adds_records else None,
        note=None if derived else note_text(lead.note),
        bound=bound(lead.note),
        subject_code=lead.subject_code,
        printed_subject=lead.subject,
        inputs=derived.figure_ids if derived else (),
        adds_records=adds_records,
        size_rule=lead.size_rule,
        is_claim=lead.is_claim,
        contradictions=_others(differing, lead),
    )


def _others(differing: list[Figure], lead: Figure) -> tuple[OtherValue, ...]:
    """Return one entry per other value, each with all who print it."""
    values: dict[tuple[float, str], list[Figure]] = {}
    for row in differing:
        values.setdefault((row.value, row.publisher), []).append(row)
    return tuple(
        OtherValue(
            value=value,
            value_text=shown(value, lead.unit, decimals=rows[0].decimals),
            publisher=t(DERIVED) if publisher == "derived" else publisher,
            published_on=_printed_on(rows[0]),
            figure_ids=tuple(row.figure_id for row in rows),
            source_urls=distinct(row.source_url for row in rows),
            is_derived=rows[0].is_derived,
            note=note_text(rows[0].note),
        )
        for (value, publisher), rows in values.items()
    )


def _agree(one: Figure, other: Figure) -> bool:
    """Whether two printed values are the same within the coarser rounding."""
    return abs(one.value - other.value) <= max(one.rounding, other.rounding) * (1 + 1e-9)


def _printed_on(row: Figure) -> str | None:
    return row.published_on.replace("(inferred)", t("(fecha inferida)")) if row.published_on else None
