"""The first start: without any edition the demonstration is built, once, and told."""

import threading
from pathlib import Path
from typing import Any

import pytest

from etl.errors import PublishError
from tests.ui.opening import opened
from tests.ui.sample import sample
from tests.ui.test_resumen import words
from ui import first_start


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    return tmp_path


def test_the_demonstration_is_built_once_and_then_shown(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builds: list[str] = []

    def build(workspace: Any, *, progress: Any) -> None:
        progress.start(2, "Generando registros")
        builds.append(threading.current_thread().name)
        progress.advance(1)
        sample(workspace.root)
        progress.close()

    monkeypatch.setattr(first_start, "build_demo", build)
    page = opened()
    assert page.title[0].value == "Exportaciones de Biobío"
    page.run()
    assert builds == ["first-start"]


def test_a_failed_build_is_told_in_one_sentence_and_can_be_tried_again(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(workspace: Any, *, progress: Any) -> None:
        raise PublishError("El disco está lleno; libere espacio y repita.")

    monkeypatch.setattr(first_start, "build_demo", fail)
    page = opened()
    assert not page.exception
    assert "El disco está lleno" in words(page)
    monkeypatch.setattr(first_start, "build_demo", lambda workspace, *, progress: sample(workspace.root))
    page.button[0].click().run()
    assert page.title[0].value == "Exportaciones de Biobío"


def test_on_a_terminal_nothing_is_built_when_there_is_an_edition(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_start, "build_demo", lambda *_, **__: pytest.fail("built again"))
    monkeypatch.setattr(first_start, "demo_is_due", lambda _: False)
    assert first_start.main() == 0


def test_on_a_terminal_a_failure_is_one_sentence_and_an_exit_code(
    empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(workspace: Any, *, progress: Any) -> None:
        raise PublishError("El disco está lleno.")

    monkeypatch.setattr(first_start, "build_demo", fail)
    assert first_start.main() == 1
    assert capsys.readouterr().err == "Error: El disco está lleno.\n"
