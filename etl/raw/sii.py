"""Counts of firms of SII (`PUB_*.xlsb`): years as floats, `*` for what is hidden, region names of its own."""

import csv
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from editions.errors import SourceError
from editions.folders import REFERENCE
from etl.raw.cells import Sheet, find_sheet
from etl.raw.parsed import Parsed, Span, Task
from etl.raw.wording import plain, thousands

BY_COMUNA, BY_SIZE, BY_ACTIVITY = "sii_comuna", "sii_tramo", "sii_rubro"
SOURCES = (BY_COMUNA, BY_SIZE, BY_ACTIVITY)
HIDDEN = "*"
YEARS = range(1990, 2100)
MOST = 10**15
UNKNOWN = "sin informacion"
HEADER = {  # our column → how its title in the workbook begins, in plain letters
    "year": "ano comercial",
    "region": "region",
    "comuna": "comuna",
    "size": "tramo segun ventas",
    "activity": "rubro",
    "n_firms": "numero de empresas",
    "sales_uf": "ventas anuales en uf",
    "workers_dependent": "numero de trabajadores dependientes informados",
    "workers_fee": "numero de trabajadores a honorarios informados",
}
SIZES = {  # a word of the tranche, of the five or the thirteen → our size class
    "sin": "sin_informacion",
    "micro": "micro",
    "pequena": "pequena",
    "mediana": "mediana",
    "gran": "grande",
    "grande": "grande",
}
OWN_SPELLING = {  # SII's names of places → those of the official code table
    "coihaique": "coyhaique",
    "aisen": "aysen",
    "paihuano": "paiguano",
    "marchigue": "marchihue",
    "la calera": "calera",
    "titil": "tiltil",
    "til til": "tiltil",
    "llay llay": "llaillay",
}
STAGED = pa.schema(
    [
        ("year", pa.int32()),
        ("region_code", pa.string()),
        ("comuna_code", pa.string()),
        ("size_class", pa.string()),
        ("activity", pa.string()),
        ("n_firms", pa.int64()),
        ("sales_uf", pa.decimal128(18, 2)),
        ("workers_dependent", pa.int64()),
        ("workers_fee", pa.int64()),
        ("is_masked", pa.bool_()),
    ]
)


class _CellError(ValueError):
    """A cell that is not what its column holds; the text says what."""


@dataclass(frozen=True)
class _Places:
    regions: Mapping[str, str]
    comunas: Mapping[tuple[str, str], str]


def is_sii(names: frozenset[str]) -> bool:
    """Tell whether these column titles are those of a workbook of SII."""
    return {HEADER["year"], HEADER["n_firms"]} <= names and any(name.startswith("region") for name in names)


def kind_of(names: Sequence[str]) -> str:
    """Return which workbook it is, by what it breaks the firms down by."""
    found = _columns(names)
    if "activity" in found:
        return BY_ACTIVITY
    if "comuna" in found:
        return BY_COMUNA
    return BY_SIZE


def parse(task: Task) -> Parsed:
    """Write the counts as Parquet. Raises SourceError, naming the row, for a place or number it cannot read."""
    sheet = find_sheet(task.path, task.name, is_sii)
    if sheet is None:  # recognised by the same names a moment ago
        raise SourceError(f"{task.name}: ninguna hoja trae el encabezado del SII; vuelva a descargarlo de sii.cl.")
    source_id, found = kind_of(sheet.names), _columns(sheet.names)
    if source_id == BY_SIZE and "size" not in found:
        raise SourceError(f"{task.name}: no separa las empresas por tramo, comuna ni rubro; cargue PUB_TRAM5_REG.xlsb.")
    rows = list(_rows(sheet, task, found))
    if not rows:
        raise SourceError(f"{task.name}: sólo trae el encabezado; vuelva a descargarlo de sii.cl.")
    task.progress.advance(task.path.stat().st_size, rows=len(rows))
    parquet.write_table(pa.Table.from_pylist(rows, STAGED), task.parquet)
    years = sorted({row["year"] for row in rows})
    masked = sum(row["is_masked"] for row in rows)
    notes = [f"{thousands(len(rows))} filas de {years[0]} a {years[-1]}."]
    if masked:
        notes.append(f"{thousands(masked)} con ventas ocultas por el SII («*»): quedan sin dato, nunca 0.")
    return Parsed(
        rows=len(rows),
        rows_read=len(rows),
        repaired={},
        rejected=(),
        counts=(),
        span=Span(date(years[0], 1, 1), date(years[-1], 12, 1)),
        notes=tuple(notes),
    )


