"""The figures of one slice: of its parts and of all, how they moved, and what they are parts of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import pandas as pd

from benchmarks.second_reading.figures import Figure, Reply, growth_of, over
from benchmarks.second_reading.formulas import Cells, Metric, exporters, positive, ratio
from benchmarks.second_reading.months import Ask, Plan, Window, months, span
from benchmarks.second_reading.raw_text import Source
from benchmarks.second_reading.records import CONCEPTS, REGIONS, WHOLES, in_scope, scope


class Slice:
    """The records of a question, and the national total around them."""

    def __init__(
        self, source: Source, ask: Ask, metric: Metric, plan: Plan, x: pd.DataFrame, *, knows_base_firms: bool
    ) -> None:
        self.source, self.ask, self.metric, self.plan, self.x = source, ask, metric, plan, x
        self.knows_base_firms = knows_base_firms
        last = plan.window or (0, 0)
        self.window = (last[1] - 11, last[1]) if metric.trailing else last
        self.national = self._nation(self.window, *scope(ask))
        here = self.national[CONCEPTS[ask.concept]].isin(ask.region.split(","))
        own = self.national if ask.region == "CL" else self.national[here]
        self.region_usd = float(own["cents"].sum()) / 100

    def _nation(self, window: Window, flow: str, exclude: str) -> pd.DataFrame:
        rows = self.source.rows[self.source.rows["month"].between(*window)]
        return rows[in_scope(rows, flow, exclude)]

    def of(self, pairs: Sequence[Any], key: str | None) -> Figure:
        """Return the figure of the cells of a part, or of all."""
        metric, has_base = self.metric, self.plan.base is not None
        month = key if self.ask.split == "month" else None
        if month and months(month)[0] not in self.source.loaded:
            return Figure(why=frozenset({"parcial"}))
        value = self._formula([one for one, _ in pairs], month)
        base = self._formula([other for _, other in pairs], month) if has_base and metric.has_base else None
        value = metric.empty if value is None else value
        base = metric.empty if base is None and has_base and metric.has_base else base
        base_usd = sum(other.v for _, other in pairs) / 100 if has_base else None
        firms = self._base_firms(pairs, key) if has_base else None
        growth, why = growth_of(value, base, metric.unit, base_usd, firms, self.region_usd)
        if metric.part and key is not None and not (value and base):
            growth, why = None, None  # who enters has no base, and that is no lack
        why = self._nothing(pairs) if value is None else why
        return Figure(value, base, growth, why=frozenset({why} if why else ()))

    def _nothing(self, pairs: Sequence[Any]) -> str:
        """Why there is nothing to compute: no exports, nothing to compare, or nobody who could leave."""
        exported = any(now.n for now, _ in pairs)
        if exported and self.metric.cell == "unit_value":
            return "sin_comparables"
        return "sin_base" if exported and self.metric.trailing else "sin_registros"

    def _formula(self, cells: Cells, month: str | None) -> float | None:
        if self.ask.metric == "exporters_month_avg":
            held = 1 if month else len(self.source.loaded & {*span(self.window)})
            return len(exporters(cells)) / held
        if self.ask.metric == "top_k":
            values = positive(cells)
            return ratio(sum(values[: int(self.ask.k or 5)]), sum(values))
        assert self.metric.formula is not None
        return self.metric.formula(cells)

    def _base_firms(self, pairs: Sequence[Any], key: str | None) -> int | None:
        """How many firms exported in the base, where that is known."""
        if not self.knows_base_firms:
            return None
        if self.metric.part:
            return len(
                {base.unit[0] if isinstance(base.unit, tuple) else base.unit for _, base in pairs if base.v > 0} - {""}
            )
        return self._firms_of_base.get(key, 0)

    @cached_property
    def _firms_of_base(self) -> dict[str | None, int]:
        x = self.x[~self.x["now"] & self.x["sized"] & self.x["here"] & (self.x["firm"] != "")]
        sums = x.groupby(["key", "firm"])["cents"].sum()
        firms: dict[str | None, int] = {None: int((sums.groupby(level="firm").sum() > 0).sum())}
        for key in sums[sums > 0].index.get_level_values("key"):
            firms[key] = firms.get(key, 0) + 1
        return firms

    def related(self, whole: Figure, parts: Mapping[str, Figure]) -> Reply:
        """Set a figure and its parts against their wholes."""
        ask, metric, plan = self.ask, self.metric, self.plan
        of, of_base = (whole.value, whole.base) if metric.additive else (None, None)
        if ask.denominator:
            of, of_base = (self._whole(window) for window in (self.window, plan.base))
        grew = metric.additive and whole.growth is not None
        shared = {
            key: replace(
                part,
                share=over(part.value, of),
                share_base=over(part.base, of_base),
                contribution=over(_minus(part.value, part.base), whole.base) if grew else None,
            )
            for key, part in parts.items()
        }
        if ask.denominator:
            whole = replace(whole, share=over(whole.value, of), share_base=over(whole.base, of_base))
        whole = replace(whole, why=whole.why | plan.why)
        return Reply(metric.unit, whole, shared, self._coverage())

    def _whole(self, window: Window | None) -> float | None:
        if window is None:
            return None
        rows = self._nation(window, *WHOLES[self.ask.denominator or ""])
        if self.ask.denominator == "regionalised":
            rows = rows[rows[CONCEPTS[self.ask.concept]].isin(REGIONS)]
        return float(rows["cents"].sum()) / 100

    def _coverage(self) -> tuple[float | None, ...]:
        rows = self.national
        known = (rows[CONCEPTS[self.ask.concept]].isin(REGIONS), rows["hs"] != "", rows["country"] != "")
        return tuple(over(float(rows.loc[what, "cents"].sum()), float(rows["cents"].sum())) for what in known)


def _minus(value: float | None, base: float | None) -> float | None:
    return None if value is None or base is None else value - base
