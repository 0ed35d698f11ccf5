"""Page `pymes`: growth three ways or the reason why not; what is published apart, each figure with its definition."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.opening import opened
from tests.ui.sample import sample


def charts(page: AppTest) -> str:
    return " ".join(chart.proto.alt.replace("\u00a0", " ") for chart in page.get("plotly_chart"))


def headline(page: AppTest) -> str:
    return page.subheader[0].value.replace("\u00a0", " ")


def test_the_headline_says_count_value_and_same_firms_together(data: Path) -> None:
    page = opened("pymes")
    assert not page.exception
    assert page.title[0].value == "Pymes exportadoras de Biobío"
    said = headline(page)
    assert "pasaron de 6 a 10 (+66,7 %)" in said
    assert "mismas empresas" in said
    assert "Crecimiento de tres maneras" in charts(page)


def test_the_rule_is_in_the_address_and_an_unknown_one_is_told(data: Path) -> None:
    page = opened("pymes")
    page.segmented_control(key="choice_size").set_value("mipyme").run()
    assert page.query_params["size"] == "mipyme"
    assert "no existe" in opened("pymes", size="enorme").error[0].value


def test_without_a_register_the_page_says_what_would_unlock_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    sample(tmp_path, with_register=False)
    page = opened("pymes")
    assert not page.exception
    assert "no hay dato" in headline(page)
    assert any("pulso load" in caption.value for caption in page.caption)


def test_published_shares_stand_side_by_side_with_what_each_counts(data: Path) -> None:
    page = opened("pymes")
    tables = [table.value.to_string() for table in page.table]
    assert any("68" in text and "44" in text and "MiPyme" in text for text in tables)


def test_the_weight_of_small_firms_stands_beside_what_was_said(data: Path) -> None:
    page = opened("pymes", size="mipyme")
    assert "Peso en" in charts(page) or any("SII" in caption.value for caption in page.caption)
    assert any("50 %" in text.value and "17 %" in text.value for text in page.markdown)
