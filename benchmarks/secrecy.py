"""What published tables of firms give away, and what protecting them costs: `python -m benchmarks.secrecy [--write]`.

Random linked tables are protected and then attacked by the oracle, which is written apart from what protects. As a
measure of the attack, it is run too on the same tables with nothing hidden but the cells that may not be shown.
`--argus` compares the value hidden with the optimum of τ-ARGUS on two-way tables, where it can be computed; it needs
`pip install pytauargus`, which nothing else here does. `--publish` times `pulso publish` on the demonstration and on
three years of so many items, beside what making the demonstration costs in the same run.
"""

import argparse
import contextlib
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.three_years import write_data, write_demo
from editions.folders import REPOSITORY, Workspace
from etl.progress import quiet
from etl.publication.oracle import recoveries
from etl.publication.public_edition import publish
from etl.publication.suppression import suppress
from etl.publication.table import Cut, Dimension, Records, Rule, Table, table_of
from tests.publication.random_tables import random_case

RULE = Rule()
ITEMS = 3_600_000
DOCUMENT = REPOSITORY / "docs" / "BENCHMARK-SECRECY.md"


@dataclass(frozen=True)
class Attack:
    """Of one table: cells published, those that may not be shown, those hidden, and those that the oracle recovers."""

    cells: int
    sensitive: int
    hidden: int
    recovered: int
    recovered_alone: int  # when only the sensitive cells are hidden


def attack(seed: int) -> Attack:
    """Protect and attack one random table."""
    case = random_case(seed)
    table = table_of(case.dimensions, case.cuts, case.records)
    result = suppress(table, RULE)
    alone = result.sensitive | ~table.is_published

    def recovered(hidden: np.ndarray) -> int:
        return len(recoveries(table, case.dimensions, case.records, hidden, RULE))

    return Attack(
        cells=int(table.is_published.sum()),
        sensitive=int((result.sensitive & table.is_published).sum()),
        hidden=int((result.hidden & table.is_published).sum()),
        recovered=recovered(result.hidden),
        recovered_alone=recovered(alone) if seed % 20 == 0 else 0,
    )


def loss(seed: int) -> tuple[float, float]:
    """Return the value that we hide of a random two-way table, and the least that τ-ARGUS finds to hide."""
    from pytauargus import protect  # only here is it needed

    rng = np.random.default_rng(seed)
    rows, columns = ([f"{letter}{number}" for number in range(int(rng.integers(4, 8)))] for letter in ("r", "k"))
    n_records = len(rows) * len(columns) * int(rng.integers(4, 9))
    cells = [[names[number] for number in rng.integers(0, len(names), n_records)] for names in (rows, columns)]
    values = np.round(np.exp(rng.normal(11, 1.5, n_records)), 0)
    table = _two_way(rows, columns, Records(tuple(cells), np.arange(n_records), values))
    ours = float(table.totals[suppress(table, RULE).hidden].sum())
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # the solver leaves its logs where it is
        found = protect(
            {"R": cells[0], "K": cells[1], "V": values.tolist()},
            ["R", "K"],
            response="V",
            safety_rules="P(10,1)|FREQ(3,10)",
            suppress="OPT(1)",
            workdir=folder,
        ).tables[0]
        frame = found.dataframe()
        shown = found.safe(None)
    theirs = sum(float(value) for value, safe in zip(frame.iloc[:, 2], shown, strict=True) if safe is None)
    return ours, theirs


def _two_way(rows: Sequence[str], columns: Sequence[str], records: Records) -> Table:
    region, sector = (
        Dimension(name, {code: frozenset({code}) for code in codes} | {"*": frozenset(codes)}, (("*", tuple(codes)),))
        for name, codes in (("region", rows), ("sector", columns))
    )
    nodes = (tuple(region.nodes), tuple(sector.nodes))
    return table_of([region, sector], [Cut(nodes, (frozenset(nodes[0]), frozenset(nodes[1])))], records)


