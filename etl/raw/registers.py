"""The office's registers as they are kept: a hashed table and its passport each, and nothing of the file as received.

A register is named by the sha256 of the file that was received. A passport is written last, and names its table.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from editions.folders import Workspace
from etl.raw.firm_key import mark_of, secret
from etl.raw.record import Record, read_record, write_record

LOG = "personal.jsonl"
HASH_SHOWN = 16  # letters of a sha256 that names begin with


def write(record: Record, workspace: Workspace) -> Record:
    """Keep a register's passport, from today unless it is kept already, and return it."""
    before = read(record.sha256, workspace)
    since = before.since if before else f"{datetime.now(UTC):%Y-%m-%d}"
    record = replace(record, since=since)
    write_record(path_of(record, workspace), record)
    if before is None:
        note(workspace, "keep", rows=sum(one.parsed.rows for one in record.members))
    return record


def note(workspace: Workspace, action: str, **counts: int) -> None:
    """Add a line to the log of what was done with personal data: when, what, how many; never whose."""
    entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "action": action} | counts
    with (workspace.root / LOG).open("a", encoding="utf-8") as log:
        log.write(json.dumps(entry) + "\n")


def read(sha256: str, workspace: Workspace) -> Record | None:
    """Return the register with this sha256, or whose sha256 begins so; None when it is not kept."""
    return read_record(workspace.registers / f"{sha256[:HASH_SHOWN]}.json")


def kept_of(raw: Path, workspace: Workspace) -> Record | None:
    """Return the register that a raw file no longer there was, as editions name it."""
    is_ours = not raw.exists() and raw.resolve().parent == workspace.raw.resolve()
    return read(raw.name, workspace) if is_ours else None


def all_of(workspace: Workspace) -> Iterator[Record]:
    """Yield every register that is kept, in the order of their names."""
    for path in sorted(workspace.registers.glob("*.json")):
        record = read_record(path)
        if record is not None:
            yield record


def any_of_size(size_bytes: int, workspace: Workspace) -> bool:
    """Return whether a register of so many bytes is kept: only then is the hash of a file waited for."""
    return any(record.size_bytes == size_bytes for record in all_of(workspace))


def has_secret_of_today(record: Record, workspace: Workspace) -> bool:
    """Return whether a firm would have the same key today."""
    marks = {one.parsed.key_mark for one in record.members}
    return marks == {mark_of(secret(workspace.root, is_demo=record.members[0].is_demo))}


def tables_of(record: Record, workspace: Workspace) -> list[Path]:
    """Return the hashed tables of a register."""
    return [workspace.registers / one.parquet for one in record.members]


def path_of(record: Record, workspace: Workspace) -> Path:
    """Return where the passport lies."""
    return workspace.registers / f"{record.sha256[:HASH_SHOWN]}.json"


def erase(record: Record, workspace: Workspace) -> None:
    """Take a register out, the passport first: without it, its tables are nothing's."""
    path_of(record, workspace).unlink(missing_ok=True)
    for table in tables_of(record, workspace):
        table.unlink(missing_ok=True)


def erase_strays(workspace: Workspace) -> None:
    """Erase the tables that no passport names: what a killed run left."""
    named = {table for record in all_of(workspace) for table in tables_of(record, workspace)}
    for path in workspace.registers.iterdir():
        if path.suffix != ".json" and path not in named:
            path.unlink()
