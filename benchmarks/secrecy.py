"""What a published table gives away, and what protecting it costs: `python -m benchmarks.secrecy --argus`.

Random linked tables are protected and then attacked by the oracle, which is written apart from what protects. As a
measure of the attack, it is run too on the same tables with nothing hidden but the cells that may not be shown.
`--argus` compares the value hidden with the optimum of τ-ARGUS on two-way tables, where it can be computed; it needs
`pip install pytauargus`, which nothing else here does.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from etl.publication.oracle import recoveries
from etl.publication.rule import Rule
from etl.publication.suppression import suppress
from etl.publication.table import Cut, Dimension, Records, Table, table_of
from tests.publication.random_tables import random_case

RULE = Rule()


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
    with tempfile.TemporaryDirectory() as folder:
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


def main() -> int:
    """Print the tables; return 1 when anything was recovered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--argus", type=int, nargs="?", const=12, default=0, metavar="N", help="two-way tables")
    chosen = parser.parse_args()
    started = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=_say_nothing) as pool:
        attacks = list(pool.map(attack, range(chosen.tables), chunksize=10))
    took = time.perf_counter() - started
    recovered = sum(one.recovered for one in attacks)
    print(f"{len(attacks)} random linked tables, {took:.0f} s")
    for name in ("cells", "sensitive", "hidden", "recovered"):
        print(f"  {name:<12}{sum(getattr(one, name) for one in attacks):>9,}")
    alone = sum(one.recovered_alone for one in attacks)
    print(f"  in every 20th table, with nothing hidden but the sensitive cells, the oracle recovers {alone:,}")
    if chosen.argus:
        pairs = [loss(seed) for seed in range(chosen.argus)]
        ratios = [ours / theirs for ours, theirs in pairs if theirs]
        print(f"value hidden ÷ that of τ-ARGUS, {len(ratios)} two-way tables:", end=" ")
        print(f"mean {np.mean(ratios):.3f}, most {max(ratios):.3f}")
    return 1 if recovered else 0


if __name__ == "__main__":
    sys.exit(main())
