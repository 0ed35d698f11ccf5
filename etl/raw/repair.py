"""Byte repair: a raw text becomes whole lines, each with all its fields; changes are counted and rows traced."""

import io
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from editions.errors import SourceError
from etl.progress import Progress
from etl.raw.report import Rejected
from etl.raw.wording import place, readable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# -- What the byte repair gives: the repaired text, all that was done to it, and where each row came from.

BUFFER = 1 << 18


@dataclass(frozen=True)
class Shape:
    """How many fields a line has; a line that ends after `cut_at` fields is a known defect and is padded."""

    fields: int
    cut_at: int | None = None


@dataclass
class Piece:
    """A stretch of a file."""

    path: Path
    offset: int
    size: int


@dataclass
class Cleaned:
    """The repaired text and what was done to it: all of `path`, or the pieces of several files in this order."""

    path: Path
    pieces: list[Piece] = field(default_factory=list)
    rows: int = 0
    repaired: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    _first_rows: list[int] = field(default_factory=lambda: [0])
    _shifts: list[int] = field(default_factory=lambda: [1])

    def line(self, row: int) -> int:
        """Return the line of the raw file (from 1) where row `row` (from 0) of the repaired text began."""
        return row + self._shifts[bisect_right(self._first_rows, row) - 1]

    def begins_at(self, line: int) -> None:
        """Note that the next row begins at this raw line."""
        if line - self.rows != self._shifts[-1]:
            self._first_rows.append(self.rows)
            self._shifts.append(line - self.rows)

    def add(self, path: Path, offset: int, size: int) -> None:
        """Note that the text goes on with this stretch of a file."""
        last = self.pieces[-1] if self.pieces else None
        if last and last.path == path and last.offset + last.size == offset:
            last.size += size
        else:
            self.pieces.append(Piece(path, offset, size))

    def open(self) -> io.BufferedReader:
        """Open the text for reading."""
        pieces = self.pieces or [Piece(self.path, 0, self.path.stat().st_size)]
        return io.BufferedReader(_Joined(pieces), BUFFER)

    def lines(self, rows: set[int]) -> dict[int, bytes]:
        """Return these rows of the repaired text, byte for byte."""
        if not rows:
            return {}
        with self.open() as text:
            return {row: line.removesuffix(b"\n") for row, line in enumerate(text) if row in rows}

    def texts(self, rows: set[int]) -> dict[int, str]:
        """Return these rows of the repaired text, readable."""
        return {row: readable(line) for row, line in self.lines(rows).items()}


