"""A load killed at random moments while a reader clicks: one whole edition or the other on the page, never an error."""

import random
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from editions.folders import Workspace
from editions.store import current_id, publish
from etl.load import load
from etl.progress import quiet
from tests.browser.conftest import serving
from tests.etl.customs_text import month_lines, write_month
from tests.etl.test_kill import start_load

pytestmark = pytest.mark.browser
KILLS = 5
MONTHS = [date(year, month, 1) for year in (2023, 2024) for month in (1, 2)]
OLD, NEW = "US$\u00a0315.000", "US$\u00a0630.000"  # January; January and February


def shown_value(page: Page) -> str:
    """Load the page again, as a reader does, and return the value on the edition's first card."""
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Exportaciones de Biobío")
    expect(page.get_by_text("Lo que calcula la edición")).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlertContentError").count() == 0
    card = page.get_by_test_id("stMetric").filter(has_text="Exportaciones de bienes")
    return card.get_by_test_id("stMetricValue").inner_text()


def test_kills_under_a_reader_leave_one_whole_edition_on_screen(page: Page, tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    lines = {month: month_lines(month, firms=100) for month in MONTHS}
    paths = [write_month(tmp_path, month, lines=lines[month]) for month in MONTHS]
    old = load([paths[0], paths[2]], place, accept="meses inventados", progress=quiet()).edition_id
    moments, longest = random.Random(8), 2.0
    with serving(place.root) as address:
        page.goto(address + "/resumen")
        seen = {shown_value(page)}
        interrupted = 0
        for _ in range(8 * KILLS):
            if interrupted == KILLS:
                break
            process = start_load(place, paths)
            try:
                process.wait(moments.uniform(0.1, longest))
                longest *= 0.8  # it was quicker than its moment: draw sooner ones
            except subprocess.TimeoutExpired:
                interrupted += 1
            process.kill()
            process.wait()
            seen.add(shown_value(page))
            publish(place, old, action="rollback")
            shutil.rmtree(place.staged, ignore_errors=True)
        assert interrupted == KILLS
        assert start_load(place, paths).wait() == 0
        assert current_id(place) != old
        assert shown_value(page) == NEW
    assert seen <= {OLD, NEW}
