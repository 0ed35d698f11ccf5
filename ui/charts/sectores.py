"""The charts of the page of sectors: what moved them, where they go, their months, their prices and volumes."""

from indicators.engine.markets import Place, countries
from indicators.engine.pivot import largest, part_of, series_window, value_of
from indicators.engine.result import Answer, Row
from indicators.narrative import mercados as market_findings
from indicators.narrative import sectores as sector_findings
from indicators.narrative.sentences import where
from ui.charts import answers as answer_charts
from ui.charts.chart import Chart
from ui.widgets.view import View
from words.language import t

PANELS, RATES, DESTINATIONS = 6, 8, 7


def destinations(answer: Answer, places: dict[str, Place]) -> Chart | None:
    """Draw the largest destinations of the slice."""
    rows = countries(answer, places)
    title = market_findings.ranking_title(answer, rows)
    alt = t("Mayores destinos de lo exportado por {place}", place=where(answer))
    return answer_charts.values(answer, rows, name="destinos", title=title, alt=alt, count=DESTINATIONS)


def months_of_parts(view: View, parts: Answer) -> Chart | None:
    """Draw the months of the largest parts, each against a year before."""
    if parts.window is None:
        return None
    rows, window = largest(parts, PANELS), str(series_window(parts.window))
    split = parts.question.split or ""
    answers = [
        view.ask("fob", split="month", window=window, **{part_of(split): value_of(split, row.key)}) for row in rows
    ]
    alt = t("Valor exportado mes a mes de las mayores partes de {place}", place=where(parts))
    return answer_charts.series(rows, answers, title=sector_findings.series_title(rows, answers), alt=alt)


def prices(answer: Answer, parts: Answer, coverage: Answer) -> Chart | None:
    """Draw how prices moved, of the whole and of its largest parts."""
    rows = _largest(answer, parts)
    title = sector_findings.price_title(answer, rows)
    measure = t("Variación de precios (Fisher, valores unitarios)")
    alt = t("Variación de precios de lo exportado por {place}", place=where(answer))
    return answer_charts.rates(answer, rows, coverage, name="precios", measure=measure, title=title, alt=alt)


def volumes(answer: Answer, parts: Answer, coverage: Answer) -> Chart | None:
    """Draw how volumes moved, of the whole and of its largest parts."""
    rows = _largest(answer, parts)
    title = sector_findings.volume_title(answer, rows)
    measure = t("Variación de volumen (Fisher)")
    alt = t("Variación de volumen de lo exportado por {place}", place=where(answer))
    return answer_charts.rates(answer, rows, coverage, name="volumenes", measure=measure, title=title, alt=alt)


def _largest(answer: Answer, parts: Answer) -> tuple[Row, ...]:
    keys = [row.key for row in largest(parts, RATES, comparable=True)]
    return sector_findings.comparable(answer, keys)
