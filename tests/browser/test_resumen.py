"""`resumen` in a real Chromium: links, history, phone, keyboard, marks, paper, silence towards other hosts."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.sample import sample
from ui.charts.chart import DEMO_MARK

pytestmark = pytest.mark.browser
CHARTS = ".js-plotly-plot .main-svg"


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def opened(page: Page, address: str, *, region: str = "Biobío") -> Page:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Exportaciones de {region}")
    page.wait_for_selector(CHARTS)
    return page


def choose(page: Page, region: str) -> None:
    page.get_by_role("combobox", name="Región").click()
    page.get_by_role("option", name=region, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Exportaciones de {region}")


def test_the_region_follows_the_reader_to_another_page_and_back(page: Page, address: str) -> None:
    opened(page, address)
    choose(page, "Ñuble")
    page.get_by_role("link", name="Verificar").click()
    expect(page.get_by_role("heading", name="Exportaciones de Ñuble")).not_to_be_attached()
    page.get_by_role("link", name="Resumen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Exportaciones de Ñuble")
    expect(page).to_have_url(re.compile("region=16"))


def test_a_page_that_fails_says_so_in_spanish_and_shows_no_trace(
    page: Page, address: str, data: Path, sample_id: str
) -> None:
    bare = data / "editions" / "incompleta.duckdb"
    with duckdb.connect(str(bare)) as connection:
        connection.execute(f"ATTACH '{data / 'editions' / sample_id}.duckdb' AS whole (READ_ONLY)")
        connection.execute("CREATE TABLE meta_build AS FROM whole.meta_build")
        connection.execute("CREATE TABLE core_region AS FROM whole.core_region")
        connection.execute("UPDATE meta_build SET edition_id = 'incompleta'")
    page.goto(f"{address}/?edition=incompleta")
    expect(page.get_by_role("alert")).to_contain_text("le falta core_")
    assert "Traceback" not in page.inner_text("body")
    bare.unlink()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_runs_out_of_the_side(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = opened(context.new_page(), address)
    wide = page.evaluate(
        "[...document.querySelectorAll('section, main, .stTable, .stMetric, .stPlotlyChart')]"
        ".filter(e => e.checkVisibility() && e.clientWidth > 1 && !e.closest('[aria-expanded=false]'))"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"
    )
    assert wide == []
    cut = page.evaluate(
        """[...document.querySelectorAll('.main-svg text')].filter(text => {
            const box = text.getBoundingClientRect(), chart = text.closest('.js-plotly-plot').getBoundingClientRect();
            return text.textContent.trim() && (box.left < chart.left - 1 || box.right > chart.right + 1
                || box.top < chart.top - 1 || box.bottom > chart.bottom + 1);
        }).map(text => text.textContent)"""
    )
    assert cut == []
    shortened = (
        "[...document.querySelectorAll('[data-testid=stMetricValue] *')].filter(e => e.scrollWidth > e.clientWidth)"
    )
    assert page.evaluate(f"{shortened}.filter(e => e.clientWidth).map(e => e.textContent)") == []
    context.close()


def test_the_keyboard_alone_chooses_a_region(page: Page, address: str) -> None:
    opened(page, address)
    selector = page.get_by_role("combobox", name="Región")
    for _ in range(30):  # every page of the menu stands before it
        page.keyboard.press("Tab")
        if selector.evaluate("element => element === document.activeElement"):
            break
    expect(selector).to_be_focused()
    page.keyboard.type("Maule")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Exportaciones de Maule")
    expect(page).to_have_url(re.compile("region=07"))


def test_every_computed_chart_shows_the_mark(page: Page, address: str) -> None:
    opened(page, address)
    charts = page.locator(".js-plotly-plot")
    expect(charts).to_have_count(5)
    said = [DEMO_MARK in text for text in charts.all_text_contents()]
    assert said == [False, False, False, True, True]


def test_nothing_is_asked_of_other_hosts_and_the_console_is_silent(page: Page, address: str) -> None:
    hosts: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    opened(page, address)
    choose(page, "Ñuble")
    assert {host for host in hosts if host} == {urlsplit(address).netloc}
    assert complaints == []


def test_a_new_edition_shows_on_the_next_interaction_without_a_reload(page: Page, address: str, data: Path) -> None:
    current = data / "editions" / "CURRENT"
    before = current.read_text(encoding="utf-8")
    opened(page, address)
    sample(data, factor=2)
    choose(page, "Ñuble")
    choose(page, "Biobío")
    expect(page.get_by_text("US$\u00a0172,0 millones").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(1)  # the mark of the demonstration, no error
    current.write_text(before, encoding="utf-8")


def test_paper_is_white_even_from_the_dark_theme_and_has_no_controls(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    page = opened(context.new_page(), address)
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.get_by_role("heading", level=1).evaluate("element => getComputedStyle(element).color")
    assert ink == "rgb(10, 22, 29)"
    assert page.locator(CHARTS).first.evaluate("svg => getComputedStyle(svg).backgroundColor") == "rgba(0, 0, 0, 0)"
    expect(page.get_by_role("combobox", name="Región")).not_to_be_visible()
    context.close()
