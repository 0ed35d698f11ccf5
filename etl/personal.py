"""What is held of persons and firms: the registers, for what, since when and until when."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from logging import getLogger
from pathlib import Path
from typing import Any

import duckdb

from editions import store
from editions.errors import PublishError, SourceError
from editions.folders import Workspace
from etl.raw import register, registers
from etl.raw.record import Record
from etl.raw.stage import stage
from etl.wording import whole

LOG = getLogger(__name__)
VARIABLE, RETENTION_MONTHS = "PULSO_RETENTION_MONTHS", 36
PURPOSE = (
    "Para qué: contar las pymes exportadoras y medir su crecimiento, por región, tamaño, sector y mercado; nada más.\n"
    "Qué se guarda de cada empresa: una huella con clave en vez del RUT, y sus exportaciones, tamaño, comuna, ventas y "
    "trabajadores. Ningún RUT ni nombre."
)


def held(workspace: Workspace) -> str:
    """Return what is kept, in words: for each register since when, until when, how much and where it is used."""
    months = retention_months()
    uses = _uses(workspace)
    records = [record for record in registers.all_of(workspace) if not record.members[0].is_demo]
    return "\n".join(
        [
            PURPOSE,
            f"Hasta cuándo: {months} meses desde que se cargó ({VARIABLE}), o antes, cuando ninguna edición lo usa.",
            *(_described(record, uses.get(record.sha256, []), workspace) for record in records),
            *([] if records else ["No se guarda ningún registro de empresas."]),
            *(
                f"- CON RUT, de una versión anterior: {path}. «pulso build» lo convierte y lo borra, o dice por qué no."
                for path in _as_received(workspace)
            ),
            f"Lo hecho con estos datos, sin nombrar a nadie: {workspace.root / registers.LOG}.",
        ]
    )


def retention_months() -> int:
    """Return how many months a register may be kept. Raises PublishError for what is no number of months."""
    text = os.environ.get(VARIABLE) or str(RETENTION_MONTHS)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= 1200):
        raise PublishError(f"{VARIABLE} debe ser un número de meses; dice «{text[:20]}».")
    return int(text)


def overdue(workspace: Workspace) -> list[Record]:
    """Return the registers whose time is over."""
    today = datetime.now(UTC).date()
    return [
        record for record in registers.all_of(workspace) if _until(record) <= today and not record.members[0].is_demo
    ]


def _until(record: Record) -> date:
    """Return the first day of the month after so many months: a day that every month has."""
    since = date.fromisoformat(record.since)
    number = since.year * 12 + since.month + retention_months()
    return date(number // 12, number % 12 + 1, 1)


def _described(record: Record, used_by: list[str], workspace: Workspace) -> str:
    tables = [str(path) for path in registers.tables_of(record, workspace)]
    rows, firms, first, last = duckdb.execute(
        "SELECT count(*), count(DISTINCT exporter_key), min(month), max(month) FROM read_parquet(?)", [tables]
    ).fetchall()[0]
    is_overdue = record in overdue(workspace)
    return (
        f"- {record.name} (sha256 {record.sha256[: registers.HASH_SHOWN]}): {whole(rows)} filas, "
        f"{whole(firms)} empresas, {first:%Y-%m} a {last:%Y-%m}; desde {date.fromisoformat(record.since):%d-%m-%Y} "
        f"hasta {_until(record):%d-%m-%Y}; ediciones: {', '.join(used_by) or 'ninguna'}."
        + (" PLAZO VENCIDO: «pulso forget --overdue» lo quita." if is_overdue else "")
    )


def _uses(workspace: Workspace) -> dict[str, list[str]]:
    uses: dict[str, list[str]] = {}
    for edition_id in store.edition_ids(workspace):
        for sha256 in registers_of(store.edition_path(workspace, edition_id)):
            uses.setdefault(sha256, []).append(edition_id)
    return uses


def registers_of(edition: Path) -> set[str]:
    """Return the sha256 of the registers that an edition was built from."""
    with store.reading(edition) as connection:
        rows = connection.execute("SELECT sha256 FROM meta_source WHERE source_id = $id", {"id": register.SOURCE})
        return {sha256 for (sha256,) in rows.fetchall() if sha256}


def take_in(workspace: Workspace) -> None:
    """Keep the registers that an earlier version left in `raw/` as received as they are kept today, and erase those."""
    for raw in _as_received(workspace):
        try:
            stage(raw, workspace)
        except SourceError as error:
            LOG.warning(
                "%s: parece un registro con RUT que dejó una versión anterior, y no se puede convertir; bórrelo. %s",
                raw,
                error,
            )
    for path, stored in _records(workspace):
        if any(member["source_id"] == register.SOURCE for member in stored["members"]):
            for left in (*workspace.staged.glob(f"{path.name[: registers.HASH_SHOWN]}-*.parquet"), path):
                left.unlink(missing_ok=True)


def _as_received(workspace: Workspace) -> list[Path]:
    """Return the registers with RUTs in `raw/`: named so by a record, or readable by their owner only and by no record
    named at all. Earlier versions kept them so.
    """
    names: dict[str, bool] = {}
    for _, stored in _records(workspace):
        is_register = any(member["source_id"] == register.SOURCE for member in stored["members"])
        names[stored["raw_file"]] = names.get(stored["raw_file"], False) or is_register
    return [
        raw
        for raw in sorted(workspace.raw.glob("*"))
        if raw.is_file() and names.get(raw.name, not raw.stat().st_mode & 0o077)
    ]


def _records(workspace: Workspace) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield what was written of every staged file, by this version or an earlier one."""
    for path in workspace.staged.glob("*.json"):
        stored = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(stored, dict) and {"raw_file", "members"} <= stored.keys():
            yield path, stored
