"""The map of the 16 regions: north, centre and south side by side, since Chile is long and a screen is not.

The outlines are simplified to what a screen shows and have no legal value.
"""

import json
import math
from functools import cache
from pathlib import Path

import plotly.graph_objects as go

from ui.charts import Caption, RegionArea, RegionMap
from ui.figures.frame import BEFORE, DOWN, INK, TEXT_CHARS, UP, Part, escaped, framed, wrapped

OUTLINES = Path(__file__).with_name("region_shapes.json")
PANELS = (  # each at a scale of its own
    ("15", "01", "02", "03", "04"),
    ("05", "13", "06", "07", "16", "08"),
    ("09", "14", "10", "11", "12"),
)
HEIGHT = 340
GAP = 0.05  # between panels, in heights of the map
PALEST, DARKEST = 0.18, 1.0
NO_DATA = 0.06
Ring = tuple[tuple[float, float], ...]


def regions(shape: RegionMap, caption: Caption) -> go.Figure:
    """Return the map; the strength of the colour is the value, blue what is positive and orange what is negative."""
    largest = max((abs(area.value) for area in shape.areas if area.value is not None), default=0.0)
    traces = [_trace(area, largest) for area in shape.areas if area.code in outlines()]
    width = max(x for rings in outlines().values() for ring in rings for x, _ in ring)
    layout = {
        "xaxis": {"visible": False, "fixedrange": True, "range": [0, width]},
        "yaxis": {"visible": False, "fixedrange": True, "range": [0, 1], "scaleanchor": "x"},
        "hovermode": "closest",
    }
    return framed(traces, layout, caption, plot_height=HEIGHT, axis_height=0, key=wrapped(shape.key, TEXT_CHARS))


def _trace(area: RegionArea, largest: float) -> Part:
    rings = outlines()[area.code]
    xs: list[float | None] = []
    ys: list[float | None] = []
    for ring in rings:
        xs += [*(x for x, _ in ring), None]
        ys += [*(y for _, y in ring), None]
    has_value = area.value is not None and largest > 0
    strength = PALEST + (DARKEST - PALEST) * abs(area.value or 0.0) / largest if has_value else NO_DATA
    colour = BEFORE if area.value is None else UP if area.value >= 0 else DOWN
    return {
        "type": "scatter",
        "x": xs,
        "y": ys,
        "mode": "lines",
        "fill": "toself",
        "fillcolor": colour,
        "line": {"color": INK, "width": 0.6},
        "opacity": round(strength, 3),
        "hoveron": "fills",
        "text": escaped(area.hover),
        "hoverinfo": "text",
        "name": escaped(area.label),
        "meta": area.value,  # the figure itself, for whoever reads the picture as data
    }


@cache
def outlines() -> dict[str, tuple[Ring, ...]]:
    """Return the outline of each region as rings of points, the panels side by side, each one unit high."""
    raw = json.loads(OUTLINES.read_text(encoding="utf-8"))
    placed: dict[str, tuple[Ring, ...]] = {}
    left = 0.0
    for codes in PANELS:
        points = [point for code in codes for ring in raw[code] for point in ring]
        west, south = min(x for x, _ in points), min(y for _, y in points)
        east, north = max(x for x, _ in points), max(y for _, y in points)
        squeeze = math.cos(math.radians((south + north) / 2))  # a degree of longitude is shorter than one of latitude
        scale = 1 / (north - south)
        for code in codes:
            placed[code] = tuple(
                tuple((round(left + (x - west) * squeeze * scale, 4), round((y - south) * scale, 4)) for x, y in ring)
                for ring in raw[code]
            )
        left += (east - west) * squeeze * scale + GAP
    return placed
