"""Two dimensions at once: every cell is the answer of one question, and nothing is added up."""

from pathlib import Path

import pytest

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.engine.answer import answer
from indicators.engine.pivot import pivot
from indicators.question.dimensions import SPLITS, can_narrow, narrowed
from indicators.question.question import Question
from tests.editions import tiny_edition

EXPORTS = [
    {"month": f"2025-{month:02d}", "region_code": region, "country_code": country, "fob_usd": value * month}
    for month in (1, 2)
    for region, country, value in (("08", "225", 1_000_000), ("16", "225", 300_000), ("08", "336", 20_000))
]


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return tiny_edition(tmp_path, exports=EXPORTS)


def ask(edition: Edition, text: str, columns: str | None, most: int = 12):
    return pivot(Question.parse(text), columns, ask=lambda question: answer(edition, question), most=most)


def test_each_cell_is_the_answer_of_its_own_question(edition: Edition) -> None:
    found = ask(edition, "fob?window=2025-01..2025-02&split=region", "country")
    assert found.rows == (("08", "Biobío"), ("16", "Ñuble"))
    assert [column.label for column in found.columns] == ["Estados Unidos", "China"]
    for column in found.columns:
        for key, _ in found.rows:
            alone = answer(edition, Question.parse(f"fob?window=2025-01..2025-02&region={key}&country={column.key}"))
            row = column.row(key)
            assert (row.value if row else 0) == alone.value


def test_months_are_columns_in_their_order_and_the_last_ones_stay(edition: Edition) -> None:
    found = ask(edition, "fob?window=2025-01..2025-02&split=region", "month", most=1)
    assert [column.key for column in found.columns] == ["2025-02"]
    assert found.left_out == 1
    assert found.values("08") == (2_040_000,)


def test_without_a_second_dimension_the_total_is_the_only_column(edition: Edition) -> None:
    found = ask(edition, "fob?window=2025-01..2025-02&split=region", None)
    assert [column.key for column in found.columns] == ["total"]
    assert found.values("16") == (900_000,)


@pytest.mark.parametrize("split", list(filter(can_narrow, SPLITS)))
def test_every_dimension_that_is_a_filter_can_be_a_column(split: str) -> None:
    keys = {"month": "2025-01", "segment": "goods", "size": "micro", "region": "08", "service_type": "logistica"}
    key = keys.get(split, "44071010"[: int(split[2:])] if split.startswith("hs") else "1")
    assert narrowed(split, key)
    assert Question("fob", **narrowed(split, key))


def test_a_metric_that_cannot_be_asked_by_both_says_so(edition: Edition) -> None:
    with pytest.raises(QuestionError):
        ask(edition, "exporters?size=pyme&split=region", "port")
