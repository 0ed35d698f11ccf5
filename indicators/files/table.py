"""A table on its way to a file: typed columns, rows, and the notes without which no figure leaves the product.

Titles of columns and notes are Spanish, and are written through `t`; what cells and notes say is in the reader's
language already. Names for programs are the same in every language.
"""

import math
from dataclasses import dataclass
from datetime import date

Cell = str | int | float | date | None


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


def as_number(cell: Cell) -> int | float | None:
    """Return the cell when it is a number that can be written, else None."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return cell if math.isfinite(cell) else None
