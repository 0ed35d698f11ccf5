"""What the edition computes of a claim is kept apart from what is published."""

from pathlib import Path

import pytest

from editions.edition import Edition
from indicators.claims import Verification, read_claim, verify
from tests.editions import tiny_edition
from tests.published_editions import real_ledger, small_ledger

COPPER = {"region_code": "02", "is_copper": True}
EXPORTS = [
    {"month": f"{year}-{month:02d}", "exporter_id": str(firm), **where, "fob_usd": fob}
    for year in (2023, 2024)
    for month in range(1, 13)
    for firm, (where, fob) in enumerate(
        [({}, 5_000_000.0), (COPPER, 55_000_000.0), ({"region_code": "13"}, 40_000_000.0)]
    )
]


def check(edition: Edition, number: str, about: str, period: str) -> Verification:
    return verify(edition, read_claim(number, about=about, region="08", period=period))


def test_shares_of_the_edition_stand_apart_with_their_question_and_badge(tmp_path: Path) -> None:
    edition = real_ledger(tmp_path, exports=EXPORTS, kind="demo")
    found = check(edition, "11 %", "share", "2024")
    (hit, *_) = found.computed_hits
    assert hit.value == pytest.approx(5 / 45) and hit.question is not None
    assert hit.question.denominator == "goods_ex_copper"
    assert hit.origin == "demostración"
    assert {reading.origin for reading in found.published} == {"publicado"}
    assert any(reading.value == pytest.approx(0.05) for reading in found.computed)
    assert all("demo" not in sentence.lower() for sentence in found.printable)


def test_computed_readings_never_give_a_sentence_to_print(tmp_path: Path) -> None:
    found = check(tiny_edition(tmp_path, exports=EXPORTS, kind="demo"), "11 %", "share", "2024")
    assert found.computed_hits and found.printable == ()


def test_growth_of_smes_needs_a_register_and_says_so(tmp_path: Path) -> None:
    found = check(tiny_edition(tmp_path, exports=EXPORTS), "+42 %", "growth_sme", "2024")
    assert found.computed == ()
    assert any("registro de exportadores" in one.reason for one in found.unanswered)


def test_growth_of_smes_is_computed_by_count_and_by_value_with_a_register(tmp_path: Path) -> None:
    rows = [
        {"month": f"{year}-{month:02d}", "exporter_key": f"f{firm}", "fob_usd": 1_000_000.0}
        for year, firms in ((2023, 50), (2024, 71))
        for month in (1, 2)
        for firm in range(firms)
    ]
    found = check(tiny_edition(tmp_path, register=rows, kind="private"), "+42 %", "growth_sme", "2024-01..2024-02")
    metrics = {hit.question.metric for hit in found.computed_hits if hit.question}
    assert metrics == {"exporters", "fob"}
    same_firms = [r for r in found.computed if r.question and r.question.metric == "fob_same_firms"]
    assert same_firms and not any(reading.is_hit for reading in same_firms)


def test_a_window_of_another_year_is_no_reading(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=EXPORTS)
    assert {reading.period.end.year for reading in check(edition, "5 %", "share", "2023").computed} == {2023}


def test_a_period_with_a_hole_is_no_reading_of_what_is_claimed_of_it(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=EXPORTS, missing=["2024-02"])
    found = check(edition, "5 %", "share", "2024-01..2024-03")
    assert found.computed == ()
    assert "Período parcial: febrero 2024 está sin datos o incompleto." in {one.reason for one in found.unanswered}


def test_rounding_is_half_a_unit_of_the_last_printed_digit(tmp_path: Path) -> None:
    nation = {"region_code": "CL", "publisher": "BCCh", "printed_value": 1000.0}
    for number, (part, is_hit) in enumerate([(124.9, True), (125.1, False), (115.0, True), (114.9, False)]):
        edition = small_ledger(tmp_path / str(number), [{"printed_value": part}, nation])
        assert bool(check(edition, "12 %", "share", "2024").hits) is is_hit
        assert not check(edition, "12,0 %", "share", "2024").hits
