"""Change, growth and the low-base guard. The thresholds stand here and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indicators.engine import result
from indicators.engine.result import Reason
from indicators.metrics.metric import Metric

FLOOR_USD = 100_000.0
FLOOR_OF_REGION = 0.001
MIN_EXPORTERS = 5
MAX_GROWTH = 3.0

COUNTS = ("firms", "workers", "products", "countries")
GROWING_UNITS = ("usd", "uf", "number", *COUNTS)  # of ratios only the difference is shown


@dataclass(frozen=True)
class Guard:
    """What the low-base guard knows of a base: its value, its firms, and the floor of its region."""

    base_usd: float | None = None
    base_firms: int | None = None
    region_usd: float | None = None

    @property
    def floor_usd(self) -> float:
        """The least base in US$ that a percentage is shown of."""
        return max(FLOOR_USD, FLOOR_OF_REGION * (self.region_usd or 0.0))


@dataclass(frozen=True)
class Change:
    """How a value moved: always in its own unit, in percent only when that says something."""

    absolute: float | None
    growth: float | None
    reason: Reason | None = None


def change(value: float | None, base: float | None, unit: str, *, guard: Guard) -> Change:
    """Compare a value with its base. Without a base there is no growth, and the reason says so."""
    if value is None or base is None:
        return Change(None, None)
    absolute = round(value - base, 6)  # what floats add behind the cents is no change
    if unit not in GROWING_UNITS:
        return Change(absolute, None)
    if base == 0:
        return Change(absolute, None, result.NO_BASE_VALUE)
    growth = absolute / base
    if _is_low(base, growth, unit, guard):
        return Change(absolute, None, result.low_base(guard.floor_usd))
    return Change(absolute, growth)


def _is_low(base: float, growth: float, unit: str, guard: Guard) -> bool:
    few_firms = 0 < (guard.base_firms or 0) < MIN_EXPORTERS  # none at all: the source gives no ids
    small_count = unit == "firms" and base < MIN_EXPORTERS
    base_usd = base if guard.base_usd is None and unit == "usd" else guard.base_usd
    small_value = base_usd is not None and base_usd < guard.floor_usd  # of counts too: of little, all is chance
    return base < 0 or few_firms or small_count or small_value or abs(growth) > MAX_GROWTH


def share(part: float | None, whole: float | None) -> float | None:
    """Return `part / whole`, or None when there is no whole to compare with."""
    return None if part is None or not whole else part / whole


def contribution(value: float | None, base: float | None, total_base: float | None) -> float | None:
    """Return the part of the total's growth that a row brings, as a fraction; the rows sum to the growth."""
    return None if value is None or base is None or not total_base else (value - base) / total_base


def annual(value: float | None, base: float | None, years: int) -> float | None:
    """Return the constant yearly rate that leads from base to value, or None when there is none."""
    if value is None or base is None or value <= 0 or base <= 0:
        return None
    return float((value / base) ** (1 / years) - 1)


def moved(value: float | None, base: float | None) -> float | None:
    """Return how far a share or an index moved, or None when there is nothing to set it against."""
    return None if value is None or base is None else value - base


def overlap(own: Mapping[str, float | None], other: Mapping[str, float | None]) -> float | None:
    """Return the sum of the lesser of two shares, part by part: 1 for equal baskets; None where either is empty.

    Finger and Kreinin, "A Measure of Export Similarity and Its Possible Uses", The Economic Journal 89 (1979).
    """
    ours, theirs = (
        {key: share for key, share in one.items() if share is not None and share > 0} for one in (own, other)
    )
    if not ours or not theirs:
        return None
    return sum(min(share, theirs[key]) for key, share in ours.items() if key in theirs)


# -- The rows of an answer's SQL before anything is compared: zero where zero is the truth.

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
