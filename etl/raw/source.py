"""The written description of a source: `etl/sources/<id>.toml`; of a table kept by hand, its template's columns."""

import csv
import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editions.folders import REFERENCE

FOLDER = Path(__file__).resolve().parent.parent / "sources"
UNLESS = "si falta "
TEMPLATES = REFERENCE / "templates"  # the app offers them for download


@dataclass(frozen=True)
class Column:
    """One column of a table kept by hand, as its template describes it."""

    name: str
    is_required: bool
    format: str
    unless: str | None = None  # the column that is enough when this one is missing


@functools.cache
def fields(source_id: str) -> tuple[str, ...]:
    """Return the names of the source's fields, in the order of its files."""
    return tuple(_described(source_id)["fields"])


@functools.cache
def cut_at(source_id: str) -> int | None:
    """Return after how many fields the source is known to cut rows, if it does."""
    after: int | None = _described(source_id).get("cut_at")
    return after


@functools.cache
def columns(source_id: str) -> tuple[Column, ...]:
    """Return the columns of a table kept by hand; the first two are those it is recognised by."""
    with (TEMPLATES / f"{source_id}_columnas.csv").open(encoding="utf-8", newline="") as table:
        return tuple(
            Column(row["column"], row["required"] == "sí", row["format"], _unless(row["required"]))
            for row in csv.DictReader(table)
        )


def _unless(required: str) -> str | None:
    return required.removeprefix(UNLESS) if required.startswith(UNLESS) else None


def _described(source_id: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{source_id}.toml").read_text(encoding="utf-8"))
