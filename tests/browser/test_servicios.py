"""`servicios` in a real Chromium: choose a type, copy the link, open it elsewhere, walk back, bad link, phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
CHARTS = ".js-plotly-plot .main-svg"
TITLE = "Servicios de Biobío"
CUT = re.compile(r"servicios \(Logística y transporte\)")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE, timeout=20_000)
    page.wait_for_selector(CHARTS)
    return page


def figures(page: Page) -> list[str]:
    page.wait_for_timeout(500)
    return page.locator("[data-testid=stMetricValue]").all_inner_texts()


def test_a_type_is_chosen_linked_opened_elsewhere_and_left_again(page: Page, browser: Browser, address: str) -> None:
    opened(page, f"{address}/servicios")
    whole = figures(page)
    page.get_by_role("combobox", name="Tipo de servicio").click()
    page.get_by_role("option", name="Logística y transporte").click()
    expect(page).to_have_url(re.compile("service_type=logistica"))
    expect(page.get_by_text(CUT).first).to_be_visible()
    other = opened(browser.new_context().new_page(), page.url)
    expect(other.get_by_text(CUT).first).to_be_visible()
    assert figures(other) == figures(page) != whole
    other.context.close()
    page.go_back()
    expect(page.get_by_text(CUT)).to_have_count(0)
    assert figures(page) == whole
    page.go_forward()
    expect(page.get_by_text(CUT).first).to_be_visible()


def test_a_bad_address_gets_a_sentence(page: Page, address: str) -> None:
    page.goto(f"{address}/servicios?service_type=turismo")
    expect(page.get_by_role("alert")).to_contain_text("«turismo» no existe")
    assert "Traceback" not in page.inner_text("body")


def test_on_a_phone_nothing_runs_out_of_the_side(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = opened(context.new_page(), f"{address}/servicios")
    page.wait_for_timeout(1_000)
    wide = page.evaluate(
        "[...document.querySelectorAll('section, main, .stMarkdown, .stTable, .stPlotlyChart')]"
        ".filter(e => e.checkVisibility() && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)"
        ".map(e => e.className)"
    )
    assert wide == []
    context.close()
