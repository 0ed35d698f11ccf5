"""Yearly Salidas records: a CSV with header, codes that lost their zeros or gained a decimal tail."""

import csv
import functools
import re
from collections.abc import Iterable
from datetime import date

import duckdb

from editions.errors import SourceError
from editions.folders import REFERENCE
from etl.raw import amounts as sql
from etl.raw.amounts import Row, Rule, refuse_ambiguous, weigh_records
from etl.raw.archive import read_start
from etl.raw.parsed import (
    SERVICES_HEADING,
    Parsed,
    Task,
    counts_by_operation,
    read_cleaned,
    refuse_many,
    rejects,
    segments,
)
from etl.raw.repair import BOM, Cleaned, Shape
from etl.raw.source import fields
from etl.raw.wording import plain, readable

SOURCE = "aduanas_salidas"
TAIL = "([.,]0+)?"
MONEY, MEASURES = ("FOB_US_DUSLEG", "FOBUS_AJUSTADO_IVV"), ("PESO_BRUTO_KG", "CANTIDAD_MERCANCIA")
AMOUNT = r"(-?([0-9]{1,15}([.,][0-9]*)?|[.,][0-9]+))?"


def _code(field: str, digits: int) -> Rule:
    return Rule(field, f"([0-9]{{1,{digits}}}{TAIL})?", f"un código de hasta {digits} cifras")


RULES = (
    Rule("PERIODO", f"(19|20)[0-9]{{2}}{TAIL}", "un año"),
    Rule("MES", f"(0?[1-9]|1[0-2]){TAIL}", "un mes"),
    Rule("ITEM_SA", f"[0-9]{{6,8}}{TAIL}", "un código arancelario de 8 cifras"),
    Rule(MONEY[0], AMOUNT.removesuffix("?"), "un número"),
    Rule("COD_TIPO_OPERACION", f"[0-9]{{1,3}}{TAIL}", "un código de hasta 3 cifras"),
    _code("COD_ADUANA_TRAMITACION", 3),
    _code("COD_REGION_ORIGEN", 2),
    _code("COD_VIA_TRANSPORTE", 2),
    _code("COD_PUERTO_EMBARQUE", 4),
    _code("COD_PAIS_DESTINO", 4),
    _code("COD_MODALIDAD_VENTA", 3),
    _code("COD_UNIDAD_MEDIDA", 3),
    *(Rule(name, AMOUNT, "un número") for name in (*MONEY[1:], *MEASURES)),
)


def parse(task: Task) -> Parsed:
    """Write the year's records as Parquet. Raises SourceError when too many are wrong."""
    names = _header(task)
    with sql.connect(task.scratch) as connection:
        cleaned = read_cleaned(
            task, Shape(len(names)), lambda cleaned: _read(connection, cleaned, names, task.name) + 1
        )
        rows_read = cleaned.rows - 1 + len(cleaned.rejected)
        if not rows_read:
            raise SourceError(
                f"{task.name}: sólo trae el encabezado, sin registros; vuelva a descargarlo de aduana.cl."
            )
        unsound = {row: "" for (row,) in connection.execute("SELECT rowid FROM record WHERE NOT is_sound").fetchall()}
        rejected = cleaned.rejected + rejects(
            task.name,
            cleaned,
            unsound,
            skipped=1,
            explain=lambda text: sql.broken_rule(RULES, dict(zip(names, text.split(";"), strict=False))),
        )
        refuse_many(task.name, rejected, rows_read)
        rejected = weigh_records(rejected, names, _month)
        connection.execute(
            f"COPY (SELECT * EXCLUDE (is_sound, is_six_digit_hs) FROM record WHERE is_sound) "
            f"TO {sql.literal(str(task.parquet))} (FORMAT parquet)"
        )
        of_goods = "SELECT count(*) FROM record WHERE is_sound AND is_six_digit_hs"
        six_digits = connection.execute(of_goods).fetchall()[0][0]
        counts = connection.execute(f"""
            SELECT month, operation_code, starts_with(hs_code, '{SERVICES_HEADING}'), count(*), sum(fob_usd)
            FROM record WHERE is_sound GROUP BY ALL ORDER BY ALL
        """).fetchall()
    return Parsed(
        rows=rows_read - len(rejected),
        rows_read=rows_read,
        repaired=dict(cleaned.repaired) | ({"six_digit_hs": six_digits} if six_digits else {}),
        rejected=tuple(sorted(rejected, key=lambda one: one.line)),
        counts=counts_by_operation(counts),
        notes=_unread(names),
    )


