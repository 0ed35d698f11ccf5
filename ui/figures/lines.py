"""Runs of values over the same months or years; dash and width tell them apart as well as colour."""

import plotly.graph_objects as go

from ui.charts import Caption, Line, Lines
from ui.figures.frame import BEFORE, DOWN, FIFTH, INK, SIXTH, TEXT_CHARS, UP, Part, escaped, framed, wrapped

MOST_LABELS = 12
NAME_CHARS = TEXT_CHARS - 6  # beside the sign of the key
BASE_LOOK = (BEFORE, 2.0, "dot", "┅┅")
LOOKS = (  # colour, width, dash, and the same in the key
    (UP, 3.5, "solid", "━━"),
    (DOWN, 2.5, "dash", "╍╍"),
    (FIFTH, 2.5, "dashdot", "━╍"),
    (SIXTH, 2.5, "longdash", "━ ━"),
    (UP, 2.0, "dot", "┅┅"),
    (DOWN, 2.0, "longdashdot", "━ ╍"),
    (FIFTH, 2.0, "8px,2px", "╺╺"),
)


def lines(shape: Lines, caption: Caption) -> go.Figure:
    """Return the runs, what others are compared with beneath them."""
    looks = _looks(shape.lines)
    # a month and its year, one above the other
    labels = [label.replace(" ", "<br>", 1) for label in shape.labels]
    drawn = sorted(zip(shape.lines, looks, strict=True), key=lambda pair: not pair[0].is_base)
    ink = {"fixedrange": True, "tickfont": {"color": INK}}
    layout = {
        "xaxis": ink
        | {
            "type": "category",
            "range": [-1.2, len(labels) - 0.6],
            "tickangle": 0,
            "tickvals": labels[:: _step(labels)],
        },
        "yaxis": ink
        | {"rangemode": "tozero", "ticklabelposition": "inside top", "nticks": 5}
        | {"separatethousands": True, "exponentformat": "none"},  # else `3000` and `20k`
    }
    key = "<br>".join(
        f'<span style="color:{colour}"><b>{sign}</b></span> {wrapped(line.name, NAME_CHARS)}'
        for line, (colour, _, _, sign) in zip(shape.lines, looks, strict=True)
    )
    traces = [_trace(line, labels, *look[:3]) for line, look in drawn]
    return framed(traces, layout, caption, plot_height=260, axis_height=40, key=key)


def _step(labels: list[str]) -> int:
    """Every how many labels one is written, so that those of a phone do not run into each other."""
    return -(-len(labels) // MOST_LABELS)


def _looks(found: tuple[Line, ...]) -> list[tuple[str, float, str, str]]:
    own = iter(LOOKS * (len(found) // len(LOOKS) + 1))
    return [BASE_LOOK if line.is_base else next(own) for line in found]


def _trace(line: Line, labels: list[str], colour: str, width: float, dash: str) -> Part:
    return {
        "type": "scatter",
        "x": labels,
        "y": line.values,
        "mode": "lines+markers",
        "marker": {"size": width + 3},
        "line": {"color": colour, "width": width, "dash": dash},
        "customdata": [escaped(text) for text in line.texts],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
