"""The menu under charts and figures: closed it costs nothing, open it has table, files, links, citation and SQL."""

import base64
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from editions import edition as editions
from indicators.engine.answer import answer
from indicators.engine.result import DEMO
from indicators.question.question import Question
from tests.ui.opening import opened
from tests.ui.sample import sample
from tests.ui.test_resumen import words
from ui.blocks import chart_menu
from ui.charts import answers
from ui.charts.chart import Chart

MENU = "menu_contribuciones"
HOSTILE = '"><script>alert(1)</script>'


def with_menus(part: str = "", **address: str) -> AppTest:
    page = opened(**address)
    page.session_state[MENU] = True
    page.run()
    if part:
        next(one for one in page.button_group if one.key == "part_contribuciones").set_value(part)
        page.run()
    assert not page.exception
    return page


def codes(page: AppTest) -> list[str]:
    return [one.value for one in page.code]


def movers(data: Path) -> Chart:
    found = answer(editions.open_edition(data), Question.parse("contribution_pp?region=08&split=sector:prochile"))
    chart = answers.movers(found)
    assert chart is not None
    return chart


def test_closed_menus_make_nothing(data: Path) -> None:
    page = opened()
    assert not page.get("download_button") and not page.code and not page.button_group


def test_an_open_menu_offers_every_file_by_its_name(data: Path, sample_file: Path) -> None:
    labels = [one.proto.label for one in with_menus().get("download_button")]
    assert labels == ["PNG", "SVG", "CSV", "Excel", "Texto", "CSV con todo", "Parquet", "Recibo JSON"]


def test_the_table_says_what_is_drawn_in_spanish(data: Path) -> None:
    table = next(one for one in with_menus().table if list(one.value.columns) == ["Dato", "Valor"])
    assert table.value.iloc[0].tolist() == ["Industria forestal", "−27,3\u00a0pp"]
    assert table.proto.alt


def test_links_are_live_and_pinned_and_keep_the_view(
    data: Path, sample_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_URL", "https://pulso.example.cl/tablero/")
    live, pinned, frame = codes(with_menus("Enlaces", region="16"))
    assert live == "https://pulso.example.cl/tablero/?region=16"
    assert pinned == f"{live}&edition={sample_file.stem}"
    assert frame.startswith(f'<iframe src="{live.replace("&", "&amp;")}&amp;embed=true"')


@pytest.mark.parametrize("base", ["javascript:alert(1)", 'https://x"><script>', "ftp://x", "pulso.example.cl"])
def test_a_base_address_that_is_none_is_not_used(base: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSO_URL", base)
    assert base not in "".join(codes(with_menus("Enlaces")))


def test_the_citation_is_whole_and_warns_of_demo_figures(data: Path, sample_file: Path) -> None:
    (said,) = codes(with_menus("Citar"))
    assert re.match(r"Pulso Exportador\. \(\d{4}\)\. Industria forestal restó .* \[Gráfico\]\. Edición demo-", said)
    assert "Servicio Nacional de Aduanas" in said and f"edition={sample_file.stem}" in said
    assert said.endswith(f"({DEMO.text})")


def test_the_sql_behind_is_shown_with_its_values(data: Path) -> None:
    statements = codes(with_menus("SQL"))
    assert statements and all("SELECT" in one for one in statements)
    assert any(re.search(r"^-- \$\w+ = ", one, re.MULTILINE) for one in statements)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    return parser.tags


def test_code_to_embed_holds_no_markup_of_the_data(data: Path) -> None:
    chart = movers(data)
    hostile = replace(chart, caption=replace(chart.caption, title=HOSTILE, source=HOSTILE), alt=HOSTILE)
    stamp = chart_menu.stamp(hostile, HOSTILE, HOSTILE, date(2026, 1, 2))
    ((tag, said),) = tags(chart_menu.frame(f"https://x.cl/?a={HOSTILE}", HOSTILE))
    assert (tag, said["title"]) == ("iframe", HOSTILE)
    frozen = chart_menu.frozen(hostile, b"<svg/>", chart_menu.citation(hostile, stamp, date(2026, 1, 2)), HOSTILE)
    assert [name for name, _ in tags(frozen)] == ["figure", "img", "figcaption", "a"]
    image = dict(tags(frozen))["img"]
    assert base64.b64decode(str(image["src"]).partition(",")[2]) == b"<svg/>"


def test_a_figure_has_its_receipt_row_and_pinned_link(data: Path, sample_file: Path) -> None:
    page = opened()
    key = f"Exportaciones de bienes_{answer(editions.open_edition(data), Question.parse('fob?region=08')).question}"
    page.session_state[f"menu_{key}"] = True
    page.run()
    assert [one.proto.label for one in page.get("download_button")] == ["Recibo JSON", "CSV"]
    assert codes(page)[0].startswith("fob?region=08") and sample_file.stem in codes(page)[1]


def test_a_pinned_link_says_the_old_figure_the_new_one_and_why(data: Path, sample_file: Path) -> None:
    sample(data, factor=2)
    page = opened(edition=sample_file.stem)
    said = page.info[0].value.replace("\\", "").replace("\u00a0", " ")
    assert f"Este enlace muestra la edición {sample_file.stem}" in said
    assert "US$ 86,0 millones en la edición del enlace, US$ 172,0 millones en la vigente" in said
    assert "Por qué: " in said
    assert "86,0" in words(page)


def test_a_pinned_link_of_the_current_edition_says_nothing(data: Path, sample_file: Path) -> None:
    assert not opened(edition=sample_file.stem).info
    assert not opened().info


def test_a_figure_that_did_not_move_is_said_to_be_the_same(data: Path, sample_file: Path) -> None:
    sample(data)
    assert "en ambas" in opened(edition=sample_file.stem).info[0].value


def test_a_current_edition_of_another_kind_is_the_reason(data: Path, sample_file: Path) -> None:
    sample(data, kind="official", factor=3)
    assert "de otra clase (demostración)" in opened(edition=sample_file.stem).info[0].value


def test_a_receipt_of_a_chart_can_be_computed_again(data: Path, tmp_path: Path) -> None:
    from indicators.receipts.receipt import SAME, recompute
    from ui.blocks.chart_menu import BY_SUFFIX, ChartCopy

    chart = movers(data)
    edition = editions.open_edition(data)
    shown = ChartCopy(chart, edition, chart_menu.stamp(chart, edition.id, "x", date(2026, 1, 2)), date(2026, 1, 2))
    kept = tmp_path / "recibo.json"
    kept.write_bytes(shown.file(BY_SUFFIX["json"]))
    assert json.loads(kept.read_text())["chart"]["drawn"]
    assert recompute(data, kept).exit_code == SAME
