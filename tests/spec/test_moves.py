"""What must hold of any firms: bridge and margins sum to the change, and who stays, enters and leaves is everyone."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editions.edition import Edition
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.question.question import Question
from tests.editions import tiny_edition

YEARS = (2021, 2022, 2023, 2024, 2025)
HELD = {"registro": "2021-01..2025-12"}
SIZES = ("micro", "pequena", "mediana", "grande", "sin_informacion")

firm_years = st.dictionaries(  # a firm has one class in a year
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(YEARS)), st.sampled_from(SIZES), min_size=1, max_size=20
)
sale = st.fixed_dictionaries(
    {
        "number": st.integers(1, 12),
        "region_code": st.sampled_from(["08", "13", "16"]),
        "hs_code": st.sampled_from(["44071010", "44071090", "47032910"]),
        "country_code": st.sampled_from(["225", "336"]),
        "fob_usd": st.integers(-20_000, 10_000_000).map(lambda cents: cents / 100),
    }
)
moving = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@st.composite
def registers(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for (firm, year), size in draw(firm_years).items():
        for one in draw(st.lists(sale, min_size=1, max_size=3)):
            month = f"{year}-{one['number']:02}"
            rows.append({**one, "month": month, "exporter_key": firm, "size_class": size})
    return [{name: value for name, value in row.items() if name != "number"} for row in rows]


def edition_of(folder: Path, rows: list[dict[str, Any]]) -> Edition:
    return tiny_edition(folder, register=rows, months=HELD, kind="private")


def ask(edition: Edition, text: str) -> Answer:
    return answer(edition, Question.parse(text))


def total(found: Answer, side: str) -> float:
    return sum(getattr(row, side) or 0 for row in found.rows)


@given(rows=registers())
@moving
def test_bridge_and_margins_sum_to_the_value_and_to_its_change(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    edition = edition_of(tmp_path, rows)
    for slice_ in ("", "&region=08"):
        for metric, plain in (
            ("sme_bridge?size=pyme", "fob?size=pyme"),
            ("sme_bridge?size=mipyme", "fob?size=mipyme"),
            ("margins?over=product", "fob?source=registro"),
            ("margins?over=country", "fob?source=registro"),
        ):
            found, value = (ask(edition, f"{text}&window=2025{slice_}") for text in (metric, plain))
            assert (found.value, found.base) == (value.value, value.base)
            assert total(found, "value") == pytest.approx(value.value, abs=0.005)
            assert total(found, "base") == pytest.approx(value.base, abs=0.005)
            assert total(found, "change") == pytest.approx(value.change, abs=0.005)
            if found.growth is not None:
                assert sum(row.contribution or 0 for row in found.rows) == pytest.approx(found.growth)


@given(rows=registers())
@moving
def test_this_years_firms_are_last_years_and_who_enters_less_who_leaves(
    tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    edition = edition_of(tmp_path, rows)
    for slice_ in ("", "&region=08"):
        n = ask(edition, f"exporters?window=2025{slice_}")
        entrants, exits, same = (
            ask(edition, f"{metric}?window=2025{slice_}").value for metric in ("entrants", "exits", "same_firms")
        )
        assert n.value == (n.base or 0) + (entrants or 0) - (exits or 0) == (same or 0) + (entrants or 0)
        entry, exit_ = (ask(edition, f"{metric}?window=2025{slice_}").value for metric in ("entry", "exit"))
        assert entry == (pytest.approx((entrants or 0) / n.value, rel=1e-9) if n.value else None)
        assert exit_ == (pytest.approx((exits or 0) / n.base, rel=1e-9) if n.base else None)
        for rule in ("pyme", "mipyme"):
            count = ask(edition, f"exporters?window=2025&size={rule}{slice_}")
            bridge = ask(edition, f"sme_bridge_firms?window=2025&size={rule}{slice_}")
            parts = {row.key: (row.value, row.base) for row in bridge.rows}
            assert (bridge.value, bridge.base) == (count.value, count.base)
            assert (total(bridge, "value"), total(bridge, "base")) == (count.value, count.base)
            entered = ask(edition, f"entrants?window=2025&size={rule}{slice_}").value
            left = ask(edition, f"exits?window=2025&size={rule}{slice_}").value
            assert (entered, left) == (parts.get("entrants", (0, 0))[0], parts.get("exits", (0, 0))[1])


@given(rows=registers())
@moving
def test_survivors_are_counted_one_by_one(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    edition = edition_of(tmp_path, rows)
    sums: dict[tuple[str, int], float] = {}
    for row in rows:
        key = row["exporter_key"], int(row["month"][:4])
        sums[key] = sums.get(key, 0) + row["fob_usd"]
    exports = {key for key, value in sums.items() if round(value, 2) > 0}
    expected: dict[str, int] = {}
    for firm, year in exports:
        if year > YEARS[0] and (firm, year - 1) not in exports:
            for later in range(year, YEARS[-1] + 1):
                expected.setdefault(f"{year}+{later - year}", 0)
                expected[f"{year}+{later - year}"] += (firm, later) in exports
    counted = ask(edition, "survivors?window=2025")
    assert {row.key: row.value for row in counted.rows} == expected
    for row in ask(edition, "survival?window=2025").rows:
        assert row.value == pytest.approx(expected[row.key] / expected[f"{row.key[:4]}+0"])


@given(rows=registers())
@moving
def test_first_timers_returners_and_recent_firms_are_everyone(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    positive = [{**row, "fob_usd": abs(row["fob_usd"]) + 1} for row in rows]
    edition = edition_of(tmp_path, positive)
    first, back, n = (
        ask(edition, f"{metric}?window=2025").value
        for metric in ("first_time_exporters", "returning_exporters", "exporters")
    )
    now = {row["exporter_key"] for row in positive if row["month"] >= "2025"}
    before = {row["exporter_key"] for row in positive if row["month"] < "2025"}
    recent = {row["exporter_key"] for row in positive if "2022" <= row["month"] < "2025"}
    assert (first, back) == (len(now - before), len(now & before - recent))
    assert n == len(now)
    regular = ask(edition, "regular_exporter?window=2025").value
    yearly = [{r["exporter_key"] for r in positive if r["month"][:4] == str(year)} for year in (2022, 2023, 2024)]
    assert regular == (pytest.approx(len(now.intersection(*yearly)) / len(now), rel=1e-9) if now else None)


@given(rows=registers())
@moving
def test_regions_add_up_to_the_nation_and_what_is_counted_twice(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    positive = [{**row, "fob_usd": abs(row["fob_usd"]) + 1} for row in rows]
    edition = edition_of(tmp_path, positive)
    by_region = ask(edition, "exporters?window=2025&split=region")
    overlap = ask(edition, "exporters_overlap?window=2025")
    assert sum(row.value or 0 for row in by_region.rows) == (by_region.value or 0) + (overlap.value or 0)
    proportional = ask(edition, "exporters_proportional?window=2025&split=region")
    assert sum(row.value or 0 for row in proportional.rows) == pytest.approx(by_region.value)
