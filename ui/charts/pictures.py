"""Charts as pictures (PNG, SVG), drawn on the server without a browser or a network: words, source and link inside.

A shape that has no drawing of its own is drawn as bars of its marks, so that no chart is without a picture.
Import it where a picture is made and not sooner: matplotlib takes half a second to load."""

import io
import re
import textwrap
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Lock
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ui.address import PRODUCT
from ui.blocks.chart_menu import Stamp, references
from ui.charts.chart import Bars, Chart, Line, Lines
from ui.charts.tables import unit_of, value_texts
from words.formats import number, percent
from words.language import t

# -- The frame of a picture: finding, measure, source, filters, edition, date, link inside; demo figures
# marked twice.

mpl.rcParams["text.parse_math"] = False  # a dollar sign is a dollar sign
mpl.rcParams["svg.fonttype"] = "none"  # text stays text
FAMILY = "DejaVu Sans"  # comes with matplotlib, so a picture looks the same on every server
mpl.rcParams["font.family"] = [FAMILY]
mpl.rcParams["svg.hashsalt"] = "pulso"  # same chart, same bytes

THEME = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
LIGHT = THEME["light"]
INK, PAPER, PALETTE = LIGHT["textColor"], LIGHT["backgroundColor"], LIGHT["chartCategoricalColors"]
UP, DOWN, BEFORE, DEMO, FIFTH, SIXTH = PALETTE[:6]

DPI = 100  # so that sizes below are pixels of the SVG
WIDTH, EDGE = 960, 32
TITLE, MEASURE, SMALL = 24, 15, 13  # heights of letters, in pixels
TITLE_CHARS, MEASURE_CHARS, SMALL_CHARS = 56, 96, 112
LEADING = 1.35
GAP = 14


@dataclass(frozen=True)
class Plot:
    """What a shape puts in the frame: how high it is, in pixels, and how it is drawn on the axes."""

    height: int
    draw: Callable[[Axes], None]


@dataclass(frozen=True)
class Words:
    """A block of text of the frame."""

    text: str
    size: int
    colour: str = INK
    weight: str = "normal"

    @property
    def height(self) -> float:
        """In pixels."""
        return self.size * LEADING * (self.text.count("\n") + 1)


def framed(chart: Chart, stamp: Stamp, plot: Plot) -> Figure:
    """Return the picture of a chart around what its shape draws."""
    above, below = _above(chart), _below(chart, stamp)
    top = EDGE + sum(words.height for words in above) + GAP
    height = top + plot.height + GAP + sum(words.height for words in below) + EDGE
    figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
    _write(figure, above, height - EDGE, height)
    _write(figure, below, height - top - plot.height - GAP, height)
    rectangle = (EDGE / WIDTH, 1 - (top + plot.height) / height, 1 - 2 * EDGE / WIDTH, plot.height / height)
    axes = figure.add_axes(rectangle, facecolor="none")
    plot.draw(axes)
    if chart.caption.is_demo:
        _watermark(figure, chart.caption.badge)
    return figure


def _above(chart: Chart) -> list[Words]:
    caption = chart.caption
    return [
        Words(wrapped(caption.title, TITLE_CHARS), TITLE, weight="bold"),
        Words(wrapped(caption.measure, MEASURE_CHARS), MEASURE),
    ]


def _below(chart: Chart, stamp: Stamp) -> list[Words]:
    caption = chart.caption
    lines = [t("Fuente: {source}", source=source) for source in references(chart)]
    lines += [t("Filtros: {filters}", filters=stamp.filters)] if stamp.filters else []
    has_edition = not stamp.edition or stamp.edition in caption.source
    lines += [] if has_edition else [t("Edición {edition}", edition=stamp.edition)]
    lines.append(t("Consultado el {day}", day=stamp.day))
    small = [Words(wrapped(line, SMALL_CHARS), SMALL) for line in (*lines, stamp.link) if line]
    return [Words(wrapped(caption.badge, MEASURE_CHARS), SMALL, DEMO if caption.is_demo else INK, "bold"), *small]


