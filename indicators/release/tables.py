"""Rows of an edition as Parquet and CSV, batch by batch, so that memory stays flat however long the table is."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from indicators.edition import Edition
from indicators.files.harmless import STARTS, cell_text

BATCH = 100_000
LOOKS_LIKE_FORMULA = r"^\s*[" + STARTS.replace("-", r"\-") + "]"


def write(
    edition: Edition, sql: str, params: Mapping[str, Any], *, parquet: Path, csv: Path, notes: Mapping[str, str]
) -> int:
    """Write the rows of a query to both files and return how many they are."""
    written = 0
    with ExitStack() as open_files:
        reader = edition.batches(sql, params, size=BATCH)
        schema = reader.schema.with_metadata(dict(notes))
        to_parquet = open_files.enter_context(pq.ParquetWriter(parquet, schema, compression="zstd"))
        to_csv = open_files.enter_context(pa_csv.CSVWriter(csv, schema))
        for batch in reader:
            to_parquet.write_batch(batch)
            to_csv.write_batch(harmless(batch))
            written += batch.num_rows
    return written


def harmless(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch with every text that looks like a formula made plain; nearly always the same batch."""
    columns = [_plain(column) if pa.types.is_string(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _plain(column: pa.Array) -> pa.Array:
    if not pc.any(pc.match_substring_regex(column, LOOKS_LIKE_FORMULA)).as_py():
        return column
    return pa.array([None if text is None else cell_text(text) for text in column.to_pylist()], column.type)
