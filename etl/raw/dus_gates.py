"""The gates of a DUS month once typed: one month, no item twice, no value missing; what it measures."""

from collections.abc import Callable
from datetime import date

import duckdb

from etl.errors import SourceError
from etl.raw.parsed import SERVICES_HEADING, counts_by_operation
from etl.raw.report import MonthCount
from etl.raw.wording import place


def only_month(connection: duckdb.DuckDBPyConnection, name: str, line_of: Callable[[int], int]) -> date:
    """Return the file's month. Raises SourceError when a row was accepted in another one."""
    months = connection.execute(
        "SELECT month, count(*), min(rowid) FROM item GROUP BY month ORDER BY 2 DESC, 1"
    ).fetchall()
    month: date = months[0][0]
    if len(months) == 1:
        return month
    row = min(first for _, _, first in months[1:])
    (accepted,) = connection.execute("SELECT accepted_on FROM item WHERE rowid = ?", [row]).fetchall()[0]
    raise SourceError(
        f"{place(name, line_of(row))}: FECHAACEPT {accepted:%d-%m-%Y} no es de {month:%Y-%m}, el mes del "
        f"archivo; vuelva a descargar el archivo de ese mes de datos.gob.cl."
    )


def repeated(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Take out items that repeat a declaration's item number, and return why, by row."""
    repeated = connection.execute("""
        SELECT item.rowid FROM item
        JOIN (
            SELECT declaration_id, item_number, min(rowid) AS first FROM item GROUP BY ALL HAVING count(*) > 1
        ) AS twice
            USING (declaration_id, item_number)
        WHERE item.rowid <> twice.first
    """).fetchall()
    return _take_out(connection, [row for (row,) in repeated], "repite la declaración y el número de un ítem anterior")


def fill_cut_values(connection: duckdb.DuckDBPyConnection, lost: dict[int, str]) -> int:
    """Give a row without FOBUS what its declaration's total leaves over; else take it out and say why in `lost`.

    Given only where it is the one missing value and all other items are here. Returns how many were given.
    """
    if not connection.execute("SELECT 1 FROM item WHERE fob_usd IS NULL LIMIT 1").fetchall():
        return 0
    (count,) = connection.execute("""
        UPDATE item SET fob_usd = whole.residual, fob_origin = 'header_residual'
        FROM (
            SELECT declaration_id, any_value(header_fob_usd) - coalesce(sum(fob_usd), 0) AS residual
            FROM item
            WHERE declaration_id IN (SELECT declaration_id FROM item WHERE fob_usd IS NULL)
            GROUP BY declaration_id
            HAVING count(*) - count(fob_usd) = 1 AND count(*) = max(declared_items)
                AND min(header_fob_usd) = max(header_fob_usd) AND residual >= 0
        ) AS whole
        WHERE item.declaration_id = whole.declaration_id AND item.fob_usd IS NULL
    """).fetchall()[0]
    hopeless = connection.execute("SELECT rowid FROM item WHERE fob_usd IS NULL").fetchall()
    reason = "no trae FOBUS y no se puede deducir del total de la declaración"
    lost.update(_take_out(connection, [row for (row,) in hopeless], reason))
    return int(count)


def _take_out(connection: duckdb.DuckDBPyConnection, rows: list[int], reason: str) -> dict[int, str]:
    if rows:
        connection.execute("DELETE FROM item WHERE rowid IN (SELECT unnest(?::BIGINT[]))", [rows])
    return dict.fromkeys(rows, reason)


def counts(connection: duckdb.DuckDBPyConnection) -> tuple[MonthCount, ...]:
    """Return items and value of the month per operation."""
    return counts_by_operation(
        connection.execute(f"""
            SELECT
                month, operation_code::VARCHAR, coalesce(starts_with(hs_code, '{SERVICES_HEADING}'), false),
                count(*), sum(fob_usd)
            FROM item GROUP BY ALL ORDER BY ALL
        """).fetchall()
    )


def measure(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return what the rows as read, wrong ones included, tell of the month being whole."""
    rows, first, last, declarations, whole = connection.execute("""
        SELECT
            sum(n_items)::BIGINT, day(min(first)), day(max(last)), count(declared),
            count(*) FILTER (n_items = declared)
        FROM (
            SELECT
                count(*) AS n_items, max(declared_items) AS declared,
                min(accepted_on) FILTER (is_sound) AS first, max(accepted_on) FILTER (is_sound) AS last
            FROM item GROUP BY declaration_id
        )
    """).fetchall()[0]
    return {"rows": rows, "first_day": first, "last_day": last, "declarations": declarations, "whole": whole}
