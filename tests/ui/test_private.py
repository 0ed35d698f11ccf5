"""Private editions: marked on every page, and at a public start neither opened nor listed."""

import shutil
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from editions.edition import current_edition_id, edition_ids, open_edition, open_file
from editions.errors import EditionMissing, EditionPrivate
from indicators.__main__ import main
from indicators.engine.result import PRIVATE_MARK
from tests.ui.opening import PAGES, opened
from tests.ui.sample import sample
from ui.serving import first_start


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose current edition is private; an official one lies beside it."""
    root = tmp_path_factory.mktemp("both")
    sample(root, kind="official", with_register=False)
    sample(root, kind="private")
    return root


@pytest.fixture
def private(both: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The private edition, current in a copy of both."""
    shutil.copytree(both, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    monkeypatch.delenv("PULSO_PUBLIC", raising=False)
    return (tmp_path / "editions" / "CURRENT").read_text(encoding="utf-8").strip()


def titles(page: AppTest) -> list[str]:
    return [one.proto.title for one in page.warning]


def official(tmp_path: Path) -> str:
    return next(one for one in edition_ids(tmp_path) if one.startswith("official-"))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_private_edition_says_so(private: str, name: str) -> None:
    page = opened(name)
    assert not page.exception
    assert page.title
    assert PRIVATE_MARK in titles(page)


def test_no_other_edition_says_so(private: str, tmp_path: Path) -> None:
    page = opened(edition=official(tmp_path))
    assert page.title
    assert PRIVATE_MARK not in titles(page)


@pytest.mark.parametrize("named", [False, True])
def test_a_public_start_shows_what_is_for_the_public_and_says_nothing_of_a_private_edition(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    if named:
        monkeypatch.setenv("PULSO_EDITION", private)
    public = official(tmp_path)
    assert edition_ids(tmp_path) == [public]
    assert current_edition_id(tmp_path) == public
    page = opened()
    assert page.title and not page.error
    assert private not in str(page)
    page = opened(edition=private)
    assert [one.value.replace("\\", "") for one in page.error] == [
        f"No existe la edición «{private}»; las que hay son: {public}."
    ]
    assert not page.metric and not page.title
    assert not any(private in option for one in page.selectbox for option in one.options)


def test_a_private_edition_and_one_that_never_was_get_the_same_words(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    words = []
    for edition_id in (private, "private-2020-01-00000000"):
        with pytest.raises(EditionMissing) as refused:
            open_edition(tmp_path, edition_id)
        words.append(str(refused.value).replace(edition_id, "ID"))
    assert words[0] == words[1]


def test_without_an_edition_for_the_public_nothing_is_built_and_no_id_is_told(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    (tmp_path / "editions" / f"{official(tmp_path)}.duckdb").unlink()
    page = opened()
    assert [one.value for one in page.error] == ["Todavía no hay una edición para el público."]
    assert private not in str(page)
    assert main(["answer", "fob?region=08"]) == 1
    assert capsys.readouterr().err.strip() == "Todavía no hay una edición para el público."
    (tmp_path / "editions" / "CURRENT").unlink()
    assert first_start.main() == 0
    assert private not in capsys.readouterr().err
    assert [path.stem for path in (tmp_path / "editions").glob("*.duckdb")] == [private]


def test_the_public_pointer_goes_before_the_office_s(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = tmp_path / "editions" / "official-2025-11-abcdef01.duckdb"
    shutil.copy(tmp_path / "editions" / f"{official(tmp_path)}.duckdb", newer)
    older = next(one for one in edition_ids(tmp_path) if one.startswith("official-") and one != newer.stem)
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    assert current_edition_id(tmp_path) == newer.stem
    for pointed, shown in ((older, older), (private, newer.stem), ("official-gone", newer.stem)):
        (tmp_path / "editions" / "CURRENT.public").write_text(f"{pointed}\n", encoding="utf-8")
        assert current_edition_id(tmp_path) == shown


def test_a_private_edition_under_another_name_is_not_opened_either(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "editions" / "official-2025-10-abcdef01.duckdb"
    (tmp_path / "editions" / f"{private}.duckdb").rename(other)
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    with pytest.raises(EditionMissing, match="No existe"):
        open_edition(tmp_path, other.stem)
    with pytest.raises(EditionPrivate):
        open_file(other)
    with duckdb.connect(str(other)) as writable:  # nothing of it stayed open
        assert writable.execute("SELECT kind FROM meta_build").fetchall() == [("private",)]


@pytest.mark.parametrize(("said", "opens"), [("0", True), ("", True), ("1", False), ("true", False), ("si", False)])
def test_any_value_but_0_means_public(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, opens: bool
) -> None:
    monkeypatch.setenv("PULSO_PUBLIC", said)
    if opens:
        assert open_edition(tmp_path, private).is_private
    else:
        with pytest.raises(EditionMissing):
            open_edition(tmp_path, private)


def test_the_command_line_of_figures_answers_from_what_is_for_the_public(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    assert main(["receipt", "fob?region=08"]) == 0
    said = capsys.readouterr()
    assert official(tmp_path) in said.out
    assert private not in said.out + said.err
    assert main(["answer", "fob?region=08", "--edition", private]) == 1
    assert "No existe la edición" in capsys.readouterr().err


def test_the_mark_follows_the_reader_to_another_page(private: str, tmp_path: Path) -> None:
    (tmp_path / "editions" / "CURRENT").write_text(official(tmp_path) + "\n", encoding="utf-8")
    st.cache_resource.clear()
    page = opened(edition=private)
    assert PRIVATE_MARK in titles(page)
    page.switch_page("../pages/verificar.py").run()
    assert PRIVATE_MARK in titles(page)
