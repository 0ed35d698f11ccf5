"""How fast questions are answered over twenty years: `python -m benchmarks.questions [--items N] [--write]`.

Eight typical questions over a generated edition (`benchmarks.twenty_years`), each asked many times for other regions
and years through the public `answer`, with its receipt as JSON. The national ones are answered by pandas in memory and
by SQLite too, in the same run; their figures must be ours. The exit code is 1 when a limit is missed.
"""

import argparse
import math
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.rivals import Figures, InPandas, InSqlite, Year, ways
from benchmarks.twenty_years import FIRST_YEAR, LAST_YEAR, read_items_instead, write_edition
from editions.edition import Edition, open_file
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.question.question import Question
from indicators.question.scope import REGIONS
from indicators.receipts.receipt import as_json, receipt

ITEMS = 26_000_000
ASKED = 100
TURNS = 10  # each rival answers once in each
MEDIAN_LIMIT_MS, P99_LIMIT_MS, LEAST_RATIO = 50.0, 200.0, 5.0
ALL_YEARS = f"window={FIRST_YEAR}-01..{LAST_YEAR}-12&compare=none&split=month"
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "BENCHMARK-QUESTIONS.md"


MARTS = ("mart_export_by_month", "mart_total_by_month", "mart_product_by_month", "mart_firm_by_month")
FEWER = ("no firms", "no products", "no totals", "from the items")  # one mart less each, from the last


@dataclass(frozen=True)
class Typical:
    """A question that people ask, for any region and for years whose answer differs."""

    text: str
    years: range
    rival: str | None = None

    def asked(self, times: int) -> list[tuple[Question, int]]:
        """Return the question `times` times with its year, each for the next region and year."""
        years = [self.years[-1 - number % len(self.years)] for number in range(times)]
        texts = (self.text.format(region=REGIONS[(place + 7) % 16], year=year) for place, year in enumerate(years))
        return [(Question.parse(text), year) for text, year in zip(texts, years, strict=True)]


RECENT, STABLE = range(2016, 2026), range(2007, 2017)  # in the second, firms keep their ids
QUESTIONS = (
    Typical("share?region={region}&window={year}&denominator=goods_ex_copper_lithium", RECENT),
    Typical("contribution_pp?region={region}&window={year}&split=sector:prochile", RECENT),
    Typical("fob?region={region}&sector=prochile:forestal&" + ALL_YEARS, RECENT),
    Typical("exporters?region={region}&window={year}", STABLE),
    Typical("fob?" + ALL_YEARS, RECENT, rival="series"),
    Typical("fob?window={year}&split=country", RECENT, rival="by_country"),
    Typical("fob?window={year}&split=hs6", RECENT, rival="by_product"),
    Typical("exporters?window={year}&split=region", STABLE, rival="exporters_by_region"),
)
HEAVIER = (
    Typical("fob?window={year}&split=country", STABLE),
    Typical("fisher_price?window={year}", RECENT),
    Typical("hhi?window={year}&over=firm&split=region", STABLE),
    Typical("exporters_month_avg?window={year}&split=region", RECENT),
    Typical("fob?window={year}&split=port", RECENT),
    Typical("fob?concept=exit&region={region}&window={year}&split=country", RECENT),
    Typical("fob?" + ALL_YEARS.replace("split=month", "split=country"), RECENT),
    Typical("fob?window=2011-01..2016-12&split=month", STABLE),
)


@dataclass(frozen=True)
class Times:
    """How long each time took, in milliseconds: by the clock, and of the processor (both cores added)."""

    ms: tuple[float, ...]
    processor_ms: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.ms)

    @property
    def processor(self) -> float:
        return statistics.median(self.processor_ms)

    @property
    def p99(self) -> float:
        return sorted(self.ms)[math.ceil(0.99 * len(self.ms)) - 1]


