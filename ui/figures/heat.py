"""A table whose cells are the darker the larger; each says its figure, so that colour only repeats it."""

import plotly.graph_objects as go

from ui.charts import Caption, Heat
from ui.figures.frame import BEFORE, DOWN, INK, UP, Part, escaped, framed, shortened

ROW, AXIS = 46, 64
HALF = 0.27  # of a cell's height, in rows; the rest is for the name of the row above it
NAME_CHARS, COLUMN_CHARS = 40, 9
SHADES = 6
PALEST, STRONGEST = 0.04, 0.5  # pale enough for the figure to be read on it
MOST_TEXTS = 6  # columns; with more, the figures do not fit and only the pointer and the table say them


def heat(shape: Heat, caption: Caption) -> go.Figure:
    """Return the cells in a few strengths of one colour, those below zero in another."""
    largest = max((abs(value) for values in shape.values for value in values if value is not None), default=0.0)
    hidden = {"fixedrange": True, "showgrid": False, "zeroline": False}
    layout = {
        "xaxis": hidden
        | {
            "tickvals": list(range(len(shape.columns))),
            "ticktext": [escaped(shortened(name, COLUMN_CHARS)) for name in shape.columns],
            "tickangle": -35,
            "tickfont": {"color": INK, "size": 11},
            "range": [-0.5, len(shape.columns) - 0.5],
        },
        "yaxis": hidden | {"visible": False, "range": [len(shape.rows) - 0.6, -0.8]},
        "annotations": [_name(place, name) for place, name in enumerate(shape.rows)],
        "shapes": [
            _cell(column, row, value, largest)
            for row, values in enumerate(shape.values)
            for column, value in enumerate(values)
        ],
        "hovermode": "closest",
    }
    return framed([_texts(shape)], layout, caption, plot_height=ROW * len(shape.rows) + 8, axis_height=AXIS)


def _name(place: int, name: str) -> Part:
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": place - HALF,
        "yanchor": "bottom",
        "text": escaped(shortened(name, NAME_CHARS)),
        "font": {"color": INK, "size": 12},
        "showarrow": False,
    }


def _texts(shape: Heat) -> Part:
    cells = [
        (column, row, text, f"{shape.rows[row]}, {shape.columns[column]}: {text}")
        for row, texts in enumerate(shape.texts)
        for column, text in enumerate(texts)
    ]
    return {
        "type": "scatter",
        "x": [cell[0] for cell in cells],
        "y": [cell[1] for cell in cells],
        "mode": "text" if len(shape.columns) <= MOST_TEXTS else "markers",
        "marker": {"opacity": 0, "size": ROW // 2},
        "text": [escaped(cell[2]) for cell in cells],
        "textfont": {"size": 11, "color": INK},
        "customdata": [escaped(cell[3]) for cell in cells],
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": [value for values in shape.values for value in values],  # the figures themselves, not only their shades
    }


def _cell(column: int, row: int, value: float | None, largest: float) -> Part:
    strength = 0.0 if value is None or not largest else abs(value) / largest
    step = round(strength * SHADES) / SHADES
    return {
        "type": "rect",
        "layer": "below",
        "x0": column - 0.5,
        "x1": column + 0.5,
        "y0": row - HALF,
        "y1": row + HALF,
        "line": {"color": BEFORE, "width": 0.5},
        "fillcolor": DOWN if (value or 0) < 0 else UP,
        "opacity": PALEST + (STRONGEST - PALEST) * step,
    }
