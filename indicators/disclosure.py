"""When a statistic about firms is not shown. One policy object, used by every figure.

What is guarded: statistics *of firms* (counts of exporters, value per firm, concentration among firms) and
anything computed from the office's register, which knows each firm's size. Plain FOB from customs is not:
Aduanas publishes every item of it. The demo edition is synthetic, and follows the public rule so that one can
see the rule at work. `suppression` keeps what is hidden from being worked out; decision 6 says how far.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.edition import Edition


@dataclass(frozen=True)
class Cell:
    """What the policy looks at: how many firms, their value, and the two largest."""

    firms: int
    total: float = 0.0
    largest: tuple[float, ...] = ()

    @classmethod
    def together(cls, cells: Iterable["Cell"]) -> "Cell":
        """Return several cells as one, at its worst: the same few firms may be in all of them."""
        parts = list(cells)
        return cls(
            firms=max((part.firms for part in parts), default=0),
            total=sum(part.total for part in parts),
            largest=tuple(sum((*part.largest, 0.0, 0.0)[place] for part in parts) for place in (0, 1)),
        )


@dataclass(frozen=True)
class Policy:
    """Nothing is shown of fewer than `min_firms`, nor where the second largest could work out the largest."""

    is_on: bool
    min_firms: int = 3
    min_firms_of_shape: int = 5
    p: float = 0.10

    def hides(self, cell: Cell) -> bool:
        """Whether the cell by itself may not be shown. An empty cell tells nothing of anybody."""
        if not self.is_on or cell.firms == 0:
            return False
        if cell.firms < self.min_firms:
            return True
        first, second = (*cell.largest, 0.0, 0.0)[:2]
        return bool(cell.largest) and cell.total - first - second < self.p * first


def policy_of(edition: Edition) -> Policy:
    """Return the policy in force: off in private editions, which never leave the office."""
    return Policy(is_on=edition.kind != "private")
