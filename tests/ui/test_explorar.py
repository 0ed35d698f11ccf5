"""Page `explorar`: any metric by any two dimensions under the filters, and SQL that only reads."""

from pathlib import Path

import pytest

from tests.ui.opening import opened


def test_the_table_has_a_figure_for_each_part(data: Path) -> None:
    page = opened("explorar", rows="region")
    assert not page.exception
    assert page.title[0].value == "Explorar"
    frame = page.dataframe[0].value
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


def test_sql_reads_and_does_nothing_else(data: Path) -> None:
    page = opened("explorar", tool="sql", sql="SELECT count(*) AS n FROM core_region WHERE is_region")
    assert page.dataframe[0].value["n"].iloc[0] == 16
    page = opened("explorar", tool="sql", sql="DROP TABLE core_region")
    assert "sólo se lee" in page.error[0].value
    assert not page.dataframe


def test_hostile_text_in_sql_is_shown_as_text(data: Path) -> None:
    page = opened("explorar", tool="sql", sql="SELECT '<script>alert(1)</script>' AS \"<b>x</b>\"")
    assert not page.exception
    assert page.dataframe[0].value.iloc[0, 0] == "<script>alert(1)</script>"
