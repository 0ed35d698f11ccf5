"""What tests of every folder share."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from editions.folders import Workspace
from editions.store import current_id
from etl import template
from etl.load import build_demo
from etl.progress import quiet

# An example takes as long as the machine needs; what is looked for is a counterexample, not a slow one.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def templates_built_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What every edition begins with is the same in each new workspace: one is built and copied."""
    kept, build = tmp_path_factory.mktemp("templates"), template._build

    def copy(target: Path) -> None:
        if (kept / target.name).exists():
            shutil.copyfile(kept / target.name, target)
        else:
            build(target)
            shutil.copyfile(target, kept / target.name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(template, "_build", copy)
        yield


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demonstration, built once for all workers: to read; who writes asks for `own_demo`."""
    base = tmp_path_factory.getbasetemp()
    place = Workspace((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo")
    place.root.mkdir(exist_ok=True)
    with (place.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if current_id(place) is None:
            build_demo(place, progress=quiet())
    return place


@pytest.fixture
def own_demo(built_demo: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the demonstration that a test may change, or open in a way of its own."""
    shutil.copytree(built_demo.root, tmp_path / "demo")
    return Workspace(tmp_path / "demo")
