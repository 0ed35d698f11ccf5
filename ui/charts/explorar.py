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


def chart(look: str, found: Pivot) -> Chart | None:
    """Return the pivot drawn as asked, or None when there is nothing to draw."""
    if not any(value is not None for key, _ in found.rows for value in found.values(key)):
        return None
    shape = SHAPES[look](found)
    return Chart("exploracion", _caption(found, look), findings.heading(found.total), shape, found.answers)


def _caption(found: Pivot, look: str) -> Caption:
    measure = f"{findings.heading(found.total)}, {found.total.scope_label}"
    if found.total.unit == "usd" and look in ("lines", "heat"):
        measure = t("{measure}; millones de US$", measure=measure)
    return computed(found.total, findings.title(found), measure)


def _bars(found: Pivot) -> Bars:
    unit = found.total.unit
    return Bars(
        tuple(
            Bar(row.label, float(row.value), quantity(row.value, unit), f"{row.label}: {quantity(row.value, unit)}")
            for row in found.total.rows[:MOST_ROWS]
            if row.value is not None
        )
    )


def _tree(found: Pivot) -> Tree:
    return Tree(_bars(found).rows)


def _heat(found: Pivot) -> Heat:
    rows, unit = found.rows[:MOST_ROWS], found.total.unit
    values = tuple(found.values(key) for key, _ in rows)
    return Heat(
        rows=tuple(label for _, label in rows),
        columns=tuple(column.label for column in found.columns),
        values=values,
        texts=tuple(tuple(in_cell(value, unit) for value in one) for one in values),
    )


def _lines(found: Pivot) -> Lines:
    """One line per row over the months of the columns, or per column over the months of the rows."""
    unit, scale = found.total.unit, MILLION if found.total.unit == "usd" else 1
    runs = {label: found.values(key) for key, label in found.rows}
    months = [column.key for column in found.columns]
    if found.total.question.split == "month":
        names, by_column = [column.label for column in found.columns], zip(*runs.values(), strict=True)
        runs, months = dict(zip(names, by_column, strict=True)), [key for key, _ in found.rows]
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
