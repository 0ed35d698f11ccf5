import gc
from pathlib import Path

import duckdb
import pytest

from editions.edition import (
    Edition,
    OpenEditions,
    Remembering,
    current_edition_id,
    edition_ids,
    open_edition,
    open_file,
)
from editions.errors import EditionDamaged, EditionMissing
from indicators.__main__ import main
from indicators.engine.answer import answer
from indicators.narrative import resumen
from indicators.published import facts
from indicators.question import codes
from indicators.question.question import Question
from tests.editions import handles_on, needs_open_files, tiny_edition
from words.language import speaking


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    (tmp_path / "editions").mkdir()
    return tmp_path


def test_the_pointer_names_the_edition_unless_the_environment_does(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert current_edition_id(data) is None
    edition = tiny_edition(data / "editions", exports=[{"month": "2025-01", "fob_usd": 1.0}])
    (data / "editions" / "CURRENT").write_text(f"{edition.id}\n")
    assert open_edition(data).id == edition.id == current_edition_id(data)
    assert edition_ids(data) == [edition.id]
    monkeypatch.setenv("PULSO_EDITION", "other")
    assert current_edition_id(data) == "other"


def test_no_edition_says_how_to_make_one(data: Path) -> None:
    with pytest.raises(EditionMissing, match="pulso demo"):
        open_edition(data)


@pytest.mark.parametrize("edition_id", ["nope", "../nope", "/etc/passwd"])
def test_an_unknown_edition_lists_those_there_are(data: Path, edition_id: str) -> None:
    known = tiny_edition(data / "editions")
    with pytest.raises(EditionMissing, match=known.id):
        open_edition(data, edition_id)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO core_month (source_id) VALUES ('x')",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SET enable_external_access = true",
        "ATTACH '/tmp/other.duckdb'",
    ],
)
def test_an_open_edition_can_neither_be_changed_nor_read_other_files(tmp_path: Path, sql: str) -> None:
    edition = tiny_edition(tmp_path)
    with pytest.raises(duckdb.Error):
        edition.rows(sql)


def test_rows_and_frames_take_values_as_parameters(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=[{"month": "2025-01", "fob_usd": 5.5}])
    sql = "SELECT region_code, fob_usd FROM core_export WHERE region_code = $region"
    assert [row["region_code"] for row in edition.rows(sql, {"region": "08"})] == ["08"]
    assert edition.rows(sql, {"region": "08' OR true --"}) == []
    assert len(edition.frame(sql, {"region": "08"})) == 1


def test_an_app_s_edition_asks_the_file_once_and_what_is_done_with_the_rows_stays_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = open_file(tiny_edition(tmp_path).path, Remembering)
    asked: list[str] = []
    real = Edition.rows
    monkeypatch.setattr(Edition, "rows", lambda self, sql, params=None: asked.append(sql) or real(self, sql, params))
    by_code, every = "SELECT name FROM core_region WHERE region_code = $code", "SELECT x FROM range(501) AS r(x)"
    edition.rows(by_code, {"code": "08"})[0]["name"] = "changed"
    assert [edition.rows(by_code, {"code": code})[0]["name"] for code in ("08", "13", "08")][::2] == ["Biobío"] * 2
    assert asked == [by_code] * 2
    assert len(edition.rows(every)) == len(edition.rows(every)) == 501
    assert asked[2:] == [every] * 2, "long answers are not kept"


def test_an_app_s_edition_keeps_a_bounded_number_of_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Remembering, "MOST_ANSWERS", 2)
    edition = open_file(tiny_edition(tmp_path).path, Remembering)
    for number in range(5):
        assert edition.rows("SELECT $number AS n", {"number": number}) == [{"n": number}]
        assert len(edition.once("kept rows", dict)) <= 2
    assert edition.rows("SELECT $number AS n", {"number": 0}) == [{"n": 0}]


@pytest.mark.parametrize("pointer", [None, b"", bytes(20), bytes(range(128, 160))])
def test_without_a_pointer_nobody_is_told_to_build_the_demonstration_over_editions(
    data: Path, pointer: bytes | None
) -> None:
    tiny_edition(data / "editions")
    if pointer is not None:
        (data / "editions" / "CURRENT").write_bytes(pointer)
    with pytest.raises(EditionMissing, match=r"CURRENT.*se perdió o está dañado; «pulso status»"):
        open_edition(data)


@pytest.mark.parametrize("size", [8192, 400_000, 2_000_000])
def test_a_damaged_edition_is_a_sentence_without_a_path(
    data: Path, size: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(data))
    edition = tiny_edition(data / "editions", exports=[{"month": "2025-01", "fob_usd": 1.0}])
    edition_id, path = edition.id, edition.path
    del edition
    with path.open("r+b") as content:
        content.seek(12288 if size > 8192 else 0)
        content.write(bytes(size))
    assert main(["answer", "fob?window=2025-01", "--edition", path.stem]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "está dañado" in said and edition_id in said and str(data) not in said
    with pytest.raises(EditionDamaged):
        open_edition(data, path.stem).rows("SELECT * FROM core_export")


@needs_open_files
def test_the_space_of_a_pruned_edition_comes_back_whatever_was_asked_of_it(data: Path) -> None:
    exports = [
        {"month": f"{year}-01", "exporter_id": str(firm), "fob_usd": 9} for year in (2024, 2025) for firm in "ab"
    ]
    paths = [tiny_edition(data / "editions", exports=exports, id_scope="stable").path for _ in range(3)]
    gc.collect()
    assert [handles_on(path) for path in paths] == [0, 0, 0]
    store = OpenEditions(8, Remembering)
    for path in paths[:2]:
        edition = store.edition(data, path.stem)
        for spoken in ("es", "en"):
            with speaking(spoken):
                codes.products(edition, "madera")
                facts(edition, "08")
                resumen.published_summary(edition, "08")
        for question in (
            "exporters?window=2025-01&split=hs4",
            "same_firms?window=2025-01&region=08",
            "fob?split=country",
        ):
            answer(edition, Question.parse(question))
    del edition
    paths[0].unlink()
    assert store.edition(data, paths[2].stem).path == paths[2]
    gc.collect()
    assert [handles_on(path) > 0 for path in paths] == [False, True, True]
    with pytest.raises(EditionMissing):
        store.edition(data, paths[0].stem)


@needs_open_files
def test_only_the_editions_used_last_stay_open(data: Path) -> None:
    paths = [tiny_edition(data / "editions").path for _ in range(3)]
    store = OpenEditions(2)
    for path in (paths[0], paths[1], paths[0], paths[2]):
        store.edition(data, path.stem)
    gc.collect()
    assert [handles_on(path) > 0 for path in paths] == [True, False, True]
