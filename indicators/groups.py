"""The rows of an answer's SQL before anything is compared: zero where zero is the truth, hidden by policy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from indicators.disclosure import Cell
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
    value_usd: float | None = None
    base_usd: float | None = None
    firms: int | None = None
    base_firms: int | None = None
    largest: tuple[float, ...] = ()
    base_largest: tuple[float, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def cell(self, *, base: bool) -> Cell:
        """What the disclosure policy looks at, in the window or in the base."""
        if base:
            return Cell(self.base_firms or 0, self.base_usd or 0.0, self.base_largest)
        return Cell(self.firms or 0, self.value_usd or 0.0, self.largest)

    def without(self, why: Reason, *, base: bool) -> "Group":
        """Return the group with its value or its base hidden, and nothing left to work it out from."""
        kept = tuple(dict.fromkeys((*self.reasons, why)))
        if base:
            return replace(self, base=None, base_usd=None, base_firms=None, base_largest=(), reasons=kept)
        return replace(self, value=None, n_items=0, value_usd=None, firms=None, largest=(), reasons=kept)


def read_group(row: Mapping[str, Any], spec: Metric, *, has_base: bool) -> Group:
    """Turn a row of the answer's SQL into a group."""
    has_own_base = has_base and spec.has_base
    return Group(
        key=row["key"],
        value=_or_empty(row["value"], spec),
        base=_or_empty(row["base"], spec) if has_own_base else None,
        n_items=int(row["n_items"] or 0),
        value_usd=_number(row["value_usd"]),
        base_usd=_number(row["base_usd"]) or (0.0 if has_base else None),
        firms=row["firms"],
        base_firms=row["base_firms"] if has_base else None,
        largest=tuple(float(value) for value in row["largest"] or ()),
        base_largest=tuple(float(value) for value in row["base_largest"] or ()),
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
