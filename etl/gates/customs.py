"""What the customs months show of themselves: rows as published, declarations that add up, codes that exist."""

import duckdb

from etl.gates.finding import FAILED, PASSED, Finding
from etl.raw.completeness import published_rows
from etl.wording import percent, whole

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
