"""Page `explorar`: any metric by any two dimensions under the filters, and SQL that only reads."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from indicators.console import queries
from tests.ui import screen_texts
from tests.ui.opening import opened


def test_the_table_has_a_figure_for_each_part(data: Path) -> None:
    page = opened("explorar", rows="region")
    assert not page.exception
    assert page.title[0].value == "Explorar"
    frame = page.dataframe[0].value
    assert any(text.value == "**Valor exportado, Chile, enero–octubre 2025**" for text in page.markdown), page.markdown
    assert page.dataframe[0].proto.placeholder == "s/d"  # a cell without a figure would read «None»
    assert list(frame.index) == ["Biobío", "Ñuble"]
    assert frame["Total"].iloc[0] == 10 * (6_000_000 + 2_600_000)


def test_rows_and_columns_are_in_the_address(data: Path) -> None:
    page = opened("explorar")
    page.selectbox(key="choice_cols").set_value("region").run()
    page.selectbox(key="choice_rows").set_value("country").run()
    assert page.query_params["cols"] == "region"
    assert page.query_params["rows"] == "country"
    assert list(page.dataframe[0].value.columns) == ["Biobío", "Ñuble"]


@pytest.mark.parametrize("look", ["heat", "lines", "bars", "tree"])
def test_every_look_draws_the_same_figures(data: Path, look: str) -> None:
    page = opened("explorar", rows="region", cols="month", look=look)
    assert not page.exception
    assert len(page.get("plotly_chart")) == 1


def test_what_cannot_be_asked_is_told(data: Path) -> None:
    page = opened("explorar", metric="location_quotient")
    assert not page.exception
    assert any("pida una región" in caption.value for caption in page.caption)
    assert "no existe" in opened("explorar", metric="nada").error[0].value


def run(page: AppTest) -> AppTest:
    """Press «Consultar»."""
    return next(button for button in page.button if button.label in ("Consultar", "Run")).click().run()


def texts(page: AppTest) -> str:
    return "\n".join(screen_texts.texts(page))


def test_a_query_in_the_address_is_shown_and_waits_for_a_click(data: Path) -> None:
    sql = "SELECT count(*) AS n FROM core_region WHERE is_region"
    page = opened("explorar", tool="sql", sql=sql)
    assert page.text_area[0].value == sql
    assert "vino en el enlace" in page.info[0].value
    assert not page.dataframe
    run(page)
    assert page.dataframe[0].value["n"].iloc[0] == 16
    assert not page.info


def test_the_query_that_was_run_is_in_the_address(data: Path) -> None:
    page = opened("explorar", tool="sql")
    page.text_area[0].set_value("SELECT 7 AS n")
    run(page)
    assert page.query_params["sql"] == "SELECT 7 AS n"
    assert page.dataframe[0].value["n"].iloc[0] == 7


def test_rows_of_a_query_carry_band_mark_source_and_files(data: Path) -> None:
    page = run(opened("explorar", tool="sql"))
    assert not page.exception
    assert "Lo que calcula la edición" in [header.value for header in page.header]
    assert any("Datos de demostración. No citar." in mark.value for mark in page.markdown)
    assert any("Fuente\\: Servicio Nacional de Aduanas" in caption.value for caption in page.caption)
    assert [button.label for button in page.get("download_button")] == ["CSV", "Excel", "Parquet"]
    frame = page.dataframe[0].value
    assert list(frame.columns) == ["month", "fob_usd"]
    assert len(frame) == 24


def test_no_filter_stands_above_sql(data: Path) -> None:
    page = opened("explorar", tool="sql")
    assert [box.label for box in page.selectbox] == ["Edición de datos"]
    assert not page.multiselect


@pytest.mark.parametrize(
    ("lang", "sentence"), [("es", "La columna «nada» no existe"), ("en", "The column “nada” does not exist")]
)
def test_what_is_wrong_with_a_query_is_told_in_the_reader_s_language(data: Path, lang: str, sentence: str) -> None:
    page = run(opened("explorar", tool="sql", lang=lang, sql="SELECT nada FROM core_region"))
    assert sentence in page.error[0].value
    assert not page.dataframe


def test_rows_of_a_query_are_told_in_english(data: Path) -> None:
    page = run(opened("explorar", tool="sql", lang="en", sql="SELECT 1 AS n"))
    assert any("Source" in one.value and "1 rows in" in one.value for one in page.caption)
    assert any("Demonstration data. Do not cite." in mark.value for mark in page.markdown)


def test_where_a_query_is_wrong_is_shown(data: Path) -> None:
    page = run(opened("explorar", tool="sql", sql="SELEC 1"))
    assert page.code[0].value == "SELEC 1\n^^^^^"


def test_a_query_that_waits_says_so(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: Any, sql: str, *, tell: Callable[[int], None]) -> queries.Result:
        tell(3)
        return queries.Result(("n",), ((1,),), is_cut=False, seconds=0.1)

    monkeypatch.setattr(queries, "run", busy)
    shown: list[str] = []
    monkeypatch.setattr(DeltaGenerator, "info", lambda _, body, **__: shown.append(body))
    page = run(opened("explorar", tool="sql"))
    assert shown == ["Otras consultas están corriendo; la suya es la número 3 de la fila."]
    assert page.dataframe[0].value["n"].iloc[0] == 1


def test_a_public_start_offers_sql_only_where_it_is_asked_for(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    page = opened("explorar", tool="sql", sql="SELECT 1")
    assert "no ofrece consultas SQL" in page.error[0].value
    assert not page.text_area
    assert "SQL" not in texts(opened("explorar"))
    monkeypatch.setenv("PULSO_CONSOLE", "1")
    page = run(opened("explorar", tool="sql", sql="SELECT 1 AS n"))
    assert page.dataframe[0].value["n"].iloc[0] == 1


def test_hostile_text_in_sql_is_shown_as_text(data: Path) -> None:
    page = run(opened("explorar", tool="sql", sql="SELECT '<script>alert(1)</script>' AS \"<b>x</b>\""))
    assert not page.exception
    assert page.dataframe[0].value.iloc[0, 0] == "<script>alert(1)</script>"
