"""A portal, a data directory and one run of a synchronisation against them."""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from editions.folders import Workspace
from editions.store import current_id, edition_path
from etl.progress import quiet
from etl.sync.gather import Screen
from etl.sync.outcome import Options, Outcome
from etl.sync.run import synchronise
from etl.sync.web import Settings, Web
from tests.patience import PATIENCE
from tests.sync.portal import Portal

CONNECTIONS: list[tuple[str, int]] = []
FIRST, LAST = date(2003, 1, 1), date(2005, 12, 1)

Run = Callable[..., Outcome]


def _note_connection(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        CONNECTIONS.append(arguments[1][:2])


sys.addaudithook(_note_connection)


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    CONNECTIONS.clear()
    yield portal
    portal.close()
    others = [target for target in CONNECTIONS if target[1] != portal.port]
    assert others == [], "a request went to another host"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "data")


@pytest.fixture
def settings(portal: Portal) -> Settings:
    return settings_of(portal)


@pytest.fixture
def run(settings: Settings, place: Workspace) -> Run:
    def once(**options: Any) -> Outcome:
        chosen = Options(**({"first": FIRST, "last": LAST} | options))
        return synchronise(Web(settings), chosen, place, Screen(quiet(), quiet(), (quiet(), quiet())))

    return once


def settings_of(portal: Portal, **given: Any) -> Settings:
    """Settings that know the portal only and lose no time."""
    address = portal.address
    usual: dict[str, Any] = {
        "ckan": f"{address}/api/3/action", "sii": f"{address}/empresas", "bcch": f"{address}/SieteRestWS.ashx",
        "retries": 2, "backoff": 0.01, "longest_wait": 2, "gap": 0.0, "read_timeout": PATIENCE, "patience": PATIENCE,
    }  # fmt: skip
    return Settings(**(usual | given))


def rows(place: Workspace, sql: str) -> list[tuple[Any, ...]]:
    """Ask the edition on screen."""
    current = current_id(place)
    assert current is not None
    with duckdb.connect(str(edition_path(place, current)), read_only=True) as edition:
        return edition.execute(sql).fetchall()
