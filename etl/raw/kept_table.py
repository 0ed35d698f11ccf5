"""A table that an office keeps by hand (CSV, workbook or Parquet), read as text: every row right, or no row."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.errors import SourceError
from etl.raw import fields as sql
from etl.raw.archive import is_zip, read_start
from etl.raw.cells import PARQUET_MAGIC, open_book
from etl.raw.clean import BOM
from etl.raw.parsed import Task
from etl.raw.report import Rejected, RowsRejectedError
from etl.raw.source import Column, columns
from etl.raw.wording import plain, thousands
from etl.raw.workbook import as_text, find_sheet

SHOWN = 3


@dataclass(frozen=True)
class Kept:
    """The rows as text, one column per column of the schema ('' where absent) and `line`; and those of no shape."""

    rows: pa.Table
    misshapen: tuple[Rejected, ...]
    names: frozenset[str]

    @property
    def rows_read(self) -> int:
        """Rows of any shape."""
        return int(self.rows.num_rows) + len(self.misshapen)


def read_kept(task: Task, source_id: str) -> Kept:
    """Return the table. Raises SourceError when a column is missing, written twice, or there are no rows."""
    if read_start(task.path, 4) == PARQUET_MAGIC:
        names, lines, cells = _parquet(task)
        kept = _of_rows(source_id, task, names, lines, cells)
    elif is_zip(task.path):
        names, lines, cells = _workbook(task, source_id)
        kept = _of_rows(source_id, task, names, lines, cells)
    else:
        kept = _of_text(task, source_id)
    if not kept.rows_read:
        raise SourceError(f"{task.name}: sólo trae el encabezado, sin filas; revise la exportación de la tabla.")
    return kept


def refuse_any(name: str, rejected: Sequence[Rejected], rows_read: int) -> None:
    """Raise RowsRejectedError, with every wrong row in the order of the file, when there is one."""
    if not rejected:
        return
    listed = sorted(rejected, key=lambda one: one.line)
    first = "; ".join(f"línea {thousands(one.line)}: {one.reason}" for one in listed[:SHOWN])
    more = f"; y {thousands(len(listed) - SHOWN)} más" if len(listed) > SHOWN else ""
    raise RowsRejectedError(
        f"{name}: {thousands(len(listed))} de {thousands(rows_read)} filas con error ({first}{more}); "
        f"corrija el archivo y cárguelo de nuevo, no se cargó ninguna fila.",
        listed,
    )


def _checked_names(task: Task, source_id: str, names: Sequence[str]) -> list[str]:
    """Return the column names in plain letters. Raises SourceError for a missing or repeated one."""
    found = [plain(name) for name in names]
    known = columns(source_id)
    missing = [one.name for one in known if one.is_required and one.name not in found]
    repeated = sorted({one.name for one in known if found.count(one.name) > 1})
    if missing:
        raise SourceError(
            f"{task.name}: falta la columna {', '.join(f'«{name}»' for name in missing)}; el encabezado lleva "
            f"{', '.join(one.name for one in known)} (vea la plantilla)."
        )
    if repeated:
        raise SourceError(f"{task.name}: la columna «{repeated[0]}» está dos veces; deje una.")
    return found


def _of_text(task: Task, source_id: str) -> Kept:
    """Copy the rows of the right shape aside and read the known columns at once."""
    body = task.scratch / "kept.txt"
    lines, misshapen, names = array("q"), list[Rejected](), list[str]()
    with body.open("wb") as output:
        for line, text in _lines(task):
            if not names:
                names = _checked_names(task, source_id, text.decode("latin-1").split(";"))
            elif reason := _misshape(text, len(names)):
                misshapen.append(Rejected(task.name, line, reason, ""))
            else:
                lines.append(line)
                output.write(text + b"\n")
    known = columns(source_id)
    if not lines:
        return Kept(_table(known, {}, [], 0), tuple(misshapen), frozenset(names))
    own = [name if name in {one.name for one in known} else f"_{place}" for place, name in enumerate(names)]
    read = sql.read_text(body, own, [one.name for one in known if one.name in own])
    given = {name: read.column(name).fill_null("") for name in read.column_names}
    return Kept(_table(known, given, list(lines), read.num_rows), tuple(misshapen), frozenset(names))


def _lines(task: Task) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that say something, numbered as in the file; notes begin with #."""
    with task.path.open("rb") as raw:
        for line, content in enumerate(raw, 1):
            task.progress.advance(len(content), rows=1)
            text = content.removeprefix(BOM).rstrip(b"\r\n")
            if text.strip(b"; \t") and not text.startswith(b"#"):
                yield line, text


def _misshape(text: bytes, n_fields: int) -> str | None:
    if text.count(b";") + 1 != n_fields:
        return (
            f"{text.count(b';') + 1} campos donde se esperan {n_fields}; quite los «;» de dentro de los textos "
            f"o agregue los que faltan"
        )
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return "la fila no está en UTF-8; guarde el archivo como «CSV UTF-8»"
    if b"\r" in text or b"\0" in text:
        return "la fila trae un carácter de control; quítelo"
    return None


def _workbook(task: Task, source_id: str) -> tuple[Sequence[str], list[int], list[list[Any]]]:
    key = {one.name for one in columns(source_id)[:2]}
    sheet = find_sheet(task.path, task.name, lambda names: key <= names)
    if sheet is None:  # recognised by the same names a moment ago
        raise SourceError(f"{task.name}: ninguna hoja trae el encabezado; vea la plantilla.")
    cells = sheet.rows()
    said = [number for number, row in enumerate(cells) if any(as_text(cell) for cell in row)]
    said = [number for number in said if not as_text(cells[number][0]).startswith("#")]
    return sheet.names, [sheet.header_at + 1 + number for number in said], [cells[number] for number in said]


def _parquet(task: Task) -> tuple[Sequence[str], list[int], list[list[Any]]]:
    names, *rows = open_book(task.path, task.name).rows("")
    padded = [[*row, *[""] * (len(names) - len(row))] for row in rows]
    return names, list(range(1, len(rows) + 1)), padded


def _of_rows(
    source_id: str, task: Task, names: Sequence[str], lines: list[int], cells: Sequence[Sequence[Any]]
) -> Kept:
    found = _checked_names(task, source_id, names)
    known = columns(source_id)
    task.progress.advance(0, rows=len(lines))
    given = {}
    for one in known:
        if one.name in found:
            place = found.index(one.name)
            given[one.name] = pa.array([_one_line(row[place]) for row in cells], pa.string())
    return Kept(_table(known, given, lines, len(lines)), (), frozenset(found))


def _one_line(cell: Any) -> str:
    return " ".join(as_text(cell).split())


def _table(known: Sequence[Column], given: dict[str, Any], lines: list[int], n_rows: int) -> pa.Table:
    blank = pa.array([""] * n_rows, pa.string())
    return pa.table({one.name: given.get(one.name, blank) for one in known} | {"line": pa.array(lines, pa.int64())})


def is_parquet(path: Path) -> bool:
    """Tell whether a file is Parquet."""
    return read_start(path, 4) == PARQUET_MAGIC


def parquet_names(path: Path, name: str) -> frozenset[str]:
    """Return the column names of a Parquet in plain letters. Raises SourceError when it cannot be read."""
    (names,) = open_book(path, name).top("", 1)
    return frozenset(plain(column) for column in names)