@dataclass(frozen=True)
class Line:
    """A question with the times of everyone who answered it."""

    typical: Typical
    ours: Times
    rivals: tuple[Times, ...] = ()

    @property
    def ratios(self) -> list[float]:
        return [rival.median / self.ours.median for rival in self.rivals]

    @property
    def is_met(self) -> bool:
        quick = self.ours.median < MEDIAN_LIMIT_MS and self.ours.p99 < P99_LIMIT_MS
        return quick and all(ratio >= LEAST_RATIO for ratio in self.ratios)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return how many milliseconds something takes by the clock and of the processor."""
    started, used = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000


def as_times(measured: Iterable[tuple[float, float]]) -> Times:
    """Return what was measured one by one."""
    return Times(*map(tuple, zip(*measured, strict=True)))


def ask(edition: Edition, question: Question) -> Answer:
    """Answer as the product does, the receipt included."""
    found = answer(edition, question)
    as_json(receipt(edition, found))
    return found


def times_of(edition: Edition, asked: Sequence[tuple[Question, int]]) -> list[tuple[float, float]]:
    """Return the times of questions."""
    return [timed(lambda: ask(edition, question)) for question, _ in asked]  # noqa: B023


def figures(found: Answer) -> Figures:
    """Return an answer in the form that rivals answer in."""
    known = found.coverage
    assert known is not None
    parts = {row.key if row.key != "sin_dato" else None: (row.value, row.base) for row in found.rows}
    coverage = tuple(part or 0.0 for part in (known.region, known.product, known.country))
    growth = {row.key: row.growth for row in found.rows}
    return Figures(parts | {None: (found.value, found.base)}, coverage, growth)


def must_agree(ours: Figures, theirs: Figures, question: Question) -> None:
    """Stop when a rival answers anything else than we do: its time would mean nothing."""
    numbers = [
        [value for key in sorted(one.parts, key=str) for value in (key, *one.parts[key])] + list(one.coverage)
        for one in (ours, theirs)
    ]
    growths = [(ours.growth.get(key), theirs.growth[key]) for key in theirs.growth]
    same = len(numbers[0]) == len(numbers[1]) and all(map(_alike, *numbers))
    same = same and all((one is None) == (other is None) and _alike(one, other) for one, other in growths)
    if not same:
        raise SystemExit(f"{question}: ours {numbers[0][:8]} …, theirs {numbers[1][:8]} …")


def _alike(ours: object, theirs: object) -> bool:
    if isinstance(ours, str) or isinstance(theirs, str):
        return ours == theirs
    return math.isclose(float(ours or 0), float(theirs or 0), rel_tol=1e-9, abs_tol=1e-9)  # type: ignore[arg-type]


def measure(edition: Edition, folder: Path, asked: int) -> list[Line]:
    """Return the times of every question. Rivals answer in turns with us, so that all meet the machine alike."""
    for typical in QUESTIONS:  # a server that has been up for a while
        times_of(edition, typical.asked(1))
    rivals = (ways(InPandas(edition.path)), ways(InSqlite(edition.path, folder)))
    return [
        _line(edition, typical, [way[typical.rival] for way in rivals if typical.rival], asked) for typical in QUESTIONS
    ]


def _line(edition: Edition, typical: Typical, rivals: Sequence[Callable[[Year], Figures]], asked: int) -> Line:
    questions = typical.asked(asked)
    ours: list[tuple[float, float]] = []
    theirs: list[list[tuple[float, float]]] = [[] for _ in rivals]
    for turn in range(TURNS):
        ours += times_of(edition, questions[turn::TURNS])
        question, year = questions[turn]
        for way, measured in zip(rivals, theirs, strict=True):
            span = _span(typical, year)
            if turn in (0, TURNS - 1):
                must_agree(figures(answer(edition, question)), way(span), question)
            measured.append(timed(lambda: way(span)))  # noqa: B023
    return Line(typical, as_times(ours), tuple(map(as_times, theirs)))


def _span(typical: Typical, year: int) -> Year:
    if "{year}" not in typical.text:
        return Year(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 1))
    span, base = (date(year, 1, 1), date(year, 12, 1)), (date(year - 1, 1, 1), date(year - 1, 12, 1))
    return Year(*span, *base, firms_followed=year in STABLE)


def heavier(edition: Edition) -> dict[str, Times]:
    """Return the times of questions that read more, asked once for each year."""
    return {typical.text: as_times(times_of(edition, typical.asked(TURNS))) for typical in HEAVIER}


def without_marts(edition: Edition, folder: Path) -> dict[str, list[Times]]:
    """Return the times of the same questions with fewer and fewer tables to read from."""
    found = {}
    for place, name in enumerate(FEWER, 1):
        copy = folder / f"fewer-{place}.duckdb"
        shutil.copyfile(edition.path, copy)
        read_items_instead(copy, kept=MARTS[: len(MARTS) - place])
        opened = open_file(copy)
        found[name] = [as_times(times_of(opened, typical.asked(TURNS))) for typical in QUESTIONS]
        copy.unlink()
    return found


def report(edition: Edition, lines: Sequence[Line], below: dict[str, list[Times]], asked: int) -> str:
    """Return the tables as Markdown."""
    items, *rows = (edition.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in ("core_export", *MARTS))
    held = ", ".join(f"{n:,} rows of `{table}`" for n, table in zip(rows, MARTS, strict=True))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    met = sum(line.is_met for line in lines)
    size = edition.path.stat().st_size / 1e6
    text = [
        "# Benchmark: questions over twenty years",
        "",
        f"`python -m benchmarks.questions --write` on {os.cpu_count()} cores (load {load}), Python "
        f"{platform.python_version()}. A generated edition of {items:,} items, {FIRST_YEAR}–{LAST_YEAR}: {held}, "
        f"{size:,.0f} MB. Each question is asked {asked} times through the public `answer`, for other regions and "
        "years, receipt included. pandas (in memory, codes as categories) and SQLite (indexed) hold the rows of "
        "`mart_export_by_month` and give the same figures; we read the smallest of the four that can answer. "
        "The machine is shared: all answer in turns, so compare the ratios of the medians; the fastest time and that "
        "of the processor (both cores added) are the least disturbed by others.",
        "",
        f"Limits: median under {MEDIAN_LIMIT_MS:.0f} ms, p99 under {P99_LIMIT_MS:.0f} ms, {LEAST_RATIO:.0f} times "
        f"faster than either rival: {met} of {len(lines)} questions meet all of theirs.",
        "",
        "| question | fastest ms | median ms | p99 ms | processor ms | pandas ms | times | its processor ms | times "
        "| SQLite ms | times | limits |",
        f"|{'---|' * 12}",
    ]
    text += [_shown(line) for line in lines]
    text += ["", "What the tables bring (medians in ms):", ""]
    text += [f"| question | as it is | {' | '.join(below)} |", f"|---|---|{'---|' * len(below)}"]
    for place, line in enumerate(lines):
        others = " | ".join(f"{times[place].median:,.0f}" for times in below.values())
        text.append(f"| `{line.typical.text}` | {line.ours.median:.0f} | {others} |")
    text += [
        "",
        "Questions that read more, each year once:",
        "",
        "| question | median ms | slowest ms |",
        "|---|---|---|",
    ]
    for asked_text, times in heavier(edition).items():
        text.append(f"| `{asked_text}` | {times.median:,.0f} | {max(times.ms):,.0f} |")
    return "\n".join(text) + "\n"


def _shown(line: Line) -> str:
    ours, rivals = line.ours, ["| ", "| ", "| "]
    if line.rivals:
        pandas, sqlite = line.rivals
        ratios = [f"{ratio:.1f} ×" for ratio in (*line.ratios, pandas.processor / ours.processor)]
        rivals = [f"{pandas.median:,.0f} | {ratios[0]}", f"{pandas.processor:,.0f} | {ratios[2]}"]
        rivals.append(f"{sqlite.median:,.0f} | {ratios[1]}")
    return (
        f"| `{line.typical.text}` | {min(ours.ms):.0f} | {ours.median:.0f} | {ours.p99:.0f} | {ours.processor:.0f} "
        f"| {' | '.join(rivals)} | {'met' if line.is_met else 'missed'} |"
    )


def main() -> int:
    """Measure, print the tables, and write them into docs/ when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=ITEMS, help=f"size of the edition ({ITEMS:,} if not said)")
    parser.add_argument("--asked", type=int, default=ASKED, help=f"times each question is asked ({ASKED})")
    parser.add_argument("--edition", type=Path, help="an edition of benchmarks.twenty_years made before")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name}")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pulso-benchmark-") as name:
        folder = Path(name)
        edition = open_file(chosen.edition or write_edition(folder, chosen.items))
        lines = measure(edition, folder, chosen.asked)
        text = report(edition, lines, without_marts(edition, folder), chosen.asked)
    print(text)
    if chosen.write:
        DOCUMENT.write_text(text, encoding="utf-8")
    return 0 if all(line.is_met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
