"""Daily series of the Banco Central as its API answers them: typed, a missing value NULL, nothing else."""

import json
import math
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from editions.errors import SourceError
from etl.raw.parsed import Parsed, Span, Task

SOURCE = "bcch"
UF, DOLLAR = "F073.UFF.PRE.Z.D", "F073.TCO.PRE.Z.D"
MISSING = {"", "nan", "nd"}
LARGEST = 64 << 20
PLAUSIBLE = {UF: (10_000, 1_000_000), DOLLAR: (100, 100_000)}  # pesos; since 2010 they stay far within
Observation = tuple[str, date, Decimal | None]  # series, day, value
SCHEMA = pa.schema([("series_id", pa.string()), ("observed_on", pa.date32()), ("value", pa.decimal128(18, 6))])


def is_answer(head: bytes) -> bool:
    """Tell whether a text begins as an answer of the bank's API does."""
    start = head.lstrip()[:64]
    return start.startswith(b"{") and b'"Codigo"' in start


def parse(task: Task) -> Parsed:
    """Write the observations as Parquet. Raises SourceError when an answer is an error or makes no sense."""
    if task.path.stat().st_size > LARGEST:
        raise SourceError(f"{task.name}: es demasiado grande para una serie del Banco Central.")
    rows = observations(task.path.read_text(encoding="utf-8", errors="replace"), task.name)
    task.progress.advance(task.path.stat().st_size, rows=len(rows))
    columns = [list(column) for column in zip(*rows, strict=True)]
    parquet.write_table(pa.table(columns, schema=SCHEMA), task.parquet)
    days = [day for _, day, _ in rows]
    span = Span(min(days).replace(day=1), max(days).replace(day=1))
    return Parsed(rows=len(rows), rows_read=len(rows), repaired={}, rejected=(), counts=(), span=span)


def observations(text: str, name: str) -> list[Observation]:
    """Return what the answers in a text say, in order. Raises SourceError when one is an error or makes no sense."""
    values: dict[tuple[str, date], Decimal | None] = {}
    for answer in _answers(text.strip(), name):
        for series, day, value in _observations(answer, name):
            if values.setdefault((series, day), value) != value:
                raise SourceError(f"{name}: la serie {series} trae dos valores para el {day:%d-%m-%Y}.")
    if not values:
        raise SourceError(f"{name}: no trae ninguna observación; repita «sync --bcch».")
    return [(series, day, values[series, day]) for series, day in sorted(values)]


def code_of(answer: Any) -> int:
    """Return the code of an answer, which may be written as text. Raises ValueError, KeyError or TypeError."""
    return int(answer["Codigo"])


def _answers(text: str, name: str) -> Iterator[Any]:
    """Return the answers that stand in the text one after the other."""
    decoder, position = json.JSONDecoder(), 0
    while position < len(text):
        try:
            answer, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            raise SourceError(f"{name}: no es una respuesta entera del Banco Central; repita la descarga.") from None
        yield answer
        while position < len(text) and text[position].isspace():
            position += 1


def _observations(answer: Any, name: str) -> Iterator[Observation]:
    try:
        if code_of(answer) != 0:
            raise SourceError(f"{name}: el Banco Central respondió con el código {answer['Codigo']}, no con la serie.")
        series = answer["Series"]
        series_id, observed = series["seriesId"], series["Obs"]
        for one in observed:
            day = datetime.strptime(one["indexDateString"], "%d-%m-%Y").date()
            yield series_id, day, _value(one.get("value"), series_id)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        raise SourceError(f"{name}: la serie del Banco Central no tiene la forma que se espera.") from None


def _value(given: Any, series_id: str) -> Decimal | None:
    """Return a value of a series, None where there is none. Raises ValueError for one that series never had."""
    plain = "" if given is None else str(given).strip()
    if plain.lower() in MISSING:
        return None
    value, (least, most) = Decimal(plain), PLAUSIBLE[series_id]
    if not math.isfinite(value) or not least <= value <= most:
        raise ValueError(plain)
    return value.quantize(Decimal("0.000001"))
