"""What each row of a register must be, and the words for a row that is not: what is wrong, what to do."""

import csv
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from etl.paths import REFERENCE
from etl.raw import fields as sql
from etl.raw.fields import Rule
from etl.raw.firm_key import RUT_IN_TEXT, masked, shown

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
