"""The written description of a source: `etl/sources/<id>.toml`."""

import functools
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "sources"


@functools.cache
def fields(source_id: str) -> tuple[str, ...]:
    """Return the names of the source's fields, in the order of its files."""
    return tuple(_described(source_id)["fields"])


@functools.cache
def cut_at(source_id: str) -> int | None:
    """Return after how many fields the source is known to cut rows, if it does."""
    after: int | None = _described(source_id).get("cut_at")
    return after


def _described(source_id: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{source_id}.toml").read_text(encoding="utf-8"))
