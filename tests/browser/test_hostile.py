"""An edition whose every name is hostile: it is shown as text on every page, runs nothing and breaks no page."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.furnished import HOSTILE
from tests.browser.walking import SIDEWAYS, menu, opened, said
from ui.text import TURNING

pytestmark = pytest.mark.browser
PAGES = (
    "resumen?",
    "sectores?",
    "sectores?sector=prochile:forestal&hs=44&ver=destinos",
    "pymes?",
    "mercados?",
    "servicios?",
    "regiones?",
    "explorar?rows=country&",
    "explorar?rows=country&look=bars",
    "explorar?rows=sector:prochile&look=tree",
    "explorar?rows=country&cols=month&look=lines",
    "verificar?numero=12+%25&sobre=share&region=08&periodo=2024",
    "encuentros?",
    *(f"datos?ver={part}" for part in ("fuentes", "calidad", "revisiones", "diccionario")),
)
NAMELESS = {"datos?ver=revisiones", "explorar?rows=country&"}  # months and values only; names painted on a canvas
HARM = r"""() => [
    window.owned ? ['a script ran'] : [],
    [...document.querySelectorAll('img[src="x"], a[href^="javascript"], svg[onload]')].map(one => one.outerHTML),
    [...document.querySelectorAll('a')].map(one => one.getAttribute('href') ?? one.getAttribute('xlink:href') ?? '')
        .filter(href => /owned\.cl/.test(href)),
    [...document.querySelectorAll('script')].filter(one => one.textContent.includes('owned')).map(one => one.outerHTML),
].flat()"""


def test_harm_is_seen_where_there_is_some(page: Page) -> None:
    page.set_content("".join(HOSTILE))
    page.wait_for_function("window.owned")
    assert len(page.evaluate(HARM)) == 5


@pytest.mark.parametrize("path", PAGES)
def test_hostile_names_are_text_and_break_no_page(browser: Browser, address: str, hostile_id: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="es-CL")
    page = context.new_page()
    complaints: list[str] = []
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    words = " ".join(said(opened(page, f"{address}/{path}&edition={hostile_id}")))
    assert page.get_by_test_id("stAlertContentError").count() == 0
    assert path in NAMELESS or "owned=1" in words or "WWWW" in words
    assert TURNING.search(words) is None
    assert page.evaluate(SIDEWAYS) == []
    if page.get_by_role("button", name="Datos y descargas").count():
        words += " ".join(in_the_menu(page))
        assert page.evaluate(SIDEWAYS) == []
    assert page.evaluate(HARM) == []
    assert complaints == []
    context.close()


def in_the_menu(page: Page) -> list[str]:
    """Open the menu of the last chart, whose names are those of the edition, and read its table."""
    menu(page, page.get_by_role("button", name="Datos y descargas").count() - 1)
    said(page)
    return page.get_by_test_id("stPopoverBody").locator("td").all_inner_texts()
