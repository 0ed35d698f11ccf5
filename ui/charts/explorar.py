"""The charts of a free pivot: bars, lines, a heat map, areas."""

from collections.abc import Callable, Mapping

from indicators.engine.pivot import Pivot
from indicators.narrative import findings
from indicators.question.calendar import Window
from ui.charts.chart import Bar, Bars, Caption, Chart, Heat, Line, Lines, Shape, Tree, computed
from words.formats import in_cell, quantity, short_month
from words.language import t

MILLION = 1_000_000
MOST_ROWS = 20
MOST_LINES = 7


def chart(look: str, pivot: Pivot) -> Chart | None:
    """Return the pivot drawn as asked, or None when there is nothing to draw."""
    if not any(value is not None for key, _ in pivot.rows for value in pivot.values(key)):
        return None
    shape = SHAPES[look](pivot)
    return Chart("exploracion", _caption(pivot, look), findings.heading(pivot.total), shape, pivot.answers)


def _caption(pivot: Pivot, look: str) -> Caption:
    measure = f"{findings.heading(pivot.total)}, {pivot.total.scope_label}"
    if pivot.total.unit == "usd" and look in ("lines", "heat"):
        measure = t("{measure}; millones de US$", measure=measure)
    return computed(pivot.total, findings.title(pivot), measure)


def _bars(pivot: Pivot) -> Bars:
    unit = pivot.total.unit
    return Bars(
        tuple(
            Bar(row.label, float(row.value), quantity(row.value, unit), f"{row.label}: {quantity(row.value, unit)}")
            for row in pivot.total.rows[:MOST_ROWS]
            if row.value is not None
        )
    )


def _tree(pivot: Pivot) -> Tree:
    return Tree(_bars(pivot).rows)


def _heat(pivot: Pivot) -> Heat:
    rows, unit = pivot.rows[:MOST_ROWS], pivot.total.unit
    values = tuple(pivot.values(key) for key, _ in rows)
    return Heat(
        rows=tuple(label for _, label in rows),
        columns=tuple(column.label for column in pivot.columns),
        values=values,
        texts=tuple(tuple(in_cell(value, unit) for value in row) for row in values),
    )


def _lines(pivot: Pivot) -> Lines:
    """One line per row over the months of the columns, or per column over the months of the rows."""
    unit, scale = pivot.total.unit, MILLION if pivot.total.unit == "usd" else 1
    runs = {label: pivot.values(key) for key, label in pivot.rows}
    months = [column.key for column in pivot.columns]
    if pivot.total.question.split == "month":
        names, by_column = [column.label for column in pivot.columns], zip(*runs.values(), strict=True)
        runs, months = dict(zip(names, by_column, strict=True)), [key for key, _ in pivot.rows]
    lines = tuple(
        Line(
            name,
            tuple(None if value is None else float(value) / scale for value in values),
            tuple(f"{name}: {quantity(value, unit)}" for value in values),
        )
        for name, values in list(runs.items())[:MOST_LINES]
    )
    return Lines(lines, tuple(short_month(Window.parse(month).first) for month in months), scale)


SHAPES: Mapping[str, Callable[[Pivot], Shape]] = {"bars": _bars, "lines": _lines, "heat": _heat, "tree": _tree}
