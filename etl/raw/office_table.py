"""A table that an office keeps by hand (CSV, workbook or Parquet), read as text: every row right, or no row."""

import io
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import compute

from editions.errors import SourceError
from etl.raw import amounts as sql
from etl.raw.archive import PARQUET_MAGIC, is_zip, read_start
from etl.raw.cells import Sheet, as_text, find_sheet, open_book
from etl.raw.office_cells import Reader, read_column
from etl.raw.office_text import (
    DELIMITERS,
    HEAD,
    WINDOWS,
    Row,
    column_name,
    encoding_of,
    find_layout,
    has_all,
    is_note,
    read_rows,
    refuse_incomplete,
    table_of,
    unread,
)
from etl.raw.parsed import Task
from etl.raw.report import Rejected, RowsRejectedError, causes
from etl.raw.source import columns
from etl.raw.wording import line_list, plain, readable, thousands

# -- The rows of an office's table apart from what stands around them: blank rows, notes, totals, sources.

TOTAL = re.compile(r"(gran |sub ?)?total(es)?( .*)?|suma( .*)?")
FOOTNOTE = re.compile(r"(fuente|notas?|elaborad|observaci|cifras|datos|actualizad)\b.*|[*(].*", re.IGNORECASE)


@dataclass
class Aside:
    """The lines that are no rows of the table."""

    totals: list[int] = field(default_factory=list)
    footnotes: list[int] = field(default_factory=list)

    def notes(self) -> list[str]:
        """Return what was left aside, in words for the report."""
        found = []
        if self.totals:
            found.append(f"Fila de totales dejada de lado: {line_list(self.totals)}.")
        if self.footnotes:
            found.append(f"Notas bajo la tabla dejadas de lado: {line_list(self.footnotes)}.")
        return found


