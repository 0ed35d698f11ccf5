"""Bars around zero, each with its name and figure above it: rows of `Bars`, or the marks of any other shape."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from indicators.language import t
from ui.chart_tables import value_texts
from ui.charts import Bars, Chart
from ui.pictures.frame import BEFORE, DOWN, INK, UP, Plot, drawable, points, shortened

ROW, LETTER, ROW_CHARS = 46, 15, 92
MOST = 40  # rows of a picture; the rest is in the files
Row = tuple[str, float | None, str]  # name, length, figure as printed


def of_rows(chart: Chart) -> Plot:
    """Return the bars of a chart of bars, with their printed figures."""
    assert isinstance(chart.shape, Bars)  # noqa: S101  for the type checker: chosen by shape
    return _plot([(row.label, row.value, row.text) for row in chart.shape.rows])


def of_marks(chart: Chart) -> Plot:
    """Return the marks of any shape as bars: the largest ones when there are many, and how many are left out."""
    marks = zip(chart.shape.marks(), value_texts(chart), strict=True)
    return _plot([(label, value, text) for (label, value), text in marks])


def _plot(rows: Sequence[Row]) -> Plot:
    shown, left_out = _largest(rows)
    return Plot(ROW * max(1, len(shown) + bool(left_out)), lambda axes: _draw(axes, shown, left_out))


def _largest(rows: Sequence[Row]) -> tuple[list[Row], int]:
    if len(rows) <= MOST:
        return list(rows), 0
    order = sorted(range(len(rows)), key=lambda place: -abs(rows[place][1] or 0))[:MOST]
    return [rows[place] for place in sorted(order)], len(rows) - MOST


def _draw(axes: Axes, rows: Sequence[Row], left_out: int) -> None:
    lengths = [row[1] or 0 for row in rows]
    places = [place + 0.72 for place in range(len(rows))]
    axes.barh(places, lengths, height=0.3, color=[UP if length >= 0 else DOWN for length in lengths])
    axes.axvline(0, color=BEFORE, linewidth=1)
    across = axes.get_yaxis_transform()  # x from 0 to 1 over the plot, y by row
    for place, (name, _, figure) in enumerate(rows):
        common = {"transform": across, "fontsize": points(LETTER), "color": INK, "va": "center"}
        printed = drawable(figure)
        axes.text(0, place + 0.3, shortened(name, ROW_CHARS - len(printed)), ha="left", **common)
        axes.text(1, place + 0.3, printed, ha="right", weight="bold", **common)
    if left_out:
        rest = t("… y {n} datos más, en los archivos", n=left_out)
        axes.text(0, len(rows) + 0.5, rest, transform=across, fontsize=points(LETTER), color=INK, va="center")
    axes.set_ylim(max(1, len(rows) + bool(left_out)), 0)
    axes.set_xlim(min(0, *lengths, 0), max(0, *lengths, 0) or (0 if any(lengths) else 1))
    axes.set_axis_off()
