"""The office's own register of exporters: every row must be right; firms are kept only as keyed hashes."""

import csv
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from editions.folders import REFERENCE
from etl.raw import amounts as sql
from etl.raw.amounts import Rule
from etl.raw.firm_key import RUT_IN_TEXT, check_digit_fits, exporter_key, is_rut, mark_of, masked, shown
from etl.raw.office_cells import read_counts, read_months, read_numbers, read_regions, read_tariff_codes, read_words
from etl.raw.office_table import read_kept, refuse_any
from etl.raw.parsed import Parsed, Task
from etl.raw.report import MonthCount, Rejected
from etl.raw.wording import thousands

# -- What each row of a register must be, and the words for a row that is not: what is wrong, what to do.

FIRST_MONTH = "1990-01"
SERVICES = "0025"
SEGMENTS = {"bienes": "goods", "servicios": "services", "rancho": "ship_supplies"}
SIZES = ("micro", "pequena", "mediana", "grande", "sin_informacion")
AMOUNT = "[0-9]{1,15}([.,]([0-9]{1,2}|[0-9]{4,}))?"  # three decimals may be thousands: 1.234
RULES = (
    Rule("periodo", "(19|20)[0-9]{2}-(0[1-9]|1[0-2])(-01)?", "un mes AAAA-MM"),
    Rule("exportador", "[^ ].{0,59}", "un identificador de hasta 60 caracteres"),
    Rule("region", "(0?[0-9]|1[0-6]|20)", "una región 01 a 16, 20 o 00"),
    Rule("comuna", "([0-9]{4,5})?", "una comuna de 5 cifras"),
    Rule("hs", "[0-9]{8}", "un código arancelario de 8 cifras"),
    Rule("pais", "[0-9]{1,4}", "un código de país de Aduanas"),
    Rule("flujo", f"({'|'.join(SEGMENTS)})", "bienes, servicios o rancho"),
    Rule("fob_usd", f"-?{AMOUNT}", "un número con punto o coma decimal, sin separador de miles"),
    Rule("tamano", f"({'|'.join(SIZES)})?", "micro, pequena, mediana, grande o sin_informacion"),
    Rule("ventas_uf", f"({AMOUNT})?", "un monto en UF, sin separador de miles ni signo"),
    Rule("sector", ".{0,80}", "un texto de hasta 80 caracteres"),
    Rule("trabajadores", "([0-9]{1,7})?", "un número entero de trabajadores"),
)
NEXT_STEP = {
    "periodo": "escriba por ejemplo 2025-01",
    "exportador": "escriba el RUT con guion o su identificador",
    "region": "use el código de dos cifras de la región de origen",
    "comuna": "use el código único territorial o déjela vacía",
    "hs": "dé formato de texto a la columna para que no pierda ceros",
    "pais": "use el código de Aduanas, no el nombre ni el ISO",
    "flujo": "elija una de las tres palabras",
    "fob_usd": "quite separadores de miles, símbolos y fórmulas",
    "tamano": "elija una de las cinco palabras, o deje la columna ventas_uf",
    "ventas_uf": "quite separadores de miles, símbolos y fórmulas",
    "sector": "acórtelo",
    "trabajadores": "escriba sólo cifras o déjelo vacío",
}
NO_IDENTIFIER = re.compile(
    r"[\W_0]*|s/?[ind]|sin rut|n/?a|null|nan|none|#.*|[0-9.,]+e[+]?[0-9]+",  # the last one: a number Excel shortened
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Codes:
    """The codes that a register may use."""

    countries: frozenset[str]
    comunas: frozenset[str]
    chapters: frozenset[str]
    bands: tuple[tuple[str, str], ...]  # size class, most yearly sales in UF ('' when open), from small to large

    def size_sql(self) -> str:
        """Return the size class that `sales_uf` gives, by the bands of SII; none sold is sin_informacion."""
        steps = " ".join(f"WHEN sales_uf <= {most} THEN '{size}'" for size, most in self.bands if most)
        last = next(size for size, most in self.bands if not most)
        return (
            f"CASE WHEN sales_uf IS NULL THEN NULL WHEN sales_uf = 0 THEN 'sin_informacion' {steps} ELSE '{last}' END"
        )


@functools.cache
def codes() -> Codes:
    """Return the codes of the reference tables."""
    bands: dict[str, str] = {}
    for row in _rows("sii_sales_classes"):
        if row["uf_min"]:
            bands[row["size_class"]] = row["uf_max"]
    return Codes(
        countries=frozenset(row["country_code"] for row in _rows("countries")),
        comunas=frozenset(row["comuna_code"] for row in _rows("comunas")),
        chapters=frozenset(row["hs_code"] for row in _rows("hs2")),
        bands=tuple(bands.items()),
    )


def _rows(table: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def this_month() -> str:
    """Return the present month, AAAA-MM: what lies beyond has not been exported yet."""
    return f"{datetime.now(UTC):%Y-%m}"


def sound_sql() -> str:
    """Return whether a row has nothing that `faults` would name; parameters: countries, comunas, chapters, today."""
    return (
        f"{sql.follows_sql(RULES)} AND left(trim(periodo), 7) BETWEEN '{FIRST_MONTH}' AND $today "
        f"AND coalesce({sql.padded_sql('comuna', 5)} IN (SELECT unnest($comunas)), true) "
        f"AND {sql.code_sql('pais')} IN (SELECT unnest($countries)) "
        f"AND left(trim(hs), 2) IN (SELECT unnest($chapters)) "
        f"AND (NOT starts_with(trim(hs), '{SERVICES}') OR flujo = 'servicios') "
        f"AND coalesce({sql.decimal_sql('fob_usd', 'DECIMAL(18, 2)')} <> 0, false) "
        f"AND coalesce(size_class = sales_class, size_class IS NOT NULL OR sales_class IS NOT NULL) "
        f"AND NOT regexp_matches(sector, '{RUT_IN_TEXT.pattern}')"
    )


def faults(row: Mapping[str, str], today: str, known: Codes) -> list[str]:
    """Return every fault of a row that `sound_sql` refuses: what it is and what to do, no identifier in it."""
    found = [_broken(rule, row) for rule in RULES]
    month, hs = row["periodo"].strip()[:7], row["hs"].strip()
    said = [text for text in found if text]
    broken = {rule.field for rule, text in zip(RULES, found, strict=True) if text}
    if "periodo" not in broken and not FIRST_MONTH <= month <= today:
        said.append(f"periodo «{month}» está fuera de {FIRST_MONTH} a {today}; revise el año")
    said += _unknown(row, broken, known)
    if "hs" not in broken and hs.startswith(SERVICES) and row["flujo"] != "servicios" and "flujo" not in broken:
        said.append(f"hs «{SERVICES}…» es de servicios y flujo dice «{row['flujo']}»; corrija uno de los dos")
    if "fob_usd" not in broken and float(row["fob_usd"].replace(",", ".")) == 0:
        said.append("fob_usd es cero; quite la fila o escriba el valor")
    said += _size_faults(row, broken)
    if "sector" not in broken and RUT_IN_TEXT.search(row["sector"]):
        said.append("sector parece traer un RUT; quítelo de esa columna")
    return said


def shown_cell(row: Mapping[str, str], field: str) -> str:
    """Return a cell as a message may show it: no firm can be told by it."""
    value = row[field].strip()
    if field == "exportador":
        return "•••"
    return masked(value) if field == "sector" else shown(value, row["exportador"].strip())


def fault_of_firm(exporter: str) -> str | None:
    """Return what is wrong with how an identifier is written."""
    return next(_broken(rule, {"exportador": exporter}) for rule in RULES if rule.field == "exportador")


def _broken(rule: Rule, row: Mapping[str, str]) -> str | None:
    value = row[rule.field].strip()
    if re.fullmatch(rule.pattern, value):
        return None
    what = NEXT_STEP[rule.field]
    if not value:
        return f"{rule.field} viene vacío; {what}"
    cell = "" if rule.field == "exportador" else f" «{shown_cell(row, rule.field)}»"
    return f"{rule.field}{cell} no es {rule.said}; {what}"


def _unknown(row: Mapping[str, str], broken: set[str], known: Codes) -> list[str]:
    comuna, country, hs = (row[field].strip() for field in ("comuna", "pais", "hs"))
    found = []
    if "comuna" not in broken and comuna.strip("0") and comuna.zfill(5) not in known.comunas:
        found.append(("comuna", shown_cell(row, "comuna"), "use el código único territorial o déjela vacía"))
    if "pais" not in broken and str(int(country)) not in known.countries:
        found.append(("pais", shown_cell(row, "pais"), "use el código de Aduanas, de data/reference/countries.csv"))
    if "hs" not in broken and hs[:2] not in known.chapters:
        found.append(("hs", f"{hs[:2]}…", "revise el capítulo, sus dos primeras cifras"))
    return [f"{field} «{value}» no está en la tabla de códigos; {hint}" for field, value, hint in found]


def _size_faults(row: Mapping[str, str], broken: set[str]) -> list[str]:
    size, sales = row["tamano"].strip(), row["ventas_uf"].strip()
    if broken & {"tamano", "ventas_uf"}:
        return []
    if not size and not sales:
        return ["tamano y ventas_uf vienen vacíos; escriba uno, o sin_informacion"]
    return [f"tamano «{size}» no es la clase de sus ventas_uf; corrija uno de los dos"] if size and sales else []


# -- The office's own register of exporters: every row must be right; firms are kept only as keyed hashes.

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
    for line, row in _register_rows(connection, "NOT is_sound", firms):
        reasons[line] = faults(row, today, known) or ["la fila no se puede leer"]
    for lines, reason in [*_of_firms(connection, firms), *_of_repeats(connection), *_of_sizes(connection)]:
        for line in lines:
            if reason not in reasons.setdefault(line, []):
                reasons[line].append(reason)
    wrong = _register_rows(connection, "line IN (SELECT unnest(?::BIGINT[]))", firms, [list(reasons)])
    shown = {line: "; ".join(f"{name}={shown_cell(row, name)}" for name in TEXTS if row[name]) for line, row in wrong}
    return [Rejected(name, line, "; además, ".join(said), shown[line]) for line, said in reasons.items()]


def _register_rows(
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
