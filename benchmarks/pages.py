"""How long a reader waits for each page: `python -m benchmarks.pages [--items N] [--page NAME]… [--write]`.

Every page is opened in a real Chromium and used as readers use it (`benchmarks.readers`), once while nothing of it was
ever asked of the server (cold) and once more in a new browser (warm), on the demo edition and on one of three years
(`benchmarks.three_years`). Server time runs from the browser's message to the last answer of the script, read inside
the server (`benchmarks.watched_server`). Every page is compared with a bare page of one selector and one chart that is
served the same way in the same run. The exit code is 1 when a limit is missed.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.readers import REGIONS, WALKS
from benchmarks.three_years import write_data, write_demo
from benchmarks.waiting import (
    BARE,
    CHART_LIMIT,
    MEDIAN_LIMIT_MS,
    OPEN,
    P95_LIMIT_MS,
    Measured,
    Run,
    measure,
    median,
    p95,
)
from tests.browser.conftest import REPOSITORY, chromium

ITEMS = 3_600_000
DOCUMENT = REPOSITORY / "docs" / "BENCHMARK-PAGES.md"
Found = dict[str, Measured]


def report(editions: dict[str, Found], bare: Measured) -> str:
    """Return the tables as Markdown."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    unit = bare.interactions(False)
    verdicts = [one.is_met for found in editions.values() for one in found.values()]
    lines = [
        "# Benchmark: how long a reader waits for each page",
        "",
        f"`python -m benchmarks.pages --write` on {os.cpu_count()} cores that the browser shares (load after: {load}), "
        f"Python {platform.python_version()}. Server time of an interaction: from the browser's message to the last "
        "answer of the script; opening the page is the first load, which has a table of its own. "
        "*Cold*: nothing of the page was ever asked of that server; *warm*: all of it was, by "
        f"another reader. Each page is walked for {len(REGIONS)} places: "
        "a p95 is of few interactions, near the slowest. "
        "*CPU* is the processor time of the server, all threads: it says the same on a busy machine. "
        f"× is against the same interaction of a bare Streamlit page, one selector and one chart, served the same way: "
        f"median {median([run.ms for run in unit]):.0f} ms, "
        f"of processor {median([run.cpu_ms for run in unit]):.0f} ms; "
        f"its first chart is there after {median(bare.first_charts[False]) / 1000:.1f} s.",
        "",
        f"Limits: median under {MEDIAN_LIMIT_MS:.0f} ms and p95 under {P95_LIMIT_MS:.0f} ms of server time, cold and "
        f"warm, no chart over {CHART_LIMIT // 1000} kB of JSON: {sum(verdicts)} of "
        f"{len(verdicts)} pages keep them.",
    ]
    for title, found in editions.items():
        lines += ["", f"## {title}", "", *_interactions(found, bare), "", *_loads(found, bare)]
    title, found = list(editions.items())[-1]
    return "\n".join([*lines, "", f"## Each interaction: {title}", "", *_each(found)]) + "\n"


def _interactions(found: Found, bare: Measured) -> Iterator[str]:
    cells = "median ms | p95 | × bare | CPU median | p95"
    yield f"| page | cold: {cells} | warm: {cells} | limits |"
    yield f"|{'---|' * 12}"
    for name, one in found.items():
        cells = [_server(one.interactions(is_cold), bare.interactions(False)) for is_cold in (True, False)]
        yield f"| `{name}` | {' | '.join(cells)} | {'met' if one.is_met else '**missed**'} |"


def _server(runs: Sequence[Run], bare: Sequence[Run]) -> str:
    ms, cpu, unit = ([run.ms for run in runs], [run.cpu_ms for run in runs], [run.ms for run in bare])
    return f"{median(ms):.0f} | {p95(ms):.0f} | {median(ms) / median(unit):.0f} | {median(cpu):.0f} | {p95(cpu):.0f}"


def _loads(found: Found, bare: Measured) -> Iterator[str]:
    yield (
        "| first load, empty browser | cold: title, s | first chart, s | warm: title, s | first chart, s | × bare "
        "| largest chart, kB | its name | all of the page, kB |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, one in found.items():
        cold, warm = (_seconds(one.titles[is_cold], one.first_charts[is_cold]) for is_cold in (True, False))
        charts, unit = one.first_charts[False], bare.first_charts[False]
        ratio = f"{median(charts) / median(unit):.1f}" if charts else ""
        size, chart = one.largest_chart
        sent = max(run.sent for run in one.runs[True] if run.what == OPEN)
        yield f"| `{name}` | {cold} | {warm} | {ratio} | {size / 1000:.1f} | {chart} | {sent / 1000:.0f} |"


def _seconds(titles: Sequence[float], charts: Sequence[float]) -> str:
    return " | ".join(f"{median(times) / 1000:.1f}" if times else "" for times in (titles, charts))


def _each(found: Found) -> Iterator[str]:
    yield "| page | what | cold ms | CPU | warm ms | CPU |"
    yield "|---|---|---|---|---|---|"
    for name, one in found.items():
        for what in dict.fromkeys(run.what for run in one.runs[True]):
            cells = []
            for is_cold in (True, False):
                runs = [run for run in one.runs[is_cold] if run.what == what]
                cells += [f"{median([run.ms for run in runs]):.0f}", f"{median([run.cpu_ms for run in runs]):.0f}"]
            yield f"| `{name}` | {what} | {' | '.join(cells)} |"


def main() -> int:
    """Measure, print the tables, and write them into docs/ when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [name for name in WALKS if name != BARE]
    parser.add_argument(
        "--items", type=int, default=ITEMS, help=f"size of the three-year edition ({ITEMS:,} if not said)"
    )
    parser.add_argument("--page", action="append", choices=names, help="measure this page only; can be repeated")
    parser.add_argument("--cache", type=Path, help="folder where editions are kept for the next run")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name}")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pulso-benchmark-") as name:
        folder = chosen.cache or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        demo = write_demo(folder)
        data = {
            "The demo edition": demo,
            f"Three years of {chosen.items:,} items": write_data(folder, demo, chosen.items),
        }
        with chromium() as browser:
            bare = measure(browser, demo, BARE)
            editions = {title: _found(browser, place, chosen.page or names) for title, place in data.items()}
    text = report(editions, bare)
    print(text)
    if chosen.write:
        DOCUMENT.write_text(text, encoding="utf-8")
    return 0 if all(one.is_met for found in editions.values() for one in found.values()) else 1


def _found(browser: Browser, data: Path, names: Sequence[str]) -> Found:
    found = {}
    for name in names:
        found[name] = measure(browser, data, name)
        runs = [run.ms for run in found[name].interactions(True)]
        print(f"{data.name} {name}: {median(runs):.0f} ms, p95 {p95(runs):.0f} ms", file=sys.stderr)
    return found


if __name__ == "__main__":
    sys.exit(main())
