"""The frame of every chart: finding, unit, source and badge inside the picture, words that cannot be markup."""

import textwrap
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from ui.charts.chart import Caption
from ui.text import straight
from words.formats import separators
from words.language import t

# Streamlit swaps these for `theme.chartCategoricalColors` (and INK for a near black or white) of the viewer's theme
# when a chart is first shown, and forgets to when the theme changes: see ui/screen.css and `ui.blocks.blocks.draw`.
UP, DOWN, BEFORE, DEMO, FIFTH, SIXTH, INK = "#000001", "#000002", "#000003", "#000004", "#000005", "#000006", "#000037"
GEOMETRY = "./app/static/"  # the outlines of the world come from this server, see ui/static/README.md
CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True, "topojsonURL": GEOMETRY}
LINE, SMALL_LINE = 23, 18
TITLE_CHARS, TEXT_CHARS = 33, 48  # what a phone's width takes

Part = dict[str, Any]


def framed(
    traces: Sequence[Part],
    layout: Part,
    caption: Caption,
    *,
    plot_height: int,
    axis_height: int,
    key: str = "",
) -> go.Figure:
    """Return the figure with its words around it, its numbers written as the reader does.

    The figure is put together as plain values and checked by Plotly once: adding part by part costs ten times more.
    """
    title, measure = wrapped(caption.title, TITLE_CHARS), wrapped(caption.measure, TEXT_CHARS)
    measure += f"<br>{key}" if key else ""
    note = f"<b>{escaped(caption.badge)}</b><br>{wrapped(t('Fuente: {source}', source=caption.source), TEXT_CHARS)}"
    if caption.is_demo:
        note = f'<span style="color:{DEMO}">{note}</span>'
    top = 14 + LINE * lines_of(title) + SMALL_LINE * lines_of(measure) + 20
    bottom = axis_height + SMALL_LINE * lines_of(note) + 12
    at_left = {"x": 0, "xref": "paper", "xanchor": "left", "yref": "paper"}
    words = at_left | {"align": "left", "showarrow": False}
    above = SMALL_LINE * lines_of(measure) + 22 + LINE * (lines_of(title) - 1)
    frame = {
        "title": at_left
        | {"y": 1, "yanchor": "bottom", "text": title, "font": {"size": 17}, "pad": {"b": above, "l": 1}},
        "annotations": [
            *layout.get("annotations", ()),
            words | {"y": 1, "yanchor": "bottom", "yshift": 12, "text": measure, "font": {"size": 13, "color": INK}},
            words
            | {
                "y": 0,
                "yanchor": "top",
                "yshift": -axis_height - 4,
                "text": note,
                "font": {"size": 12, "color": INK},
            },
        ],
        "height": top + plot_height + bottom,
        "margin": {"l": 4, "r": 4, "t": top, "b": bottom, "pad": 0},
        "separators": separators(),
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"align": "left"},
    }
    return go.Figure({"data": list(traces), "layout": layout | frame})


def lines_of(text: str) -> int:
    """Return how many lines a wrapped text takes."""
    return text.count("<br>") + 1


def wrapped(text: str, width: int) -> str:
    """Return the text broken into lines that fit a phone; Plotly does not wrap by itself."""
    return "<br>".join(textwrap.wrap(escaped(text), width))


def shortened(text: str, width: int) -> str:
    """Return the text, cut with an ellipsis where it would run into the figure beside it."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def escaped(text: str) -> str:
    """Return text that Plotly cannot read as markup."""
    return straight(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
