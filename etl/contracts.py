"""Reads what each table promises (`<table>.toml` beside `<table>.sql`) and holds the built table to it."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb

from editions.errors import ContractError

SQL_FOLDER = Path(__file__).parent / "sql"
READS = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)", re.IGNORECASE)
ROWS_SHOWN = 3


@dataclass(frozen=True)
class Column:
    """One promised column."""

    name: str
    type: str
    unit: str | None
    description: str


@dataclass(frozen=True)
class Contract:
    """What a table promises: columns in order, key, checks (each a query that returns the wrong rows)."""

    table: str
    description: str
    grain: str
    source: tuple[str, ...]
    key: tuple[str, ...]
    by_month: bool
    by_year: bool
    columns: tuple[Column, ...]
    checks: dict[str, str]
    select: str

    @cached_property
    def create_sql(self) -> str:
        """`CREATE TABLE` with the promised names and types."""
        columns = ", ".join(f'"{column.name}" {column.type}' for column in self.columns)
        return f"CREATE TABLE {self.table} ({columns})"


def read_contract(path: Path) -> Contract:
    """Return the contract in `path` (`.toml`) together with the SELECT that fulfils it (`.sql`)."""
    promised = tomllib.loads(path.read_text(encoding="utf-8"))
    select = path.with_suffix(".sql").read_text(encoding="utf-8")
    first_line = select.splitlines()[0]
    if not first_line.startswith("-- Grain:"):
        raise ContractError(f"{path.stem}.sql: la primera línea debe decir «-- Grain: …».")
    return Contract(
        table=path.stem,
        description=promised["description"],
        grain=first_line.removeprefix("-- Grain:").strip(),
        source=tuple(promised["source"]),
        key=tuple(promised["key"]),
        by_month=promised.get("by_month", False),
        by_year=promised.get("by_year", False),
        columns=tuple(
            Column(name, column["type"], column.get("unit"), column["description"])
            for name, column in promised["columns"].items()
        ),
        checks=promised.get("checks", {}),
        select=select,
    )


@cache
def all_contracts() -> tuple[Contract, ...]:
    """Return every table's contract, each after the tables its SELECT reads; their files are part of the program."""
    tables = sorted(SQL_FOLDER.glob("*/*.sql"))
    contracts = {path.stem: read_contract(path.with_suffix(".toml")) for path in tables}
    ordered: list[Contract] = []
    placed: set[str] = set()

    def place(table: str, waiting: tuple[str, ...]) -> None:
        if table in placed:
            return
        if table in waiting:
            raise ContractError(f"Las tablas se leen en círculo: {' → '.join((*waiting, table))}.")
        for read in READS.findall(contracts[table].select):
            if read in contracts:
                place(read, (*waiting, table))
        placed.add(table)
        ordered.append(contracts[table])

    for table in contracts:
        place(table, ())
    return tuple(ordered)


def filled_from_records(tables: Sequence[Contract] | None = None) -> list[Contract]:
    """Return the tables that what is loaded can change: they, or their checks, read staged files or such a table."""
    found: list[Contract] = []
    names: set[str] = set()
    for contract in all_contracts() if tables is None else tables:
        read = READS.findall("\n".join([contract.select, *contract.checks.values()]))
        if any(table.startswith("stg_") or table in names for table in read):
            found.append(contract)
            names.add(contract.table)
    return found


def filled_from(staging: Iterable[str]) -> tuple[list[Contract], list[Contract]]:
    """Return the tables that read these staging tables, directly or through another, and those to verify with them."""
    tables = all_contracts()
    names = set(staging)
    filled: list[Contract] = []
    for contract in tables:
        if names.intersection(READS.findall(contract.select)):
            filled.append(contract)
            names.add(contract.table)
    judged = [
        contract
        for contract in tables
        if contract in filled or names.intersection(READS.findall("\n".join(contract.checks.values())))
    ]
    return filled, judged


def fill(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Run the table's SELECT into it: at once, or year by year of core_export (`$year`) so that memory stays flat.

    Raises ContractError when the columns are not the promised ones, in order.
    """
    parts = _years(connection) if contract.by_year else [{}]
    for given in parts[:1]:
        selected = connection.execute(f"FROM ({contract.select}) LIMIT 0", given).description or []
        names, promised = [column[0] for column in selected], [column.name for column in contract.columns]
        if names != promised:
            raise ContractError(
                f"{contract.table}.sql entrega {names} y su contrato promete {promised}; iguale los dos."
            )
    for given in parts:
        connection.execute(f"INSERT INTO {contract.table} {contract.select}", given)


def _years(connection: duckdb.DuckDBPyConnection) -> list[dict[str, int]]:
    years = connection.execute("SELECT DISTINCT year(month) FROM core_export ORDER BY ALL").fetchall()
    return [{"year": year} for (year,) in years]


def verify(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[str]:
    """Return one sentence for each broken promise of the built table; empty when all hold."""
    broken = []
    if contract.key:
        keys = ", ".join(contract.key)
        nulls = " OR ".join(f"{column} IS NULL" for column in contract.key)
        duplicated = f"SELECT {keys} FROM {contract.table} GROUP BY ALL HAVING count(*) > 1 OR {nulls}"
        broken += _wrong_rows(connection, contract.table, "clave única y sin nulos", duplicated)
    for name, query in contract.checks.items():
        broken += _wrong_rows(connection, contract.table, name, query)
    return broken


def describe(connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    """Write the dictionary into the edition: `meta_column` and the comments of each table and column."""
    statements = []
    for contract in contracts:
        table = literal(contract.table)
        statements.append(f"COMMENT ON TABLE {contract.table} IS {literal(contract.description)}")
        for column in contract.columns:
            unit = literal(column.unit) if column.unit else "NULL"
            words = f"{column.description} [{column.unit}]" if column.unit else column.description
            statements += [
                f"INSERT INTO meta_column VALUES ({table}, {literal(column.name)}, {literal(column.type)}, {unit}, "
                f"{literal(column.description)})",
                f'COMMENT ON COLUMN {contract.table}."{column.name}" IS {literal(words)}',
            ]
    connection.execute(";\n".join(statements))


def count_rows(connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    """Write what each table holds and how many rows of it into `meta_table`."""
    for contract in contracts:
        connection.execute(
            f"INSERT INTO meta_table SELECT $table, $description, $grain, count(*) FROM {contract.table}",
            {"table": contract.table, "description": contract.description, "grain": contract.grain},
        )


def literal(text: str) -> str:
    """Return the text as an SQL literal, for the statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _wrong_rows(connection: duckdb.DuckDBPyConnection, table: str, check: str, query: str) -> list[str]:
    wrong: list[tuple[Any, ...]] = connection.execute(f"FROM ({query}) LIMIT {ROWS_SHOWN + 1}").fetchall()
    if not wrong:
        return []
    shown = "; ".join(str(row) for row in wrong[:ROWS_SHOWN])
    more = " y más" if len(wrong) > ROWS_SHOWN else ""
    return [f"{table}: no se cumple «{check}»; filas que fallan: {shown}{more}."]
