"""The page `sectores`, from the router: what is published, then the steps down to a destination."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.opening import opened
from tests.ui.test_resumen import charts, words
from ui.charts.chart import DEMO_MARK


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that name: a step before a row, as they stand on the page."""
    return next(button for button in app.button if button.label == label).click().run()


def test_it_leads_with_what_is_published_and_marks_what_it_computes(data: Path) -> None:
    app = opened("sectores")
    assert not app.exception
    assert app.title[0].value == "Sectores y productos de Biobío"
    assert app.subheader[0].value.startswith("Celulosa (producto) cayó 51,7\u00a0% en diciembre 2025 (INE)")
    assert [DEMO_MARK in chart for chart in charts(app)] == [False, False, True, True]


def test_each_step_is_one_click_that_writes_the_address(data: Path) -> None:
    app = press(opened("sectores"), "Industria forestal")
    assert app.query_params["sector"] == "prochile:forestal"
    for digits in ("44", "4407", "440710", "44071010"):
        app = press(app, digits)
        assert app.query_params["hs"] == digits
    app = press(app, "Estados Unidos")
    assert app.query_params["country"] == "225"
    assert not app.exception
    assert "código 44071010, Estados Unidos" in words(app)


def test_the_way_back_drops_what_came_after(data: Path) -> None:
    app = press(opened("sectores", sector="prochile:forestal", hs="4407", country="225"), "44")
    assert app.query_params["hs"] == "44"
    assert "country" not in app.query_params
    app = press(app, "Todo Biobío")
    assert not {"sector", "hs", "country"} & set(app.query_params)


@pytest.mark.parametrize("shown", ["meses", "precios", "destinos", "concentracion"])
@pytest.mark.parametrize("step", [{}, {"sector": "prochile:forestal"}, {"hs": "44071010"}])
def test_every_part_is_shown_at_every_step(data: Path, shown: str, step: dict[str, str]) -> None:
    app = opened("sectores", ver=shown, **step)
    assert not app.exception
    assert app.title


def test_without_comparison_what_needs_one_says_so(data: Path) -> None:
    app = opened("sectores", compare="none", ver="precios")
    assert not app.exception
    assert "compara dos períodos; quite compare=none" in words(app)


@pytest.mark.parametrize("address", [{"hs": "441"}, {"sector": "prochile:nada"}, {"region": "99"}, {"window": "x"}])
def test_a_bad_link_gets_a_sentence(data: Path, address: dict[str, str]) -> None:
    app = opened("sectores", **address)
    assert not app.exception
    assert len(app.error) == 1
    assert not app.title


def test_several_regions_have_no_published_band(data: Path) -> None:
    app = opened("sectores", region="08,16")
    assert app.title[0].value == "Sectores y productos de Biobío y Ñuble"
    assert "Lo publicado es de una región a la vez" in words(app)
