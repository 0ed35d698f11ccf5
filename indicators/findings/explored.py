"""Findings about whatever the reader put together."""

from indicators.formats import quantity
from indicators.language import t
from indicators.pivot import Pivot
from indicators.places import where
from indicators.result import Answer

COMPARING = ("growth", "cagr", "contribution", "three_ways")


def title(found: Pivot) -> str:
    """Say which part has the largest figure, or just what is shown when no part has one."""
    total = found.total
    known = [row for row in total.rows if row.value is not None]
    if not known or total.reserved:
        return heading(total)
    first = max(known, key=lambda row: row.value or 0)
    return t(
        "{part}: {value}, la cifra mayor en {window}",
        part=first.label,
        value=quantity(first.value, total.unit),
        window=total.window_label,
    )


def heading(answer: Answer) -> str:
    """Return what is measured, where and when; of what compares two periods, both."""
    spec, window = answer.question.spec, answer.window_label
    if answer.base_label and (spec.compares or spec.operator in COMPARING):
        window = t("{window} frente a {base}", window=window, base=answer.base_label)
    return t("{metric}, {place}, {window}", metric=answer.label, place=where(answer), window=window)
