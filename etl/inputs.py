"""Makes what an edition is built from readable in it while it is built: `reference.*` and `stg_*`."""

import csv
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from editions.folders import REFERENCE
from etl.contracts import SQL_FOLDER, Contract, literal
from etl.raw.report import Staged

STAGING_TABLE = {
    "aduanas_dus": "stg_aduanas_dus__item",
    "aduanas_salidas": "stg_aduanas_salidas__record",
    "registro": "stg_registro__row",
    "sii_comuna": "stg_sii_comuna__count",
    "sii_tramo": "stg_sii_tramo__count",
    "sii_rubro": "stg_sii_rubro__count",
    "encuentros": "stg_encuentros__event",
    "bcch": "stg_bcch__observation",
    "firm_statistic": "stg_firm_statistic",  # no file's: what etl/publication makes
}
READS = re.compile(r"\breference\.(\w+)")


def show_reference(connection: duckdb.DuckDBPyConnection, tables: Sequence[Contract]) -> None:
    """Make the committed CSV files that these tables read readable as `reference.*`."""
    connection.execute("CREATE SCHEMA reference")
    for name in sorted({name for table in tables for name in READS.findall(table.select)}):
        path = REFERENCE / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as table:
            columns = dict.fromkeys(next(csv.reader(table)), "VARCHAR")  # stated: nothing is guessed from the rows
        connection.execute(
            f"CREATE VIEW reference.{name} AS FROM read_csv({literal(str(path))}, header = true, "
            f"columns = {columns}, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '')"
        )


def show_staged_files(connection: duckdb.DuckDBPyConnection, inputs: Sequence[Staged]) -> None:
    """Make the staged Parquet of each source readable, and what is known of each month's completeness."""
    for source_id in STAGING_TABLE:
        show_staged(connection, source_id, [staged for staged in inputs if staged.source_id == source_id])
    connection.execute("CREATE TABLE stg_file (source_id VARCHAR, name VARCHAR, address VARCHAR)")
    connection.executemany(
        "INSERT INTO stg_file VALUES (?, ?, ?)",
        [[one.source_id, one.passport.name, one.passport.address] for one in inputs],
    )
    connection.execute(
        "CREATE TABLE stg_file_month (source_id VARCHAR, month DATE, is_complete BOOLEAN, completeness_reason VARCHAR)"
    )
    connection.executemany(
        "INSERT INTO stg_file_month VALUES (?, ?, ?, ?)",
        [
            [staged.source_id, month, known.is_complete, known.reason]
            for staged in inputs
            for month in staged.months
            for known in [staged.completeness_of(month)]
        ],
    )


def show_staged(connection: duckdb.DuckDBPyConnection, source_id: str, staged: Sequence[Staged]) -> None:
    """Point the staging view of a source at these staged files; with none, at no rows of the right types."""
    table = STAGING_TABLE[source_id]
    promised = tomllib.loads((SQL_FOLDER / "staging" / f"{table}.toml").read_text(encoding="utf-8"))
    if staged:
        files = ", ".join(literal(str(one.parquet)) for one in staged)
        rows = f"FROM read_parquet([{files}])"
        columns = ", ".join(promised["columns"])
    else:
        rows = "WHERE false"
        columns = ", ".join(f"NULL::{column['type']} AS {name}" for name, column in promised["columns"].items())
    connection.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT {columns} {rows}")


def show_vintages(
    connection: duckdb.DuckDBPyConnection, base_edition: Path | None, *, of_register: bool = True
) -> None:
    """Fill `stg_vintage` with the vintages the edition before has; none before it, or none in it, is an empty table.

    Those `of_register` are left out when a firm is forgotten: by difference they would tell it.
    """
    promised = tomllib.loads((SQL_FOLDER / "staging" / "stg_vintage.toml").read_text(encoding="utf-8"))["columns"]
    columns = ", ".join(f"{name} {column['type']}" for name, column in promised.items())
    connection.execute(f"CREATE TABLE stg_vintage ({columns})")
    if base_edition is None:
        return
    connection.execute(f"ATTACH {literal(str(base_edition))} AS base (READ_ONLY)")
    if connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = 'base' AND table_name = 'core_vintage'"
    ).fetchall():
        connection.execute(
            f"INSERT INTO stg_vintage SELECT {', '.join(promised)} FROM base.core_vintage "
            "WHERE $of_register OR source_id <> 'registro'",
            {"of_register": of_register},
        )
    connection.execute("DETACH base")


def hide(connection: duckdb.DuckDBPyConnection) -> None:
    """Take both out again: an edition points to nothing outside it."""
    for table in STAGING_TABLE.values():
        connection.execute(f"DROP VIEW IF EXISTS {table}")
    connection.execute("DROP TABLE IF EXISTS stg_file")
    connection.execute("DROP TABLE IF EXISTS stg_file_month")
    connection.execute("DROP TABLE IF EXISTS stg_vintage")
    connection.execute("DROP SCHEMA reference CASCADE")
