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
from datetime import date
from pathlib import Path

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


def bytes_only(paths: list[Path]) -> int:
    """Read every byte and count lines: what the disk and the kernel cost."""
    return sum(path.read_bytes().count(b"\n") for path in paths)


def bare_polars(paths: list[Path]) -> int:
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


def tuned_pandas(paths: list[Path]) -> int:
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


def staged(paths: list[Path]) -> int:
    """Ours, first half: raw text → repaired, typed, counted Parquet."""
    from etl.paths import Workspace
    from etl.progress import quiet
    from etl.raw.stage import stage

    with tempfile.TemporaryDirectory(dir=paths[0].parent) as folder:
        place = Workspace(Path(folder))
        for part in (place.raw, place.staged, place.build, place.editions):
            part.mkdir()
        done = [one for path in paths for one in stage(path, place, extract="prueba", progress=quiet())]
        return sum(one.passport.rows for one in done)


def edition(paths: list[Path]) -> int:
    """Ours, whole: raw text → checked and published edition with its reference tables."""
    from etl.load import load
    from etl.paths import Workspace
    from etl.progress import quiet

    with tempfile.TemporaryDirectory(dir=paths[0].parent) as folder:
        loaded = load(paths, Workspace(Path(folder)), extract="prueba", progress=quiet())
        return sum(one.passport.rows for one in loaded.staged)


WAYS = {way.__name__: way for way in (bytes_only, bare_polars, tuned_pandas, staged, edition)}
LIBRARIES = {"bare_polars": "polars", "tuned_pandas": "pandas", "staged": "etl.load", "edition": "etl.load"}
_CHILD = """
import importlib, json, resource, sys, time
from pathlib import Path
from benchmarks.etl import LIBRARIES, WAYS
way, paths = sys.argv[1], [Path(path) for path in sys.argv[2:]]
importlib.import_module(LIBRARIES.get(way, "json"))   # what is timed is the work, not the import
started = time.perf_counter()
rows = WAYS[way](paths)
seconds = time.perf_counter() - started
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows]))
"""


def measure(way: str, paths: list[Path], repeats: int = REPEATS) -> tuple[float, float, int]:
    """Return the best seconds, the peak MB and the rows of one way over these files."""
    runs = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, way, *map(str, paths)], check=True, capture_output=True, text=True
        )
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return min(run[0] for run in runs), max(run[1] for run in runs), runs[0][2]


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
    lines = [
        "# Benchmark: raw customs text to a checked edition",
        "",
        f"`python -m benchmarks.etl --write` on {os.cpu_count()} cores, Python {platform.python_version()}. "
        f"One month = {megabytes:.0f} MB. Times of one run: compare the ratios, not the seconds.",
        "",
        "| one month | seconds | ratio to the bare read | ratio to tuned pandas | peak MB | rows |",
        "|---|---|---|---|---|---|",
    ]
    measured = {way: measure(way, month) for way in WAYS}
    for way, (seconds, peak, rows) in measured.items():
        lines.append(
            f"| {WAYS[way].__doc__.split(':')[0] if way != 'edition' else '**Ours, whole**'} (`{way}`) | {seconds:.2f} "
            f"| {seconds / measured['bare_polars'][0]:.1f} | {seconds / measured['tuned_pandas'][0]:.2f} "
            f"| {peak:.0f} | {rows:,} |"
        )
    lines += [
        "",
        "| months | seconds | seconds a month | against one month | peak MB | rows |",
        "|---|---|---|---|---|---|",
    ]
    first = None
    for count in MONTHS:
        seconds, peak, rows = measure("edition", paths[:count], repeats=1 if count > 3 else 2)
        first = first or seconds
        lines.append(
            f"| {count} | {seconds:.1f} | {seconds / count:.2f} | {seconds / count / first:.2f} "
            f"| {peak:.0f} | {rows:,} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
