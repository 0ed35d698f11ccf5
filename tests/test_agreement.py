"""The product and a second reading of METRICS say the same of random questions, and would say so if they did not."""

from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from benchmarks.agreement import Tallies, compare, differences
from benchmarks.random_questions import Questions
from benchmarks.second_reading.formulas import METRICS
from benchmarks.worlds import World, made
from indicators.engine.answer import answer
from indicators.metrics import METRICS as CATALOGUE


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two years and four months of small files made at random, loaded as any other."""
    return made(tmp_path_factory.mktemp("made"), first=2022, items=40)


def test_every_metric_of_the_catalogue_is_read_a_second_time() -> None:
    assert METRICS.keys() == CATALOGUE.keys()


def test_random_questions_are_answered_the_same_by_both(world: World) -> None:
    said: list[str] = []
    tallies: Tallies = defaultdict(Counter)
    compare(world, Questions(world, seed=4), [*sorted(METRICS), *sorted(METRICS)[::2]], tallies, said.append)
    assert not said
    assert sum(tally["agreed"] for tally in tallies.values()) > 30


@pytest.mark.parametrize("number", ["value", "base", "growth"])
def test_a_figure_that_is_a_millionth_off_is_a_difference(world: World, number: str) -> None:
    question, ask = Questions(world, seed=1).ask("fob", {"window": "2023", "flow": "all", "split": "region"})
    found, reply = answer(world.edition, question), world.calculator.reply(ask)
    assert differences(found, reply) == []
    off = replace(found.rows[0], **{number: (getattr(found.rows[0], number) or 1) * 1.000001})
    faults = differences(replace(found, rows=(off, *found.rows[1:])), reply)
    assert Counter(fault.split(" ")[1] for fault in faults) == {number: 1}
