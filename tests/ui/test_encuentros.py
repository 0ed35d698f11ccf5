"""Page `encuentros`: every event with its source, what is missing said so, and text of the office shown as text."""

from pathlib import Path

import duckdb
import pytest

from tests.ui.opening import opened
from tests.ui.sample import sample

HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1))"


@pytest.fixture
def with_rounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    edition_id = sample(tmp_path)
    with duckdb.connect(str(tmp_path / "editions" / f"{edition_id}.duckdb")) as edition:
        edition.execute(
            "INSERT INTO core_business_round (origin, event, edition, starts_on, ends_on, date_precision, region_code, "
            "n_companies, n_rounds, source, source_url) VALUES "
            "('published', 'Redes', '2025', DATE '2025-11-01', DATE '2025-11-30', 'month', '08', 1300, 450, 'ASEM', "
            "'https://example.cl/redes'), ('office', $hostile, '2024', DATE '2024-01-01', DATE '2024-12-31', 'year', "
            "'08', NULL, NULL, $hostile, 'javascript:alert(1)')",
            {"hostile": HOSTILE},
        )
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    return tmp_path


def test_events_are_listed_with_source_and_what_nobody_said(with_rounds: Path) -> None:
    page = opened("encuentros")
    assert not page.exception
    assert page.title[0].value == "Encuentros de negocios"
    listed = page.table[0].value.to_string()
    assert "1.300" in listed and "450" in listed and "s/d" in listed
    assert "https://example.cl/redes" in listed


def test_text_of_the_office_is_shown_as_text(with_rounds: Path) -> None:
    listed = opened("encuentros").table[0].value.to_string()
    assert "<script>" not in listed.replace("\\<script\\>", "")
    assert "(<javascript:" not in listed


def test_a_region_without_events_says_so_and_how_to_add_them(with_rounds: Path) -> None:
    page = opened("encuentros", region="12")
    assert not page.exception
    assert "No hay encuentros de Magallanes" in page.info[0].value
    assert any("pulso load encuentros.csv" in code.value for code in page.code)


def test_an_unknown_region_is_told(with_rounds: Path) -> None:
    assert "no existe" in opened("encuentros", region="99").error[0].value
