"""Monthly DUS items: 84 fields of text to typed Parquet."""

from pathlib import Path

import duckdb

from etl.raw import dus_gates as gates
from etl.raw import fields as sql
from etl.raw.cleaned import Shape
from etl.raw.completeness import Measured
from etl.raw.fields import Rule, code
from etl.raw.parsed import (
    SERVICES_HEADING,
    Parsed,
    Task,
    read_cleaned,
    refuse_many,
    rejects,
)
from etl.raw.source import cut_at, fields

SOURCE = "aduanas_dus"
AMOUNT = r"(-?([0-9]{1,15}([.,][0-9]*)?|[.,][0-9]+))?"
RULES = (
    Rule("FECHAACEPT", "(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])(19|20)[0-9]{2}", "una fecha DDMMAAAA"),
    Rule("CODIGOARANCEL", "([0-9]{8})?", "un código arancelario de 8 cifras"),
    code("NUMEROIDENT", 15, required=True),
    code("NUMEROITEM", 6, required=True),
    code("TIPOOPERACION", 3, required=True),
    code("ADUANA", 3),
    code("NRO_EXPORTADOR", 12),
    code("COMUNAEXPORTADORPPAL", 5),
    code("PUERTOEMB", 4),
    code("REGIONORIGEN", 2),
    code("VIATRANSPORTE", 2),
    code("PAISDESTINO", 4),
    code("MODALIDADVENTA", 3),
    code("UNIDADMEDIDA", 3),
    code("TOTALITEM", 6),
    *(Rule(name, AMOUNT, "un número") for name in ("FOBUS", "TOTALVALORFOB", "CANTIDADMERCANCIA", "PESOBRUTOITEM")),
)
TEXT = ("NOMBRE", 70), *((f"ATRIBUTO{n}", 30) for n in range(1, 7))
COLUMNS = (
    "declaration_id, item_number, accepted_on, month, customs_office_code, operation_code, exporter_id, "
    "comuna_code, port_code, region_code, transport_code, country_code, sale_mode_code, declared_items, "
    "header_fob_usd, hs_code, unit_code, quantity, fob_usd, fob_origin, weight_kg, product_text"
)


def parse(task: Task) -> Parsed:
    """Write the month's items as Parquet. Raises SourceError for two months, or too many wrong rows."""
    with sql.connect(task.scratch) as connection:
        shape = Shape(len(fields(SOURCE)), cut_at(SOURCE))
        cleaned = read_cleaned(task, shape, lambda text: _read(connection, text))
        rows_read = cleaned.rows + len(cleaned.rejected)
        unsound = {row: "" for (row,) in connection.execute("SELECT rowid FROM item WHERE NOT is_sound").fetchall()}
        rejected = cleaned.rejected + rejects(task.name, cleaned, unsound, explain=_explain)
        refuse_many(task.name, rejected, rows_read)
        measured = gates.measure(connection)
        connection.execute("DELETE FROM item WHERE NOT is_sound")
        month = gates.only_month(connection, task.name, cleaned.line)
        lost = gates.repeated(connection)
        n_residual = gates.fill_cut_values(connection, lost)
        rejected += rejects(task.name, cleaned, lost)
        refuse_many(task.name, rejected, rows_read)
        connection.execute(f"COPY (SELECT {COLUMNS} FROM item) TO {sql.literal(str(task.parquet))} (FORMAT parquet)")
        repaired = dict(cleaned.repaired) | ({"header_residual": n_residual} if n_residual else {})
        return Parsed(
            rows=rows_read - len(rejected),
            rows_read=rows_read,
            repaired=repaired,
            rejected=tuple(sorted(rejected, key=lambda one: one.line)),
            counts=gates.counts(connection),
            measured=Measured(month, **measured),
        )


def _read(connection: duckdb.DuckDBPyConnection, text: Path) -> int:
    """Fill `item` from the repaired text and return its number of rows."""
    used = [rule.field for rule in RULES] + [name for name, _ in TEXT]
    connection.register("line", sql.read_text(text, fields(SOURCE), used))
    region, country = sql.padded_sql("REGIONORIGEN", 2), sql.code_sql("PAISDESTINO")
    operation = sql.code_sql("TIPOOPERACION")
    services = f"{operation} IN ('202', '203', '214') OR starts_with(CODIGOARANCEL, '{SERVICES_HEADING}')"
    (count,) = connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE item AS
        SELECT
            {sql.code_sql("NUMEROIDENT")} AS declaration_id,
            try_cast(NUMEROITEM AS INTEGER) AS item_number,
            try_strptime(trim(FECHAACEPT), '%d%m%Y')::DATE AS accepted_on,
            date_trunc('month', accepted_on)::DATE AS month,
            {sql.code_sql("ADUANA")} AS customs_office_code,
            {operation} AS operation_code,
            nullif({sql.code_sql("NRO_EXPORTADOR")}, '0') AS exporter_id,
            nullif({sql.padded_sql("COMUNAEXPORTADORPPAL", 5)}, '00000') AS comuna_code,
            {sql.code_sql("PUERTOEMB")} AS port_code,
            coalesce({region}, '00') AS region_code,
            {sql.code_sql("VIATRANSPORTE")} AS transport_code,
            {country} AS country_code,
            {sql.code_sql("MODALIDADVENTA")} AS sale_mode_code,
            try_cast(TOTALITEM AS INTEGER) AS declared_items,
            {sql.decimal_sql("TOTALVALORFOB", "DECIMAL(18, 2)")} AS header_fob_usd,
            nullif(trim(CODIGOARANCEL), '') AS hs_code,
            {sql.code_sql("UNIDADMEDIDA")} AS unit_code,
            {sql.decimal_sql("CANTIDADMERCANCIA", "DECIMAL(24, 6)")} AS quantity,
            {sql.decimal_sql("FOBUS", "DECIMAL(18, 2)")} AS fob_usd,
            'declared' AS fob_origin,
            {sql.decimal_sql("PESOBRUTOITEM", "DECIMAL(18, 3)")} AS weight_kg,
            CASE WHEN {services} THEN {_product_text()} END AS product_text,
            {sql.follows_sql(RULES)}
                AND accepted_on IS NOT NULL
                AND (hs_code IS NOT NULL OR fob_usd IS NULL) AS is_sound
        FROM (   -- the last field is padded with hundreds of spaces
            SELECT * REPLACE (left(PESOBRUTOITEM, 30) AS PESOBRUTOITEM) FROM line
        )
    """).fetchall()[0]
    connection.unregister("line")
    return int(count)


def _product_text() -> str:
    """Return the SQL of the readable text: the fields at full width put together, then split at each «~»."""
    widened = " || ".join(
        f"CASE WHEN length({name}) < {width} THEN rpad({name}, {width}, ' ') ELSE {name} END" for name, width in TEXT
    )
    parts = f"string_split(regexp_replace({widened}, ' +', ' ', 'g'), '~')"
    named = f"list_filter(list_transform({parts}, lambda part: trim(part)), lambda part: part <> '')"
    return f"nullif(array_to_string({named}, ', '), '')"


def _explain(text: str) -> str | None:
    row = dict(zip(fields(SOURCE), text.split(";"), strict=False))
    if broken := sql.broken_rule(RULES, row):
        return broken
    if not row["CODIGOARANCEL"].strip():
        return "CODIGOARANCEL viene vacío"
    return f"FECHAACEPT «{row['FECHAACEPT'].strip()}» no existe en el calendario"