def _header(task: Task) -> list[str]:
    """Return the column names in the order of this file."""
    first = readable(read_start(task.path, 1 << 16).removeprefix(BOM).split(b"\n")[0])
    return [plain(name).upper() or f"SIN_NOMBRE_{place}" for place, name in enumerate(first.split(";"))]


def _unread(names: list[str]) -> tuple[str, ...]:
    """Return the note on columns that customs never had."""
    strange = [f"«{name[:40]}»" for name in names if name not in fields(SOURCE)]
    return (f"Columnas que no se leen: {', '.join(strange)}.",) if strange else ()


def _month(row: Row) -> date | None:
    """Return the month of a rejected row, when it tells it."""
    year, month = (
        re.fullmatch(rule.pattern, row.get(rule.field, "").strip())
        for rule in RULES
        if rule.field in ("PERIODO", "MES")
    )
    return date(int(year[0][:4]), int(re.split("[.,]", month[0])[0]), 1) if year and month else None


def _code_sql(field: str) -> str:
    return f"try_cast({_digits_sql(field)} AS BIGINT)::VARCHAR"


def _digits_sql(field: str) -> str:
    return f"split_part(replace({field}, ',', '.'), '.', 1)"


def _six_digit_hs_sql() -> str:
    """Tell whether six digits are a code of the Harmonized System, and not one of Section 0 that lost its two zeros.

    They are when they begin as a heading of goods does (2501, salt) and the operation is not one of services.
    """
    code = f"trim({_digits_sql('ITEM_SA')})"
    services = [operation for operation, segment in segments().items() if segment == "services"]
    return (
        f"length({code}) = 6 AND {_one_of(f'left({code}, 4)', goods_headings())} "
        f"AND NOT {_one_of('operation_code', services)}"
    )


def _one_of(column: str, codes: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(map(sql.literal, codes))})"


@functools.cache
def goods_headings() -> tuple[str, ...]:
    """Return the headings of four digits, without those of Section 0."""
    with (REFERENCE / "hs4.csv").open(encoding="utf-8", newline="") as table:
        return tuple(row["hs_code"] for row in csv.DictReader(table) if not row["hs_code"].startswith("00"))


def _read(connection: duckdb.DuckDBPyConnection, cleaned: Cleaned, names: list[str], name: str) -> int:
    """Fill `record` from the repaired text and return its number of rows."""
    with cleaned.open() as text:
        lines = sql.read_text(text, names, [rule.field for rule in RULES], encoding="latin1", skip=1)
    connection.register("line", lines)
    refuse_ambiguous(connection, name, money=MONEY, others=MEASURES)
    (count,) = connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE record AS
        SELECT
            CASE WHEN {sql.follows_sql(RULES)}
                THEN make_date({_code_sql("PERIODO")}::INTEGER, {_code_sql("MES")}::INTEGER, 1) END AS month,
            {_code_sql("COD_ADUANA_TRAMITACION")} AS customs_office_code,
            {_code_sql("COD_TIPO_OPERACION")} AS operation_code,
            coalesce(lpad({_code_sql("COD_REGION_ORIGEN")}, 2, '0'), '00') AS region_code,
            {_code_sql("COD_VIA_TRANSPORTE")} AS transport_code,
            {_code_sql("COD_PUERTO_EMBARQUE")} AS port_code,
            {_code_sql("COD_PAIS_DESTINO")} AS country_code,
            {_code_sql("COD_MODALIDAD_VENTA")} AS sale_mode_code,
            {_six_digit_hs_sql()} AS is_six_digit_hs,
            CASE WHEN is_six_digit_hs THEN {_code_sql("ITEM_SA")} || '00'
                ELSE lpad({_code_sql("ITEM_SA")}, 8, '0') END AS hs_code,
            {sql.decimal_sql("FOB_US_DUSLEG", "DECIMAL(18, 2)")} AS fob_usd,
            {sql.decimal_sql("FOBUS_AJUSTADO_IVV", "DECIMAL(18, 2)")} AS fob_adjusted_usd,
            {sql.decimal_sql("PESO_BRUTO_KG", "DECIMAL(18, 3)")} AS weight_kg,
            {sql.decimal_sql("CANTIDAD_MERCANCIA", "DECIMAL(24, 6)")} AS quantity,
            {_code_sql("COD_UNIDAD_MEDIDA")} AS unit_code,
            month IS NOT NULL AS is_sound
        FROM line
    """).fetchall()[0]
    connection.unregister("line")
    return int(count)
