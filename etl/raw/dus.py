"""Monthly DUS items: 84 fields of text to typed Parquet."""

from collections.abc import Callable, Iterable
from datetime import date
from operator import itemgetter

import duckdb
import pyarrow as pa

from editions.errors import SourceError
from etl.raw import amounts as sql
from etl.raw.amounts import Rule, code, refuse_ambiguous, weigh_items
from etl.raw.completeness import Measured
from etl.raw.parsed import SERVICES_HEADING, Parsed, Task, counts_by_operation, read_cleaned, refuse_many, rejects
from etl.raw.repair import Cleaned, Shape
from etl.raw.report import MonthCount
from etl.raw.source import cut_at, fields
from etl.raw.wording import place, readable

SOURCE = "aduanas_dus"
MONEY, MEASURES = ("FOBUS", "TOTALVALORFOB"), ("CANTIDADMERCANCIA", "PESOBRUTOITEM")
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
    *(Rule(name, AMOUNT, "un número") for name in (*MONEY, *MEASURES)),
)
ROW_GROUP = 1 << 16  # rows written by one thread: a month is two
TEXT = {"NOMBRE": 70} | {f"ATRIBUTO{n}": 30 for n in range(1, 7)}
# While it is looked through, `item` holds codes as numbers: half the time and memory of text.
COLUMNS = """
    declaration_id::VARCHAR AS declaration_id, item_number::INTEGER AS item_number, accepted_on, month,
    customs_office_code::VARCHAR AS customs_office_code, operation_code::VARCHAR AS operation_code,
    exporter_id::VARCHAR AS exporter_id, lpad(comuna_code::VARCHAR, 5, '0') AS comuna_code,
    port_code::VARCHAR AS port_code, lpad(region_code::VARCHAR, 2, '0') AS region_code,
    transport_code::VARCHAR AS transport_code, country_code::VARCHAR AS country_code,
    sale_mode_code::VARCHAR AS sale_mode_code, declared_items::INTEGER AS declared_items, header_fob_usd, hs_code,
    unit_code::VARCHAR AS unit_code, quantity, fob_usd, fob_origin, weight_kg, product_text
"""


def parse(task: Task) -> Parsed:
    """Write the month's items as Parquet. Raises SourceError for two months, or too many wrong rows."""
    with sql.connect(task.scratch) as connection:
        shape = Shape(len(fields(SOURCE)), cut_at(SOURCE))
        cleaned = read_cleaned(task, shape, lambda cleaned: _read(connection, cleaned, task.name))
        _add_product_text(connection, cleaned)
        rows_read = cleaned.rows + len(cleaned.rejected)
        unsound = {row: "" for (row,) in connection.execute("SELECT rowid FROM item WHERE NOT is_sound").fetchall()}
        rejected = cleaned.rejected + rejects(task.name, cleaned, unsound, explain=_explain)
        refuse_many(task.name, rejected, rows_read)
        measured = measure(connection)
        connection.execute("DELETE FROM item WHERE NOT is_sound")
        month = only_month(connection, task.name, cleaned.line)
        lost = repeated(connection)
        n_residual = fill_cut_values(connection, lost)
        rejected += rejects(task.name, cleaned, lost)
        refuse_many(task.name, rejected, rows_read)
        rejected = weigh_items(connection, rejected, fields(SOURCE), month)
        connection.execute(
            f"COPY (SELECT {COLUMNS} FROM item) TO {sql.literal(str(task.parquet))} "
            f"(FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})"
        )
        repaired = dict(cleaned.repaired) | ({"header_residual": n_residual} if n_residual else {})
        return Parsed(
            rows=rows_read - len(rejected),
            rows_read=rows_read,
            repaired=repaired,
            rejected=tuple(sorted(rejected, key=lambda one: one.line)),
            counts=counts(connection),
            measured=Measured(month, **measured),
        )


def _read(connection: duckdb.DuckDBPyConnection, cleaned: Cleaned, name: str) -> int:
    """Fill `item` from the repaired text and return its number of rows.

    Codes are read as numbers; only a file in which one is no number is read again as text, to find the row.
    Raises SourceError when the decimal separator of an amount cannot be told.
    """
    names = [rule.field for rule in RULES]
    codes = [rule.field for rule in RULES if rule.is_code]
    as_numbers = True
    try:
        with cleaned.open() as text:
            lines = sql.read_text(text, fields(SOURCE), names, numbers=codes)
    except pa.ArrowInvalid:
        as_numbers = False
        with cleaned.open() as text:
            lines = sql.read_text(text, fields(SOURCE), names, encoding="latin1")
    connection.register("line", lines)
    refuse_ambiguous(connection, name, money=MONEY, others=MEASURES)
    (count,) = connection.execute(_item_sql(as_numbers)).fetchall()[0]
    connection.unregister("line")
    return int(count)


