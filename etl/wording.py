"""Numbers as the sentences of `status`, the gates, the report of changes and `sync` write them, and in UTF-8."""

import io
import sys
from decimal import Decimal


def write_utf8() -> None:
    """Write UTF-8 to the terminal or wherever it is sent, whatever the console or `PYTHONIOENCODING` say."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def whole(number: int | float) -> str:
    """Return a count with Chilean thousands: 1.234.567."""
    return f"{number:,.0f}".replace(",", ".").replace("-", "−")


def millions(usd: Decimal | float | None) -> str:
    """Return dollars as «US$ 1.234,5 millones»."""
    if usd is None:
        return "sin valor"
    text = f"{usd / 1_000_000:,.1f}"
    return "US$ " + text.translate(str.maketrans(",.-", ".,−")) + " millones"


def change(usd: Decimal) -> str:
    """Return a difference of dollars with its sign: «+US$ 0,1 millones»."""
    return ("+" if usd >= 0 else "−") + millions(abs(usd))


def percent(fraction: float) -> str:
    """Return a fraction as «−3,8 %»."""
    return f"{fraction * 100:.1f} %".replace("-", "−").replace(".", ",")


def megabytes(n_bytes: int) -> str:
    """Return bytes as «5,9 MB»."""
    return f"{n_bytes / 1e6:.1f} MB".replace(".", ",")
