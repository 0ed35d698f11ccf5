"""Files: every format holds the same values, says what they are, and holds nothing that a program would run."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from indicators import files
from indicators.__main__ import main
from indicators.engine.answer import answer
from indicators.engine.result import DEMO
from indicators.files import Column, Note, Table
from indicators.files.table import cell_text, comment_text
from indicators.question.question import Question
from tests.editions import tiny_edition
from tests.ui.sample import sample

FORMULAS = ('=HYPERLINK("http://x","a")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "  =1+1")
COLUMNS = (Column("label", "Nombre"), Column("value", "Valor", "usd"))
QUESTION = "fob?region=08&window=2025-01..2025-02&split=sector:prochile"


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(line for line in text.splitlines(True) if not line.startswith("#")))))


def sheets(packed: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(packed))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


@pytest.mark.parametrize("formula", FORMULAS)
def test_text_like_a_formula_is_text_in_every_spreadsheet(formula: str) -> None:
    table = Table(COLUMNS, ((formula, -5.5),), (Note("fuente", "Fuente", f"a, {formula}"),))
    cell = read_csv(files.as_csv(table))[1]
    assert cell[0].startswith("'")
    assert cell[1] == "-5.5"
    book = openpyxl.load_workbook(io.BytesIO(files.as_xlsx(table)))
    kinds = {c.data_type for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
    assert kinds == {"s"}
    assert not any(c.hyperlink for sheet in book for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize("number", ["-5", "+3", "-1.234,5", "-1e5", "−16,1 %", "2.3"])
def test_a_plain_number_written_as_text_stays_as_it_is(number: str) -> None:
    assert cell_text(number) == number


def test_a_comment_cannot_start_a_row_or_a_formula_of_its_own() -> None:
    assert comment_text("uno\n=1+1") == "uno =1+1"
    assert comment_text("uno, =1+1") == "uno, '=1+1"
    assert comment_text("copper,lithium; -5") == "copper,lithium; -5"
    text = files.as_csv(Table(COLUMNS, (), (Note("fuente", "Fuente", "x\r\n@cmd\u2028=2"),), ("aviso\n=1",)))
    assert [line[0] for line in text.splitlines()] == ["#", "#", "l"]


def test_a_hostile_cell_keeps_its_row_and_its_column() -> None:
    hostile = 'a","b\n"c\u202e<script>' + "x" * 40_000 + "\x00\x07"
    table = Table(COLUMNS, ((hostile, 1.0), ("b", 2.0)), (Note("a", "A", hostile),))
    assert [row[1] for row in read_csv(files.as_csv(table))] == ["value", "1.0", "2.0"]
    assert [row[1] for row in sheets(files.as_xlsx(table))["Datos"]] == ["Valor", 1, 2]
    assert len(files.as_text(table).splitlines()) == 4


def test_what_is_missing_is_empty_and_never_zero() -> None:
    table = Table(COLUMNS, (("a", None), ("b", 0)))
    assert read_csv(files.as_csv(table))[1:] == [["a", ""], ["b", "0"]]
    assert sheets(files.as_xlsx(table))["Datos"][1:] == [("a", None), ("b", 0)]
    assert pq.read_table(io.BytesIO(files.as_parquet(table))).to_pydict()["value"] == [None, 0.0]
    assert files.as_text(table).splitlines()[:2] == ["a: s/d", "b: US$\u00a00"]


def test_a_file_name_is_plain_whatever_it_is_made_from() -> None:
    assert files.file_name("../../etc/passwd", "Año <b>", suffix="csv") == "pulso_etc-passwd_ano-b.csv"
    assert files.file_name("mercados", "x" * 500, suffix="png").count("x") == 40
    assert files.file_name("\u202egnp.exe\x00", suffix="svg") == "pulso_gnp-exe.svg"


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "editions").mkdir()
    made = tiny_edition(
        tmp_path / "editions",
        kind="demo",
        exports=[
            {"month": f"{year}-{month:02d}", "fob_usd": fob, "prochile_sector_id": sector}
            for year, factor in ((2024, 1), (2025, 2))
            for month in (1, 2)
            for sector, fob in (("forestal", 9_000_000.25 * factor), ("mineria", 1_000_000))
        ],
    )
    (tmp_path / "editions" / "CURRENT").write_text(made.id)
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    return tmp_path


def test_the_command_writes_the_same_rows_in_every_format(edition: Path) -> None:
    paths = {kind: edition / f"salida.{kind}" for kind in ("json", "csv", "xlsx", "parquet")}
    for kind, path in paths.items():
        assert main(["answer", QUESTION, "--format", kind, "--out", str(path)]) == 0
    facts = json.loads(paths["json"].read_text())
    expected = [(row["key"], row["value"], row["base"], row["growth"]) for row in facts["rows"]]
    assert len(expected) == 2
    written = read_csv(paths["csv"].read_text())
    assert [(r[0], float(r[2]), float(r[3]), float(r[5])) for r in written[1:]] == expected
    book = sheets(paths["xlsx"].read_bytes())
    assert book["Datos"][0][0] == DEMO.text
    top = next(place for place, row in enumerate(book["Datos"]) if row[0] == "Código")
    assert [(r[0], r[2], r[3], r[5]) for r in book["Datos"][top + 1 :]] == expected
    table = pq.read_table(paths["parquet"])
    assert list(zip(*(table[name].to_pylist() for name in ("key", "value", "base", "growth")), strict=True)) == expected
    said = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    notes = dict(book["Notas"])
    assert said["pregunta"] == notes["Pregunta"] == facts["question"]
    assert said["definicion"] == notes["Definición"] == facts["definition"]
    assert DEMO.text in said["avisos"] and notes["Edición"].endswith("(demostración)")


def test_a_format_that_is_no_text_asks_for_a_file(edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", QUESTION, "--format", "xlsx"]) == 1
    assert "--out ARCHIVO" in capsys.readouterr().err
    assert main(["answer", QUESTION, "--format", "csv", "--out", str(edition / "no" / "hay.csv")]) == 1
    assert "No se puede escribir" in capsys.readouterr().err


def test_published_facts_say_who_when_and_where(data_with_ledger: Path) -> None:
    paths = {kind: data_with_ledger / f"publicado.{kind}" for kind in ("json", "csv", "xlsx", "parquet")}
    for kind, path in paths.items():
        assert main(["published", "--region", "08", "--format", kind, "--out", str(path)]) == 0
    facts = json.loads(paths["json"].read_text())
    expected = [(one["value"], one["publisher"], one["published_on"]) for one in facts]
    assert len(expected) > 50
    heading, *written = read_csv(paths["csv"].read_text())
    rows = [dict(zip(heading, row, strict=True)) for row in written]
    assert [(float(r["value"]), r["publisher"], r["published_on"] or None) for r in rows] == expected
    titles, *cells = sheets(paths["xlsx"].read_bytes())["Datos"]
    value, *said = (titles.index(name) for name in ("Valor", "Publicado por", "Publicado el"))
    assert [row[value] for row in cells] == pytest.approx([one[0] for one in expected], rel=1e-15)
    assert [tuple(row[place] for place in said) for row in cells] == [one[1:] for one in expected]
    table = pq.read_table(paths["parquet"])
    assert table["value"].to_pylist() == [value for value, *_ in expected]
    assert table["first_day"].to_pylist()[0] == date.fromisoformat(facts[0]["period"]["start"])
    assert all(url.startswith("http") for url in table["url"].to_pylist() if url)


@pytest.fixture
def data_with_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sample(tmp_path)
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    return tmp_path


def test_the_notes_of_several_answers_are_all_kept() -> None:
    notes = (Note("pregunta", "Pregunta", "uno"), Note("pregunta", "Pregunta", "dos"))
    table = Table(COLUMNS, (("a", 1.0),), notes)
    said = pq.read_schema(io.BytesIO(files.as_parquet(table))).metadata
    assert said[b"pregunta"] == b"uno\ndos"
    assert sheets(files.as_xlsx(table))["Notas"] == [("Pregunta", "uno"), ("Pregunta", "dos")]


def cells(path: Path) -> dict[str, list[Any]]:
    """Return the cells of each column of the data sheet, by title."""
    sheet = openpyxl.load_workbook(path)["Datos"]
    rows = list(sheet.iter_rows())
    top = next(place for place, row in enumerate(rows) if row[0].value == "Código")
    return {str(title.value): [row[place] for row in rows[top + 1 :]] for place, title in enumerate(rows[top])}


def test_months_in_a_workbook_are_dates_and_percentages_are_percentages(edition: Path) -> None:
    path = edition / "meses.xlsx"
    assert main(["answer", "fob?region=08&window=2025-01..2025-02&split=month", "--out", str(path)]) == 0
    months = cells(path)
    assert [cell.value for cell in months["Código"]] == [datetime(2025, 1, 1), datetime(2025, 2, 1)]
    assert {cell.number_format for cell in months["Código"]} == {"mmm yyyy"}
    assert {cell.number_format for cell in months["Participación"]} == {"0.0%"}
    assert main(["answer", "share?region=08&denominator=goods", "--out", str(path)]) == 0
    assert [cell.number_format for cell in cells(path)["Valor"]] == ["0.0%"]


def test_a_column_of_several_units_shows_each_cell_in_its_own() -> None:
    columns = (files.Column("value", "Valor", "number"), files.Column("unit", "Unidad"))
    table = files.Table(columns, ((0.42, "fraction"), (1_000_000.0, "usd"), (3, "firms")))
    sheet = openpyxl.load_workbook(io.BytesIO(files.as_xlsx(table)))["Datos"]
    assert [row[0].number_format for row in sheet.iter_rows(min_row=2)] == ["0.0%", "#,##0", "#,##0.###"]
    assert files.as_text(table).startswith("42,0\u00a0%: fraction\nUS$\u00a01,0 millones: usd\n3 empresas: firms\n")


def test_no_figure_carries_the_noise_of_binary_fractions(tmp_path: Path) -> None:
    rows = [{"month": "2024-01", "region_code": code, "fob_usd": value} for code, value in (("08", 1e6), ("05", 9e6))]
    rows += [{"month": "2025-01", "region_code": code, "fob_usd": value} for code, value in (("08", 4e6), ("05", 6e6))]
    made = tiny_edition(tmp_path, exports=rows)
    found = answer(made, Question.parse("share?region=08&denominator=goods&window=2025-01"))
    assert 0.4 - 0.1 != 0.3
    assert (found.value, found.base, found.change) == (0.4, 0.1, 0.3)
    assert "0.30000000000000004" not in files.as_csv(files.answers_table([found]))
