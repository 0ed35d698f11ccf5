"""Opens editions read-only. The only place of the app's side that opens DuckDB."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

import duckdb
import pandas as pd
import pyarrow as pa

from editions.errors import EditionDamaged, EditionMissing, EditionOutdated, EditionPrivate
from words.language import t

HARDENED: dict[
    str, str | bool | int | float | list[str]
] = {  # nothing outside the file can be read, and no query can loosen that
    "enable_external_access": "false",
    "threads": "2",
    "memory_limit": "1GB",
    "lock_configuration": "true",
}

NO_TABLE = re.compile(r"Table with name (\w+) does not exist")  # so says DuckDB
EDITION_ID = re.compile("[A-Za-z0-9._-]+")
DAMAGE = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
PUBLIC = "public"  # kind of an edition made of a private one: no row of it is a firm's
PRIVATE = "private"  # kind of an edition with a register; its id begins with it
PUBLISHABLE = ("official", "public", "demo")  # kinds with nothing to hide

Rows = Sequence[Mapping[str, Any]]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Edition:
    """One open edition. Each query gets a cursor of its own, so threads never read each other's rows."""

    id: str
    kind: str
    label: str
    extract: str | None
    built_at: datetime
    code_version: str | None
    path: Path
    is_synthetic: bool
    _connection: duckdb.DuckDBPyConnection = field(repr=False, compare=False)
    _constants: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_demo(self) -> bool:
        """Whether every computed figure of the edition is synthetic."""
        return self.is_synthetic

    @property
    def holds_no_firm(self) -> bool:
        """Whether it is a public edition: of firms it holds the statistics that may be published, and no row."""
        return self.kind == PUBLIC

    @property
    def columns(self) -> Mapping[str, frozenset[str]]:
        """The columns of each of its tables: one built by an earlier version lacks those that came after."""
        names = "SELECT table_name, list(column_name) AS names FROM duckdb_columns() WHERE NOT internal GROUP BY ALL"
        return self.once("columns", lambda: {row["table_name"]: frozenset(row["names"]) for row in self.rows(names)})

    @property
    def is_private(self) -> bool:
        """Whether it holds an office's register and must not be passed on."""
        return self.kind == PRIVATE

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries. Raises EditionDamaged where the file cannot be read."""
        with damage_told(self.id):
            result = self._run(sql, params)
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _run(self, sql: str, params: Mapping[str, Any] | None) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.cursor().execute(sql, dict(params or {}))
        except duckdb.CatalogException as error:
            missing = NO_TABLE.search(str(error))
            if missing is None:
                raise
            raise EditionOutdated([missing[1]]) from error

    def constant(self, sql: str) -> Rows:
        """Return the rows of a query without values; it is run once."""
        return self.once(sql, lambda: self.rows(sql))

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what `make` gives; under one name it is made once, since an edition never changes.

        The only place that keeps what was made of an edition: a cache of a module would keep its file open for good.
        """
        if name not in self._constants:
            self._constants[name] = make()
        return cast(Made, self._constants[name])

    def frame(self, sql: str, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return the rows of a query as a data frame."""
        with damage_told(self.id):
            return self._run(sql, params).df()

    def batches(self, sql: str, params: Mapping[str, Any] | None = None, *, size: int) -> pa.RecordBatchReader:
        """Return a reader of the rows of a query, `size` at a time: for tables too long to hold."""
        with damage_told(self.id):
            return self._connection.cursor().sql(sql, params=dict(params or {})).to_arrow_reader(size)


class Remembering(Edition):
    """An edition that keeps the rows of short answers: for an app, whose readers ask again in the other language."""

    MOST_ROWS, MOST_ANSWERS = 500, 1024

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries, asked of the file once while they are kept."""
        cache: dict[str, list[dict[str, Any]]] = self.once("kept rows", dict)
        key = f"{sql}{sorted((params or {}).items())}"
        rows = cache.get(key)
        if rows is None:
            rows = super().rows(sql, params)
            if len(rows) <= self.MOST_ROWS:
                if len(cache) >= self.MOST_ANSWERS:
                    cache.clear()
                cache[key] = rows
        return [dict(row) for row in rows]


class OpenEditions:
    """The editions that a process has open, the few used last. One that is gone from the disk is let go."""

    def __init__(self, most: int, made_as: type[Edition] = Edition) -> None:
        self._most, self._made_as = most, made_as
        self._open: dict[tuple[Path, str | None], Edition] = {}
        self._lock = Lock()

    def edition(self, data: Path, edition_id: str | None) -> Edition:
        """Return an edition, opened once while it is in use; raises EditionMissing as `open_edition` does."""
        with self._lock:
            self._open = {key: edition for key, edition in self._open.items() if edition.path.exists()}
            key = (data, edition_id)
            edition = self._open.pop(key) if key in self._open else open_edition(*key, made_as=self._made_as)
            self._open[key] = edition  # the last used stands last
            if len(self._open) > self._most:
                del self._open[next(iter(self._open))]
            return edition


def open_edition(data: Path, edition_id: str | None = None, *, made_as: type[Edition] = Edition) -> Edition:
    """Open an edition of the data directory: the one named, else the current one."""
    target_id = edition_id or current_edition_id(data)
    if target_id is None:
        if is_public() and any((data / "editions").glob(f"{PRIVATE}-*.duckdb")):
            raise EditionMissing(t("Todavía no hay una edición para el público."))
        if any(not other_id.startswith("demo-") for other_id in edition_ids(data)):
            raise EditionMissing(
                t(
                    "Hay ediciones en disco, pero el archivo CURRENT, que dice cuál va en pantalla, se perdió o está "
                    "dañado; «pulso status» dice cuál era y cómo reponerla."
                )
            )
        raise EditionMissing(t("Todavía no hay una edición de datos; créela con «pulso demo» o «pulso load»."))
    path = data / "editions" / f"{target_id}.duckdb"
    if not EDITION_ID.fullmatch(target_id) or not may_be_shown(target_id) or not path.is_file():
        raise missing(target_id, data)
    try:
        return open_file(path, made_as)
    except EditionPrivate:
        raise missing(target_id, data) from None


def missing(edition_id: str, data: Path) -> EditionMissing:
    """Return the error for an edition that is not there, or that a public start says nothing of."""
    others = ", ".join(edition_ids(data)) or t("ninguna")
    return EditionMissing(t("No existe la edición «{id}»; las que hay son: {known}.", id=edition_id, known=others))


def open_file(path: Path, made_as: type[Edition] = Edition) -> Edition:
    """Open one edition file, read-only and hardened."""
    with damage_told(path.stem):
        connection = duckdb.connect(str(path), read_only=True, config=HARDENED)
        rows = connection.execute("SELECT * FROM meta_build")
        names, values = [name for name, *_ in rows.description or ()], rows.fetchone()
    if values is None:
        text = "El archivo {file} no es una edición completa; vuelva a construirla."
        raise EditionMissing(t(text, file=path.name))
    build = dict(zip(names, values, strict=True))
    if is_public() and build["kind"] not in PUBLISHABLE:
        connection.close()
        raise EditionPrivate(t("Esta edición no es para el público."))
    return made_as(
        id=build["edition_id"],
        kind=build["kind"],
        label=build["label"],
        extract=build["extract"],
        built_at=build["built_at"],
        code_version=build["code_version"],
        path=path,
        is_synthetic=bool(build.get("is_synthetic")) or build["kind"] == "demo",
        _connection=connection,
    )


@contextmanager
def damage_told(edition_id: str) -> Iterator[None]:
    """Turn what DuckDB says of a file it cannot read into one sentence, without the file's path."""
    try:
        yield
    except duckdb.Error as error:
        if type(error) is not duckdb.Error and not isinstance(error, DAMAGE):
            raise
        text = "La edición «{id}» no se puede leer: su archivo está dañado; elija otra o vuelva a construirla."
        raise EditionDamaged(t(text, id=edition_id)) from error


def is_public() -> bool:
    """Return whether this start is for the public (`PULSO_PUBLIC=1`): private editions are then never opened."""
    return os.environ.get("PULSO_PUBLIC", "0") not in ("", "0")


def may_be_shown(edition_id: str) -> bool:
    """Return whether this start shows the edition, as far as its name tells; its file is asked when it is opened."""
    return not is_public() or not edition_id.startswith(f"{PRIVATE}-")


def current_edition_id(data: Path) -> str | None:
    """Return the id to open: `PULSO_EDITION`, else what `CURRENT` names. Cheap: reads one or two small files.

    At a public start either may name a private edition: then, and before `CURRENT`, it is the newest for the public.
    """
    choice = os.environ.get("PULSO_EDITION")
    if choice and may_be_shown(choice):
        return choice
    if not is_public():
        return _pointed(data, "CURRENT")
    pointer_ids = [edition_id for pointer in ("CURRENT.public", "CURRENT") if (edition_id := _pointed(data, pointer))]
    on_disk = edition_ids(data)
    candidates = [edition_id for edition_id in pointer_ids if edition_id in on_disk] or sorted(
        on_disk, key=lambda edition_id: edition_id.startswith("demo-")
    )
    return candidates[0] if candidates else None


def _pointed(data: Path, pointer: str) -> str | None:
    try:
        text = (data / "editions" / pointer).read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return text if EDITION_ID.fullmatch(text) else None


def edition_ids(data: Path) -> list[str]:
    """Return the ids of the editions on disk that may be opened, newest file first."""
    files = sorted((data / "editions").glob("*.duckdb"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [path.stem for path in files if may_be_shown(path.stem)]
