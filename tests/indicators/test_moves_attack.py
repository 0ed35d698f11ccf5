"""What firms did under attack: bridge, margins, entry, exit and survival give away nothing that is in reserve."""

from pathlib import Path
from typing import Any

import pytest

from indicators import moves
from indicators.answer import answer
from indicators.calendar import Window
from indicators.disclosure import Cell, Policy
from indicators.edition import Edition
from indicators.question import Question
from indicators.reasons import ONE_RULE, WHOLE_YEARS
from indicators.suppression import Key
from tests.attacker import COUNTRIES, REGIONS
from tests.attacker_of_moves import AttackerOfMoves, restless_register
from tests.editions import tiny_edition
from tests.indicators.test_disclosure_attack import ask_widely

WINDOW, BASE = Window.parse("2025-01..2025-03"), Window.parse("2024-01..2024-03")
PLACES = ["", "&region=08,13", *(f"&region={code}" for code in REGIONS), *(f"&country={code}" for code in COUNTRIES)]
ASKED = [
    f"{metric}?source=registro&window={WINDOW}&flow={flow}{size}{place}"
    for flow in ("goods", "goods%2Bservices")
    for place in PLACES
    for metric, size in (
        ("sme_bridge", "&size=pyme"),
        ("sme_bridge", "&size=mipyme"),
        ("fob_same_firms", "&size=pyme"),
        ("fob_same_firms", "&size=micro"),
        ("fob_same_firms", ""),
        ("margins", ""),
        ("margins", "&size=pyme"),
    )
]
FIRMS = 250


def attacker(tmp_path: Path, seed: int) -> AttackerOfMoves:
    rows = restless_register(seed, firms=FIRMS)
    edition = tiny_edition(tmp_path, register=rows, months={"registro": "2024-01..2025-03"})
    return AttackerOfMoves(edition, rows)


@pytest.mark.parametrize("seed", [1, 2, 3])  # of the coincidences, decision 10 says how many there are
def test_what_firms_did_gives_away_nothing_more_than_is_known_without_it(tmp_path: Path, seed: int) -> None:
    asked = attacker(tmp_path, seed)
    ask_widely(asked, windows=(str(WINDOW),))
    secrets = [*asked.secret_moves(ASKED, WINDOW, BASE), *asked.secrets()]
    plain, known_before = len(asked.known), asked.recovered(secrets)
    assert len(known_before) <= 1  # the coincidences of empty cells that decision 6 admits
    for text in ASKED:
        asked.ask_moves(text)
    asked.check_answers()
    assert len(asked.known) > plain + 20
    assert len(secrets) > 200
    assert asked.recovered(secrets) == known_before


@pytest.mark.parametrize("taken_away", ["suppressed", "_unsafe_value"])
def test_the_attack_works_when_a_rule_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken_away: str
) -> None:
    def alone(cells: dict[Key, Cell], policy: Policy) -> frozenset[Key]:
        return frozenset(key for key, cell in cells.items() if policy.hides(cell))

    weaker = {"suppressed": alone, "_unsafe_value": lambda *_: None}[taken_away]
    monkeypatch.setattr(moves, taken_away, weaker)
    asked = attacker(tmp_path, 2)
    ask_widely(asked, windows=(str(WINDOW),))
    for text in ASKED:
        asked.ask_moves(text)
    secrets = [*asked.secret_moves(ASKED, WINDOW, BASE), *asked.secrets()]
    assert len(asked.recovered(secrets)) > 5


@pytest.mark.parametrize("metric", ["sme_bridge", "sme_bridge_firms", "margins"])
def test_where_one_part_is_hidden_another_is(tmp_path: Path, metric: str) -> None:
    asked, told, hidden = attacker(tmp_path, 3), 0, 0
    for place in PLACES:
        found = asked.ask_only(f"{metric}?source=registro&window={WINDOW}&size=pyme{place}")
        for total, side in ((found.value, "value"), (found.base, "base")):
            values = [getattr(row, side) for row in found.rows]
            assert total is None or values.count(None) != 1, place
            told += len([value for value in values if value])
            hidden += total is not None and None in values
    assert told > 5
    assert hidden > 0


