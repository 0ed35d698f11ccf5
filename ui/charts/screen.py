"""Charts on the screen: one module per shape, each drawn from plain values, without Streamlit."""

from collections.abc import Callable, Mapping
from typing import Any

import plotly.graph_objects as go

from ui.charts.chart import Bars, Caption, Chart, Heat, Lines, Multiples, RegionMap, Tree, Waterfall, WorldMap
from ui.charts.frame import CONFIG
from ui.charts.maps import outlined, regions, world
from ui.charts.shapes import bars, heat, lines, multiples, tree, waterfall

__all__ = ["CONFIG", "draw", "outlined"]

PENS: Mapping[type, Callable[[Any, Caption], go.Figure]] = {
    Bars: bars,
    Lines: lines,
    Multiples: multiples,
    RegionMap: regions,
    WorldMap: world,
    Heat: heat,
    Tree: tree,
    Waterfall: waterfall,
}


def draw(chart: Chart) -> go.Figure:
    """Return the Plotly figure of a chart, its words inside."""
    return PENS[type(chart.shape)](chart.shape, chart.caption)
