"""What hostile SQL costs: `python -m benchmarks.console_attacks DATA [--write]`, DATA as `PULSO_DATA`.

Each attack of `tests/console_attacks.py` is run as the app runs it: its time, the most memory of its process, how it
ends. Then readers with hostile links press «Consultar» in a served app while another one opens pages.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Iterator
from itertools import chain, cycle
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page

from editions.edition import Edition, open_edition
from indicators.console import queries
from indicators.console.queries import ConsoleError
from tests.browser.conftest import chromium, serving
from tests.console_attacks import FOLDERS, GREEDY, NAMED_AS_A_TABLE, WIDE, watched

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "BENCHMARK-CONSOLE.md"
HARMLESS = {
    "a row (what starting the process costs)": "SELECT 1",
    "DESCRIBE": "DESCRIBE core_export",
    "a year of every region": "PIVOT mart_export_by_month ON region_code USING sum(fob_usd) GROUP BY month",
}
OTHERS = {
    "5,000 rows of 100 kB": WIDE,
    "recursive CTE named as a table": NAMED_AS_A_TABLE,
    "current_setting of three folders (none, empty, empty)": FOLDERS,
}
PAGES = ("Sectores", "Mercados", "Regiones", "Pymes", "Servicios")
BURDENS = (
    "levenshtein of 300,000 characters",
    "700 tables joined",
    "25 doubling CTEs",
    "list_transform over 30 million",
)
HOSTILE_READERS = 4  # two run, two wait
WINDOW = 18.0  # seconds: attacks that are killed take two times ten


def main() -> int:
    """Print the report, or write it in `docs/`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    edition = open_edition(options.data)
    lines = []
    for line in chain(_head(edition), _costs(edition), [""], _meanwhile(options.data)):
        print(line, flush=True)
        lines.append(f"{line}\n")
    if options.write:
        DOCUMENT.write_text("".join(lines), encoding="utf-8")
    return 0


def _head(edition: Edition) -> Iterator[str]:
    limits, load = queries.LIMITS, ", ".join(f"{load:.1f}" for load in os.getloadavg())
    yield "# Benchmark: hostile SQL in the console\n"
    yield (
        f"`python -m benchmarks.console_attacks DATA --write` on {os.cpu_count()} cores that other work and a browser "
        f"share (load before: {load}), Python {platform.python_version()}, edition of "
        f"{edition.path.stat().st_size >> 20} MB. "
        f"Limits of a query: {limits.seconds:.0f} s of the clock from the start of its process, "
        f"{limits.memory >> 20} MB of addresses, {limits.rows:,} rows and {limits.size / 1e6:.0f} MB of answer; "
        f"{queries.AT_A_TIME} at a time.\n"
    )


def _costs(edition: Edition) -> Iterator[str]:
    yield "| query | seconds | MB at most | end |\n|---|---|---|---|"
    for name, sql in {**HARMLESS, **OTHERS, **GREEDY}.items():
        began = time.monotonic()
        with watched() as peak:
            end = _end(edition, sql)
        yield f"| {name} | {time.monotonic() - began:.1f} | {peak.memory >> 20} | {end} |"


def _end(edition: Edition, sql: str) -> str:
    try:
        result = queries.run(edition, sql)
    except ConsoleError as error:
        return str(error)
    return f"{len(result.rows):,} rows" + (", cut" if result.is_cut else "")


def _meanwhile(data: Path) -> Iterator[str]:
    yield (
        f"{HOSTILE_READERS} readers press «Consultar» at once on the same attack; for the {WINDOW:.0f} s that follow "
        "another one goes from page to page.\n"
    )
    yield "| the others run | pages | median ms to the title | slowest ms | MB of all queries at most |"
    yield "|---|---|---|---|---|"
    with serving(data) as address, chromium() as browser:
        reader = browser.new_page()
        reader.goto(address)
        _read(reader)  # what is asked first is kept for all
        yield _row("nothing", _read(reader), 0)
        for name in BURDENS:
            yield _row(name, *_read_under(browser, address, GREEDY[name], reader))


def _row(name: str, times: list[float], memory: int) -> str:
    return f"| {name} | {len(times)} | {statistics.median(times):.0f} | {max(times):.0f} | {memory >> 20} |"


def _read_under(browser: Browser, address: str, sql: str, reader: Page) -> tuple[list[float], int]:
    """Return how long pages take while hostile readers run a query, and the memory of all that they run."""
    hostile = [browser.new_page() for _ in range(HOSTILE_READERS)]
    for page in hostile:
        page.goto(f"{address}/explorar?tool=sql&sql={quote(sql)}")
        page.get_by_role("button", name="Consultar").wait_for()
    with watched(together=True) as peak:
        for page in hostile:
            page.get_by_role("button", name="Consultar").click()
        times = _read(reader)
    for page in hostile:
        page.close()
    return times, peak.memory


def _read(page: Page) -> list[float]:
    times: list[float] = []
    over = time.monotonic() + WINDOW
    for name in cycle(PAGES):
        began = time.monotonic()
        if began > over:
            return times
        page.get_by_role("link", name=name, exact=True).click()
        page.locator("h1").filter(has_text=name).wait_for()
        times.append((time.monotonic() - began) * 1000)
    return times


if __name__ == "__main__":
    raise SystemExit(main())
