"""A linked table of sums over firms: which cells there are, and which sums tie them together.

A table is cut by dimensions (region, size, sector …). A node of a dimension is a set of its codes: a region, the
nation, the pymes. A cell is one node of each dimension. Where a node is the sum of other nodes, the cells are tied
by a relation: `total = sum of parts`. Cells that are not published, such as «all but the pymes», are in the table
too, since a reader can work them out from those that are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

Key = tuple[str, ...]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Dimension:
    """One way to cut: the codes that each node holds, and the nodes that add up to another."""

    name: str
    nodes: Mapping[str, frozenset[str]]
    partitions: tuple[tuple[str, tuple[str, ...]], ...]

    def __post_init__(self) -> None:
        for node, parts in self.partitions:
            codes = [code for part in parts for code in self.nodes[part]]
            if len(codes) != len(set(codes)) or set(codes) != self.nodes[node]:
                raise ValueError(f"{self.name}: {parts} do not add up to {node}")


@dataclass(frozen=True)
class Cut:
    """The cells of some nodes of each dimension, all of them crossed. Nodes not in `published` stay unpublished."""

    nodes: tuple[tuple[str, ...], ...]  # of each dimension
    published: tuple[frozenset[str], ...]

    def cells(self) -> Iterable[tuple[Key, bool]]:
        """Yield the key of each cell, and whether it is published."""
        for key in product(*self.nodes):
            yield key, all(node in shown for node, shown in zip(key, self.published, strict=True))


@dataclass(frozen=True)
class Records:
    """What each firm contributes: one row for each firm and combination of codes."""

    codes: tuple[Sequence[str], ...]  # of each dimension
    firms: Integers
    values: Floats


@dataclass(frozen=True)
class Table:
    """The cells that are not empty, what firms contribute to each, and the relations between them."""

    keys: tuple[Key, ...]
    is_published: npt.NDArray[np.bool_]
    relations: tuple[tuple[int, tuple[int, ...]], ...]
    firms: Integers  # of all cells, one after the other; `starts` says where each begins
    values: Floats
    starts: Integers
    position: Mapping[Key, int] = field(repr=False)

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def totals(self) -> Floats:
        """The value of each cell."""
        return np.add.reduceat(self.values, self.starts[:-1]) if len(self) else np.zeros(0)

    @cached_property
    def relations_of(self) -> tuple[tuple[int, ...], ...]:
        """The relations that each cell is in."""
        of: list[list[int]] = [[] for _ in self.keys]
        for number, (total, parts) in enumerate(self.relations):
            for cell in (total, *parts):
                of[cell].append(number)
        return tuple(map(tuple, of))

    def contributions(self, cells: Sequence[int]) -> Floats:
        """Return what each firm contributes to these cells together, the largest first."""
        spans = [slice(self.starts[cell], self.starts[cell + 1]) for cell in cells]
        firms = np.concatenate([self.firms[span] for span in spans])
        values = np.concatenate([self.values[span] for span in spans])
        if len(cells) > 1:
            _, inverse = np.unique(firms, return_inverse=True)
            values = np.bincount(inverse, weights=values)
        return np.sort(values)[::-1]


def table_of(dimensions: Sequence[Dimension], cuts: Sequence[Cut], records: Records) -> Table:
    """Return the table of these cuts. Values of firms must be positive: what a firm takes back counts like a sale."""
    published: dict[Key, bool] = {}
    for cut in cuts:
        for key, is_published in cut.cells():
            published[key] = published.get(key, False) or is_published
    positions = {key: number for number, key in enumerate(published)}
    cells, rows = _memberships(dimensions, cuts, positions, records)
    order = np.lexsort((records.firms[rows], cells))
    cells, rows = cells[order], rows[order]
    firms, values = records.firms[rows], records.values[rows]
    first = np.r_[True, (cells[1:] != cells[:-1]) | (firms[1:] != firms[:-1])] if len(cells) else np.zeros(0, bool)
    cells, firms = cells[first], firms[first]
    values = np.add.reduceat(values, np.flatnonzero(first)) if len(first) else values
    filled, starts = np.unique(cells, return_index=True)
    names = list(published)
    keys = tuple(names[cell] for cell in filled)
    position = {key: number for number, key in enumerate(keys)}
    return Table(
        keys=keys,
        is_published=np.array([published[key] for key in keys], dtype=bool),
        relations=tuple(dict.fromkeys(_relations(dimensions, cuts, position))),
        firms=firms,
        values=values,
        starts=np.r_[starts, len(cells)].astype(np.int64),
        position=position,
    )


def _memberships(
    dimensions: Sequence[Dimension], cuts: Sequence[Cut], positions: Mapping[Key, int], records: Records
) -> tuple[Integers, Integers]:
    """Return which records are in which cells, as pairs of cell and record."""
    rows_of: dict[tuple[str, ...], list[int]] = {}
    for row, codes in enumerate(zip(*records.codes, strict=True)):
        rows_of.setdefault(codes, []).append(row)
    cells: list[Integers] = []
    rows: list[Integers] = []
    for codes, members in rows_of.items():
        keys: dict[Key, None] = {}
        for cut in cuts:
            inside = (
                [node for node in nodes if code in dimension.nodes[node]]
                for dimension, nodes, code in zip(dimensions, cut.nodes, codes, strict=True)
            )
            keys.update(dict.fromkeys(product(*inside)))
        numbers = np.array([positions[key] for key in keys], dtype=np.int64)
        cells.append(np.repeat(numbers, len(members)))
        rows.append(np.tile(np.array(members, dtype=np.int64), len(numbers)))
    empty = np.zeros(0, dtype=np.int64)
    return np.concatenate([empty, *cells]), np.concatenate([empty, *rows])


def _relations(
    dimensions: Sequence[Dimension], cuts: Sequence[Cut], position: Mapping[Key, int]
) -> Iterable[tuple[int, tuple[int, ...]]]:
    """Yield each sum between cells: one dimension is split up, the others stay as they are. Empty parts add nothing."""
    for cut in cuts:
        for place, dimension in enumerate(dimensions):
            for node, parts in dimension.partitions:
                if not {node, *parts} <= set(cut.nodes[place]):
                    continue
                for rest in product(*(nodes for other, nodes in enumerate(cut.nodes) if other != place)):
                    total = position.get((*rest[:place], node, *rest[place:]))
                    if total is not None:
                        keys = ((*rest[:place], part, *rest[place:]) for part in parts)
                        yield total, tuple(position[key] for key in keys if key in position)


# -- When a sum over firms may be published by itself, and how far off a reader must stay from one that may
# not.


@dataclass(frozen=True)
class Rule:
    """Fewer than `min_firms` firms, or p %: the second largest firm could work out the largest to within `p` of it."""

    min_firms: int = 3
    p: float = 0.10

    def is_sensitive(self, contributions: Floats) -> bool:
        """Whether a cell with these contributions, the largest first, may not be published."""
        return self.protection(contributions) > 0

    def protection(self, contributions: Floats) -> float:
        """Return how far from its value a sensitive cell must still be possible, on either side; 0 of a safe one."""
        if not len(contributions):
            return 0.0
        largest = self.p * float(contributions[0])
        return largest if len(contributions) < self.min_firms else max(largest - float(contributions[2:].sum()), 0.0)
