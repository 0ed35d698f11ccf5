"""Findings in one Spanish sentence, written from the same values that cards and charts show."""

from collections.abc import Sequence

from indicators.dimensions import UNKNOWN_KEY
from indicators.drill import short_name
from indicators.formats import listing, percent, points
from indicators.published import Breakdown, PublishedFact
from indicators.result import Answer, Row

LEFTOVERS = ("resto", "otro", "demás")  # how the names of leftovers begin: they lead no sentence
SHOWN = 8
VISIBLE = 0.0005  # half of the last digit shown, 0,1 pp


def published_headline(
    where: str, level: PublishedFact | None, growth: PublishedFact | None, share: PublishedFact | None
) -> str:
    """Say the published state of a region: level, growth, share."""
    if level is None:
        return f"No hay cifras publicadas del total exportado por {where}."
    said = (
        f"{_capital(where)} exportó {level.value_text} en {level.period.label} ({level.scope_label}, {level.publisher})"
    )
    if growth is not None:
        said += f", {_moved(growth.value, growth.decimals)} que en igual período del año anterior"
    if share is not None:
        said += f"; es el {share.value_text} del total nacional de {share.scope_label}"
    return f"{said}."


def _moved(growth: float, decimals: int) -> str:
    if growth == 0:
        return "lo mismo"
    return f"{percent(abs(growth), decimals)} {'más' if growth > 0 else 'menos'}"


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
        return f"Qué movió las exportaciones de {answer.region_label}"
    first = rows[0]
    falls = (first.contribution or 0) < 0
    name = short_name(first.label)
    whole = "al total de este corte" if is_narrowed(answer) else f"a las exportaciones de {answer.region_label}"
    said = f"{name} {'restó' if falls else 'sumó'} {_points(first)} {whole}"
    against = next((row for row in rows if ((row.contribution or 0) < 0) != falls), None)
    if against is None:
        return said
    return f"{said}; {short_name(against.label)} {'sumó' if falls else 'restó'} {_points(against)}"


def _points(row: Row) -> str:
    return points(abs(row.contribution or 0)).lstrip("+")


def months_title(answer: Answer) -> str:
    """Say how the last months compare with the same months a year earlier."""
    if answer.growth is None:
        return f"Exportaciones de {answer.region_label}, mes a mes"
    what = "exportó de este corte" if is_narrowed(answer) else "exportó"
    return f"{answer.region_label} {what} {_moved(answer.growth, 1)} en {answer.window_label} que un año antes"


def is_narrowed(answer: Answer) -> bool:
    """Whether the answer is of some sectors, products, types or destinations: a title must not speak of all exports."""
    question = answer.question
    return any((question.sector, question.hs, question.service_type, question.country))


def parts_title(parts: Sequence[PublishedFact], total: PublishedFact | None, *, noun: str) -> str:
    """Say which published parts are the largest and how much of the total they make."""
    named = [part for part in parts if not is_leftover(part)][:3]
    names = listing([str(part.subject) for part in named])
    if total is None or not total.value:
        return f"{noun}: {names}"
    weight = percent(sum(part.value for part in named) / total.value, 0)
    verb = "suman" if len(named) > 1 else "es"
    return f"{names} {verb} el {weight} de lo exportado en {total.period.label}"


def is_leftover(part: PublishedFact) -> bool:
    """Whether a part is what is left after the named ones."""
    return str(part.subject).lower().startswith(LEFTOVERS)


def printed_title(breakdown: Breakdown, where: str) -> str:
    """Say which printed sector fell or rose most."""
    rows = [row for row in breakdown.rows if row.growth is not None]
    if not rows:
        return f"Lo publicado por rubro de {where} en {breakdown.period.label}"
    widest = max(rows, key=lambda row: abs(row.growth.value if row.growth else 0))
    assert widest.growth is not None  # noqa: S101  for the type checker: rows without growth are out
    verb = "cayó" if widest.growth.value < 0 else "subió"
    rate = percent(abs(widest.growth.value), widest.growth.decimals)
    return f"{widest.subject} {verb} {rate} en {breakdown.period.label}"