class _Joined(io.RawIOBase):
    """Pieces of files read as one."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._left = [Piece(one.path, one.offset, one.size) for one in reversed(pieces)]
        self._files = {path: path.open("rb") for path in {piece.path for piece in pieces}}

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        while self._left:
            piece = self._left[-1]
            file = self._files[piece.path]
            file.seek(piece.offset)
            n_bytes = file.readinto(view[: min(len(view), piece.size)])
            if n_bytes:
                piece.offset, piece.size = piece.offset + n_bytes, piece.size - n_bytes
                return n_bytes
            self._left.pop()
        return 0

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        super().close()


# -- Byte repair: a raw text becomes whole lines, each with all its fields; every change is counted.

CHUNK = 1 << 18
LONGEST_LINE = 1 << 20
LONGEST_ROW = 2000  # bytes of a rejected row that are looked at
LF, SEPARATOR, WINDOWS_BYTES = ord("\n"), ord(";"), 0x20
BOM = b"\xef\xbb\xbf"
ENTITY = re.compile(rb"&#x0d", re.IGNORECASE)
ENTITY_WITH_SEPARATOR = re.compile(rb"&#x0d;", re.IGNORECASE)
DOS_END = b" \r\x1a"


def clean(
    raw: Path, changed: Path, *, name: str, shape: Shape, progress: Progress, every_line: bool = False
) -> Cleaned:
    """Return `raw` repaired: what had to change is written into `changed`, the rest stays where it is.

    Raises SourceError when the file is cut short.
    """
    cleaner = _Cleaner(raw, name, shape, every_line)
    position, line = 0, 1
    with changed.open("wb") as output:
        for chunk in _chunks(raw, name):
            repaired = cleaner.repair(chunk)
            if repaired is chunk:
                cleaner.cleaned.add(raw, position, len(chunk))
            else:
                cleaner.cleaned.add(changed, output.tell(), output.write(repaired))
            position += len(chunk)
            progress.advance(len(chunk), rows=cleaner.line - line)
            line = cleaner.line
        rest = cleaner.flush()
        cleaner.cleaned.add(changed, output.tell(), output.write(rest))
    return cleaner.cleaned


def _chunks(raw: Path, name: str) -> Iterator[bytes]:
    """Yield the file in pieces that end where a line ends."""
    with raw.open("rb") as text:
        while chunk := text.read(CHUNK):
            if not chunk.endswith(b"\n"):
                tail = text.readline(LONGEST_LINE)
                if len(tail) == LONGEST_LINE:
                    raise SourceError(
                        f"{name}: una línea mide más de 1 MB, no es texto de Aduanas; vuelva a descargarlo."
                    )
                chunk += tail
            yield chunk


class _Cleaner:
    """Repairs chunk after chunk; a well-formed chunk passes at the cost of counting its separators."""

    def __init__(self, raw: Path, name: str, shape: Shape, every_line: bool) -> None:
        self.name, self.shape, self.every_line = name, shape, every_line
        self.cleaned = Cleaned(raw)
        self.line = 1  # raw line at which the next chunk begins
        self.pending: list[tuple[int, bytes]] = []  # short lines that may be pieces of one record
        self.is_open = False  # the file ended without a line end

    def repair(self, chunk: bytes) -> bytes:
        """Return the chunk as whole lines; the same object when nothing had to change."""
        repaired = self._bytes(chunk)
        codes = np.frombuffer(repaired, np.uint8)
        n_lines = int(np.count_nonzero(codes == LF))
        if self._is_tidy(repaired, codes, n_lines):
            self.cleaned.begins_at(self.line)
            self.cleaned.rows += n_lines
        else:
            repaired = self._lines(repaired)
        self.line += n_lines
        return repaired

    def _is_tidy(self, chunk: bytes, codes: "np.ndarray[tuple[int], np.dtype[np.uint8]]", n_lines: int) -> bool:
        return (
            not self.every_line
            and not self.pending
            and b"\r" not in chunk
            and (b"&" not in chunk or not ENTITY.search(chunk))
            and chunk.endswith(b"\n")
            and np.count_nonzero(codes == SEPARATOR) == (self.shape.fields - 1) * n_lines
        )

    def _bytes(self, chunk: bytes) -> bytes:
        """Settle what needs no look at the lines: encoding, stray bytes, CRLF throughout."""
        counts = self.cleaned.repaired
        if self.line == 1 and chunk.startswith(BOM):
            counts["utf8_bom"] += 1
            chunk = chunk[len(BOM) :]
        for kind, byte in (("nul", b"\0"), ("tab", b"\t")):
            if byte in chunk:
                counts[kind] += chunk.count(byte)
                chunk = chunk.replace(byte, b" ")
        if b'"' in chunk:
            counts["quote"] += chunk.count(b'"')
        if not chunk.isascii():
            self._count_windows_bytes(chunk)
        if b"\r" in chunk and b"\r\n" in chunk and chunk.count(b"\r") == chunk.count(b"\n"):
            whole = chunk.replace(b"\r\n", b"\n")
            if b"\r" not in whole and whole.count(b";") == (self.shape.fields - 1) * whole.count(b"\n"):
                counts["crlf"] += whole.count(b"\n")
                chunk = whole
        return chunk

    def _count_windows_bytes(self, chunk: bytes) -> None:
        """Count bytes that latin-1 leaves empty and Windows prints; in UTF-8 they are parts of letters."""
        found = int(np.count_nonzero((np.frombuffer(chunk, np.uint8) - np.uint8(0x80)) < WINDOWS_BYTES))
        if found:
            try:
                chunk.decode("utf-8")
            except UnicodeDecodeError:
                self.cleaned.repaired["c1_byte"] += found

    def _lines(self, chunk: bytes) -> bytes:
        kept: list[bytes] = []
        lines = chunk.split(b"\n")
        if lines[-1]:
            self.is_open = True
        else:
            lines.pop()
        for line, text in enumerate(lines, self.line):
            self._take(line, text, kept)
        return b"".join(kept)

    def _take(self, line: int, text: bytes, kept: list[bytes]) -> None:
        """Add what can be told of this line to `kept`; a short one waits for the next."""
        if not text.strip(DOS_END):
            self.cleaned.repaired["blank_line"] += 1
            return
        text = self._entities(text)
        missing = self.shape.fields - 1 - text.count(b";")
        if missing > 0:
            self.pending.append((line, text))
            self._join(kept)
            return
        self._give_up(len(self.pending), kept)
        if missing == 0:
            self._keep(line, text, kept)
        else:
            self._reject(line, text)

    def _join(self, kept: list[bytes]) -> None:
        """Make one record of the last waiting pieces if they add up to it; settle those that cannot."""
        separators = [text.count(b";") for _, text in self.pending]
        for start in range(len(separators)):
            if sum(separators[start:]) == self.shape.fields - 1:
                self._give_up(start, kept)
                self.cleaned.repaired["stray_cr"] += 1
                pieces = b"\n".join(text for _, text in self.pending)
                self._keep(self.pending[0][0], re.sub(rb"\r?\n", b" ", pieces), kept)
                self.pending.clear()
                return
        while sum(separators) >= self.shape.fields:
            separators.pop(0)
            self._give_up(1, kept)

    def _entities(self, text: bytes) -> bytes:
        """Turn «&#X0D» into a space, its semicolon too where that one makes a field too many."""
        if b"&" not in text or not (found := len(ENTITY.findall(text))):
            return text
        self.cleaned.repaired["entity_cr"] += found
        with_separator = ENTITY_WITH_SEPARATOR.sub(b" ", text)
        if with_separator.count(b";") == self.shape.fields - 1:
            return with_separator
        return ENTITY.sub(b" ", text)

    def _give_up(self, n_pieces: int, kept: list[bytes]) -> None:
        """Settle the first waiting pieces one by one: the known cut is padded, the rest is rejected."""
        for line, text in self.pending[:n_pieces]:
            n_fields = text.count(b";") + 1
            if n_fields == self.shape.cut_at:
                self.cleaned.repaired["cut_row"] += 1
                self._keep(line, text.rstrip(b"\r") + b";" * (self.shape.fields - n_fields), kept)
            else:
                self._reject(line, text)
        del self.pending[:n_pieces]

    def _keep(self, line: int, text: bytes, kept: list[bytes]) -> None:
        if text.endswith(b"\r"):
            self.cleaned.repaired["crlf"] += 1
            text = text[:-1]
        if b"\r" in text:
            self.cleaned.repaired["inner_cr"] += text.count(b"\r")
            text = text.replace(b"\r", b" ")
        self.cleaned.begins_at(line)
        self.cleaned.rows += 1
        kept.append(text + b"\n")

    def _reject(self, line: int, text: bytes) -> None:
        reason = f"{text.count(b';') + 1} campos donde se esperan {self.shape.fields}"
        self.cleaned.rejected.append(Rejected(self.name, line, reason, readable(text[:LONGEST_ROW])))

    def flush(self) -> bytes:
        """Settle what waits at the end of the file. Raises SourceError when its last line was cut short."""
        if self.is_open and self.pending:
            line, text = self.pending[-1]
            raise SourceError(
                f"{place(self.name, line)}: el archivo termina a mitad de un registro "
                f"({text.count(b';') + 1} campos de {self.shape.fields}, sin fin de línea); está truncado, "
                f"vuelva a descargarlo de datos.gob.cl."
            )
        if self.is_open:
            self.cleaned.repaired["missing_newline"] += 1
        kept: list[bytes] = []
        self._give_up(len(self.pending), kept)
        return b"".join(kept)
