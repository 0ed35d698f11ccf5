"""Page `servicios`: what is published and what is computed apart, types with their coverage, links, bad links."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.opening import opened
from tests.ui.test_resumen import charts, words
from ui.charts.chart import DEMO_MARK
from words.letters import plain_letters


def alts(app: AppTest) -> str:
    return " ".join(chart.proto.alt.replace("\u00a0", " ") for chart in app.get("plotly_chart"))


def said(app: AppTest) -> str:
    return words(app).replace("\u00a0", " ")


def test_it_leads_with_what_is_published_and_marks_what_it_computes(data: Path) -> None:
    app = opened("servicios")
    assert not app.exception
    assert app.title[0].value == "Servicios de Biobío"
    assert "17,6 millones en 2025 (Aduanas)" in app.subheader[0].value.replace("\u00a0", " ")
    marked = [DEMO_MARK in chart for chart in charts(app)]
    assert marked == sorted(marked)
    assert marked.count(False) == 4


def test_the_balance_of_payments_is_warned_of_and_never_mixed(data: Path) -> None:
    for address in ({}, {"region": "CL"}, {"service_type": "logistica"}):
        assert "es varias veces mayor y nunca se suma ni se compara" in said(opened("servicios", **address))


def test_the_nation_shows_both_publishers_side_by_side(data: Path) -> None:
    app = opened("servicios", region="CL")
    values = [metric.value.replace("\u00a0", " ") for metric in app.metric][:3]
    assert values == [r"US\$ 3.132 millones", "+9,1 %", r"US\$ 3.328 millones"]
    assert "**547 empresas**" in list(app.table[0].value["Valor"])


def test_the_published_charts_say_their_findings(data: Path) -> None:
    found = alts(opened("servicios"))
    assert "pasaron de US$ 1.166,5 millones en 2012 a US$ 3.328" in found
    assert "TIC: 34 % de los servicios que exportó Chile en enero–noviembre 2025" in found
    assert "Estados Unidos compra el 35 %" in found
    assert "Metropolitana reúne el 97 %" in found


def test_types_are_shown_with_the_part_of_the_value_they_are_known_of(data: Path) -> None:
    assert "se reconoce el tipo del 100 % del valor" in alts(opened("servicios"))
    assert "se reconoce el tipo del 50 % del valor" in alts(opened("servicios", region="CL"))
    assert "Ningún texto de este corte dice qué servicio es" in alts(opened("servicios", region="16"))


def test_services_weigh_against_goods_and_services(data: Path) -> None:
    assert "Los servicios son el 4,97 % de lo que exportó Biobío" in alts(opened("servicios"))


def test_a_link_to_one_type_shows_that_type_and_keeps_all_types_beside_it(data: Path) -> None:
    app = opened("servicios", service_type="logistica")
    assert not app.exception
    assert "servicios (Logística y transporte)" in said(app)
    assert "El registro de exportadores no dice el tipo de servicio" in said(app)
    assert any("Tecnología e informática" in chart for chart in charts(app))


def test_a_region_without_services_says_so(data: Path) -> None:
    app = opened("servicios", region="11")
    assert not app.exception
    assert "No hay cifras publicadas de los servicios que exporta Aysén" in app.subheader[0].value


@pytest.mark.parametrize("address", [{"service_type": "turismo"}, {"service_type": "<b>"}, {"region": "99"}])
def test_a_bad_link_gets_a_sentence(data: Path, address: dict[str, str]) -> None:
    app = opened("servicios", **address)
    assert not app.exception
    assert len(app.error) == 1
    assert not app.title


def test_types_stand_in_the_order_of_the_alphabet(data: Path) -> None:
    options = next(one for one in opened("servicios").multiselect if one.key == "choices_service_type").options
    assert len(options) > 5 and options == sorted(options, key=plain_letters)
