"""The charts of the page of markets: the map, the ranking, who came and who left, the continents."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from indicators.engine.markets import Place, bloc_rows, changes, countries
from indicators.engine.pivot import opens
from indicators.engine.result import Answer, Row
from indicators.narrative import findings
from indicators.narrative import mercados as market_findings
from indicators.narrative.sentences import where
from indicators.published import Breakdown
from ui.charts import answers
from ui.charts.chart import Bar, Bars, Chart, CountryArea, WorldMap, computed, printed
from words.formats import percent, quantity
from words.language import t

STEPS = (0.001, 0.01, 0.05, 0.1)  # parts of the total where the colour deepens
RANKED = 12
Places = Mapping[str, Place]


def world(answer: Answer, places: Places) -> Chart | None:
    """Draw the countries that buy, deeper the more they buy."""
    rows = countries(answer, places)
    areas = tuple(
        CountryArea(iso3, row.label, float(row.value or 0), _depth(row), _hover(row, answer))
        for row in rows
        if (iso3 := places[row.key].iso3)
    )
    if not areas:
        return None
    key = (t("menos de 0,1 %"), t("0,1 a 1 %"), t("1 a 5 %"), t("5 a 10 %"), t("más de 10 % del total"))
    measure = t("Parte del valor FOB de {scope}, {window}", scope=answer.scope_label, window=answer.window_label)
    alt = t("Mapa de los destinos de {place}", place=where(answer))
    caption = computed(answer, market_findings.map_title(answer, rows), measure)
    return Chart("mapa", caption, alt, WorldMap(areas, key), (answer,))


def _depth(row: Row) -> int:
    return sum((row.share or 0) >= step for step in STEPS)


def _hover(row: Row, answer: Answer) -> str:
    parts = [quantity(row.value, answer.unit), percent(row.share)]
    return f"{row.label}: {'; '.join([*parts, answers.growth_words(row)] if answer.base_label else parts)}"


def continents(answer: Answer) -> Chart | None:
    """Draw the continents."""
    rows = [row for row in answer.rows if row.value and opens(row)]
    title = market_findings.continents_title(rows)
    alt = t("Destinos de {place} por continente", place=where(answer))
    return answers.values(answer, rows, name="continentes", title=title, alt=alt)


def blocs(whole: Answer, answers_by_bloc: Mapping[str, Answer]) -> Chart | None:
    """Draw what each bloc of countries buys; `whole` is what all destinations buy."""
    rows = bloc_rows(whole, answers_by_bloc)
    if not rows:
        return None
    title, alt = market_findings.blocs_title(rows), t("Destinos de {place} por bloque", place=where(whole))
    chart = answers.values(whole, rows, name="bloques", title=title, alt=alt)
    if chart is None:
        return None
    measure = t("{measure}. Los bloques comparten países: no se suman", measure=chart.caption.measure)
    return replace(chart, caption=replace(chart.caption, measure=measure), made_of=(whole, *answers_by_bloc.values()))


def new_and_lost(answer: Answer, places: Places) -> Chart | None:
    """Draw the destinations that came (what they bought) and those that left (what they used to buy)."""
    market_changes = changes(answer, places)
    if market_changes is None or not (market_changes.new or market_changes.lost):
        return None
    rows = tuple(_came_or_left(row, answer) for row in (*market_changes.new, *market_changes.lost)[:RANKED])
    measure = t(
        "Valor FOB de los nuevos y de los perdidos, {window} frente a {base}. {note}",
        window=answer.window_label,
        base=answer.base_label,
        note=market_findings.changes_note(market_changes),
    )
    alt = t("Mercados nuevos y perdidos de {place}", place=where(answer))
    caption = computed(answer, market_findings.changes_title(market_changes), measure)
    return Chart("nuevos-y-perdidos", caption, alt, Bars(rows), (answer,))


def _came_or_left(row: Row, answer: Answer) -> Bar:
    text = quantity(row.change, answer.unit, sign=True)
    kind = t("nuevo") if row.base == 0 else t("perdido")
    return Bar(f"{row.label} ({kind})", float(row.change or 0), text, f"{row.label}: {text} ({kind})")


def no_changes(answer: Answer, places: Places) -> str:
    """Return why there are no new and lost destinations to draw."""
    market_changes = changes(answer, places)
    if market_changes is None:
        return t("Sin período de comparación no se sabe qué mercados son nuevos.")
    return f"{market_findings.changes_title(market_changes)}. {market_findings.changes_note(market_changes)}"


def printed_growth(breakdown: Breakdown | None, place: str) -> Chart | None:
    """Draw the growth that was printed of each destination."""
    facts = tuple(row.growth for row in breakdown.rows if row.growth) if breakdown else ()
    if breakdown is None or not facts:
        return None
    rows: Sequence[Bar] = [Bar(str(f.subject), f.value, f.value_text, f"{f.subject}: {f.value_text}") for f in facts]
    measure = t("Variación contra igual período del año anterior, {period}", period=breakdown.period.label)
    alt = t("Variación publicada por destino, {place}", place=place)
    caption = printed(facts, findings.printed_title(breakdown, place), measure, place=place)
    return Chart("variacion-publicada", caption, alt, Bars(tuple(rows)), facts)
