"""What a reader does on each page, for `benchmarks.pages`: clicks in a real browser, each of which runs a script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

Act = Callable[[Page, int], None]  # the page, and which of the walks through it this is
REGIONS = ("08", "CL")
TRIES, LIST_MS = 10, 200  # a list does not open while the focus is still on its way back from elsewhere


@dataclass(frozen=True)
class Walk:
    """An address, for each of some regions, and what is done from there, in this order."""

    address: str
    steps: Mapping[str, Act]
    regions: tuple[str, ...] = REGIONS
    has_chart: bool = True


def option(key: str, place: int = 0, *, text: str = "", is_turned: bool = False) -> Act:
    """Choose an option of a list by its place, among those with a text; `is_turned`: one further in each walk."""

    def act(page: Page, turn: int) -> None:
        box, listed = page.locator(f".st-key-{key} input"), page.get_by_role("option")
        for _ in range(TRIES):
            box.press("ArrowDown")
            page.wait_for_timeout(LIST_MS)
            if listed.count():
                break
        box.press_sequentially(text)
        listed.filter(has_text=text).nth(place + turn * is_turned).click()
        page.keyboard.press("Escape")

    return act


def button(key: str, place: int = 0) -> Act:
    """Press a button: the one of so many in the element, or in all those whose key begins so."""
    return lambda page, _: page.locator(f'[class*="st-key-{key}"] button').nth(place).click()


def named(name: str, place: int = 0) -> Act:
    """Press a button by what it says."""
    return lambda page, _: page.get_by_role("button", name=name).nth(place).click()


def defined(key: str, place: int) -> Act:
    """Choose an option of the definition, which opens without a run."""

    def act(page: Page, _: int) -> None:
        page.get_by_role("button", name="Definición").click()
        option(key, place)(page, 0)

    return act


def console(page: Page, _: int) -> None:
    """Run the SQL that the console proposes."""
    page.get_by_role("button", name="Consultar").click()


def back(page: Page, _: int) -> None:
    """Take a step back."""
    page.go_back()


def menu(page: Page, _: int) -> None:
    """Open the menu of the last chart."""
    chart = page.locator('[class*="st-key-chart_"]').last.get_attribute("class") or ""
    name = chart.partition("st-key-chart_")[2].split()[0].rpartition("_")[0]  # the last word is the theme
    page.locator(f".st-key-menu_{name} button").first.click()


def close(page: Page, _: int) -> None:
    """Close what is open."""
    page.keyboard.press("Escape")


MENU = {"a chart's menu": menu, "its SQL": button("part_", -1), "menu closed": close}
LANGUAGE = {"English": named("English")}
DEFINITION = {"another year": defined("choice_window", 3), "no comparison": defined("choice_compare", 1)}
MORE_REGIONS = {"one more region": option("choices_region", 4)}
WALKS = {
    "resumen": Walk(
        "resumen?region={region}",
        {
            **MENU,
            "another region": option("choice_region", 3, is_turned=True),
            "a third": option("choice_region", 9, is_turned=True),
            **LANGUAGE,
        },
        regions=("08", "13"),
    ),
    "sectores": Walk(
        "sectores?region={region}",
        {
            **MENU,
            "a sector": option("choices_sector", 2),
            "drill to chapter": button("open_hs"),
            "drill to heading": button("open_hs"),
            "back": back,
            "prices": button("choice_ver", 1),
            "destinations": button("choice_ver", 2),
            "concentration": button("choice_ver", 3),
            "months": button("choice_ver", 0),
            **DEFINITION,
            **MORE_REGIONS,
            **LANGUAGE,
        },
    ),
    "pymes": Walk(
        "pymes?region={region}",
        {
            **MENU,
            "with micro": button("choice_size", 1),
            "a sector": option("choices_sector", 2),
            "another year": defined("choice_window", 3),
            **MORE_REGIONS,
            **LANGUAGE,
        },
    ),
    "mercados": Walk(
        "mercados?region={region}",
        {
            **MENU,
            "drill to a country": button("open_country"),
            "another too": option("choices_country", text="Perú"),
            "a sector": option("choices_sector", 2),
            "back": back,
            **DEFINITION,
            **MORE_REGIONS,
            **LANGUAGE,
        },
    ),
    "servicios": Walk(
        "servicios?region={region}",
        {
            **MENU,
            "a type": option("choices_service_type", 2),
            "a country": option("choices_country", text="Perú"),
            "back": back,
            **DEFINITION,
            **MORE_REGIONS,
            **LANGUAGE,
        },
    ),
    "regiones": Walk(
        "regiones?region={region}",
        {
            **MENU,
            "growth": button("choice_measure", 1),
            "share": button("choice_measure", 2),
            "a sector": option("choices_sector", 2),
            **DEFINITION,
            **MORE_REGIONS,
            **LANGUAGE,
        },
    ),
    "explorar": Walk(
        "explorar?region={region}",
        {
            "columns": option("choice_cols", 3),
            "heat map": button("choice_look", 1),
            "rows": option("choice_rows", 6),
            "another metric": option("choice_metric", 6),
            "a sector": option("choices_sector", 2),
            "bars": button("choice_look", 2),
            **DEFINITION,
            **MORE_REGIONS,
            "console": button("choice_tool", 1),
            "SQL": console,
            **LANGUAGE,
        },
        has_chart=False,
    ),
    "verificar": Walk(
        "verificar?region={region}",
        {
            "12 %": named("12 %"),
            "back": back,
            "42 %": named("42 %"),
            "back again": back,
            "1.300": named("1.300"),
            **LANGUAGE,
        },
        has_chart=False,
    ),
    "encuentros": Walk(
        "encuentros?region={region}",
        {
            "another region": option("choice_region", 3, is_turned=True),
            "a third": option("choice_region", 9, is_turned=True),
            **LANGUAGE,
        },
        has_chart=False,
    ),
    "datos": Walk(
        "datos?region={region}",
        {
            **{
                name: button("choice_ver", place)
                for place, name in enumerate(
                    ("quality", "revisions", "reconciliation", "definitions", "dictionary", "editions", "downloads"), 1
                )
            },
            **LANGUAGE,
        },
        has_chart=False,
    ),
    "bare": Walk("", {f"factor {place}": option("factor", place) for place in range(1, 13)}, regions=("",)),
}
