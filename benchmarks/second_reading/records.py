"""The records of a slice, the class of their firm, and their sums by cell."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmarks.second_reading.formulas import Metric
from benchmarks.second_reading.months import Ask, Plan, month_name
from benchmarks.second_reading.raw_text import Source

FLOWS = {
    "goods": ("goods",),
    "services": ("services",),
    "ship_supplies": ("ship_supplies",),
    "goods+services": ("goods", "services"),
    "all": ("goods", "services", "ship_supplies", "unknown"),
}
WHOLES = {  # denominator → flow, exclusions
    "goods": ("goods", ""),
    "goods_ex_copper": ("goods", "copper"),
    "goods_ex_copper_lithium": ("goods", "copper,lithium"),
    "goods+services": ("goods+services", ""),
    "goods_ex_copper+services": ("goods+services", "copper"),
    "goods_ex_copper_lithium+services": ("goods+services", "copper,lithium"),
    "regionalised": ("goods", ""),
}
REGIONS = tuple(f"{code:02d}" for code in range(1, 17))
CONCEPTS = {"origin": "region", "comuna": "home", "exit": "exit"}
SIZES = {"pyme": ("pequena", "mediana"), "mipyme": ("micro", "pequena", "mediana")}
BANDS = (("micro", 2_400), ("pequena", 25_000), ("mediana", 100_000))  # UF of a year; above is grande
FILTERS = ("country", "service_type", "comuna", "port", "office", "transport")


def records(source: Source, dollars: Mapping[int, float], ask: Ask, plan: Plan, metric: Metric) -> pd.DataFrame:
    """The records in scope of window (`now`) and base, with the class of their firm, their key and their cell."""
    rows = source.rows
    window = plan.window or (0, 0)
    window = (window[1] - 11, window[1]) if metric.trailing else window
    now = rows["month"].between(*window)
    dated = (rows[now | rows["month"].between(*plan.base)] if plan.base else rows[now]).assign(now=now)
    x = dated[in_scope(dated, *scope(ask)) & _filtered(dated, ask)].copy()
    if plan.sizing:
        of = dated.assign(period=dated["month"] // 12 if metric.operator == "generations" else dated["now"])
        of["uf"] = of["cents"] / 100 * of["month"].map(dollars)
        x["class"] = _classes(plan.sizing, rows, of, dollars)[x.index]
        x["sized"] = x["class"].isin(SIZES.get(ask.size or "", (ask.size,))) if ask.size else True
    else:
        x["class"], x["sized"] = "", True
    place = x[CONCEPTS[ask.concept]]
    x["here"] = place.isin(ask.region.split(",")) if ask.region != "CL" else True
    x["key"] = _key(ask, x, place, window[0] - plan.base[0] if plan.base else 0)
    return x.assign(unit=_unit(metric.cell, ask.over, x, place))


def _classes(sizing: str, rows: pd.DataFrame, dated: pd.DataFrame, dollars: Mapping[int, float]) -> pd.Series:
    """The class of each record's firm in its period: the last one that it shows there."""
    of = "period"
    if sizing == "month_fob":  # twelve times what it sells in the month
        of = "month"
        sold = dated[dated["segment"] != "not_export"]
        classes = (sold.groupby(["firm", of])["uf"].sum() * 12).map(_band)
    elif sizing == "own_fob":  # what it sold in the calendar year before
        sold = rows[rows["segment"] != "not_export"]
        uf = sold["cents"] / 100 * sold["month"].map(dollars)
        by_year = uf.groupby([sold["firm"], sold["month"] // 12 + 1]).sum()
        before = _at(by_year, dated["firm"], dated["month"] // 12)
        last = dated.assign(uf=before).sort_values("month", kind="stable").groupby(["firm", of])["uf"].last()
        classes = last.map(_band)
    else:
        classes = dated.sort_values("month", kind="stable").groupby(["firm", of])["size"].last()
    named = _at(classes, dated["firm"], dated[of])
    return named.where((dated["firm"] != "") & named.notna(), "sin_informacion")


def _at(values: pd.Series, firms: pd.Series, periods: pd.Series) -> pd.Series:
    """Return the value of each firm in its period."""
    return values.reindex(pd.MultiIndex.from_arrays([firms, periods])).set_axis(firms.index)


def cells_of(x: pd.DataFrame, plan: Plan, metric: Metric) -> pd.DataFrame:
    """Add up records: v, a, q, n now; w, b, r, m before; t of the firm in every region; what it did in the past."""
    start = plan.window[0] if plan.window else 0
    now, before = x["now"], ~x["now"]
    own = x["sized"] & x["here"]
    back = (start - 1 - x["month"]) // 12  # 0: the twelve months before the window
    sums = {
        "v": x["cents"] * (now & own),
        "w": x["cents"] * (before & own),
        "a": x["cents"] * (now & x["here"]),
        "b": x["cents"] * (before & x["here"]),
        "q": x["quantity"] * (now & own),
        "r": x["quantity"] * (before & own),
        "t": x["cents"] * (now & x["sized"]),
        "u": x["cents"] * (before & x["sized"]),
        "n": (now & own).astype(int),
        "m": (before & own).astype(int),
    }
    if metric.back:
        past = x["cents"] * (before & x["here"])
        sums |= {f"y{year + 1}": past * (back == year) for year in range(3)}
        sums |= {"recent": past * (back < 3), "old": past * (back >= 3)}
    return x[["key", "unit"]].assign(**sums).groupby(["key", "unit"], sort=False).sum().reset_index()


def paired(cells: pd.DataFrame, metric: Metric) -> list[tuple[Any, Any]]:
    """Each cell as it is seen from the window, and as it is seen from the base."""
    swapped = {"v": "w", "w": "v", "a": "b", "b": "a", "q": "r", "r": "q", "t": "u", "u": "t", "n": "m", "m": "n"}
    if metric.cell == "firm_over":
        firms = cells["unit"].map(lambda unit: unit and unit[0])
        wide = {f"f{name}": cells.groupby(firms)[name].transform("sum") for name in "vwab"}
        cells = cells.assign(**wide)
    if metric.cell == "firm":  # in every part together: a firm's own total
        cells = cells.assign(**{name: cells.groupby("unit")[name].transform("sum") for name in "tu"})
    other = cells.rename(columns=swapped)
    return list(zip(cells.itertuples(index=False), other.itertuples(index=False), strict=True))


def scope(ask: Ask) -> tuple[str, str]:
    flow, exclude = WHOLES.get(ask.denominator or "", ("goods", ""))
    return ask.flow or flow, exclude if ask.exclude is None else ask.exclude


def in_scope(rows: pd.DataFrame, flow: str, exclude: str) -> pd.Series:
    inside = rows["segment"].isin(FLOWS[flow])
    for name in filter(None, exclude.split(",")):
        inside &= ~rows[name]
    return inside


def _filtered(rows: pd.DataFrame, ask: Ask) -> pd.Series:
    inside = rows["cents"].notna()
    if ask.sector:
        scheme, _, ids = ask.sector.partition(":")
        inside &= rows[scheme].isin(ids.split(","))
    if ask.hs:
        inside &= rows["hs"].str.startswith(tuple(ask.hs.split(",")))
    for name in FILTERS:
        if getattr(ask, name):
            inside &= rows[name].isin(getattr(ask, name).split(","))
    return inside


def _key(ask: Ask, x: pd.DataFrame, place: pd.Series, gap: int) -> Any:
    split = ask.split
    if split is None:
        return ""
    if split == "month":
        return [month_name(m if now else m + gap) for m, now in zip(x["month"], x["now"], strict=True)]
    if split in ("region", "size"):
        return place if split == "region" else x["class"]
    return x["hs"].str[: int(split[2:])] if split.startswith("hs") else x[split.removeprefix("sector:")]


def _unit(cell: str, over: str | None, x: pd.DataFrame, place: pd.Series) -> Any:
    """What one cell is of; "" where that is not known."""
    name = {"over": over or "", "firm_over": f"firm_{over}"}.get(cell, cell)
    plain = {
        "firm": x["firm"],
        "product": x["hs"].str[:6],
        "country": x["country"],
        "region": place,
        "month": x["month"],
    }
    if name == "slice":
        return ""
    if name == "unit_value":
        return x["hs"] + "|" + x["country"] + "|" + x["unit"]
    if name.startswith("known_"):
        known = {"region": place.isin(REGIONS), "product": x["hs"] != "", "country": x["country"] != ""}
        return known.get(name[6:], x["class"] != "sin_informacion")
    if name.startswith("firm_"):
        pairs = [(firm, of) if firm else "" for firm, of in zip(x["firm"], plain[name[5:]], strict=True)]
        return pd.Series(pairs, index=x.index, dtype="object")
    return plain[name]


def _band(uf: float) -> str:
    if not uf > 0:
        return "sin_informacion"
    return next((name for name, most in BANDS if uf <= most), "grande")
