"""Horizontal bars around zero, each with its name and figure above it so that phones can show them."""

import plotly.graph_objects as go

from ui.charts import Bar, Bars, Caption
from ui.figures.frame import BEFORE, DOWN, INK, UP, Part, escaped, framed, shortened

ROW = 44
ROW_CHARS = 42  # what a phone's width takes


def bars(shape: Bars, caption: Caption) -> go.Figure:
    """Return the bars, what adds and what takes away in two colours."""
    rows = shape.rows
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
        "annotations": [words for place, row in enumerate(rows) for words in row_words(place, row)],
        "shapes": [_zero(place) for place in range(len(rows))],
        "xaxis": {"visible": False, "fixedrange": True},
        "yaxis": {"visible": False, "fixedrange": True, "range": [len(rows) - 0.5, -0.8]},
    }
    return framed([trace], layout, caption, plot_height=ROW * len(rows) + 10, axis_height=0)


def row_words(place: int, row: Bar) -> list[Part]:
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
