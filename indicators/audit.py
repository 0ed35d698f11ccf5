"""Whether sums that are shown give away sums that are not: the attack by subtraction, in linear algebra.

The hidden cells are the unknowns, and every sum shown is an equation about them. A hidden sum can be worked out
when it is a combination of the equations: when no change of the unknowns that keeps every sum shown moves it.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Name = TypeVar("Name")
Vector = npt.NDArray[np.float64]
Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]  # box and cell of it
STEPS = 4_000
PRECISE = 1e-9
TOLERANCE = 1e-6


class LinearSystem(Generic[Name]):
    """Cells, and the sums (boxes) that each is part of; a cell is a box too."""

    def __init__(self, cells: Sequence[Name], *, within: Callable[[Name], Iterable[Name]]) -> None:
        members: dict[Name, list[int]] = defaultdict(list)
        for place, cell in enumerate(cells):
            for box in within(cell):
                members[box].append(place)
        self.cells, self.boxes = list(cells), list(members)
        self.place = {box: place for place, box in enumerate(members)}
        self.rows = np.repeat(np.arange(len(members)), [len(inside) for inside in members.values()])
        self.columns = np.array([place for inside in members.values() for place in inside], dtype=np.int64)

    def hide(self, hidden: Container[Name]) -> None:
        """Say which boxes are hidden; every other one is shown."""
        self.is_hidden_box = np.array([box in hidden for box in self.boxes], dtype=bool)
        self.is_unknown = np.array([cell in hidden for cell in self.cells], dtype=bool)
        unknown = self.is_unknown[self.columns]
        self.unknowns, self.knowns = self._pairs(unknown), self._pairs(~unknown)
        self.equations = self._pairs(unknown & ~self.is_hidden_box[self.rows])
        sizes = np.bincount(self.equations[0], minlength=len(self.boxes))
        self.scale = 1.0 / np.sqrt(np.maximum(sizes, 1))  # equations of any length weigh alike: half the steps

    def determined(self) -> list[Name] | None:
        """Return the hidden boxes that the sums shown determine, or None when that cannot be told."""
        at_random = np.random.default_rng(0).standard_normal(len(self.cells)) * self.is_unknown
        _, change = self._project(at_random)  # keeps every sum shown
        if change is None:
            return None
        still = np.abs(self._sums(change, self.unknowns)) < TOLERANCE
        return [self.boxes[place] for place in np.flatnonzero(still & self.is_hidden_box)]

    def relied_on(self, box: Name) -> list[Name]:
        """Return the cells shown that are subtracted to work out a box that is determined."""
        target = np.zeros(len(self.cells))
        target[self.columns[self.rows == self.place[box]]] = 1.0
        weights, _ = self._project(target * self.is_unknown)
        times = np.abs(self._spread(weights, self.knowns))
        return [self.cells[place] for place in np.flatnonzero(times > TOLERANCE)]

    def _project(self, vector: Vector) -> tuple[Vector, Vector | None]:
        """Least squares by conjugate gradients: a weight for each sum shown, and what they leave unexplained.

        What is left is None when the steps do not settle.
        """
        weights, left = np.zeros(len(self.boxes)), vector.copy()
        gap = self._sums(left, self.equations) * self.scale
        step, size = gap.copy(), float(gap @ gap)
        for _ in range(STEPS):
            if np.abs(gap).max(initial=0.0) < PRECISE:
                return weights * self.scale, left
            along = self._spread(step * self.scale, self.equations)
            length = size / float(along @ along)
            weights += length * step
            left -= length * along
            gap = self._sums(left, self.equations) * self.scale
            before, size = size, float(gap @ gap)
            step = gap + (size / before) * step
        return weights * self.scale, None

    def _pairs(self, chosen: npt.NDArray[np.bool_]) -> Pairs:
        return self.rows[chosen], self.columns[chosen]

    def _sums(self, values: Vector, pairs: Pairs) -> Vector:
        rows, columns = pairs
        return np.asarray(np.bincount(rows, values[columns], len(self.boxes)), dtype=np.float64)

    def _spread(self, weights: Vector, pairs: Pairs) -> Vector:
        rows, columns = pairs
        return np.asarray(np.bincount(columns, weights[rows], len(self.cells)), dtype=np.float64)
