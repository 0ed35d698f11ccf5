"""What the rejected rows were worth: a month may lose few rows and nearly all its value."""

from datetime import date

import duckdb

from etl.gates.finding import FAILED, PASSED, Finding
from etl.raw.wording import percent as percent_down
from etl.raw.wording import place
from etl.wording import millions, percent, whole

LIMIT = 0.01  # of a month's value, that of the rejected rows included
LOST = """
    SELECT
        source_id, month, sum(abs(fob_usd)) AS usd, count(*) AS n, count(*) FILTER (fob_usd IS NULL) AS n_silent,
        arg_max(file, abs(fob_usd)) AS file, arg_max(line, abs(fob_usd)) AS line,
        arg_max(reason, abs(fob_usd)) AS reason
    FROM meta_reject GROUP BY ALL
"""
# A row that does not tell its month may be of the smallest one.
WEIGHED = f"""
    SELECT lost.*, coalesce(own.fob_usd, (FROM core_month SELECT min(fob_usd) WHERE source_id = lost.source_id))
    FROM ({LOST}) AS lost LEFT JOIN core_month AS own USING (source_id, month)
    WHERE lost.usd > 0 ORDER BY lost.source_id, lost.month
"""


def lost_value(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Return the months that lost too much of their value with rejected rows, or one finding that says how much."""
    found = []
    for source, month, usd, n, n_silent, file, line, reason, kept in connection.execute(WEIGHED).fetchall():
        total = usd + max(kept or 0, 0)
        if usd <= LIMIT * float(total):
            continue
        share = percent_down(int(usd), int(total))
        silent = f", sin contar {whole(n_silent)} que no dicen su valor" if n_silent else ""
        detail = (
            f"{_subject(source, month)}: {_rows(n)} {millions(usd)}{silent}, {share} del mes "
            f"(la mayor: {place(file, line)}: {reason}), y se admite {percent(LIMIT)}; vuelva a descargar el mes o "
            "pida que lo corrijan."
        )
        found.append(
            Finding("lost_value", _subject(source, month), "fraction", FAILED, LIMIT, float(usd / total), detail)
        )
    return found or [_passed(connection)]


def _subject(source: str, month: date | None) -> str:
    return f"{source} {month:%Y-%m}" if month else f"{source} sin mes"


def _rows(n: int) -> str:
    return "1 fila rechazada valía" if n == 1 else f"{whole(n)} filas rechazadas valían"


def _passed(connection: duckdb.DuckDBPyConnection) -> Finding:
    n, usd = connection.execute("SELECT count(*), coalesce(sum(abs(fob_usd)), 0) FROM meta_reject").fetchall()[0]
    said = f"{_rows(n)} {millions(usd)}." if n else "Ninguna fila rechazada."
    return Finding("lost_value", "", "usd", PASSED, None, float(usd), said)
