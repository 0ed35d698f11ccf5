"""The frame of a picture: finding, measure, source, filters, edition, date, link inside; demo figures marked twice."""

import textwrap
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from indicators.language import t
from ui.charts import Chart
from ui.quoting import Stamp, references

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
    place = (EDGE / WIDTH, 1 - (top + plot.height) / height, 1 - 2 * EDGE / WIDTH, plot.height / height)
    axes = figure.add_axes(place, facecolor="none")
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
    said = [t("Fuente: {source}", source=source) for source in references(chart)]
    said += [t("Filtros: {filters}", filters=stamp.filters)] if stamp.filters else []
    has_edition = not stamp.edition or stamp.edition in caption.source
    said += [] if has_edition else [t("Edición {edition}", edition=stamp.edition)]
    said.append(t("Consultado el {day}", day=stamp.day))
    small = [Words(wrapped(line, SMALL_CHARS), SMALL) for line in (*said, stamp.link) if line]
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
    known = get_font(findfont(FontProperties(family=FAMILY))).get_charmap()
    kept = (one for one in text if unicodedata.category(one) not in ("Cf", "Cc", "Cs") or one.isspace())
    return "".join(" " if one.isspace() and one != "\u00a0" else one if ord(one) in known else "□" for one in kept)


def shortened(text: str, width: int) -> str:
    """Return drawable text, cut with an ellipsis where it would run into what stands beside it."""
    said = drawable(text)
    return said if len(said) <= width else f"{said[: width - 1].rstrip()}…"
