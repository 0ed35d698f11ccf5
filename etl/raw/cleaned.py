"""What the byte repair gives: the repaired text, all that was done to it, and where each row came from."""

import io
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from etl.raw.report import Rejected
from etl.raw.wording import readable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

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
