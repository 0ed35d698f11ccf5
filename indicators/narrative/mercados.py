"""Findings about destinations in one sentence, from the values that the charts show."""

from collections.abc import Sequence

from indicators.engine.markets import MarketChanges
from indicators.engine.result import Answer, Row
from indicators.narrative.findings import parts_title
from indicators.narrative.sentences import exports, where
from indicators.published import Breakdown, Customs2025
from words.formats import listing, percent, points, usd
from words.language import t

LEADERS = 3


def map_title(answer: Answer, found: Sequence[Row]) -> str:
    """Say how many countries buy, and which buys most."""
    if not found:
        return t("Destinos de {place}", place=where(answer))
    first = found[0]
    if len(found) == 1:
        return t("{country} es el único destino", country=first.label)
    return t(
        "{exports} fue a {count} países; {country} compró el {weight}",
        exports=exports(answer),
        count=len(found),
        country=first.label,
        weight=percent(first.share),
    )


def ranking_title(answer: Answer, found: Sequence[Row]) -> str:
    """Say how much the largest destinations take together."""
    first = [row for row in found if row.share is not None][:LEADERS]
    if len(first) < LEADERS:
        return map_title(answer, found)
    weight = percent(sum(row.share or 0 for row in first), 0)
    names = listing([row.label for row in first])
    return t("{names} reciben el {weight} de lo exportado", names=names, weight=weight)


def changes_title(found: MarketChanges) -> str:
    """Say how many destinations came and went, and the largest."""
    if not found.new and not found.lost:
        return t("Ningún mercado nuevo ni perdido de tamaño apreciable")
    said = []
    if found.new:
        count = t("1 mercado nuevo") if len(found.new) == 1 else t("{count} mercados nuevos", count=len(found.new))
        said.append(t("{count}: {country}", count=count, country=listing([row.label for row in found.new[:LEADERS]])))
    if found.lost:
        count = t("1 perdido") if len(found.lost) == 1 else t("{count} perdidos", count=len(found.lost))
        said.append(t("{count}: {country}", count=count, country=listing([row.label for row in found.lost[:LEADERS]])))
    return "; ".join(said)


def changes_note(found: MarketChanges) -> str:
    """Say from what value a market is named, and how many smaller ones are not."""
    floor = t("Se nombran los de {floor} o más", floor=usd(found.floor_usd))
    if not found.small_new and not found.small_lost:
        return t("{floor}.", floor=floor)
    return t(
        "{floor}; de menos aparecieron {new} y desaparecieron {lost}.",
        floor=floor,
        new=found.small_new,
        lost=found.small_lost,
    )


def continents_title(found: Sequence[Row]) -> str:
    """Say which continent buys most, and which moved the total most."""
    if not found or found[0].share is None:
        return t("Destinos por continente")
    first = found[0]
    said = t("{name} compra el {weight}", name=first.label, weight=percent(first.share, 0))
    moved = [row for row in found if row.contribution is not None]
    if not moved:
        return said
    widest = max(moved, key=lambda row: abs(row.contribution or 0))
    how = points(widest.contribution)
    return t("{said}; la variación viene sobre todo de {name} ({how})", said=said, name=widest.label, how=how)


def blocs_title(rows: Sequence[Row]) -> str:
    """Say which bloc buys most, and which grew or fell most in value."""
    first = rows[0]
    said = t("{bloc} compra el {weight} de lo exportado", bloc=first.label, weight=percent(first.share, 0))
    moved = [row for row in rows if row.change and row.growth is not None]
    if not moved:
        return said
    widest = max(moved, key=lambda row: abs(row.change or 0))
    how = percent(widest.growth, sign=True)
    if widest is first:
        return t("{said} ({how})", said=said, how=how)
    text = (
        "{said}; el que más creció es {bloc} ({how})"
        if (widest.change or 0) > 0
        else "{said}; el que más cayó es {bloc} ({how})"
    )
    return t(text, said=said, bloc=widest.label, how=how)


def published_headline(printed: Breakdown | None, customs: Customs2025, where: str) -> str:
    """Say what is published of the destinations of a region: the largest of customs, the latest printed shares."""
    said = []
    if customs.destinations:
        said.append(t("{title} (Aduanas).", title=parts_title(customs.destinations, customs.total, noun=t("Destinos"))))
    shares = [row.share for row in printed.rows if row.share][:LEADERS] if printed else []
    if printed and shares:
        said.append(
            t(
                "Lo último publicado, {period}: {shares}.",
                period=printed.period.label,
                shares=listing([f"{fact.subject} {fact.value_text}" for fact in shares]),
            )
        )
    return " ".join(said) or t("No hay cifras publicadas por destino de {place}.", place=where)


def off_the_map(rows: Sequence[Row], too_small: Sequence[Row]) -> str:
    """Say what is in the total and cannot be seen on the map."""
    said = []
    if rows:
        names = listing([row.label for row in rows])
        said.append(t("En el total y fuera del mapa, porque no son países: {names}.", names=names))
    if too_small:
        names = listing([row.label for row in too_small])
        said.append(t("Sin contorno a esta escala: {names}; están en la lista.", names=names))
    return " ".join(said)
