"""Private editions: marked on every page, and at a public start neither opened nor listed."""

import shutil
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from indicators.__main__ import main
from indicators.edition import edition_ids, open_edition, open_file
from indicators.errors import EditionPrivate
from tests.ui.opening import PAGES, opened
from tests.ui.sample import sample
from ui.filters import PRIVATE_MARK


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


def test_a_public_start_neither_opens_nor_lists_a_private_edition(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    assert edition_ids(tmp_path) == [official(tmp_path)]
    for page in (opened(edition=private), opened()):
        assert [one.value.replace("\\", "") for one in page.error] == [
            f"La edición «{private}» es privada y este tablero es público: no se muestra; elija otra edición."
        ]
        assert not page.metric and not page.title
        assert not any(private in option for one in page.selectbox for option in one.options)
    page = opened(edition=official(tmp_path))
    assert page.title and not page.error


def test_a_private_edition_under_another_name_is_not_opened_either(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "editions" / "official-2025-10-abcdef01.duckdb"
    (tmp_path / "editions" / f"{private}.duckdb").rename(other)
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    with pytest.raises(EditionPrivate):
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
        with pytest.raises(EditionPrivate):
            open_edition(tmp_path, private)


def test_the_command_line_of_figures_refuses_too(
    private: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    assert main(["answer", "fob?region=08"]) == 1
    assert "es privada y este tablero es público" in capsys.readouterr().err


def test_the_mark_follows_the_reader_to_another_page(private: str, tmp_path: Path) -> None:
    (tmp_path / "editions" / "CURRENT").write_text(official(tmp_path) + "\n", encoding="utf-8")
    st.cache_resource.clear()
    page = opened(edition=private)
    assert PRIVATE_MARK in titles(page)
    page.switch_page("../pages/verificar.py").run()
    assert PRIVATE_MARK in titles(page)
