"""A table saved as CSV by whatever program: its encoding, its delimiter, its quotes and where its header is."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.progress import Progress
from etl.raw.clean import BOM
from etl.raw.kept_header import HEADER_WITHIN, table_of
from etl.raw.wording import readable

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
