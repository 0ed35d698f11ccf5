"""A table as Parquet: typed columns; question, definition, source and edition in the file's own metadata."""

import io
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from indicators.files.table import MONTH, OWN, Cell, Column, Table
from indicators.language import t


def as_parquet(table: Table) -> bytes:
    """Return the file; its key-value metadata holds every note and mark."""
    arrays = [pa.array(cells, _type(column, cells)) for column, cells in _by_column(table)]
    fields = [
        pa.field(column.name, array.type, metadata={"title": t(column.title), "unit": column.unit or ""})
        for column, array in zip(table.columns, arrays, strict=True)
    ]
    said = {"avisos": "\n".join(table.marks)}
    for note in table.notes:  # of several answers, several notes bear one name
        said[note.name] = f"{said[note.name]}\n{note.text}" if note.name in said else note.text
    packed = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=said)), packed, compression="zstd")
    return packed.getvalue()


def _by_column(table: Table) -> list[tuple[Column, list[Cell]]]:
    return [(column, [row[place] for row in table.rows]) for place, column in enumerate(table.columns)]


def _type(column: Column, cells: list[Cell]) -> Any:
    if column.unit == OWN:
        return None  # Arrow tells by the cells
    if any(isinstance(cell, date) for cell in cells):
        return pa.date32()
    return pa.string() if column.unit in (None, MONTH) else pa.float64()
