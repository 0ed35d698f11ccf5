"""The formulas of METRICS, each over the cells of a slice: one cell per firm, product … as `Metric.cell` says.

Of a cell, `v` is what it is worth in the period told of and `w` in the other one, of the size asked for; `a` and `b`
the same whatever the size of its firm; `q` and `r` the quantities; `t` what its firm exports from every region; `y1`,
`y2`, `y3` what it exported in each of the three years before, `recent` in them together, `old` before them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt
from statistics import mean, median
from typing import Any

from benchmarks.second_reading.raw_text import table

DUS, YEARLY, REGISTER, COMPANIES = "aduanas_dus", "aduanas_salidas", "registro", "sii"
FIRM_SOURCES = (REGISTER, DUS)
PSEUDO = {row["country_code"] for row in table("countries") if row["is_pseudo"] == "true"}
KINDS = ("product", "country", "firm")
KNOWN = ("known_region", "known_product", "known_country", "known_size")
Cells = Sequence[Any]
Formula = Callable[[Cells], float | None]


@dataclass(frozen=True)
class Metric:
    """What a metric counts (`cell`), how (`formula`), in which unit, and which months it needs."""

    unit: str
    formula: Formula | None = None
    cell: str = "slice"
    window: str = "ytd"
    empty: float | None = None  # what it is of nothing
    sources: tuple[str, ...] = (DUS, YEARLY)
    additive: bool = False
    has_base: bool = True
    follows: bool = False  # the same firm must keep its number over the window
    two: bool = False  # speaks of two periods; `moves` too, of firms whatever their size was
    moves: bool = False
    part: Callable[[Any], str] | None = None
    back: int = 0  # months before the window, which are its base; all that there are before, if `history`
    history: bool = False
    trailing: bool = False  # what comes after the base is the twelve months to the end of the window
    annual: bool = False
    new: bool = False  # of firms that did not export before
    over: tuple[str, ...] = ()
    operator: str | None = None


def _n(cells: Iterable[Any]) -> int:
    return sum(1 for _ in cells)


def exporters(cells: Cells) -> list[Any]:
    """The cells of firms that sold for more than nothing."""
    return [c for c in cells if c.unit and c.v > 0]


def _count(cells: Cells) -> int:
    return len(exporters(cells))


def positive(cells: Cells) -> list[float]:
    return sorted((c.v for c in cells if c.v > 0), reverse=True)


def _hhi(cells: Cells) -> float | None:
    values = positive(cells)
    return sum((v / sum(values)) ** 2 for v in values) if values else None


def _effective(cells: Cells) -> float | None:
    index = _hhi(cells)
    return 1 / index if index else None


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _by_firm(cells: Cells) -> list[list[Any]]:
    """The cells of each firm that sold for more than nothing in all of them together."""
    firms: dict[str, list[Any]] = defaultdict(list)
    for c in cells:
        if c.unit:
            firms[c.unit[0]].append(c)
    return [own for own in firms.values() if sum(c.v for c in own) > 0]


def _single(cells: Cells) -> float | None:
    firms = _by_firm(cells)
    return ratio(_n(own for own in firms if _n(c for c in own if c.v > 0 and c.unit[1]) == 1), len(firms))


def _matched(cells: Cells) -> list[Any]:
    """HS8 × destination × unit in both periods, whose unit value neither triples nor falls under a third."""
    both = [c for c in cells if c.unit and min(c.v, c.w, c.q, c.r) > 0]
    return [c for c in both if 1 / 3 <= (c.v / c.q) / (c.w / c.r) <= 3]


def _fisher(cells: Cells, *, price: bool) -> float | None:
    cells = _matched(cells)
    p1q1, p0q0 = sum(c.v for c in cells), sum(c.w for c in cells)
    p1q0, p0q1 = sum(c.v / c.q * c.r for c in cells), sum(c.w / c.r * c.q for c in cells)
    if not cells:
        return None
    return sqrt(p1q0 / p0q0 * p1q1 / p0q1) - 1 if price else sqrt(p0q1 / p0q0 * p1q1 / p1q0) - 1


def _proportional(cells: Cells) -> float:
    return float(sum(c.v / c.t for c in cells if c.unit and c.t > 0))


def _per_firm(cells: Cells, middle: Callable[[list[int]], float]) -> float | None:
    values = [c.v for c in exporters(cells)]
    return middle(values) / 100 if values else None


def _entrants(cells: Cells) -> list[Any]:
    return [c for c in exporters(cells) if c.b <= 0]


def _regular(cells: Cells) -> list[Any]:
    return [c for c in exporters(cells) if min(c.y1, c.y2, c.y3) > 0]


def _first(cells: Cells, *, returning: bool) -> int:
    return _n(c for c in exporters(cells) if c.recent <= 0 and (c.old > 0) == returning)


def _leavers(cells: Cells) -> list[Any]:
    return [c for c in _before(cells) if c.a <= 0]


def _before(cells: Cells) -> list[Any]:
    return [c for c in cells if c.unit and c.w > 0]


def _same(cells: Cells) -> list[Any]:
    return [c for c in exporters(cells) if c.w > 0]


def _bridge(c: Any) -> str:
    """What a firm did: `v` and `w` of the size asked for, now and before; `a` and `b` whatever its size."""
    if c.unit and c.v > 0 and c.b <= 0:
        return "entrants"
    if c.unit and c.w > 0 and c.a <= 0:
        return "exits"
    if not c.unit or max(c.v, c.w) <= 0:
        return "rest"
    return "joined" if c.w <= 0 else "left" if c.v <= 0 else "continuing"


def _margin(c: Any) -> str:
    """The margin of what a firm does with a product: `fv`, `fw`, `fa`, `fb` are those of the whole firm."""
    if not c.unit or max(c.fv, c.fw) <= 0:
        return "rest"
    if c.fv > 0 and c.fb <= 0:
        return "new_firms"
    if c.fw > 0 and c.fa <= 0:
        return "exiting_firms"
    if c.fw <= 0 or c.fv <= 0:
        return "joined" if c.fw <= 0 else "left"
    if (c.v > 0) != (c.w > 0):
        return "added" if c.v > 0 else "dropped"
    return "growing" if c.v >= c.w else "shrinking"


def _value(cells: Cells) -> float:
    return float(sum(c.v for c in cells)) / 100


def _sum(cells: Iterable[Any]) -> int:
    return sum(c.v for c in cells)


def _known(cells: Cells) -> float | None:
    return ratio(_sum(c for c in cells if c.unit), _sum(cells))


def _regular_part(cells: Cells) -> float | None:
    return ratio(len(_regular(cells)), _count(cells))


def _regular_value(cells: Cells) -> float | None:
    return ratio(_sum(_regular(cells)), _sum(cells))


def _countries(cells: Cells) -> int:
    return _n(c for c in exporters(cells) if c.unit not in PSEUDO)


_of_firms = partial(Metric, sources=FIRM_SOURCES, follows=True)  # of distinct firms
_counted = partial(_of_firms, cell="firm", empty=0)
_part_of = partial(_of_firms, "fraction")
_turnover = partial(_of_firms, cell="firm", window="year", moves=True, has_base=False)
_fresh = partial(_turnover, "firms", empty=0, new=True)
_lasting = partial(_turnover, back=24, history=True, annual=True, new=True, operator="generations")
_prices = partial(Metric, "fraction", cell="unit_value", two=True, has_base=False)
_bridged = partial(_counted, additive=True, two=True, moves=True)
_sii = partial(Metric, window="year", sources=(COMPANIES,), operator="companies")

METRICS: Mapping[str, Metric] = {
    # value, its growth and its weight: the operators are in `calculator`
    "fob": Metric("usd", _value, empty=0, additive=True),
    "yoy": Metric("fraction", window="month", operator="growth"),
    "ytd": Metric("fraction", operator="growth"),
    "rolling12": Metric("fraction", window="rolling12", operator="growth"),
    "cagr": Metric("fraction", window="year", operator="cagr"),
    "share": Metric("fraction", operator="share"),
    "contribution_pp": Metric("pp", operator="contribution"),
    "location_quotient": Metric("ratio", operator="quotient"),
    "export_similarity": Metric("fraction", operator="similarity", over=("product", "country")),
    "coverage": Metric("fraction", _known, "over", over=KNOWN),
    # firms
    "exporters": _counted("firms", _count),
    "exporters_proportional": _counted("firms", _proportional, additive=True),
    "exporters_month_avg": Metric("firms", None, "firm_month", empty=0, sources=(DUS, REGISTER)),
    "fob_per_exporter": _of_firms("usd", lambda cells: _per_firm(cells, mean), "firm"),
    "fob_per_exporter_median": _of_firms("usd", lambda cells: _per_firm(cells, median), "firm"),
    "fob_same_firms": _counted("usd", lambda cells: _value(_same(cells)), two=True),
    "single_product_firms": _part_of(_single, "firm_product"),
    "single_market_firms": _part_of(_single, "firm_country"),
    "exporters_overlap": _of_firms("firms", lambda cells: _count(cells) - len(_by_firm(cells)), "firm_region", empty=0),
    "same_firms": _counted("firms", lambda cells: len(_same(cells)), two=True, moves=True),
    # what each firm brings to the change from base to window
    "sme_growth": _part_of(None, two=True, operator="three"),
    "sme_bridge": _bridged("usd", _value, part=_bridge, new=True),
    "sme_bridge_firms": _bridged("firms", _count, part=_bridge, new=True),
    "margins": _bridged("usd", _value, cell="firm_over", part=_margin, over=("product", "country")),
    # who starts, stops, comes back, lasts
    "entrants": _fresh(lambda cells: len(_entrants(cells)), back=12),
    "entry": _turnover("fraction", lambda cells: ratio(len(_entrants(cells)), _count(cells)), back=12, new=True),
    "exits": _turnover("firms", lambda cells: len(_leavers(cells)), trailing=True, empty=0),
    "exit": _turnover("fraction", lambda cells: ratio(len(_leavers(cells)), len(_before(cells))), trailing=True),
    "regular_exporter": _turnover("fraction", _regular_part, back=36, annual=True),
    "regular_exporter_value": _turnover("fraction", _regular_value, back=36, annual=True),
    "first_time_exporters": _fresh(lambda cells: _first(cells, returning=False), back=36, history=True),
    "returning_exporters": _fresh(lambda cells: _first(cells, returning=True), back=37, history=True),
    "survivors": _lasting("firms"),
    "survival": _lasting("fraction"),
    # structure
    "hhi": Metric("index", _hhi, "over", over=KINDS),
    "effective_number": Metric("number", _effective, "over", over=KINDS),
    "top_k": Metric("fraction", None, "over", over=KINDS),
    "n_products": Metric("products", _count, "product", empty=0),
    "n_destinations": Metric("countries", _countries, "country", empty=0),
    "fisher_price": _prices(lambda cells: _fisher(cells, price=True)),
    "fisher_volume": _prices(lambda cells: _fisher(cells, price=False)),
    "price_volume_coverage": _prices(lambda cells: ratio(_sum(_matched(cells)), _sum(cells))),
    # all companies
    "sii_firms": _sii("firms"),
    "sii_workers": _sii("workers"),
    "sii_sales": _sii("uf"),
}  # fmt: skip
