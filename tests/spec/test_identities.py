"""What must hold of any records: parts sum to wholes, distinct firms do not, price times volume is value."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editions.edition import Edition
from indicators.engine import growth
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.question.question import Question
from tests.editions import tiny_edition

MONTHS = ("2024-01", "2024-02", "2025-01", "2025-02")
WINDOW = "window=2025-01..2025-02"
HELD = {"aduanas_dus": "2024-01..2025-02", "registro": "2024-01..2025-02"}

records = st.lists(
    st.fixed_dictionaries(
        {
            "month": st.sampled_from(MONTHS),
            "region_code": st.sampled_from(["08", "13", "16", "00", None]),
            "country_code": st.sampled_from(["225", "336", "331", None]),
            "hs_code": st.sampled_from(["44071010", "44071090", "47032910", "08101000"]),
            "prochile_sector_id": st.sampled_from(["vinos", "mineria", None]),
            "fob_usd": st.integers(-5_000, 10_000_000).map(lambda cents: cents / 100),
        }
    ),
    min_size=1,
    max_size=25,
)
firms = st.sampled_from(["a", "b", "c", "d"])
settings.register_profile(
    "editions",
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
editions = settings.get_profile("editions")


def ask(edition: Edition, text: str) -> Answer:
    return answer(edition, Question.parse(text))


def customs(folder: Path, rows: list[dict[str, Any]]) -> Edition:
    return tiny_edition(folder, exports=rows, months=HELD, kind="private")


def registered(folder: Path, rows: list[dict[str, Any]], keys: list[str]) -> Edition:
    owned = [{**row, "exporter_key": key} for row, key in zip(rows, keys, strict=True)]
    return tiny_edition(folder, register=owned, months=HELD, kind="private")


@given(rows=records)
@settings(editions)
def test_parts_sum_to_the_whole(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    edition = customs(tmp_path, rows)
    for split in ("region", "country", "sector:prochile", "hs4", "month"):
        found = ask(edition, f"fob?{WINDOW}&split={split}")
        assert found.total() == pytest.approx(found.value, abs=0.005)
        if found.value:
            assert sum(row.share or 0 for row in found.rows) == pytest.approx(1)
        if found.growth is not None:
            assert sum(row.contribution or 0 for row in found.rows) == pytest.approx(found.growth)


@given(rows=records)
@settings(editions)
def test_shares_of_the_nation_over_all_regions_sum_to_one(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    found = ask(customs(tmp_path, rows), f"share?{WINDOW}&split=region&denominator=goods")
    if found.value is not None:
        assert found.value == pytest.approx(1)
        assert sum(row.value or 0 for row in found.rows) == pytest.approx(1)


@given(rows=records, data=st.data())
@settings(editions)
def test_distinct_firms_are_at_most_the_sum_of_the_parts(
    tmp_path: Path, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    positive = [{**row, "fob_usd": abs(row["fob_usd"])} for row in rows]
    keys = data.draw(st.lists(firms, min_size=len(rows), max_size=len(rows)))
    edition = registered(tmp_path, positive, keys)
    for split in ("region", "country", "month"):
        found = ask(edition, f"exporters?{WINDOW}&split={split}")
        parts = [row.value or 0 for row in found.rows]
        assert max(parts, default=0) <= (found.value or 0) <= sum(parts)


@given(rows=records, data=st.data())
@settings(editions)
def test_proportional_counts_over_regions_add_up_to_the_firms_of_the_nation(
    tmp_path: Path, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    keys = data.draw(st.lists(firms, min_size=len(rows), max_size=len(rows)))
    edition = registered(tmp_path, rows, keys)
    found = ask(edition, f"exporters_proportional?{WINDOW}&split=region")
    count = ask(edition, f"exporters?{WINDOW}").value
    assert found.value == pytest.approx(count)
    assert sum(row.value or 0 for row in found.rows) == pytest.approx(count)


@given(rows=records, quantities=st.lists(st.integers(1, 500), min_size=25, max_size=25))
@settings(editions)
def test_price_times_volume_is_the_change_in_value_of_what_is_comparable(
    tmp_path: Path, rows: list[dict[str, Any]], quantities: list[int]
) -> None:
    measured = [{**row, "quantity": quantity} for row, quantity in zip(rows, quantities, strict=False)]
    edition = customs(tmp_path, measured)
    price = ask(edition, f"fisher_price?{WINDOW}").value
    volume = ask(edition, f"fisher_volume?{WINDOW}").value
    assert (price is None) == (volume is None)
    if price is None or volume is None:
        return
    cells: dict[Any, list[float]] = {}
    for row in measured:
        cell = cells.setdefault((row["hs_code"], row["country_code"]), [0.0] * 4)
        period = 0 if row["month"].startswith("2025") else 2
        cell[period] += row["fob_usd"]
        cell[period + 1] += row["quantity"]
    comparable = [
        (v1, v0)
        for v1, q1, v0, q0 in cells.values()
        if v1 > 0 and v0 > 0 and q1 and q0 and 1 / 3 <= (v1 / q1) / (v0 / q0) <= 3
    ]
    ratio = sum(v1 for v1, _ in comparable) / sum(v0 for _, v0 in comparable)
    assert (1 + price) * (1 + volume) == pytest.approx(ratio)


@given(rows=records)
@settings(editions)
def test_effective_number_is_the_inverse_of_concentration(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    edition = customs(tmp_path, rows)
    hhi = ask(edition, f"hhi?{WINDOW}&over=country").value
    number = ask(edition, f"effective_number?{WINDOW}&over=country").value
    assert (hhi is None) == (number is None)
    if hhi and number:
        assert 0 < hhi <= 1 + 1e-12
        assert hhi * number == pytest.approx(1)


BASKETS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 1_000_000), min_size=1)


@given(BASKETS, BASKETS)
def test_similarity_is_symmetric_between_nothing_in_common_and_the_same_basket(
    one: dict[str, int], other: dict[str, int]
) -> None:
    first, second = ({key: value / sum(basket.values()) for key, value in basket.items()} for basket in (one, other))
    found = growth.overlap(first, second)
    assert found == pytest.approx(growth.overlap(second, first))
    assert found is not None
    assert -1e-9 <= found <= 1 + 1e-9
    assert growth.overlap(first, first) == pytest.approx(1)
    assert growth.overlap(first, {}) is None
