"""When a statistic about firms is not shown. One policy object, used by every figure.

What is guarded: statistics *of firms* (counts of exporters, value per firm, concentration among firms) and
anything computed from the office's register, which knows each firm's size. Plain FOB from customs is not:
Aduanas publishes every item of it. The demo edition is synthetic, and follows the public rule so that one can
see the rule at work.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.edition import Edition


@dataclass(frozen=True)
class Cell:
    """What the policy looks at: how many firms, their value, and the two largest."""

    firms: int
    total: float = 0.0
    largest: tuple[float, ...] = ()


@dataclass(frozen=True)
class Policy:
    """Nothing is shown of fewer than `min_firms`, nor where the second largest could work out the largest."""

    is_on: bool
    min_firms: int = 3
    p: float = 0.10

    def hides(self, cell: Cell) -> bool:
        """Whether the cell by itself may not be shown. An empty cell tells nothing of anybody."""
        if not self.is_on or cell.firms == 0:
            return False
        if cell.firms < self.min_firms:
            return True
        first, second = (*cell.largest, 0.0, 0.0)[:2]
        return bool(cell.largest) and cell.total - first - second < self.p * first

    def hidden(self, cells: Sequence[Cell], *, total_shown: bool) -> frozenset[int]:
        """Return the positions to hide: those not showable, and one more when a total would give it away."""
        primary = {place for place, cell in enumerate(cells) if self.hides(cell)}
        if len(primary) != 1 or not total_shown:
            return frozenset(primary)
        others = [place for place, cell in enumerate(cells) if place not in primary and cell.firms]
        complement = min(others, key=lambda place: (cells[place].total, place), default=None)
        return frozenset(primary if complement is None else primary | {complement})


def policy_of(edition: Edition) -> Policy:
    """Return the policy in force: off in private editions, which never leave the office."""
    return Policy(is_on=edition.kind != "private")
