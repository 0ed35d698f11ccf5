"""From the office's private edition to a public one: everything open, and of firms only what may be published."""

import hashlib
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet

from editions import store
from editions.errors import ContractError, PublishError
from editions.folders import REFERENCE, Workspace
from etl import contracts
from etl.contracts import Contract, literal
from etl.plan import code_version, recipe_hash
from etl.progress import Progress
from etl.publication import cuts
from etl.publication.cuts import ALL, Declaration
from etl.publication.statistics import Pattern, Patterns, Span, Statistic, periods_of, statistics
from etl.publication.table import Rule
from etl.raw.stage import PARSER_VERSION
from etl.template import template

MEMORY_LIMIT = "400MB"
LABEL = "Datos públicos"
REGISTER = "registro"
WITHHELD = {  # columns that name a firm, its papers or an edition of the office, and what stands there instead
    "core_export": {"exporter_id": "NULL", "declaration_id": "NULL"},
    "core_vintage": {"edition_id": "if(starts_with(edition_id, 'private-'), 'private', edition_id)"},
}
FROM_REGISTER = {  # rows that speak of the register, by table: left out
    "core_register": "false",
    "core_month": f"source_id <> '{REGISTER}'",
    "core_vintage": f"source_id <> '{REGISTER}'",
    "meta_change": f"source_id <> '{REGISTER}'",
    "meta_source": f"source_id <> '{REGISTER}'",
    "meta_repair": "false",
    "meta_reject": "false",  # raw lines, with the numbers of exporters
}


def publish(workspace: Workspace, *, progress: Progress) -> str:
    """Make the public edition of the private one on screen, point `CURRENT.public` at it, and return its id.

    Raises PublishError when no private edition (or demonstration) is on screen; ContractError when a table breaks its
    contract. What is on screen for the office does not change.
    """
    with store.build_lock(workspace):
        source = _source(workspace)
        edition_id = _edition_id(source)
        if not store.edition_path(workspace, edition_id).exists():
            built = workspace.build / f"{edition_id}.duckdb"
            _build(source, built, edition_id, workspace, progress)
            store.put(workspace, edition_id, built)
        store.publish_publicly(workspace, edition_id)
    return edition_id


def _source(workspace: Workspace) -> Path:
    current = store.current_id(workspace)
    if current is None:
        raise store.none_on_screen(workspace)
    if not current.startswith(("private-", "demo-")):
        raise PublishError(
            "«publish» hace la edición pública de una privada, y la que está en pantalla no tiene registro de "
            "exportadores: una oficial se puede mostrar tal como está."
        )
    path = store.edition_path(workspace, current)
    with store.reading(path) as connection:
        built_by = connection.execute("SELECT code_version FROM meta_build").fetchall()
    if built_by != [(code_version(),)]:
        raise PublishError(f"La edición {current} es de una versión anterior; rearme con «pulso build» y repita.")
    return path


def _edition_id(source: Path) -> str:
    """Return an id that follows from the private edition, the declared cuts and how firms are protected."""
    declared = (REFERENCE / "published_cuts.toml").read_bytes()
    rules = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    digest = hashlib.sha256(source.stem.encode() + declared + rules + recipe_hash().encode()).hexdigest()
    _, year, month, _ = source.stem.rsplit("-", 3)
    return f"public-{year}-{month}-{digest[:8]}"


def _build(source: Path, target: Path, edition_id: str, workspace: Workspace, progress: Progress) -> None:
    shutil.copyfile(template(workspace), target)
    declared = cuts.declaration()
    with duckdb.connect(
        str(target), config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(target.parent / "spill")}
    ) as connection:
        connection.execute(f"ATTACH {literal(str(source))} AS office (READ_ONLY)")
        tables = contracts.filled_from_records()
        _write_build(connection, edition_id)
        rows = _statistics(source, declared, _earlier(workspace), progress)
        parquet = target.with_suffix(".statistics.parquet")
        _write(rows, parquet)
        for contract in tables:
            _fill(connection, contract, parquet)
        parquet.unlink()
        _copy_meta(connection)
        _keep_published_months(connection, declared)
        broken = [sentence for contract in tables for sentence in contracts.verify(connection, contract)]
        if broken:
            raise ContractError("\n".join(broken))
        contracts.count_rows(connection, tables)
        connection.execute("DETACH office")
        connection.execute("CHECKPOINT")


def _write_build(connection: duckdb.DuckDBPyConnection, edition_id: str) -> None:
    connection.execute(
        "INSERT INTO meta_build SELECT $id, 'public', $label, $built_at, $code, $parser, NULL, extract, is_synthetic "
        "FROM office.meta_build",
        {
            "id": edition_id,
            "label": LABEL,
            "built_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            "code": code_version(),
            "parser": PARSER_VERSION,
        },
    )


