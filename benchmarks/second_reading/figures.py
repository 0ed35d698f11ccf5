"""What a reading gives: a figure, those of its parts, and how a figure moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

GROWING = ("usd", "uf", "number", "firms", "workers", "products", "countries")  # of ratios only the difference is shown


@dataclass(frozen=True)
class Figure:
    """One number and what it is set against; `why` says why there is none."""

    value: float | None = None
    base: float | None = None
    growth: float | None = None
    share: float | None = None
    share_base: float | None = None
    contribution: float | None = None
    why: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reply:
    """A figure, those of its parts, and what part of the nation's value has a region, a product and a country."""

    unit: str
    total: Figure
    parts: Mapping[str, Figure] = field(default_factory=dict)
    coverage: tuple[float | None, ...] | None = None


def growth_of(
    value: float | None, base: float | None, unit: str, base_usd: float | None, firms: int | None, region_usd: float
) -> tuple[float | None, str | None]:
    """The change in parts of the base, unless the base is low: then why not."""
    if value is None or base is None or unit not in GROWING:
        return None, None
    if base == 0:
        return None, "sin_base"
    growth = round(value - base, 6) / base
    floor = max(100_000, 0.001 * region_usd)
    low = (base_usd is not None and base_usd < floor) or 0 < (firms or 0) < 5 or (unit == "firms" and base < 5)
    return (None, "base_baja") if low or base < 0 or abs(growth) > 3 else (growth, None)


def over(part: float | None, whole: float | None) -> float | None:
    """Return a part of a whole, None where there is no whole."""
    return None if part is None or not whole else part / whole
