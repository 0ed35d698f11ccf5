"""Writes an edition of twenty years (2006–2025) without raw text, for `benchmarks.questions`.

Each month of the demo's 2024 is copied until it is as large as a real one; four copies stay in the same cell of month,
firm, product, destination and the other codes (the real items of chapter 06, 2011–2015, are 3.8 to a cell; see
decision 5). Other copies are other firms, products or destinations. The twelve months then stand for every year, with
values of its own, and with exporter ids that are renumbered every month from June 2017 on, where the break of the real
series may lie. The measured tables (core_month, mart_*) are made by the project's own SQL. All of it is synthetic.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb

from editions.folders import Workspace
from etl import contracts
from etl.build import MEMORY_LIMIT
from etl.load import build_demo
from etl.progress import quiet

FIRST_YEAR, LAST_YEAR = 2006, 2025
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
BASE_YEAR = 2024
WRITTEN_HERE = ("core_export", "core_product", "core_register", "core_month", "core_reconciliation")

TEMPLATE = """
CREATE TEMP TABLE template AS
WITH item AS (
    SELECT *,
        row_number() OVER (PARTITION BY month ORDER BY declaration_id, item_number) AS place,
        count(*) OVER (PARTITION BY month) AS n_base,
        dense_rank() OVER (PARTITION BY month, comuna_code ORDER BY exporter_id) AS firm
    FROM base.core_export
    WHERE year(month) = $base_year
),
country AS (
    SELECT country_code AS other_country, row_number() OVER (ORDER BY country_code) - 1 AS nth,
        count(*) OVER () AS n_countries
    FROM base.core_country
    WHERE NOT is_pseudo
),
numbered AS (
    SELECT *, unnest(range($per_month // n_base + 1)) AS n FROM item
),
copy AS (
    SELECT *, n // 4 AS cell, (hash(place, n) % 1000) / 1000.0 + 0.5 AS noise
    FROM numbered
    WHERE n * n_base + place <= $per_month
)
SELECT * EXCLUDE (place, n_base, firm, n, cell, noise, other_country, nth, n_countries) REPLACE (
    declaration_id || '-' || n AS declaration_id,
    (hash(comuna_code, firm, cell % 3) % 1000000)::VARCHAR AS exporter_id,
    left(hs_code, 6) || lpad(((right(hs_code, 2)::INTEGER + cell * 7) % 100)::VARCHAR, 2, '0') AS hs_code,
    CASE WHEN cell < 5 THEN country_code ELSE other_country END AS country_code,
    CASE WHEN hash(place, n, 'port') % 32 = 0 THEN '906' ELSE port_code END AS port_code,
    CASE WHEN hash(place, n, 'port') % 32 = 0 THEN '34' ELSE customs_office_code END AS customs_office_code,
    (quantity * noise / 30)::DECIMAL(24, 6) AS quantity,
    (weight_kg * noise / 30)::DECIMAL(18, 3) AS weight_kg,
    (fob_usd * noise / 30)::DECIMAL(18, 2) AS fob_usd
)
FROM copy JOIN country ON nth = hash(country_code, cell) % n_countries
ORDER BY month, region_code, hs_code
"""
YEAR = """
INSERT INTO core_export
SELECT * REPLACE (
    make_date($year, month(month), 1) AS month,
    make_date($year, month(month), least(day(accepted_on), 28)) AS accepted_on,
    CASE WHEN make_date($year, month(month), 1) < DATE '2017-06-01' THEN exporter_id
        ELSE (hash(exporter_id, month, $year) % 100000)::VARCHAR END AS exporter_id,
    (fob_usd * (0.5 + ($year - 2006) / 20.0 + hash(rowid, $year) % 10 / 100.0))::DECIMAL(18, 2) AS fob_usd
)
FROM template
"""
PRODUCT = """
INSERT INTO core_product
SELECT DISTINCT hs_code, bcch_sector_id, prochile_sector_id, ine_sector_id, is_copper, is_lithium
FROM template WHERE hs_code IS NOT NULL
"""
FILE_MONTH = """
CREATE TABLE stg_file_month AS
SELECT DISTINCT source_id, month, true AS is_complete, 'sintético' AS completeness_reason FROM core_export
UNION ALL
SELECT DISTINCT 'registro', month, true, 'sintético' FROM core_register
"""


def write_edition(folder: Path, items: int) -> Path:
    """Write an edition of about `items` items into a folder and return its file."""
    place = Workspace(folder)
    base = place.editions / f"{build_demo(place, progress=quiet()).edition_id}.duckdb"
    return grow(base, folder / "twenty-years.duckdb", items)


def grow(base: Path, target: Path, items: int, *, years: range = YEARS, and_run: Sequence[str] = ()) -> Path:
    """Write the edition `target` from the months of `base` in 2024.

    `and_run` are statements that fill tables which are empty here, from those of `base`.
    """
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"ATTACH '{base}' AS base (READ_ONLY)")
        held = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'base'"
        for (table,) in connection.execute(held).fetchall():
            if table not in WRITTEN_HERE and not table.startswith("mart_"):
                connection.execute(f"CREATE TABLE {table} AS FROM base.{table}")
        promised = {contract.table: contract for contract in contracts.all_contracts()}
        for table in WRITTEN_HERE:
            connection.execute(promised[table].create_sql)
        connection.execute(TEMPLATE, {"base_year": BASE_YEAR, "per_month": items // (12 * len(years))})
        for year in years:
            connection.execute(YEAR, {"year": year})
        connection.execute(PRODUCT)
        for sql in and_run:
            connection.execute(sql)
        connection.execute(FILE_MONTH)
        contracts.fill(connection, promised["core_month"])
        connection.execute("DROP TABLE stg_file_month")
        connection.execute("DETACH base")
    _fill_marts(target)
    return target


def _fill_marts(target: Path) -> None:
    """Fill the marts as the build does, within its memory, and hold them to their contracts."""
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        for contract in contracts.all_contracts():
            if contract.table.startswith("mart_"):
                connection.execute(contract.create_sql)
                if contract.table == "mart_firm_statistic":
                    continue  # only of a public edition
                contracts.fill(connection, contract)
                broken = contracts.verify(connection, contract)
                if broken:
                    raise SystemExit("\n".join(broken))


def read_items_instead(edition: Path, *, kept: Collection[str] = ()) -> None:
    """Take the marts of an edition away but those `kept`: the same figures with less, or nothing, added up.

    What answers cannot do without becomes a view over core_export.
    """
    with duckdb.connect(str(edition)) as connection:
        for contract in contracts.all_contracts():
            if contract.table.startswith("mart_") and contract.table not in kept:
                connection.execute(f"DROP TABLE {contract.table}")
        if "mart_export_by_month" not in kept:
            connection.execute("CREATE VIEW mart_export_by_month AS SELECT *, 1::BIGINT AS n_items FROM core_export")
