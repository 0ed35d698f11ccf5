"""Random linked tables: regions in two groups, sizes, and two schemes of sectors that overlap, filled by few firms."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.publication.table import Cut, Dimension, Records


@dataclass(frozen=True)
class Case:
    """A table as it would be published, and the records behind it."""

    dimensions: tuple[Dimension, ...]
    cuts: tuple[Cut, ...]
    records: Records


def random_case(seed: int) -> Case:
    """Return a case; the same seed gives the same one."""
    rng = np.random.default_rng(seed)
    regions, sizes, sectors = (_names(letter, int(rng.integers(2, 6))) for letter in "rsk")
    half = max(1, len(regions) // 2)
    region = _dimension("region", regions, {"g1": regions[:half], "g2": regions[half:]})
    size = _dimension("size", sizes, {})
    sector = _sectors(sectors, rng)
    published = tuple(frozenset(dimension.nodes) for dimension in (region, size))
    hidden = frozenset(sector.nodes) - frozenset(sectors)
    cut = Cut(tuple(tuple(dimension.nodes) for dimension in (region, size, sector)), (*published, hidden))
    n_records, n_firms = int(rng.integers(10, 120)), int(rng.integers(5, 60))
    firms = rng.integers(0, n_firms, n_records)
    classes = rng.integers(0, len(sizes), n_firms)  # a firm has one class
    records = Records(
        (
            [regions[number] for number in rng.integers(0, len(regions), n_records)],
            [sizes[classes[firm]] for firm in firms],
            [sectors[number] for number in rng.integers(0, len(sectors), n_records)],
        ),
        firms.astype(np.int64),
        np.round(np.exp(rng.normal(11, 2, n_records)), 2),
    )
    return Case((region, size, sector), (cut,), records)


def _names(letter: str, count: int) -> list[str]:
    return [f"{letter}{number}" for number in range(count)]


def _dimension(name: str, codes: Sequence[str], groups: dict[str, list[str]]) -> Dimension:
    nodes = {code: frozenset({code}) for code in codes} | {group: frozenset(held) for group, held in groups.items()}
    nodes["*"] = frozenset(codes)
    partitions = [("*", tuple(groups or codes)), *((group, tuple(held)) for group, held in groups.items())]
    return Dimension(name, nodes, tuple(partitions))


def _sectors(codes: Sequence[str], rng: np.random.Generator) -> Dimension:
    """Two schemes that put the same codes into sectors of their own; the codes themselves are not published."""
    nodes = {code: frozenset({code}) for code in codes} | {"*": frozenset(codes)}
    partitions: list[tuple[str, tuple[str, ...]]] = [("*", tuple(codes))]
    for scheme in "ab":
        sectors: dict[str, list[str]] = {}
        for code, number in zip(codes, rng.integers(0, 2, len(codes)), strict=True):
            sectors.setdefault(f"{scheme}{number}", []).append(code)
        partitions += [("*", tuple(sectors)), *((sector, tuple(held)) for sector, held in sectors.items())]
        nodes |= {sector: frozenset(held) for sector, held in sectors.items()}
    return Dimension("sector", nodes, tuple(partitions))
