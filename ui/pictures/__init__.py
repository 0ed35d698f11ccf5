"""Charts as pictures (PNG, SVG), drawn on the server without a browser or a network: words, source and link inside.

One module per shape; a shape that has none is drawn as bars of its marks, so that no chart is without a picture.
Import it where a picture is made and not sooner: matplotlib takes half a second to load.
"""

import io
import re
from collections.abc import Callable
from threading import Lock
from typing import Any

from ui.charts import Bars, Chart, Lines
from ui.menu import PRODUCT
from ui.pictures import bars, lines
from ui.pictures.frame import FAMILY, Plot, drawable, framed
from ui.quoting import Stamp

__all__ = ["png", "svg"]

PNG_DPI = 160
SHAPES: dict[type[Any], Callable[[Any], Plot]] = {Bars: bars.of_rows, Lines: lines.of_lines}
FALLBACK = b"'%s', Verdana, Arial, sans-serif" % FAMILY.encode()  # for readers without that font
FONT = re.compile(rb"'?%s'?(?=[;\"])" % FAMILY.encode())
_one_at_a_time = Lock()  # matplotlib promises nothing about threads, and drawing holds the interpreter anyway


def png(chart: Chart, stamp: Stamp) -> bytes:
    """Return the chart as a PNG of about 1,500 pixels across."""
    caption = chart.caption
    said = _clean(Title=caption.title, Source=caption.source, Description=f"{chart.alternative} {stamp.link}")
    return _drawn(chart, stamp, format="png", dpi=PNG_DPI, metadata=said | {"Software": PRODUCT})


def svg(chart: Chart, stamp: Stamp) -> bytes:
    """Return the chart as an SVG whose text is text: it can be searched, translated and read aloud."""
    said = _clean(Title=chart.caption.title, Source=stamp.link, Description=chart.alternative)
    drawn = _drawn(chart, stamp, format="svg", metadata=said | {"Creator": PRODUCT, "Date": None})
    return FONT.sub(FALLBACK, drawn)


def _clean(**said: str) -> dict[str, str | None]:
    """Return what a file says of itself, without characters that its format cannot hold."""
    return {name: drawable(text) for name, text in said.items()}


def _drawn(chart: Chart, stamp: Stamp, **options: Any) -> bytes:
    plot = SHAPES.get(type(chart.shape), bars.of_marks)
    packed = io.BytesIO()
    with _one_at_a_time:
        made = plot(chart)
        figure = framed(chart, stamp, made)
        figure.savefig(packed, **options)
    return packed.getvalue()
