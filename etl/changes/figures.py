"""Which published figures stop agreeing, agree again, or can be compared for the first time.

The edition is the connection's default database; the one it was built on is attached as `base`.
"""

import duckdb

from etl.gates import ledger


def broken(connection: duckdb.DuckDBPyConnection, *, has_base: bool) -> tuple[str, ...]:
    """Return a sentence for each figure beyond its tolerance that was not so in the edition before."""
    known = _with_status(connection, "base.", "fuera") if has_base else set()
    return tuple(one.detail for one in ledger.outside(connection) if one.subject not in known)


def mended(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the figures that were beyond their tolerance and are within it now."""
    return tuple(sorted(_with_status(connection, "base.", "fuera") & _with_status(connection, "", "dentro")))


def newly_compared(connection: duckdb.DuckDBPyConnection, *, has_base: bool) -> int:
    """Return how many published figures can be compared now and could not before."""
    judged = [_with_status(connection, place, "dentro", "fuera") for place in (("", "base.") if has_base else ("",))]
    return len(judged[0] - judged[1]) if has_base else len(judged[0])


def _with_status(connection: duckdb.DuckDBPyConnection, place: str, *statuses: str) -> set[str]:
    rows = connection.execute(
        f"SELECT figure_id || ' ' || source_id FROM {place}{ledger.TABLE} WHERE list_contains($statuses, status)",
        {"statuses": list(statuses)},
    ).fetchall()
    return {subject for (subject,) in rows}
