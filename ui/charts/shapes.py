"""Shapes of charts on the screen, each drawn from plain values, without Streamlit."""

import plotly.graph_objects as go

from ui.charts.chart import Bar, Bars, Caption, Heat, Line, Lines, Multiples, Panel, Tree, Waterfall
from ui.charts.frame import BEFORE, DOWN, FIFTH, INK, SIXTH, TEXT_CHARS, UP, Part, escaped, framed, shortened, wrapped

# -- Horizontal bars around zero, each with its name and figure above it so that phones can show them.

BAR_ROW = 44
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
        "annotations": [words for position, row in enumerate(rows) for words in row_words(position, row)],
        "shapes": [_zero(position) for position in range(len(rows))],
        "xaxis": {"visible": False, "fixedrange": True},
        "yaxis": {"visible": False, "fixedrange": True, "range": [len(rows) - 0.5, -0.8]},
    }
    return framed([trace], layout, caption, plot_height=BAR_ROW * len(rows) + 10, axis_height=0)


def row_words(position: int, row: Bar) -> list[Part]:
    """Return the name of a bar at the left and its figure at the right, both above the bar."""
    common = {"xref": "paper", "y": position, "yshift": 17, "font": {"color": INK, "size": 13}, "showarrow": False}
    name = escaped(shortened(row.label, ROW_CHARS - len(row.text)))
    return [
        common | {"x": 0, "xanchor": "left", "text": name},
        common | {"x": 1, "xanchor": "right", "text": f"<b>{escaped(row.text)}</b>"},
    ]


def _zero(position: int) -> Part:
    """Return the stretch of the zero line that belongs to one bar."""
    line = {"color": BEFORE, "width": 1}
    return {"type": "line", "x0": 0, "x1": 0, "y0": position - 0.24, "y1": position + 0.24, "line": line}


# -- A table whose cells are the darker the larger; each says its figure, so that colour only repeats it.

HEAT_ROW, AXIS = 46, 64
HALF = 0.27  # of a cell's height, in rows; the rest is for the name of the row above it
HEAT_NAME_CHARS, COLUMN_CHARS = 40, 9
SHADES = 6
PALEST, STRONGEST = 0.04, 0.5  # pale enough for the figure to be read on it
MOST_TEXTS = 6  # columns; with more, the figures do not fit and only the pointer and the table say them


def heat(shape: Heat, caption: Caption) -> go.Figure:
    """Return the cells in a few strengths of one colour, those below zero in another."""
    largest = max((abs(value) for values in shape.values for value in values if value is not None), default=0.0)
    axis = {"fixedrange": True, "showgrid": False, "zeroline": False}
    layout = {
        "xaxis": axis
        | {
            "tickvals": list(range(len(shape.columns))),
            "ticktext": [escaped(shortened(name, COLUMN_CHARS)) for name in shape.columns],
            "tickangle": -35,
            "tickfont": {"color": INK, "size": 11},
            "range": [-0.5, len(shape.columns) - 0.5],
        },
        "yaxis": axis | {"visible": False, "range": [len(shape.rows) - 0.6, -0.8]},
        "annotations": [_name(position, name) for position, name in enumerate(shape.rows)],
        "shapes": [
            _cell(column, row, value, largest)
            for row, values in enumerate(shape.values)
            for column, value in enumerate(values)
        ],
        "hovermode": "closest",
    }
    return framed([_texts(shape)], layout, caption, plot_height=HEAT_ROW * len(shape.rows) + 8, axis_height=AXIS)


def _name(position: int, name: str) -> Part:
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": position - HALF,
        "yanchor": "bottom",
        "text": escaped(shortened(name, HEAT_NAME_CHARS)),
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
        "marker": {"opacity": 0, "size": HEAT_ROW // 2},
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


# -- Runs of values over the same months or years; dash and width tell them apart as well as colour.

MOST_LABELS = 12
LINE_NAME_CHARS = TEXT_CHARS - 6  # beside the sign of the key
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
    pairs = sorted(zip(shape.lines, looks, strict=True), key=lambda pair: not pair[0].is_base)
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
        f'<span style="color:{colour}"><b>{sign}</b></span> {wrapped(line.name, LINE_NAME_CHARS)}'
        for line, (colour, _, _, sign) in zip(shape.lines, looks, strict=True)
    )
    traces = [_trace(line, labels, *look[:3]) for line, look in pairs]
    return framed(traces, layout, caption, plot_height=260, axis_height=40, key=key)


