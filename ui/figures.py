"""Charts. Each states its finding in the title and carries unit, source and badge inside the picture."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

MONTHS = (
    "ene",
    "feb",
    "mar",
    "abr",
    "may",
    "jun",
    "jul",
    "ago",
    "sep",
    "oct",
    "nov",
    "dic",
)  # Plotly knows no Spanish
# Streamlit swaps these for `theme.chartCategoricalColors` (and INK for the text colour) of the viewer's theme.
UP, DOWN, BEFORE, DEMO, INK = "#000001", "#000002", "#000003", "#000004", "#000037"
CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True}
LINE, SMALL_LINE = 23, 18
TITLE_CHARS, TEXT_CHARS, ROW_CHARS = 34, 48, 42  # what a phone's width takes
ROW = 44


Part = dict[str, Any]


@dataclass(frozen=True)
class Caption:
    """The words inside a figure: the finding, what is measured and when, whose data, and how far to trust it."""

    title: str
    measure: str
    source: str
    badge: str
    is_demo: bool


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, the figure as printed and the whole sentence for the pointer."""

    label: str
    value: float
    text: str
    hover: str


@dataclass(frozen=True)
class Line:
    """A run of monthly values; None where a month is not there."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


def bars(rows: Sequence[Bar], caption: Caption) -> go.Figure:
    """Return horizontal bars around zero, each with its name and figure above it so that phones can show them."""
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [row.value for row in rows],
        "y": list(range(len(rows))),
        "width": 0.36,
        "marker": {"color": [UP if row.value >= 0 else DOWN for row in rows]},
        "customdata": [escaped(row.hover) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    layout = {
        "annotations": [words for place, row in enumerate(rows) for words in _row_words(place, row)],
        "shapes": [_zero(place) for place in range(len(rows))],
        "xaxis": {"visible": False, "fixedrange": True},
        "yaxis": {"visible": False, "fixedrange": True, "range": [len(rows) - 0.5, -0.8]},
    }
    return framed([trace], layout, caption, plot_height=ROW * len(rows) + 10, axis_height=0)


def _row_words(place: int, row: Bar) -> list[Part]:
    """Return the name of a bar at the left and its figure at the right, both above the bar."""
    common = {"xref": "paper", "y": place, "yshift": 17, "font": {"color": INK, "size": 13}, "showarrow": False}
    name = escaped(shortened(row.label, ROW_CHARS - len(row.text)))
    return [
        common | {"x": 0, "xanchor": "left", "text": name},
        common | {"x": 1, "xanchor": "right", "text": f"<b>{escaped(row.text)}</b>"},
    ]


def _zero(place: int) -> Part:
    """Return the stretch of the zero line that belongs to one bar."""
    line = {"color": BEFORE, "width": 1}
    return {"type": "line", "x0": 0, "x1": 0, "y0": place - 0.24, "y1": place + 0.24, "line": line}


def lines(now: Line, before: Line, months: Sequence[date], caption: Caption) -> go.Figure:
    """Return a run of months over the same months a year earlier."""
    labels = [f"{MONTHS[month.month - 1]}<br>{month.year % 100:02d}" for month in months]
    traces = [
        {
            "type": "scatter",
            "x": labels,
            "y": line.values,
            "mode": "lines+markers",
            "marker": {"size": width + 3},
            "line": {"color": colour, "width": width, "dash": dash},
            "customdata": [escaped(text) for text in line.texts],
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        for line, colour, width, dash in ((before, BEFORE, 2, "dot"), (now, UP, 3.5, "solid"))
    ]
    ink = {"fixedrange": True, "tickfont": {"color": INK}}
    layout = {
        "xaxis": ink | {"type": "category", "range": [-1.2, len(labels) - 0.6], "tickangle": 0},
        "yaxis": ink | {"rangemode": "tozero", "ticklabelposition": "inside top", "nticks": 5},
    }
    key = f'<span style="color:{UP}"><b>━━</b></span> {escaped(now.name)}<br>'
    key += f'<span style="color:{BEFORE}"><b>┅┅</b></span> {escaped(before.name)}'
    return framed(traces, layout, caption, plot_height=260, axis_height=40, key=key)


def framed(
    traces: Sequence[Part],
    layout: Part,
    caption: Caption,
    *,
    plot_height: int,
    axis_height: int,
    key: str = "",
) -> go.Figure:
    """Return the figure with its words around it and Spanish separators.

    The figure is put together as plain values and checked by Plotly once: adding part by part costs ten times more.
    """
    title, measure = wrapped(caption.title, TITLE_CHARS), wrapped(caption.measure, TEXT_CHARS)
    measure += f"<br>{key}" if key else ""
    note = f"<b>{escaped(caption.badge)}</b><br>{wrapped(f'Fuente: {caption.source}', TEXT_CHARS)}"
    top = 14 + LINE * lines_of(title) + SMALL_LINE * lines_of(measure) + 20
    bottom = axis_height + SMALL_LINE * lines_of(note) + 12
    at_left = {"x": 0, "xref": "paper", "xanchor": "left", "yref": "paper"}
    words = at_left | {"align": "left", "showarrow": False}
    note_ink = DEMO if caption.is_demo else INK
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
                "font": {"size": 12, "color": note_ink},
            },
        ],
        "height": top + plot_height + bottom,
        "margin": {"l": 4, "r": 4, "t": top, "b": bottom, "pad": 0},
        "separators": ",.",
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
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
