"""Serves the app as `./run` does, on a free port, against a data directory of its own; opens it in a real Chromium."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.furnished import furnished, hostile
from tests.patience import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)
REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SERVE = (sys.executable, "-m", "ui.serving.serve", "--no-browser", "--port", "0")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=LocalNetworkAccessChecks",  # a page of another site may frame one of this machine
]


@contextmanager
def serving(data: Path, command: Sequence[str] = SERVE) -> Iterator[str]:
    """Serve the app against `data`; the address is what the server prints first."""
    surroundings = {**os.environ, "PULSO_DATA": str(data)}
    surroundings.pop("PULSO_EDITION", None)
    with subprocess.Popen(command, cwd=REPOSITORY, env=surroundings, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield next(filter(str.split, server.stdout)).split()[-1]
        finally:
            server.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium of the machine, headless."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("no Chromium on this machine; ./check installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        patient(browser)
        yield browser
        browser.close()


def patient(browser: Browser) -> None:
    """Let every page that is opened wait for what it waits for, and not for Playwright's 30 seconds."""
    make = browser.new_context

    def new_context(**options: Any) -> BrowserContext:
        context = make(**options)
        context.set_default_timeout(PATIENCE * 1000)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    furnished(folder)
    return folder


@pytest.fixture(scope="session")
def sample_id(data: Path) -> str:
    return (data / "editions" / "CURRENT").read_text(encoding="utf-8").strip()


@pytest.fixture(scope="session")
def hostile_id(data: Path) -> str:
    """An edition beside the current one whose names are hostile text."""
    current = data / "editions" / "CURRENT"
    before = current.read_text(encoding="utf-8")
    made = hostile(data)
    current.write_text(before, encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def address(data: Path) -> Iterator[str]:
    with serving(data) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="es-CL")
    yield context.new_page()
    context.close()
