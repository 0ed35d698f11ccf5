"""When a sum over firms may be published by itself, and how far off a reader must stay from one that may not."""

from dataclasses import dataclass

from etl.publication.table import Floats


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
