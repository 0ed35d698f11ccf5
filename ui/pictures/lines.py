"""Runs of values over the same months or years; dash and width tell them apart as well as colour."""

from functools import partial
from itertools import cycle

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from indicators.formats import number, percent
from ui.chart_tables import unit_of
from ui.charts import Chart, Line, Lines
from ui.pictures.frame import BEFORE, DOWN, FIFTH, INK, SIXTH, UP, Plot, drawable, points, shortened

HEIGHT, KEY_ROW, LETTER = 380, 26, 14
MOST_LABELS = 14
AXIS = 46  # pixels for the labels under the plot
BASE_LOOK = (BEFORE, 2.0, (0, (1, 1.5)))
LOOKS = ((UP, 3.0, "solid"), (DOWN, 2.2, "dashed"), (FIFTH, 2.2, "dashdot"), (SIXTH, 2.2, (0, (8, 3))))


def of_lines(chart: Chart) -> Plot:
    """Return the runs of a chart of lines, their key above them."""
    shape = chart.shape
    assert isinstance(shape, Lines)  # noqa: S101  for the type checker: chosen by shape
    return Plot(HEIGHT + AXIS + KEY_ROW * len(shape.lines), lambda axes: _draw(axes, shape, unit_of(chart)))


def _draw(axes: Axes, shape: Lines, unit: str) -> None:
    _leave_room(axes, len(shape.lines))
    own = cycle(LOOKS)
    for line in shape.lines:
        _run(axes, line, *(BASE_LOOK if line.is_base else next(own)))
    every = -(-len(shape.labels) // MOST_LABELS) or 1
    places = range(0, len(shape.labels), every)
    axes.set_xticks(list(places), [drawable(shape.labels[place]).replace(" ", "\n", 1) for place in places])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(partial(_tick, unit, shape.scale)))
    axes.tick_params(labelsize=points(LETTER), labelcolor=INK, length=0)
    axes.grid(axis="y", color=BEFORE, alpha=0.25)
    axes.spines[:].set_visible(False)
    lowest = min((value for line in shape.lines for value in line.values if value is not None), default=0)
    axes.set_ylim(bottom=None if lowest < 0 else 0)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), frameon=False, fontsize=points(LETTER), labelcolor=INK, handlelength=4
    )


def _leave_room(axes: Axes, n_lines: int) -> None:
    """Make place inside the plot for the key above and the labels beside and below."""
    left, bottom, width, height = axes.get_position().bounds
    whole = HEIGHT + AXIS + KEY_ROW * n_lines
    beside = 0.07
    axes.set_position((left + beside, bottom + height * AXIS / whole, width - beside, height * HEIGHT / whole))


def _run(axes: Axes, line: Line, colour: str, width: float, dash: object) -> None:
    values = [float("nan") if value is None else value for value in line.values]
    axes.plot(
        range(len(values)),
        values,
        color=colour,
        linewidth=width,
        linestyle=dash,
        marker="o",
        markersize=width + 2,
        label=f"\u200a{shortened(line.name, 90)}",  # a name that begins with «_» would be left out of the key
        zorder=1 if line.is_base else 2,
    )


def _tick(unit: str, scale: float, value: float, _place: object) -> str:
    """Return a mark of the axis; a fraction in per cent, whether it was drawn as such or as a percentage already."""
    if unit in ("fraction", "points"):
        part = value * scale
        return percent(part, 0 if abs(part) >= 0.1 or not part else 1)
    return number(value, 0 if float(value).is_integer() else 1 if abs(value) >= 1 else 3)
