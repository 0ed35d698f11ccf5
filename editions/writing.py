"""Files on disk: whole or not there."""

import fcntl
import glob
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from editions.errors import IndicatorError
from words.language import t

SUFFIXES = {".txt": "text", ".json": "json", ".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}


class FileError(IndicatorError):
    """A file that cannot be written, and what to do about it."""


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file beside `path`, then put it in its place. Raises FileError, in one sentence.

    What killed runs left beside `path` is cleared; the lock on the file tells that its run lives.
    """
    try:
        clear_leftovers(path)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError as error:
        message = t("No se puede escribir en {folder}: {why}.", folder=path.parent, why=error.strerror)
        raise FileError(message) from error
    beside = Path(name)
    try:
        write(beside)
        beside.chmod(0o644)
        beside.replace(path)
    except OSError as error:
        raise FileError(t("No se puede escribir {file}: {why}.", file=path, why=error.strerror)) from error
    finally:
        os.close(handle)
        beside.unlink(missing_ok=True)


def clear_leftovers(path: Path) -> None:
    """Delete the files that killed runs left beside `path`, and the folders of the releases among them."""
    for leftover in path.parent.glob(f".{glob.escape(path.name)}-*"):
        if leftover.is_file() and not _is_locked(leftover):
            for folder in path.parent.glob(f"{glob.escape(leftover.name)}.*"):
                shutil.rmtree(folder, ignore_errors=True)
            leftover.unlink(missing_ok=True)


def _is_locked(path: Path) -> bool:
    with path.open("rb") as content:
        try:
            fcntl.flock(content, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def write_utf8() -> None:
    """Write UTF-8 to the terminal or wherever it is sent, whatever the console or `PYTHONIOENCODING` say."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def format_of(wish: str | None, path: Path | None) -> str:
    """Return the format asked for, by its name or the suffix of the file, which must agree; text when none is said."""
    if path is None:
        return wish or "text"
    suffix_format = SUFFIXES.get(path.suffix.lower())
    if wish and suffix_format not in (None, wish):
        text = "El nombre {file} pide otro formato que --format {wish}; cambie uno de los dos."
        raise FileError(t(text, file=path.name, wish=wish))
    if wish is None and suffix_format is None:
        raise FileError(t("No se sabe en qué formato escribir {file}; dígalo con --format.", file=path.name))
    return wish or str(suffix_format)


def written(content: str | bytes, path: Path | None) -> str:
    """Write what a command made to `path`, or return it as text for the terminal."""
    if path is not None:
        content_bytes = content.encode() if isinstance(content, str) else content
        write_whole(path, lambda beside: _fill(beside, content_bytes))
        return ""
    if isinstance(content, bytes):
        raise FileError(t("Ese formato no es texto; diga en qué archivo con --out ARCHIVO."))
    return content


def _fill(beside: Path, content: bytes) -> None:
    beside.write_bytes(content)