def _add_product_text(connection: duckdb.DuckDBPyConnection, cleaned: Cleaned) -> None:
    """Give services the text that says what they are; of other rows it is not even read."""
    services = f"operation_code IN (202, 203, 214) OR starts_with(hs_code, '{SERVICES_HEADING}')"
    found = {row for (row,) in connection.execute(f"SELECT rowid FROM item WHERE {services}").fetchall()}
    parts = itemgetter(*(fields(SOURCE).index(name) for name in TEXT))
    said = {row: product_text(parts(line.split(b";"))) for row, line in cleaned.lines(found).items()}
    connection.execute(  # as lists: pyarrow would load pandas to look at them
        "UPDATE item SET product_text = said.text "
        "FROM (SELECT unnest(?::BIGINT[]) AS row, unnest(?::VARCHAR[]) AS text) AS said WHERE item.rowid = said.row",
        [list(said), list(said.values())],
    )


def product_text(parts: Iterable[bytes]) -> str | None:
    """Return the readable text: the fields at their full width put together, then split where the source splits."""
    joined = "".join([readable(part).ljust(width) for part, width in zip(parts, TEXT.values(), strict=True)])
    words = [" ".join(piece.split()) for piece in joined.split("~")]
    return ", ".join([word for word in words if word]) or None


def _item_sql(as_numbers: bool) -> str:
    return f"""
        CREATE OR REPLACE TEMP TABLE item AS
        SELECT
            {sql.number_sql("NUMEROIDENT")} AS declaration_id,
            {sql.number_sql("NUMEROITEM")} AS item_number,
            try_strptime(trim(FECHAACEPT), '%d%m%Y')::DATE AS accepted_on,
            date_trunc('month', accepted_on)::DATE AS month,
            {sql.number_sql("ADUANA")} AS customs_office_code,
            {sql.number_sql("TIPOOPERACION")} AS operation_code,
            nullif({sql.number_sql("NRO_EXPORTADOR")}, 0) AS exporter_id,
            nullif({sql.number_sql("COMUNAEXPORTADORPPAL")}, 0) AS comuna_code,
            {sql.number_sql("PUERTOEMB")} AS port_code,
            coalesce({sql.number_sql("REGIONORIGEN")}, 0) AS region_code,
            {sql.number_sql("VIATRANSPORTE")} AS transport_code,
            {sql.number_sql("PAISDESTINO")} AS country_code,
            {sql.number_sql("MODALIDADVENTA")} AS sale_mode_code,
            {sql.number_sql("TOTALITEM")} AS declared_items,
            {sql.decimal_sql("TOTALVALORFOB", "DECIMAL(18, 2)")} AS header_fob_usd,
            nullif(trim(CODIGOARANCEL), '') AS hs_code,
            {sql.number_sql("UNIDADMEDIDA")} AS unit_code,
            {sql.decimal_sql("CANTIDADMERCANCIA", "DECIMAL(24, 6)")} AS quantity,
            {sql.decimal_sql("FOBUS", "DECIMAL(18, 2)")} AS fob_usd,
            'declared' AS fob_origin,
            {sql.decimal_sql("PESOBRUTOITEM", "DECIMAL(18, 3)")} AS weight_kg,
            NULL::VARCHAR AS product_text,
            {sql.follows_sql(RULES, as_numbers=as_numbers)}
                AND accepted_on IS NOT NULL
                AND (hs_code IS NOT NULL OR fob_usd IS NULL) AS is_sound
        FROM (   -- the last field is padded with hundreds of spaces
            SELECT * REPLACE (left(PESOBRUTOITEM, 30) AS PESOBRUTOITEM) FROM line
        )
    """


def _explain(text: str) -> str | None:
    row = dict(zip(fields(SOURCE), text.split(";"), strict=False))
    if broken := sql.broken_rule(RULES, row):
        return broken
    if not row["CODIGOARANCEL"].strip():
        return "CODIGOARANCEL viene vacío"
    return f"FECHAACEPT «{row['FECHAACEPT'].strip()}» no existe en el calendario"


# -- The gates of a DUS month once typed: one month, no item twice, no value missing; what it measures.


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
