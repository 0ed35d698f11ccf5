"""Tiny editions for tests: real DuckDB files with every table of the contracts and the rows a test gives."""

import tempfile
import tomllib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from editions.edition import Edition, open_file
from etl.contracts import SQL_FOLDER, all_contracts, fill
from indicators.metrics.definitions import Example
from indicators.question.calendar import Window

REPOSITORY = Path(__file__).parent.parent
OPEN_FILES = Path("/proc/self/fd")
needs_open_files = pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="open files are listed on Linux only")
MARTS = [  # those made of core_export; `mart_firm_statistic` is made by a publication
    contract for contract in all_contracts() if contract.table.startswith("mart_") and "stg_" not in contract.select
]
REFERENCE = {  # tables whose committed rows every test edition has
    "core_region": "regions",
    "core_country": "countries",
    "core_sector": "sectors",
    "core_series_break": "series_breaks",
    "core_customs_office": "customs_offices",
    "core_comuna": "comunas",
    "core_uf_month": "uf_monthly",
    "core_service_type": "service_types",
}
EXPORT: dict[str, Any] = {
    "source_id": "aduanas_dus",
    "exporter_id": "1",
    "region_code": "08",
    "comuna_code": "08101",
    "country_code": "225",
    "operation_code": "200",
    "segment": "goods",
    "hs_code": "44071010",
    "bcch_sector_id": "silvicola",
    "prochile_sector_id": "forestal",
    "ine_sector_id": "industria",
    "is_copper": False,
    "is_lithium": False,
    "unit_code": "6",
    "fob_origin": "declared",
}
REGISTER: dict[str, Any] = {
    "exporter_key": "a",
    "region_code": "08",
    "country_code": "225",
    "hs_code": "44071010",
    "segment": "goods",
    "prochile_sector_id": "forestal",
    "is_copper": False,
    "is_lithium": False,
    "size_class": "pequena",
}
Rows = Iterable[Mapping[str, Any]]
_EXAMPLES: dict[tuple[str, str], tuple[str, bytes]] = {}  # each is asked about by many tests


def tiny_edition(
    folder: Path,
    *,
    exports: Rows = (),
    register: Rows = (),
    months: Mapping[str, str] | None = None,
    incomplete: Iterable[str] = (),
    missing: Iterable[str] = (),
    id_scope: str | None = "month",
    id_scopes: Mapping[str, str | None] | None = None,
    kind: str = "official",
    extract: str | None = None,
    tables: Mapping[str, Rows] | None = None,
) -> Edition:
    """Write an edition with these rows and open it as the app does.

    A row gives `month` as `2025-01`, `fob_usd`, and whatever differs from the defaults. `months` says which
    months a source holds (by default all from the first to the last of its rows), but for those in `missing`; all
    are complete but those in `incomplete`. `id_scopes` are of the months of customs that differ from `id_scope`.
    """
    exports, register = list(exports), list(register)
    path = folder / f"{kind}-{uuid.uuid4().hex[:8]}.duckdb"
    blank, columns = _blank()
    path.write_bytes(blank)
    connection = duckdb.connect(str(path), config={"threads": 1})
    connection.execute("BEGIN")  # one write to the disk instead of one for each statement
    held = dict(months or _months_of(exports, register))
    _insert(connection, "core_export", columns, [EXPORT | dict(row) for row in exports])
    _insert(connection, "core_register", columns, [REGISTER | dict(row) for row in register])
    scopes = defaultdict(lambda: id_scope, id_scopes or {})
    _insert(connection, "core_month", columns, _month_rows(held, set(incomplete), set(missing), scopes))
    for table, rows in (tables or {}).items():
        _insert(connection, table, columns, list(rows))
    fill_marts(connection)
    connection.execute(
        "INSERT INTO meta_build (edition_id, kind, label, built_at, code_version, extract) VALUES (?, ?, ?, ?, ?, ?)",
        [path.stem, kind, "Edición de prueba", "2025-11-20 12:00:00", "test", extract],
    )
    connection.execute("COMMIT")
    connection.close()
    return open_file(path)


def example_edition(folder: Path, example: Example, *, kind: str = "private") -> Edition:
    """Return an edition of a worked example; private unless told otherwise."""
    made = (example.question, kind)
    if made not in _EXAMPLES:
        with tempfile.TemporaryDirectory() as first:
            path = _example_edition(Path(first), example, kind).path
            _EXAMPLES[made] = path.name, path.read_bytes()
    name, content = _EXAMPLES[made]
    (folder / name).write_bytes(content)
    return open_file(folder / name)


