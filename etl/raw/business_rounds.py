"""Business rounds (encuentros) that an office keeps: one row per edition of an event; what is unknown stays NULL."""

import calendar
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from etl.raw.office_cells import read_counts, read_days, read_numbers, read_regions
from etl.raw.office_table import Kept, read_kept, refuse_any
from etl.raw.parsed import Parsed, Span, Task
from etl.raw.report import Rejected
from etl.raw.wording import plain, thousands

SOURCE = "encuentros"
DAY = re.compile(r"((?:19|20)[0-9]{2})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")
COUNT = re.compile("[0-9]{1,7}")
AMOUNT = re.compile("[0-9]{1,13}([.,][0-9]{1,2})?")
ADDRESS = re.compile(r"https?://[^\s;<>]+")
REGION = re.compile("0[1-9]|1[0-6]|CL")
PRECISION = ("year", "month", "day")
TEXTS = {"encuentro": "event", "version": "edition", "lugar": "place", "organizador": "organiser"}
COUNTS = {
    "empresas": "n_companies",
    "exportadores": "n_exporters",
    "compradores": "n_buyers",
    "paises": "n_countries",
    "rondas": "n_rounds",
}
AMOUNTS = {"negocios_esperados_usd": "expected_usd", "negocios_cerrados_usd": "closed_usd"}
READERS = (
    {"inicio": read_days, "termino": read_days, "region": read_regions}
    | dict.fromkeys(COUNTS, read_counts)
    | dict.fromkeys(AMOUNTS, read_numbers)
)
STAGED = pa.schema(
    [(name, pa.string()) for name in ("event", "edition")]
    + [("starts_on", pa.date32()), ("ends_on", pa.date32()), ("date_precision", pa.string())]
    + [(name, pa.string()) for name in ("place", "region_code", "organiser")]
    + [(name, pa.int64()) for name in COUNTS.values()]
    + [(name, pa.decimal128(18, 2)) for name in AMOUNTS.values()]
    + [(name, pa.string()) for name in ("sector", "note", "source", "source_url")]
)


def parse(task: Task) -> Parsed:
    """Write the events as Parquet. Raises RowsRejectedError with all wrong rows if there is any."""
    kept = read_kept(task, SOURCE, READERS)
    rows = [{name: value.strip() for name, value in row.items() if name != "line"} for row in kept.rows.to_pylist()]
    refuse_any(task.name, [*kept.misshapen, *_rejected(task.name, kept, rows)], kept.rows_read)
    typed = [_typed(row) for row in rows]
    parquet.write_table(pa.Table.from_pylist(typed, STAGED), task.parquet)
    first, last = min(row["starts_on"] for row in typed), max(row["ends_on"] for row in typed)
    return Parsed(
        rows=kept.rows_read,
        rows_read=kept.rows_read,
        repaired={},
        rejected=(),
        counts=(),
        span=Span(first.replace(day=1), last.replace(day=1)),
        notes=(f"{thousands(len(typed))} encuentros de {first.year} a {last.year}.", *kept.notes),
    )


def _rejected(name: str, kept: Kept, rows: list[dict[str, str]]) -> list[Rejected]:
    lines = kept.rows.column("line").to_pylist()
    first: dict[tuple[str, str], int] = {}
    found = []
    for line, row in zip(lines, rows, strict=True):
        said = _faults(row)
        before = first.setdefault((plain(row["encuentro"]), plain(row["version"])), line)
        if before != line:
            said.append(f"la versión ya está en la línea {thousands(before)}; deje una sola fila por versión")
        if said:
            found.append(Rejected(name, line, "; además, ".join(said), ""))
    return found


def _faults(row: Mapping[str, str]) -> list[str]:
    """Return every fault of a row: what it is and what to do."""
    said = [f"{name} viene vacío; escríbalo" for name in ("encuentro", "version", "inicio", "fuente") if not row[name]]
    for name in ("inicio", "termino"):
        if row[name] and _days(row[name]) is None:
            said.append(f"{name} «{row[name][:40]}» no es una fecha AAAA-MM-DD, AAAA-MM o AAAA; corríjala")
    first, last = _days(row["inicio"]), _days(row["termino"] or row["inicio"])
    if first and last and last[1] < first[0]:
        said.append(f"termino «{row['termino']}» es anterior a inicio «{row['inicio']}»; corrija uno de los dos")
    if not REGION.fullmatch(row["region"] or ""):
        said.append(f"region «{row['region'][:40]}» no es una región 01 a 16 ni CL; use su código")
    wrong = {name: "un número entero sin puntos" for name in COUNTS if row[name] and not COUNT.fullmatch(row[name])}
    wrong |= {
        name: "un monto en US$ sin separador de miles"
        for name in AMOUNTS
        if row[name] and not AMOUNT.fullmatch(row[name])
    }
    said += [f"{name} «{row[name][:40]}» no es {what}; si no se sabe, déjelo vacío" for name, what in wrong.items()]
    return said


def _days(text: str) -> tuple[date, date, str] | None:
    """Return the first and the last day that a date of any precision covers."""
    found = DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or (month and day and day > calendar.monthrange(year, month)[1]):
        return None
    last_month = month or 12
    last_day = day or calendar.monthrange(year, last_month)[1]
    precision = PRECISION[sum(part is not None for part in (month, day))]
    return date(year, month or 1, day or 1), date(year, last_month, last_day), precision


def _typed(row: Mapping[str, str]) -> dict[str, Any]:
    starts, ends = _days(row["inicio"]), _days(row["termino"] or row["inicio"])
    assert starts is not None and ends is not None  # noqa: S101  the row passed its faults
    typed: dict[str, Any] = {ours: row[name] or None for name, ours in TEXTS.items()}
    typed |= {
        "starts_on": starts[0],
        "ends_on": ends[1],
        "date_precision": min(starts[2], ends[2], key=PRECISION.index),
    }
    typed |= {ours: int(row[name]) if row[name] else None for name, ours in COUNTS.items()}
    typed |= {ours: Decimal(row[name].replace(",", ".")) if row[name] else None for name, ours in AMOUNTS.items()}
    address = ADDRESS.findall(row["fuente"])
    return typed | {
        "region_code": row["region"],
        "sector": row["sector"] or None,
        "note": row["nota"] or None,
        "source": row["fuente"],
        "source_url": " ".join(address) or None,
    }
