"""Findings about services, from the values that the page shows."""

from collections.abc import Sequence

from indicators.engine.result import Answer, Row
from indicators.narrative.sentences import where
from indicators.published import Parts, PublishedFact, ServiceFacts
from indicators.question.dimensions import UNKNOWN_KEY
from indicators.question.scope import REGIONS
from words.formats import listing, percent, quantity
from words.language import t

UNCLASSIFIED = "sin_clasificar"
SERVICES = "services"


def published_headline(found: ServiceFacts, where: str) -> str:
    """Say the latest published level of a place's services and its growth."""
    level = found.level
    if level is None:
        return t("No hay cifras publicadas de los servicios que exporta {place}.", place=where)
    said = {"place": where, "value": level.value_text, "period": level.period.label, "publisher": level.publisher}
    if found.growth is None:
        return t("{place} exportó servicios por {value} en {period} ({publisher}).", **said)
    return t(
        "{place} exportó servicios por {value} en {period} ({publisher}), {growth} frente a igual período del año "
        "anterior.",
        growth=found.growth.value_text,
        **said,
    )


def years_title(years: Sequence[PublishedFact]) -> str:
    """Say from what to what customs' services went."""
    first, last = years[0], years[-1]
    return t(
        "Los servicios de Chile que registra Aduanas pasaron de {first} en {first_year} a {last} en {last_year}",
        first=first.value_text,
        first_year=first.period.label,
        last=last.value_text,
        last_year=last.period.label,
    )


def kinds_title(parts: Parts) -> str:
    """Say how much of the services the largest printed kind makes."""
    return _largest(parts, t("{name}: {weight} de los servicios que exportó Chile en {period}"))


def destinations_title(parts: Parts) -> str:
    """Say how much of the services the largest printed destination buys."""
    return _largest(parts, t("{name} compra el {weight} de los servicios que exportó Chile en {period}"))


def _largest(parts: Parts, sentence: str) -> str:
    first = parts.rows[0]
    level = first.level
    if level is None or parts.total is None or not parts.total.value:
        return t("{name} va primero entre los servicios publicados", name=first.subject)
    weight = percent(level.value / parts.total.value, 0)
    return sentence.format(name=first.subject, weight=weight, period=level.period.label)


def printed_regions_title(regions: Sequence[PublishedFact], name: str) -> str:
    """Say how much of what customs files under a region is of the first one."""
    weight = regions[0].value / sum(one.value for one in regions)
    return t(
        "{place} reúne el {weight} de los servicios con región en los registros de Aduanas de {period}",
        place=name,
        weight=percent(weight, 0),
        period=regions[0].period.label,
    )


def months_title(answer: Answer) -> str:
    """Say what the services of the last months were, and how they moved."""
    said = {"place": where(answer), "value": quantity(answer.value, answer.unit), "window": answer.window_label}
    if answer.growth is None:
        return t("{place} exportó servicios por {value} en {window}", **said)
    growth = percent(answer.growth, sign=True)
    return t("{place} exportó servicios por {value} en {window}, {growth} que un año antes", growth=growth, **said)


def types(answer: Answer) -> list[Row]:
    """Return the types that were exported, the largest first and what has no type last."""
    rows = [row for row in answer.rows if row.value]
    return sorted(rows, key=lambda row: row.key in (UNCLASSIFIED, UNKNOWN_KEY))


def classified(answer: Answer) -> float | None:
    """Return the part of the value whose type is told by the words; None where a part is hidden."""
    shares = [row.share for row in answer.rows if row.key not in (UNCLASSIFIED, UNKNOWN_KEY)]
    return None if any(share is None for share in shares) else sum(share for share in shares if share is not None)


def types_title(answer: Answer) -> str:
    """Say which type is the largest, and of how much of the value the type is known."""
    first, known = types(answer)[0], classified(answer)
    if first.key in (UNCLASSIFIED, UNKNOWN_KEY):
        return t("Ningún texto de este corte dice qué servicio es")
    if first.share is None or known is None:
        return t("{name} es el tipo de servicio mayor", name=first.label)
    return t(
        "{name}: {weight} de los servicios; se reconoce el tipo del {known} del valor",
        name=first.label,
        weight=percent(first.share, 0),
        known=percent(known, 0),
    )


def markets_title(answer: Answer) -> str:
    """Say which country buys most services."""
    first = next(row for row in answer.rows if row.value)
    return t(
        "{country} compra el {weight} de los servicios de {place}",
        country=first.label,
        weight=percent(first.share),
        place=where(answer),
    )


def weight_of(answer: Answer) -> float | None:
    """Return the part of services in an answer split by flow."""
    return next((row.share for row in answer.rows if row.key == SERVICES), None)


def weight_title(answer: Answer) -> str:
    """Say what part of a place's exports are services."""
    return t(
        "Los servicios son el {weight} de lo que exportó {place} en {window}",
        weight=percent(weight_of(answer), 2),
        place=where(answer),
        window=answer.window_label,
    )


def outside_regions(answer: Answer) -> str:
    """Say what is in the nation and in no region; nothing when all has one."""
    rows = [row for row in answer.rows if row.key not in REGIONS and row.value]
    if not rows:
        return ""
    said = listing([f"{row.label} ({quantity(row.value, answer.unit)})" for row in rows])
    return t("En el total del país y en ninguna región: {parts}.", parts=said)
