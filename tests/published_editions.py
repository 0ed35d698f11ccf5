"""Editions with published figures: the real ledger, or a few rows made by hand, with any records beside them."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from editions.edition import Edition, open_file
from editions.folders import REFERENCE
from etl.contracts import SQL_FOLDER, read_contract
from tests.editions import tiny_edition

FIGURE: dict[str, Any] = {
    "metric": "fob_total",
    "flow_scope": "goods",
    "region_code": "08",
    "concept": "origin",
    "subject_kind": "total",
    "period_start": date(2024, 1, 1),
    "period_end": date(2024, 12, 31),
    "printed_unit": "USD million",
    "unit": "usd",
    "publisher": "INE",
    "published_on": "2025-01",
    "source_url": "https://example.cl/nota",
    "source_kind": "press",
    "is_derived": False,
}
REAL_TABLES = ("core_sii_size_region", "core_sii_company", "core_published_figure")
WORKBOOKS = ("stg_sii_tramo__count", "stg_sii_comuna__count")  # not loaded
STEPS = {"USD million": 1_000_000.0, "%": 0.01}


def real_ledger(folder: Path, **records: Any) -> Edition:
    """Return an edition with the committed ledger and SII table, built with the project's own SQL."""
    edition = tiny_edition(folder, **records)
    edition._connection.close()
    print_ledger(edition.path)
    return open_file(edition.path)


def print_ledger(path: Path) -> None:
    """Fill the tables of an edition that stand in every edition, from the committed files by the project's own SQL."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA reference")
        for source in sorted(REFERENCE.glob("*.csv")):
            connection.execute(
                f"CREATE VIEW reference.{source.stem} AS FROM read_csv('{source}', header = true, "
                "all_varchar = true, delim = ',', quote = '\"', escape = '\"', nullstr = '')"
            )
        for table in WORKBOOKS:
            contract = tomllib.loads((SQL_FOLDER / "staging" / f"{table}.toml").read_text(encoding="utf-8"))
            listed = ", ".join(f"{name} {column['type']}" for name, column in contract["columns"].items())
            connection.execute(f"CREATE TEMP TABLE {table} ({listed})")
        connection.execute("CREATE TEMP TABLE stg_file (source_id VARCHAR, name VARCHAR, address VARCHAR)")
        for table in REAL_TABLES:
            connection.execute(f"INSERT INTO {table} {read_contract(SQL_FOLDER / 'core' / f'{table}.toml').select}")
        connection.execute("DROP SCHEMA reference CASCADE")


def small_ledger(folder: Path, rows: list[dict[str, Any]]) -> Edition:
    """Return an edition whose ledger holds these rows; what a row leaves out takes a plain default."""
    figures = [FIGURE | {"figure_id": f"T{number}"} | row for number, row in enumerate(rows)]
    for figure in figures:
        figure.setdefault("value", figure["printed_value"] * STEPS.get(figure["printed_unit"], 1.0))
    folder.mkdir(parents=True, exist_ok=True)
    return tiny_edition(folder, tables={"core_published_figure": figures})
