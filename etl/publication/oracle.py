"""The attack on a published table: what a reader can work out of each sensitive cell, as an interval.

It is written apart from `suppression` and thinks in other terms: its unknowns are what each combination of codes
holds, its equations are the cells that are shown, and it asks for the least and the most that each sensitive cell can
be (feasibility intervals by linear programming).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from etl.publication.suppression import Mask
from etl.publication.table import Dimension, Key, Records, Rule, Table

UNIT = 1e6
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Recovery:
    """A sensitive cell of which the cells shown tell too much: it is between `least` and `most`."""

    key: Key
    value: float
    least: float
    most: float
    protection: float


def recoveries(
    table: Table, dimensions: Sequence[Dimension], records: Records, hidden: Mask, rule: Rule
) -> list[Recovery]:
    """Return the sensitive cells that a reader can tell to within less than their protection, or that are shown."""
    return list(_recoveries(table, dimensions, records, hidden, rule))


def _recoveries(
    table: Table, dimensions: Sequence[Dimension], records: Records, hidden: Mask, rule: Rule
) -> Iterator[Recovery]:
    atoms: dict[tuple[str, ...], float] = {}
    for codes, value in zip(zip(*records.codes, strict=True), records.values, strict=True):
        atoms[codes] = atoms.get(codes, 0.0) + float(value)
    members = [_members(key, dimensions, atoms) for key in table.keys]
    highs = _system(members, list(atoms.values()), hidden)
    for cell, key in enumerate(table.keys):
        contributions = table.contributions([cell])
        if not rule.is_sensitive(contributions):
            continue
        value, protection = float(contributions.sum()), rule.protection(contributions)
        if not hidden[cell]:
            yield Recovery(key, value, value, value, protection)
            continue
        least, most = (_bound(highs, members[cell], side) for side in (1, -1))
        needed = protection * (1 - 1e-3) - TOLERANCE * UNIT
        if most < value + needed or least > value - min(needed, value):
            yield Recovery(key, value, least, most, protection)


def _members(key: Key, dimensions: Sequence[Dimension], atoms: Mapping[tuple[str, ...], float]) -> list[int]:
    inside = [dimension.nodes[node] for dimension, node in zip(dimensions, key, strict=True)]
    return [
        number
        for number, codes in enumerate(atoms)
        if all(code in held for code, held in zip(codes, inside, strict=True))
    ]


def _system(members: Sequence[Sequence[int]], values: Sequence[float], hidden: Mask) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    for _ in values:
        highs.addVar(0.0, highspy.kHighsInf)
    for cell in map(int, np.flatnonzero(~hidden)):
        inside = np.array(members[cell], dtype=np.int32)
        total = sum(values[atom] for atom in members[cell]) / UNIT
        highs.addRow(total, total, len(inside), inside, np.ones(len(inside)))
    return highs


def _bound(highs: highspy.Highs, members: Sequence[int], side: int) -> float:
    """Return the least (1) or the most (-1) that these atoms can add up to; without a limit, infinity."""
    for atom in members:
        highs.changeColCost(atom, float(side))
    highs.run()
    status, value = highs.getModelStatus(), highs.getInfo().objective_function_value
    for atom in members:
        highs.changeColCost(atom, 0.0)
    if status == highspy.HighsModelStatus.kOptimal:
        return side * value * UNIT
    return float("inf") if side < 0 else 0.0
