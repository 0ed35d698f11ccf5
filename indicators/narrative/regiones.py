"""Findings about the regions beside each other."""

from collections.abc import Mapping, Sequence
from typing import Literal

from indicators.engine.result import Answer, Row
from indicators.narrative.sentences import is_specialised, where
from indicators.published import PublishedFact
from indicators.question.dimensions import UNKNOWN_KEY
from indicators.question.scope import REGIONS
from words.formats import listing, number, percent, quantity
from words.language import t

LEADERS = 3
Column = Literal["value", "growth", "share"]


def printed_title(facts: Sequence[PublishedFact], names: Mapping[str, str]) -> str:
    """Say which regions customs published the largest values of, and how much of the 16 they make."""
    leaders = facts[:LEADERS]
    weight = sum(one.value for one in leaders) / sum(one.value for one in facts)
    return t(
        "{leaders} suman el {weight} de lo que exportaron las regiones en {period}",
        leaders=listing([names[one.region] for one in leaders]),
        weight=percent(weight, 0),
        period=facts[0].period.label,
    )


def of(row: Row, column: Column) -> float:
    """Return the figure that the regions are ordered by."""
    return float(getattr(row, column) or 0.0)


def said(row: Row, answer: Answer, column: Column) -> str:
    """Return that figure as a page shows it."""
    if column == "value":
        return quantity(row.value, answer.unit)
    return percent(getattr(row, column), sign=column == "growth")


def ranked(answer: Answer, column: Column) -> list[Row]:
    """Return the regions that have the figure, largest first."""
    rows = [row for row in answer.rows if row.key in REGIONS and getattr(row, column) is not None]
    return sorted(rows, key=lambda row: -of(row, column))


def map_title(answer: Answer, column: Column) -> str:
    """Say which region has the largest figure."""
    first = ranked(answer, column)[0]
    values = {"place": first.label, "value": said(first, answer, column), "window": answer.window_label}
    if column == "growth":
        return t("{place} es la que más creció o menos cayó: {value} en {window}", **values)
    if column == "share":
        return t("{place} es la mayor: {value} del país en {window}", **values)
    return t("{place} es la que más exporta: {value} en {window}", **values)


def ranking_title(answer: Answer, column: Column) -> str:
    """Say how many regions grew, or which lead and how much they make together."""
    rows = ranked(answer, column)
    if column == "growth":
        grew = sum(1 for row in rows if of(row, column) > 0)
        return t(
            "{grew} de {all} regiones exportaron más en {window} que un año antes",
            grew=grew,
            all=len(rows),
            window=answer.window_label,
        )
    leaders = rows[:LEADERS]
    weights = [row.share for row in leaders if row.share is not None]
    names = listing([row.label for row in leaders])
    if len(weights) < len(leaders):
        return t("{leaders} encabezan las regiones en {window}", leaders=names, window=answer.window_label)
    return t(
        "{leaders} suman el {weight} del total en {window}",
        leaders=names,
        weight=percent(sum(weights), 0),
        window=answer.window_label,
    )


def shares_title(last: Sequence[Answer]) -> str:
    """Say between which values the share lies, according to the whole it is taken of."""
    known = [one for one in last if one.value is not None]
    if not known:
        return t("Participación de {place} en el país", place=where(last[0]))
    low, high = min(known, key=lambda one: one.value or 0), max(known, key=lambda one: one.value or 0)
    if percent(low.value) == percent(high.value):
        words = {"place": where(low), "share": percent(low.value), "window": low.window_label}
        return t("{place} es el {share} del país en {window}, sea cual sea el total que se mire", **words)
    return t(
        "{place} es del {low} al {high} del país en {window}, según qué total se mire",
        place=where(low),
        low=percent(low.value),
        high=percent(high.value),
        window=low.window_label,
    )


def peers_title(answer: Answer) -> str:
    """Say which region exports the most similar basket."""
    nearest = next(row for row in answer.rows if row.value is not None)
    return t("{peer} es la región que exporta lo más parecido a {place}", peer=nearest.label, place=where(answer))


def specialised(answer: Answer) -> list[Row]:
    """Return the sectors that the region exports, the most specialised first; what has no sector has no place here."""
    return [row for row in answer.rows if row.value and row.key != UNKNOWN_KEY]


def specialisation_title(answer: Answer) -> str:
    """Say in which sector the region is most specialised, or that it is in none."""
    first = next((row for row in specialised(answer) if is_specialised(row)), None)
    if first is None:
        return t("{place} no se especializa en ningún sector respecto de Chile", place=where(answer))
    return t(
        "{sector} pesa en {place} {times} veces lo que pesa en Chile",
        sector=first.label,
        times=number(first.value, 1),
        place=where(answer),
    )