def _write(figure: Figure, blocks: list[Words], top: float, height: float) -> None:
    for words in blocks:
        figure.text(
            EDGE / WIDTH,
            top / height,
            words.text,
            fontsize=points(words.size),
            color=words.colour,
            weight=words.weight,
            va="top",
            linespacing=1.12,
        )
        top -= words.height


def _watermark(figure: Figure, mark: str) -> None:
    """A mark across the plot stays when the foot is cut off."""
    text = wrapped(mark, 40)
    figure.text(0.5, 0.5, text, fontsize=points(44), color=DEMO, alpha=0.13, rotation=18, ha="center", va="center")


def points(pixels: float) -> float:
    """Return a size in the points that matplotlib speaks."""
    return pixels * 72 / DPI


def wrapped(text: str, width: int) -> str:
    """Return drawable text broken into lines; a long word without spaces is broken too."""
    return "\n".join(textwrap.wrap(drawable(text), width)) or " "


def drawable(text: str) -> str:
    """Return text without marks that turn its direction, and with a box for each letter that the font lacks."""
    glyphs = get_font(findfont(FontProperties(family=FAMILY))).get_charmap()
    letters = (letter for letter in text if unicodedata.category(letter) not in ("Cf", "Cc", "Cs") or letter.isspace())
    return "".join(
        " " if letter.isspace() and letter != "\u00a0" else letter if ord(letter) in glyphs else "□"
        for letter in letters
    )


def shortened(text: str, width: int) -> str:
    """Return drawable text, cut with an ellipsis where it would run into what stands beside it."""
    words = drawable(text)
    return words if len(words) <= width else f"{words[: width - 1].rstrip()}…"


# -- Bars around zero, each with its name and figure above it: rows of `Bars`, or the marks of any other
# shape.

ROW, BARS_LETTER, ROW_CHARS = 46, 15, 92
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
    largest, left_out = _largest(rows)
    return Plot(ROW * max(1, len(largest) + bool(left_out)), lambda axes: _draw(axes, largest, left_out))


def _largest(rows: Sequence[Row]) -> tuple[list[Row], int]:
    if len(rows) <= MOST:
        return list(rows), 0
    order = sorted(range(len(rows)), key=lambda position: -abs(rows[position][1] or 0))[:MOST]
    return [rows[position] for position in sorted(order)], len(rows) - MOST


def _draw(axes: Axes, rows: Sequence[Row], left_out: int) -> None:
    lengths = [row[1] or 0 for row in rows]
    heights = [position + 0.72 for position in range(len(rows))]
    axes.barh(heights, lengths, height=0.3, color=[UP if length >= 0 else DOWN for length in lengths])
    axes.axvline(0, color=BEFORE, linewidth=1)
    across = axes.get_yaxis_transform()  # x from 0 to 1 over the plot, y by row
    for position, (name, _, figure) in enumerate(rows):
        common = {"transform": across, "fontsize": points(BARS_LETTER), "color": INK, "va": "center"}
        figure_text = drawable(figure)
        axes.text(0, position + 0.3, shortened(name, ROW_CHARS - len(figure_text)), ha="left", **common)
        axes.text(1, position + 0.3, figure_text, ha="right", weight="bold", **common)
    if left_out:
        rest = t("… y {n} datos más, en los archivos", n=left_out)
        axes.text(0, len(rows) + 0.5, rest, transform=across, fontsize=points(BARS_LETTER), color=INK, va="center")
    axes.set_ylim(max(1, len(rows) + bool(left_out)), 0)
    axes.set_xlim(min(0, *lengths, 0), max(0, *lengths, 0) or (0 if any(lengths) else 1))
    axes.set_axis_off()


# -- Runs of values over the same months or years; dash and width tell them apart as well as colour.

HEIGHT, KEY_ROW, LINES_LETTER = 380, 26, 14
MOST_LABELS = 14
AXIS = 46  # pixels for the labels under the plot
BASE_LOOK = (BEFORE, 2.0, (0, (1, 1.5)))
LOOKS = ((UP, 3.0, "solid"), (DOWN, 2.2, "dashed"), (FIFTH, 2.2, "dashdot"), (SIXTH, 2.2, (0, (8, 3))))


