"""Parts of a whole as areas."""

import plotly.graph_objects as go

from ui.charts import Caption, Tree
from ui.figures.frame import BEFORE, INK, UP, escaped, framed

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
