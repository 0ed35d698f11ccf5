"""Every metric has an example worked by hand, and gives that answer."""

import re
from pathlib import Path
from typing import Any

import pytest

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.metrics import METRICS
from indicators.metrics.definitions import Example, examples
from indicators.narrative.sentences import sentence
from indicators.question.question import Question
from tests.editions import example_edition, tiny_edition

EXAMPLES = examples()


def answer_of(example: Example, folder: Path) -> Answer:
    return answer(example_edition(folder, example), Question.parse(example.question))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_metric_gives_the_answer_worked_by_hand(example: Example, tmp_path: Path) -> None:
    found = answer_of(example, tmp_path)

    assert found.value == (example.value if example.value is None else pytest.approx(example.value, rel=1e-12))
    if example.base is not None:
        assert found.base == pytest.approx(example.base, rel=1e-12)
    if example.growth is not None:
        assert found.growth == pytest.approx(example.growth, rel=1e-12)
    if example.share is not None:
        assert found.share == pytest.approx(example.share, rel=1e-12)
    if example.parts:
        parts = {row.key: row.value for row in found.rows}
        assert {key for key, value in parts.items() if value is None} == {
            key for key, value in example.parts.items() if value is None
        }
        worked = {key: value for key, value in example.parts.items() if value is not None}
        assert {key: value for key, value in parts.items() if value is not None} == pytest.approx(worked, rel=1e-12)


def test_every_metric_has_a_worked_example() -> None:
    assert {Question.parse(example.question).metric for example in EXAMPLES} == set(METRICS)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.id)
def test_every_metric_says_what_it_means(metric: Any) -> None:
    assert metric.definition.endswith(".")
    assert metric.formula
    assert metric.caveat.endswith(".")
    assert metric.label


@pytest.fixture(scope="module")
def with_a_hole(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    rows = [
        {"month": month, "fob_usd": 1_000_000.0, "quantity": 10, "region_code": region}
        for month in ("2013-01", "2013-02", "2013-03", "2014-01", "2014-03")
        for region in ("08", "16")
    ]
    return tiny_edition(
        tmp_path_factory.mktemp("hole"),
        exports=rows,
        register=[{name: value for name, value in row.items() if name != "quantity"} for row in rows],
        months={"aduanas_dus": "2010-01..2014-03", "registro": "2010-01..2014-03"},
        missing=["2014-02"],
        kind="private",
    )


@pytest.mark.parametrize("metric", METRICS)
def test_a_sentence_over_a_hole_names_the_month_that_is_missing(with_a_hole: Edition, metric: str) -> None:
    example = next(one for one in EXAMPLES if Question.parse(one.question).metric == metric)
    asked = re.sub(r"(window|compare)=[^&]*", "", example.question)
    base = "compare=2012-01..2012-03" if metric == "cagr" else ""
    text = f"{asked}{'&' if '?' in asked else '?'}window=2014-01..2014-03&{base}"
    try:
        found = answer(with_a_hole, Question.parse(text))
    except QuestionError as error:
        assert error.part in ("window", "compare")  # of one month, a year or twelve months only
        return
    assert "febrero 2014" in sentence(found)
    assert found.growth is None
