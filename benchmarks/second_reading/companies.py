"""All companies, as the SII counts them: its table by region, size and year."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from benchmarks.second_reading.figures import Figure, Reply, growth_of, over
from benchmarks.second_reading.formulas import Metric
from benchmarks.second_reading.months import Ask, months
from benchmarks.second_reading.raw_text import table
from benchmarks.second_reading.records import REGIONS, SIZES


def companies(ask: Ask, metric: Metric) -> Reply:
    """Return the count of the companies of some regions and sizes in a year, and their part of all."""
    column = {"sii_firms": "n_firms", "sii_workers": "workers", "sii_sales": "sales_uf"}[ask.metric]
    regions = REGIONS if ask.region == "CL" else ask.region.split(",")
    rows = [row for row in table("sii_size_by_region") if row["region_code"] in regions]
    held = {int(row["year"]) for row in rows}
    first, last = (max(held),) * 2 if ask.window == "year" else (month // 12 for month in months(ask.window or ""))
    if not held & {*range(first, last + 1)}:
        return Reply(metric.unit, Figure(why=frozenset({"sin_datos"})))
    before = None if ask.compare == "none" else first - 1 if ask.compare == "year_before" else int(ask.compare[:4])
    before = before if before in held and ask.split != "year" else None
    all_sizes = ("micro", "pequena", "mediana", "grande", "sin_informacion")
    sizes = SIZES.get(ask.size or "", (ask.size,)) if ask.size else all_sizes

    def figure(year: int, base: int | None, **only: str) -> Figure:
        def own(of: int | None, classes: Sequence[str | None]) -> list[dict[str, str]]:
            some = [row for row in rows if int(row["year"]) == of and row["size_class"] in classes]
            return [row for row in some if all(row[name] == value for name, value in only.items())]

        return _companies_in(
            own(year, sizes), own(base, sizes), own(year, all_sizes), own(base, all_sizes), column, metric, ask
        )

    parts = {}
    if ask.split == "year":
        years = sorted(held & {*range(first, last + 1)})
        compared = ask.compare != "none"
        parts = {str(y): figure(y, y - 1 if compared and y - 1 in held else None) for y in years}
    elif ask.split == "region":
        there = {row["region_code"] for row in rows if int(row["year"]) == first}
        parts = {code: figure(first, before, region_code=code) for code in regions if code in there}
    elif ask.split == "size":
        parts = {size or "": figure(first, before, size_class=size or "") for size in sizes}
        whole = sum(_number(row[column]) for row in rows if int(row["year"]) == first and _number(row[column]))
        parts = {key: replace(part, share=over(part.value, whole)) for key, part in parts.items()}
    parts = {key: replace(part, share_base=None) for key, part in parts.items()}
    if last > first:
        return Reply(metric.unit, Figure(why=frozenset({"solo_filas"})), parts)
    total = figure(first, before)
    return Reply(metric.unit, total if ask.size else replace(total, share=None, share_base=None), parts)


def _number(text: str) -> float:
    return float(text or 0)


def _companies_in(
    own: Any, own_base: Any, every: Any, every_base: Any, column: str, metric: Metric, ask: Ask
) -> Figure:
    """The sum of what the SII shows; no growth where it hides a part, since the other year may show it."""
    is_sales = column == "sales_uf"

    def total(rows: Any) -> float | None:
        told = [row for row in rows if row[column] and not (is_sales and row["size_class"] == "sin_informacion")]
        return sum(float(row[column]) for row in told) if told else None

    hidden = any(row["hidden_reason"] == "masked_by_sii" if is_sales else not row[column] for row in (*own, *own_base))
    value, base = total(own), total(own_base)
    growth, why = (None, None) if hidden else growth_of(value, base, metric.unit, None, None, 0.0)
    weighs = ask.size or ask.split == "size"
    share, share_base = (
        (over(total(own), total(every)), over(total(own_base), total(every_base))) if weighs else (None, None)
    )
    return Figure(value, base, growth, share, share_base, why=frozenset({why} if why else ()))
