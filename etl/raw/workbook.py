"""Finds the sheet of a spreadsheet (XLSX, XLSB) that holds a wanted table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from etl.errors import SourceError
from etl.raw.cells import Book, open_book
from etl.raw.wording import plain

HEADER_WITHIN = 30  # rows: SII leaves four blank ones, offices write a title


@dataclass(frozen=True)
class Sheet:
    """A sheet whose header was found: `header_at` is its row as the spreadsheet numbers it, from 1."""

    workbook: Book
    name: str
    header_at: int
    names: tuple[str, ...]  # in plain letters: «Año Comercial» is «ano comercial»
    above: str

    def rows(self) -> list[list[Any]]:
        """Return the cells under the header, each row at least as long as it."""
        width = len(self.names)
        under = islice(self.workbook.rows(self.name), self.header_at, None)
        return [[*cells, *[""] * (width - len(cells))] for cells in under]


def find_sheet(path: Path, name: str, wanted: Callable[[frozenset[str]], bool]) -> Sheet | None:
    """Return the sheet whose header has the wanted names, None when no sheet does.

    Raises SourceError when the book is damaged, huge, locked, or has two such sheets.
    """
    workbook = open_book(path, name)
    found = [sheet for title in workbook.sheet_names if (sheet := _header(workbook, title, wanted)) is not None]
    if len(found) > 1:
        titles = " y ".join(f"«{sheet.name}»" for sheet in found[:2])
        raise SourceError(f"{name}: las hojas {titles} traen las dos un encabezado; deje una sola en el libro.")
    return found[0] if found else None


def as_text(cell: Any) -> str:
    """Return a cell as the text a CSV would hold: whole numbers without tail, amounts to the cent, days as ISO."""
    if isinstance(cell, float | int | Decimal) and not isinstance(cell, bool):
        amount = Decimal(str(cell))
        if not amount.is_finite():
            return str(cell)
        whole = amount == amount.to_integral_value()
        return f"{amount:.0f}" if whole else f"{amount:.2f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def _header(workbook: Book, title: str, wanted: Callable[[frozenset[str]], bool]) -> Sheet | None:
    top = workbook.top(title, HEADER_WITHIN)
    for number, cells in enumerate(top):
        names = tuple(plain(as_text(cell)) for cell in cells)
        if wanted(frozenset(names)):
            above = " ".join(as_text(cell) for row in top[:number] for cell in row).strip()
            return Sheet(workbook, title, number + 1, names, above)
    return None
