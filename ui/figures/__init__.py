"""Charts on the screen: one module per shape, each drawn from plain values, without Streamlit."""

import plotly.graph_objects as go

from ui.charts import Bars, Chart, Multiples, WorldMap
from ui.figures.bars import bars
from ui.figures.frame import CONFIG
from ui.figures.lines import lines
from ui.figures.multiples import multiples
from ui.figures.world import outlined, world

__all__ = ["CONFIG", "draw", "outlined"]


def draw(chart: Chart) -> go.Figure:
    """Return the Plotly figure of a chart, its words inside."""
    if isinstance(chart.shape, Bars):
        return bars(chart.shape, chart.caption)
    if isinstance(chart.shape, Multiples):
        return multiples(chart.shape, chart.caption)
    if isinstance(chart.shape, WorldMap):
        return world(chart.shape, chart.caption)
    return lines(chart.shape, chart.caption)
