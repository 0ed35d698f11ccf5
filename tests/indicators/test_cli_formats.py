"""Whatever the format, the figure is the same: text, JSON, CSV and receipt of every metric, demo mark included."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from editions.errors import NO_DATA
from indicators.__main__ import main
from indicators.engine.result import DEMO
from indicators.metrics.definitions import Example, examples
from tests.editions import example_edition
from words.formats import quantity

EXAMPLES = examples()
NUMBERS = ("value", "base", "change", "growth", "share", "contribution")


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Ask every format about the example of a metric, in an edition of the given kind."""
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)

    def ask(example: Example, kind: str) -> dict[str, str]:
        (tmp_path / "editions").mkdir()
        edition = example_edition(tmp_path / "editions", example, kind=kind)
        (tmp_path / "editions" / "CURRENT").write_text(edition.id)
        texts, codes = {}, []
        for name in ("text", "json", "csv", "receipt"):
            command = ["receipt"] if name == "receipt" else ["answer", "--format", name]
            codes.append(main([*command, example.question]))
            texts[name] = capsys.readouterr().out
        facts = json.loads(texts["json"])
        has_data = any(part["value"] is not None for part in (facts, *facts["rows"]))
        assert codes == [0 if has_data else NO_DATA] * 4
        return texts

    return ask


@pytest.mark.parametrize(
    ("example", "kind"),
    [*((example, "private") for example in EXAMPLES), *((example, "demo") for example in EXAMPLES[::4])],
    ids=lambda value: getattr(value, "question", value),
)
def test_every_format_gives_the_same_figures(example: Example, kind: str, said: Any) -> None:
    texts = said(example, kind)
    facts = json.loads(texts["json"])
    kept = json.loads(texts["receipt"])["answer"]
    table = list(csv.DictReader(line for line in texts["csv"].splitlines() if not line.startswith("#")))

    assert {name: kept[name] for name in NUMBERS[:5]} == {name: facts[name] for name in NUMBERS[:5]}
    assert [row["value"] for row in kept["rows"]] == [row["value"] for row in facts["rows"]]
    expected = facts["rows"] or [facts | {"key": "total", "contribution": None}]
    assert [row["key"] for row in table] == [row["key"] for row in expected]
    for row, right in zip(table, expected, strict=True):
        assert {name: float(row[name]) if row[name] else None for name in NUMBERS} == {
            name: right[name] for name in NUMBERS
        }
    if facts["value"] is not None:  # an answer of parts only has no figure of its own
        assert f"{facts['label']}: {quantity(facts['value'], facts['unit'])}" in texts["text"]
    for row in facts["rows"]:
        assert f"{row['label']} [{row['key']}]: {quantity(row['value'], row['unit'] or facts['unit'])}" in texts["text"]
    is_synthetic = kind == "demo" and facts["badge"] != "publicado"  # what the SII counts is real in every edition
    assert all((DEMO.text in text) == is_synthetic for text in texts.values())
    assert all(facts["question"] in text for text in texts.values())