def _columns(names: Sequence[str]) -> dict[str, int]:
    """Return where our columns are: the first title that begins as expected."""
    return {
        ours: next(place for place, name in enumerate(names) if name.startswith(title))
        for ours, title in HEADER.items()
        if any(name.startswith(title) for name in names)
    }


def _rows(sheet: Sheet, task: Task, found: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for number, cells in enumerate(sheet.rows(), sheet.header_at + 1):
        row = {ours: cells[place] for ours, place in found.items()}
        if row["year"] in ("", None):
            continue  # blank rows and notes under the table
        try:
            yield _typed(row)
        except _CellError as error:
            raise SourceError(
                f"{task.name}, hoja «{sheet.name}», fila {thousands(number)}: {error}; vuelva a descargarlo de sii.cl "
                f"o, si es un nombre nuevo, agréguelo a data/reference."
            ) from error


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    region_code = _region(str(row["region"]))
    hidden = row.get("sales_uf") == HIDDEN
    return {
        "year": _year(row["year"]),
        "region_code": region_code,
        "comuna_code": _comuna(str(row["comuna"]), region_code) if "comuna" in row else None,
        "size_class": _size(str(row["size"])) if "size" in row else None,
        "activity": str(row["activity"]).strip() if "activity" in row else None,
        "n_firms": _whole(row["n_firms"], "el número de empresas"),
        "sales_uf": None if hidden or "sales_uf" not in row else _amount(row["sales_uf"]),
        "workers_dependent": _whole(row.get("workers_dependent"), "trabajadores dependientes"),
        "workers_fee": _whole(row.get("workers_fee"), "trabajadores a honorarios"),
        "is_masked": hidden,
    }


def _whole(cell: Any, what: str) -> int | None:
    """Return a count; SII writes it as a float. A hidden or empty one is None."""
    if cell in (None, "", HIDDEN):
        return None
    if not _is_amount(cell) or cell != int(cell) or cell < 0:
        raise _CellError(f"{what} «{cell}» no es un número entero")
    return int(cell)


def _amount(cell: Any) -> Any:
    if cell in (None, ""):
        return None
    if not _is_amount(cell):
        raise _CellError(f"las ventas «{cell}» no son un número")
    return pa.scalar(f"{cell:.2f}").cast(pa.decimal128(18, 2)).as_py()


def _is_amount(cell: Any) -> bool:
    """Tell whether a cell holds a number that a count or a sum of sales may be."""
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) <= MOST  # not so for NaN


def _year(cell: Any) -> int:
    year = _whole(cell, "el año")
    if year is None or year not in YEARS:
        raise _CellError(f"el año «{cell}» no es de estas estadísticas")
    return year


def _region(name: str) -> str:
    """Return the region's code; 00 when SII does not know it."""
    words = f" {plain(name)} "
    if UNKNOWN in words:
        return "00"
    words = words.replace(" aisen ", " aysen ").replace(" bio bio ", " biobio ")
    found = [code for known, code in _places().regions.items() if f" {known} " in words]
    if len(found) != 1:
        raise _CellError(f"no se reconoce la región «{name}»")
    return found[0]


def _comuna(name: str, region_code: str) -> str:
    """Return the comuna's code; 00000 when SII does not know it."""
    words = plain(name)
    if words == UNKNOWN:
        return "00000"
    code = _places().comunas.get((OWN_SPELLING.get(words, words), region_code))
    if code is None:
        raise _CellError(f"no se reconoce la comuna «{name}» en la región {region_code}")
    return code


def _size(name: str) -> str:
    found = {size for word, size in SIZES.items() if word in plain(name).split()}
    if len(found) != 1:
        raise _CellError(f"no se reconoce el tramo «{name}»")
    return found.pop()


@functools.cache
def _places() -> _Places:
    with (REFERENCE / "regions.csv").open(encoding="utf-8", newline="") as table:
        regions = {
            plain(row["name"]): row["region_code"] for row in csv.DictReader(table) if row["is_region"] == "true"
        }
    with (REFERENCE / "comunas.csv").open(encoding="utf-8", newline="") as table:
        comunas = {
            (plain(row["name"]), row["region_code"]): row["comuna_code"]
            for row in csv.DictReader(table)
            if row["is_current"] == "true"
        }
    return _Places(regions, comunas)
