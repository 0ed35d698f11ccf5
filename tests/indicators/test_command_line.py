import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

from editions.edition import Edition, open_file
from editions.errors import NO_DATA
from indicators.__main__ import main
from indicators.engine.answer import answer
from indicators.metrics import METRICS
from indicators.metrics.definitions import as_markdown
from indicators.question.question import Question
from tests.editions import REPOSITORY, tiny_edition

QUESTION = "fob?region=08&window=2025-01..2025-02&split=sector:prochile"


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    (tmp_path / "editions").mkdir()
    rows = [
        {"month": month, "prochile_sector_id": sector, "fob_usd": value}
        for month, sector, value in (
            ("2024-01", "mineria", 1_000_000.25),
            ("2024-02", "pesca", 1_000_000.50),
            ("2025-01", "mineria", 2_000_000.75),
            ("2025-02", "pesca", 500_000.00),
        )
    ]
    edition = tiny_edition(tmp_path / "editions", exports=rows, kind="demo")
    (tmp_path / "editions" / "CURRENT").write_text(edition.id)
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    return edition


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(arguments) == code
    return capsys.readouterr().out


def test_text_json_and_csv_hold_the_same_figures(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    facts = json.loads(run(capsys, "answer", QUESTION, "--format", "json", "--edition", edition.id))
    lines = run(capsys, "answer", QUESTION, "--format", "csv").splitlines()
    text = run(capsys, "answer", QUESTION)
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))

    assert facts["value"] == 2_500_000.75
    assert [(row["key"], row["value"], row["growth"]) for row in facts["rows"]] == [
        (row["key"], float(row["value"]), float(row["growth"])) for row in rows
    ]
    assert "US$\u00a02,5 millones" in text
    for written in (json.dumps(facts, ensure_ascii=False), "\n".join(lines), text):
        assert "Datos de demostración. No citar." in written
        assert facts["question"] in written
        assert METRICS["fob"].definition in written
        assert edition.id in written


def test_one_value_is_one_row_of_csv(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "answer", "exporters?region=08&size=pyme", "--format", "csv", code=NO_DATA).splitlines()
    assert lines[-1] == "total,Biobío,,,,,,,firms,no_register id_mensual"


def test_a_bad_question_is_one_sentence_and_exit_code_one(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", "fob?region=99"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("La región «99» no existe; use CL, 01")
    assert captured.err.count("\n") == 1


def test_metrics_lists_every_metric(capsys: pytest.CaptureFixture[str]) -> None:
    listed = run(capsys, "metrics")
    assert [line.split()[0] for line in listed.splitlines()] == list(METRICS)


def test_the_method_page_is_current() -> None:
    written = (REPOSITORY / "docs" / "METHOD.md").read_text(encoding="utf-8")
    assert written == as_markdown(), "run: pulso definitions > docs/METHOD.md"


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ("DROP TABLE mart_export_by_month", "mart_export_by_month.port_code"),
        ("ALTER TABLE mart_export_by_month DROP COLUMN port_code", "mart_export_by_month.port_code"),
        ("DROP TABLE core_port", "core_port"),
    ],
)
def test_an_edition_of_before_a_table_or_a_column_gets_one_sentence_that_names_it(
    change: str, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "editions"
    folder.mkdir()
    path = tiny_edition(folder, exports=[{"month": "2025-01", "fob_usd": 1}]).path
    with duckdb.connect(str(path)) as edition:
        edition.execute(change)
    (folder / "CURRENT").write_text(path.stem, encoding="utf-8")
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    assert main(["answer", "fob?split=port&window=2025-01"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("A la edición, armada por otra versión del programa, le falta ")
    assert missing in said and said.count("\n") == 1


def test_an_edition_without_the_smaller_tables_answers_from_the_exports(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=[{"month": "2025-01", "fob_usd": 10}])
    edition._connection.close()
    with duckdb.connect(str(edition.path)) as connection:
        for table in ("mart_total_by_month", "mart_firm_by_month", "mart_product_by_month"):
            connection.execute(f"DROP TABLE {table}")
    assert answer(open_file(edition.path), Question.parse("fob?region=08&window=2025-01&denominator=goods")).share == 1


def test_a_mistake_of_the_program_is_not_called_an_old_edition(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=[{"month": "2025-01", "fob_usd": 1}])
    for sql in ("SELECT no_such_function(1)", "SELECT no_such_column FROM core_region"):
        with pytest.raises(duckdb.Error):
            edition.rows(sql)


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "cp850"}, {"LC_ALL": "C"}]
)
@pytest.mark.parametrize("room", ["indicators", "etl"])
def test_what_is_written_is_utf8_whatever_the_console(room: str, environment: dict[str, str], edition: Edition) -> None:
    command = {"indicators": ["answer", "fob?region=08"], "etl": ["rollback"]}[room]
    ran = subprocess.run([sys.executable, "-m", room, *command], env={**os.environ, **environment}, capture_output=True)
    assert {"indicators": "Biobío", "etl": "edición"}[room] in (ran.stdout + ran.stderr).decode("utf-8")


def test_the_name_of_the_file_says_the_format(
    edition: Edition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, code in ((["answer", QUESTION], 0), (["published", "--region", "Biobío"], NO_DATA)):
        run(capsys, *command, "--out", str(tmp_path / "z.XLSX"), code=code)
        assert openpyxl.load_workbook(tmp_path / "z.XLSX").sheetnames == ["Datos", "Notas"]
        (tmp_path / "z.XLSX").unlink()
        assert main([*command, "--format", "csv", "--out", str(tmp_path / "z.xlsx")]) == 1
        assert "pide otro formato que --format csv" in capsys.readouterr().err
        assert main([*command, "--out", str(tmp_path / "z.doc")]) == 1
        assert "dígalo con --format" in capsys.readouterr().err
    assert not list(tmp_path.glob("z.*"))
    run(capsys, "answer", QUESTION, "--out", str(tmp_path / "z.doc"), "--format", "json")
    assert json.loads((tmp_path / "z.doc").read_text(encoding="utf-8"))["value"] == 2_500_000.75


def test_no_data_has_an_exit_code_of_its_own(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("answer", "receipt"):
        assert main([command, "fob?region=08&window=2019"]) == NO_DATA
        assert main([command, "fob?region=08&window=2025-01"]) == 0
    assert main(["published", "--metric", "none_such"]) == NO_DATA
    assert NO_DATA not in (0, 1, 2)
    capsys.readouterr()
