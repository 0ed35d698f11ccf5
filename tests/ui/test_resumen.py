"""The page `resumen`, from the router, on a small edition with the real published figures."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from indicators.question.scope import REGIONS
from tests.ui.opening import opened
from tests.ui.sample import sample
from ui.charts.chart import DEMO_MARK


def words(page: AppTest) -> str:
    """Every text of the page as a reader sees it, without Markdown's escapes and with plain spaces."""
    elements = [*page.title, *page.header, *page.subheader, *page.markdown, *page.caption, *page.error, *page.warning]
    texts = [str(element.value) for element in elements] + [f"{one.label}: {one.value}" for one in page.metric]
    return re.sub(r"\\(.)", r"\1", "\n".join(texts)).replace("\u00a0", " ")


def metric(page: AppTest, label: str) -> Any:
    return next(one for one in page.metric if one.label == label)


def charts(page: AppTest) -> list[str]:
    return [json.dumps(json.loads(chart.proto.spec), ensure_ascii=False) for chart in page.get("plotly_chart")]


def test_it_opens_on_biobio_and_leads_with_what_is_published(data: Path) -> None:
    page = opened("resumen")
    assert not page.exception
    assert page.title[0].value == "Exportaciones de Biobío"
    assert metric(page, "Valor exportado").value.replace("\\", "") == "US$\u00a04.230,0 millones"
    assert metric(page, "Variación").value == "−18,5\u00a0%"
    assert metric(page, "Parte del país").value == "3,95\u00a0%"
    assert "exportó US$ 4.230,0 millones en 2025 (bienes, INE), 18,5 % menos" in words(page)


def test_the_share_is_shown_under_each_denominator_with_its_publisher(data: Path) -> None:
    table = next(t.value for t in opened("resumen").table if "Parte" in t.value and "Publicado por" in t.value)
    row = table[table["Total de"].str.startswith("bienes y servicios sin cobre ni litio, 2024")].iloc[0]
    assert "12,17" in row["Parte"]
    assert row["Publicado por"].startswith("[ProChile")


def test_computed_figures_come_after_and_wear_the_mark(data: Path) -> None:
    page = opened("resumen")
    assert metric(page, "Exportaciones de bienes").value.replace("\\", "") == "US$\u00a086,0 millones"
    assert metric(page, "Exportaciones de bienes").delta == "−21,8\u00a0%"
    assert metric(page, "Pymes exportadoras").value == "10 empresas"
    assert page.warning[0].value.startswith("Las cifras de esta parte salen de registros sintéticos")
    said = page.subheader[-1].value
    assert said.startswith("En enero–octubre 2025, Biobío exportó") and said.endswith(DEMO_MARK)


def test_every_computed_chart_carries_the_mark_inside_and_no_published_one_does(data: Path) -> None:
    marked = [DEMO_MARK in chart for chart in charts(opened("resumen"))]
    assert marked == [False, False, False, True, True]


def test_chart_titles_state_the_finding(data: Path) -> None:
    titles = [
        json.loads(chart)["layout"]["title"]["text"].replace("<br>", " ").replace("\u00a0", " ")
        for chart in charts(opened("resumen"))
    ]
    assert titles == [
        "Celulosa (producto) cayó 51,7 % en diciembre 2025 · Biobío",
        "Forestales y sus derivados, Productos del mar y Frutas y frutos suman el 86 % de lo exportado en 2025; "
        "«Resto No minería», otro 9 % · Biobío",
        "China, Estados Unidos y Corea del Sur suman el 50 % de lo exportado en 2025 · Biobío",
        "Industria forestal restó 27,3 pp a las exportaciones de Biobío; Manufacturas sumó 5,5 pp",
        "Biobío exportó 21,8 % menos en 12 meses a octubre de 2025 que un año antes",
    ]


def test_every_chart_has_title_source_and_text_alternative(data: Path) -> None:
    page = opened("resumen")
    for chart, spec in zip(page.get("plotly_chart"), charts(page), strict=True):
        assert "Fuente: " in spec
        assert json.loads(spec)["layout"]["title"]["text"]
        assert chart.proto.alt


def test_a_link_opens_its_region(data: Path) -> None:
    assert opened("resumen", region="16").title[0].value == "Exportaciones de Ñuble"


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_has_its_page(data: Path, region: str) -> None:
    page = opened("resumen", region=region)
    assert not page.exception
    assert page.title[0].value.startswith("Exportaciones de ")
    assert all(json.loads(chart)["layout"]["title"]["text"] for chart in charts(page))


