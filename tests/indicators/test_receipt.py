"""A receipt holds what a figure was made from, comes back the same, and tells what changed when it does not."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from editions.edition import Edition, open_edition
from editions.folders import Workspace
from etl.load import load
from etl.progress import quiet
from indicators.engine.answer import answer
from indicators.metrics import METRICS
from indicators.metrics.definitions import Example, examples
from indicators.question.question import Question
from indicators.receipts.receipt import (
    CANNOT,
    COMPARED,
    DIFFERENT,
    LARGEST_BYTES,
    SAME,
    Receipt,
    ReceiptError,
    Recomputed,
    as_json,
    changes,
    read_receipt,
    receipt,
    recompute,
)
from tests.editions import example_edition, tiny_edition
from tests.etl.customs_text import month_lines, write_month
from words.language import speaking

EXAMPLES = examples()
MONTHS = [date(2023, 1, 1), date(2023, 2, 1), date(2024, 1, 1), date(2024, 2, 1)]
QUESTION = "fob?region=08&window=2024-01..2024-02&denominator=goods&split=month"


@pytest.fixture(autouse=True)
def no_named_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULSO_EDITION", raising=False)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with four small months, loaded as anybody would."""
    folder = tmp_path_factory.mktemp("loaded")
    load([write_month(folder, month) for month in MONTHS], Workspace(folder / "data"), progress=quiet())
    return folder / "data"


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The same, and a second edition in which customs corrected January 2024."""
    folder = tmp_path_factory.mktemp("corrected")
    place = Workspace(folder / "data")
    first = load([write_month(folder, month) for month in MONTHS], place, progress=quiet())
    lines = month_lines(date(2024, 1, 1), fob=2000)[:-1]
    again = write_month(folder, date(2024, 1, 1), name="enero 2024 corregido.txt", lines=lines)
    second = load([again], place, accept="meses inventados", progress=quiet())
    return place.root, first.edition_id, second.edition_id


def kept(data: Path, question: str = QUESTION, *, edition_id: str | None = None) -> Receipt:
    edition = open_edition(data, edition_id)
    made: Receipt = json.loads(as_json(receipt(edition, answer(edition, Question.parse(question)))))
    return made


def written(folder: Path, made: Any) -> Path:
    path = folder / "recibo.json"
    path.write_text(made if isinstance(made, str) else json.dumps(made), encoding="utf-8")
    return path


def edition_of(example: Example, folder: Path, *, kind: str = "private") -> Edition:
    return example_edition(folder, example, kind=kind)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_every_metric_gives_a_receipt_that_recomputes_to_the_same(example: Example, tmp_path: Path) -> None:
    edition = edition_of(example, tmp_path)
    found = answer(edition, Question.parse(example.question))
    first = json.loads(as_json(receipt(edition, found)))

    assert (first["answer"]["value"], first["answer"]["base"]) == (found.value, found.base)
    assert [row["value"] for row in first["answer"]["rows"]] == [row.value for row in found.rows]
    assert first["metric"]["definition"] == METRICS[found.question.metric].definition
    assert [one["sql"] for one in first["statements"]] == [one.sql for one in found.statements]
    assert first["rows_read"] == found.n_items

    again = answer(edition, Question.parse(first["question"]))
    assert changes(first, json.loads(as_json(receipt(edition, again)))) == []


def test_the_examples_cover_the_registry() -> None:
    assert {Question.parse(example.question).metric for example in EXAMPLES} == set(METRICS)


def test_a_receipt_of_a_missing_figure_says_why(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=[{"month": "2025-01", "fob_usd": 1}])
    made = receipt(edition, answer(edition, Question.parse("exporters?size=pyme&region=08")))
    assert made["answer"]["value"] is None
    assert [reason["code"] for reason in made["reasons"]] == ["no_register", "id_mensual", "sin_base"]
    assert made["sources"] == []


def test_only_files_with_months_of_the_window_or_base_are_named(loaded: Path) -> None:
    month = kept(loaded, "fob?region=08&window=2024-02&compare=none")
    assert [one["name"] for one in month["sources"]] == ["Exportaciones 2024-02.txt"]
    assert len(month["sources"][0]["sha256"]) == 64
    assert month["sources"][0]["size_bytes"] > 0
    with_base = kept(loaded, "fob?region=08&window=2024-02")
    assert [one["first_month"] for one in with_base["sources"]] == ["2023-02-01", "2024-02-01"]


def test_a_receipt_is_the_same_bytes_each_time_and_tells_no_path_of_the_machine(loaded: Path) -> None:
    edition = open_edition(loaded)
    texts = {as_json(receipt(edition, answer(edition, Question.parse(QUESTION)))) for _ in range(3)}
    assert len(texts) == 1
    text = texts.pop()
    assert str(loaded) not in text
    assert "/tmp" not in text
    assert '"first": "2024-01-01"' in text
    assert '"last": "2024-02-29"' in text
    assert json.loads(text)["edition"]["code_version"].startswith("0.")


def test_every_part_of_a_receipt_is_compared(loaded: Path) -> None:
    """Whatever is changed in a receipt, it is noticed."""
    made = kept(loaded)
    for group in ("answer", "edition"):
        for name in made[group]:
            if (group, name) != ("edition", "id"):
                altered = json.loads(json.dumps(made))
                altered[group][name] = "otra cosa"
                assert changes(altered, made), (group, name)
    compared = {place[0] for place in COMPARED}
    assert set(made) - compared == {"receipt", "question", "language"}


def test_a_receipt_recomputes_to_the_same(loaded: Path, tmp_path: Path) -> None:
    found = recompute(loaded, written(tmp_path, kept(loaded)))
    assert found.exit_code == SAME
    assert found.text.splitlines()[1].startswith("Edición del recibo y vigente (official-2024-02-")
    assert found.text.endswith("): igual.\n")


def test_a_corrected_month_is_told_and_the_old_edition_still_gives_the_old_figure(
    corrected: tuple[Path, str, str], tmp_path: Path
) -> None:
    data, old, new = corrected
    found = recompute(data, written(tmp_path, kept(data, edition_id=old)))
    assert found.exit_code == DIFFERENT
    assert f"Edición del recibo ({old}): igual." in found.text
    assert f"Edición vigente ({new}): cambió." in found.text
    told = [line.strip().split(":")[0] for line in found.text.splitlines() if line.startswith("  ")]
    assert told == ["valor", "cambio", "variación", "desglose", "registros leídos", "archivos de origen"]
    assert "  registros leídos: 180 → 179" in found.text


def test_a_receipt_is_recomputed_in_the_language_it_was_written_in(loaded: Path, tmp_path: Path) -> None:
    with speaking("en"):
        made = kept(loaded)
    assert (made["language"], made["metric"]["label"]) == ("en", "Value exported")
    assert made["answer"]["rows"][0]["label"] == "January 2024"
    in_spanish = recompute(loaded, written(tmp_path, made))
    with speaking("en"):
        in_english = recompute(loaded, written(tmp_path, made))
    assert (in_spanish.exit_code, in_english.exit_code) == (SAME, SAME)
    assert in_spanish.text.endswith("): igual.\n")
    assert in_english.text.endswith("): the same.\n")

    made["answer"]["value"] = 42.5
    with speaking("en"):
        assert "  value: 42.5 → " in recompute(loaded, written(tmp_path, made)).text
    assert "rótulos: distinto" in recompute(loaded, written(tmp_path, made | {"language": "es"})).text


def test_a_receipt_of_before_there_was_a_language_is_spanish(loaded: Path, tmp_path: Path) -> None:
    made = kept(loaded)
    assert made.pop("language") == "es"
    with speaking("en"):
        assert recompute(loaded, written(tmp_path, made)).exit_code == SAME


def test_an_edition_that_is_gone_is_said_and_the_current_one_answers(loaded: Path, tmp_path: Path) -> None:
    made = kept(loaded)
    made["edition"]["id"] = "official-2020-01-00000000"
    found = recompute(loaded, written(tmp_path, made))
    assert found.exit_code == SAME
    assert "Edición del recibo (official-2020-01-00000000): no está en disco" in found.text


def test_without_any_edition_it_cannot_be_recomputed(loaded: Path, tmp_path: Path) -> None:
    found = recompute(tmp_path, written(tmp_path, kept(loaded)))
    assert found.exit_code == CANNOT


def test_tampered_sql_is_told_and_never_run(loaded: Path, tmp_path: Path) -> None:
    made = kept(loaded)
    made["statements"][0]["sql"] = "COPY (SELECT 1) TO 'robado.csv'; SELECT 1 AS value"
    found = recompute(loaded, written(tmp_path, made))
    assert found.exit_code == DIFFERENT
    assert [line for line in found.text.splitlines() if line.startswith("  ")] == ["  SQL: distinto"]
    assert not Path("robado.csv").exists()


def test_a_tampered_value_is_told(loaded: Path, tmp_path: Path) -> None:
    made = kept(loaded)
    right = made["answer"]["value"]
    made["answer"]["value"] = 42.5
    found = recompute(loaded, written(tmp_path, made))
    assert found.exit_code == DIFFERENT
    assert "  valor: 42,5 → " in found.text
    for odd in (1e300, -5e-320, 10**400, True, "\x1b[31m" * 50, ["x"], {"a": 1}):
        assert recompute(loaded, written(tmp_path, made | {"answer": made["answer"] | {"value": odd}})).exit_code == 1
    made["answer"]["value"] = right
    made["answer"]["region_label"] = "Maule"
    assert "rótulos: distinto" in recompute(loaded, written(tmp_path, made)).text


def _with(**parts: Any) -> Callable[[Receipt], Any]:
    return lambda made: made | parts


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _: "", "no es JSON"),
        (lambda _: "hola", "no es JSON"),
        (lambda _: "[" * 100_000, "no es JSON"),
        (lambda _: '{"receipt": NaN}', "no es JSON"),
        (lambda _: '{"receipt": 1' + "0" * 5_000 + "}", "no es JSON"),
        (lambda _: "[1, 2]", "no es un recibo de formato 1"),
        (lambda _: {"question": "fob"}, "no es un recibo de formato 1"),
        (_with(receipt=2), "no es un recibo de formato 1"),
        (_with(question=None), "la pregunta falta"),
        (_with(question="fob?region=08&window=2024-01" + " " * 5_000), "la pregunta falta"),
        (_with(question="fob\x1b[2J"), "la pregunta falta"),
        (_with(question="robo?region=08"), "La métrica «robo» no existe"),
        (_with(question="fob?region=99"), "La región «99» no existe"),
        (_with(edition=None), "la edición falta"),
        (_with(edition={"id": 7}), "la edición falta"),
        (_with(edition={"id": "x\n../y"}), "la edición falta"),
        (_with(language="xx"), "su idioma debe ser es o en"),
        (_with(language="../en"), "su idioma debe ser es o en"),
        (_with(language=None), "su idioma debe ser es o en"),
        (_with(language=["en"]), "su idioma debe ser es o en"),
    ],
)
def test_a_hostile_receipt_is_one_sentence(
    loaded: Path, tmp_path: Path, spoil: Callable[[Receipt], Any], says: str
) -> None:
    found = recompute(loaded, written(tmp_path, spoil(kept(loaded))))
    assert found.exit_code == CANNOT
    assert says in found.text
    assert found.text.count("\n") == 1
    assert found.text.endswith(".\n")


@pytest.mark.parametrize("edition_id", ["../x", "..", "/etc/passwd", "md:otra", "a/../../b"])
def test_an_edition_id_that_is_a_path_opens_nothing(loaded: Path, tmp_path: Path, edition_id: str) -> None:
    made = kept(loaded)
    made["edition"]["id"] = edition_id
    found = recompute(loaded, written(tmp_path, made))
    assert f"Edición del recibo ({edition_id}): no está en disco; no se puede repetir en ella." in found.text


def test_a_file_that_is_too_large_or_not_there_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "enorme.json"
    with huge.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(ReceiptError, match="pasa de 20 MB"):
        read_receipt(huge)
    with pytest.raises(ReceiptError, match="No se puede leer el recibo"):
        read_receipt(tmp_path / "nada.json")
    with pytest.raises(ReceiptError, match="No se puede leer el recibo"):
        read_receipt(tmp_path)


def test_a_receipt_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "recibo.json"
    path.write_bytes('{"receipt": 1, "question": "ñandú"}'.encode("latin-1"))
    assert recompute(tmp_path, path) == Recomputed("recibo.json no es un recibo: no es JSON bien formado.\n", CANNOT)
