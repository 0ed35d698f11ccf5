"""Charts on the screen: one module per shape, each drawn from plain values, without Streamlit."""

import plotly.graph_objects as go

from ui.charts import Bars, Chart, Lines
from ui.figures.bars import bars
from ui.figures.frame import CONFIG
from ui.figures.lines import lines
from ui.figures.regions import regions

__all__ = ["CONFIG", "draw"]


def draw(chart: Chart) -> go.Figure:
    """Return the Plotly figure of a chart, its words inside."""
    if isinstance(chart.shape, Bars):
        return bars(chart.shape, chart.caption)
    if isinstance(chart.shape, Lines):
        return lines(chart.shape, chart.caption)
    return regions(chart.shape, chart.caption)
