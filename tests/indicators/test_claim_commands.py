"""`verify` and `published` on the command line: the same figures in text and JSON, errors in one sentence."""

import json
from pathlib import Path

import pytest

from editions.errors import NO_DATA
from indicators.__main__ import main
from tests.published_editions import real_ledger


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "editions").mkdir()
    edition = real_ledger(tmp_path / "editions", kind="demo")
    (tmp_path / "editions" / "CURRENT").write_text(edition.id)
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out.replace("\u00a0", " ")


def test_a_claim_is_verified_in_text_and_json_alike(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("verify", "12%", "--region", "08", "--about", "share", "--period", "2024")
    text = run(capsys, *asked)
    facts = json.loads(run(capsys, *asked, "--format", "json"))
    assert [one["value_text"] for one in facts["published"] if one["is_hit"]] == ["12,17 %", "11,66 %"]
    assert (facts["readings_tried"]["published"], facts["hits"]["published"]) == (4, 2)
    for one in facts["published"]:
        assert f"  {one['value_text']} ({one['standing']}): {one['definition']}" in text
        assert all(url in text for url in one["urls"])
    for words in (facts["outcome"], facts["summary"], facts["tolerance"], *facts["printable"], *facts["forbidden"]):
        assert words in text
    assert facts["claim"]["period"]["label"] == "2024"
    assert facts["said_by"][0]["publisher"] == "ProChile" and facts["said_by"][0]["source_urls"][0] in text


def test_what_cannot_be_checked_says_what_would_settle_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "verify", "42 %", "--region", "08", "--about", "growth_sme", "--period", "2025")
    assert text.startswith("«42 %» no se puede comprobar")
    assert "posterior a 2016" in text.split("Qué lo zanjaría:")[1]
    assert "Se puede publicar:\n  (ninguna)" in text


def test_published_lists_figures_with_publisher_address_and_identifier(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "published", "--region", "08", "--metric", "share_national", "--period", "2024")
    (line,) = [line for line in text.splitlines() if line.startswith("12,17 %")]
    assert "bienes y servicios sin cobre ni litio" in line and "[PF0342, PF0882]" in line and "https://" in line
    facts = json.loads(
        run(capsys, "published", "--region", "Biobío", "--scope", "goods", "--metric", "growth", "--format", "json")
    )
    assert facts and {(one["scope"], one["metric"]) for one in facts} == {("goods", "growth")}
    assert all(one["figure_ids"] and one["publisher"] and one["period"]["label"] for one in facts)


def test_nothing_published_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["published", "--region", "08", "--period", "1950"]) == NO_DATA
    assert capsys.readouterr().out == "No hay cifras publicadas de eso.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("verify", "mucho", "--about", "share"), "«mucho» no es una cifra"),
        (("verify", "12 %", "--about", "astrology"), "El tema «astrology» no existe; use share"),
        (("verify", "12 %", "--about", "share", "--region", "99"), "La región «99» no existe"),
        (("verify", "12 %", "--about", "share", "--period", "siempre"), "El período «siempre» no se entiende"),
        (("published", "--region", "99"), "La región «99» no existe"),
        (("published", "--edition", "xyz"), "No existe la edición «xyz»"),
    ],
)
def test_an_error_is_one_sentence_and_exit_code_one(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith(told) and captured.err.count("\n") == 1