def _statistics(source: Path, declared: Declaration, earlier: Patterns, progress: Progress) -> list[Statistic]:
    with store.reading(source) as connection:
        periods = periods_of(connection, declared.months)
    if not periods:
        raise PublishError(
            f"El registro no tiene ningún período completo de {declared.months} meses (de enero en adelante), y de "
            "menos no se publica; cargue los meses que faltan y repita."
        )
    progress.start(2 * len(periods), "Protegiendo las cifras de empresas")
    try:
        return list(statistics(source, declared, rule=Rule(), earlier=earlier, progress=progress.advance))
    finally:
        progress.close()


def _write(rows: Sequence[Statistic], path: Path) -> None:
    """Write the statistics as the staging table promises them."""
    table = pa.table(
        {
            "first_month": [row.span.first for row in rows],
            "last_month": [row.span.last for row in rows],
            "base_first_month": [row.base.first if row.base else None for row in rows],
            "base_last_month": [row.base.last if row.base else None for row in rows],
            **{
                name: pa.array([getattr(row, name) for row in rows], type=pa.string())
                for name in ("flow", "region", "size", "sector", "market", "move", "side")
            },
            "firms": pa.array([row.firms for row in rows], type=pa.int64()),
            "fob_usd": pa.array([row.fob_usd for row in rows], type=pa.float64()),
            "is_reserved": [row.is_reserved for row in rows],
        }
    )
    pyarrow.parquet.write_table(table, path)


def _fill(connection: duckdb.DuckDBPyConnection, contract: Contract, parquet: Path) -> None:
    """Copy a table from the private edition without what names a firm; the marts are made anew from what is left."""
    if contract.table == "mart_firm_statistic":
        connection.execute(f"CREATE VIEW stg_firm_statistic AS FROM read_parquet({literal(str(parquet))})")
        contracts.fill(connection, contract)
        connection.execute("DROP VIEW stg_firm_statistic")
    elif contract.table.startswith("mart_"):
        contracts.fill(connection, contract)
    else:
        _copy(connection, contract.table)


def _copy(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    withheld = WITHHELD.get(table, {})
    replaced = ", ".join(f"{value} AS {column}" for column, value in withheld.items())
    columns = f"* REPLACE ({replaced})" if withheld else "*"
    connection.execute(
        f"INSERT INTO {table} SELECT {columns} FROM office.{table} WHERE {FROM_REGISTER.get(table, 'true')}"
    )


def _copy_meta(connection: duckdb.DuckDBPyConnection) -> None:
    for table in ("meta_source", "meta_repair", "meta_reject", "meta_unknown_code", "meta_change", "meta_gate"):
        _copy(connection, table)


def _keep_published_months(connection: duckdb.DuckDBPyConnection, declared: Declaration) -> None:
    """Of the register's calendar keep the months that statistics are published of, without what they hold."""
    connection.execute(
        "INSERT INTO core_month BY NAME SELECT source_id, month, is_complete, completeness_reason, id_scope "
        f"FROM office.core_month WHERE source_id = '{REGISTER}' AND month IN (SELECT unnest(generate_series("
        "first_month, last_month, INTERVAL 1 MONTH))::DATE FROM mart_firm_statistic WHERE base_first_month IS NULL "
        "AND datediff('month', first_month, last_month) + 1 = $months)",
        {"months": declared.months},
    )
    connection.execute(  # that there is a register, and nothing of the file
        "INSERT INTO meta_source BY NAME SELECT source_id, 'Registro de exportadores de la oficina' AS name, "
        "min(month) AS first_month, max(month) AS last_month FROM core_month "
        f"WHERE source_id = '{REGISTER}' GROUP BY ALL"
    )


def _earlier(workspace: Workspace) -> Patterns:
    """Return what the public edition in force says of each window: which cells it shows and which it withholds."""
    current = store.public_id(workspace)
    if current is None or not store.edition_path(workspace, current).exists():
        return {}
    with store.reading(store.edition_path(workspace, current)) as connection:
        rows = connection.execute(
            "SELECT first_month, last_month, region, coalesce(size, $all), flow, "
            "coalesce(sector, 'market:' || market, $all), is_reserved FROM mart_firm_statistic WHERE move IS NULL",
            {"all": ALL},
        ).fetchall()
    patterns: dict[Span, dict[tuple[str, ...], bool]] = {}
    for first, last, region, size, flow, facet, is_reserved in rows:
        patterns.setdefault(Span(first, last), {})[(region, size, flow, facet)] = is_reserved
    earlier: dict[Span, Pattern] = dict(patterns)
    return earlier
