"""Which cells of a table stay hidden so that no arithmetic on the cells shown gives one away.

A cell is named by one code per cut, None for «all»; `44/4407` is a code inside a wider one. A cell's parents are
the cells with one code widened by a step, and a line is every cell that differs only below that step: the line
adds up to the parent. Wide cells are settled first, so a cell is hidden or shown alike in every table it is in.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from indicators.audit import LinearSystem
from indicators.disclosure import Cell, Policy

Key = tuple[str | None, ...]
Line = tuple[int, Key]  # the cut it runs along, and the parent it adds up to
ROUNDS = 100  # then the whole level is hidden; dense tables of a thousand cells take about thirty
MOST_REMEDIES = 20  # in one round: hiding for one cell often helps the others


def suppressed(cells: Mapping[Key, Cell], policy: Policy) -> frozenset[Key]:
    """Return the cells to hide: those not showable alone, those inside a hidden one, and what would give one away."""
    levels: dict[tuple[int, ...], list[Key]] = defaultdict(list)
    for key in sorted(cells, key=_order):
        levels[_depth(key)].append(key)
    hidden: set[Key] = set()
    for depth in sorted(levels, key=lambda depth: (sum(depth), depth)):
        _Level(cells, policy, levels[depth], hidden).protect()
    return frozenset(hidden)


class _Level:
    """The cells with the same cuts, of a table whose wider cells are settled. Adds to `hidden`, which it shares."""

    def __init__(self, cells: Mapping[Key, Cell], policy: Policy, keys: list[Key], hidden: set[Key]) -> None:
        self.cells, self.policy, self.keys, self.hidden = cells, policy, keys, hidden
        self.idle: set[Key] = set()  # hidden for company once, but worked out anyhow: no use to hide
        self.own = set(keys)
        self.lines: dict[Line, list[Key]] = defaultdict(list)
        for key in keys:
            for line in _lines(key):
                self.lines[line].append(key)

    def protect(self) -> None:
        """Hide until no cell that may not be shown can be worked out; when that takes too long, hide everything."""
        self.hidden.update(key for key in self.keys if self.policy.hides(self.cells[key]) or self._is_inside(key))
        if self.hidden.isdisjoint(self.keys):
            return
        self._settle(self.lines)
        system = LinearSystem(self.keys, within=_within)
        for _ in range(ROUNDS):
            system.hide(self.hidden)
            determined = system.determined()
            if determined is None:
                break
            remedies = self._remedies(system, determined)
            self.hidden |= remedies
            idle = set() if remedies else {key for key in determined if self._is_idle(key)}
            self.hidden -= idle
            self.idle |= idle
            if not remedies and not idle:
                return
            self._settle(line for key in remedies | idle for line in _lines(key))
        self.hidden.update(self.keys)

    def _is_inside(self, key: Key) -> bool:
        return any(parent in self.hidden for _, parent in _lines(key))

    def _settle(self, lines: Iterable[Line]) -> None:
        """Hide, in each line whose sum is shown, until the hidden cells could be shown as one."""
        todo = list(lines)
        while todo:
            line = todo.pop()
            hidden = [key for key in self.lines[line] if key in self.hidden]
            if not hidden or line[1] in self.hidden:
                continue
            shown = (key for key in self.lines[line] if key not in self.hidden and key not in self.idle)
            left = sorted(shown, key=self._cost, reverse=True)
            while left and self.policy.hides(Cell.together(self.cells[key] for key in hidden)):
                key = left.pop()
                hidden.append(key)
                self.hidden.add(key)
                todo += [other for other in _lines(key) if other != line]

    def _remedies(self, system: LinearSystem[Key], determined: Iterable[Key]) -> set[Key]:
        """Return, for cells that are given away, the smallest cell shown here that the subtraction relies on.

        When it relies on none here, wider cells and empty ones give it away, and hiding more here would not help.
        """
        found: set[Key] = set()
        for box in determined:
            if not self.policy.hides(self.cells[box]):
                continue
            useful = [key for key in system.relied_on(box) if key not in found and not self._is_alone(key)]
            if useful:
                found.add(min(useful, key=self._cost))
            if len(found) == MOST_REMEDIES:
                break
        return found

    def _is_alone(self, key: Key) -> bool:
        """Whether a parent that is shown is this cell over again: hiding it would hide nothing."""
        return any(len(self.lines[line]) == 1 and line[1] not in self.hidden for line in _lines(key))

    def _is_idle(self, key: Key) -> bool:
        """Whether a cell that can be worked out was hidden only for company."""
        return key in self.own and not self.policy.hides(self.cells[key]) and not self._is_inside(key)

    def _cost(self, key: Key) -> tuple[int, float, tuple[str, ...]]:
        """What hiding a cell costs the reader."""
        return self.cells[key].firms, self.cells[key].total, _order(key)


def _widened(code: str) -> str | None:
    return code.rpartition("/")[0] or None


def _lines(key: Key) -> list[Line]:
    return [(cut, (*key[:cut], _widened(code), *key[cut + 1 :])) for cut, code in enumerate(key) if code is not None]


def _within(key: Key) -> Iterator[Key]:
    """Every cell that holds this one, itself included."""
    return product(*map(_with_wider, key))


def _with_wider(code: str | None) -> list[str | None]:
    codes = [code]
    while code is not None:
        code = _widened(code)
        codes.append(code)
    return codes


def _depth(key: Key) -> tuple[int, ...]:
    return tuple(0 if code is None else code.count("/") + 1 for code in key)


def _order(key: Key) -> tuple[str, ...]:
    return tuple(code or "" for code in key)