def _say_nothing() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the solver's banner


@dataclass(frozen=True)
class Cost:
    """Seconds of the clock, and of processor in this process and those it started."""

    clock: float
    cpu: float


def cost_of(work: Callable[[], object]) -> Cost:
    """Do the work and return what it cost."""
    clock, cpu = time.perf_counter(), _cpu()
    work()
    return Cost(time.perf_counter() - clock, _cpu() - cpu)


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def attack_lines(tables: int) -> Iterator[tuple[str, int]]:
    """Yield what the attacks on so many random tables found, by name."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=_say_nothing) as pool:
        attacks = list(pool.map(attack, range(tables), chunksize=10))
    yield "random linked tables", len(attacks)
    yield "cells", sum(result.cells for result in attacks)
    yield "cells that may not be shown", sum(result.sensitive for result in attacks)
    yield "cells hidden", sum(result.hidden for result in attacks)
    alone = sum(result.recovered_alone for result in attacks)
    yield "recovered where only those that may not be shown are hidden (every 20th table)", alone
    yield "**recovered by the oracle**", sum(result.recovered for result in attacks)


def loss_line(tables: int) -> str:
    """Return the value hidden against the optimum of τ-ARGUS on so many two-way tables."""
    pairs = [loss(seed) for seed in range(tables)]
    ratios = [ours / theirs for ours, theirs in pairs if theirs]
    return (
        f"Value hidden ÷ that of τ-ARGUS' optimal solution, {len(ratios)} two-way tables: "
        f"mean {np.mean(ratios):.3f}, most {max(ratios):.3f} (limit 1.15)."
    )


def publication_lines(items: int) -> Iterator[str]:
    """Yield a table of what `publish` costs, as a ratio to making the demonstration."""
    yield "| | seconds | of processor | × making the demonstration | limit, s |"
    yield "|---|--:|--:|--:|--:|"
    with tempfile.TemporaryDirectory() as folder:
        roots: list[Path] = []
        unit = cost_of(lambda: roots.append(write_demo(Path(folder))))
        yield f"| making the demonstration | {unit.clock:.0f} | {unit.cpu:.0f} | 1.0 | |"
        roots.append(write_data(Path(folder), roots[0], items))
        names = ("the demonstration", f"three years of {items:,} items")
        for name, root, limit in zip(names, roots, (30, 180), strict=True):
            workspace = Workspace(root)
            cost = cost_of(lambda workspace=workspace: publish(workspace, progress=quiet()))  # type: ignore[misc]
            ratio = cost.clock / unit.clock
            yield f"| `publish`, {name} | {cost.clock:.0f} | {cost.cpu:.0f} | {ratio:.1f} | {limit} |"


def main() -> int:
    """Print the tables; return 1 when anything was recovered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--argus", type=int, nargs="?", const=12, default=0, metavar="N", help="two-way tables")
    parser.add_argument("--publish", type=int, nargs="?", const=ITEMS, default=0, metavar="ITEMS")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.relative_to(REPOSITORY)}")
    chosen = parser.parse_args()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    lines = [
        "# Benchmark: secrecy of published firm statistics",
        "",
        f"`python -m benchmarks.secrecy {' '.join(sys.argv[1:])}` on {os.cpu_count()} cores (load before: {load}), "
        f"Python {platform.python_version()}.",
    ]
    if chosen.publish:
        lines += ["", *publication_lines(chosen.publish)]
    counts = dict(attack_lines(chosen.tables))
    lines += ["", "| the attack | |", "|---|--:|", *(f"| {name} | {count:,} |" for name, count in counts.items())]
    if chosen.argus:
        lines += ["", loss_line(chosen.argus)]
    text = "\n".join(lines) + "\n"
    print(text)
    if chosen.write:
        DOCUMENT.write_text(text, encoding="utf-8")
    return 1 if counts["**recovered by the oracle**"] else 0


if __name__ == "__main__":
    sys.exit(main())
