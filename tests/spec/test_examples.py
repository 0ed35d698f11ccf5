"""Every metric has an example worked by hand, and gives that answer."""

from pathlib import Path
from typing import Any

import pytest

from indicators.answer import Answer, answer
from indicators.definitions import Example, examples
from indicators.metrics import METRICS
from indicators.question import Question
from tests.editions import tiny_edition

EXAMPLES = examples()


def answer_of(example: Example, folder: Path) -> Answer:
    edition = tiny_edition(
        folder,
        **{example.table: example.records},
        months={example.source: example.months},
        kind="private",  # no disclosure rule: a handful of rows is always fewer than three firms
    )
    return answer(edition, Question.parse(example.question))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_metric_gives_the_answer_worked_by_hand(example: Example, tmp_path: Path) -> None:
    found = answer_of(example, tmp_path)

    assert found.value == (example.value if example.value is None else pytest.approx(example.value, rel=1e-12))
    if example.base is not None:
        assert found.base == pytest.approx(example.base, rel=1e-12)
    if example.growth is not None:
        assert found.growth == pytest.approx(example.growth, rel=1e-12)
    if example.parts:
        assert {row.key: row.value for row in found.rows} == pytest.approx(dict(example.parts), rel=1e-12)


def test_every_metric_has_a_worked_example() -> None:
    assert {Question.parse(example.question).metric for example in EXAMPLES} == set(METRICS)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.id)
def test_every_metric_says_what_it_means(metric: Any) -> None:
    assert metric.definition.endswith(".")
    assert metric.formula
    assert metric.caveat.endswith(".")
    assert metric.label
