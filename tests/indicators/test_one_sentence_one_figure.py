"""Two questions with different figures never give the same sentence, title or file name: each says its whole scope."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from editions.edition import Edition
from editions.errors import QuestionError
from indicators import files
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.metrics import METRICS
from indicators.narrative import findings
from indicators.narrative.sentences import identified, sentence
from indicators.question.question import Question
from indicators.question.scope import DENOMINATORS, PUBLISHED
from tests.editions import tiny_edition

BASE = "2023"
SCOPES: tuple[dict[str, Any], ...] = (  # every part of a question that changes its figure
    {},
    {"region": "13"},
    {"region": "16"},
    {"region": "08,16"},
    {"region": "00"},
    {"concept": "exit"},
    {"concept": "comuna"},
    {"flow": "services"},
    {"flow": "goods+services"},
    {"flow": "all"},
    {"exclude": "copper"},
    {"exclude": "copper,lithium"},
    {"sector": "prochile:mineria"},
    {"sector": "ine:mineria"},
    {"sector": "prochile:servicios"},
    {"sector": "bcch:servicios"},
    {"hs": "44"},
    {"hs": "22"},
    {"country": "336"},
    {"country": "225,336,331,220"},
    {"country": "225,336,331,221"},
    {"comuna": "08101"},
    {"office": "55"},
    {"size": "pyme"},
    {"size": "mipyme"},
    {"size": "grande"},
    {"compare": BASE},
    {"compare": "none"},
    {"over": "country"},
    {"over": "firm"},
    {"over": "known_country"},
    {"over": "known_product"},
    {"k": 1},
    {"k": 2},
    *({"denominator": one} for one in DENOMINATORS),
)
MILLION = 1_000_000.0


def records() -> Iterator[dict[str, Any]]:
    """Records whose every cut has a value of its own: each differs from the others in all that can be asked."""
    number = 0
    for year, region, country in product(
        (2023, 2024, 2025), ("08", "13", "16", "00"), ("225", "336", "331", "220", "221")
    ):
        for month in range(1, 13):
            number += 1
            kind = number % 7
            yield {
                "month": f"{year}-{month:02d}",
                "region_code": region,
                "comuna_code": ("08101", "13101", "16101")[number % 3],
                "customs_office_code": ("55", "39", "48")[number % 3],
                "country_code": country,
                "hs_code": ("44071010", "22042110", "26030000", "28369100", "00250000")[number % 5],
                "segment": "services" if number % 5 == 4 else "ship_supplies" if kind == 3 else "goods",
                "is_copper": number % 5 == 2,
                "is_lithium": number % 5 == 3,
                "prochile_sector_id": ("vino", "mineria", "servicios")[number % 3],
                "ine_sector_id": ("industria", "mineria")[number % 2],
                "bcch_sector_id": ("cobre", "servicios", "fruta")[(number // 2) % 3],
                "exporter_id": str(number % 11),
                "fob_usd": MILLION * (1.0 + number**1.3 % 17),
            }


def register() -> Iterator[dict[str, Any]]:
    for number, row in enumerate(records()):
        kept = {name: row[name] for name in ("month", "region_code", "country_code", "hs_code", "segment", "fob_usd")}
        more = {name: row[name] for name in ("prochile_sector_id", "is_copper", "is_lithium")}
        size = ("pequena", "mediana", "micro", "grande")[number % 4]
        yield kept | more | {"exporter_key": f"f{number % 11}", "size_class": size}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder: Path = tmp_path_factory.mktemp("sentences")
    return tiny_edition(folder, exports=list(records()), register=list(register()), id_scope="year", kind="private")


def questions(metric: str) -> Iterator[Question]:
    """Every question about a metric whose parts go together, by each scope alone and by pairs with a region."""
    spec = METRICS[metric]
    split = "sector:prochile" if spec.operator in ("contribution", "location_quotient") else None
    whole = "goods+services" if spec.operator == "share" else None
    sources = [source for source in spec.sources if source not in (PUBLISHED, "aduanas_salidas")]
    for source in sources:
        for scope in SCOPES if source == sources[-1] else SCOPES[:1]:
            base = BASE if metric == "cagr" else "year_before"
            parts = {
                "region": "08",
                "split": split,
                "denominator": whole,
                "window": WINDOWS[spec.window],
                "compare": base,
            } | scope
            try:
                yield Question(metric, source=source, **parts)
            except QuestionError:
                continue


WINDOWS = {"ytd": "2025", "month": "2025-12", "rolling12": "2025", "year": "2025"}


def figure(found: Answer) -> tuple[Any, ...]:
    """What a sentence tells of an answer: its value and growth, or those of its parts."""
    own = (_rounded(found.value), _rounded(found.growth))
    if found.value is not None and found.question.spec.operator != "contribution":
        return own
    return own + tuple((row.key, _rounded(row.value)) for row in found.rows[:3])


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.9g}")


@pytest.fixture(scope="module")
def answers(edition: Edition) -> list[Answer]:
    found = []
    for metric in METRICS:
        for question in questions(metric):
            try:
                found.append(answer(edition, question))
            except QuestionError:
                continue
    assert {one.question.metric for one in found} == set(METRICS)
    return [one for one in found if one.value is not None or one.rows]


def title(found: Answer) -> str:
    return identified(findings.heading(found), found)


def name(found: Answer) -> str:
    return files.file_name(found.question, suffix="csv")


def test_two_figures_never_have_one_text(answers: list[Answer]) -> None:
    for text in (sentence, title, name):
        figures: dict[str, dict[tuple[Any, ...], str]] = defaultdict(dict)
        for one in answers:
            told = figure(replace(one, growth=None) if text is title else one)  # a title tells the value alone
            figures[text(one)].setdefault(told, str(one.question))
        assert {said: list(found.values()) for said, found in figures.items() if len(found) > 1} == {}
