"""The charts of a region: from an answer or from published facts to a chart, or None when there is nothing to draw."""

from collections.abc import Sequence

from indicators import findings
from indicators.drill import short_name
from indicators.formats import number, percent, points, quantity, short_month
from indicators.language import t
from indicators.places import where
from indicators.published import Breakdown, PublishedFact, rest
from indicators.result import Answer
from ui.captions import computed, printed
from ui.charts import Bar, Bars, Chart, Line, Lines
from ui.text import capitalised

MILLION = 1_000_000
PARTS_SHOWN = 7


def movers(answer: Answer, *, name: str = "contribuciones") -> Chart | None:
    """Draw how many points each part brought to the total's growth."""
    rows = tuple(
        Bar(
            short_name(row.label),
            row.contribution or 0.0,
            points(row.contribution),
            f"{row.label}: {points(row.contribution)}",
        )
        for row in findings.movers(answer)
    )
    if not rows:
        return None
    measure = t(
        "Contribución a la variación de {scope}, {window} frente a {base}",
        scope=answer.scope_label,
        window=answer.window_label,
        base=answer.base_label,
    )
    alt = t("Contribución de cada parte a la variación, {place}", place=where(answer))
    caption = computed(answer, findings.movers_title(answer), measure)
    return Chart(name, caption, alt, Bars(rows), (answer,), unit="points")


def months(answer: Answer, *, title: str | None = None) -> Chart | None:
    """Draw the last twelve complete months over the twelve before; a page with a narrower subject gives its title."""
    if answer.window is None or not any(row.value or row.base for row in answer.rows):
        return None
    rows = {row.key: row for row in answer.rows}
    found = [rows.get(f"{month:%Y-%m}") for month in answer.window.months]
    now = _line(answer.window_label, [row.value if row else None for row in found], answer)
    before = _line(answer.base_label or t("un año antes"), [row.base if row else None for row in found], answer, True)
    shape = Lines((now, before), tuple(short_month(month) for month in answer.window.months), MILLION)
    measure = t("Valor FOB de {scope} por mes, en millones de US$", scope=answer.scope_label)
    alt = t("Exportaciones de {place} mes a mes y un año antes", place=where(answer))
    return Chart("meses", computed(answer, title or findings.months_title(answer), measure), alt, shape, (answer,))


def _line(name: str, values: Sequence[float | None], answer: Answer, is_base: bool = False) -> Line:
    in_millions = tuple(None if value is None else float(value) / MILLION for value in values)
    return Line(name, in_millions, tuple(f"{name}: {quantity(value, answer.unit)}" for value in values), is_base)


def customs_sectors(published: Sequence[PublishedFact], total: PublishedFact | None, place: str) -> Chart | None:
    """Draw the largest sectors of a region that customs published."""
    alt = t("Sectores de exportación de {place} según Aduanas", place=place)
    return _parts(published, total, name="sectores-publicados", noun=t("Sectores"), alt=alt, place=place)


def customs_destinations(published: Sequence[PublishedFact], total: PublishedFact | None, place: str) -> Chart | None:
    """Draw the largest destinations of a region that customs published."""
    alt = t("Destinos de exportación de {place} según Aduanas", place=place)
    return _parts(published, total, name="destinos-publicados", noun=t("Destinos"), alt=alt, place=place)


def _parts(
    published: Sequence[PublishedFact], total: PublishedFact | None, *, name: str, noun: str, alt: str, place: str
) -> Chart | None:
    shown = tuple(published[:PARTS_SHOWN])
    if not shown:
        return None
    title = findings.parts_title(published, total, noun=noun)
    measure = t(
        "{scope}, {period}; millones de US$ y parte del total",
        scope=capitalised(shown[0].scope_label),
        period=shown[0].period.label,
    )
    left = rest(shown, total)
    parts = (*shown, left) if left else shown
    bars = Bars(tuple(_part(part, total) for part in parts))
    return Chart(name, printed(parts, title, measure, place=place), alt, bars, parts)


def _part(part: PublishedFact, total: PublishedFact | None) -> Bar:
    weight = f" · {percent(part.value / total.value)}" if total and total.value else ""
    name = str(part.subject)
    return Bar(name, part.value, f"{number(part.value / MILLION, 1)}{weight}", f"{name}: {part.value_text}{weight}")


def printed_growth(breakdown: Breakdown | None, place: str) -> Chart | None:
    """Draw the growth that was printed of each sector."""
    facts = tuple(row.growth for row in breakdown.rows if row.growth) if breakdown else ()
    if breakdown is None or not facts:
        return None
    rows = tuple(
        Bar(str(fact.subject), fact.value, fact.value_text, f"{fact.subject}: {fact.value_text}") for fact in facts
    )
    measure = t(
        "Variación contra igual período del año anterior, {period}; los rubros se traslapan",
        period=breakdown.period.label,
    )
    alt = t("Variación publicada por rubro, {place}", place=place)
    title = findings.printed_title(breakdown, place)
    return Chart("variacion-publicada", printed(facts, title, measure, place=place), alt, Bars(rows), facts)
