"""The page `mercados`, from the router: what is published, the map, who came and who left."""

import json
from pathlib import Path

import pytest

from tests.ui.opening import opened
from tests.ui.test_resumen import charts, words
from tests.ui.test_sectores import press
from ui.charts.chart import DEMO_MARK

MAX_BYTES = 150_000


def test_it_leads_with_what_is_published_and_marks_what_it_computes(data: Path) -> None:
    app = opened("mercados")
    assert not app.exception
    assert app.title[0].value == "Mercados de Biobío"
    assert "suman el 50\u00a0% de lo exportado en 2025 (Aduanas)" in app.subheader[0].value
    marked = [DEMO_MARK in chart for chart in charts(app)]
    assert marked == sorted(marked)
    assert any(marked)


def test_the_map_holds_codes_and_no_outlines(data: Path) -> None:
    specs = [json.loads(chart.proto.spec) for chart in opened("mercados").get("plotly_chart")]
    maps = [spec for spec in specs if spec["data"][0]["type"] == "choropleth"]
    assert [spec["data"][0]["locations"] for spec in maps] == [["USA", "PER"]]
    assert all(len(json.dumps(spec)) < MAX_BYTES for spec in specs)


def test_a_destination_opens_in_one_click_and_the_map_keeps_all(data: Path) -> None:
    app = press(opened("mercados"), "Perú")
    assert app.query_params["country"] == "219"
    assert not app.exception
    assert "bienes (Perú)" in words(app)
    assert any('"PER"' in chart and '"USA"' in chart for chart in charts(app))


def test_without_comparison_nothing_is_called_new(data: Path) -> None:
    app = opened("mercados", compare="none")
    assert not app.exception
    assert "no se sabe qué mercados son nuevos" in words(app)


@pytest.mark.parametrize("address", [{"country": "99999"}, {"country": "x"}, {"region": "99"}])
def test_a_bad_link_gets_a_sentence(data: Path, address: dict[str, str]) -> None:
    app = opened("mercados", **address)
    assert not app.exception
    assert len(app.error) == 1
    assert not app.title


def test_blocs_are_drawn_and_said_not_to_add_up(data: Path) -> None:
    spec = next(chart for chart in charts(opened("mercados")) if "no se suman" in chart)
    assert "T-MEC" in spec
    assert "Alianza del Pacífico" in spec
