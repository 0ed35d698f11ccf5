"""From one value to another, step by step: what adds to the right, what takes away to the left."""

import plotly.graph_objects as go

from ui.charts import Bar, Caption, Waterfall
from ui.figures.bars import ROW, row_words
from ui.figures.frame import BEFORE, DOWN, UP, Part, escaped, framed


def waterfall(shape: Waterfall, caption: Caption) -> go.Figure:
    """Return the steps as bars that begin where the one before ended."""
    rows = (shape.start, *shape.steps, shape.end)
    starts, place = [0.0], shape.start.value
    for step in shape.steps:
        starts.append(place)
        place += step.value
    starts.append(0.0)
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [row.value for row in rows],
        "base": starts,
        "y": list(range(len(rows))),
        "width": 0.36,
        "marker": {"color": [_colour(row, shape) for row in rows]},
        "customdata": [escaped(row.hover) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    layout: Part = {
        "annotations": [words for place, row in enumerate(rows) for words in row_words(place, row)],
        "xaxis": {"visible": False, "fixedrange": True, "rangemode": "tozero"},
        "yaxis": {"visible": False, "fixedrange": True, "range": [len(rows) - 0.5, -0.8]},
    }
    return framed([trace], layout, caption, plot_height=ROW * len(rows) + 10, axis_height=0)


def _colour(row: Bar, shape: Waterfall) -> str:
    if row is shape.start or row is shape.end:
        return BEFORE
    return UP if row.value >= 0 else DOWN
