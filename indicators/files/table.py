"""A table on its way to a file: typed columns, rows and notes, written as CSV, Parquet or text."""

import csv
import io
import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from indicators.question.question import Question
from words.formats import MISSING, quantity
from words.language import t

# -- A table on its way to a file: typed columns, rows, and the notes without which no figure leaves the
# product.

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


# -- Text that no spreadsheet runs: what begins like a formula gets an apostrophe, a plain number stays as it
# is.

STARTS = "=+-@＝＋－＠\t\r\n|%"  # what spreadsheets take for a formula, a command or a way around both
PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
AFTER_SEPARATOR = re.compile(r"([,;\t]\s*)(?=[=+\-@＝＋－＠])(?![+-]?\d)")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def cell_text(text: str) -> str:
    """Return text for a cell of a CSV: on one line, and never a formula."""
    said = one_line(text)
    starts_badly = said.lstrip()[:1] in tuple(STARTS) and said.strip()
    return f"'{said}" if starts_badly and not PLAIN_NUMBER.fullmatch(said) else said


def comment_text(text: str) -> str:
    """Return text for a comment line of a CSV: the cells that a spreadsheet cuts it into are no formulas either."""
    return AFTER_SEPARATOR.sub(r"\1'", one_line(text))


def one_line(text: str) -> str:
    """Return the text without control characters, its line breaks as spaces."""
    return CONTROLS.sub("", re.sub(r"\s*[\r\n\u0085\u2028\u2029]+\s*", " ", text))


# -- A table as plain text, with the reader's numbers: what can be read aloud, pasted in a message or compared
# by eye.


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


# -- A table as CSV: UTF-8, commas, decimal points; what the figures are stands above them in comment lines.


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


# -- A table as Parquet: typed columns; question, definition, source and edition in the file's own metadata.


def as_parquet(table: Table) -> bytes:
    """Return the file; its key-value metadata holds every note and mark."""
    arrays = [pa.array(cells, _type(column, cells)) for column, cells in _by_column(table)]
    fields = [
        pa.field(column.name, array.type, metadata={"title": t(column.title), "unit": column.unit or ""})
        for column, array in zip(table.columns, arrays, strict=True)
    ]
    said = {"avisos": "\n".join(table.marks)}
    for note in table.notes:  # of several answers, several notes bear one name
        said[note.name] = f"{said[note.name]}\n{note.text}" if note.name in said else note.text
    packed = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=said)), packed, compression="zstd")
    return packed.getvalue()


def _by_column(table: Table) -> list[tuple[Column, list[Cell]]]:
    return [(column, [row[place] for row in table.rows]) for place, column in enumerate(table.columns)]


def _type(column: Column, cells: list[Cell]) -> Any:
    if column.unit == OWN:
        return None  # Arrow tells by the cells
    if any(isinstance(cell, date) for cell in cells):
        return pa.date32()
    return pa.string() if column.unit in (None, MONTH) else pa.float64()


# -- Names of files that every system takes, whatever they are made from.

LONGEST_PART, LONGEST_QUESTION = 40, 110
DIGEST = 8  # hexadecimal digits that tell apart questions too long for a name


def file_name(*parts: str | Question, suffix: str) -> str:
    """Return `pulso_<part>_<part>.<suffix>` in small letters, digits and hyphens; no part can leave the folder.

    A question stands with all its parts, so that the files of two figures never bear one name.
    """
    names = (_of_question(part) if isinstance(part, Question) else _plain(part, LONGEST_PART) for part in parts)
    return "_".join(["pulso", *filter(None, names)]) + f".{suffix}"


def _of_question(question: Question) -> str:
    text = str(question)
    plain = _plain(text, len(text))
    if len(plain) <= LONGEST_QUESTION:
        return plain
    return f"{plain[:LONGEST_QUESTION].strip('-')}-{sha256(text.encode()).hexdigest()[:DIGEST]}"


def _plain(part: str, longest: int) -> str:
    letters = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters)[:longest].strip("-")
