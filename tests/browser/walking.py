"""How a test walks through pages: open, wait until all is there, read what is said, open the same link elsewhere."""

import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.patience import PATIENCE

CHARTS = ".js-plotly-plot .main-svg"
RESTS = '[data-testid="stApp"][data-test-script-state="notRunning"]'
DRAWN = """() => [...document.querySelectorAll('.stMain .stPlotlyChart')].every(one => one.querySelector('.main-svg'))
    && !document.querySelector('.stMain [data-stale=true], .stMain [data-testid=stSkeleton]')"""
STILL = 3  # looks without a change: charts are drawn a little after the script has ended
HERE = Path(__file__).parent
SAID = """() => [...document.querySelectorAll('.stMain :is(h1, h2, h3, p, li, td, th, code, .main-svg text)')]
    .filter(one => one.closest('canvas') || one.checkVisibility()).map(one => one.textContent.trim()).filter(Boolean)"""
SIDEWAYS = """() => [...document.querySelectorAll('html, .stMain, .stMain *, .stAppHeader')]
    .filter(one => !one.closest('svg, canvas, .stTable, .stCode, .stDataFrame, [role=tooltip]'))
    .filter(one => one.checkVisibility() && one.clientWidth > 1 && !one.closest('[aria-expanded=false]'))
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`)"""
CUT = """() => [...document.querySelectorAll('.main-svg text')].filter(text => {
        const box = text.getBoundingClientRect(), chart = text.closest('.js-plotly-plot').getBoundingClientRect();
        return box.width && text.textContent.trim() && (box.left < chart.left - 1 || box.right > chart.right + 1
            || box.top < chart.top - 1 || box.bottom > chart.bottom + 1);
    }).map(text => text.textContent)"""
FAINT = (HERE / "contrast.js").read_text(encoding="utf-8")


def opened(page: Page, address: str) -> Page:
    """Open an address and wait until the page is whole."""
    page.goto(address)
    expect(page.locator(".stMain").locator("h1, [role=alert]").first).to_be_visible(timeout=PATIENCE * 1000)
    said(page)
    return page


def said(page: Page) -> list[str]:
    """Return every heading, figure, cell and word of a chart, once nothing changes any more."""
    before: list[str] | None = None
    same = 0
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page.wait_for_selector(RESTS)
        page.wait_for_function(DRAWN)
        now: list[str] = page.evaluate(SAID)
        same = same + 1 if now == before else 0
        if same == STILL:
            return now
        before = now
        page.wait_for_timeout(150)
    raise AssertionError(f"the page never comes to rest: {before}")


def will_say(page: Page, wanted: list[str]) -> None:
    """Wait until the page says exactly this."""
    until = time.monotonic() + PATIENCE
    while (now := said(page)) != wanted and time.monotonic() < until:
        page.wait_for_timeout(200)
    missing, more = [one for one in wanted if one not in now], [one for one in now if one not in wanted]
    assert now == wanted, f"not said: {missing[:9]}; said instead: {more[:9]}; {page.url}"


def said_elsewhere(browser: Browser, link: str) -> list[str]:
    """Return what a fresh visitor of the link is told."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="es-CL")
    try:
        return said(opened(context.new_page(), link))
    finally:
        context.close()


def menu(page: Page, place: int = 0) -> None:
    """Open the menu under a chart."""
    page.get_by_role("button", name="Datos y descargas").nth(place).click()
    expect(page.get_by_test_id("stPopoverBody").get_by_role("table")).to_be_visible()


def copied_link(page: Page) -> str:
    """Return the living link that the menu of the first chart offers."""
    menu(page)
    page.get_by_role("radio", name="Enlaces").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").first
    expect(link).to_contain_text("http")
    copied = link.inner_text()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    return copied
