"""Writes the release: same edition, same bytes; whole or not at all."""

import csv
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from tqdm import tqdm

from editions.edition import Edition
from editions.writing import write_whole
from indicators.engine.answer import answer
from indicators.files.table import STARTS, cell_text
from indicators.question.question import Question
from indicators.receipts.receipt import as_json, receipt
from indicators.release.contents import (
    Part,
    Written,
    columns_of,
    datapackage,
    hashed,
    headline_questions,
    parts_of,
    readme,
    refuse_private,
    years_of,
)
from words.language import t

EARLIEST = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no earlier day, and a machine's clock may
DEMO_NAME = "DEMO_NO_CITAR"  # a table taken out of the ZIP still says what it is


def release(edition: Edition, out: Path) -> list[str]:
    """Write the edition to `out` and return the names of what is in it. Raises ReleaseError for a private edition."""
    refuse_private(edition)
    for folder in out.parent.glob(".release-????????"):  # of a killed run of an earlier version
        if all(one.suffix in (".csv", ".parquet") for one in folder.glob("**/*") if one.is_file()):
            shutil.rmtree(folder, ignore_errors=True)
    names: list[str] = []
    write_whole(out, lambda beside: names.extend(_fill(edition, beside)))
    return names


def _fill(edition: Edition, path: Path) -> list[str]:
    """Fill the ZIP; the bar counts tables by year, then receipts."""
    pieces = [(part, year) for part in parts_of(edition) for year in years_of(edition, part)]
    questions = headline_questions()
    stamp = max(edition.built_at.timetuple()[:6], EARLIEST)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.") as folder,
        tqdm(
            total=len(pieces) + len(questions), desc=t("Entrega"), unit=t("archivo"), disable=None, leave=False
        ) as bar,
    ):
        box = _Box(archive, stamp)
        files: list[Written] = []
        for part, year in pieces:
            files += _tables(edition, part, year, box, Path(folder))
            bar.update()
        for name, question in questions.items():
            made = as_json(receipt(edition, answer(edition, Question.parse(question))))
            box.text(f"recibos/{name}.json", made)
            bar.update()
        for name, text in _dictionary(edition):
            box.text(f"diccionario/{name}.csv", text)
        box.text("datapackage.json", json.dumps(datapackage(edition, files), ensure_ascii=False, indent=2) + "\n")
        box.text("LEEME.md", readme(edition, files))
        return archive.namelist()


class _Box:
    """A ZIP whose entries all bear the edition's own time."""

    def __init__(self, archive: zipfile.ZipFile, stamp: tuple[int, int, int, int, int, int]) -> None:
        self.archive, self.stamp = archive, stamp

    def text(self, name: str, text: str) -> None:
        self.archive.writestr(self._entry(name), text)

    def file(self, name: str, path: Path) -> None:
        with path.open("rb") as source, self.archive.open(self._entry(name), "w", force_zip64=True) as target:
            while piece := source.read(1 << 20):
                target.write(piece)

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self.stamp)
        is_packed = name.endswith(".parquet")  # compressed already
        entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        return entry


def _tables(edition: Edition, part: Part, year: int | None, box: _Box, folder: Path) -> list[Written]:
    """Write one table, or one year of it, in both formats."""
    stem = part.name if year is None else f"{part.name}_{year}"
    stem = f"{DEMO_NAME}_{stem}" if edition.is_demo else stem
    paths = {kind: folder / f"{stem}.{kind}" for kind in ("parquet", "csv")}
    columns = tuple(column["column_name"] for column in columns_of(edition, part))
    notes = {"edicion": edition.id, "tabla": part.table, "demo": str(edition.is_demo).lower()}
    params = {} if year is None else {"year": year}
    rows = write(edition, part.select(columns), params, parquet=paths["parquet"], csv=paths["csv"], notes=notes)
    files = []
    for kind, path in paths.items():
        inside = f"datos/{part.name}/{path.name}" if part.by_year else f"datos/{path.name}"
        box.file(inside, path)
        name = f"{stem}-{kind}".replace("_", "-").lower()
        files.append(Written(part, name, inside, rows, path.stat().st_size, hashed(path)))
        path.unlink()
    return files


def _dictionary(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield what each table and each column of the release is, as CSV."""
    described = {row["table_name"]: row for row in edition.rows("SELECT * FROM meta_table")}
    known = [(part, described.get(part.table, {})) for part in parts_of(edition)]
    heads = ("tabla", "en_la_edicion", "descripcion", "grano")
    yield "tablas", _csv(heads, [(p.name, p.table, d.get("description"), d.get("grain")) for p, d in known])
    names = ("column_name", "data_type", "unit", "description")
    columns = [
        (part.name, *(column[name] for name in names))
        for part in parts_of(edition)
        for column in columns_of(edition, part)
    ]
    yield "columnas", _csv(("tabla", "columna", "tipo", "unidad", "descripcion"), columns)


def _csv(heading: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([None if cell is None else cell_text(cell) for cell in row] for row in rows)
    return text.getvalue()


# -- Rows of an edition as Parquet and CSV, batch by batch, so that memory stays flat however long the table
# is.

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
