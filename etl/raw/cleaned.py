"""What the byte repair gives: the repaired text, all that was done to it, and where each row came from."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from etl.raw.report import Rejected
from etl.raw.wording import readable


@dataclass(frozen=True)
class Shape:
    """How many fields a line has; a line that ends after `cut_at` fields is a known defect and is padded."""

    fields: int
    cut_at: int | None = None


@dataclass
class Cleaned:
    """The repaired text and what was done to it; `path` is the original when nothing had to change."""

    path: Path
    rows: int = 0
    repaired: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    _first_rows: list[int] = field(default_factory=lambda: [0])
    _shifts: list[int] = field(default_factory=lambda: [1])

    def line(self, row: int) -> int:
        """Return the line of the raw file (from 1) where row `row` (from 0) of the repaired text began."""
        return row + self._shifts[bisect_right(self._first_rows, row) - 1]

    def begins_at(self, line: int) -> None:
        """Note that the next row begins at this raw line."""
        if line - self.rows != self._shifts[-1]:
            self._first_rows.append(self.rows)
            self._shifts.append(line - self.rows)

    def texts(self, rows: set[int]) -> dict[int, str]:
        """Return the repaired text of these rows."""
        if not rows:
            return {}
        with self.path.open("rb") as text:
            return {row: readable(line.rstrip(b"\n")) for row, line in enumerate(text) if row in rows}
