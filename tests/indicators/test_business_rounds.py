"""Business rounds: what a source says is shown, what it does not say is missing, never zero."""

from pathlib import Path

from indicators.business_rounds import editions_of, events, headline
from tests.editions import tiny_edition

REDES = {
    "origin": "published",
    "event": "Redes",
    "edition": "4ª versión (2025)",
    "starts_on": "2025-11-01",
    "ends_on": "2025-11-30",
    "date_precision": "month",
    "region_code": "08",
    "n_companies": 1300,
    "n_rounds": 450,
    "source": "ASEM",
}
DAYS = {"starts_on": "2024-11-06", "ends_on": "2024-11-07", "date_precision": "day"}
BEFORE = REDES | {"edition": "3ª versión (2024)"} | DAYS
OTHER = REDES | {"event": "Enexpro", "region_code": "10", "n_companies": None, "starts_on": "2023-01-01"}


def test_what_nobody_said_is_missing_and_the_headline_says_so(tmp_path: Path) -> None:
    found = events(tiny_edition(tmp_path, tables={"core_business_round": [REDES]}), "08")
    assert headline(found) == (
        "Redes, noviembre 2025: 1.300 empresas y 450 rondas. Sin dato de exportadoras, compradores, negocios esperados "
        "y negocios cerrados."
    )
    assert found[0].n_buyers is None
    assert found[0].said("n_buyers") == "s/d"


def test_the_newest_comes_first_and_a_region_keeps_its_own(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, tables={"core_business_round": [BEFORE, OTHER, REDES]})
    assert [one.when for one in events(edition)][:2] == ["noviembre 2025", "6–7 noviembre 2024"]
    assert [one.event for one in events(edition, "10")] == ["Enexpro"]
    assert events(edition, "13") == ()


def test_only_events_known_in_several_editions_are_compared(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, tables={"core_business_round": [BEFORE, OTHER, REDES]})
    assert {name: [one.edition for one in ones] for name, ones in editions_of(events(edition)).items()} == {
        "Redes": ["3ª versión (2024)", "4ª versión (2025)"]
    }


def test_rounds_per_company_need_both_counts(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, tables={"core_business_round": [REDES, OTHER]})
    redes, other = events(edition)
    assert redes.rounds_per_company == 450 / 1300
    assert other.rounds_per_company is None


def test_a_span_of_months_is_told_whole(tmp_path: Path) -> None:
    half = REDES | {"starts_on": "2025-07-01", "ends_on": "2025-12-31"}
    turn = REDES | {"starts_on": "2024-11-30", "ends_on": "2024-12-02", "date_precision": "day"}
    edition = tiny_edition(tmp_path, tables={"core_business_round": [half, turn]})
    assert [one.when for one in events(edition)] == ["julio–diciembre 2025", "30 noviembre 2024 – 2 diciembre 2024"]
