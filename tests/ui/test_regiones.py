"""Page `regiones`: the 16 beside each other, one against its peers; what cannot be shown is said."""

import gc
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.editions import handles_on, needs_open_files
from tests.ui.opening import opened
from tests.ui.sample import sample


def charts(page: AppTest) -> list[str]:
    return [chart.proto.alt.replace("\u00a0", " ") for chart in page.get("plotly_chart")]


def test_published_and_computed_stand_apart_and_the_demo_is_marked(data: Path) -> None:
    page = opened("regiones")
    assert not page.exception
    assert page.title[0].value == "Regiones"
    assert [header.value for header in page.header] == ["Lo publicado", "Lo que calcula la edición", "Biobío"]
    assert page.warning


def test_the_titles_say_the_findings(data: Path) -> None:
    said = " ".join(charts(opened("regiones")))
    assert "Antofagasta, Metropolitana y Valparaíso suman el 55 % de lo que exportaron las regiones en 2025" in said
    assert "es la que más exporta" in said
    assert "sea cual sea el total que se mire" in said
    assert "exporta lo más parecido a Biobío" in said


def test_growth_counts_the_regions_that_grew(data: Path) -> None:
    said = " ".join(charts(opened("regiones", measure="growth")))
    assert "0 de 2 regiones exportaron más" in said


def test_an_unknown_measure_is_told(data: Path) -> None:
    page = opened("regiones", measure="nada")
    assert "«nada» no existe" in page.error[0].value


def test_a_region_that_exports_nothing_has_no_peers_and_the_page_says_so(data: Path) -> None:
    page = opened("regiones", region="12")
    assert not page.exception
    assert not any("parecido" in alt for alt in charts(page))


@needs_open_files
def test_a_page_lets_go_of_an_edition_that_was_pruned(data: Path) -> None:
    old = next((data / "editions").glob("*.duckdb"))
    assert not opened("regiones").exception
    assert handles_on(old)
    sample(data)
    old.unlink()
    assert not opened("regiones").exception
    gc.collect()
    assert not handles_on(old)
