"""A table on its way to a file: typed columns, rows, and the notes without which no figure leaves the product.

Titles of columns and notes are Spanish, and are written through `t`; what cells and notes say is in the reader's
language already. Names for programs are the same in every language.
"""

import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Cell = str | int | float | Decimal | date | None
MONTH = "month"  # unit of a column of months, written `2025-01`; other keys may stand among them
OWN = "own"  # unit of a column whose cells say by themselves what they are


@dataclass(frozen=True)
class Column:
    """One column: its name for programs, its title for people, and the unit of its numbers (None: text or dates)."""

    name: str
    title: str
    unit: str | None = None


@dataclass(frozen=True)
class Note:
    """One thing to know about the figures: its short name in a file, its name for people, and what it says."""

    name: str
    title: str
    text: str


@dataclass(frozen=True)
class Table:
    """Rows under columns. `marks` must be read before any figure (the demo mark first); `notes` say what they are."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Note, ...] = ()
    marks: tuple[str, ...] = ()

    def unit_of(self, row: tuple[Cell, ...], column: Column) -> str | None:
        """Return the unit of a cell: that of its column or, where rows differ, what its row says."""
        own = next((cell for cell, other in zip(row, self.columns, strict=True) if other.name == "unit"), None)
        return str(own) if column.unit == "number" and own else column.unit


def as_month(cell: Cell) -> date | None:
    """Return the first day of a month written `2025-01`, else None."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", cell) if isinstance(cell, str) else None
    return date(int(found[1]), int(found[2]), 1) if found else None


def as_number(cell: Cell) -> int | float | None:
    """Return the cell when it is a number that can be written, else None."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return None
    number = float(cell) if isinstance(cell, Decimal) else cell
    return number if math.isfinite(number) else None
