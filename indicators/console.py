"""SQL over an edition, for whoever wants more than the pages ask; each query runs in a process of its own.

No query is judged: it may read the whole edition and reaches nothing else (`console_process`). What an edition may tell
is decided when it is made; decision 15 says why no wall of names stands here.
"""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from logging import getLogger
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any
from uuid import uuid4
from weakref import finalize

from indicators import reasons
from indicators.console_errors import ConsoleError, translate
from indicators.edition import PUBLISHABLE, Edition, is_public
from indicators.files.table import OWN, Cell, Column, Note, Table
from indicators.formats import number
from indicators.language import t
from indicators.scope import PUBLISHED, SOURCES
from indicators.turns import Full, Turns

LONGEST = 20_000  # characters of a query
AT_A_TIME, MOST_WAITING = 2, 8
NOT_OFFERED = "Este tablero público no ofrece consultas SQL."
DIED = "La consulta hizo caer el proceso que la corría; escríbala de una forma más simple."
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}  # nothing of the server’s
EXACT = re.compile(r"DECIMAL\(\d+,\d+\)|U?HUGEINT|UBIGINT")
SOURCES_OF_ROWS = "SELECT source_id FROM core_month UNION SELECT source_id FROM meta_source"
log = getLogger(__name__)
turns = Turns(AT_A_TIME, MOST_WAITING)


@dataclass(frozen=True)
class Limits:
    """What a query may take: rows and bytes of its answer, bytes of memory, seconds of the clock."""

    rows: int = 5_000
    size: int = 5_000_000
    memory: int = 1 << 30
    seconds: float = 10.0


LIMITS = Limits()


@dataclass(frozen=True)
class Result:
    """The rows of a query; `is_cut` when there were more than may be given."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_cut: bool
    seconds: float


@dataclass(frozen=True)
class TableHelp:
    """A table of the edition: what it is, and its columns with what each means."""

    name: str
    description: str
    grain: str
    columns: Mapping[str, str]


def is_offered() -> bool:
    """Return whether this start has a console: one for the public has it only with `PULSO_CONSOLE=1`."""
    return not is_public() or os.environ.get("PULSO_CONSOLE", "0") not in ("", "0")


def run(edition: Edition, sql: str, *, limits: Limits = LIMITS, tell: Callable[[int], None] = lambda _: None) -> Result:
    """Return the rows of a query; while it waits for its turn, `tell` gets its place there. Raises ConsoleError."""
    if not is_offered() or (is_public() and edition.kind not in PUBLISHABLE):
        raise ConsoleError(t(NOT_OFFERED))
    if len(sql) > LONGEST:
        raise ConsoleError(t("La consulta pasa de {most} caracteres.", most=number(LONGEST)))
    try:
        with turns.turn(tell), tempfile.TemporaryFile() as rows, tempfile.TemporaryFile() as words:
            began = time.monotonic()
            code = _run(_nameless(edition), sql, rows, words, limits)
            is_cut = _is_cut(code, words, limits)
            return _result(rows, is_cut, time.monotonic() - began)
    except Full:
        raise ConsoleError(t("Hay demasiadas consultas esperando; pruebe en un minuto.")) from None


def _run(file: IO[bytes], sql: str, rows: IO[bytes], words: IO[bytes], limits: Limits) -> int | None:
    """Run the query in the other process; return its exit code, None when its time was over and it was killed."""
    numbers = (limits.rows, limits.size, limits.memory, math.ceil(limits.seconds) + 1)
    try:
        return subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", "indicators.console_process", f"/dev/fd/{file.fileno()}", *map(str, numbers)],
            input=sql.encode(errors="replace"),
            stdout=rows,
            stderr=words,
            cwd=ROOT,
            env=ENVIRONMENT,
            pass_fds=(file.fileno(),),
            timeout=limits.seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return None


def _nameless(edition: Edition) -> IO[bytes]:
    """Return the edition's file, open and under no name: of a file with a name, DuckDB tells any query the path."""

    def make() -> IO[bytes]:
        file = _linked(edition.path) or _copied(edition.path)
        finalize(edition, file.close)
        return file

    return edition.once("nameless file", make)


def _linked(path: Path) -> IO[bytes] | None:
    """Return the file by a second name that is gone; None in a folder where none can be made."""
    link = path.with_name(f".{uuid4().hex}")
    try:
        link.hardlink_to(path)
    except OSError:
        return None
    try:
        return link.open("rb")
    finally:
        link.unlink()


