"""Findings about sectors and products in one sentence, from the values that the charts show."""

from collections.abc import Sequence

from indicators.engine.growth import MAX_GROWTH
from indicators.engine.pivot import short_name
from indicators.engine.result import Answer, Row
from indicators.narrative.findings import is_leftover, printed_title
from indicators.narrative.sentences import where
from indicators.published import Breakdown, Customs2025
from words.formats import listing, percent
from words.language import t

FLAT = 0.0005  # what rounds to 0,0 %


def published_headline(breakdown: Breakdown | None, customs: Customs2025, where: str) -> str:
    """Say what is published of the sectors of a region: the widest printed move, and the largest of customs."""
    said = []
    if breakdown:
        publishers = dict.fromkeys(fact.publisher for row in breakdown.rows for fact in row.facts)
        said.append(f"{printed_title(breakdown, where)} ({', '.join(publishers)}).")
    named = [fact for fact in customs.sectors if not is_leftover(fact)]
    if named and customs.total and customs.total.value:
        first = named[0]
        said.append(
            t(
                "{sector} fue el {weight} de lo exportado por {place} en {period} (Aduanas).",
                sector=first.subject,
                weight=percent(first.value / customs.total.value, 0),
                place=where,
                period=customs.total.period.label,
            )
        )
    return " ".join(said) or t("No hay cifras publicadas por sector de {place}.", place=where)


def comparable(answer: Answer, keys: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows of an index in the order of `keys`, without those that moved out of scale."""
    by_key = {row.key: row for row in answer.rows}
    found = (by_key[key] for key in keys if key in by_key)
    return tuple(row for row in found if row.value is not None and abs(row.value) <= MAX_GROWTH)


def price_title(answer: Answer, rows: Sequence[Row]) -> str:
    """Say how prices moved, and where most among the rows."""
    if answer.value is None:
        return t("Precios de lo exportado por {place}", place=where(answer))
    if abs(answer.value) < FLAT:
        said = t("Los precios no cambiaron")
    elif answer.value > 0:
        said = t("Los precios subieron {rate}", rate=percent(answer.value))
    else:
        said = t("Los precios bajaron {rate}", rate=percent(-answer.value))
    return _with_widest(said, rows)


def volume_title(answer: Answer, rows: Sequence[Row]) -> str:
    """Say how the volume moved, and where most among the rows."""
    if answer.value is None:
        return t("Volumen de lo exportado por {place}", place=where(answer))
    if abs(answer.value) < FLAT:
        said = t("El volumen no cambió")
    elif answer.value > 0:
        said = t("El volumen creció {rate}", rate=percent(answer.value))
    else:
        said = t("El volumen cayó {rate}", rate=percent(-answer.value))
    return _with_widest(said, rows)


def _with_widest(said: str, rows: Sequence[Row]) -> str:
    if len(rows) < 2:
        return said
    widest = max(rows, key=lambda row: abs(row.value or 0))
    if abs(widest.value or 0) < FLAT:
        return said
    rate = percent(widest.value, sign=True)
    return t("{said}; lo más, {name} ({rate})", said=said, name=short_name(widest.label), rate=rate)


def series_title(rows: Sequence[Row], answers: Sequence[Answer]) -> str:
    """Say how many of the series are below a year before, and which are above (or the reverse, when they are fewer)."""
    grown = [(row, answer.growth) for row, answer in zip(rows, answers, strict=True) if answer.growth is not None]
    if not grown:
        return t("Lo mayor, mes a mes")
    up = [short_name(row.label) for row, growth in grown if growth > 0]
    down = [short_name(row.label) for row, growth in grown if growth <= 0]
    if not up:
        return t("{names} por debajo del año anterior", names=listing(down)) if len(down) < 3 else _all(down)
    if not down:
        return t("Los {count} mayores exportaron más que un año antes", count=len(up))
    if len(up) <= len(down):
        return t(
            "{names} por encima del año anterior; {count} por debajo", names=_capital(listing(up)), count=len(down)
        )
    return t("{names} por debajo del año anterior; {count} por encima", names=_capital(listing(down)), count=len(up))


def _all(down: Sequence[str]) -> str:
    return t("Los {count} mayores exportaron menos que un año antes", count=len(down))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
