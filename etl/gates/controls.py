"""The controls before an edition is published: rows, totals, codes, coverage, published figures, lost value."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from itertools import groupby

import duckdb

from etl.raw.completeness import published_rows
from etl.raw.wording import percent as percent_down
from etl.raw.wording import place
from etl.wording import millions, percent, whole

# -- What a gate finds: one frozen value per figure it looked at, and how it is kept in the edition
# (`meta_gate`).

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


# -- The months missing between those of an edition: a missing month is no month without exports.

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


# -- What the customs months show of themselves: rows as published, declarations that add up, codes that
# exist.

ROWS_TOLERANCE = 0.01
LEAST_ADDING_UP = 0.999
UNKNOWN_VALUE_LIMIT = 0.01  # more of a month's value than this under unknown codes: shifted columns, not new codes
STRUCTURAL_CODES = {  # column of core_export → the table that should know it, and what of the column it knows
    "region_code": ("core_region", "region_code"),
    "country_code": ("core_country", "country_code"),
    "operation_code": ("core_operation", "operation_code"),
    "hs_code": ("core_hs", "left(hs_code, 4)"),
}


def row_counts(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Return one finding per month whose number of rows was published."""
    control = published_rows()
    months = connection.execute(
        "SELECT month, n_items FROM core_month WHERE source_id = 'aduanas_dus' ORDER BY month"
    ).fetchall()
    found = []
    for month, n_items in months:
        if month not in control:
            continue
        expected = control[month]
        apart = n_items - expected
        said = f"aduanas_dus {month:%Y-%m}: {whole(n_items)} filas de {whole(expected)} publicadas"
        if abs(apart) > ROWS_TOLERANCE * expected:
            off = f"{'faltan' if apart < 0 else 'sobran'} {whole(abs(apart))} ({percent(apart / expected)})"
            said += f"; {off}, con tolerancia de {percent(ROWS_TOLERANCE)}; vuelva a descargar el mes de datos.gob.cl"
        status = FAILED if abs(apart) > ROWS_TOLERANCE * expected else PASSED
        found.append(Finding("row_counts", f"aduanas_dus {month:%Y-%m}", "rows", status, expected, n_items, f"{said}."))
    return found or [Finding("row_counts", "", "rows", PASSED, None, None, "Ningún mes con cuenta de filas publicada.")]


def declaration_totals(connection: duckdb.DuckDBPyConnection, *, is_extract: bool) -> list[Finding]:
    """Return one finding per month: the share of declarations whose items sum to their own total.

    In a declared part of the exports only declarations that have all their items can tell.
    """
    counted = "n_whole, n_whole_adding_up" if is_extract else "n_declarations, n_adding_up"
    found = []
    for month, declarations, adding_up in connection.execute(
        f"SELECT month, {counted} FROM core_declaration_total ORDER BY month"
    ).fetchall():
        if not declarations:
            continue
        share = adding_up / declarations
        said = (
            f"aduanas_dus {month:%Y-%m}: en {whole(declarations - adding_up)} de {whole(declarations)} declaraciones "
            "la suma de los ítems no da el total declarado"
        )
        status = PASSED if share > LEAST_ADDING_UP or adding_up == declarations else FAILED
        if status == FAILED:
            said += (
                f"; cuadra el {percent(share)} y se exige más de {percent(LEAST_ADDING_UP)}; revise si faltan ítems o "
                "si FOBUS viene en otra columna o unidad, y vuelva a descargar el mes"
            )
        subject = f"aduanas_dus {month:%Y-%m}"
        found.append(Finding("declaration_totals", subject, "fraction", status, LEAST_ADDING_UP, share, f"{said}."))
    return found or [
        Finding("declaration_totals", "", "fraction", PASSED, None, None, "Ninguna declaración trae su total.")
    ]


