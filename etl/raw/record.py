"""The report of a staged file on disk: one JSON per raw file, written last; a half-made stage has none."""

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from etl.raw.completeness import Measured
from etl.raw.parsed import Parsed, Span
from etl.raw.report import MonthCount, Rejected


@dataclass(frozen=True)
class StoredMember:
    """One useful member as parsed; `parquet` is a file name in the same folder."""

    source_id: str
    is_demo: bool
    parquet: str
    parsed: Parsed


@dataclass(frozen=True)
class Record:
    """All that is to know of a staged raw file without reading it again."""

    name: str
    retrieved_on: str
    raw_file: str
    size_bytes: int
    set_aside: tuple[str, ...]
    members: tuple[StoredMember, ...]
    sha256: str = ""  # of a register, whose file is not kept: of the file as received
    since: str = ""  # and the day it came
    revision: str = ""  # and what tells it apart from what it was before a firm was forgotten


def write_record(path: Path, record: Record) -> None:
    """Put the record in place, whole or not at all."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", encoding="utf-8", delete=False) as draft:
        json.dump(asdict(record), draft, default=str, ensure_ascii=False, indent=1)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(path)


def read_record(path: Path) -> Record | None:
    """Return the record, or None when the file was never staged by this parser or a Parquet of it is gone."""
    if not path.exists():
        return None
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found = tuple(
        StoredMember(one["source_id"], one["is_demo"], one["parquet"], _parsed(one["parsed"]))
        for one in stored["members"]
    )
    if not all((path.parent / one.parquet).exists() for one in found):
        return None
    return Record(**stored | {"set_aside": tuple(stored["set_aside"]), "members": found})


def _parsed(stored: dict[str, Any]) -> Parsed:
    counts = tuple(
        MonthCount(**one | {"month": date.fromisoformat(one["month"]), "fob_usd": Decimal(one["fob_usd"])})
        for one in stored["counts"]
    )
    measured = stored["measured"]
    if measured is not None:
        measured = Measured(**measured | {"month": date.fromisoformat(measured["month"])})
    rejected = tuple(_rejected(one) for one in stored["rejected"])
    span = stored["span"]
    if span is not None:
        span = Span(**{end: date.fromisoformat(month) for end, month in span.items()})
    made = {"counts": counts, "measured": measured, "rejected": rejected, "span": span, "notes": tuple(stored["notes"])}
    return Parsed(**stored | made)


def _rejected(stored: dict[str, Any]) -> Rejected:
    month, value = stored["month"], stored["fob_usd"]
    return Rejected(
        **stored
        | {
            "month": None if month is None else date.fromisoformat(month),
            "fob_usd": None if value is None else Decimal(value),
        }
    )
