"""Waits for pages in a real Chromium as readers do, and reads inside the server what that cost: `benchmarks.pages`."""

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.readers import WALKS, Walk
from tests.browser.conftest import REPOSITORY

MEDIAN_LIMIT_MS, P95_LIMIT_MS, CHART_LIMIT = 250.0, 600.0, 150_000
BARE, OPEN = "bare", "open"
PATIENCE_S, SETTLE_MS = 60.0, 300
TITLE, CHART = "h1", ".js-plotly-plot .main-svg"
SEEN_AT = "selector => document.querySelector(selector) ? performance.now() : 0"
IDLE = '[data-test-script-state="notRunning"]'


@dataclass(frozen=True)
class Run:
    """What one interaction cost the server: milliseconds by the clock and of processor, and the bytes of each chart."""

    what: str
    ms: float
    cpu_ms: float
    sent: int
    charts: dict[str, int]


@dataclass
class Measured:
    """A page of one edition: loads (milliseconds to the title and to the first chart) and runs, cold and warm."""

    titles: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    first_charts: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    runs: dict[bool, list[Run]] = field(default_factory=lambda: {True: [], False: []})

    @property
    def largest_chart(self) -> tuple[int, str]:
        """Return the most bytes of JSON that a chart had, and its name; zero where the page has none."""
        charts = ((size, name) for runs in self.runs.values() for run in runs for name, size in run.charts.items())
        return max(charts, default=(0, ""))

    def interactions(self, is_cold: bool) -> list[Run]:
        """Return what readers did on the open page; how long it took to open is told apart."""
        return [run for run in self.runs[is_cold] if run.what != OPEN]

    @property
    def is_met(self) -> bool:
        """Whether every limit is kept, cold and warm."""
        quick = all(
            median([run.ms for run in runs]) < MEDIAN_LIMIT_MS and p95([run.ms for run in runs]) < P95_LIMIT_MS
            for runs in map(self.interactions, (True, False))
        )
        return quick and self.largest_chart[0] <= CHART_LIMIT


def median(times: Sequence[float]) -> float:
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


class Served:
    """A server of one page's walk, and the notes it takes."""

    def __init__(self, address: str, notes: Path) -> None:
        self.address, self.notes = address, notes

    def during(self, what: str, act: Callable[[], object]) -> Run:
        """Do something in the browser; return what it cost the server once all that was asked for is answered."""
        before = len(self._lines())
        act()
        until = time.monotonic() + PATIENCE_S
        while not self._is_answered(self._lines()[before:]):
            if time.monotonic() > until:
                raise SystemExit(f"«{what}» asked nothing of the server, or was never answered.")
            time.sleep(0.02)
        done = [line for line in self._lines()[before:] if "ms" in line]
        charts = {name: size for line in done for name, size in line["charts"].items()}
        ms, cpu_ms, sent = (sum(line[part] for line in done) for part in ("ms", "cpu_ms", "sent"))
        return Run(what, ms, cpu_ms, sent, charts)

    def _is_answered(self, lines: list[dict[str, float]]) -> bool:
        return bool(lines) and "ms" in lines[-1]

    def _lines(self) -> list[dict]:
        text = self.notes.read_text(encoding="utf-8")
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


@contextmanager
def serving(data: Path, notes: Path, *, bare: bool) -> Iterator[Served]:
    """Serve the app, or the bare page, in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.watched_server",
        str(notes),
        *(["bare"] if bare else []),
        "--port",
        "0",
    ]
    surroundings = {**os.environ, "PULSO_DATA": str(data)}
    surroundings.pop("PULSO_EDITION", None)
    with subprocess.Popen(command, cwd=REPOSITORY, env=surroundings, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            said = next(line for line in server.stdout if line.startswith("Pulso"))
            yield Served(said.split()[-1], notes)
        finally:
            server.terminate()


def measure(browser: Browser, data: Path, name: str) -> Measured:
    """Walk through one page with a server of its own, every region cold and then every region warm."""
    walk, found = WALKS[name], Measured()
    with tempfile.TemporaryDirectory() as folder, serving(data, Path(folder) / "notes", bare=name == BARE) as served:
        for is_cold in (True, False):
            for turn in range(len(walk.regions)):
                step_through(browser, served, walk, turn, found, is_cold=is_cold)
    return found


def step_through(browser: Browser, served: Served, walk: Walk, turn: int, found: Measured, *, is_cold: bool) -> None:
    """Open the page in a new browser without a cache, and do what readers do."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="es-CL")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    address = f"{served.address}/{walk.address.format(region=walk.regions[turn])}"
    found.runs[is_cold].append(served.during(OPEN, lambda: page.goto(address)))
    found.titles[is_cold].append(seen(page, TITLE))
    if walk.has_chart:
        found.first_charts[is_cold].append(seen(page, CHART))
    for what, act in walk.steps.items():
        settle(page)
        found.runs[is_cold].append(served.during(what, lambda: act(page, turn)))  # noqa: B023
    settle(page)
    context.close()


def seen(page: Page, selector: str) -> float:
    """Return how many milliseconds after the address was asked for something is on the screen."""
    return float(page.wait_for_function(SEEN_AT, arg=selector).json_value())


def settle(page: Page) -> None:
    """Wait until the browser has drawn what it got, as a reader does; what failed is not to be timed."""
    page.wait_for_selector(IDLE, state="attached")
    page.wait_for_timeout(SETTLE_MS)
    failed = page.get_by_test_id("stAlertContentError")
    if failed.count():
        raise SystemExit(f"{page.url}: {failed.first.inner_text()}")
