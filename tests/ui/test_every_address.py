"""No address that the menus write ends in a page, or a card, that could not be made."""

import logging
from pathlib import Path
from typing import Any

import pytest

from indicators.engine.answer import answer
from tests.ui.opening import opened
from ui import data as app_data
from ui.blocks.blocks import FAILED

ADDRESSES = (
    ("resumen", {"region": "CL", "concept": "exit", "window": "month"}),
    ("resumen", {"region": "08", "concept": "comuna"}),
    ("sectores", {"region": "CL", "concept": "comuna", "hs": "44"}),
    ("sectores", {"region": "08", "concept": "exit", "sector": "prochile:forestal", "flow": "all"}),
    ("mercados", {"region": "CL", "concept": "exit", "country": "225", "window": "month"}),
    ("mercados", {"region": "16", "concept": "comuna"}),
    ("servicios", {"region": "CL", "concept": "exit"}),
    ("regiones", {"concept": "comuna"}),
    ("regiones", {"region": "CL", "concept": "exit", "window": "month", "exclude": "copper"}),
    ("explorar", {"concept": "comuna", "rows": "hs6"}),
    ("explorar", {"concept": "exit", "rows": "country", "cols": "month", "window": "month"}),
    ("explorar", {"concept": "exit", "metric": "hhi", "rows": "comuna"}),
    ("pymes", {"region": "08", "concept": "comuna", "sector": "prochile:forestal"}),
    ("verificar", {"number": "−12,3 %", "about": "growth", "region": "CL", "period": "octubre de 2025"}),
)


@pytest.mark.parametrize(("page", "parts"), ADDRESSES)
def test_a_concept_of_region_breaks_no_page(data: Path, page: str, parts: dict[str, str]) -> None:
    assert not opened(page, **parts).exception


def test_a_figure_that_fails_leaves_the_rest_of_the_page(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(edition: Any, question: Any) -> Any:
        if question.metric == "export_similarity":
            raise RuntimeError("a mistake of the program")
        return answer(edition, question)

    monkeypatch.setattr(app_data.answers, "answer", broken)
    with caplog.at_level(logging.ERROR):
        page = opened("regiones")
    assert not page.exception
    assert [caption.value for caption in page.caption].count(FAILED) == 1
    assert len(page.get("plotly_chart")) >= 4
    assert "a mistake of the program" in caplog.text and "mistake" not in str(page.main)
    caplog.clear()
