"""Whatever the menus of the pages can ask is answered: with a figure, with the reason for none, or with a refusal."""

import random
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import pytest

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.engine.answer import answer
from indicators.metrics import METRICS
from indicators.question.dimensions import DIMENSIONS
from indicators.question.question import Question
from indicators.question.scope import CONCEPTS
from tests.editions import tiny_edition
from tests.indicators.test_tables import NEEDED, item

SPLITS = (None, "region", "month", "country", "continent", "comuna", "segment", "size", "service_type", "office")
ALIKE = (("hs2", "hs4", "hs6", "hs8"), ("sector:prochile", "sector:bcch", "sector:ine"), ("port", "transport"))
FILTERS = (  # the filter bar, the columns of a pivot, and what pages ask by themselves
    "",
    "region=08",
    "region=08,16",
    "sector=prochile:forestal",
    "country=225",
    "hs=44",
    "hs=44071010&region=13",
    "flow=services",
    "flow=all&exclude=copper,lithium",
    "window=2025-02",
    "window=2024",
    "compare=none",
    "size=pyme",
    "size=grande&region=08",
    "size=mipyme&sizing=own_fob",
    "region=13&country=225&sector=prochile:forestal",
    "comuna=08101",
    "port=906&region=08",
    "office=34",
    "transport=1",
    "service_type=logistica&flow=services",
    "denominator=goods",
    "denominator=regionalised&region=08",
    "source=registro",
    "source=aduanas_salidas",
)
OF_REGISTER = ("month", "region_code", "comuna_code", "country_code", "segment", "hs_code", "fob_usd")


def edition_of(folder: Path, kind: str) -> Edition:
    """Four years and two months of both sources of customs and of a register."""
    chance = random.Random(11)
    exports = [item(chance) for _ in range(400)]
    plain = [row for row in exports if row["segment"] in ("goods", "services")][:150]
    register = [
        {name: row[name] for name in OF_REGISTER} | {"exporter_key": row["exporter_id"] or "z"} for row in plain
    ]
    months = dict.fromkeys(("aduanas_dus", "aduanas_salidas", "registro"), "2021-01..2025-02")
    return tiny_edition(folder, exports=exports, register=register, months=months, id_scope="stable", kind=kind)


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return edition_of(tmp_path_factory.mktemp("private"), "private")


def askable(metric: str, concept: str, split: str | None, filters: Sequence[str]) -> Iterator[Question]:
    """Yield the questions of a metric with each filter, but those that are refused."""
    for number, more in enumerate(filters):
        parts = dict(part.split("=", 1) for part in filter(None, f"{NEEDED.get(metric, '')}&{more}".split("&")))
        over = METRICS[metric].over
        parts |= {"over": over[number % len(over)]} if over else {}
        try:
            yield Question(metric, **parts | {"concept": concept, "split": split})  # type: ignore[arg-type]
        except QuestionError:
            continue


def shows(edition: Edition, question: Question) -> bool:
    """Ask; return whether a figure is shown. Raises whatever goes wrong."""
    found = answer(edition, question)
    return found.value is not None or any(row.value is not None for row in found.rows)


def test_each_metric_is_answered_under_each_concept_with_each_split_and_each_filter(private: Edition) -> None:
    """Each metric, concept and split together; splits that are alike, and filters, in turn: each two of them meet."""
    assert {*SPLITS, *(split for alike in ALIKE for split in alike)} == {None, *DIMENSIONS}
    edition, figures, asked = private, 0, 0
    for number, (metric, concept, choice) in enumerate(product(METRICS, CONCEPTS, (*SPLITS, *ALIKE))):
        split = choice[number % len(choice)] if isinstance(choice, tuple) else choice
        turn = 7 * number % len(FILTERS)
        question = next(askable(metric, concept, split, (*FILTERS[turn:], *FILTERS[:turn])), None)
        if question is not None:
            asked += 1
            figures += shows(edition, question)
    assert asked > 1_000
    assert figures > asked / 2


@pytest.mark.parametrize("concept", CONCEPTS)
def test_what_is_kept_in_reserve_is_audited_under_each_concept(tmp_path: Path, concept: str) -> None:
    edition = edition_of(tmp_path, "official")
    metrics = [metric for metric, spec in METRICS.items() if spec.is_firm_level]
    for number, metric in enumerate(metrics):
        split = (None, "region", "comuna", "sector:prochile", "hs4", "month", "country")[number % 7]
        for question in list(askable(metric, concept, split, ("region=08", "hs=44", "office=34")))[:2]:
            shows(edition, question)


PARTS = {  # a part of a question → a value of it, and what the question must have besides
    "region": ("13", {}),
    "flow": ("services", {}),
    "exclude": ("copper", {}),
    "denominator": ("goods", {}),
    "concept": ("exit", {"region": "08"}),
    "source": ("aduanas_salidas", {}),
    "size": ("mipyme", {}),
    "sizing": ("workers", {"size": "pyme"}),
    "sector": ("prochile:forestal", {}),
    "country": ("225", {}),
    "hs": ("44", {}),
    "service_type": ("logistica", {"flow": "services"}),
    "comuna": ("08101", {}),
    "port": ("906", {}),
    "office": ("34", {}),
    "transport": ("1", {}),
    "k": ("3", {}),
    "compare": ("none", {}),
    "split": ("country", {}),
}


NOT_HERE = {"returning_exporters", "sii_firms", "sii_workers", "sii_sales"}  # no edition so small tells of them


@pytest.mark.parametrize("metric", sorted(set(METRICS) - NOT_HERE))
def test_a_part_that_changes_nothing_is_refused(private: Edition, metric: str) -> None:
    needed = dict(part.split("=", 1) for part in filter(None, NEEDED.get(metric, "").split("&")))
    needed |= {"window": "2024"} if METRICS[metric].window == "year" and "window" not in needed else {}
    needed |= {"region": "08"} if metric == "export_similarity" else {}
    for part, (value, besides) in PARTS.items():
        try:
            plain, narrowed = (Question(metric, **needed | besides | more) for more in ({}, {part: value}))  # type: ignore[arg-type]
        except QuestionError:
            continue
        if plain != narrowed:
            before, after = answer(private, plain), answer(private, narrowed)
            assert before.statements != after.statements or before.reasons != after.reasons, str(narrowed)
            assert after.value is not None or after.rows or after.reasons, str(narrowed)
            if part == "split":
                assert {row.key for row in after.rows} <= {"225", "336", "331", "sin_dato"}, str(narrowed)
