"""Builds one edition aside, month by month, holds it to its contracts and writes its dictionary."""

import secrets
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from editions.errors import ContractError
from editions.store import keep_private
from etl import contracts, inputs
from etl.contracts import Contract, literal
from etl.plan import Plan, code_version
from etl.progress import Progress
from etl.raw.amounts import shape
from etl.raw.stage import PARSER_VERSION

MEMORY_LIMIT = "400MB"

LABEL = {"official": "Datos oficiales", "private": "Datos privados", "demo": "Datos de demostración"}
CODE_TABLES = {  # column of core_export → the table that should know it
    "region_code": "core_region",
    "country_code": "core_country",
    "operation_code": "core_operation",
    "port_code": "core_port",
    "customs_office_code": "core_customs_office",
    "transport_code": "core_transport",
    "unit_code": "core_unit",
    "comuna_code": "core_comuna",
}


def build(plan: Plan, target: Path, *, template: Path, progress: Progress) -> None:
    """Write the edition of `plan` into the new file `target`, which begins as a copy of `template`; where only facts
    differ from the base edition, the tables that read none are copied from it.

    Raises ContractError when a table breaks its contract; `target` is then of no use.
    """
    facts = plan.changed_facts
    every = tables = judged = contracts.filled_from_records()
    if facts:
        tables, judged = contracts.filled_from(inputs.STAGING_TABLE[source_id] for source_id in facts)
    target.touch()
    if plan.kind == "private":  # before the first byte
        keep_private(target)
    shutil.copyfile(template, target)
    connection = duckdb.connect(
        str(target), config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(target.parent / "spill")}
    )
    try:
        inputs.show_reference(connection, tables)
        inputs.show_staged_files(connection, plan.inputs)
        if facts:
            _copy(connection, [contract for contract in every if contract not in tables], plan)
        else:
            draw(connection, inputs.STAGING_TABLE["aduanas_dus"])
        inputs.show_vintages(connection, plan.base_edition, of_register=not plan.forgets)
        _write_build(connection, plan)
        progress.start(len(tables) + _months_to_fill(tables, plan), "Armando la edición")
        for contract in tables:
            _fill(connection, contract, plan, progress)
        if not facts:
            _list_unknown_codes(connection)
        broken = [sentence for contract in judged for sentence in contracts.verify(connection, contract)]
        if broken:
            raise ContractError("\n".join(broken))
        _write_changes(connection, None if plan.forgets else plan.base_edition)
        connection.begin()  # many small statements: one commit
        _write_sources(connection, plan)
        contracts.count_rows(connection, every)
        inputs.hide(connection)
        connection.commit()
        connection.execute("CHECKPOINT")
    finally:
        progress.close()
        connection.close()


def _copy(connection: duckdb.DuckDBPyConnection, tables: Sequence[Contract], plan: Plan) -> None:
    """Take these tables from the base edition, with numbers of exporters of its own."""
    connection.execute(f"ATTACH {literal(str(plan.base_edition))} AS base (READ_ONLY)")
    draw(connection, "base.core_export")
    for contract in tables:
        copy(connection, contract)
    connection.execute("INSERT INTO meta_unknown_code FROM base.meta_unknown_code")
    connection.execute("DETACH base")


def _fill(connection: duckdb.DuckDBPyConnection, contract: Contract, plan: Plan, progress: Progress) -> None:
    if contract.by_month:
        _fill_by_month(connection, contract, plan, progress)
    else:
        contracts.fill(connection, contract)
    progress.advance(1)


def _months_to_fill(tables: Sequence[Contract], plan: Plan) -> int:
    """Return how many times a table is filled from one staged file."""
    return sum(
        staged.source_id in contract.source for contract in tables if contract.by_month for staged in plan.inputs
    )


def _fill_by_month(connection: duckdb.DuckDBPyConnection, contract: Contract, plan: Plan, progress: Progress) -> None:
    loaded = sorted(
        (staged for staged in plan.inputs if staged.source_id in contract.source),
        key=lambda staged: (staged.source_id, min(staged.months)),
    )
    for staged in loaded:
        for source_id in contract.source:
            inputs.show_staged(connection, source_id, [staged] if staged.source_id == source_id else [])
        contracts.fill(connection, contract)
        progress.advance(1, rows=staged.passport.rows)
    for source_id in contract.source:
        inputs.show_staged(connection, source_id, [s for s in plan.inputs if s.source_id == source_id])


def _list_unknown_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep a list of codes no table knows; the gates refuse when they carry too much of the value."""
    for column, table in CODE_TABLES.items():
        connection.execute(
            f"INSERT INTO meta_unknown_code SELECT '{table}', {column}, count(*), sum(fob_usd) FROM core_export "
            f"WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT {column} FROM {table}) GROUP BY ALL"
        )
    connection.execute(
        "INSERT INTO meta_unknown_code SELECT 'core_hs', hs_code, count(*), sum(fob_usd) FROM core_export "
        "WHERE left(hs_code, 4) NOT IN (SELECT hs_code FROM core_hs) GROUP BY ALL"
    )


def _write_build(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Write what the edition is; `core_vintage` signs its rows with it."""
    connection.execute(
        "INSERT INTO meta_build VALUES "
        "($id, $kind, $label, $built_at, $code, $parser, $base, $extract, $kind = 'demo')",
        {
            "id": plan.edition_id,
            "kind": plan.kind,
            "label": LABEL[plan.kind],
            "built_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            "code": code_version(),
            "parser": PARSER_VERSION,
            "base": plan.base_edition.stem if plan.base_edition else None,
            "extract": plan.extract,
        },
    )


def _write_sources(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Write where everything came from."""
    for staged in plan.inputs:
        passport = staged.passport
        connection.execute(
            "INSERT INTO meta_source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                passport.source_id,
                passport.name,
                passport.address,
                passport.retrieved_on,
                passport.sha256,
                passport.size_bytes,
                staged.rows_read,
                passport.rows,
                *staged.span,
                staged.raw_file,
                staged.extract,
            ],
        )
        for kind, count in staged.repaired.items():
            connection.execute("INSERT INTO meta_repair VALUES (?, ?, ?)", [passport.sha256, kind, count])
        for reject in staged.rejected:
            connection.execute(
                "INSERT INTO meta_reject VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    passport.sha256,
                    reject.file,
                    reject.line,
                    reject.reason,
                    shape(reject.text),  # the line itself is in the office's file: here it could name firms
                    passport.source_id,
                    reject.month,
                    reject.fob_usd,
                ],
            )


def _write_changes(connection: duckdb.DuckDBPyConnection, base_edition: Path | None) -> None:
    """Write which months are new, gone or of another value than in the edition before; with none, all are new."""
    if base_edition is None:
        connection.execute(
            "INSERT INTO meta_change SELECT source_id, month, NULL, n_items, NULL, fob_usd FROM core_month ORDER BY ALL"
        )
        return
    connection.execute(f"ATTACH {literal(str(base_edition))} AS base (READ_ONLY)")
    connection.execute(
        "INSERT INTO meta_change SELECT source_id, month, before.n_items, after.n_items, before.fob_usd, "
        "after.fob_usd FROM base.core_month AS before FULL JOIN core_month AS after USING (source_id, month) "
        "WHERE before.n_items IS DISTINCT FROM after.n_items OR before.fob_usd IS DISTINCT FROM after.fob_usd "
        "ORDER BY ALL"
    )
    connection.execute("DETACH base")


# -- Numbers that stand for exporters and declarations in one edition, in an order that is drawn once and
# thrown away.

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
