"""Files on disk: whole or not there."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from indicators.errors import IndicatorError
from indicators.language import t


class FileError(IndicatorError):
    """A file that cannot be written, and what to do about it."""


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file beside `path`, then put it in its place. Raises FileError, in one sentence."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        said = t("No se puede escribir en {folder}: {why}.", folder=path.parent, why=error.strerror)
        raise FileError(said) from error
    os.close(handle)
    beside = Path(name)
    try:
        write(beside)
        beside.chmod(0o644)
        beside.replace(path)
    except OSError as error:
        raise FileError(t("No se puede escribir {file}: {why}.", file=path, why=error.strerror)) from error
    finally:
        beside.unlink(missing_ok=True)


def written(content: str | bytes, path: Path | None) -> str:
    """Write what a command made to `path`, or return it as text for the terminal."""
    if path is not None:
        packed = content.encode() if isinstance(content, str) else content
        write_whole(path, lambda beside: _fill(beside, packed))
        return ""
    if isinstance(content, bytes):
        raise FileError(t("Ese formato no es texto; diga en qué archivo con --out ARCHIVO."))
    return content


def _fill(beside: Path, packed: bytes) -> None:
    beside.write_bytes(packed)
