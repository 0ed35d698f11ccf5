"""Destinations: which are on a map, which are new and which were lost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from editions.edition import Edition
from indicators.engine.growth import Guard
from indicators.engine.result import Answer, Row
from indicators.question.dimensions import BLOCS, UNKNOWN_KEY
from words.language import t


@dataclass(frozen=True)
class Place:
    """What the edition knows of a code of destination. Only a real country has `iso3`."""

    iso3: str | None
    is_pseudo: bool


@dataclass(frozen=True)
class MarketChanges:
    """Destinations that came and went. Those below the floor are counted and not named: trifles do not shout."""

    new: tuple[Row, ...]
    lost: tuple[Row, ...]
    small_new: int
    small_lost: int
    floor_usd: float


def places(edition: Edition) -> dict[str, Place]:
    """Return every code of destination of the edition, code → place."""
    rows = edition.constant("SELECT country_code, iso3, is_pseudo FROM core_country")
    return {row["country_code"]: Place(row["iso3"], bool(row["is_pseudo"])) for row in rows}


def countries(answer: Answer, known: Mapping[str, Place]) -> tuple[Row, ...]:
    """Return the rows that are countries: with value, and neither unknown nor a code in the place of a country."""
    return tuple(row for row in answer.rows if row.value and _is_country(row, known))


def off_the_map(answer: Answer, known: Mapping[str, Place]) -> tuple[Row, ...]:
    """Return the rows with value that are no country: they are in the total, and on no map."""
    return tuple(row for row in answer.rows if row.value and not _is_country(row, known))


def without_outline(answer: Answer, known: Mapping[str, Place], outlined: Collection[str]) -> tuple[Row, ...]:
    """Return the countries that buy and have no outline on the map."""
    return tuple(row for row in countries(answer, known) if known[row.key].iso3 not in outlined)


def _is_country(row: Row, known: Mapping[str, Place]) -> bool:
    place = known.get(row.key)
    return row.key != UNKNOWN_KEY and place is not None and not place.is_pseudo


def changes(answer: Answer, known: Mapping[str, Place]) -> MarketChanges | None:
    """Return the countries with value only in the window (new) or only in the base (lost); None without a base.

    The floor is the one of the low-base rule, on the larger of both totals.
    """
    if answer.base is None or answer.value is None:
        return None
    floor = Guard(region_usd=float(max(answer.value, answer.base))).floor_usd
    named = [row for row in answer.rows if _is_country(row, known)]
    new = [row for row in named if (row.value or 0) > 0 and row.base == 0]
    lost = sorted((row for row in named if (row.base or 0) > 0 and row.value == 0), key=lambda row: -(row.base or 0))
    return MarketChanges(
        new=tuple(row for row in new if (row.value or 0) >= floor),
        lost=tuple(row for row in lost if (row.base or 0) >= floor),
        small_new=sum((row.value or 0) < floor for row in new),
        small_lost=sum((row.base or 0) < floor for row in lost),
        floor_usd=floor,
    )


def bloc_rows(whole: Answer, found: Mapping[str, Answer]) -> tuple[Row, ...]:
    """Return what each bloc buys (name → its answer), the largest first; `share` is of `whole`, all destinations.

    Blocs overlap: neither their values nor their shares are ever added.
    """
    rows = [_bloc_row(name, answer, whole) for name, answer in found.items() if answer.value]
    return tuple(sorted(rows, key=lambda row: -(row.value or 0)))


def _bloc_row(name: str, answer: Answer, whole: Answer) -> Row:
    return Row(
        key=name,
        label=t(BLOCS[name].label),
        value=answer.value,
        base=answer.base,
        change=answer.change,
        growth=answer.growth,
        share=float(answer.value or 0) / float(whole.value) if whole.value else None,
        contribution=None,
        reasons=answer.reasons,
    )
