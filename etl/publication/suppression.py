"""Which cells of a table stay hidden, so that no arithmetic on those shown tells what a sensitive one holds.

Three steps, each a known method of statistical disclosure control:

1. Lines. In each relation whose total is shown, the hidden parts together must not be sensitive: a firm that is
   alone in one hidden cell knows its own value, and could take it from the sum. The smallest parts are hidden until
   they are not.
2. Intervals (Kelly, Golden and Assad 1992; Fischetti and Salazar 2000). A set of changes to hidden cells that keeps
   every relation true is a table that a reader cannot tell from the real one. For each sensitive cell there must be one
   that moves it up by its protection and one that moves it down; a linear programme (HiGHS) finds the cheapest, and
   the shown cells that it has to move are hidden.
3. Reduction. A cell hidden for company that no sensitive cell needs any more is shown again, the largest first.

`oracle` checks the result in another way, and shares no code with this module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from etl.publication.table import Floats, Rule, Table

UNIT = 1e6  # solvers like numbers near one
ENOUGH = 0.999  # of a protection: what a solver's tolerance may take off
MOST_REDUCTIONS = 100  # programmes solved to show cells again
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Suppression:
    """The cells of a table that are not shown, and those of them that are sensitive by themselves."""

    hidden: Mask
    sensitive: Mask


def suppress(table: Table, rule: Rule, *, hidden: Iterable[int] = (), shown: Iterable[int] = ()) -> Suppression:
    """Return the cells to hide. `hidden` must stay hidden; `shown` were published before and cannot be taken back.

    Every value must be positive. Unpublished cells count as hidden and are in `hidden` of the result.
    """
    work = _Work(table, rule, fixed=set(shown), hidden=set(hidden))
    if work.sensitive.any():
        work.hide_in_lines(range(len(table.relations)))
        work.widen_intervals()
        work.reduce()
    return Suppression(work.hidden, work.sensitive)


class _Work:
    """The cells hidden so far, and the proofs that sensitive cells are protected."""

    def __init__(self, table: Table, rule: Rule, *, fixed: set[int], hidden: set[int]) -> None:
        self.table, self.rule = table, rule
        protections = [rule.protection(table.contributions([cell])) for cell in range(len(table))]
        self.protection = np.array(protections) / UNIT
        self.sensitive: Mask = self.protection > 0
        self.hidden: Mask = self.sensitive | ~table.is_published
        self.hidden[list(hidden)] = True
        self.fixed = np.zeros(len(table), dtype=bool)
        self.fixed[list(fixed)] = True
        self.fixed &= ~self.sensitive  # what became sensitive since is another figure
        self.hidden &= ~self.fixed
        self.required = self.hidden.copy()
        self.proofs: dict[tuple[int, int], Floats] = {}

    def hide(self, cells: Iterable[int]) -> None:
        """Hide cells and what their lines then need."""
        new = [cell for cell in cells if not self.hidden[cell]]
        self.hidden[new] = True
        self.hide_in_lines(number for cell in new for number in self.table.relations_of[cell])

    def hide_in_lines(self, relations: Iterable[int]) -> None:
        """Hide the smallest parts of each relation until its hidden cells tell nothing of a firm."""
        todo = list(relations)
        while todo:
            number = todo.pop()
            for cell in self._company(number):
                self.hidden[cell] = True
                todo += [other for other in self.table.relations_of[cell] if other != number]

    def _company(self, number: int) -> list[int]:
        """Return the shown cells of a relation that its hidden ones need beside them."""
        total, parts = self.table.relations[number]
        hidden = [part for part in parts if self.hidden[part]]
        candidates = [part for part in parts if not self.hidden[part] and not self.fixed[part]]
        candidates.sort(key=lambda cell: -self.table.totals[cell])
        company: list[int] = []
        if self.hidden[total]:
            alone = not hidden and self.sensitive[total]  # the parts shown would add up to it
            return candidates[-1:] if alone else []
        while hidden and self._is_sensitive([*hidden, *company]):
            if not candidates:
                return [*company, total] if not self.fixed[total] else company
            company.append(candidates.pop())
        return company

    def _is_sensitive(self, cells: Sequence[int]) -> bool:
        return self.rule.is_sensitive(self.table.contributions(cells))

    def widen_intervals(self) -> None:
        """Hide what is needed for every sensitive cell to be possible at a safe distance on either side."""
        cells = np.flatnonzero(self.sensitive & self.hidden)
        programme = _Programme(self.table, self.fixed)
        for cell in cells[np.argsort(-self.protection[cells])]:
            for side in (1, -1):
                if self._is_proven(int(cell), side):
                    continue
                programme.set_hidden(self.hidden)
                change = programme.solve(int(cell), side, self._wanted(int(cell), side))
                if change is None:  # cells published before leave no room: they are what they are
                    continue
                self.hide(np.flatnonzero(change))
                self._keep(change)

    def _wanted(self, cell: int, side: int) -> float:
        """Return how far a cell must be able to move; nothing falls below zero."""
        return float(self.protection[cell] if side > 0 else min(self.protection[cell], self.table.totals[cell] / UNIT))

    def _is_proven(self, cell: int, side: int) -> bool:
        return (cell, side) in self.proofs

    def _keep(self, change: Floats) -> None:
        """Keep a change as the proof of every sensitive cell that it moves far enough."""
        for side in (1, -1):
            wanted = np.where(side > 0, self.protection, np.minimum(self.protection, self.table.totals / UNIT))
            for cell in np.flatnonzero(self.sensitive & (side * change >= ENOUGH * wanted)):
                self.proofs.setdefault((int(cell), side), change)

    def reduce(self) -> None:
        """Show again what no line and no interval needs, the largest first."""
        extra = np.flatnonzero(self.hidden & ~self.required)
        programme = _Programme(self.table, self.fixed)
        left = MOST_REDUCTIONS
        for cell in extra[np.argsort(-self.table.totals[extra])]:
            self.hidden[cell] = False
            if any(self._company(number) for number in self.table.relations_of[cell]):
                self.hidden[cell] = True
                continue
            touched = [key for key, change in self.proofs.items() if abs(change[cell]) > 0]
            if len(touched) > left:  # the limit is of programmes: what no proof needs is shown whatever was solved
                self.hidden[cell] = True
                continue
            programme.set_hidden(self.hidden)
            renewed: dict[tuple[int, int], Floats] = {}
            for key in touched:
                left -= 1
                change = programme.solve(*key, self._wanted(*key), strict=True)
                if change is None:
                    break
                renewed[key] = change
            if len(renewed) == len(touched):
                self.proofs |= renewed
            else:
                self.hidden[cell] = True


class _Programme:
    """The cheapest change that moves a cell, as one linear programme whose bounds and costs are changed between runs.

    Each cell has two columns: how far it rises and how far it falls.
    """

    def __init__(self, table: Table, fixed: Mask) -> None:
        self.size = len(table)
        self.values = np.maximum(table.totals / UNIT, 1e-9)
        self.fixed = fixed
        self.columns = np.arange(2 * self.size, dtype=np.int32)
        self.highs = _highs(table)
        self.hidden = np.ones(len(table), dtype=bool)
        self.set_hidden(self.hidden, is_first=True)

    def set_hidden(self, hidden: Mask, *, is_first: bool = False) -> None:
        """Cells shown may move, at a cost; those hidden for nothing; those published before not at all."""
        if not is_first and np.array_equal(self.hidden, hidden):
            return
        self.hidden = hidden.copy()
        cost = np.where(hidden, 0.0, np.sqrt(self.values) + 0.01)
        rise = np.where(hidden, highspy.kHighsInf, np.where(self.fixed, 0.0, self.values))
        self.rise, self.fall = rise, np.where(self.fixed & ~hidden, 0.0, self.values)
        self.highs.changeColsCost(2 * self.size, self.columns, np.r_[cost, cost])
        self.highs.changeColsBounds(2 * self.size, self.columns, np.zeros(2 * self.size), np.r_[self.rise, self.fall])

    def solve(self, cell: int, side: int, wanted: float, *, strict: bool = False) -> Floats | None:
        """Return a change that moves the cell by `wanted` up (1) or down (-1); None when there is none.

        `strict` allows no shown cell to move.
        """
        column, other = (cell, self.size + cell) if side > 0 else (self.size + cell, cell)
        most = highspy.kHighsInf if side > 0 else float(self.values[cell])
        self.highs.changeColBounds(column, min(wanted, most), most)
        self.highs.changeColBounds(other, 0.0, 0.0)
        self.highs.run()
        is_solved = self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        solution = np.array(self.highs.getSolution().col_value) if is_solved else None
        self.highs.changeColBounds(cell, 0.0, float(self.rise[cell]))
        self.highs.changeColBounds(self.size + cell, 0.0, float(self.fall[cell]))
        if solution is None:
            return None
        change = solution[: self.size] - solution[self.size :]
        change[np.abs(change) < 1e-7] = 0.0
        return None if strict and bool(np.any((change != 0) & ~self.hidden)) else change


def _highs(table: Table) -> highspy.Highs:
    """Return the relations as rows: a total less its parts is 0, however the cells change."""
    starts, columns, signs = [0], [], []
    for total, parts in table.relations:
        for cell, sign in ((total, 1.0), *((part, -1.0) for part in parts)):
            columns += [cell, len(table) + cell]
            signs += [sign, -sign]
        starts.append(len(columns))
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = 2 * len(table), len(table.relations)
    problem.col_cost_ = problem.col_lower_ = problem.col_upper_ = np.zeros(2 * len(table))
    problem.row_lower_ = problem.row_upper_ = np.zeros(len(table.relations))
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    problem.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    problem.a_matrix_.index_ = np.array(columns, dtype=np.int32)
    problem.a_matrix_.value_ = np.array(signs)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex")):
        highs.setOptionValue(option, value)
    highs.passModel(problem)
    return highs
