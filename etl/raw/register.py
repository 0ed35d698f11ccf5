"""The office's own register of exporters: every row must be right; firms are kept only as keyed hashes."""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from etl.raw import fields as sql
from etl.raw.firm_key import check_digit_fits, exporter_key, is_rut, mark_of
from etl.raw.kept_cells import read_counts, read_months, read_numbers, read_regions, read_tariff_codes, read_words
from etl.raw.kept_table import read_kept, refuse_any
from etl.raw.parsed import Parsed, Task
from etl.raw.register_rules import (
    NO_IDENTIFIER,
    RULES,
    SEGMENTS,
    codes,
    fault_of_firm,
    faults,
    shown_cell,
    sound_sql,
    this_month,
)
from etl.raw.report import MonthCount, Rejected
from etl.raw.wording import thousands

SOURCE = "registro"
READERS = {
    "periodo": read_months,
    "region": read_regions,
    "hs": read_tariff_codes,
    "flujo": read_words,
    "fob_usd": read_numbers,
    "tamano": read_words,
    "ventas_uf": read_numbers,
    "trabajadores": read_counts,
}
TEXTS = [rule.field for rule in RULES]


def parse(task: Task, key: bytes) -> Parsed:
    """Write the register's rows as Parquet. Raises RowsRejectedError with all wrong rows if there is any."""
    kept = read_kept(task, SOURCE, READERS)
    firms, given = _numbered(kept.rows)
    with sql.connect(task.scratch) as connection:
        connection.register("given", given)
        _type(connection)
        connection.execute(
            "CREATE TEMP TABLE firm AS SELECT unnest(?::VARCHAR[]) AS exportador, unnest(?::VARCHAR[]) AS exporter_key",
            [[*firms], [exporter_key(firm, key) for firm in firms.values()]],
        )
        rejected = [*kept.misshapen, *_rejected(connection, task.name, firms)]
        refuse_any(task.name, rejected, kept.rows_read)
        connection.execute(f"COPY ({_STAGED}) TO {sql.literal(str(task.parquet))} (FORMAT parquet)")
        counts = connection.execute(
            "SELECT month, NULL, segment, count(*), sum(fob_usd) FROM entry GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    return Parsed(
        rows=kept.rows_read,
        rows_read=kept.rows_read,
        repaired={},
        rejected=(),
        counts=tuple(MonthCount(*count) for count in counts),
        notes=kept.notes,
        key_mark=mark_of(key),
    )


def _numbered(rows: pa.Table) -> tuple[dict[str, str], pa.Table]:
    """Return the identifiers under numbers, and the rows with those instead: the database may spill to disk what it
    holds, and a killed run would leave it there. An empty identifier stays empty.
    """
    column = pc.utf8_trim_whitespace(rows["exportador"]).combine_chunks().dictionary_encode()
    texts = column.dictionary.to_pylist()
    numbers = pa.array([text and str(number) for number, text in enumerate(texts)], pa.string())
    place = rows.schema.get_field_index("exportador")
    return dict(zip(numbers.to_pylist(), texts, strict=True)), rows.set_column(
        place, "exportador", pa.DictionaryArray.from_arrays(column.indices, numbers).cast(pa.string())
    )


_STAGED = """
    SELECT
        month, exporter_key, region_code, comuna_code, hs_code, country_code, segment, fob_usd,
        coalesce(size_class, sales_class) AS size_class, sales_uf, declared_sector, n_workers
    FROM entry JOIN firm USING (exportador)
    ORDER BY line
"""


