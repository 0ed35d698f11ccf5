"""Daily series of the Banco Central as its API answers them: typed, a missing value NULL, nothing else."""

import json
import math
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from etl.errors import SourceError
from etl.raw.parsed import Parsed, Span, Task

SOURCE = "bcch"
UF, DOLLAR = "F073.UFF.PRE.Z.D", "F073.TCO.PRE.Z.D"
MISSING = {"", "nan", "nd"}
LARGEST = 64 << 20
LARGEST_VALUE = 10**12
SCHEMA = pa.schema([("series_id", pa.string()), ("observed_on", pa.date32()), ("value", pa.decimal128(18, 6))])


def is_answer(head: bytes) -> bool:
    """Tell whether a text begins as an answer of the bank's API does."""
    start = head.lstrip()[:64]
    return start.startswith(b"{") and b'"Codigo"' in start


def parse(task: Task) -> Parsed:
    """Write the observations as Parquet. Raises SourceError when an answer is an error or makes no sense."""
    rows = [row for answer in _answers(task) for row in _observations(answer, task.name)]
    if not rows:
        raise SourceError(f"{task.name}: no trae ninguna observación; repita «sync --bcch».")
    columns = [list(column) for column in zip(*sorted(rows), strict=True)]
    parquet.write_table(pa.table(columns, schema=SCHEMA), task.parquet)
    days = [day for _, day, _ in rows]
    span = Span(min(days).replace(day=1), max(days).replace(day=1))
    return Parsed(rows=len(rows), rows_read=len(rows), repaired={}, rejected=(), counts=(), span=span)


def _answers(task: Task) -> Iterator[dict[str, Any]]:
    """Return the answers that stand in the file one after the other."""
    if task.path.stat().st_size > LARGEST:
        raise SourceError(f"{task.name}: es demasiado grande para una serie del Banco Central.")
    text = task.path.read_text(encoding="utf-8", errors="replace").strip()
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        try:
            answer, place = decoder.raw_decode(text, place)
        except ValueError:
            raise SourceError(
                f"{task.name}: no es una respuesta entera del Banco Central; repita la descarga."
            ) from None
        yield answer
        while place < len(text) and text[place].isspace():
            place += 1
    task.progress.advance(len(text), rows=0)


def _observations(answer: dict[str, Any], name: str) -> Iterator[tuple[str, date, Decimal | None]]:
    try:
        if answer["Codigo"] != 0:
            raise SourceError(f"{name}: el Banco Central respondió con el código {answer['Codigo']}, no con la serie.")
        series = answer["Series"]
        for one in series["Obs"]:
            day = datetime.strptime(one["indexDateString"], "%d-%m-%Y").date()
            yield str(series["seriesId"]), day, _value(str(one.get("value") or ""))
    except (KeyError, TypeError, ValueError, InvalidOperation):
        raise SourceError(f"{name}: la serie del Banco Central no tiene la forma que se espera.") from None


def _value(text: str) -> Decimal | None:
    plain = text.strip()
    if plain.lower() in MISSING:
        return None
    value = Decimal(plain)
    if not math.isfinite(value) or abs(value) >= LARGEST_VALUE:
        raise ValueError(plain)
    return value.quantize(Decimal("0.000001"))
