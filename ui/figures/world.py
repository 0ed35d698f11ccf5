"""The world with its countries shaded in steps of one colour. The outlines are a file of this server."""

import json
from functools import cache
from pathlib import Path

import plotly.graph_objects as go

from ui.charts import Caption, WorldMap
from ui.figures.frame import escaped, framed

SHADES = tuple(f"rgba(46,134,193,{depth})" for depth in (0.2, 0.4, 0.6, 0.8, 1))  # more value, more colour
OUTLINES = Path(__file__).parents[1] / "static" / "world_110m.json"
LAND, BORDER = "rgba(128,140,150,0.16)", "rgba(128,140,150,0.55)"
HEIGHT = 250


def world(shape: WorldMap, caption: Caption) -> go.Figure:
    """Return the map, with the key of its steps above it."""
    trace = {
        "type": "choropleth",
        "locationmode": "ISO-3",
        "locations": [area.iso3 for area in shape.areas],
        "z": [area.depth for area in shape.areas],
        "zmin": 0,
        "zmax": len(SHADES) - 1,
        "colorscale": [[place / (len(SHADES) - 1), shade] for place, shade in enumerate(SHADES)],
        "showscale": False,
        "marker": {"line": {"color": BORDER, "width": 0.5}},
        "customdata": [escaped(area.hover) for area in shape.areas],
        "meta": [area.value for area in shape.areas],  # the figures themselves, not only their steps
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    outline = {"showland": True, "landcolor": LAND, "showcountries": True, "countrycolor": BORDER, "countrywidth": 0.5}
    hidden = {"showcoastlines": False, "showframe": False, "showlakes": False, "showocean": False}
    view = {"projection": {"type": "natural earth"}, "lataxis": {"range": [-56, 82]}, "bgcolor": "rgba(0,0,0,0)"}
    geo = {"scope": "world", "resolution": 110, "domain": {"x": [0, 1], "y": [0, 1]}}
    layout = {"geo": outline | hidden | view | geo}
    steps = [
        f'<span style="color:{shade}">■</span> {escaped(words)}' for shade, words in zip(SHADES, shape.key, strict=True)
    ]
    key = f"{'  '.join(steps[:3])}<br>{'  '.join(steps[3:])}"
    return framed([trace], layout, caption, plot_height=HEIGHT, axis_height=0, key=key)


@cache
def outlined() -> frozenset[str]:
    """Return the ISO codes of the countries that have an outline at this scale."""
    shapes = json.loads(OUTLINES.read_text(encoding="utf-8"))["objects"]["countries"]["geometries"]
    return frozenset(shape["id"] for shape in shapes if "id" in shape)
