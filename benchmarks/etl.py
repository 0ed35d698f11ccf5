"""How fast and how lean the ETL is, as ratios inside one run: `python -m benchmarks.etl [--write]`.

Each row is timed in a process of its own, the best of three; memory is that process's peak. A month is the demo's
October 2025 repeated to 123,000 items, the size of a real one; its defects stand in the first copy only, which is
about as many as a real month has.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from editions.folders import Workspace

ITEMS = 123_000
MONTHS = (1, 3, 6, 12, 24)
COLUMNS = [0, 1, 3, 5, 7, 12, 14, 16, 19, 61, 69, 71, 73, 83]
REPEATS = 3
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "BENCHMARK-ETL.md"


def write_months(folder: Path, count: int) -> list[Path]:
    """Write `count` months of ITEMS rows each, made from one demo month."""
    lines = demo_lines(folder)
    repeats = ITEMS // len(lines) + 1
    return [write_month(folder, lines, repeats, date(2022 + n // 12, n % 12 + 1, 1)) for n in range(count)]


def demo_lines(folder: Path) -> list[bytes]:
    """Return the lines of the demo's last month."""
    from etl.demo.generate import generate
    from etl.progress import quiet

    source = folder / "demo"
    source.mkdir()
    demo = [path for path in generate(source, progress=quiet()) if path.suffix == ".txt"][-1]
    return demo.read_bytes().split(b"\n")[:-1]


def write_month(folder: Path, lines: list[bytes], repeats: int, month: date) -> Path:
    path = folder / f"exportaciones {month:%Y-%m}.txt"
    stamp = f"{month:%m%Y}".encode()
    whole = [line for line in lines if line.count(b";") == 83 and b"\r" not in line]
    with path.open("wb") as out:
        for copy in range(repeats):
            for line in whole if copy else lines:
                head, separator, rest = line.partition(b";")
                if len(head) == 8 and head.isdigit() and separator:  # not the rest of a split record
                    number, _, tail = rest.partition(b";")
                    day = min(int(head[:2]), 28)
                    line = b"%02d%b;%b%03d;%b" % (day, stamp, number, copy, tail)
                out.write(line + b"\n")
    return path


def bytes_only(paths: list[Path], _: "Workspace") -> int:
    """Read every byte and count lines: what the disk and the kernel cost."""
    return sum(path.read_bytes().count(b"\n") for path in paths)


def passport(paths: list[Path], place: "Workspace") -> int:
    """What any careful load pays: copy, sha256 and one count of lines and separators."""
    import hashlib
    import shutil

    rows = 0
    for path in paths:
        copied = shutil.copyfile(path, place.build / path.name)
        with copied.open("rb") as content:
            hashlib.file_digest(content, "sha256")
        rows += bytes_only([copied], place)
    return rows


def bare_polars(paths: list[Path], _: "Workspace") -> int:
    """The fastest bare read known: 14 columns as text, bad bytes and short rows let through."""
    import polars

    return sum(
        polars.read_csv(
            path,
            separator=";",
            has_header=False,
            encoding="utf8-lossy",
            quote_char=None,
            infer_schema=False,
            columns=COLUMNS,
            truncate_ragged_lines=True,
        ).height
        for path in paths
    )


def tuned_pandas(paths: list[Path], _: "Workspace") -> int:
    """pandas with everything stated: 14 columns as text, latin-1, no quoting, LF only."""
    import csv

    import pandas

    return sum(
        len(
            pandas.read_csv(
                path,
                sep=";",
                header=None,
                names=range(84),
                usecols=COLUMNS,
                dtype=str,
                encoding="latin-1",
                quoting=csv.QUOTE_NONE,
                lineterminator="\n",
                na_filter=False,
            )
        )
        for path in paths
    )


def staged(paths: list[Path], place: "Workspace") -> int:
    """Ours, first half: raw text → repaired, typed, counted Parquet."""
    from etl.progress import quiet
    from etl.raw.stage import stage

    done = [one for path in paths for one in stage(path, place, extract="prueba", progress=quiet())]
    return sum(one.passport.rows for one in done)


def edition(paths: list[Path], place: "Workspace") -> int:
    """Ours, whole: raw text → checked and published edition with its reference tables."""
    from etl.load import load
    from etl.progress import quiet

    loaded = load(paths, place, extract="prueba", progress=quiet())
    return sum(one.passport.rows for one in loaded.staged)