def counted(edition: Edition, text: str) -> float | int | None:
    return answer(edition, Question.parse(text)).value


def test_who_stayed_is_in_reserve_wherever_the_bridge_keeps_it(tmp_path: Path) -> None:
    asked, hidden = attacker(tmp_path, 3), 0
    for place in PLACES:
        cut = f"source=registro&window={WINDOW}&size=pyme{place}"
        parts = {row.key: row for row in asked.ask_only(f"sme_bridge?{cut}").rows}
        if "continuing" in parts and parts["continuing"].value is None:
            assert counted(asked.edition, f"same_firms?{cut}") is None
            assert counted(asked.edition, f"fob_same_firms?{cut}") is None
            hidden += 1
    assert hidden > 0


def firms(years: dict[int, list[int]]) -> list[dict[str, Any]]:
    return [
        {"exporter_key": f"f{firm}", "month": f"{year}-01", "fob_usd": 100_000.0 + firm}
        for year, numbers in years.items()
        for firm in numbers
    ]


def test_value_is_told_of_one_size_rule_and_of_whole_stretches_of_the_calendar(tmp_path: Path) -> None:
    old = list(range(20))
    edition = tiny_edition(tmp_path, register=firms({2024: [*old, *range(50, 60)], 2025: [*old, *range(30, 40)]}),
                           months={"registro": "2024-01..2025-12"})  # fmt: skip

    def told(text: str) -> Any:
        found = answer(edition, Question.parse(text))
        return found.value if found.value is not None else found.reasons[0]

    assert told("fob_same_firms?window=2025&size=pyme") == 2_000_190.0
    assert told("fob_same_firms?window=2025&source=registro") == ONE_RULE
    assert told("fob_same_firms?window=2025&size=pequena") == ONE_RULE
    assert told("fob_same_firms?window=2025-01..2025-02&size=pyme") == WHOLE_YEARS
    assert told("same_firms?window=2025&source=registro") == 20  # how many is told of any rule


def test_few_entrants_or_leavers_are_in_reserve_and_so_is_their_rate(tmp_path: Path) -> None:
    old = list(range(20))
    edition = tiny_edition(tmp_path, register=firms({2024: [*old, 20, 21], 2025: [*old, 30, 31, 32, 33]}),
                           months={"registro": "2024-01..2025-12"})  # fmt: skip
    assert counted(edition, "exporters?window=2025") == 24
    assert counted(edition, "entrants?window=2025") == 4
    assert counted(edition, "entry?window=2025") == pytest.approx(1 / 6)
    assert (counted(edition, "exits?window=2025"), counted(edition, "exit?window=2025")) == (None, None)  # two


def test_survival_hides_a_cohort_of_few_and_few_that_are_left_or_gone(tmp_path: Path) -> None:
    old, cohort = list(range(20)), [*range(30, 40)]
    years = {2021: old, 2022: [*old, *cohort], 2023: [*old, *cohort[:6], 50], 2024: [*old, *cohort[:2], 50],
             2025: [*old, *cohort[:4], 50]}  # fmt: skip
    edition = tiny_edition(tmp_path, register=firms(years), months={"registro": "2021-01..2025-12"})
    rows = {row.key: row.value for row in answer(edition, Question.parse("survival?window=2025")).rows}
    assert rows == {"2022+1": 0.6, "2022+2": None, "2022+3": 0.4, "2023+1": None, "2023+2": None}  # two of ten; one
    counts = {row.key: row.value for row in answer(edition, Question.parse("survivors?window=2025")).rows}
    assert {key for key, value in counts.items() if value is None} == {
        "2022+2", "2023+0", "2023+1", "2023+2", "2025+0"}  # fmt: skip
