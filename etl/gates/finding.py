"""What a gate finds: one frozen value per figure it looked at, and how it is kept in the edition (`meta_gate`)."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

import duckdb

PASSED, FAILED, ACCEPTED, NOT_APPLICABLE = "cumple", "falla", "aceptado", "no aplica"
GATES = {
    "row_counts": "filas del mes contra las publicadas",
    "control_totals": "totales de control de Aduanas",
    "declaration_totals": "suma de los ítems contra el total de cada declaración",
    "unknown_codes": "códigos desconocidos",
    "lost_value": "valor de las filas rechazadas",
    "coverage": "cobertura contra la edición en pantalla",
    "reconciliation": "reconciliación con lo publicado",
}


@dataclass(frozen=True)
class Finding:
    """One figure held to one gate. `subject` says which; an empty one stands for the gate as a whole."""

    gate: str
    subject: str
    unit: str | None
    status: str
    expected: float | None
    found: float | None
    detail: str
    accepted_reason: str | None = None


COLUMNS = ", ".join(field.name for field in fields(Finding))


def write(connection: duckdb.DuckDBPyConnection, findings: Iterable[Finding]) -> None:
    """Keep the findings in the edition that is open for writing."""
    places = ", ".join("?" * len(fields(Finding)))
    connection.executemany(
        f"INSERT INTO meta_gate ({COLUMNS}) VALUES ({places})", [list(astuple(one)) for one in findings]
    )


def accepted(connection: duckdb.DuckDBPyConnection, database: str) -> list[Finding]:
    """Return what was published against a gate, with the reason; `database` is the edition's name in the connection."""
    if not has_table(connection, database, "meta_gate"):
        return []
    rows = connection.execute(
        f'SELECT {COLUMNS} FROM "{database}".meta_gate WHERE status = $status ORDER BY gate, subject',
        {"status": ACCEPTED},
    ).fetchall()
    return [Finding(*row) for row in rows]


def has_table(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> bool:
    """Return whether the attached edition has a table; one of an earlier version may not."""
    found = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = $database AND table_name = $table",
        {"database": database, "table": table},
    ).fetchall()
    return bool(found)