def of_lines(chart: Chart) -> Plot:
    """Return the runs of a chart of lines, their key above them."""
    shape = chart.shape
    assert isinstance(shape, Lines)  # noqa: S101  for the type checker: chosen by shape
    return Plot(HEIGHT + AXIS + KEY_ROW * len(shape.lines), lambda axes: _lines_draw(axes, shape, unit_of(chart)))


def _lines_draw(axes: Axes, shape: Lines, unit: str) -> None:
    _leave_room(axes, len(shape.lines))
    own = cycle(LOOKS)
    for line in shape.lines:
        _run(axes, line, *(BASE_LOOK if line.is_base else next(own)))
    every = -(-len(shape.labels) // MOST_LABELS) or 1
    positions = range(0, len(shape.labels), every)
    axes.set_xticks(list(positions), [drawable(shape.labels[position]).replace(" ", "\n", 1) for position in positions])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(partial(_tick, unit, shape.scale)))
    axes.tick_params(labelsize=points(LINES_LETTER), labelcolor=INK, length=0)
    axes.grid(axis="y", color=BEFORE, alpha=0.25)
    axes.spines[:].set_visible(False)
    lowest = min((value for line in shape.lines for value in line.values if value is not None), default=0)
    axes.set_ylim(bottom=None if lowest < 0 else 0)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        frameon=False,
        fontsize=points(LINES_LETTER),
        labelcolor=INK,
        handlelength=4,
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


def _tick(unit: str, scale: float, value: float, _position: object) -> str:
    """Return a mark of the axis; a fraction in per cent, whether it was drawn as such or as a percentage already."""
    if unit in ("fraction", "points"):
        part = value * scale
        return percent(part, 0 if abs(part) >= 0.1 or not part else 1)
    return number(value, 0 if float(value).is_integer() else 1 if abs(value) >= 1 else 3)


# -- Charts as pictures (PNG, SVG), drawn on the server without a browser or a network: words, source and link
# inside.

__all__ = ["png", "svg"]

PNG_DPI = 160
SHAPES: dict[type[Any], Callable[[Any], Plot]] = {Bars: of_rows, Lines: of_lines}
FALLBACK = b"'%s', Verdana, Arial, sans-serif" % FAMILY.encode()  # for readers without that font
FONT = re.compile(rb"'?%s'?(?=[;\"])" % FAMILY.encode())
_one_at_a_time = Lock()  # matplotlib promises nothing about threads, and drawing holds the interpreter anyway


def png(chart: Chart, stamp: Stamp) -> bytes:
    """Return the chart as a PNG of about 1,500 pixels across."""
    caption = chart.caption
    metadata = _clean(Title=caption.title, Source=caption.source, Description=f"{chart.alternative} {stamp.link}")
    return _drawn(chart, stamp, format="png", dpi=PNG_DPI, metadata=metadata | {"Software": PRODUCT})


def svg(chart: Chart, stamp: Stamp) -> bytes:
    """Return the chart as an SVG whose text is text: it can be searched, translated and read aloud."""
    metadata = _clean(Title=chart.caption.title, Source=stamp.link, Description=chart.alternative)
    picture = _drawn(chart, stamp, format="svg", metadata=metadata | {"Creator": PRODUCT, "Date": None})
    return FONT.sub(FALLBACK, picture)


def _clean(**texts: str) -> dict[str, str | None]:
    """Return what a file says of itself, without characters that its format cannot hold."""
    return {name: drawable(text) for name, text in texts.items()}


def _drawn(chart: Chart, stamp: Stamp, **options: Any) -> bytes:
    plot = SHAPES.get(type(chart.shape), of_marks)
    buffer = io.BytesIO()
    with _one_at_a_time:
        chart_plot = plot(chart)
        figure = framed(chart, stamp, chart_plot)
        figure.savefig(buffer, **options)
    return buffer.getvalue()
