"""Files made to kill the process that opens them: the load lives, says one sentence and keeps nothing."""

import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from editions.errors import SourceError
from editions.folders import REPOSITORY, Workspace
from etl.raw import confined
from etl.raw.confined import Limits, Stranger
from etl.raw.rar import has_end
from etl.raw.stage import stage
from tests.etl.fixtures import archives
from tests.etl.fixtures.months import N_ITEMS, sound_lines, stage_bytes, stage_one
from tests.etl.test_raw_register_mistakes import GOOD, HEADER

TEXT = b"\n".join(sound_lines()) + b"\n"
NAMES = HEADER.split(";")
LONG_COMMENT = "x" * 70_000


@pytest.mark.parametrize("make", [archives.rar5, archives.rar4], ids=["rar5", "rar4"])
def test_a_rar_with_a_comment_is_refused_before_the_library_sees_it(make, tmp_path: Path) -> None:
    hostile = make({"enero.txt": TEXT}, comment=LONG_COMMENT)
    with pytest.raises(SourceError, match=r"enero\.rar: el RAR trae un comentario"):
        stage_bytes(hostile, tmp_path, name="enero.rar")


def test_the_library_is_opened_without_a_buffer_that_a_comment_could_overflow(tmp_path: Path) -> None:
    path = tmp_path / "enero.rar"
    path.write_bytes(archives.rar5({"enero.txt": TEXT}, comment=LONG_COMMENT))
    code = "import sys; from pathlib import Path; from etl.raw.rar import _opened\n"
    code += "for _ in range(20):\n    with _opened(Path(sys.argv[1]), 'enero.rar'): pass"
    result = subprocess.run([sys.executable, "-c", code, str(path)], cwd=REPOSITORY, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")


def test_a_rar_is_whole_when_its_headers_lead_to_its_end(tmp_path: Path) -> None:
    for make in (archives.rar5, archives.rar4):
        content = make({"a.txt": TEXT, "b.txt": TEXT})
        for size in (len(content), len(content) - 1, len(content) // 2, 20, 7, 3):
            (tmp_path / "x.rar").write_bytes(content[:size])
            assert has_end(tmp_path / "x.rar") == (size == len(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_a_zip_packed_with_what_swells_inside_the_library_is_refused(method: int, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="usa una compresión ZIP que no se puede leer"):
        stage_bytes(archives.zipped({"enero.txt": bytes(20 << 20)}, method=method), tmp_path, name="enero.zip")


def test_a_zip_with_a_comment_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO(archives.zipped({"enero.txt": TEXT}))
    with zipfile.ZipFile(buffer, "a") as packed:
        packed.comment = b"x" * 1000
    with pytest.raises(SourceError, match="el ZIP trae un comentario"):
        stage_bytes(buffer.getvalue(), tmp_path, name="enero.zip")


def workbook_with(sheet: bytes, strings: bytes) -> bytes:
    """A workbook as Excel writes it, with these two parts of our own."""
    buffer, out = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet().write(0, 0, "a")
    with zipfile.ZipFile(buffer) as sound, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sound.namelist():
            own = {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings}
            packed.writestr(name, own.get(name, sound.read(name)))
    return out.getvalue()


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def far_cell() -> bytes:
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return workbook_with(b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (MAIN, cells), b"<sst %s/>" % MAIN)


def repeated_strings() -> bytes:
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 100_001))
    strings = b"<sst %s><si><t>%s</t></si></sst>" % (MAIN, b"x" * 100_000)
    return workbook_with(b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (MAIN, cells), strings)


def swelling_parquet(n_rows: int) -> bytes:
    place, buffer = pa.array(np.zeros(n_rows, np.int32)), io.BytesIO()
    columns = [pa.DictionaryArray.from_arrays(place, ["x" * 5000]) for _ in NAMES]
    parquet.write_table(pa.table(dict(zip(NAMES, columns, strict=True))), buffer, compression="zstd")
    return buffer.getvalue()


BOMBS = {
    "a cell in the last corner": (far_cell, "bomba.xlsx"),
    "one long text in many cells": (repeated_strings, "bomba.xlsx"),
    "a Parquet of one text repeated": (lambda: swelling_parquet(200_000), "bomba.parquet"),
    "a Parquet of too many rows": (lambda: swelling_parquet(2_000_001), "bomba.parquet"),
}


@pytest.mark.parametrize("case", BOMBS)
def test_a_small_file_that_swells_is_refused_with_a_sentence_and_leaves_nothing(case: str, tmp_path: Path) -> None:
    make, name = BOMBS[case]
    content = make()
    assert len(content) < 1 << 20
    with pytest.raises(SourceError, match=rf"^{name}: (al abrirlo|abrirlo|trae|está dañado).*(CSV|así)\.$"):
        stage_bytes(content, tmp_path, name=name)
    assert [path for path in (tmp_path / "data").rglob("*") if path.is_file()] == []


def test_a_workbook_with_a_part_packed_as_excel_never_does_is_refused(tmp_path: Path) -> None:
    buffer, out, book = io.BytesIO(), io.BytesIO(), openpyxl.Workbook()
    book.active.append(NAMES)
    book.active.append(list(GOOD.values()))
    book.save(buffer)
    with zipfile.ZipFile(buffer) as sound, zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as packed:
        for name in sound.namelist():
            packed.writestr(name, sound.read(name))
    with pytest.raises(SourceError, match="compresión que Excel no usa"):
        stage_bytes(out.getvalue(), tmp_path, name="registro.xlsx")


DEATHS = {
    "crash": r"está dañado o hecho para dañar: el programa que lo abre se detuvo \(SIGSEGV\)",
    "take_memory": "al abrirlo pide más de 512 MB de memoria",
    "run_for_ever": "abrirlo toma más de 1 segundos",
    "write_for_ever": "al abrirlo crece a más de 1 MB",
}


@pytest.mark.parametrize("death", DEATHS)
def test_each_way_to_die_is_a_sentence_with_file_cause_and_next_step(death: str, tmp_path: Path) -> None:
    path = tmp_path / "received"
    path.write_bytes(b"x")
    limits = Limits(memory=512 << 20, seconds=1, written=1 << 20)
    with pytest.raises(SourceError, match=rf"^enero\.rar: {DEATHS[death]}.*; no se abre; pida otro\.$"):
        confined.run(f"tests.etl.fixtures.deaths:{death}", on=Stranger(path, "enero.rar", "pida otro"), limits=limits)
    assert list(tmp_path.iterdir()) == [path]


def test_the_other_process_knows_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCCH_PASS", "clave")
    (tmp_path / "received").write_bytes(b"x")
    stranger = Stranger(tmp_path / "received", "enero.rar", "pida otro")
    with confined.run("tests.etl.fixtures.deaths:tell_environment", on=stranger) as answer:
        assert b"BCCH" not in answer.read()


def test_a_huge_file_is_refused_by_its_size_before_a_byte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "enero.txt"
    with path.open("wb") as sparse:
        sparse.truncate(1 << 40)
    started = time.monotonic()
    with pytest.raises(SourceError, match=r"enero\.txt: mide 1048576 MB"):
        stage(path, Workspace(tmp_path / "data"))
    assert time.monotonic() - started < 5


def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "enero.txt")
    with pytest.raises(SourceError, match=r"enero\.txt: no es un archivo"):
        stage(tmp_path / "enero.txt", Workspace(tmp_path / "data"))


def test_a_sound_archive_passes_through_the_other_process_unchanged(tmp_path: Path) -> None:
    assert stage_one(archives.rar5({"enero.txt": TEXT}), tmp_path, name="enero.rar").passport.rows == N_ITEMS
