"""Findings about whatever the reader put together."""

from indicators.formats import quantity
from indicators.language import t
from indicators.pivot import Pivot
from indicators.result import Answer


def title(found: Pivot) -> str:
    """Say which part has the largest figure, or just what is shown when no part has one."""
    total = found.total
    known = [row for row in total.rows if row.value is not None]
    if not known:
        return heading(total)
    first = max(known, key=lambda row: row.value or 0)
    return t(
        "{part}: {value}, la cifra mayor en {window}",
        part=first.label,
        value=quantity(first.value, total.unit),
        window=total.window_label,
    )


def heading(answer: Answer) -> str:
    """Return what is measured, where and when."""
    return t("{metric}, {place}, {window}", metric=answer.label, place=answer.region_label, window=answer.window_label)
