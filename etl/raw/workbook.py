"""Finds the sheet of a spreadsheet (XLSX, XLSB) that holds a wanted table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
    titles: tuple[str, ...]
    above: str
    others: tuple[str, ...] = ()  # sheets that hold something else

    @property
    def names(self) -> tuple[str, ...]:
        """Return the titles in plain letters: «Año Comercial» is «ano comercial»."""
        return tuple(plain(title) for title in self.titles)

    @property
    def hollow(self) -> Mapping[tuple[int, int], str]:
        """Return the cells (row from 1, column from 0) with a formula but no value, or an error, in words."""
        return self.workbook.hollow(self.name)

    def rows(self) -> list[list[Any]]:
        """Return the cells under the header, each row at least as long as it."""
        width = len(self.titles)
        under = islice(self.workbook.rows(self.name), self.header_at, None)
        return [[*cells, *[""] * (width - len(cells))] for cells in under]


def find_sheet(
    path: Path,
    name: str,
    wanted: Callable[[frozenset[str]], bool],
    is_whole: Callable[[frozenset[str]], bool] = lambda _: True,
) -> Sheet | None:
    """Return the sheet whose header has the wanted names, None when no sheet does.

    Of several, the one that is not hidden, has every name and has rows. Raises SourceError when that is not one, or
    when the book is damaged, huge or locked.
    """
    workbook = open_book(path, name)
    found = [sheet for title in workbook.sheet_names if (sheet := _header(workbook, title, wanted)) is not None]
    found = _narrowed(found, lambda sheet: not workbook.is_hidden(sheet.name))
    found = _narrowed(found, lambda sheet: is_whole(frozenset(sheet.names)))
    found = _narrowed(found, lambda sheet: any(as_text(cell) for row in sheet.rows() for cell in row))
    if len(found) > 1:
        *first, last = (f"«{sheet.name}»" for sheet in found)
        raise SourceError(
            f"{name}: las hojas {', '.join(first)} y {last} traen la tabla, ¿cuál se carga?; deje en el libro "
            "sólo esa, o junte sus filas en una."
        )
    others = tuple(title for title in workbook.sheet_names if found and title != found[0].name)
    return replace(found[0], others=others) if found else None


def _narrowed(found: list[Sheet], fits: Callable[[Sheet], bool]) -> list[Sheet]:
    """Return those of several sheets that fit, all when none does."""
    return [sheet for sheet in found if fits(sheet)] or found if len(found) > 1 else found


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
        titles = tuple(as_text(cell) for cell in cells)
        if wanted(frozenset(plain(title) for title in titles)):
            above = " ".join(as_text(cell) for row in top[:number] for cell in row).strip()
            return Sheet(workbook, title, number + 1, titles, above)
    return None
