"""A table as CSV: UTF-8, commas, decimal points; what the figures are stands above them in comment lines."""

import csv
import io

from indicators.files.harmless import cell_text, comment_text
from indicators.files.table import Cell, Table


def as_csv(table: Table) -> str:
    """Return the rows as CSV, under comment lines that say what they are."""
    text = io.StringIO()
    text.writelines(f"# {comment_text(mark)}\n" for mark in table.marks)
    text.writelines(f"# {note.name}: {comment_text(note.text)}\n" for note in table.notes)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return text.getvalue()


def _written(cell: Cell) -> object:
    """Return a number as it is, with every digit, and text that is no formula."""
    return cell_text(cell) if isinstance(cell, str) else cell
