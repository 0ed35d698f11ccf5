"""Takes a firm, or the registers whose time is over, out of registers, editions and what the public sees.

What is to go is written first and erased last, a firm as its keyed hash only: a run that is killed is finished by the
next command that writes. Editions never change, so one that holds what is to go is built again without it, and erased.
"""

import json
import secrets
from dataclasses import dataclass, replace
from logging import getLogger
from pathlib import Path

import duckdb

from editions import store
from editions.errors import EtlError, PublishError
from editions.folders import Workspace
from etl import personal
from etl.build import build
from etl.changes import render
from etl.contracts import literal
from etl.gates.hold import hold
from etl.load import erase_unused_registers, plain_disk_errors, staged_of
from etl.plan import Plan
from etl.progress import Progress
from etl.publication import public_edition
from etl.raw import register, registers
from etl.raw.firm_key import IS_KEY, check_digit_fits, exporter_key, is_rut, secret
from etl.raw.record import Record, StoredMember, write_record
from etl.raw.report import MonthCount
from etl.template import template

LOG = getLogger(__name__)
REASON = "Se quitaron empresas del registro de la oficina."
JOURNAL = "forget.json"


@dataclass(frozen=True)
class Removal:
    """What is to go: the firm with this key, or whole registers, by their sha256."""

    key: str = ""
    registers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forgotten:
    """What a run did: the rows it took out, the editions it erased, the editions now on both screens."""

    rows: int
    erased: tuple[str, ...]
    edition_id: str | None
    public_id: str | None


def firm(name: str, workspace: Workspace) -> Removal:
    """Return the removal of a firm given by its RUT, an identifier of the office's own, or its key."""
    if IS_KEY.fullmatch(name):
        return Removal(name)
    if is_rut(name) and not check_digit_fits(name):
        raise PublishError("El dígito verificador de ese RUT no corresponde; revíselo.")
    return Removal(exporter_key(name, secret(workspace.root, is_demo=False)))


def overdue(workspace: Workspace) -> Removal:
    """Return the removal of the registers whose time is over."""
    return Removal(registers=tuple(record.sha256 for record in personal.overdue(workspace)))


def forget(removal: Removal, workspace: Workspace, *, progress: Progress) -> Forgotten:
    """Take all of it out of what is kept. Raises PublishError when nothing kept holds it."""
    with store.build_lock(workspace), plain_disk_errors():
        personal.take_in(workspace)
        is_kept = any(_is_in(record, removal, workspace) for record in registers.all_of(workspace))
        if not is_kept and not any(_holds(path, removal) for path in _edition_paths(workspace)):
            raise PublishError(
                "Nada de lo guardado trae a esa empresa; escriba su RUT con guion. Si la clave de los registros "
                "cambió, dé su huella."
                if removal.key
                else "A ningún registro se le venció el plazo; vea «pulso personal»."
            )
        store.write_whole(workspace.root / JOURNAL, json.dumps({"key": removal.key, "registers": removal.registers}))
        store.keep_private(workspace.root / JOURNAL)
    return finish(workspace, progress=progress)


def is_unfinished(workspace: Workspace) -> bool:
    """Return whether a run was killed before it had taken out all."""
    return (workspace.root / JOURNAL).exists()


def finish(workspace: Workspace, *, progress: Progress) -> Forgotten:
    """Do what the journal says, or the rest of it; every step may be done again."""
    with store.build_lock(workspace), plain_disk_errors():
        stored = json.loads((workspace.root / JOURNAL).read_text(encoding="utf-8"))
        removal = Removal(stored["key"], tuple(stored["registers"]))
        gone = [path.stem for path in _edition_paths(workspace) if _holds(path, removal)]
        rows = sum(_take_out(record, removal, workspace) for record in list(registers.all_of(workspace)))
        registers.erase_strays(workspace)
        if store.current_id(workspace) in gone:
            _rebuild(workspace, gone, progress)
        is_published = str(store.public_id(workspace)).startswith(store.PUBLIC)
        gone += [one for one in store.edition_ids(workspace) if one.startswith(store.PUBLIC)]  # their figures
        for edition_id in gone:
            store.erase(workspace, edition_id)
        render.write_feed(workspace)
        erase_unused_registers(workspace)
    if is_published:
        _publish_again(workspace, progress)
    with store.build_lock(workspace):
        registers.note(workspace, "forget", rows=rows, editions=len(gone))
        (workspace.root / JOURNAL).unlink()
    return Forgotten(rows, tuple(gone), store.current_id(workspace), store.public_id(workspace))


def _is_in(record: Record, removal: Removal, workspace: Workspace) -> bool:
    tables = registers.tables_of(record, workspace)
    return record.sha256 in removal.registers or any(_has_rows(table, removal.key) for table in tables)