def _copied(path: Path) -> IO[bytes]:
    copy = tempfile.TemporaryFile()  # noqa: SIM115  it stays open while the edition is
    with path.open("rb") as file:
        copyfileobj(file, copy)
    copy.flush()
    return copy


def _is_cut(code: int | None, words: IO[bytes], limits: Limits) -> bool:
    """Return whether there was more to give; raises ConsoleError where the query came to no good end."""
    words.seek(0)
    text = words.read().decode(errors="replace")
    memory = t("La consulta pide más memoria de la que puede usar; agregue filtros o pida menos columnas.")
    if code is None:
        limit = number(limits.seconds)
        raise ConsoleError(t("La consulta pasó de {limit} segundos; agregue filtros.", limit=limit))
    if code:
        log.warning("a query ended its process with %s: %s", code, text)
        raise ConsoleError(memory if "bad_alloc" in text or "MemoryError" in text else t(DIED))
    end = json.loads(text)
    if end.get("error") in ("OutOfMemoryException", "MemoryError"):
        raise ConsoleError(memory)
    if "error" in end:
        raise translate(end["text"])
    return bool(end["is_cut"])


def _result(lines: IO[bytes], is_cut: bool, seconds: float) -> Result:
    lines.seek(0)
    heading, *rows = map(json.loads, lines)
    columns = zip(*rows, strict=True) if rows else [()] * len(heading)
    values = [_values(kind, cells) for (_, kind), cells in zip(heading, columns, strict=True)]
    return Result(_unlike(name for name, _ in heading), tuple(zip(*values, strict=True)), is_cut, seconds)


def _values(kind: str, cells: Iterable[Any]) -> list[Cell]:
    """Return the cells of a column as what they were before they were text; dates beyond the calendar stay text."""
    cells = list(cells)
    read = Decimal if EXACT.fullmatch(kind) else date.fromisoformat if kind == "DATE" else None
    try:
        return cells if read is None else [None if cell is None else read(cell) for cell in cells]
    except ValueError:
        return cells


def _unlike(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of which no two are the same: `sum`, `sum_2`."""
    count: Counter[str] = Counter()
    unlike: dict[str, None] = {}
    for name in names:
        count[name] += 1
        while (other := name if count[name] == 1 else f"{name}_{count[name]}") in unlike:
            count[name] += 1
        unlike[other] = None
    return tuple(unlike)


def source_note(edition: Edition) -> str:
    """Return where what an edition holds comes from."""
    sources = {row["source_id"] for row in edition.constant(SOURCES_OF_ROWS)} | {PUBLISHED}
    return "; ".join(t(label) for source, label in SOURCES.items() if source in sources)


def as_table(edition: Edition, sql: str, result: Result) -> Table:
    """Return the rows of a query on their way to a file, with the query, the sources and the marks of the edition."""
    notes = [
        Note("consulta", "Consulta SQL", sql),
        Note("fuente", "Fuente", source_note(edition)),
        Note("edicion", "Edición", f"{edition.id} ({t(edition.label)})"),
    ]
    if result.is_cut:
        text = t("Hay más filas: se dan las primeras {rows}.", rows=number(len(result.rows)))
        notes.append(Note("cortado", "Aviso", text))
    columns = tuple(Column(name, name, OWN) for name in result.columns)
    return Table(columns, result.rows, tuple(notes), marks(edition))


def marks(edition: Edition) -> tuple[str, ...]:
    """Return what must be read before any figure of an edition."""
    texts = {reasons.DEMO.text: edition.is_demo, reasons.PRIVATE_MARK: edition.is_private}
    return tuple(t(text) for text, is_due in texts.items() if is_due)


def tables(edition: Edition) -> tuple[TableHelp, ...]:
    """Return the tables of an edition, with its own dictionary."""
    columns: dict[str, dict[str, str]] = {}
    for row in edition.constant("SELECT table_name, column_name, description FROM meta_column"):
        columns.setdefault(row["table_name"], {})[row["column_name"]] = row["description"]
    return tuple(
        TableHelp(row["table_name"], row["description"], row["grain"], columns.get(row["table_name"], {}))
        for row in edition.constant("SELECT table_name, description, grain FROM meta_table ORDER BY table_name")
        if row["table_name"] in edition.columns
    )
