"""A table saved as text by whatever program: encoding, delimiter, quotes, its header and which table that heads."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from editions.errors import SourceError
from etl.progress import Progress
from etl.raw.firm_key import without_ruts
from etl.raw.repair import BOM
from etl.raw.source import Column, columns
from etl.raw.wording import plain, readable

# -- Which table an office's columns are, whatever their accents, case and order, and what is missing or not
# ours.

TABLES = ("registro", "encuentros")
LEAST_REQUIRED = 3  # columns that tell a table apart when one of its first two is missing
HEADER_WITHIN = 30  # rows: offices write titles above
LISTED = 20


def column_name(title: str) -> str:
    """Return a column's title as our names are written: «Negocios cerrados USD» is «negocios_cerrados_usd»."""
    return plain(title).replace(" ", "_")


def table_of(titles: Iterable[str]) -> str | None:
    """Return which table has these columns: its first two, or most of those it requires."""
    names = {column_name(title) for title in titles}
    scores = {source_id: _score(names, columns(source_id)) for source_id in TABLES}
    best = max(TABLES, key=lambda source_id: scores[source_id])
    return best if scores[best] else None


def _score(names: set[str], known: Sequence[Column]) -> int:
    """Return how many of the required columns are there; 0 when they are too few to be this table."""
    required = {column.name for column in known if column.is_required}
    n_there = len(required & names)
    enough = max(LEAST_REQUIRED, len(required) // 2 + 1)
    return n_there if n_there >= enough or {column.name for column in known[:2]} <= names else 0


def has_all(titles: Iterable[str]) -> bool:
    """Tell whether these columns are a whole table of ours."""
    names = [column_name(title) for title in titles]
    source_id = table_of(names)
    return source_id is not None and not _missing(names, columns(source_id))


def refuse_incomplete(name: str, source_id: str, names: Sequence[str]) -> None:
    """Raise SourceError with all that is missing or written twice, and what the file has instead."""
    known = columns(source_id)
    missing, own = _missing(names, known), {column.name for column in known}
    repeated = sorted({f"«{one}»" for one in own if names.count(one) > 1})
    if not missing and not repeated:
        return
    faults = []
    if missing:
        faults.append(f"falta{'n' * (len(missing) > 1)} {_columns(missing)}")
    if repeated:
        faults.append(f"{_columns(repeated)} está{'n' * (len(repeated) > 1)} dos veces (deje una)")
    strange = unread(source_id, names)
    others = f"; no se reconocen {', '.join(strange)}" if strange else ""
    raise SourceError(
        f"{name}: {' y '.join(faults)}{others}; el encabezado lleva {', '.join(column.name for column in known)} "
        "(vea la plantilla)."
    )


def unread(source_id: str, titles: Iterable[str]) -> list[str]:
    """Return the titles of columns that nobody reads, as they may be shown."""
    own = {column.name for column in columns(source_id)}
    strange = [title for title in titles if title.strip() and column_name(title) not in own]
    return [f"«{without_ruts(' '.join(title.split()))[:40]}»" for title in strange][:LISTED]


def _missing(names: Sequence[str], known: Sequence[Column]) -> list[str]:
    """Return the columns that are not there; of two of which one is enough, both as one."""
    single = [f"«{column.name}»" for column in known if column.is_required and column.name not in names]
    pairs = {
        " o ".join(f"«{name}»" for name in sorted((column.name, column.unless)))
        for column in known
        if column.unless and column.name not in names and column.unless not in names
    }
    return [*single, *sorted(pairs)]


def _columns(names: Sequence[str]) -> str:
    *most, last = names
    return f"las columnas {', '.join(most)} y {last}" if most else f"la columna {last}"


# -- A table saved as CSV by whatever program: its encoding, its delimiter, its quotes and where its header
# is.

HEAD = 1 << 17
DELIMITERS = {";": "punto y coma", ",": "comas", "\t": "tabuladores"}
MOST_LINES = 20  # of one cell in quotes
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
UTF8, WINDOWS, MIXED = "UTF-8", "Windows-1252", "mixed"


@dataclass(frozen=True)
class Layout:
    """Where the header is (its line, from 1), what separates its cells, and the titles in them."""

    source_id: str
    delimiter: str
    header_at: int
    titles: tuple[str, ...]
    above: str


@dataclass(frozen=True)
class Row:
    """One row as the file has it, with its line; one that cannot be cut into cells has a fault instead."""

    line: int
    cells: list[str]
    fault: str | None = None


def find_layout(text: str) -> Layout | None:
    """Return the layout of a text that begins like a table kept by hand, None when it is none."""
    n_looked = 0
    above: list[str] = []
    for line, content in enumerate(text.split("\n"), 1):
        if content.strip() and not is_note(content):
            for delimiter in DELIMITERS:
                titles = _cells(content, delimiter)
                if source_id := table_of(titles):
                    return Layout(source_id, delimiter, line, tuple(titles), " ".join(above))
            n_looked += 1
        if n_looked == HEADER_WITHIN:
            break
        above.append(content.strip('"; ,\t'))
    return None


def is_note(content: str) -> bool:
    """Tell whether a line is a note; Excel puts one in quotes when it holds a delimiter."""
    return content.startswith(("#", '"#'))


def encoding_of(path: Path) -> str:
    """Return how the letters are written: UTF-8, Windows-1252, or both in one file."""
    is_utf8 = is_other = False
    with path.open("rb") as raw:
        for content in raw:
            if content.isascii():
                continue
            try:
                content.decode("utf-8")
                is_utf8 = True
            except UnicodeDecodeError:
                is_other = True
    return MIXED if is_utf8 and is_other else WINDOWS if is_other else UTF8


def read_rows(path: Path, layout: Layout, encoding: str, progress: Progress) -> Iterator[Row]:
    """Yield the rows under the header, blank ones and notes too."""
    waiting = deque[tuple[int, str]]()  # lines of a cell in quotes that has not ended
    for line, content in _lines(path, progress):
        if line <= layout.header_at:
            continue
        if encoding == MIXED and not _is_utf8(content):
            yield Row(line, [], "la fila no está en UTF-8 como las demás; guarde el archivo como «CSV UTF-8»")
            continue
        waiting.append((line, readable(content)))
        yield from _settle(waiting, layout.delimiter)
    while waiting:
        yield _broken(waiting)
        yield from _settle(waiting, layout.delimiter)


def _lines(path: Path, progress: Progress) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as raw:
        for line, content in enumerate(raw, 1):
            progress.advance(len(content), rows=1)
            yield line, content.removeprefix(BOM).rstrip(b"\r\n")


def _settle(waiting: deque[tuple[int, str]], delimiter: str) -> Iterator[Row]:
    """Yield the waiting lines as one row when they are whole; past the limit the first is given up."""
    while waiting:
        line, text = waiting[0]
        if len(waiting) == 1 and ('"' not in text or is_note(text)):
            cells, is_open = text.split(delimiter), False
        else:
            cells, is_open = _whole([text for _, text in waiting], delimiter)
        if is_open and len(waiting) < MOST_LINES:
            return
        if cells:
            waiting.clear()
            yield _row(line, cells)
        else:
            yield _broken(waiting)


def _whole(texts: Sequence[str], delimiter: str) -> tuple[list[str], bool]:
    """Return the cells of these lines together, none when they make no row, and whether a quote is still open."""
    try:
        return next(csv.reader([f"{text}\n" for text in texts], delimiter=delimiter, strict=True)), False
    except csv.Error as error:
        is_open = "unexpected end" in str(error)
        # one line with odd quotes is read as it stands; of several, one would swallow the others
        return ([] if is_open or len(texts) > 1 else _cells(texts[0], delimiter)), is_open


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:  # a stray CR, or a cell beyond the reader's limit
        return text.split(delimiter)


def _row(line: int, cells: list[str]) -> Row:
    if CONTROL.search(" ".join(cells)):
        return Row(line, [], "la fila trae un carácter de control; quítelo")
    return Row(line, cells)


def _broken(waiting: deque[tuple[int, str]]) -> Row:
    line, _ = waiting.popleft()
    return Row(line, [], "unas comillas se abren y no se cierran; ciérrelas o quítelas")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
