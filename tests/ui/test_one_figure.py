"""The card of a page, JSON and CSV give the same figure: every metric, computed and published."""

import csv
import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.files.render import as_csv, as_json
from indicators.metrics.definitions import Example, examples
from indicators.question.question import Question
from tests.editions import example_edition
from tests.patience import PATIENCE
from tests.published_editions import real_ledger
from ui.text import plain
from words.formats import quantity

PUBLISHED = (
    "fob?region=08&window=2025&source=published",
    "yoy?region=08&window=2025-10&source=published",
    "share?region=08&window=2024&denominator=goods_ex_copper_lithium%2Bservices&source=published",
    "exporters?flow=goods%2Bservices&window=2024&source=published",
    "exporters?region=08&window=2025&size=pyme&source=published",
)


def card(found: object) -> None:
    """Run by Streamlit as a page of its own."""
    from indicators.engine.result import Answer
    from ui.blocks import blocks

    assert isinstance(found, Answer)
    blocks.answer_card(found, label="Cifra")
    blocks.notes([found])


def same_everywhere(found: Answer) -> AppTest:
    page = AppTest.from_function(card, kwargs={"found": found}).run(timeout=PATIENCE)
    assert not page.exception
    (shown,) = page.metric
    facts = json.loads(as_json(found))
    table = list(csv.DictReader(line for line in as_csv(found).splitlines() if not line.startswith("#")))
    assert facts["value"] == found.value
    assert shown.value == plain(quantity(facts["value"], facts["unit"]))
    expected = [row["value"] for row in facts["rows"]] or [facts["value"]]
    assert [float(row["value"]) if row["value"] else None for row in table] == expected
    return page


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.question)
def test_page_json_and_csv_give_the_same_figure(example: Example, tmp_path: Path) -> None:
    same_everywhere(answer(example_edition(tmp_path, example), Question.parse(example.question)))


@pytest.mark.parametrize("text", PUBLISHED)
def test_a_published_figure_is_the_same_everywhere_with_its_badge_and_link(text: str, tmp_path: Path) -> None:
    found = answer(real_ledger(tmp_path, kind="demo"), Question.parse(text))
    page = same_everywhere(found)
    said = "\n".join(caption.value for caption in page.caption)
    assert "publicado" in said and "demostración" not in said.lower()
    assert found.value is None or found.source_urls[0] in said
