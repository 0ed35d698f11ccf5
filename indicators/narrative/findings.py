"""Findings in one sentence, written from the same values that cards and charts show."""

import re
from collections.abc import Sequence

from indicators.engine.pivot import Pivot, short_name
from indicators.engine.result import Answer, Row
from indicators.narrative.sentences import before, exporter, where
from indicators.published import Breakdown, PublishedFact
from indicators.question.dimensions import UNKNOWN_KEY
from words.formats import listing, percent, points, quantity
from words.language import t

LEFTOVERS = re.compile(r"(?:resto|otro|demás)", re.IGNORECASE)  # how the printed names of what is left over begin
SHOWN = 8
VISIBLE = 0.0005  # half of the last digit shown, 0,1 pp
MONTHS = {  # direction → sentence
    1: "{exporter} {moved} más en {window} que {before}",
    0: "{exporter} casi lo mismo en {window} que {before}",
    -1: "{exporter} {moved} menos en {window} que {before}",
}


def published_headline(
    where: str, level: PublishedFact | None, growth: PublishedFact | None, share: PublishedFact | None
) -> str:
    """Say the published state of a region: level, growth, share."""
    if level is None:
        return t("No hay cifras publicadas del total exportado por {place}.", place=where)
    said = t(
        "{place} exportó {value} en {period} ({scope}, {publisher})",
        place=_capital(where),
        value=level.value_text,
        period=level.period.label,
        scope=level.scope_label,
        publisher=level.publisher,
    )
    if growth is not None:
        said = _grown(said, growth)
    if share is not None:
        said = t(
            "{said}; es el {share} del total nacional de {scope}",
            said=said,
            share=share.value_text,
            scope=share.scope_label,
        )
    return f"{said}."


def _grown(said: str, growth: PublishedFact) -> str:
    moved = percent(abs(growth.value), growth.decimals)
    if direction(growth.value, growth.decimals) == 0:
        return t("{said}, casi lo mismo que en igual período del año anterior", said=said)
    if growth.value > 0:
        return t("{said}, {moved} más que en igual período del año anterior", said=said, moved=moved)
    return t("{said}, {moved} menos que en igual período del año anterior", said=said, moved=moved)


def direction(change: float, decimals: int = 1) -> int:
    """Return whether a rate rises (1) or falls (-1) in what is shown of it; 0 where that is 0,0 %."""
    return 0 if abs(change) < 0.5 * 10.0 ** (-2 - decimals) else 1 if change > 0 else -1


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def movers(answer: Answer) -> tuple[Row, ...]:
    """Return the parts that moved the total, largest move first; what rounds to nothing is left out."""
    moved = [row for row in answer.rows if abs(row.contribution or 0) >= VISIBLE]
    return tuple(sorted(moved, key=lambda row: -abs(row.contribution or 0))[:SHOWN])


def movers_title(answer: Answer) -> str:
    """Say which part explains most of the total's move, and which pulled the other way."""
    rows = [row for row in movers(answer) if row.key != UNKNOWN_KEY]
    if not rows:
        return t("Qué movió las exportaciones de {place}", place=where(answer))
    if answer.reserved:
        words = {"place": where(answer), "parts": listing([short_name(label) for label in answer.reserved])}
        return t("Contribuciones en {place}; en reserva: {parts}", **words)
    first = rows[0]
    falls = (first.contribution or 0) < 0
    said = _lost(answer, first) if falls else _added(answer, first)
    against = next((row for row in rows if ((row.contribution or 0) < 0) != falls), None)
    if against is None:
        return said
    words = {"said": said, "part": short_name(against.label), "points": _points(against)}
    return t("{said}; {part} sumó {points}", **words) if falls else t("{said}; {part} restó {points}", **words)


def _added(answer: Answer, row: Row) -> str:
    words = {"part": short_name(row.label), "points": _points(row), "place": where(answer)}
    return t("{part} sumó {points} a las exportaciones de {place}", **words)


