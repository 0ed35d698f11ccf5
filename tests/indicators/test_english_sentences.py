"""Every form of an answer's sentence, whole, in English. What other rooms call things is given in English here."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from editions.edition import Edition
from indicators.engine.answer import answer
from indicators.engine.result import Reason
from indicators.narrative.sentences import sentence, uncapitalised
from indicators.question.question import Question
from tests.editions import tiny_edition
from words.language import speaking

MILLION = 1_000_000.0


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    rows: list[dict[str, Any]] = [
        {"month": "2024-01", "prochile_sector_id": "forestal", "fob_usd": 8 * MILLION},
        {"month": "2024-02", "prochile_sector_id": "pesca_acuicultura", "fob_usd": 2 * MILLION},
        {"month": "2025-01", "prochile_sector_id": "forestal", "fob_usd": 5 * MILLION},
        {"month": "2025-02", "prochile_sector_id": "pesca_acuicultura", "fob_usd": 3 * MILLION},
        {"month": "2024-01", "region_code": "13", "fob_usd": 30 * MILLION, "prochile_sector_id": "vino"},
        {"month": "2025-02", "region_code": "13", "fob_usd": 32 * MILLION, "prochile_sector_id": "vino"},
    ]
    return tiny_edition(tmp_path, exports=rows)


def say(edition: Edition, text: str, **called: Any) -> str:
    found = replace(answer(edition, Question.parse(text)), **{"scope_label": "goods", **called})
    return sentence(found).replace("\u00a0", " ")


def test_a_value_says_its_direction_and_both_windows(edition: Edition) -> None:
    assert say(edition, "fob?region=08") == (
        "In January–February 2025, Biobío exported US$8.0 million of goods, 20.0% less than in January–February 2024."
    )


def test_the_metropolitan_region_has_its_article(edition: Edition) -> None:
    assert say(edition, "fob?region=13") == (
        "In January–February 2025, the Metropolitan Region exported US$32.0 million of goods, 6.7% more than in "
        "January–February 2024."
    )


def test_what_did_not_change_is_the_same(edition: Edition) -> None:
    assert say(edition, "fob?region=08", growth=0.0).endswith(" of goods, the same as in January–February 2024.")


def test_twelve_months_carry_their_article(tmp_path: Path) -> None:
    rows = [{"month": month, "fob_usd": MILLION} for month in ("2023-11", "2024-10", "2025-10")]
    assert say(tiny_edition(tmp_path, exports=rows), "fob?region=08&window=rolling12") == (
        "In the 12 months to October 2025, Biobío exported US$1.0 million of goods, 50.0% less than in the 12 months "
        "to October 2024."
    )


def test_a_share_names_its_whole(edition: Edition) -> None:
    whole = "of the national total of goods and services excluding copper"
    called = {"share_of": whole, "scope_label": "goods and services excluding copper"}
    assert say(edition, "share?region=08&denominator=goods_ex_copper+services", **called) == (
        "In January–February 2025, Biobío accounted for 20.0% of the national total of goods and services excluding "
        "copper (−5.0 pp against January–February 2024)."
    )


def test_a_share_without_a_base_says_nothing_of_it(edition: Edition) -> None:
    text = "share?region=08&denominator=goods&compare=none"
    assert say(edition, text, share_of="of the national total of goods") == (
        "In January–February 2025, Biobío accounted for 20.0% of the national total of goods."
    )


def test_what_moved_the_total_comes_with_what_pulled_the_other_way(edition: Edition) -> None:
    text = "contribution_pp?region=08&split=sector:prochile"
    assert say(edition, text) == (
        "What took away most in Biobío, goods: Forest industry (−30.0 pp); in the opposite direction, Fishing and "
        "aquaculture (+10.0 pp); in total, −20.0 pp (January–February 2025 against January–February 2024)."
    )
    found = answer(edition, Question.parse(text))
    upside_down = tuple(replace(row, contribution=-(row.contribution or 0)) for row in found.rows)
    assert say(edition, text, rows=upside_down).startswith(
        "What added most in Biobío, goods: Forest industry (+30.0 pp); in the opposite direction, Fishing and"
    )
    assert say(edition, text, rows=upside_down[-1:]).count("in the opposite direction") == 0
    still = (replace(found.rows[0], contribution=0.0),)
    assert say(edition, text, rows=still) == (
        "There are no contributions to show for Biobío, goods (January–February 2025 against January–February 2024)."
    )


def test_specialisation_and_resemblance_name_the_leading_parts(edition: Edition) -> None:
    assert say(edition, "location_quotient?region=08&split=sector:prochile&compare=none") == (
        "In January–February 2025, Biobío is specialised, relative to Chile and in goods, in Forest industry (5) and "
        "Fishing and aquaculture (5)."
    )
    resembling = say(edition, "export_similarity?region=08&compare=none")
    assert resembling.startswith(
        "In January–February 2025, similarity of the basket of products: the exports of goods of Biobío most resemble "
    )


def test_a_low_base_gives_the_change_and_no_percentage(tmp_path: Path) -> None:
    rows = [{"month": "2024-01", "fob_usd": 40_000}, {"month": "2025-01", "fob_usd": 90_000}]
    edition = tiny_edition(tmp_path, exports=rows)
    assert say(edition, "fob?region=08&window=2025-01") == (
        "In January 2025, Biobío exported US$90,000 of goods, US$50,000 more than in January 2024 "
        "(low base: no percentage)."
    )
    fallen = [{"month": "2024-01", "fob_usd": 40_000}, {"month": "2025-01", "fob_usd": 10_000}]
    assert say(tiny_edition(tmp_path, exports=fallen), "fob?region=08&window=2025-01").endswith(
        "US$30,000 less than in January 2024 (low base: no percentage)."
    )


def test_without_a_base_it_says_so(edition: Edition) -> None:
    assert say(edition, "fob?region=08&window=2024-01..2024-02") == (
        "In January–February 2024, Biobío exported US$10.0 million of goods; no base to compare with."
    )


def test_a_missing_figure_says_why(edition: Edition) -> None:
    why = (Reason("no_register", "This edition has no register of exporters."),)
    called = {"label": "Exporting firms", "window_label": "January–February 2025", "reasons": why}
    assert say(edition, "exporters?region=08&size=pyme", **called) == (
        "No figure for exporting firms in Biobío (January–February 2025). This edition has no register of exporters."
    )
    assert say(edition, "exporters?region=08&size=pyme", reasons=()).endswith("There is no figure.")


def test_other_measures_carry_their_unit(tmp_path: Path) -> None:
    rows = [{"month": "2025-01", "exporter_key": key, "fob_usd": 1.0} for key in "abc"]
    edition = tiny_edition(tmp_path, register=rows)
    called = {"label": "Exporting firms", "scope_label": "goods, pymes (small and medium firms)"}
    assert say(edition, "exporters?region=08&window=2025-01&size=pyme&compare=none", **called) == (
        "In January 2025, exporting firms in Biobío, goods, pymes (small and medium firms): 3 firms."
    )


def test_a_published_figure_names_who_printed_it_and_a_demonstration_says_it_is_one(edition: Edition) -> None:
    said = say(edition, "fob?region=08&compare=none", publisher="INE", published_on="2026-02-23")
    assert (
        said == "In January–February 2025, Biobío exported US$8.0 million of goods. Published by INE, 23 February 2026."
    )
    assert say(edition, "fob?region=08", badge="demostración").endswith(" Demonstration data. Do not cite.")


def test_initials_keep_their_capitals_inside_a_sentence() -> None:
    assert [uncapitalised(label) for label in ("FOB value", "Value exported", "")] == [
        "FOB value",
        "value exported",
        "",
    ]
