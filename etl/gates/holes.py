"""The months missing between those of an edition: a missing month is no month without exports."""

from datetime import date
from itertools import groupby

import duckdb

HOLES = """
    SELECT source_id, unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH))::DATE AS month
    FROM core_month GROUP BY source_id
    EXCEPT SELECT source_id, month FROM core_month
    ORDER BY source_id, month"""


def holes(edition: duckdb.DuckDBPyConnection) -> tuple[tuple[str, date], ...]:
    """Return source and month of each hole of the edition that is the connection's default database."""
    return tuple(edition.execute(HOLES).fetchall())


def sentences(missing: tuple[tuple[str, date], ...]) -> list[str]:
    """Return a sentence for each source that has holes."""
    return [
        f"{source_id}: falta {', '.join(f'{month:%Y-%m}' for _, month in months)}, con meses antes y después; "
        "no es un mes sin exportaciones: cargue su archivo."
        for source_id, months in groupby(missing, key=lambda one: one[0])
    ]
