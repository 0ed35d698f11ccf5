"""The commands about receipts and editions, as somebody at a terminal meets them."""

import json
from datetime import date
from pathlib import Path

import pytest

from editions.folders import Workspace
from etl.load import load
from etl.progress import quiet
from indicators.__main__ import main
from tests.etl.customs_text import month_lines, write_month

QUESTION = "fob?region=08&window=2024-01..2024-02"


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A data directory with an edition of four months and one in which a month was corrected."""
    folder = tmp_path_factory.mktemp("two")
    place = Workspace(folder / "data")
    months = [date(2023, 1, 1), date(2023, 2, 1), date(2024, 1, 1), date(2024, 2, 1)]
    first = load([write_month(folder, month) for month in months], place, progress=quiet())
    lines = month_lines(date(2024, 1, 1), fob=2000)
    second = load([write_month(folder, date(2024, 1, 1), name="corregido.txt", lines=lines)], place, progress=quiet())
    return place.root, first.edition_id, second.edition_id


@pytest.fixture(autouse=True)
def data(editions: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSO_DATA", str(editions[0]))
    monkeypatch.delenv("PULSO_EDITION", raising=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(arguments) == code
    return capsys.readouterr().out


def test_a_receipt_is_written_of_the_edition_asked_for_and_recomputed(
    editions: tuple[Path, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, old, new = editions
    path = tmp_path / "recibo.json"
    path.write_text(run(capsys, "receipt", QUESTION), encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["edition"]["id"] == new
    assert run(capsys, "recompute", str(path)).endswith(f"Edición del recibo y vigente ({new}): igual.\n")

    path.write_text(run(capsys, "receipt", QUESTION, "--edition", old), encoding="utf-8")
    said = run(capsys, "recompute", str(path), code=1)
    assert f"Edición del recibo ({old}): igual." in said
    assert "  valor: 182.700 → 272.700" in said
    assert run(capsys, "recompute", str(tmp_path / "nada.json"), code=2).count("\n") == 1


def test_diff_gives_both_values_the_difference_and_why(
    editions: tuple[Path, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, old, new = editions
    lines = run(capsys, "diff", QUESTION, "--from", old, "--to", new).splitlines()
    assert lines[0] == "Pregunta: fob?region=08&window=2024-01..2024-02&source=aduanas_dus"
    assert f"Edición {old} (oficial): US$\u00a0182.700 (182.700)" in lines
    assert f"Edición {new} (oficial): US$\u00a0272.700 (272.700)" in lines
    assert "Diferencia: 90.000 (+49,26\u00a0%)" in lines
    assert [line for line in lines if line.startswith("Cambió")] == [
        "Cambió aduanas_dus 2024-01: 90 registros por US$\u00a00,09 millones → 90 registros por US$\u00a00,18 millones"
    ]
    assert [line.split(",")[0] for line in lines if line.startswith("Sólo en")] == [
        f"Sólo en {old}: Exportaciones 2024-01.txt",
        f"Sólo en {new}: corregido.txt",
    ]


def test_diff_of_months_that_did_not_change_is_none(
    editions: tuple[Path, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, old, new = editions
    said = run(capsys, "diff", "fob?region=08&window=2024-02", "--from", old, "--to", new)
    assert "Diferencia: ninguna." in said
    assert "Cambió" not in said
    assert "Sólo en" not in said


def test_diff_keeps_the_months_of_the_first_edition(
    editions: tuple[Path, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, old, _ = editions
    march = write_month(tmp_path, date(2024, 3, 1))
    newer = load([march], Workspace(root), accept="meses de prueba", progress=quiet())
    said = run(capsys, "diff", "fob?region=08&window=month&compare=none", "--from", old, "--to", newer.edition_id)
    assert "window=2024-02&" in said
    assert "Diferencia: ninguna." in said
    assert "febrero 2024" in said
    assert "Cambió aduanas_dus" not in said


def test_diff_refuses_a_split_that_it_would_not_tell_of(
    editions: tuple[Path, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, old, new = editions
    assert main(["diff", "fob?split=country&window=2024-01", "--from", old, "--to", new]) == 1
    assert capsys.readouterr().err == "La diferencia entre ediciones es de una sola cifra; quite split.\n"


def test_a_figure_that_one_edition_lacks_has_no_difference(
    editions: tuple[Path, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, old, new = editions
    said = run(capsys, "diff", "exporters?region=08&size=pyme", "--from", old, "--to", new)
    assert said.count("sin dato.") == 2
    assert "Diferencia: no se puede calcular." in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["receipt", "robo"], "La métrica «robo» no existe"),
        (["receipt", "fob", "--edition", "../x"], "No existe la edición «../x»"),
        (["diff", "fob", "--from", "a", "--to", "b"], "No existe la edición «a»"),
        (["reconcile", "--edition", "nada"], "No existe la edición «nada»"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(says)
    assert captured.err.count("\n") == 1


def test_each_command_writes_in_english_when_asked(
    editions: tuple[Path, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, old, new = editions
    receipt = tmp_path / "receipt.json"
    receipt.write_text(run(capsys, "receipt", QUESTION, "--edition", old, "--lang", "en"), encoding="utf-8")
    assert json.loads(receipt.read_text(encoding="utf-8"))["language"] == "en"

    again = run(capsys, "recompute", str(receipt), "--lang", "en", code=1)
    assert f"Edition of the receipt ({old}): the same." in again
    assert "  value: 182,700 → 272,700" in again
    moved = run(capsys, "diff", QUESTION, "--from", old, "--to", new, "--lang", "en").splitlines()
    assert f"Edition {old} (official): US$182,700 (182,700)" in moved
    assert "Difference: 90,000 (+49.26%)" in moved
    assert (
        "Changed: aduanas_dus 2024-01: 90 records worth US$0.09 million → 90 records worth US$0.18 million"
    ) in moved
    released = run(capsys, "release", "--out", str(tmp_path / "x.zip"), "--edition", old, "--lang", "en")
    assert released.startswith(f"{tmp_path / 'x.zip'}: edition {old}, ")
    assert "comparisons: 0 within tolerance" in run(capsys, "reconcile", "--edition", old, "--lang", "en")
    assert run(capsys, "metrics", "--lang", "en").startswith(
        "fob                        Value exported. Sum of the FOB"
    )
    assert run(capsys, "definitions", "--lang", "en").startswith("# Method\n")
    assert "Value exported: US$272,700" in run(capsys, "answer", QUESTION, "--lang", "en")


@pytest.mark.parametrize("command", [["verify", "12%", "--about", "share", "--region", "08"], ["published"]])
def test_the_commands_of_claims_take_the_language_too(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *command, "--lang", "en") != run(capsys, *command)


def test_an_error_is_in_the_language_asked_for_and_the_next_command_is_in_spanish(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for language, says in (("en", "The metric “robo” does not exist"), ("es", "La métrica «robo» no existe")):
        assert main(["answer", "robo", "--lang", language]) == 1
        assert capsys.readouterr().err.startswith(says)
    assert main(["answer", "robo"]) == 1
    assert capsys.readouterr().err.startswith("La métrica «robo» no existe")
    with pytest.raises(SystemExit):
        main(["answer", "fob", "--lang", "../en"])
