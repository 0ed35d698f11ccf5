"""The rows of an answer's SQL before anything is compared: zero where zero is the truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indicators.metrics import Metric
from indicators.reasons import Reason

PRECISION = 12  # digits kept of a ratio: threads add in any order, so its last digits are not the same twice
DIGITS = 15  # digits that a binary fraction holds whatever the number: ten thousand billion US$ to the cent


@dataclass(frozen=True)
class Group:
    """One part of the split, or the whole slice."""

    key: str | None
    value: float | int | None
    base: float | int | None
    n_items: int = 0
    base_usd: float | None = None
    base_firms: int | None = None
    reasons: tuple[Reason, ...] = ()


def read_group(row: Mapping[str, Any], spec: Metric, *, has_base: bool) -> Group:
    """Turn a row of the answer's SQL into a group."""
    has_own_base = has_base and spec.has_base
    return Group(
        key=row["key"],
        value=_or_empty(row["value"], spec),
        base=_or_empty(row["base"], spec) if has_own_base else None,
        n_items=int(row["n_items"] or 0),
        base_usd=_number(row["base_usd"]) or (0.0 if has_base else None),
        base_firms=row["base_firms"] if has_base else None,
    )


def round_off(number: float) -> float:
    """Return a number without the noise of binary fractions: 0.30000000000000004 is 0.3."""
    return float(f"{number:.{DIGITS}g}")


def _or_empty(value: Any, spec: Metric) -> float | int | None:
    number = _number(value)
    return spec.empty if number is None else number


def _number(value: Any) -> float | int | None:
    """Counts stay whole numbers; money leaves its decimal type here, at the edge."""
    if isinstance(value, float):
        return float(f"{value:.{PRECISION}g}")
    return value if value is None or isinstance(value, int) else float(value)
