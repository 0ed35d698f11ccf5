"""A table as plain text, with the reader's numbers: what can be read aloud, pasted in a message or compared by eye."""

from indicators.files.harmless import one_line
from indicators.files.table import Cell, Table, as_number
from indicators.formats import MISSING, quantity
from indicators.language import t


def as_text(table: Table) -> str:
    """Return one line per row (`name: value`), marks above and notes below."""
    rows = [_line(row, table) for row in table.rows]
    notes = [f"{t(note.title)}: {one_line(note.text)}" for note in table.notes]
    return "\n".join((*table.marks, *rows, "", *notes)) + "\n"


def _line(row: tuple[Cell, ...], table: Table) -> str:
    pairs = zip(row, table.columns, strict=True)
    name, *rest = (shown(cell, table.unit_of(row, column)) for cell, column in pairs)
    return f"{name}: {'; '.join(rest)}"


def shown(cell: Cell, unit: str | None) -> str:
    """Return a cell as a page shows it: numbers with their unit, `s/d` where there is none."""
    number = as_number(cell)
    if number is not None and unit is not None:
        return quantity(number, unit)
    if cell is None:
        return t(MISSING) if unit is not None else ""
    return one_line(str(cell))