def test_the_country_and_old_biobio_have_their_page(data: Path) -> None:
    whole = opened("resumen", region="CL")
    assert whole.title[0].value == "Exportaciones de Chile"
    assert metric(whole, "Valor exportado").value != "s/d"
    assert not any("Parte del país" in str(one.value) for one in [*whole.metric, *whole.subheader])
    both = opened("resumen", region="08,16")
    assert both.title[0].value == "Exportaciones de Biobío y Ñuble"
    assert "una región a la vez" in words(both)
    assert not both.exception and not whole.exception


def test_the_period_is_chosen_as_on_every_page(data: Path) -> None:
    page = opened("resumen", window="2025-10", compare="none")
    assert not page.exception
    assert page.subheader[-1].value.startswith("En octubre 2025, Biobío exportó")
    assert "quite compare=none" in words(page)  # what compares two periods says so in its own place


def test_choosing_a_region_changes_page_and_address(data: Path) -> None:
    page = opened("resumen")
    page.selectbox(key="choice_region").set_value("16").run()
    assert page.title[0].value == "Exportaciones de Ñuble"
    assert page.query_params["region"] == "16"


def test_an_unknown_region_is_told_and_no_other_is_shown_in_its_place(data: Path) -> None:
    page = opened("resumen", region="99")
    assert not page.exception
    assert "La región «99» no existe" in words(page)
    assert not page.metric
    page.selectbox(key="choice_region").set_value("08").run()
    assert page.title[0].value == "Exportaciones de Biobío"


@pytest.mark.parametrize("asked", ["xyz", "../../etc/passwd", "<script>"])
def test_an_unknown_edition_is_told(data: Path, asked: str) -> None:
    page = opened("resumen", edition=asked)
    assert not page.exception
    assert f"No existe la edición «{asked}»" in words(page)
    assert not page.metric


def test_a_broken_edition_file_is_told(data: Path) -> None:
    (data / "editions" / "rota.duckdb").write_bytes(b"not a database")
    page = opened("resumen", edition="rota")
    assert not page.exception
    assert "La edición «rota» no se puede leer" in words(page)
    assert opened("resumen").title[0].value == "Exportaciones de Biobío"


def test_a_region_without_records_says_why_and_keeps_its_published_figures(data: Path) -> None:
    page = opened("resumen", region="12")
    assert not page.exception
    assert "Magallanes" in words(page)
    assert metric(page, "Valor exportado").value != "s/d"
    assert metric(page, "Exportaciones de bienes").value.replace("\\", "") == "US$\u00a00"
    assert "Sin base: no hubo exportaciones en el período de comparación" in words(page)


def test_an_edition_without_register_says_what_is_needed_for_pymes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample(tmp_path, with_register=False)
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    page = opened("resumen")
    assert metric(page, "Pymes exportadoras").value == "s/d"
    assert "Esta edición no tiene un registro de exportadores" in words(page)


def test_an_official_edition_has_no_demo_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample(tmp_path, kind="official")
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    page = opened("resumen")
    assert not page.warning
    assert not any(DEMO_MARK in chart for chart in charts(page))
    assert "demostración" not in words(page).lower()


def test_a_new_edition_is_noticed_on_the_next_interaction(data: Path) -> None:
    page = opened("resumen")
    sample(data, factor=2)
    page.run()
    assert not page.exception
    assert "172,0" in metric(page, "Exportaciones de bienes").value


def test_a_pinned_link_keeps_its_edition_when_a_new_one_comes(data: Path, sample_file: Path) -> None:
    page = opened("resumen", edition=sample_file.stem)
    sample(data, factor=2)
    page.run()
    assert "86,0" in metric(page, "Exportaciones de bienes").value


@pytest.mark.parametrize("name", ["resumen", "sectores", "pymes", "mercados", "servicios"])
def test_what_a_demonstration_says_in_a_sentence_is_marked_in_it(data: Path, name: str) -> None:
    *published, computed = (one.value.replace("\\", "") for one in opened(name).subheader)
    assert computed.endswith(DEMO_MARK)
    assert not any(DEMO_MARK in one for one in published), "published figures are real"
