"""On every page: filter, go on into it, leave with the link, find the same figures in a fresh browser, walk back."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.walking import copied_link, opened, said, said_elsewhere, will_say

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Step:
    """Something that a reader does, and the part of the address that says it."""

    take: Callable[[Page], None]
    part: str


def chooses(label: str, option: str, part: str) -> Step:
    """Choose from a list, after typing the first letters of it."""

    def take(page: Page) -> None:
        page.get_by_role("combobox", name=label, exact=True).click()
        page.keyboard.type(option[:8])
        page.get_by_role("option", name=option, exact=True).click()
        page.keyboard.press("Escape")

    return Step(take, part)


def picks(option: str, part: str) -> Step:
    """Press one of several alternatives."""
    return Step(lambda page: page.get_by_role("radio", name=option, exact=True).click(), part)


def opens(row: str, part: str) -> Step:
    """Open a row of the list: what it is made of."""
    return Step(lambda page: page.get_by_role("button", name=re.compile(row)).first.click(), part)


FORESTRY = chooses("Sector", "Industria forestal", "sector=prochile(:|%3A)forestal")
WALKS = {
    "resumen": (chooses("Región", "Ñuble", "region=16"), chooses("Región", "Maule", "region=07")),
    "sectores": (opens("^Industria forestal", "sector=prochile(:|%3A)forestal"), opens(r"^44\b", "hs=44")),
    "pymes": (FORESTRY, picks("Mipyme (con micro)", "size=mipyme")),
    "mercados": (FORESTRY, opens("^Estados Unidos", "country=225")),
    "servicios": (chooses("Tipo de servicio", "Logística y transporte", "service_type=logistica"),),
    "regiones": (FORESTRY, picks("Variación", "measure=growth")),
    "explorar": (FORESTRY, chooses("Filas", "País de destino", "rows=country"), picks("Barras", "look=bars")),
    "encuentros": (chooses("Región", "Maule", "region=07"), chooses("Región", "Biobío", "region=08")),
    "datos": (picks("Revisiones", "ver=revisiones"), picks("Diccionario", "ver=diccionario")),
}
NO_CHARTS = {"encuentros", "datos"}


@pytest.mark.parametrize("name", WALKS)
def test_a_reader_filters_goes_on_leaves_with_the_link_and_walks_back(
    page: Page, browser: Browser, address: str, name: str
) -> None:
    seen = [said(opened(page, f"{address}/{name}"))]
    for step in WALKS[name]:
        step.take(page)
        expect(page).to_have_url(re.compile(step.part))
        seen.append(said(page))
        assert seen[-1] != seen[-2]
    link = page.url if name in NO_CHARTS else copied_link(page)
    assert said_elsewhere(browser, link) == seen[-1]
    for before in reversed(seen[:-1]):
        page.go_back()
        will_say(page, before)
    page.go_forward()
    will_say(page, seen[1])


BAD = {
    "resumen?region=99": "La región «99» no existe",
    "resumen?region=%3Cscript%3E": "«script» no es código ni nombre de región",
    "sectores?hs=441": "no sirve en hs",
    "pymes?sector=prochile:nada": "«prochile:nada» no es código ni nombre de sector",
    "mercados?country=atlantis": "«atlantis» no es código ni nombre de país",
    "servicios?service_type=turismo": "«turismo» no es código ni nombre de tipo de servicio",
    "regiones?measure=altura": "«altura» no existe",
    "explorar?rows=peso": "«peso» no existe",
    "explorar?tool=nada": "«nada» no existe",
    "verificar?numero=12+%25&sobre=share&region=99&periodo=2024": "99",
    "encuentros?region=99": "«99» no existe",
    "datos?ver=nada": "«nada» no existe",
    "datos?edition=nada": "No existe",
}


@pytest.mark.parametrize("path", BAD)
def test_a_bad_address_gets_a_sentence_and_no_trace(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}/{path}")
    expect(page.get_by_role("alert").filter(has_text=BAD[path])).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0
    assert "Traceback" not in page.inner_text("body")
