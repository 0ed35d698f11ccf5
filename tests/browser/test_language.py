"""The switch of language in a real Chromium: keyboard, address, history, links, files, and the place it takes."""

import re
from pathlib import Path

import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.walking import said
from tests.patience import PATIENCE

pytestmark = pytest.mark.browser
CHARTS = ".js-plotly-plot .main-svg"
SPANISH, ENGLISH = "Sectores y productos de Biobío", "Sectors and products of Biobío"
EVERY_PAGE = (
    "",
    "sectores",
    "pymes",
    "mercados",
    "servicios",
    "regiones",
    "explorar",
    "verificar",
    "encuentros",
    "datos",
)


def opened(page: Page, address: str, *, title: str) -> Page:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page


def titled(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def spoken(page: Page, language: str) -> None:
    """Wait until the browser has been told the language of the page."""
    expect(page.locator("html")).to_have_attribute("lang", language)


def switch(page: Page, *, to: str = "English") -> Locator:
    return page.get_by_role("button", name=to)


def menu(page: Page, part: str | None = None) -> Locator:
    """Open the menu of the first chart, at one of its parts."""
    page.wait_for_selector(CHARTS)
    page.get_by_role("button", name="Data and downloads").first.click()
    opened_menu = page.get_by_test_id("stPopoverBody")
    if part:
        opened_menu.get_by_text(part, exact=True).click()
    return opened_menu


def test_the_keyboard_alone_changes_the_language_and_the_address_keeps_it(page: Page, address: str) -> None:
    opened(page, f"{address}/sectores", title=SPANISH)
    spoken(page, "es-CL")
    page.get_by_role("combobox", name="Región").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if switch(page).evaluate("element => element === document.activeElement"):
            break
    expect(switch(page)).to_be_focused()
    page.keyboard.press("Enter")
    titled(page, ENGLISH)
    spoken(page, "en")
    expect(page).to_have_url(re.compile(r"[?&]lang=en"))
    expect(page.get_by_role("link", name="Business rounds")).to_be_visible()


def test_the_next_page_stays_english_and_a_step_back_is_what_it_was(page: Page, address: str) -> None:
    opened(page, f"{address}/sectores", title=SPANISH)
    switch(page).click()
    titled(page, ENGLISH)
    page.get_by_role("link", name="Regions").click()
    titled(page, "Regions")
    expect(page).to_have_url(re.compile(r"regiones\?.*lang=en"))
    page.get_by_role("link", name="Business rounds").click()
    titled(page, "Business rounds")
    expect(page).to_have_url(re.compile(r"encuentros\?.*lang=en"))
    for _ in range(3):  # Streamlit can put the address without its parts in the history too, before or after
        page.go_back()
        if "encuentros" not in page.url:
            break
    titled(page, "Regions")
    spoken(page, "en")


def test_a_step_back_from_english_is_spanish_and_forward_english_again(page: Page, address: str) -> None:
    opened(page, f"{address}/sectores", title=SPANISH)
    switch(page).click()
    titled(page, ENGLISH)
    page.go_back()
    titled(page, SPANISH)
    spoken(page, "es-CL")
    page.go_forward()
    titled(page, ENGLISH)
    spoken(page, "en")
    switch(page, to="Español").click()
    titled(page, SPANISH)
    expect(page).not_to_have_url(re.compile("lang="))


def test_a_link_in_english_is_english_from_the_first_byte(browser: Browser, address: str) -> None:
    head = requests.get(f"{address}/sectores?lang=en", timeout=PATIENCE).text
    assert '<html lang="en">' in head
    assert 'content="Exports of Chile&#x27;s regions' in head or "content=\"Exports of Chile's regions" in head
    context = browser.new_context(locale="es-CL")
    page = opened(context.new_page(), f"{address}/sectores?lang=en", title=ENGLISH)
    spoken(page, "en")
    context.close()


def test_an_unknown_language_is_spanish(page: Page, address: str) -> None:
    assert '<html lang="es-CL">' in requests.get(f"{address}/sectores?lang=xx", timeout=PATIENCE).text
    opened(page, f"{address}/sectores?lang=xx", title=SPANISH)
    spoken(page, "es-CL")
    expect(switch(page)).to_be_visible()


def test_links_to_keep_and_to_embed_keep_the_language(page: Page, address: str) -> None:
    opened(page, f"{address}/sectores?lang=en", title=ENGLISH)
    links = menu(page, "Links").locator("code")
    expect(links).to_have_count(2)  # live, to embed: what was published has no edition to pin
    assert all("lang=en" in link for link in links.all_inner_texts())


def test_files_from_an_english_page_are_in_english(page: Page, address: str, tmp_path: Path) -> None:
    opened(page, f"{address}/sectores?lang=en", title=ENGLISH)
    with page.expect_download() as csv:
        menu(page).get_by_role("button", name="CSV", exact=True).click()
    text = Path(csv.value.path()).read_text(encoding="utf-8")
    assert "Change on the same period of the year before" in text and "lang=en" in text
    with page.expect_download() as png:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name="PNG", exact=True).click()
    with Image.open(png.value.path()) as picture:
        assert picture.info["Description"].startswith("Pulp (product) fell 51.7% in December 2025 · Biobío")


def test_a_menu_opened_after_others_have_read_in_spanish_is_english(page: Page, browser: Browser, address: str) -> None:
    opened(page, f"{address}/sectores?lang=en", title=ENGLISH)
    context = browser.new_context(locale="es-CL")
    said(opened(context.new_page(), f"{address}/sectores", title=SPANISH))
    context.close()
    expect(menu(page).get_by_text("What is drawn")).to_be_visible()
    expect(page.get_by_test_id("stPopoverBody").get_by_text("Tabla", exact=True)).to_have_count(0)


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_the_switch_is_in_reach_on_a_phone_and_has_no_line_of_its_own(
    browser: Browser, address: str, name: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="es-CL")
    page = context.new_page()
    page.goto(f"{address}/{name}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    said(page)  # nothing moves any more
    box = switch(page).bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 844
    beside = page.evaluate(
        """box => [...document.querySelectorAll('.stSelectbox, .stCaptionContainer, [data-testid=stCaptionContainer]')]
            .some(element => { const other = element.getBoundingClientRect();
                return other.height && other.top < box.y + box.height && other.bottom > box.y; })""",
        box,
    )
    assert beside
    context.close()
