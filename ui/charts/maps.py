"""Maps on the screen: the 16 regions side by side, and the world in steps of one colour."""

import json
import math
from functools import cache
from pathlib import Path

import plotly.graph_objects as go

from ui.charts.chart import Caption, RegionArea, RegionMap, WorldMap
from ui.charts.frame import BEFORE, DOWN, INK, TEXT_CHARS, UP, Part, escaped, framed, wrapped

# -- The map of the 16 regions: north, centre and south side by side, since Chile is long and a screen is not.

REGION_OUTLINES = Path(__file__).with_name("region_shapes.json")
PANELS = (  # each at a scale of its own
    ("15", "01", "02", "03", "04"),
    ("05", "13", "06", "07", "16", "08"),
    ("09", "14", "10", "11", "12"),
)
CHILE_HEIGHT = 340
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
    return framed(traces, layout, caption, plot_height=CHILE_HEIGHT, axis_height=0, key=wrapped(shape.key, TEXT_CHARS))


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
    raw = json.loads(REGION_OUTLINES.read_text(encoding="utf-8"))
    rings_by_region: dict[str, tuple[Ring, ...]] = {}
    x_offset = 0.0
    for codes in PANELS:
        points = [point for code in codes for ring in raw[code] for point in ring]
        west, south = min(x for x, _ in points), min(y for _, y in points)
        east, north = max(x for x, _ in points), max(y for _, y in points)
        squeeze = math.cos(math.radians((south + north) / 2))  # a degree of longitude is shorter than one of latitude
        scale = 1 / (north - south)
        for code in codes:
            rings_by_region[code] = tuple(
                tuple(
                    (round(x_offset + (x - west) * squeeze * scale, 4), round((y - south) * scale, 4)) for x, y in ring
                )
                for ring in raw[code]
            )
        x_offset += (east - west) * squeeze * scale + GAP
    return rings_by_region


# -- The world with its countries shaded in steps of one colour. The outlines are a file of this server.

SHADES = tuple(f"rgba(46,134,193,{depth})" for depth in (0.2, 0.4, 0.6, 0.8, 1))  # more value, more colour
WORLD_OUTLINES = Path(__file__).parents[1] / "static" / "world_110m.json"
LAND, BORDER = "rgba(128,140,150,0.16)", "rgba(128,140,150,0.55)"
WORLD_HEIGHT = 250


def world(shape: WorldMap, caption: Caption) -> go.Figure:
    """Return the map, with the key of its steps above it."""
    trace = {
        "type": "choropleth",
        "locationmode": "ISO-3",
        "locations": [area.iso3 for area in shape.areas],
        "z": [area.depth for area in shape.areas],
        "zmin": 0,
        "zmax": len(SHADES) - 1,
        "colorscale": [[step / (len(SHADES) - 1), shade] for step, shade in enumerate(SHADES)],
        "showscale": False,
        "marker": {"line": {"color": BORDER, "width": 0.5}},
        "customdata": [escaped(area.hover) for area in shape.areas],
        "meta": [area.value for area in shape.areas],  # the figures themselves, not only their steps
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    outline = {"showland": True, "landcolor": LAND, "showcountries": True, "countrycolor": BORDER, "countrywidth": 0.5}
    bare = {"showcoastlines": False, "showframe": False, "showlakes": False, "showocean": False}
    view = {"projection": {"type": "natural earth"}, "lataxis": {"range": [-56, 82]}, "bgcolor": "rgba(0,0,0,0)"}
    geo = {"scope": "world", "resolution": 110, "domain": {"x": [0, 1], "y": [0, 1]}}
    layout = {"geo": outline | bare | view | geo}
    steps = [
        f'<span style="color:{shade}">■</span> {escaped(words)}' for shade, words in zip(SHADES, shape.key, strict=True)
    ]
    key = f"{'  '.join(steps[:3])}<br>{'  '.join(steps[3:])}"
    return framed([trace], layout, caption, plot_height=WORLD_HEIGHT, axis_height=0, key=key)


@cache
def outlined() -> frozenset[str]:
    """Return the ISO codes of the countries that have an outline at this scale."""
    shapes = json.loads(WORLD_OUTLINES.read_text(encoding="utf-8"))["objects"]["countries"]["geometries"]
    return frozenset(shape["id"] for shape in shapes if "id" in shape)
