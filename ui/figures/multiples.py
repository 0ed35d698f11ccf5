"""Small runs beside each other, two a row so that a phone can show them; the run compared with is thin and dotted."""

import plotly.graph_objects as go

from ui.charts import Caption, Multiples, Panel
from ui.figures.frame import BEFORE, INK, UP, Part, escaped, framed, shortened

COLUMNS = 2
ROW, GUTTER, HEAD = 148, 0.08, 60  # height of a row, gap between columns (of the width), room for a panel's words
NAME_CHARS = 22
AT_THE_ENDS = 1.2  # steps left free beside the first and last point, for their labels


def multiples(shape: Multiples, caption: Caption) -> go.Figure:
    """Return the panels, each with its name and how it moved above it."""
    rows = -(-len(shape.panels) // COLUMNS)
    height = ROW * rows
    layout: Part = {"annotations": []}
    traces: list[Part] = []
    for place, panel in enumerate(shape.panels):
        left, top = _corner(place, rows)
        layout |= _axes(place, left, top, height, shape)
        layout["annotations"] += _words(panel, left, top)
        traces += _runs(place, panel, shape)
    key = (
        f'<span style="color:{UP}"><b>━━</b></span> {escaped(shape.names[0])}  '
        f'<span style="color:{BEFORE}"><b>┅┅</b></span> {escaped(shape.names[1])}'
    )
    return framed(traces, layout, caption, plot_height=height, axis_height=24, key=key)


def _corner(place: int, rows: int) -> tuple[float, float]:
    """Return the left and top of a panel, as parts of the plot."""
    return (place % COLUMNS) * (1 + GUTTER) / COLUMNS, 1 - (place // COLUMNS) / rows


def _axes(place: int, left: float, top: float, height: int, shape: Multiples) -> Part:
    number = str(place + 1) if place else ""
    bottom = top - (ROW - 8) / height
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
    name, note = escaped(shortened(panel.name, NAME_CHARS)), escaped(panel.note).replace(" · ", "<br>")
    return [common | {"text": f"<b>{name}</b><br>{note}", "font": {"size": 12, "color": INK}}]


def _runs(place: int, panel: Panel, shape: Multiples) -> list[Part]:
    number = str(place + 1) if place else ""
    common = {"type": "scatter", "xaxis": f"x{number}", "yaxis": f"y{number}", "x": list(range(len(shape.labels)))}
    before = {"y": panel.base, "mode": "lines", "line": {"color": BEFORE, "width": 1.5, "dash": "dot"}}
    now = {"y": panel.values, "mode": "lines+markers", "line": {"color": UP, "width": 2.5}, "marker": {"size": 4}}
    texts = {"customdata": [escaped(text) for text in panel.texts], "hovertemplate": "%{customdata}<extra></extra>"}
    return [common | before | {"hoverinfo": "skip"}, common | now | texts]