def _lost(answer: Answer, row: Row) -> str:
    words = {"part": short_name(row.label), "points": _points(row), "place": where(answer)}
    return t("{part} restó {points} a las exportaciones de {place}", **words)


def _points(row: Row) -> str:
    return points(abs(row.contribution or 0)).lstrip("+")


def months_title(answer: Answer) -> str:
    """Say how the last months compare with those of the base."""
    if answer.growth is None:
        return t("Exportaciones de {place}, mes a mes", place=where(answer))
    words = {"exporter": exporter(answer), "window": answer.window_label, "before": before(answer)}
    return t(MONTHS[direction(answer.growth)], moved=percent(abs(answer.growth)), **words)


def parts_title(parts: Sequence[PublishedFact], total: PublishedFact | None, *, noun: str) -> str:
    """Say which published parts are the largest and how much of the total they make."""
    named = [part for part in parts if not is_leftover(part)][:3]
    names = listing([str(part.subject) for part in named])
    if total is None or not total.value:
        return f"{noun}: {names}"
    weight = percent(sum(part.value for part in named) / total.value, 0)
    words = {"names": names, "weight": weight, "period": total.period.label}
    if len(named) > 1:
        said = t("{names} suman el {weight} de lo exportado en {period}", **words)
    else:
        said = t("{names} es el {weight} de lo exportado en {period}", **words)
    larger = [part for part in parts[: parts.index(named[-1])] if is_leftover(part)] if named else []
    return _with_leftovers(said, larger, total.value)


def _with_leftovers(said: str, larger: Sequence[PublishedFact], total: float) -> str:
    """Name what is left over too where it is larger than a named part: those named are not the largest then."""
    if not larger:
        return said
    names = listing([str(part.subject) for part in larger])
    weight = percent(sum(part.value for part in larger) / total, 0)
    return t("{said}; «{names}», otro {weight}", said=said, names=names, weight=weight)


def is_leftover(part: PublishedFact) -> bool:
    """Whether a part is what is left after the named ones."""
    return LEFTOVERS.match(str(part.printed_subject)) is not None


def printed_title(breakdown: Breakdown, where: str) -> str:
    """Say which printed sector fell or rose most."""
    rows = [row for row in breakdown.rows if row.growth and direction(row.growth.value, row.growth.decimals)]
    if not rows:
        return t("Lo publicado por rubro de {place} en {period}", place=where, period=breakdown.period.label)
    widest = max(rows, key=lambda row: abs(row.growth.value if row.growth else 0))
    assert widest.growth is not None  # noqa: S101  for the type checker: rows without growth are out
    rate = percent(abs(widest.growth.value), widest.growth.decimals)
    words = {"subject": widest.subject, "rate": rate, "period": breakdown.period.label}
    if widest.growth.value < 0:
        return t("{subject} cayó {rate} en {period}", **words)
    return t("{subject} subió {rate} en {period}", **words)


# -- Findings about whatever the reader put together.

COMPARING = ("growth", "cagr", "contribution", "three_ways")


def title(found: Pivot) -> str:
    """Say which part has the largest figure, or just what is shown when no part has one."""
    total = found.total
    known = [row for row in total.rows if row.value is not None]
    if not known or total.reserved:
        return heading(total)
    first = max(known, key=lambda row: row.value or 0)
    return t(
        "{part}: {value}, la cifra mayor en {window}",
        part=first.label,
        value=quantity(first.value, total.unit),
        window=total.window_label,
    )


def heading(answer: Answer) -> str:
    """Return what is measured, where and when; of what compares two periods, both."""
    spec, window = answer.question.spec, answer.window_label
    if answer.base_label and (spec.compares or spec.operator in COMPARING):
        window = t("{window} frente a {base}", window=window, base=answer.base_label)
    return t("{metric}, {place}, {window}", metric=answer.label, place=where(answer), window=window)
