"""The charts that set the 16 regions beside each other."""

from collections.abc import Mapping, Sequence

from indicators.engine.result import Answer, Row
from indicators.narrative import regiones
from indicators.narrative.regiones import Column, of, said
from indicators.narrative.sentences import where
from indicators.published import PublishedFact
from indicators.question.scope import REGIONS
from ui.charts.chart import Bar, Bars, Chart, Line, Lines, RegionArea, RegionMap, computed, printed
from ui.text import capitalised
from words.formats import number, percent
from words.language import t

MILLION = 1_000_000
SHOWN = 10


def printed_levels(facts: Sequence[PublishedFact], names: Mapping[str, str]) -> Chart | None:
    """Draw what customs published of each region, largest first."""
    if not facts:
        return None
    rows = tuple(
        Bar(names[fact.region], fact.value, number(fact.value / MILLION, 1), f"{names[fact.region]}: {fact.value_text}")
        for fact in facts
    )
    scope, period = capitalised(facts[0].scope_label), facts[0].period.label
    measure = t("{scope}, {period}; millones de US$", scope=scope, period=period)
    caption = printed(facts, regiones.printed_title(facts, names), measure)
    alt = t("Exportaciones de cada región según Aduanas")
    return Chart("regiones-publicadas", caption, alt, Bars(rows), tuple(facts))


def region_map(answer: Answer, column: Column) -> Chart | None:
    """Draw the 16 regions, the darker the larger the figure."""
    rows = regiones.ranked(answer, column)
    if not rows:
        return None
    rows_by_region = {row.key: row for row in answer.rows}
    areas = tuple(_area(code, rows_by_region.get(code), answer, column) for code in REGIONS)
    first, last = (max(rows, key=lambda row: abs(of(row, column))), min(rows, key=lambda row: abs(of(row, column))))
    key = t(
        "Color más intenso: {most} ({most_value}); más tenue: {least} ({least_value})",
        most=first.label,
        most_value=said(first, answer, column),
        least=last.label,
        least_value=said(last, answer, column),
    )
    caption = computed(answer, regiones.map_title(answer, column), _measure(answer, column))
    return Chart("mapa", caption, t("Mapa de las 16 regiones"), RegionMap(areas, key), (answer,), unit=_unit(column))


def _area(code: str, row: Row | None, answer: Answer, column: Column) -> RegionArea:
    if row is None:
        return RegionArea(code, code, None, t("Sin exportaciones"))
    value = getattr(row, column)
    why = f" ({row.reasons[0].text})" if value is None and row.reasons else ""
    return RegionArea(code, row.label, value, f"{row.label}: {said(row, answer, column)}{why}")


def ranking(answer: Answer, column: Column) -> Chart | None:
    """Draw the regions from the largest figure to the least."""
    rows = tuple(
        Bar(row.label, of(row, column), said(row, answer, column), f"{row.label}: {said(row, answer, column)}")
        for row in regiones.ranked(answer, column)
    )
    if not rows:
        return None
    caption = computed(answer, regiones.ranking_title(answer, column), _measure(answer, column))
    return Chart("ranking", caption, t("Regiones ordenadas por la cifra"), Bars(rows), (answer,), unit=_unit(column))


def _unit(column: Column) -> str | None:
    """The unit of what is drawn where it is not that of the answer."""
    return None if column == "value" else "fraction"


def _measure(answer: Answer, column: Column) -> str:
    if column == "growth" and answer.base_label:
        return t(
            "Variación del valor de {scope}, {window} frente a {base}",
            scope=answer.scope_label,
            window=answer.window_label,
            base=answer.base_label,
        )
    said_as = {
        "value": t("Valor FOB de {scope}, {window}"),
        "share": t("Parte del valor de {scope} del país, {window}"),
        "growth": t("Variación del valor de {scope}, {window}"),
    }
    return said_as[column].format(scope=answer.scope_label, window=answer.window_label)


def shares_over_time(answers: Mapping[str, Sequence[Answer]]) -> Chart | None:
    """Draw the region's part of the nation, one line per whole; `answers` has one answer per period, by whole."""
    lines = tuple(
        Line(
            whole,
            tuple(_percent(answer) for answer in runs),
            tuple(f"{whole}: {percent(answer.value, 2)}" for answer in runs),
        )
        for whole, runs in answers.items()
        if any(answer.value is not None for answer in runs)
    )
    if not lines:
        return None
    every = tuple(answer for runs in answers.values() for answer in runs)
    labels = tuple(answer.window_label for answer in next(iter(answers.values())))
    last = [runs[-1] for runs in answers.values()]
    measure = t("Parte de {place} en cada total nacional, en porcentaje", place=where(every[0]))
    alt = t("Parte de {place} en el país, según el total, año a año", place=where(every[0]))
    caption = computed(every[-1], regiones.shares_title(last), measure)
    return Chart("participacion", caption, alt, Lines(lines, labels, 0.01), every)


def _percent(answer: Answer) -> float | None:
    return None if answer.value is None else answer.value * 100


def peers(answer: Answer) -> Chart | None:
    """Draw the regions whose exports look most like those of one."""
    rows = tuple(
        Bar(row.label, row.value, percent(row.value), f"{row.label}: {percent(row.value)}")
        for row in answer.rows[:SHOWN]
        if row.value is not None
    )
    if not rows:
        return None
    measure = t("{label}, a seis dígitos del arancel, {window}", label=answer.label, window=answer.window_label)
    caption = computed(answer, regiones.peers_title(answer), measure)
    return Chart("parecidas", caption, t("Regiones de canasta más parecida"), Bars(rows), (answer,))


def specialisation(answer: Answer) -> Chart | None:
    """Draw how many times more a sector weighs in the region than in the country."""
    rows = tuple(
        Bar(row.label, row.value or 0.0, number(row.value, 2), f"{row.label}: {number(row.value, 2)}")
        for row in regiones.specialised(answer)[:SHOWN]
    )
    if not rows:
        return None
    measure = t("{label} por sector (1 es igual que Chile), {window}", label=answer.label, window=answer.window_label)
    caption = computed(answer, regiones.specialisation_title(answer), measure)
    return Chart("especializacion", caption, t("Índice de especialización por sector"), Bars(rows), (answer,))