def _type(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `entry`: the rows as typed, the trimmed texts they come from, and whether each is sound."""
    known = codes()
    segment = " ".join(f"WHEN '{said}' THEN '{segment}'" for said, segment in SEGMENTS.items())
    connection.execute(f"""
        CREATE TEMP TABLE typed AS
        SELECT
            * REPLACE (
                trim(exportador) AS exportador,
                lower(trim(flujo)) AS flujo,
                replace(lower(trim(tamano)), 'ñ', 'n') AS tamano
            ),
            try_strptime(left(trim(periodo), 7) || '-01', '%Y-%m-%d')::DATE AS month,
            {sql.padded_sql("region", 2)} AS region_code,
            nullif({sql.padded_sql("comuna", 5)}, '00000') AS comuna_code,
            trim(hs) AS hs_code,
            {sql.code_sql("pais")} AS country_code,
            CASE lower(trim(flujo)) {segment} END AS segment,
            {sql.decimal_sql("fob_usd", "DECIMAL(18, 2)")} AS fob_exact,
            {sql.decimal_sql("ventas_uf", "DECIMAL(18, 2)")} AS sales_uf,
            nullif(replace(lower(trim(tamano)), 'ñ', 'n'), '') AS size_class,
            {known.size_sql()} AS sales_class,
            nullif(trim(sector), '') AS declared_sector,
            {sql.number_sql("trabajadores")} AS n_workers
        FROM given
    """)
    connection.execute(
        f"CREATE TEMP TABLE entry AS SELECT * RENAME (fob_usd AS fob_text, fob_exact AS fob_usd), "
        f"{sound_sql()} AS is_sound FROM typed",
        {
            "countries": sorted(known.countries),
            "comunas": [*sorted(known.comunas), "00000"],
            "chapters": sorted(known.chapters),
            "today": this_month(),
        },
    )


def _rejected(connection: duckdb.DuckDBPyConnection, name: str, firms: Mapping[str, str]) -> list[Rejected]:
    """Return every wrong row once, with all that is wrong with it; the identifier is in none of the words."""
    reasons: dict[int, list[str]] = {}
    today, known = this_month(), codes()
    for line, row in _rows(connection, "NOT is_sound", firms):
        reasons[line] = faults(row, today, known) or ["la fila no se puede leer"]
    for lines, reason in [*_of_firms(connection, firms), *_of_repeats(connection), *_of_sizes(connection)]:
        for line in lines:
            if reason not in reasons.setdefault(line, []):
                reasons[line].append(reason)
    wrong = _rows(connection, "line IN (SELECT unnest(?::BIGINT[]))", firms, [list(reasons)])
    shown = {line: "; ".join(f"{name}={shown_cell(row, name)}" for name in TEXTS if row[name]) for line, row in wrong}
    return [Rejected(name, line, "; además, ".join(said), shown[line]) for line, said in reasons.items()]


def _rows(
    connection: duckdb.DuckDBPyConnection, where: str, firms: Mapping[str, str], values: Sequence[object] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Return rows as they were written, each with its line."""
    columns = ", ".join("fob_text" if field == "fob_usd" else field for field in TEXTS)
    found = connection.execute(f"SELECT line, {columns} FROM entry WHERE {where}", values).fetchall()
    rows = [(line, dict(zip(TEXTS, texts, strict=True))) for line, *texts in found]
    return [(line, row | {"exportador": firms[row["exportador"]]}) for line, row in rows]


def _of_firms(connection: duckdb.DuckDBPyConnection, firms: Mapping[str, str]) -> list[tuple[list[int], str]]:
    """Return the rows whose identifier cannot be believed: no identifier, a wrong check digit, a RUT without one."""
    only_digits = {firm for firm in firms.values() if firm.replace(".", "").isdigit()}
    mostly_ruts = sum(is_rut(firm) for firm in firms.values()) > len(only_digits)
    reasons: dict[str, str] = {}
    for number, firm in firms.items():
        if firm and (broken := fault_of_firm(firm)):
            reasons[number] = broken
        elif firm and NO_IDENTIFIER.fullmatch(firm):
            reasons[number] = "exportador no es un identificador; escriba el RUT con guion o su identificador"
        elif is_rut(firm) and not check_digit_fits(firm):
            reasons[number] = "exportador trae un RUT cuyo dígito verificador no corresponde; corríjalo"
        elif mostly_ruts and firm in only_digits:
            reasons[number] = (
                "exportador es sólo cifras y los demás son RUT con guion; agregue el guion y el dígito verificador"
            )
    if not reasons:
        return []
    found = connection.execute(
        "SELECT line, exportador FROM entry WHERE exportador IN (SELECT unnest(?::VARCHAR[]))", [list(reasons)]
    ).fetchall()
    return [([line], reasons[firm]) for line, firm in found]


def _of_repeats(connection: duckdb.DuckDBPyConnection) -> list[tuple[list[int], str]]:
    """Return the rows that say the same as an earlier one."""
    found = connection.execute(
        "SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY exporter_key, month, region_code, "
        "comuna_code, hs_code, country_code, segment, fob_usd) AS first FROM entry JOIN firm USING (exportador) "
        "WHERE is_sound) WHERE line > first"
    ).fetchall()
    return [
        ([line], f"fila repetida: dice lo mismo que la línea {thousands(first)}; quítela o sume las dos en una")
        for line, first in found
    ]


def _of_sizes(connection: duckdb.DuckDBPyConnection) -> list[tuple[list[int], str]]:
    """Return the rows that give a firm a second size in one year: the class is that of the year before, so one."""
    found = connection.execute("""
        WITH sized AS (
            SELECT line, exporter_key, year(month) AS year, coalesce(size_class, sales_class) AS size
            FROM entry JOIN firm USING (exportador)
            WHERE is_sound
        ), first AS (
            SELECT exporter_key, year, min(line) AS line, arg_min(size, line) AS size FROM sized GROUP BY ALL
        )
        SELECT sized.line, first.line FROM sized JOIN first USING (exporter_key, year) WHERE sized.size <> first.size
    """).fetchall()
    return [
        ([line], f"el exportador lleva otro tamaño que en la línea {thousands(first)} del mismo año; deje uno solo")
        for line, first in found
    ]
