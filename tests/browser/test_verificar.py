"""`verificar` in a real Chromium: type, link, history, keyboard, phone, contrast, copy."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.walking import said
from tests.patience import wait_until

pytestmark = pytest.mark.browser
TWELVE = "«12 %» depende de la definición: calza en 2 de 4 lecturas publicadas."
FORTY_TWO = "«+42 %» no se puede comprobar: no hay una cifra publicada de eso."
ASKED = "numero=12+%25&sobre=share&region=08&periodo=2024"


def opened(page: Page, address: str, query: str = "") -> Page:
    page.goto(f"{address}/verificar?{query}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verificar una cifra")
    return page


def verdict(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=2).first).to_have_text(words)


def type_claim(page: Page) -> None:
    page.get_by_label("Cifra", exact=True).fill("12 %")
    page.get_by_label("Período, si lo dice").fill("2024")
    page.get_by_role("combobox", name="Sobre qué es").click()
    page.get_by_role("option", name="Parte de las exportaciones del país").click()
    page.get_by_role("button", name="Comprobar").click()
    verdict(page, TWELVE)


def sentences(page: Page) -> list[str]:
    expect(page.locator(".stCode")).to_have_count(2)
    return page.locator(".stCode").all_inner_texts()


def test_a_typed_claim_is_in_the_address_and_a_fresh_visitor_of_the_link_gets_the_same(
    page: Page, browser: Browser, address: str
) -> None:
    type_claim(opened(page, address))
    expect(page).to_have_url(re.compile(r"/verificar\?numero=12.*sobre=share.*region=08.*periodo=2024"))
    context = browser.new_context()
    other = context.new_page()
    other.goto(page.url)
    verdict(other, TWELVE)
    assert sentences(other) == sentences(page)
    assert "12,17" in sentences(page)[0]
    context.close()


def test_back_and_forward_walk_through_the_checks(page: Page, address: str) -> None:
    type_claim(opened(page, address))
    page.get_by_text("Más ejemplos").click()
    page.get_by_role("button", name="Las pymes exportadoras del Biobío crecieron 42 %").click()
    verdict(page, FORTY_TWO)
    page.go_back()
    verdict(page, TWELVE)
    page.go_back()
    expect(page.get_by_role("heading", name="Ejemplos")).to_be_visible()
    page.go_forward()
    verdict(page, TWELVE)
    page.go_forward()
    verdict(page, FORTY_TWO)


def test_the_keyboard_alone_checks_a_sentence_and_corrects_it(page: Page, address: str) -> None:
    opened(page, address)
    reach(page, page.get_by_label("Pegue la frase"))
    page.keyboard.type("La región representa cerca del 12 % de las exportaciones nacionales de 2024")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Falta decir de qué región es «12 %»")
    reach(page, page.get_by_role("combobox", name="De dónde"))
    page.keyboard.type("Biob")
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("button", name="Comprobar"))
    page.keyboard.press("Enter")
    verdict(page, TWELVE)
    reach(page, page.locator("summary", has_text="Corregir la cifra"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_label("Cifra", exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type("5,2 %")
    page.keyboard.press("Enter")
    verdict(page, "«5,2 %» depende de la definición: calza en 1 de 4 lecturas publicadas.")


def reach(page: Page, wanted: object) -> None:
    for _ in range(25):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError("the Tab key does not reach it")


def test_a_sentence_that_may_be_printed_is_copied_from_the_keyboard(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = opened(context.new_page(), address, ASKED)
    sentences(page)
    page.locator(".stCode").first.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy to clipboard").first).to_be_focused()
    page.keyboard.press("Enter")
    sentence = page.locator(".stCode code").first.inner_text()
    wait_until(lambda: page.evaluate("navigator.clipboard.readText()") == sentence)
    assert "12,17" in sentence
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", [ASKED, "numero=%2B42+%25&sobre=growth_sme&region=08&periodo=2025", ""])
def test_on_a_phone_nothing_runs_out_of_the_side(browser: Browser, address: str, query: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = opened(context.new_page(), address, query)
    said(page)
    wide = page.evaluate(
        "[...document.querySelectorAll('.stMain, .stMain .stTable, .stMain table, .stCode, .stForm, .stButton')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.className)"
    )
    assert wide == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = opened(context.new_page(), address, ASKED)
    verdict(page, TWELVE)
    expect(page.get_by_role("heading", name="Lecturas de la edición")).to_be_visible()
    said(page)
    assert page.evaluate((Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")) == []
    context.close()


def test_a_script_in_the_address_does_not_run(page: Page, address: str) -> None:
    complaints: list[str] = []
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    opened(page, address, "frase=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20Biob%C3%ADo%20creci%C3%B3%2042%20%25")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("«42 %»")
    expect(page.locator("blockquote").get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    assert complaints == []


def test_the_navigation_leads_to_both_pages_on_a_desk_and_on_a_phone(browser: Browser, address: str) -> None:
    for width in (1440, 390):
        context = browser.new_context(viewport={"width": width, "height": 844})
        page = opened(context.new_page(), address)
        if width == 390:
            page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_role("link", name="Resumen").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Exportaciones de")
        context.close()
