"""Page `datos`: what is loaded, how it was checked, what was revised and what everything means."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from editions.folders import Workspace
from editions.store import current_id, edition_path
from etl.load import load
from etl.progress import quiet
from tests.etl.customs_text import write_month
from tests.ui.opening import opened


@pytest.fixture
def shown(built_demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULSO_DATA", str(built_demo.root))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    return built_demo.root


def everything(page: AppTest) -> str:
    tables = [table.value.to_string() for table in page.table]
    texts = [one.value for one in (*page.markdown, *page.caption, *page.subheader, *page.code)]
    return " ".join([*tables, *texts, *(box.label for box in page.expander)]).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("fuentes", ("registros mensuales", "enero 2023 – octubre 2025", "34")),
        ("calidad", ("filas cortadas", "rechazadas", "total de cada declaración", "no aplica")),
        ("revisiones", ("Triángulo de revisiones", "oct 25", "sin cambio")),
        ("conciliacion", ("dentro", "INE")),
        ("definiciones", ("Valor exportado", "fob")),
        ("diccionario", ("core_region", "Columna")),
        ("ediciones", ("?edition=demo-2025-10",)),
        ("descargas", ("pulso release",)),
    ],
)
def test_every_part_shows_what_it_names(shown: Path, part: str, words: tuple[str, ...]) -> None:
    page = opened("datos", ver=part)
    assert not page.exception
    assert page.title[0].value == "Datos"
    said = everything(page)
    for word in words:
        assert word in said.replace("\\", ""), word


def test_a_month_missing_between_others_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write_month(tmp_path, date(2024, month, 1)) for month in (1, 3)]
    load(paths, Workspace(tmp_path / "data"), progress=quiet())
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "data"))
    (warning,) = opened("datos", ver="fuentes").warning
    assert "falta febrero 2024, con meses antes y después" in warning.value


def test_the_demo_is_marked(shown: Path) -> None:
    assert opened("datos", ver="conciliacion").warning


def test_an_unknown_part_is_told(shown: Path) -> None:
    assert "no existe" in opened("datos", ver="nada").error[0].value


def test_definitions_are_found_by_a_word(shown: Path) -> None:
    page = opened("datos", ver="definiciones")
    page.text_input(key="definition").set_value("supervivencia").run()
    assert [box.label.split(" · ")[0] for box in page.expander] == ["Supervivencia de cada generación"]


def test_a_source_of_which_no_day_is_told_has_a_dash(own_demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSO_DATA", str(own_demo.root))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    with duckdb.connect(str(edition_path(own_demo, str(current_id(own_demo))))) as edition:
        edition.execute("UPDATE meta_source SET retrieved_on = NULL WHERE source_id = 'registro'")
    page = opened("datos")
    assert not page.exception
    assert list(page.table[0].value.iloc[:, -1]).count("–") == 1
