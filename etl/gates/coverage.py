"""Whether the edition covers at least what the one on screen does; the latter is attached as `base`."""

import duckdb

from etl.gates.customs import ROWS_TOLERANCE
from etl.gates.finding import FAILED, PASSED, Finding, has_table
from etl.wording import percent, whole

SHARE_TOLERANCE = 0.05  # below the poorest month on screen: a lost column, not a month with more ship supplies
KNOWN = {
    "región": "region_code BETWEEN '01' AND '16'",
    "producto": "has_product",
    "país": "has_country",
}
TOTALS = "mart_total_by_month"


def coverage(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Return what shrank: months lost, emptied or no longer complete, value without region, product or country."""
    found = _months(connection) + (_shares(connection) if has_table(connection, "base", TOTALS) else [])
    if all(one.status == PASSED for one in found):
        kept, held = (
            connection.execute(f"SELECT count(*) FROM {place}core_month").fetchall()[0][0] for place in ("base.", "")
        )
        found.insert(
            0, Finding("coverage", "", "months", PASSED, kept, held, f"{whole(kept)} meses en pantalla, todos siguen.")
        )
    return found


def _months(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    found = []
    for source, month, before, after, was_complete, is_complete in connection.execute(
        "SELECT source_id, month, before.n_items, after.n_items, before.is_complete, after.is_complete "
        "FROM base.core_month AS before LEFT JOIN core_month AS after USING (source_id, month) ORDER BY ALL"
    ).fetchall():
        subject = f"{source} {month:%Y-%m}"
        if after is None:
            said = f"está en pantalla con {whole(before)} filas y ya no viene"
        elif after < (1 - ROWS_TOLERANCE) * before:
            off = f"faltan {whole(before - after)} ({percent(after / before - 1)})"
            said = f"{whole(after)} filas y en pantalla hay {whole(before)}; {off}"
        elif was_complete and not is_complete:
            said = "está completo en pantalla y ahora viene incompleto"
        else:
            continue
        detail = f"{subject}: {said}; vuelva a obtener el archivo del mes."
        found.append(Finding("coverage", subject, "rows", FAILED, before, after, detail))
    return found


def _shares(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Compare the poorest month of each source with the poorest on screen."""
    found = []
    for what, condition in KNOWN.items():
        for source, before, after, month in connection.execute(
            f"SELECT source_id, before.share, after.share, after.month FROM ({_poorest('base.', condition)}) AS before "
            f"JOIN ({_poorest('', condition)}) AS after USING (source_id) ORDER BY ALL"
        ).fetchall():
            said = f"{source} {month:%Y-%m}: {percent(after)} del valor con {what} (el mes con menos)"
            status = FAILED if after < before - SHARE_TOLERANCE else PASSED
            if status == FAILED:
                said += (
                    f"; en pantalla ningún mes baja de {percent(before)}, con tolerancia de "
                    f"{percent(SHARE_TOLERANCE)}; revise si el archivo perdió una columna y vuelva a descargarlo"
                )
            found.append(Finding("coverage", f"{source} {what}", "fraction", status, before, after, f"{said}."))
    return found


def _poorest(place: str, condition: str) -> str:
    return (
        "SELECT source_id, min(share) AS share, arg_min(month, share) AS month FROM ("
        f"SELECT source_id, month, coalesce(sum(abs(fob_usd)) FILTER ({condition}), 0)::DOUBLE "
        f"/ nullif(sum(abs(fob_usd))::DOUBLE, 0) AS share "
        f"FROM {place}{TOTALS} WHERE concept = 'origin' GROUP BY ALL) WHERE share IS NOT NULL GROUP BY ALL"
    )