def _take_out(record: Record, removal: Removal, workspace: Workspace) -> int:
    """Put tables without the firm beside those of a register, point its passport at them, and erase the old ones."""
    if not _is_in(record, removal, workspace):
        return 0
    tables = registers.tables_of(record, workspace)
    before = sum(one.parsed.rows for one in record.members)
    revision = secrets.token_hex(4)
    members = (
        ()
        if record.sha256 in removal.registers
        else tuple(
            _without(
                one,
                workspace.registers / f"{record.sha256[: registers.HASH_SHOWN]}-{n}-{revision}.parquet",
                removal.key,
                table,
            )
            for n, (one, table) in enumerate(zip(record.members, tables, strict=True))
        )
    )
    left = tuple(one for one in members if one.parsed.rows)
    if not left:
        registers.erase(record, workspace)
        return before
    write_record(registers.path_of(record, workspace), replace(record, members=left, revision=revision))
    for table in tables:
        table.unlink()
    return before - sum(one.parsed.rows for one in left)


def _without(member: StoredMember, target: Path, key: str, table: Path) -> StoredMember:
    source = f"read_parquet({literal(str(table))})"
    target.touch(mode=0o600)
    duckdb.execute(
        f"COPY (FROM {source} WHERE exporter_key <> {literal(key)}) TO {literal(str(target))} (FORMAT parquet)"
    )
    store.keep_private(target)
    counts = tuple(
        MonthCount(*count)
        for count in duckdb.execute(
            "SELECT month, NULL, segment, count(*), sum(fob_usd) FROM read_parquet(?) GROUP BY ALL ORDER BY ALL",
            [str(target)],
        ).fetchall()
    )
    n_rows = sum(count.items for count in counts)
    parsed = replace(member.parsed, rows=n_rows, rows_read=n_rows, counts=counts)
    return replace(member, parquet=target.name, parsed=parsed)


def _edition_paths(workspace: Workspace) -> list[Path]:
    return [store.edition_path(workspace, edition_id) for edition_id in store.edition_ids(workspace)]


def _has_rows(table: Path, key: str) -> bool:
    query = "SELECT 1 FROM read_parquet(?) WHERE exporter_key = ? LIMIT 1"
    return bool(duckdb.execute(query, [str(table), key]).fetchall())


def _holds(edition: Path, removal: Removal) -> bool:
    """Return whether an edition was made of what is to go; of a private one that nobody can read, yes."""
    try:
        if not personal.registers_of(edition).isdisjoint(removal.registers):
            return True
        with store.reading(edition) as connection:
            query = "SELECT 1 FROM core_register WHERE exporter_key = ? LIMIT 1"
            return bool(connection.execute(query, [removal.key]).fetchall())
    except (PublishError, duckdb.CatalogException):
        return edition.stem.startswith(store.PRIVATE)


def _rebuild(workspace: Workspace, gone: list[str], progress: Progress) -> None:
    """Build the edition on screen again without what is to go, and without what would tell it by difference."""
    base = store.edition_path(workspace, str(store.current_id(workspace)))
    with store.reading(base) as connection:
        rows = connection.execute(
            "SELECT DISTINCT raw_file, sha256 FROM meta_source WHERE source_id = ?", [register.SOURCE]
        ).fetchall()
    emptied = [raw_file for raw_file, sha256 in rows if registers.read(sha256, workspace) is None]
    inputs = staged_of(base, workspace, progress, without=emptied)
    if all(staged.is_fact for staged in inputs):  # the register was all there was
        store.take_off_screen(workspace, gone)
        return
    plan = Plan(inputs, base, forgets=True)
    built = workspace.build / f"{plan.edition_id}.duckdb"
    if not store.edition_path(workspace, plan.edition_id).exists():
        build(plan, built, template=template(workspace), progress=progress)
        hold(built, None, accept=REASON)
    store.publish(workspace, plan.edition_id, action="forget", build_path=built if built.exists() else None)


def _publish_again(workspace: Workspace, progress: Progress) -> None:
    """Make what the public sees anew of what is left; an edition with nothing to hide is it as it stands."""
    current = store.current_id(workspace)
    try:
        if current is not None and current.startswith(store.PRIVATE):
            public_edition.publish(workspace, progress=progress)
        elif current is not None:
            store.publish_publicly(workspace, current)
    except EtlError as error:
        LOG.warning("La edición pública se retiró, porque sus cifras contaban lo que se quitó. %s", error)
    public = store.public_id(workspace)
    if public is not None and not store.edition_path(workspace, public).exists():
        (workspace.editions / "CURRENT.public").unlink(missing_ok=True)
