"""A second reading of METRICS: every metric of the catalogue, computed from what `raw_text` reads.

Nothing of `indicators` or `etl` is used, so that an agreement of both is no echo.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from benchmarks.second_reading.companies import companies
from benchmarks.second_reading.figures import Figure, Reply, over
from benchmarks.second_reading.formulas import METRICS, YEARLY, Metric
from benchmarks.second_reading.months import Ask, Planner, month_name, months, span
from benchmarks.second_reading.raw_text import Source
from benchmarks.second_reading.records import REGIONS, cells_of, paired, records
from benchmarks.second_reading.slice import Slice


class Calculator:
    """Answers questions about the sources of one edition."""

    def __init__(self, sources: Mapping[str, Source], dollars: Mapping[int, float]) -> None:
        self.sources, self.dollars, self.planner = sources, dollars, Planner(sources, dollars)

    def reply(self, ask: Ask) -> Reply:
        """Return the answer to a question."""
        metric = METRICS[ask.metric]
        if ask.metric.startswith("sme_"):
            ask = replace(ask, size=ask.size or "pyme")
        if metric.over:
            ask = replace(ask, over=ask.over or metric.over[0])
        ask = replace(ask, window=ask.window or metric.window)
        if metric.operator is not None:
            own: Callable[[Ask, Metric], Reply] = companies
            own = own if metric.operator == "companies" else getattr(self, f"_{metric.operator}")
            return own(ask, metric)
        return self._measure(ask, metric)

    def _measure(self, ask: Ask, metric: Metric) -> Reply:
        plan = self.planner.plan(ask, metric)
        if plan.window is None or ((metric.two or metric.moves) and plan.base is None):
            return Reply(metric.unit, Figure(why=plan.why))
        if plan.blocked and not (ask.split == "month" and not metric.two):
            return Reply(metric.unit, Figure(why=plan.why | {plan.blocked}))
        x = records(self.sources[plan.source], self.dollars, ask, plan, metric)
        cells = cells_of(x, plan, metric)
        total = paired(cells.drop(columns="key").groupby("unit", sort=False).sum().reset_index(), metric)
        groups: dict[str, list[Any]] = defaultdict(list)
        for now, base in total if metric.part else paired(cells, metric):
            groups[metric.part(now) if metric.part else now.key].append((now, base))
        groups = {key: some for key, some in groups.items() if any(now.n or now.m for now, _ in some)}
        if ask.split == "month":
            groups = {month_name(month): groups.get(month_name(month), []) for month in span(plan.window)}
        is_known = plan.base is not None and bool(self.planner.kept(plan.source, plan.base)) and plan.source != YEARLY
        figure = Slice(self.sources[plan.source], ask, metric, plan, x, knows_base_firms=is_known)
        whole = figure.of(total, None)
        if plan.blocked:
            whole = Figure(why=frozenset({plan.blocked}))
        groups = groups if ask.split or metric.part else {}
        parts = {key or "sin_dato": figure.of(some, key) for key, some in groups.items()}
        return figure.related(whole, parts)

    def _fob(self, ask: Ask, **changed: Any) -> Reply:
        return self._measure(replace(ask, metric="fob", over=None, **changed), METRICS["fob"])

    def _rows(self, ask: Ask, metric: Metric, of: Callable[[Figure], Figure]) -> Reply:
        if metric.window == "rolling12" and self.planner.plan(ask, metric).window is None:
            return Reply(metric.unit, Figure(why=self.planner.plan(ask, metric).why))
        found = self._fob(ask)
        parts = {key: of(part) for key, part in found.parts.items()}
        return Reply(metric.unit, of(found.total), parts, found.coverage)

    def _growth(self, ask: Ask, metric: Metric) -> Reply:
        return self._rows(ask, metric, lambda f: replace(f, value=f.growth, base=None, growth=f.growth))

    def _cagr(self, ask: Ask, metric: Metric) -> Reply:
        window, base = months(ask.window or ""), months(ask.compare)
        years = window[0] // 12 - base[0] // 12

        def yearly(f: Figure) -> Figure:
            grows = f.growth is not None and f.value and f.base and f.value > 0 and f.base > 0
            return replace(f, value=(f.value / f.base) ** (1 / years) - 1 if grows else None, base=None)  # type: ignore[operator]

        return self._rows(ask, metric, yearly)

    def _share(self, ask: Ask, metric: Metric) -> Reply:
        return self._rows(ask, metric, lambda f: replace(f, value=f.share, base=f.share_base, growth=None))

    def _contribution(self, ask: Ask, metric: Metric) -> Reply:
        found = self._fob(ask)
        total = replace(found.total, value=_times(found.total.growth), base=None)
        parts = {key: replace(part, value=_times(part.contribution), base=None) for key, part in found.parts.items()}
        return Reply(metric.unit, total, parts, found.coverage)

    def _quotient(self, ask: Ask, metric: Metric) -> Reply:
        found, nation = self._fob(ask), self._fob(ask, region="CL")
        parts = {}
        for key, part in found.parts.items():
            weight = nation.parts.get(key, Figure())
            value, base = over(part.share, weight.share), over(part.share_base, weight.share_base)
            parts[key] = replace(part, value=value, base=base, growth=None)
        return Reply(metric.unit, Figure(why=found.total.why | {"solo_filas"}), parts, found.coverage)

    def _similarity(self, ask: Ask, metric: Metric) -> Reply:
        split = "hs6" if ask.over == "product" else "country"
        baskets = {code: self._fob(ask, region=code, split=split) for code in {*REGIONS, ask.region}}
        ours, parts = baskets.pop(ask.region), {}
        for code, other in baskets.items():
            value = _overlap(ours, other, lambda part: part.share)
            base = _overlap(ours, other, lambda part: part.share_base)
            if value is not None or base is not None:
                parts[code] = Figure(value, base)
        return Reply(metric.unit, Figure(why=ours.total.why | {"solo_filas"}), parts)

    def _three(self, ask: Ask, metric: Metric) -> Reply:
        of = {
            name: self._measure(replace(ask, metric=name), METRICS[name])
            for name in ("exporters", "fob", "fob_same_firms")
        }
        if self.planner.plan(ask, METRICS["exporters"]).window is None:
            return Reply(metric.unit, of["exporters"].total)
        parts = {name: reply.total for name, reply in of.items()}
        return Reply(metric.unit, Figure(why=frozenset({"solo_filas"})), parts)

    def _generations(self, ask: Ask, metric: Metric) -> Reply:
        """Of those that export in a year and did not in the year before, how many export k years later."""
        plan = self.planner.plan(ask, metric)
        if plan.window is None or plan.base is None or plan.blocked:
            return Reply(metric.unit, Figure(why=plan.why | {*filter(None, [plan.base and plan.blocked])}))
        x = records(self.sources[plan.source], self.dollars, ask, plan, metric)
        x = x[(x["firm"] != "") & x["here"]]
        first, last = -(-plan.base[0] // 12), plan.window[1] // 12
        years = x.groupby([x["firm"], x["month"] // 12]).agg({"cents": "sum", "sized": "max"}).reset_index()
        years = years[(years["cents"] > 0) & (years["month"] >= first)]
        exported = dict(zip(zip(years["firm"], years["month"], strict=True), years["sized"], strict=True))
        parts = {}
        for year in range(first + 1, last + 1):
            new = [firm for firm, in_year in exported if in_year == year and (firm, year - 1) not in exported]
            entered = [firm for firm in new if exported[firm, year]]
            for k in range(last - year + 1) if entered else ():
                stay = sum((firm, year + k) in exported for firm in entered)
                if metric.unit == "firms" or k:
                    parts[f"{year}+{k}"] = Figure(stay if metric.unit == "firms" else stay / len(entered))
        return Reply(metric.unit, Figure(why=frozenset({"solo_filas"})), parts)


def _overlap(ours: Reply, other: Reply, share: Callable[[Figure], float | None]) -> float | None:
    one, two = (
        {key: share(part) or 0 for key, part in reply.parts.items() if key != "sin_dato" and (share(part) or 0) > 0}
        for reply in (ours, other)
    )
    return sum(min(one[key], two[key]) for key in one.keys() & two.keys()) if one and two else None


def _times(fraction: float | None) -> float | None:
    return None if fraction is None else fraction * 100