def _example_edition(folder: Path, example: Example, kind: str) -> Edition:
    if example.table.startswith("core_"):
        return tiny_edition(folder, tables={example.table: example.records}, kind=kind)
    held = {example.source: example.months}
    records = {example.table: example.records}
    return tiny_edition(folder, **records, months=held, missing=example.missing, kind=kind)


@cache
def _blank() -> tuple[bytes, dict[str, dict[str, str]]]:
    """An edition with its tables and reference rows, made once, and the column types of each table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.duckdb"
        connection = duckdb.connect(str(path))
        columns = _create_tables(connection)
        for table, file in REFERENCE.items():
            _fill_reference(connection, table, file, columns[table])
        connection.close()
        return path.read_bytes(), columns


def fill_marts(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the tables that figures are computed from with what the product's own SQL makes of core_export."""
    for contract in MARTS:
        fill(connection, contract)


def undrawn(table: str, catalog: str = "main") -> str:
    """Return a table of an edition as SQL, firms and declarations told apart by what they are, not by their number."""
    old = (
        f"(SELECT min(accepted_on) || count(*) || sum(fob_usd) FROM {catalog}.core_export AS e WHERE e.{{0}} = x.{{0}}"
    )
    firm = old.format("exporter_id") + ") AS exporter_id"
    paper = old.format("declaration_id") + " AND e.month = x.month) AS declaration_id"
    drawn = {
        "core_export": f"REPLACE ({firm}, {paper})",
        "mart_export_by_month": f"REPLACE ({firm})",
        "mart_firm_by_month": f"REPLACE ({firm})",
    }
    return f"(SELECT * {drawn.get(table, '')} FROM {catalog}.{table} AS x)"


def handles_on(path: Path) -> int:
    """How many open files of this process are the edition, whether or not it still has a name."""
    links = [link.readlink() for link in OPEN_FILES.iterdir() if link.is_symlink()]
    return sum(str(link).removesuffix(" (deleted)") == str(path) for link in links)


def _create_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    connection.execute((SQL_FOLDER / "meta.sql").read_text(encoding="utf-8"))
    columns: dict[str, dict[str, str]] = {}
    for contract in sorted([*SQL_FOLDER.glob("core/*.toml"), *SQL_FOLDER.glob("mart/*.toml")]):
        promised = tomllib.loads(contract.read_text(encoding="utf-8"))["columns"]
        columns[contract.stem] = {name: column["type"] for name, column in promised.items()}
        listed = ", ".join(f'"{name}" {kind}' for name, kind in columns[contract.stem].items())
        connection.execute(f"CREATE TABLE {contract.stem} ({listed})")
    return columns


def _fill_reference(connection: duckdb.DuckDBPyConnection, table: str, file: str, columns: Mapping[str, str]) -> None:
    path = REPOSITORY / "data" / "reference" / f"{file}.csv"
    connection.execute(
        f"INSERT INTO {table} SELECT {', '.join(columns)} "
        f"FROM read_csv('{path}', header = true, all_varchar = true, quote = '\"', escape = '\"', nullstr = '')"
    )


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, Mapping[str, str]],
    rows: list[Mapping[str, Any]],
) -> None:
    for row in rows:
        unknown = set(row) - set(columns[table])
        assert not unknown, f"{table} has no column {unknown}"
    if rows:
        marks = ", ".join([f"({', '.join('?' for _ in columns[table])})"] * len(rows))
        values = [_value(name, row.get(name)) for row in rows for name in columns[table]]
        connection.execute(f"INSERT INTO {table} VALUES {marks}", values)


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(f"{value}-01") if name == "month" and isinstance(value, str) else value


def _months_of(exports: Rows, register: Rows) -> dict[str, str]:
    seen: dict[str, list[str]] = {}
    for row in exports:
        seen.setdefault(row.get("source_id", "aduanas_dus"), []).append(row["month"])
    for row in register:
        seen.setdefault("registro", []).append(row["month"])
    return {source: f"{min(months)}..{max(months)}" for source, months in seen.items()}


def _month_rows(
    held: Mapping[str, str], incomplete: set[str], missing: set[str], id_scopes: Mapping[str, str | None]
) -> list[dict[str, Any]]:
    return [
        {
            "source_id": source,
            "month": f"{month:%Y-%m}",
            "is_complete": f"{month:%Y-%m}" not in incomplete,
            "id_scope": {"aduanas_dus": id_scopes[f"{month:%Y-%m}"], "registro": "stable"}.get(source),
        }
        for source, window in held.items()
        for month in Window.parse(window).months
        if f"{month:%Y-%m}" not in missing
    ]