class _Shape:
    """What the columns of a table tell of a row that is not one of its own."""

    def __init__(self, source_id: str, names: Sequence[str]) -> None:
        known = columns(source_id)
        numbers = {column.name for column in known if column.format.startswith("número")}
        required = {column.name for column in known if column.is_required} - numbers
        self.size = len(names)
        self.numbers = [place for place, name in enumerate(names) if name in numbers]
        self.required = [place for place, name in enumerate(names) if name in required]

    def is_usual(self, cells: Sequence[str]) -> bool:
        """Tell at little cost that a row has all cells, something in those it must have, and is no note."""
        return len(cells) == self.size and all(cells[place] for place in self.required) and cells[0][:1] != "#"

    def is_total(self, cells: Sequence[str]) -> bool:
        """Tell whether a row says that it is a total, and most of what a row must have is not there."""
        empty = sum(not self._at(cells, place) for place in self.required)
        labels = (plain(cell) for place, cell in enumerate(cells) if place not in self.numbers)
        return empty * 2 >= len(self.required) and any(TOTAL.fullmatch(label) for label in labels)

    def is_bare_total(self, cells: Sequence[str]) -> bool:
        """Tell whether a row has numbers and nothing else."""
        return all(place in self.numbers for place, cell in enumerate(cells) if cell.strip())

    def is_footnote(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is one text that says where the table comes from."""
        texts = [cell.strip() for cell in cells if cell.strip()]
        return len(texts) == 1 and FOOTNOTE.fullmatch(texts[0]) is not None

    def may_end(self, cells: Sequence[str]) -> bool:
        """Tell whether a row, if nothing follows it, stands under the table."""
        return self.is_bare_total(cells) or self.is_footnote(cells)

    def fault(self, cells: Sequence[str]) -> str | None:
        """Return what is wrong with the number of cells; empty ones too many at the end are not."""
        extra = any(cell.strip() for cell in cells[self.size :])
        if len(cells) >= self.size and not extra:
            return None
        return (
            f"{len(cells)} campos donde se esperan {self.size}; quite los separadores de dentro de los textos "
            f"o agregue los que faltan"
        )

    def _at(self, cells: Sequence[str], place: int) -> str:
        return cells[place].strip() if place < len(cells) else ""


def table_rows(rows: Iterable[Row], source_id: str, names: Sequence[str], aside: Aside) -> Iterator[Row]:
    """Yield the rows of the table, wrong ones with their fault; what stands under the last one goes to `aside`."""
    shape = _Shape(source_id, names)
    tail: list[Row] = []  # may be the end of the table
    for row in rows:
        if not tail and row.fault is None and shape.is_usual(row.cells):
            yield row
            continue
        if row.cells:
            if not any(cell.strip() for cell in row.cells) or is_note(row.cells[0].strip()):
                continue
            if shape.is_total(row.cells):
                aside.totals.append(row.line)
                continue
            if shape.may_end(row.cells):
                tail.append(row)
                continue
        yield from _judged(shape, [*tail, row])
        tail.clear()
    bare = [row for row in tail if shape.is_bare_total(row.cells)]
    if len(bare) == 1 and bare[0] is tail[0]:
        aside.totals.append(tail.pop(0).line)
    else:
        yield from _judged(shape, bare)
    aside.footnotes += [row.line for row in tail if row not in bare]


def _judged(shape: _Shape, rows: Sequence[Row]) -> Iterator[Row]:
    """Return the rows cut to their columns, with the fault of those that have too few or too many."""
    for row in rows:
        yield Row(row.line, row.cells[: shape.size], row.fault or shape.fault(row.cells))


# -- A table that an office keeps by hand (CSV, workbook or Parquet), read as text: every row right, or no
# row.

CELL_END = "\x1f"  # between the cells of the copy that Arrow reads: `split` has taken it out of every cell
SPACES = re.compile(rf"  |[^\S {CELL_END}]| {CELL_END}|{CELL_END} |^ | $")  # to be tidied
SHOWN = 3


@dataclass(frozen=True)
class Kept:
    """The rows as text, one column per column of the schema ('' where absent) and `line`; and those of no shape.

    `notes` tell what was assumed and what was left aside.
    """

    rows: pa.Table
    misshapen: tuple[Rejected, ...]
    notes: tuple[str, ...]

    @property
    def rows_read(self) -> int:
        """Rows of any shape."""
        return int(self.rows.num_rows) + len(self.misshapen)


@dataclass(frozen=True)
class _Opened:
    """A table as found in its file: its titles, its rows with all that stands around them, and what was assumed."""

    titles: Sequence[str]
    rows: Iterable[Row]
    notes: tuple[str, ...] = ()


def read_kept(task: Task, source_id: str, readers: Mapping[str, Reader]) -> Kept:
    """Return the table, its columns read by `readers` where they have one.

    Raises SourceError when columns are missing or written twice, or there are no rows.
    """
    if is_parquet(task.path):
        opened = _parquet(task)
    elif is_zip(task.path):
        opened = _workbook(task, source_id)
    else:
        opened = _text(task)
    names = [column_name(title) for title in opened.titles]
    refuse_incomplete(task.name, source_id, names)
    aside = Aside()
    kept = _collected(task, source_id, names, table_rows(opened.rows, source_id, names, aside))
    if not kept.rows_read:
        raise SourceError(f"{task.name}: sólo trae el encabezado, sin filas; revise la exportación de la tabla.")
    strange = unread(source_id, opened.titles)
    left_out = [f"Columnas que no se leen ni se guardan: {', '.join(strange)}."] if strange else []
    notes = (*opened.notes, *left_out, *aside.notes())
    return _with_readings(replace(kept, notes=notes), readers)


def refuse_any(name: str, rejected: Sequence[Rejected], rows_read: int) -> None:
    """Raise RowsRejectedError, with every wrong row in the order of the file, when there is one."""
    if not rejected:
        return
    listed = sorted(rejected, key=lambda one: one.line)
    found = causes(listed)
    first = "; ".join(f"{cause.where}: {cause.reason}" for cause in found[:SHOWN])
    rest = len(found) - SHOWN
    more = f"; y {thousands(rest)} {'causa' if rest == 1 else 'causas'} más" if rest > 0 else ""
    raise RowsRejectedError(
        f"{name}: {thousands(len(listed))} de {thousands(rows_read)} filas con error ({first}{more}); "
        f"corrija el archivo y cárguelo de nuevo, no se cargó ninguna fila.",
        listed,
    )


def _collected(task: Task, source_id: str, names: Sequence[str], rows: Iterable[Row]) -> Kept:
    """Copy the rows of the right shape aside and read the columns of the schema at once."""
    lines, misshapen, given = array("q"), list[Rejected](), {}
    own = [column.name for column in columns(source_id)]
    with tempfile.TemporaryFile(dir=task.scratch) as body:  # without a name: nothing of it outlives the process
        output = io.TextIOWrapper(body, encoding="utf-8", newline="")
        for row in rows:
            if row.fault:
                misshapen.append(Rejected(task.name, row.line, row.fault, ""))
            else:
                lines.append(row.line)
                text = CELL_END.join(row.cells)
                if SPACES.search(text) or text.count(CELL_END) >= len(row.cells):
                    text = CELL_END.join([" ".join(cell.split()) for cell in row.cells])
                output.write(f"{text}\n")
        output.flush()
        body.seek(0)
        if lines:
            places = [name if name in own else f"_{place}" for place, name in enumerate(names)]
            read = sql.read_text(body, places, [name for name in own if name in places], delimiter=CELL_END)
            given = {name: read.column(name).fill_null("") for name in read.column_names}
        output.detach()
    blank = pa.array([""] * len(lines), pa.string())
    table = pa.table({name: given.get(name, blank) for name in own} | {"line": pa.array(list(lines), pa.int64())})
    return Kept(table, tuple(misshapen), ())


def _with_readings(kept: Kept, readers: Mapping[str, Reader]) -> Kept:
    rows, notes = kept.rows, list(kept.notes)
    for name, reader in readers.items():
        values = compute.unique(rows.column(name)).to_pylist()
        texts, note = read_column(name, values, reader)
        if texts:
            ours = pa.array([texts.get(value, value) for value in values], pa.string())
            places = compute.index_in(rows.column(name), pa.array(values, pa.string()))
            rows = rows.set_column(rows.schema.get_field_index(name), name, compute.take(ours, places))
        notes += [note] if note else []
    return replace(kept, rows=rows, notes=tuple(notes))


def _text(task: Task) -> _Opened:
    layout = find_layout(readable(read_start(task.path, HEAD)).removeprefix("\ufeff"))
    if layout is None:  # recognised by the same header a moment ago
        raise SourceError(f"{task.name}: no trae el encabezado de la tabla; vea la plantilla.")
    encoding = encoding_of(task.path)
    notes = []
    if encoding == WINDOWS:
        notes.append("Letras leídas como Windows-1252: el archivo no está en UTF-8.")
    if layout.delimiter != ";":
        notes.append(f"Celdas separadas por {DELIMITERS[layout.delimiter]}.")
    if layout.above:
        notes.append(f"Encabezado en la línea {layout.header_at}; lo que está encima no se lee.")
    return _Opened(layout.titles, read_rows(task.path, layout, encoding, task.progress), tuple(notes))


def _workbook(task: Task, source_id: str) -> _Opened:
    sheet = find_sheet(task.path, task.name, lambda names: table_of(names) == source_id, has_all)
    if sheet is None:  # recognised by the same names a moment ago
        raise SourceError(f"{task.name}: ninguna hoja trae el encabezado; vea la plantilla.")
    notes = []
    if sheet.others:
        notes.append(f"Hoja leída: «{sheet.name}»; las demás no: {', '.join(f'«{name}»' for name in sheet.others)}.")
    if sheet.above:
        notes.append(f"Encabezado en la fila {sheet.header_at}; lo que está encima no se lee.")
    cells = sheet.rows()
    task.progress.advance(0, rows=len(cells))
    own = [place for place, name in enumerate(sheet.titles) if name and not unread(source_id, [name])]
    return _Opened(sheet.titles, _sheet_rows(cells, sheet, own), tuple(notes))


def _sheet_rows(cells: Sequence[Sequence[Any]], sheet: Sheet, own: Sequence[int]) -> Iterator[Row]:
    """Yield the rows of a sheet; a formula without its value, or with an error, in a column we read is a fault."""
    hollow = sheet.hollow
    for line, row in enumerate(cells, sheet.header_at + 1):
        texts = [as_text(cell) for cell in row]
        faults = [
            f"{column_name(sheet.titles[place])} {hollow[line, place]}" for place in own if (line, place) in hollow
        ]
        yield Row(line, texts, "; además, ".join(faults) or None)


def _parquet(task: Task) -> _Opened:
    titles, *rows = open_book(task.path, task.name).rows("")
    task.progress.advance(0, rows=len(rows))
    width = len(titles)
    texts = ([as_text(cell) for cell in [*row, *[""] * (width - len(row))]] for row in rows)
    return _Opened(titles, (Row(number, cells) for number, cells in enumerate(texts, 1)))


def is_parquet(path: Path) -> bool:
    """Tell whether a file is Parquet."""
    return read_start(path, 4) == PARQUET_MAGIC


def parquet_names(path: Path, name: str) -> frozenset[str]:
    """Return the column names of a Parquet. Raises SourceError when it cannot be read."""
    (names,) = open_book(path, name).top("", 1)
    return frozenset(names)
