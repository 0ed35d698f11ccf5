"""The register as CSV, workbook and Parquet gives the same rows; no RUT is written anywhere."""

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from editions.errors import SourceError
from editions.folders import Workspace
from editions.store import current_id, edition_path
from etl import __main__ as command
from etl.load import load, rebuild
from etl.progress import quiet
from etl.raw.firm_key import exporter_key
from etl.raw.report import RowsRejectedError
from etl.raw.source import TEMPLATES, columns
from etl.raw.stage import stage
from tests.etl.customs_text import write_month
from tests.etl.fixtures.months import rows, stage_bytes, stage_one
from tests.etl.test_raw_register_mistakes import GOOD, HEADER, line, register

NAMES = HEADER.split(";")
RUTS = ("76.123.456-0", "99.000.111-1", "11.111.111-1", "6.123.456-K")


def workbook(path: Path, *, title: str = "Registro", cells: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Portada"
    book.active.append(["Registro de exportadores de la oficina"])
    sheet = book.create_sheet(title)
    for row in cells:
        sheet.append(row)
    book.save(path)
    return path


def three_formats(folder: Path) -> dict[str, Path]:
    """The same two rows as CSV, as a workbook with real dates and numbers, and as Parquet."""
    typed = [
        date(2025, 1, 1),
        "76.123.456-0",
        8,
        8101,
        "44071100",
        225,
        "bienes",
        1234.5,
        "pequena",
        None,
        "Forestal",
        25,
    ]
    other = [*typed[:1], "99.000.111-1", *typed[2:7], 10, None, 30000.25, None, None]
    text = register(
        line(),
        line(exportador="99.000.111-1", fob_usd="10", tamano="", ventas_uf="30000.25", sector="", trabajadores=""),
    )
    (folder / "registro.csv").write_bytes(text)
    moments = [[datetime(2025, 1, 1), *row[1:]] for row in (typed, other)]
    workbook(folder / "registro.xlsx", cells=[["Enero 2025"], [], [name.upper() for name in NAMES], *moments])
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE r (periodo DATE, exportador VARCHAR, region INTEGER, comuna INTEGER, hs VARCHAR, "
            "pais INTEGER, flujo VARCHAR, fob_usd DECIMAL(18, 2), tamano VARCHAR, ventas_uf DOUBLE, "
            "sector VARCHAR, trabajadores BIGINT)"
        )
        connection.executemany(f"INSERT INTO r VALUES ({', '.join('?' * 12)})", [typed, other])
        connection.execute(f"COPY r TO '{folder / 'registro.parquet'}' (FORMAT parquet)")
    return {kind: folder / f"registro.{kind}" for kind in ("csv", "xlsx", "parquet")}


def test_csv_workbook_and_parquet_give_the_same_rows(tmp_path: Path) -> None:
    found = {}
    for kind, path in three_formats(tmp_path).items():
        (staged,) = stage(path, Workspace(tmp_path / "data"))
        assert staged.source_id == "registro"
        found[kind] = rows(staged, "FROM item")
    assert found["csv"] == found["xlsx"] == found["parquet"]
    assert [row[8:] for row in found["csv"]] == [
        ("pequena", None, "Forestal", 25),
        ("mediana", pytest.approx(30000.25), None, None),
    ]


def test_the_name_of_a_file_promises_nothing(tmp_path: Path) -> None:
    paths = three_formats(tmp_path)
    for kind in ("xlsx", "parquet"):
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(paths[kind].read_bytes())
        (staged,) = stage(path, Workspace(tmp_path / "data"))
        assert staged.source_id == "registro"


def test_a_wrong_row_of_a_workbook_is_named_by_its_row_in_the_sheet(tmp_path: Path) -> None:
    good = list(GOOD.values())
    cells = [["Título"], [], NAMES, good, [], [*good[:2], "Biobío", *good[3:]]]
    with pytest.raises(RowsRejectedError) as refused:
        stage(workbook(tmp_path / "registro.xlsx", cells=cells), Workspace(tmp_path / "data"))
    assert [(one.line, one.reason[:16]) for one in refused.value.rejected] == [(6, "region «Biobío» ")]


def test_a_damaged_locked_or_double_workbook_is_one_sentence(tmp_path: Path) -> None:
    path = workbook(tmp_path / "registro.xlsx", cells=[NAMES, list(GOOD.values())])
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Registro"])
    book.save(tmp_path / "dos.xlsx")
    with pytest.raises(SourceError, match="las hojas «Registro» y «Registro Copy» traen la tabla, ¿cuál se carga"):
        stage(tmp_path / "dos.xlsx", Workspace(tmp_path / "data"))
    shutil.copy(path, tmp_path / "roto.xlsx")
    content = bytearray((tmp_path / "roto.xlsx").read_bytes())
    content[600 : len(content) // 2] = bytes(len(content) // 2 - 600)
    with pytest.raises(SourceError, match=r"roto\.xlsx: "):
        stage_bytes(bytes(content), tmp_path, name="roto.xlsx")
    with pytest.raises(SourceError, match=r"dañado|sin las columnas"):
        stage_bytes(b"PAR1" + bytes(200) + b"PAR1", tmp_path, name="roto.parquet")


def test_a_workbook_without_a_known_table_is_left_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert stage(workbook(tmp_path / "otro.xlsx", cells=[["a", "b"], [1, 2]]), Workspace(tmp_path / "data")) == []
    assert "libro de Excel sin una tabla conocida" in caplog.text


def test_columns_that_are_not_ours_are_never_kept(tmp_path: Path) -> None:
    content = f"{HEADER};razon_social;rut_representante\n{line()};MADERAS ANDES LTDA;11.111.111-1\n".encode()
    staged = stage_one(content, tmp_path, name="registro.csv")
    kept = staged.parquet.read_bytes() + b"".join(p.read_bytes() for p in (tmp_path / "data" / "staged").iterdir())
    assert b"MADERAS ANDES" not in kept and b"11.111.111" not in kept


def ways_to_write(rut: str) -> list[bytes]:
    plain = rut.replace(".", "")
    return [
        text.encode(code) for text in (rut, plain, plain.replace("-", ""), plain[:-2]) for code in ("utf8", "utf-16-le")
    ]


def stored_texts(place: Workspace) -> Iterator[str]:
    """Every row of every staged file and of every table of every edition, as text."""
    for path in [*place.staged.glob("*.parquet"), *place.registers.glob("*.parquet")]:
        yield from (str(row) for row in duckdb.execute("FROM read_parquet(?)", [str(path)]).fetchall())
    for path in place.editions.glob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as edition:
            for (table,) in edition.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield from (str(row) for row in edition.execute(f"FROM {table}").fetchall())


def test_no_rut_stands_anywhere(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "data"))
    place = Workspace(tmp_path / "data")
    lines = [line(exportador=rut, fob_usd=f"{1000 + number}") for number, rut in enumerate(RUTS)]
    path = tmp_path / f"registro de {RUTS[0]} y {RUTS[1].replace('.', '')}.csv"
    path.write_bytes(register(*lines))
    assert command.main(["load", str(path)]) == 0
    assert command.main(["status"]) == 0
    assert command.main(["load", str(write_month(tmp_path, date(2024, 1, 1)))]) == 0
    path.write_bytes(register(*lines, line(region="99", exportador=RUTS[2], fob_usd="7")))
    assert command.main(["load", str(path)]) == 1
    captured = capsys.readouterr()
    said = captured.out + captured.err + caplog.text
    written = [one for one in place.root.rglob("*") if one.is_file()]
    assert {one.suffix for one in written} >= {".duckdb", ".parquet", ".json", ".jsonl", ".toml"}
    stored = "\n".join(stored_texts(place))  # files pack their texts: they are also read
    assert "pequena" in stored and "Forestal" in stored
    for rut in RUTS:
        for way in ways_to_write(rut):
            assert way.decode("latin-1") not in stored
            for one in written:
                assert way not in one.read_bytes(), (one.name, way)
            assert way not in said.encode(), way
    assert not any(rut in one.name or rut.replace(".", "") in one.name for one in place.root.rglob("*") for rut in RUTS)
    kept = [one for one in place.registers.iterdir() if one.suffix == ".parquet"]
    assert [one.stat().st_mode & 0o077 for one in kept] == [0]


def test_no_rut_stands_in_a_receipt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from editions.edition import open_edition
    from indicators.engine.answer import answer
    from indicators.question.question import Question
    from indicators.receipts.receipt import as_json, receipt

    place = Workspace(tmp_path / "data")
    path = tmp_path / f"registro {RUTS[0]}.csv"
    path.write_bytes(register(*(line(exportador=rut, fob_usd=f"{1000 + n}") for n, rut in enumerate(RUTS))))
    load([path], place, progress=quiet())
    edition = open_edition(place.root)
    made = as_json(receipt(edition, answer(edition, Question.parse("fob?source=registro&region=08&window=2025-01"))))
    assert json.loads(made)["sources"][0]["source_id"] == "registro"
    assert not any(way in made.encode() for rut in RUTS for way in ways_to_write(rut))


def keys(place: Workspace) -> set[str]:
    with duckdb.connect(str(edition_path(place, current_id(place) or "")), read_only=True) as edition:
        return {key for (key,) in edition.execute("SELECT exporter_key FROM core_register").fetchall()}


def test_the_edition_is_rebuilt_from_the_hashed_table_without_the_file_and_without_the_secret(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    path = tmp_path / "registro.csv"
    path.write_bytes(register(line()))
    load([path], place, progress=quiet())
    before = keys(place)
    path.unlink()
    shutil.rmtree(place.staged)
    assert not rebuild(place, progress=quiet()).is_new
    (place.root / "register.secret").unlink()
    assert not rebuild(place, progress=quiet()).is_new
    assert keys(place) == before


def test_a_new_secret_takes_the_originals_all_together(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    january, february = tmp_path / "enero.csv", tmp_path / "febrero.csv"
    january.write_bytes(register(line()))
    february.write_bytes(register(line(periodo="2025-02")))
    load([january, february], place, progress=quiet())
    before = keys(place)
    (place.root / "register.secret").unlink()
    february.write_bytes(register(line(periodo="2025-02", fob_usd="3")))
    with pytest.raises(SourceError, match="una empresa tendría dos identidades"):
        load([february], place, progress=quiet())
    assert keys(place) == before
    load([january, february], place, progress=quiet())
    secret = (place.root / "register.secret").read_text().encode()
    assert keys(place) == {exporter_key(GOOD["exportador"], secret)} != before


def test_what_a_killed_load_left_of_a_register_is_cleared_by_the_next(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    left = place.build / "raw-killed"
    left.mkdir(parents=True)
    (left / "received").write_bytes(register(line()))
    load([write_month(tmp_path, date(2024, 1, 1))], place, progress=quiet())
    assert not left.exists()


@pytest.mark.parametrize("source_id", ["registro", "encuentros"])
def test_the_template_and_its_example_follow_the_schema(tmp_path: Path, source_id: str) -> None:
    note, example, header = (TEMPLATES / f"{source_id}.csv").read_text(encoding="utf-8").splitlines()
    assert header.split(";") == [one.name for one in columns(source_id)]
    content = f"{header}\n{example.split(': ', 1)[1]}\n".encode()
    assert note.startswith("#") and stage_one(content, tmp_path, name="plantilla.csv").source_id == source_id
    with pytest.raises(SourceError, match="sólo trae el encabezado"):
        stage_bytes((TEMPLATES / f"{source_id}.csv").read_bytes(), tmp_path, name="plantilla.csv")


@pytest.mark.parametrize("source_id", ["registro", "encuentros"])
def test_every_column_is_described_where_a_person_reads_it(source_id: str) -> None:
    page = (TEMPLATES.parents[2] / "docs" / "REGISTER.md").read_text(encoding="utf-8")
    with (TEMPLATES / f"{source_id}_columnas.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            said = f"| `{row['column']}` | {row['required']} | {row['format']} | {row['description']} |"
            assert said in page
