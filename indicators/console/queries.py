"""SQL over an edition, for whoever wants more than the pages ask; each query runs in a process of its own."""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from logging import getLogger
from pathlib import Path
from shutil import copyfileobj
from threading import Condition
from typing import IO, Any
from uuid import uuid4
from weakref import finalize

from editions.edition import PUBLISHABLE, Edition, is_public
from editions.errors import IndicatorError
from editions.folders import REPOSITORY
from indicators.engine.result import DEMO, PRIVATE_MARK
from indicators.files.table import OWN, Cell, Column, Note, Table
from indicators.question.scope import PUBLISHED, SOURCES
from words.formats import number
from words.language import t

# -- A queue in front of something that few may use at a time; first come, first served.

TELL_EVERY = 0.5  # seconds


class Full(Exception):  # noqa: N818  what happened, not what went wrong
    """So many wait that one more would not get a turn in reasonable time."""


class Turns:
    """Lets `width` in at a time and `longest` more wait."""

    def __init__(self, width: int, longest: int) -> None:
        self._width, self._longest = width, longest
        self._line: list[object] = []  # those inside, then those that wait
        self._changed = Condition()

    @contextmanager
    def turn(self, tell: Callable[[int], None]) -> Iterator[None]:
        """Wait for a turn; while it has not come, `tell` gets its place in the queue, from 1. Raises Full at once.

        Whoever leaves, inside or still waiting (`tell` may raise), makes room for the next.
        """
        ticket = object()
        with self._changed:
            if len(self._line) >= self._width + self._longest:
                raise Full
            self._line.append(ticket)
        try:
            while not self._comes(ticket):
                tell(self._position(ticket))
            yield
        finally:
            with self._changed:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _comes(self, ticket: object) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._position(ticket) <= 0, TELL_EVERY)

    def _position(self, ticket: object) -> int:
        """The place of a ticket among those that wait, from 1."""
        return self._line.index(ticket) - self._width + 1


# -- What goes wrong with a reader's SQL, in the reader's language: DuckDB says it in English.

READ_ONLY = "Aquí sólo se lee la edición: no se escribe, no se abren otros archivos ni se cambian los ajustes."
TOO_DEEP = "La consulta está demasiado anidada; escríbala con menos niveles."
NO_COLUMN = "La columna «{name}» no existe en esas tablas."
NOT_READ = "«{name}» no se puede leer como {kind}."
NO_SUCH_TYPES = "La función no admite esos tipos: «{name}»; conviértalos con CAST."
SENTENCES = {  # what DuckDB says → what the reader is told; of several that fit, the first
    r"read-only mode|configuration has been locked|Permission Error|modify immutable": READ_ONLY,
    r"Max expression depth|too deeply nested": TOO_DEEP,
    r"Table with name (?P<name>.+?) does not exist": "La tabla «{name}» no existe.",
    r"(?:Function|Macro) with name (?P<name>.+?) does not exist": "La función «{name}» no existe.",
    r'Referenced column "(?P<name>.+?)" (?:was )?not found': NO_COLUMN,
    r'does not have a column named "(?P<name>.+?)"': NO_COLUMN,
    r'Referenced table "(?P<name>.+?)" not found': "La tabla «{name}» no está en el FROM.",
    r'Ambiguous reference to column name "(?P<name>.+?)"': (
        "La columna «{name}» está en más de una tabla; diga de cuál: tabla.{name}."
    ),
    r'column "(?P<name>.+?)" must appear in the GROUP BY': (
        "La columna «{name}» debe ir en el GROUP BY o dentro de una función como sum o max."
    ),
    r"nothing that gives rows": "La consulta está vacía o no da filas.",
    r"without selection list": "La consulta está incompleta.",
    r'syntax error at or near "(?P<name>.+?)"': "La consulta no se entiende cerca de «{name}».",
    r"""Could not convert string ['"](?P<name>.*?)['"] to (?P<kind>\w+)""": NOT_READ,
    r'invalid (?P<kind>\w+) field format: "(?P<name>.*?)"': NOT_READ,
    r'(?P<kind>\w+) field value out of range: "(?P<name>.*?)"': NOT_READ,
    r"No function matches the given name and argument types '(?P<name>.+?)'": NO_SUCH_TYPES,
    r'best candidate function for the function call "(?P<name>.+?)"\.': NO_SUCH_TYPES,
    r"Overflow in": "Un número no cabe en su tipo; conviértalo con CAST a uno mayor, como HUGEINT o DOUBLE.",
    r"aggregate function calls cannot be nested|cannot contain aggregates": (
        "Una función como sum o count no puede ir ahí; use HAVING o una subconsulta."
    ),
    r"unterminated": "Falta cerrar una comilla.",
    r"More than one row returned by a subquery": "Una subconsulta que hace de valor dio más de una fila.",
    r"same number of result columns": "Las partes de UNION, INTERSECT o EXCEPT deben tener las mismas columnas.",
    r"Values were not provided": "La consulta tiene un parámetro sin valor ($1 o ?); escriba el valor.",
}
NEAR = re.compile(r"(?:Did you mean|Candidate bindings:)[:\s]*(?P<names>\".+)")
EXCERPT = re.compile(r"^LINE \d+: (?P<line>.*)\n {8}(?P<pointer> *\^+)", re.MULTILINE)


class ConsoleError(IndicatorError):
    """The query may not run here, or failed: one sentence, and the part of the query that it is about (or none)."""

    def __init__(self, message: str, excerpt: str = "") -> None:
        super().__init__(message)
        self.excerpt = excerpt


def translate(text: str) -> ConsoleError:
    """Return an error of DuckDB as the reader's: one that has no sentence of ours is quoted as it is."""
    excerpt = EXCERPT.search(text)
    return ConsoleError(_sentence(text), "\n".join(excerpt.groups()) if excerpt else "")


def _sentence(text: str) -> str:
    for pattern, sentence in SENTENCES.items():
        if match := re.search(pattern, text):
            near = NEAR.search(text)
            hint = t("Quizás: {names}.", names=near["names"].rstrip("?")) if near and match.groups() else ""
            return f"{t(sentence, **match.groupdict())} {hint}".strip()
    words = text.partition("\n")[0].partition(": ")
    return t("La consulta no se pudo ejecutar; DuckDB dice: «{words}».", words=(words[2] or words[0]).rstrip("."))


# -- SQL over an edition, for whoever wants more than the pages ask; each query runs in a process of its own.

LONGEST = 20_000  # characters of a query
AT_A_TIME, MOST_WAITING = 2, 8
NOT_OFFERED = "Este tablero público no ofrece consultas SQL."
DIED = "La consulta hizo caer el proceso que la corría; escríbala de una forma más simple."
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
            [sys.executable, "-m", "indicators.console.process", f"/dev/fd/{file.fileno()}", *map(str, numbers)],
            input=sql.encode(errors="replace"),
            stdout=rows,
            stderr=words,
            cwd=REPOSITORY,
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
    texts = {DEMO.text: edition.is_demo, PRIVATE_MARK: edition.is_private}
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
