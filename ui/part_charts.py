"""Charts of the parts of an answer, whatever they are: sectors, products, destinations, continents."""

from collections.abc import Callable, Sequence

from indicators.drill import short_name
from indicators.formats import number, percent, quantity, short_month
from indicators.language import t
from indicators.reasons import MARKS
from indicators.result import Answer, Row
from ui.captions import computed
from ui.charts import Bar, Bars, Chart, Multiples, Panel

SHOWN = 10
MILLION = 1_000_000


def growth_words(row: Row) -> str:
    """Return how a part moved: a percentage, or the mark of why there is none."""
    if row.growth is not None:
        return percent(row.growth, sign=True)
    return next((t(MARKS[reason.code]) for reason in row.reasons if reason.code in MARKS), t("sin variación"))


def values(answer: Answer, rows: Sequence[Row], *, name: str, title: str, alt: str, count: int = SHOWN) -> Chart | None:
    """Draw the value of the first parts, each with how it moved; the share is under the pointer."""
    shown = [row for row in rows if row.value is not None][:count]
    if not shown:
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
    bars = Bars(tuple(_value(row, answer) for row in shown))
    return Chart(name, computed(answer, title, measure), alt, bars, (answer,))


def _value(row: Row, answer: Answer) -> Bar:
    value = float(row.value or 0)
    words = [number(value / MILLION, 1), *([growth_words(row)] if answer.base is not None else [])]
    told = [quantity(row.value, answer.unit), percent(row.share), *words[1:]]
    return Bar(short_name(row.label), value, " · ".join(words), f"{row.label}: {'; '.join(told)}")


def rates(
    answer: Answer, rows: Sequence[Row], coverage: Answer, *, name: str, measure: str, title: str, alt: str
) -> Chart | None:
    """Draw an index of the whole and of the parts given with the coverage it was computed on."""
    if answer.value is None:
        return None
    parts = (_rate(short_name(row.label), float(row.value or 0)) for row in rows)
    bars = (_rate(t("Todo"), float(answer.value)), *parts)
    said = t(
        "{measure}, {window} frente a {base}; cubre el {part} del valor",
        measure=measure,
        window=answer.window_label,
        base=answer.base_label,
        part=percent(coverage.value, 0),
    )
    return Chart(name, computed(answer, title, said), alt, Bars(bars), (answer, coverage))


def _rate(label: str, value: float) -> Bar:
    text = percent(value, sign=True)
    return Bar(label, value, text, f"{label}: {text}")


def series(rows: Sequence[Row], answers: Sequence[Answer], *, title: str, alt: str) -> Chart | None:
    """Draw the months of each part over the months they are compared with."""
    drawn = [(row, answer) for row, answer in zip(rows, answers, strict=True) if answer.rows and answer.window]
    if not drawn:
        return None
    first = drawn[0][1]
    months = first.window.months if first.window else ()
    names = (first.window_label, first.base_label or t("sin base"))
    panels = tuple(_panel(row, answer) for row, answer in drawn)
    shape = Multiples(panels, tuple(short_month(month) for month in months), names, MILLION)
    measure = t("Valor FOB por mes; cada recuadro tiene su escala")
    found = tuple(answer for _, answer in drawn)
    return Chart("series", computed(first, title, measure), alt, shape, found)


def _panel(row: Row, answer: Answer) -> Panel:
    months = answer.rows
    change = percent(answer.growth, sign=True) if answer.growth is not None else _mark(answer)
    note = f"{quantity(answer.value, answer.unit)} · {change}"
    texts = (f"{one.label}: {quantity(one.value, answer.unit)}; {quantity(one.base, answer.unit)}" for one in months)
    return Panel(
        short_name(row.label),
        note,
        _in_millions(months, lambda one: one.value),
        _in_millions(months, lambda one: one.base),
        tuple(texts),
    )


def _mark(answer: Answer) -> str:
    return next((t(MARKS[one.code]) for one in answer.reasons if one.code in MARKS), t("sin variación"))


def _in_millions(rows: Sequence[Row], value: Callable[[Row], float | int | None]) -> tuple[float | None, ...]:
    return tuple(None if (one := value(row)) is None else round(float(one) / MILLION, 4) for row in rows)
