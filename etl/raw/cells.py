"""The cells of a workbook or a Parquet, read by another process within limits and handed over as lines of JSON."""

import json
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from editions.errors import SourceError
from etl.raw import confined
from etl.raw.archive import PARQUET_MAGIC, ZIP_METHODS, read_start
from etl.raw.hollow_cells import hollow_cells
from etl.raw.wording import plain

# -- The cells of a workbook or a Parquet, read by another process within limits and handed over as lines of
# JSON.

LARGEST_UNPACKED = 1 << 30
MOST_PARTS = 2_000  # files inside a workbook
MOST_ROWS, MOST_COLUMNS = 2_000_000, 2_000
AT_ONCE = 10_000
SAVE_AS_CSV = "guárdelo como CSV y cárguelo así"
BOOK_AGAIN = "vuelva a guardarlo o a descargarlo"


class Book:
    """Sheets of rows of cells; a Parquet is a book of one sheet whose first row is its column names."""

    def __init__(self, answer: IO[bytes]) -> None:
        self._answer = answer
        weakref.finalize(self, answer.close)
        self._starts: dict[str, int] = {}
        self._heads: dict[str, dict[str, Any]] = {}
        position = 0
        for line in answer:
            position += len(line)
            if line.startswith(b"{"):
                head = json.loads(line)
                self._starts[head["sheet"]], self._heads[head["sheet"]] = position, head

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The titles of the sheets, in order."""
        return tuple(self._starts)

    def is_hidden(self, title: str) -> bool:
        """Tell whether a person who opens the book does not see the sheet."""
        return bool(self._heads[title].get("is_hidden"))

    def hollow(self, title: str) -> dict[tuple[int, int], str]:
        """Return the cells (row from 1, column from 0) with a formula but no value, or an error, in words."""
        return {(row, column): words for row, column, words in self._heads[title].get("hollow", ())}

    def rows(self, title: str) -> Iterator[list[Any]]:
        """Yield the rows of a sheet from its first, without the empty cells at their ends; one sheet at a time."""
        self._answer.seek(self._starts[title])
        for line in self._answer:
            if line.startswith(b"{"):
                return
            yield [_cell(text) if isinstance(text, dict) else text for text in json.loads(line)]

    def top(self, title: str, n_rows: int) -> list[list[Any]]:
        """Return the first rows of a sheet."""
        return list(islice(self.rows(title), n_rows))


def open_book(path: Path, name: str) -> Book:
    """Return the cells of a workbook or Parquet. Raises SourceError when it is damaged, locked, huge or hostile."""
    status = path.stat()
    return _opened(path, name, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1)  # looked at twice: to recognise it and to read it
def _opened(path: Path, name: str, _size: int, _mtime: int) -> Book:
    is_parquet = read_start(path, 4) == PARQUET_MAGIC
    function = "etl.raw.cells:write_parquet" if is_parquet else "etl.raw.cells:write_workbook"
    return Book(confined.run(function, on=confined.Stranger(path, name, SAVE_AS_CSV)))


def forget() -> None:
    """Close the book opened last: what it holds may be private and takes space."""
    _opened.cache_clear()


def write_workbook(answer: IO[bytes], path: str, name: str) -> None:
    """Write every sheet of a workbook. Raises SourceError when it is damaged, locked or swells."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        _refuse_odd_parts(path, name)
        with Path(path).open("rb") as content:
            workbook = CalamineWorkbook.from_filelike(content)
        visible = {sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible}
        for title in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(title)
            head = {"sheet": title, "is_hidden": title not in visible, "hollow": hollow_cells(Path(path), title)}
            _write_sheet(answer, head, [""] * (sheet.start or (0, 0))[1], sheet.iter_rows())
    except (CalamineError, BadZipFile) as error:
        raise SourceError(
            f"{name}: el libro de Excel está dañado o tiene contraseña; {BOOK_AGAIN} sin ella."
        ) from error


def write_parquet(answer: IO[bytes], path: str, name: str) -> None:
    """Write the columns of a Parquet as one sheet. Raises SourceError when it is damaged or too long."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(path)
        if table.metadata.num_rows > MOST_ROWS or table.metadata.num_columns > MOST_COLUMNS:
            raise SourceError(
                f"{name}: trae {table.metadata.num_rows} filas y {table.metadata.num_columns} columnas, más que un "
                f"registro; divídalo por año y cárguelo así."
            )
        batches = table.iter_batches(AT_ONCE, use_threads=False)
        rows = (row for batch in batches for row in zip(*(column.to_pylist() for column in batch), strict=True))
        _write_sheet(answer, {"sheet": ""}, [], ([*table.schema_arrow.names], *rows))
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise SourceError(f"{name}: el Parquet está dañado; vuelva a exportarlo.") from error


def _refuse_odd_parts(path: str, name: str) -> None:
    with ZipFile(path) as packed:
        parts = packed.infolist()
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        raise SourceError(f"{name}: el libro de Excel crece a más de 1 GB al abrirlo; guárdelo como CSV.")
    if any(part.compress_type not in ZIP_METHODS for part in parts):
        raise SourceError(f"{name}: el libro de Excel usa una compresión que Excel no usa; no se abre; {SAVE_AS_CSV}.")


def _write_sheet(answer: IO[bytes], head: dict[str, Any], before: list[Any], rows: Iterable[Iterable[Any]]) -> None:
    answer.write(json.dumps(head).encode() + b"\n")
    for row in rows:
        cells = [*before, *row]
        while cells and cells[-1] in ("", None):
            cells.pop()
        answer.write(json.dumps(cells, default=_coded).encode() + b"\n")


def _coded(cell: Any) -> dict[str, str] | str:
    """Return what JSON has no word for under the name of its type; the rest as text."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    return {"decimal": str(cell)} if isinstance(cell, Decimal) else str(cell)


def _cell(coded: dict[str, str]) -> datetime | date | Decimal | str:
    if "datetime" in coded:
        return datetime.fromisoformat(coded["datetime"])
    if "date" in coded:
        return date.fromisoformat(coded["date"])
    return Decimal(coded["decimal"]) if "decimal" in coded else str(coded)


# -- Finds the sheet of a spreadsheet (XLSX, XLSB) that holds a wanted table.

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