def first_edition(paths: list[Path], place: "Workspace") -> int:
    """The same in a data folder where nothing was ever built: the template of the tables is made too."""
    for kept in place.staged.glob("template-*"):
        kept.unlink()
    return edition(paths, place)


def prepare(folder: Path) -> "Workspace":
    """Make a data folder in which an edition was built before; a first start builds the demo."""
    from editions.folders import Workspace
    from etl.template import template

    place = Workspace(folder)
    for part in (place.raw, place.staged, place.build, place.editions):
        part.mkdir()
    template(place)
    return place


WAYS = {way.__name__: way for way in (bytes_only, passport, bare_polars, tuned_pandas, staged, edition, first_edition)}
LIBRARIES = {"bare_polars": "polars", "tuned_pandas": "pandas"}
_CHILD = """
import importlib, json, resource, sys, tempfile, time
from pathlib import Path
from benchmarks.etl import LIBRARIES, WAYS, prepare
way, paths = sys.argv[1], [Path(path) for path in sys.argv[2:]]
importlib.import_module(LIBRARIES.get(way, "etl.load"))   # what is timed is the work, not the import
with tempfile.TemporaryDirectory(dir=paths[0].parent) as folder:
    place = prepare(Path(folder))
    started, used = time.perf_counter(), time.process_time()
    rows = WAYS[way](paths, place)
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
print(json.dumps([seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows]))
"""


@dataclass(frozen=True)
class Measured:
    """The best of several runs: seconds by the clock, seconds of processor, and the highest peak of memory."""

    seconds: float
    cpu: float
    peak_mb: float
    rows: int


def measure(way: str, paths: list[Path], repeats: int = REPEATS) -> Measured:
    """Return what one way over these files takes."""
    runs = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, way, *map(str, paths)], check=True, capture_output=True, text=True
        )
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    seconds, cpu, peaks, rows = zip(*runs, strict=True)
    return Measured(min(seconds), min(cpu), max(peaks), rows[0])


def main() -> None:
    """Measure, print the two tables, and write them into docs/ when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name}")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pulso-benchmark-") as folder:
        paths = write_months(Path(folder), max(MONTHS))
        text = report(paths)
    print(text)
    if chosen.write:
        DOCUMENT.write_text(text, encoding="utf-8")


def report(paths: list[Path]) -> str:
    """Return both tables as Markdown."""
    month = paths[:1]
    megabytes = month[0].stat().st_size / 1e6
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    lines = [
        "# Benchmark: raw customs text to a checked edition",
        "",
        f"`python -m benchmarks.etl --write` on {os.cpu_count()} cores (load before: {load}), Python "
        f"{platform.python_version()}. One month = {megabytes:.0f} MB. The best of {REPEATS} runs each. The machine is "
        "shared: compare the ratios, not the seconds; seconds of processor (both cores added) vary least.",
        "",
        "| one month | seconds | × bare read | × tuned pandas | CPU seconds | × bare read | peak MB | rows |",
        "|---|---|---|---|---|---|---|---|",
    ]
    measured = {way: measure(way, month) for way in WAYS}
    bare, pandas = measured["bare_polars"], measured["tuned_pandas"]
    for way, one in measured.items():
        said = (WAYS[way].__doc__ or "").split("\n")[0].rstrip(".").split(":")[0]
        lines.append(
            f"| {f'**{said}**' if way == 'edition' else said} (`{way}`) | {one.seconds:.2f} "
            f"| {one.seconds / bare.seconds:.1f} | {one.seconds / pandas.seconds:.2f} | {one.cpu:.2f} "
            f"| {one.cpu / bare.cpu:.1f} | {one.peak_mb:.0f} | {one.rows:,} |"
        )
    return "\n".join([*lines, *_by_months(paths)]) + "\n"


def _by_months(paths: list[Path]) -> Iterator[str]:
    yield ""
    yield "| months | seconds | seconds a month | CPU seconds a month | against one month (CPU) | peak MB | rows |"
    yield "|---|---|---|---|---|---|---|"
    first = None
    for count in MONTHS:
        one = measure("edition", paths[:count], repeats=1 if count > 3 else 2)
        first = first or one.cpu
        yield (
            f"| {count} | {one.seconds:.1f} | {one.seconds / count:.2f} | {one.cpu / count:.2f} "
            f"| {one.cpu / count / first:.2f} | {one.peak_mb:.0f} | {one.rows:,} |"
        )


if __name__ == "__main__":
    main()
