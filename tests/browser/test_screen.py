"""What our script mends in Streamlit's page: the menu on a phone, copying without https, quiet deep links."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.walking import opened

pytestmark = pytest.mark.browser
PLAIN_HTTP = "Object.defineProperty(Navigator.prototype, 'clipboard', {get: () => undefined, configurable: true})"
CLAIM = "verificar?numero=12+%25&sobre=share&region=08&periodo=2024"


def test_on_a_phone_the_menu_closes_after_a_choice(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="es-CL")
    page = opened(context.new_page(), f"{address}/sectores")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="Mercados").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mercados de Biobío")
    expect(page.get_by_role("link", name="Regiones")).not_to_be_in_viewport()
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    context.close()


def test_copying_works_where_a_browser_keeps_the_clipboard_from_scripts(page: Page, address: str) -> None:
    page.add_init_script(PLAIN_HTTP)
    opened(page, f"{address}/{CLAIM}")
    sentence = page.locator(".stCode code").first.inner_text()
    page.locator(".stCode").first.hover()
    page.get_by_role("button", name="Copy to clipboard").first.click()
    page.locator("summary", has_text="Corregir la cifra").click()
    page.get_by_label("Pegue la frase").fill("")
    page.get_by_label("Pegue la frase").press("Control+V")
    expect(page.get_by_label("Pegue la frase")).to_have_value(sentence)


def test_where_nothing_can_be_copied_it_says_why_and_offers_the_text(page: Page, address: str) -> None:
    page.add_init_script(PLAIN_HTTP)
    page.add_init_script("document.execCommand = () => false")
    offers: list[tuple[str, str]] = []
    page.on("dialog", lambda box: (offers.append((box.message, box.default_value)), box.dismiss()))
    opened(page, f"{address}/{CLAIM}")
    page.locator(".stCode").first.hover()
    page.get_by_role("button", name="Copy to clipboard").first.click()
    assert offers == [
        (
            "El navegador no deja copiar desde una página sin https; copie de aquí:",
            page.locator(".stCode code").first.inner_text(),
        )
    ]


def test_the_tab_says_page_and_place(page: Page, address: str) -> None:
    opened(page, f"{address}/sectores?region=16")
    expect(page).to_have_title("Sectores y productos de Ñuble · Pulso Exportador")
    page.get_by_role("link", name="Regiones").click()
    expect(page).to_have_title("Regiones · Ñuble · Pulso Exportador")
    page.get_by_role("link", name="Datos").click()
    expect(page).to_have_title("Datos · Pulso Exportador")


def test_streamlits_own_menu_which_speaks_english_is_not_there(page: Page, address: str) -> None:
    opened(page, f"{address}/resumen")
    assert page.get_by_test_id("stMainMenu").count() == 0


def test_a_name_or_a_short_code_of_a_region_in_a_link_is_understood(page: Page, address: str) -> None:
    opened(page, f"{address}/mercados?region=8")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mercados de Biobío")
    expect(page).to_have_url(re.compile(r"\?region=08$"))
    opened(page, f"{address}/encuentros?region=%C3%91uble")
    expect(page).to_have_url(re.compile(r"\?region=16$"))
