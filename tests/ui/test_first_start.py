"""The first start: without any edition the demonstration is built, once, and told."""

import threading
from pathlib import Path
from typing import Any

import pytest

from editions.errors import PublishError
from tests.ui.opening import opened
from tests.ui.sample import sample
from tests.ui.test_resumen import words
from ui.serving import first_start


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


@pytest.mark.parametrize("pointer", [None, b"", bytes(range(128, 160))])
def test_without_a_pointer_a_visitor_never_builds_the_demonstration_over_editions(
    pointer: bytes | None, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_start, "build_demo", lambda *_, **__: pytest.fail("built over an edition"))
    sample(empty)
    current = empty / "editions" / "CURRENT"
    name = current.read_text().strip()
    (empty / "editions" / f"{name}.duckdb").rename(empty / "editions" / "official-2025-01-aaaaaaaa.duckdb")
    current.unlink()
    if pointer is not None:
        current.write_bytes(pointer)
    page = opened()
    assert not page.exception
    assert "«pulso rollback official-2025-01-aaaaaaaa»" in page.error[0].value
    assert not page.button


def test_a_visitor_is_never_told_where_things_lie_on_the_server(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(workspace: Any, *, progress: Any) -> None:
        raise PublishError(f"No se puede escribir en {workspace.root} (/var/x y.log); indique otra con PULSO_DATA.")

    monkeypatch.setattr(first_start, "build_demo", fail)
    said = words(opened())
    assert str(empty) not in said and "/var" not in said
    assert "No se puede escribir en la carpeta de datos" in said
