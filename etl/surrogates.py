"""Numbers that stand for exporters and declarations in one edition, in an order that is drawn once and thrown away.

Customs' own numbers never enter an edition's file. What is drawn lives in temporary objects of the build's connection:
nobody can compute it again from the open files, and no two editions agree on it.
"""

import secrets

import duckdb

from etl.contracts import Contract

EXPORTER, DECLARATION = "exporter_id", "declaration_id"
FIRM = f"LEFT JOIN stg_exporter AS firm ON firm.{EXPORTER} = old.{EXPORTER}"
PAPER = f"""
    LEFT JOIN (
        SELECT {DECLARATION}, row_number() OVER (ORDER BY shuffled({DECLARATION}))::VARCHAR AS n
        FROM (SELECT DISTINCT {DECLARATION} FROM base.core_export WHERE month = $month)
    ) AS paper ON paper.{DECLARATION} = old.{DECLARATION}
    WHERE old.month = $month
"""


def draw(connection: duckdb.DuckDBPyConnection, exporters: str) -> None:
    """Give each exporter of the table `exporters` its number in this edition (`stg_exporter`).

    `shuffled(id)`, the order of the numbers, stays for those of declarations.
    """
    connection.execute(f"CREATE TEMP MACRO shuffled(id) AS sha256('{secrets.token_hex(32)}' || id)")
    connection.execute(
        f"CREATE TEMP TABLE stg_exporter AS SELECT {EXPORTER}, "
        f"row_number() OVER (ORDER BY shuffled({EXPORTER}))::VARCHAR AS n "
        f"FROM (SELECT DISTINCT {EXPORTER} FROM {exporters} WHERE {EXPORTER} IS NOT NULL)"
    )


def copy(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Copy a table of the edition attached as `base`, with the numbers of this one."""
    columns = {column.name for column in contract.columns}
    drawn, joins, months = "", "", [None]
    if DECLARATION in columns:  # numbered within a month; so memory stays flat, too
        drawn, joins = f"REPLACE (firm.n AS {EXPORTER}, paper.n AS {DECLARATION})", FIRM + PAPER
        rows = connection.execute(f"SELECT DISTINCT month FROM base.{contract.table} ORDER BY ALL").fetchall()
        months = [month for (month,) in rows]
    elif EXPORTER in columns:
        drawn, joins = f"REPLACE (firm.n AS {EXPORTER})", FIRM
    for month in months:
        connection.execute(
            f"INSERT INTO {contract.table} SELECT old.* {drawn} FROM base.{contract.table} AS old {joins}",
            {"month": month} if month else {},
        )
