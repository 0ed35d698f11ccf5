"""A bloc is its members: two lists kept apart agree, and a question keeps codes, not names."""

import csv

import pytest

from editions.errors import QuestionError
from editions.folders import REFERENCE
from indicators.engine.answer import answer
from indicators.question.dimensions import BLOCS, bloc_of
from indicators.question.question import Question
from tests.editions import tiny_edition

FLAGS = {
    "ue": "is_eu27",
    "mercosur": "is_mercosur",
    "alianza_pacifico": "is_pacific_alliance",
    "can": "is_can",
    "tmec": "is_usmca",
    "efta": "is_efta",
    "cptpp": "is_cptpp",
}
CHILE = "997"


@pytest.mark.parametrize("name", BLOCS)
def test_members_agree_with_the_flags_of_the_reference_table(name: str) -> None:
    with (REFERENCE / "countries.csv").open(encoding="utf-8") as file:
        flagged = {row["country_code"] for row in csv.DictReader(file) if row[FLAGS[name]] == "true"}
    assert set(BLOCS[name].countries) == flagged - {CHILE}


def test_a_bloc_becomes_its_members_in_the_text_of_the_question() -> None:
    question = Question.parse("fob?country=alianza_pacifico,225")
    assert question.country == "202,216,219,225"
    assert Question.parse(str(question)) == question
    assert bloc_of("219,202,216") == BLOCS["alianza_pacifico"] and bloc_of("225") is None


def test_an_unknown_bloc_names_those_that_exist() -> None:
    with pytest.raises(QuestionError, match="mercosur") as error:
        Question.parse("fob?country=alca")
    assert error.value.part == "country"


EXPORTS = [
    {"month": "2024-01", "country_code": code, "fob_usd": value}
    for code, value in (("220", 10.0), ("224", 5.0), ("225", 20.0), ("336", 40.0), ("522", 1.0), ("905", 2.0))
]


def test_a_bloc_is_the_sum_of_its_members_and_continents_add_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    edition = tiny_edition(tmp_path_factory.mktemp("blocs"), exports=EXPORTS)
    asked = "fob?window=2024-01&compare=none"
    assert answer(edition, Question.parse(f"{asked}&country=mercosur")).value == 15.0
    by_continent = answer(edition, Question.parse(f"{asked}&split=continent"))
    assert {row.key: row.value for row in by_continent.rows} == {"América": 35.0, "Asia": 41.0, "Otros": 2.0}
    assert by_continent.total() == by_continent.value == 78.0