def unknown_codes(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Return the months with too much of their value under codes nobody knows, or one finding that lists the codes."""
    found = []
    for column, (table, known) in STRUCTURAL_CODES.items():
        rows = connection.execute(
            f"SELECT source_id, month, arg_max(code, usd) FILTER (is_unknown), "
            f"sum(usd) FILTER (is_unknown)::DOUBLE / sum(usd)::DOUBLE AS share FROM ("
            f"SELECT source_id, month, {column} AS code, sum(abs(fob_usd)) AS usd, "
            f"coalesce({known} NOT IN (SELECT {column} FROM {table}), false) AS is_unknown "
            "FROM core_export GROUP BY ALL) GROUP BY ALL HAVING share > $limit ORDER BY ALL",
            {"limit": UNKNOWN_VALUE_LIMIT},
        ).fetchall()
        for source, month, worst, share in rows:
            detail = (
                f"{source} {month:%Y-%m}: {percent(share)} del valor lleva códigos que {table} no conoce (el mayor: "
                f"«{worst}»), y se admite {percent(UNKNOWN_VALUE_LIMIT)}; revise si el archivo tiene las columnas "
                "corridas o agregue el código en data/reference."
            )
            subject = f"{source} {month:%Y-%m} {column}"
            found.append(Finding("unknown_codes", subject, "fraction", FAILED, UNKNOWN_VALUE_LIMIT, share, detail))
    return found or [_listed(connection)]


def _listed(connection: duckdb.DuckDBPyConnection) -> Finding:
    codes = connection.execute(
        "SELECT code_table || ' ' || code FROM meta_unknown_code ORDER BY n_items DESC, code_table, code"
    ).fetchall()
    said = "; ".join(code for (code,) in codes) or "ninguno"
    return Finding("unknown_codes", "", "codes", PASSED, None, len(codes), f"Se conservan con su valor: {said}.")


# -- Whether the edition covers at least what the one on screen does; the latter is attached as `base`.

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


# -- The edition against published figures: customs' own totals are control totals, all others are
# reconciliation.

TABLE = "core_reconciliation"
KINDS = {"control_totals": "= 'record_sum'", "reconciliation": "IS DISTINCT FROM 'record_sum'"}


def findings(connection: duckdb.DuckDBPyConnection, gate: str) -> list[Finding]:
    """Return a finding for each figure beyond its tolerance, the farthest first, or one that says how many agree."""
    beyond = [one for one in outside(connection) if one.gate == gate]
    if beyond:
        return beyond
    within = connection.execute(
        f"SELECT count(*) FROM {TABLE} JOIN core_published_figure AS figure USING (figure_id) "
        f"WHERE status = 'dentro' AND figure.source_kind {KINDS[gate]}"
    ).fetchall()[0][0]
    return [Finding(gate, "", "figures", PASSED, within, within, f"{whole(within)} cifras, todas en su tolerancia.")]


def outside(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Return each published figure that the edition is too far from. Synthetic or partial records are not judged."""
    rows = connection.execute(
        f"SELECT own.figure_id, own.publisher, source_id, own.region_code, own.flow_scope, own.period_start, "
        f"own.period_end, published_usd, edition_usd, residual, tolerance, explanation, "
        f"figure.source_kind {KINDS['control_totals']} "
        f"FROM {TABLE} AS own JOIN core_published_figure AS figure USING (figure_id) "
        "WHERE status = 'fuera' AND (SELECT kind <> 'demo' AND extract IS NULL FROM meta_build) "
        "ORDER BY abs(residual) DESC, own.figure_id, source_id"
    ).fetchall()
    found = []
    for figure, publisher, source, region, scope, first, last, published, ours, residual, tolerance, why, own in rows:
        found.append(
            Finding(
                "control_totals" if own else "reconciliation",
                f"{figure} {source}",
                "usd",
                FAILED,
                float(published),
                float(ours),
                f"{TABLE}: {source} suma {millions(ours)} y {publisher} publicó {millions(published)} "
                f"({figure}; región {region}, {scope}, {first:%Y-%m} a {last:%Y-%m}): {percent(residual)}, con "
                f"tolerancia de {percent(tolerance)}. {why}",
            )
        )
    return found


# -- What the rejected rows were worth: a month may lose few rows and nearly all its value.

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
