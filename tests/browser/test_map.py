"""The map of `mercados` in a real Chromium: drawn, and without other hosts."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import opened

pytestmark = pytest.mark.browser


def test_the_map_is_drawn_from_this_server_alone_and_the_console_is_silent(page: Page, address: str) -> None:
    hosts: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    opened(page, address)
    page.get_by_role("link", name="Mercados").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mercados de Biobío")
    expect(page.locator(".choroplethlayer path")).to_have_count(2)
    fills = page.locator(".choroplethlayer path").evaluate_all("paths => paths.map(p => getComputedStyle(p).fill)")
    assert all(fill != "none" for fill in fills)
    assert page.locator(".choroplethlayer path").first.bounding_box()["width"] > 5  # type: ignore[index]
    assert {host for host in hosts if host} == {urlsplit(address).netloc}
    assert complaints == []
