"""`sectores` and `mercados` in a real Chromium: drill, link, history, map without other hosts, phone."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
CHARTS = ".js-plotly-plot .main-svg"


def opened(page: Page, address: str, title: str) -> Page:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=20_000)
    page.wait_for_selector(CHARTS)
    return page


def said(page: Page) -> str:
    page.wait_for_timeout(500)
    return page.locator("h3").last.inner_text()


def test_drill_copy_the_link_open_it_elsewhere_and_walk_back(page: Page, browser: Browser, address: str) -> None:
    title = "Sectores y productos de Biobío"
    opened(page, f"{address}/sectores", title)
    page.get_by_role("button", name="Industria forestal").click()
    expect(page).to_have_url(re.compile(r"sector=prochile(:|%3A)forestal"))
    page.get_by_role("button", name=re.compile(r"^44\b")).click()
    expect(page).to_have_url(re.compile(r"hs=44"))
    expect(page.get_by_text(re.compile("Industria forestal, código 44")).first).to_be_visible()
    other = opened(browser.new_context().new_page(), page.url, title)
    assert said(other) == said(page)
    other.context.close()
    page.go_back()
    expect(page.get_by_role("button", name=re.compile(r"^44\b"))).to_be_visible()
    expect(page).not_to_have_url(re.compile("hs="))
    page.go_forward()
    expect(page).to_have_url(re.compile("hs=44"))


def test_a_bad_address_gets_a_sentence(page: Page, address: str) -> None:
    page.goto(f"{address}/sectores?hs=441")
    expect(page.get_by_role("alert")).to_contain_text("no sirve en hs")
    assert "Traceback" not in page.inner_text("body")


def test_the_map_is_drawn_from_this_server_alone_and_the_console_is_silent(page: Page, address: str) -> None:
    hosts: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    opened(page, address, "Exportaciones de Biobío")
    page.get_by_role("link", name="Mercados").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mercados de Biobío", timeout=20_000)
    expect(page.locator(".choroplethlayer path")).to_have_count(2, timeout=10_000)
    fills = page.locator(".choroplethlayer path").evaluate_all("paths => paths.map(p => getComputedStyle(p).fill)")
    assert all(fill != "none" for fill in fills)
    assert page.locator(".choroplethlayer path").first.bounding_box()["width"] > 5  # type: ignore[index]
    assert {host for host in hosts if host} == {urlsplit(address).netloc}
    assert complaints == []


@pytest.mark.parametrize("path", ["sectores", "sectores?sector=prochile:forestal&ver=precios", "mercados"])
def test_on_a_phone_nothing_runs_out_of_the_side(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/{path}")
    page.wait_for_selector(CHARTS)
    page.wait_for_timeout(1_000)
    wide = page.evaluate(
        "[...document.querySelectorAll('section, main, .stMarkdown, .stPlotlyChart')]"
        ".filter(e => e.checkVisibility() && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)"
        ".map(e => e.className)"
    )
    assert wide == []
    context.close()
