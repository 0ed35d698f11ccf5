import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from tests.ui.sample import sample
from tests.ui.watched import Watched


@pytest.fixture(autouse=True, scope="session")
def packages_read_once() -> Iterator[None]:
    """Every AppTest reads the papers of every installed package again, a fifth of the time of a test."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(autouse=True)
def somebody_the_server_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is run without a server has nobody at the other end."""
    monkeypatch.setattr("ui.serving.door.reader", lambda: "prueba")


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    """Streamlit's caches outlive an AppTest."""
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def no_figure_failed(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A figure that fails is told in its card and leaves no exception on the page: only the log has it."""
    yield
    failures = [record for record in caplog.get_records("call") if record.name == "ui.blocks.blocks"]
    assert not failures, failures


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One demo edition, written once; each test links to it from a folder of its own."""
    data = tmp_path_factory.mktemp("sample")
    return data / "editions" / f"{sample(data)}.duckdb"


@pytest.fixture
def data(tmp_path: Path, sample_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory whose current edition is the sample."""
    editions = tmp_path / "editions"
    editions.mkdir()
    (editions / sample_file.name).hardlink_to(sample_file)
    (editions / "CURRENT").write_text(sample_file.stem + "\n", encoding="utf-8")
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    return tmp_path


@pytest.fixture
def watched(data: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(monkeypatch)
