"""Charts from an answer or from published facts, whatever the page: levels, series and parts."""

from collections.abc import Callable, Sequence

from indicators.engine.pivot import short_name
from indicators.engine.result import MARKS, Answer, Row
from indicators.narrative import findings
from indicators.narrative.sentences import where
from indicators.published import Breakdown, PublishedFact, rest
from ui.charts.chart import Bar, Bars, Chart, Line, Lines, Multiples, Panel, computed, printed
from ui.text import capitalised
from words.formats import number, percent, points, quantity, short_month
from words.language import t

# -- Charts of the parts of an answer, whatever they are: sectors, products, destinations, continents.

SHOWN = 10
MILLION = 1_000_000


def growth_words(row: Row) -> str:
    """Return how a part moved: a percentage, or the mark of why there is none."""
    if row.growth is not None:
        return percent(row.growth, sign=True)
    return next((t(MARKS[reason.code]) for reason in row.reasons if reason.code in MARKS), t("sin variación"))


def values(answer: Answer, rows: Sequence[Row], *, name: str, title: str, alt: str, count: int = SHOWN) -> Chart | None:
    """Draw the value of the first parts, each with how it moved; the share is under the pointer."""
    bar_rows = [row for row in rows if row.value is not None][:count]
    if not bar_rows:
        return None
    if answer.base_label:
        measure = t(
            "Valor FOB de {scope}, {window}, en millones de US$, y variación frente a {base}",
            scope=answer.scope_label,
            window=answer.window_label,
            base=answer.base_label,
        )
    else:
        measure = t(
            "Valor FOB de {scope}, {window}, en millones de US$", scope=answer.scope_label, window=answer.window_label
        )
    bars = Bars(tuple(_value(row, answer) for row in bar_rows))
    return Chart(name, computed(answer, title, measure), alt, bars, (answer,))


def _value(row: Row, answer: Answer) -> Bar:
    value = float(row.value or 0)
    words = [number(value / MILLION, 1), *([growth_words(row)] if answer.base is not None else [])]
    words_aloud = [quantity(row.value, answer.unit), percent(row.share), *words[1:]]
    return Bar(short_name(row.label), value, " · ".join(words), f"{row.label}: {'; '.join(words_aloud)}")


def rates(
    answer: Answer, rows: Sequence[Row], coverage: Answer, *, name: str, measure: str, title: str, alt: str
) -> Chart | None:
    """Draw an index of the whole and of the parts given with the coverage it was computed on."""
    if answer.value is None:
        return None
    parts = (_rate(short_name(row.label), float(row.value or 0)) for row in rows)
    bars = (_rate(t("Todo"), float(answer.value)), *parts)
    caption_measure = t(
        "{measure}, {window} frente a {base}; cubre el {part} del valor",
        measure=measure,
        window=answer.window_label,
        base=answer.base_label,
        part=percent(coverage.value, 0),
    )
    return Chart(name, computed(answer, title, caption_measure), alt, Bars(bars), (answer, coverage))


def _rate(label: str, value: float) -> Bar:
    text = percent(value, sign=True)
    return Bar(label, value, text, f"{label}: {text}")


def series(rows: Sequence[Row], answers: Sequence[Answer], *, title: str, alt: str) -> Chart | None:
    """Draw the months of each part over the months they are compared with."""
    pairs = [(row, answer) for row, answer in zip(rows, answers, strict=True) if answer.rows and answer.window]
    if not pairs:
        return None
    first = pairs[0][1]
    months = first.window.months if first.window else ()
    names = (first.window_label, first.base_label or t("sin base"))
    panels = tuple(_panel(row, answer) for row, answer in pairs)
    shape = Multiples(panels, tuple(short_month(month) for month in months), names, MILLION)
    measure = t("Valor FOB por mes; cada recuadro tiene su escala")
    drawn_answers = tuple(answer for _, answer in pairs)
    return Chart("series", computed(first, title, measure), alt, shape, drawn_answers)


def _panel(row: Row, answer: Answer) -> Panel:
    months = answer.rows
    change = percent(answer.growth, sign=True) if answer.growth is not None else _mark(answer)
    note = f"{quantity(answer.value, answer.unit)} · {change}"
    texts = (
        f"{month.label}: {quantity(month.value, answer.unit)}; {quantity(month.base, answer.unit)}" for month in months
    )
    return Panel(
        short_name(row.label),
        note,
        _in_millions(months, lambda month: month.value),
        _in_millions(months, lambda month: month.base),
        tuple(texts),
    )


def _mark(answer: Answer) -> str:
    return next((t(MARKS[reason.code]) for reason in answer.reasons if reason.code in MARKS), t("sin variación"))


def _in_millions(rows: Sequence[Row], value: Callable[[Row], float | int | None]) -> tuple[float | None, ...]:
    return tuple(None if (figure := value(row)) is None else round(float(figure) / MILLION, 4) for row in rows)


# -- The charts of a region: from an answer or from published facts to a chart, or None when there is nothing
# to draw.

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
    month_rows = [rows.get(f"{month:%Y-%m}") for month in answer.window.months]
    now = _line(answer.window_label, [row.value if row else None for row in month_rows], answer)
    before = _line(
        answer.base_label or t("un año antes"), [row.base if row else None for row in month_rows], answer, True
    )
    shape = Lines((now, before), tuple(short_month(month) for month in answer.window.months), MILLION)
    measure = t("Valor FOB de {scope} por mes, en millones de US$", scope=answer.scope_label)
    alt = t("Exportaciones de {place} mes a mes y un año antes", place=where(answer))
    return Chart("meses", computed(answer, title or findings.months_title(answer), measure), alt, shape, (answer,))


def _line(name: str, values: Sequence[float | None], answer: Answer, is_base: bool = False) -> Line:
    in_millions = tuple(None if value is None else float(value) / MILLION for value in values)
    return Line(name, in_millions, tuple(f"{name}: {quantity(value, answer.unit)}" for value in values), is_base)


def customs_sectors(facts: Sequence[PublishedFact], total: PublishedFact | None, place: str) -> Chart | None:
    """Draw the largest sectors of a region that customs published."""
    alt = t("Sectores de exportación de {place} según Aduanas", place=place)
    return _parts(facts, total, name="sectores-publicados", noun=t("Sectores"), alt=alt, place=place)


def customs_destinations(facts: Sequence[PublishedFact], total: PublishedFact | None, place: str) -> Chart | None:
    """Draw the largest destinations of a region that customs published."""
    alt = t("Destinos de exportación de {place} según Aduanas", place=place)
    return _parts(facts, total, name="destinos-publicados", noun=t("Destinos"), alt=alt, place=place)


def _parts(
    facts: Sequence[PublishedFact], total: PublishedFact | None, *, name: str, noun: str, alt: str, place: str
) -> Chart | None:
    bar_facts = tuple(facts[:PARTS_SHOWN])
    if not bar_facts:
        return None
    title = findings.parts_title(facts, total, noun=noun)
    measure = t(
        "{scope}, {period}; millones de US$ y parte del total",
        scope=capitalised(bar_facts[0].scope_label),
        period=bar_facts[0].period.label,
    )
    remainder = rest(bar_facts, total)
    parts = (*bar_facts, remainder) if remainder else bar_facts
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