def _step(labels: list[str]) -> int:
    """Every how many labels one is written, so that those of a phone do not run into each other."""
    return -(-len(labels) // MOST_LABELS)


def _looks(lines: tuple[Line, ...]) -> list[tuple[str, float, str, str]]:
    own = iter(LOOKS * (len(lines) // len(LOOKS) + 1))
    return [BASE_LOOK if line.is_base else next(own) for line in lines]


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


# -- Small runs beside each other, two a row so that a phone can show them; the run compared with is thin and
# dotted.

COLUMNS = 2
PANEL_ROW, GUTTER, HEAD = 148, 0.08, 60  # height of a row, gap between columns (of the width), room for a panel's words
PANEL_NAME_CHARS = 22
AT_THE_ENDS = 1.2  # steps left free beside the first and last point, for their labels


def multiples(shape: Multiples, caption: Caption) -> go.Figure:
    """Return the panels, each with its name and how it moved above it."""
    rows = -(-len(shape.panels) // COLUMNS)
    height = PANEL_ROW * rows
    layout: Part = {"annotations": []}
    traces: list[Part] = []
    for position, panel in enumerate(shape.panels):
        left, top = _corner(position, rows)
        layout |= _axes(position, left, top, height, shape)
        layout["annotations"] += _words(panel, left, top)
        traces += _runs(position, panel, shape)
    key = (
        f'<span style="color:{UP}"><b>━━</b></span> {escaped(shape.names[0])}  '
        f'<span style="color:{BEFORE}"><b>┅┅</b></span> {escaped(shape.names[1])}'
    )
    return framed(traces, layout, caption, plot_height=height, axis_height=24, key=key)


def _corner(position: int, rows: int) -> tuple[float, float]:
    """Return the left and top of a panel, as parts of the plot."""
    return (position % COLUMNS) * (1 + GUTTER) / COLUMNS, 1 - (position // COLUMNS) / rows


def _axes(position: int, left: float, top: float, height: int, shape: Multiples) -> Part:
    number = str(position + 1) if position else ""
    bottom = top - (PANEL_ROW - 8) / height
    last = len(shape.labels) - 1
    ink = {"fixedrange": True, "tickfont": {"color": INK, "size": 11}, "showgrid": False, "zeroline": False}
    horizontal = {
        "domain": [left, left + (1 - GUTTER) / COLUMNS],
        "range": [-AT_THE_ENDS, last + AT_THE_ENDS],
        "anchor": f"y{number}",
    }
    ticks = {"tickvals": [0, last], "ticktext": [shape.labels[0], shape.labels[-1]], "tickangle": 0}
    domain = [bottom + 22 / height, top - HEAD / height]
    return {
        f"xaxis{number}": ink | horizontal | ticks | {"showticklabels": True},
        f"yaxis{number}": ink | {"domain": domain, "rangemode": "tozero", "visible": False, "anchor": f"x{number}"},
    }


def _words(panel: Panel, left: float, top: float) -> list[Part]:
    common = {"xref": "paper", "yref": "paper", "x": left, "y": top, "xanchor": "left", "yanchor": "top"}
    common |= {"showarrow": False, "align": "left"}
    name, note = escaped(shortened(panel.name, PANEL_NAME_CHARS)), escaped(panel.note).replace(" · ", "<br>")
    return [common | {"text": f"<b>{name}</b><br>{note}", "font": {"size": 12, "color": INK}}]


def _runs(position: int, panel: Panel, shape: Multiples) -> list[Part]:
    number = str(position + 1) if position else ""
    common = {"type": "scatter", "xaxis": f"x{number}", "yaxis": f"y{number}", "x": list(range(len(shape.labels)))}
    before = {"y": panel.base, "mode": "lines", "line": {"color": BEFORE, "width": 1.5, "dash": "dot"}}
    now = {"y": panel.values, "mode": "lines+markers", "line": {"color": UP, "width": 2.5}, "marker": {"size": 4}}
    texts = {"customdata": [escaped(text) for text in panel.texts], "hovertemplate": "%{customdata}<extra></extra>"}
    return [common | before | {"hoverinfo": "skip"}, common | now | texts]


# -- Parts of a whole as areas.

HEIGHT = 380
PALE = "73"  # 45 % of the colour, in hexadecimal, so that the words on it can be read


def tree(shape: Tree, caption: Caption) -> go.Figure:
    """Return the areas, largest first, each with its name and figure."""
    rows = [row for row in shape.rows if row.value > 0]
    trace = {
        "type": "treemap",
        "labels": [escaped(row.label) for row in rows],
        "parents": [""] * len(rows),
        "values": [row.value for row in rows],
        "text": [escaped(row.text) for row in rows],
        "textinfo": "label+text",
        "textfont": {"color": INK, "size": 13},
        "customdata": [escaped(row.hover) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"colors": [UP + PALE] * len(rows), "line": {"color": BEFORE, "width": 1.5}},
        "pathbar": {"visible": False},
        "tiling": {"pad": 2},
    }
    return framed([trace], {}, caption, plot_height=HEIGHT, axis_height=0)


# -- From one value to another, step by step: what adds to the right, what takes away to the left.


def waterfall(shape: Waterfall, caption: Caption) -> go.Figure:
    """Return the steps as bars that begin where the one before ended."""
    rows = (shape.start, *shape.steps, shape.end)
    starts, level = [0.0], shape.start.value
    for step in shape.steps:
        starts.append(level)
        level += step.value
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
        "annotations": [words for level, row in enumerate(rows) for words in row_words(level, row)],
        "xaxis": {"visible": False, "fixedrange": True, "rangemode": "tozero"},
        "yaxis": {"visible": False, "fixedrange": True, "range": [len(rows) - 0.5, -0.8]},
    }
    return framed([trace], layout, caption, plot_height=BAR_ROW * len(rows) + 10, axis_height=0)


def _colour(row: Bar, shape: Waterfall) -> str:
    if row is shape.start or row is shape.end:
        return BEFORE
    return UP if row.value >= 0 else DOWN
