"""What bringing the months costs beside loading them: `python -m benchmarks.sync [--months N] [--items N] [--write]`.

The same ZIP files are loaded from the disk and synchronised from a local server (`tests/sync/portal.py`, which takes
its share of the same cores), each in a process and a data directory of its own; then they are synchronised again with
nothing new. A month is made as in `benchmarks.etl`, the mark of the demo taken off: the edition is an official one.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

from benchmarks.etl import demo_lines, write_month
from etl.raw.recognise import DEMO_MARK
from tests.sync.portal import Portal

MONTHS, ITEMS = 36, 108_333  # 3.9 million items
FIRST_YEAR = 2022  # months without a published count of rows to be held to
MOST_RATIO, MOST_SECONDS = 1.3, 3.0
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "BENCHMARK-SYNC.md"
ACCEPT = ["--accept", "meses sintéticos para medir"]


def write_archives(folder: Path, months: int, items: int) -> dict[date, Path]:
    """Write so many months of so many items, zipped, and return their paths."""
    mark, plain = DEMO_MARK.encode(), b"x" * len(DEMO_MARK)
    lines = [line.replace(mark, plain) for line in demo_lines(folder)]
    archives = {}
    for n in range(months):
        month = date(FIRST_YEAR + n // 12, n % 12 + 1, 1)
        text = write_month(folder, lines, items // len(lines) + 1, month)
        archives[month] = text.with_suffix(".zip")
        with zipfile.ZipFile(archives[month], "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.write(text, text.name)
        text.unlink()
    return archives


def timed(place: Path, portal: Portal, *arguments: str) -> tuple[float, str]:
    """Run one command of the ETL in a data directory; return its seconds and what it said last."""
    environment = os.environ | {
        "PULSO_DATA": str(place),
        "PULSO_CKAN_URL": f"{portal.address}/api/3/action",
        "PULSO_SII_URL": portal.address,
        "PULSO_BCCH_URL": portal.address,
    }
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "etl", *arguments], check=False, env=environment, capture_output=True, text=True
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stderr)
    return seconds, done.stdout.strip().splitlines()[-1]


def measure(folder: Path, months: int, items: int) -> str:
    """Return the report as Markdown."""
    archives = write_archives(folder, months, items)
    size = sum(path.stat().st_size for path in archives.values())
    portal = Portal()
    for month, path in archives.items():
        portal.add_month(month, path.read_bytes())
    span = ["--from", f"{min(archives):%Y-%m}", "--to", f"{max(archives):%Y-%m}", *ACCEPT]
    offline, _ = timed(folder / "offline", portal, "load", *map(str, archives.values()))
    online, said = timed(folder / "online", portal, "sync", *span)
    again, nothing = timed(folder / "online", portal, "sync", *span)
    portal.close()
    if not nothing.startswith("Nada nuevo"):
        raise SystemExit(f"The second run was to find nothing new and said: {nothing}")
    ratio = online / offline
    return "\n".join([
        "# Benchmark: from the publisher's server to a published edition",
        "",
        f"`python -m benchmarks.sync --months {months} --items {items} --write` on {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {months} months, {size / 1e6:.0f} MB of ZIP, from a server on the same machine. "
        "Times of one run on a machine that others use too: compare the ratios, not the seconds.",
        "",
        "| what | seconds | ratio to the load | wanted | met |",
        "|---|---|---|---|---|",
        f"| `etl load` of the files on disk | {offline:.1f} | 1.00 | | |",
        f"| `etl sync` of the same files, to the published edition | {online:.1f} | {ratio:.2f} | ≤ {MOST_RATIO} | "
        f"{'yes' if ratio <= MOST_RATIO else 'no'} |",
        f"| `etl sync` again with nothing new | {again:.2f} | {again / offline:.3f} | < {MOST_SECONDS:.0f} s | "
        f"{'yes' if again < MOST_SECONDS else 'no'} |",
        "",
        f"The synchronised edition: «{said}»",
        "",
        "Downloads run in two threads while the months that have arrived are parsed, so a fast line costs next to "
        "nothing. The second run asks for each file whether it changed (one conditional request each).",
        "",
    ])  # fmt: skip


def main() -> None:
    """Measure, print the table, and write it into docs/ when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=MONTHS)
    parser.add_argument("--items", type=int, default=ITEMS, help="items a month")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name}")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pulso-benchmark-") as folder:
        text = measure(Path(folder), chosen.months, chosen.items)
    print(text)
    if chosen.write:
        DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
