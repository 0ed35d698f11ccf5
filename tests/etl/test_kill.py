"""A load killed at any moment leaves the edition on screen whole: the old one or the new one, never between."""

import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from editions.folders import REPOSITORY, Workspace
from editions.store import current_id, edition_ids, edition_path, publish
from etl.load import load
from etl.progress import quiet
from tests.editions import undrawn
from tests.etl.customs_text import month_lines, write_month
from tests.patience import wait_until

KILLS = 5
MONTHS = [date(2024, month, 1) for month in range(1, 5)]


class Reader(threading.Thread):
    """Asks the edition on screen for its value again and again, as a running app does."""

    def __init__(self, place: Workspace) -> None:
        super().__init__(daemon=True)
        self.place, self.seen, self.failures, self.done = place, set(), [], threading.Event()

    def run(self) -> None:
        while not self.done.is_set():
            try:
                path = edition_path(self.place, current_id(self.place) or "")
                with duckdb.connect(str(path), read_only=True) as edition:
                    self.seen.add(edition.execute("SELECT sum(fob_usd) FROM core_export").fetchone())
            except Exception as error:  # noqa: BLE001  whatever goes wrong for a reader is a failure
                self.failures.append(error)
            time.sleep(0.01)


def start_load(place: Workspace, paths: list[Path]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "etl", "load", "--accept", "meses inventados", *map(str, paths)],
        cwd=REPOSITORY,
        env={"PULSO_DATA": str(place.root), "PATH": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_kill_9_at_random_moments_leaves_the_old_edition_or_the_new_one(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    paths = [write_month(tmp_path, month, lines=month_lines(month, firms=300)) for month in MONTHS]
    old = load(paths[:1], place, progress=quiet()).edition_id
    undisturbed = Workspace(tmp_path / "undisturbed")
    load(paths[:1], undisturbed, progress=quiet())
    started = time.monotonic()
    assert start_load(undisturbed, paths).wait() == 0
    duration = time.monotonic() - started
    new = current_id(undisturbed)

    reader = Reader(place)
    reader.start()
    moments = random.Random(8)  # a fixed draw, so that a failure can be repeated
    interrupted = 0
    for _ in range(8 * KILLS):  # a load that was quicker than its moment counts for nothing
        if interrupted == KILLS:
            break
        process = start_load(place, paths)
        try:
            process.wait(moments.uniform(0.05, 0.9 * duration))
            duration *= 0.8  # it was quicker than its moment: draw sooner ones
        except subprocess.TimeoutExpired:
            interrupted += 1
        process.kill()
        process.wait()
        assert current_id(place) in (old, new)
        assert set(edition_ids(place)) <= {old, new}
        publish(place, old, action="rollback")
        shutil.rmtree(place.staged, ignore_errors=True)  # so that the next load has all the work before it
    assert interrupted == KILLS
    assert start_load(place, paths).wait() == 0
    reader.done.set()
    reader.join()

    assert reader.failures == []
    assert len(reader.seen) in (1, 2)
    assert current_id(place) == new
    one, other = (edition_path(where, str(new)) for where in (place, undisturbed))
    query = f"{undrawn('core_export')} ORDER BY ALL"
    with duckdb.connect(str(one), read_only=True) as a, duckdb.connect(str(other), read_only=True) as b:
        assert a.execute(query).fetchall() == b.execute(query).fetchall()


def ctrl_c(place: Workspace, paths: list[Path], seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Load, and press Ctrl-C some time after the first file is opened: while Python works, or while a query runs."""
    with subprocess.Popen(
        [sys.executable, "-m", "etl", "load", *map(str, paths)],
        cwd=REPOSITORY,
        env={"PULSO_DATA": str(place.root), "PATH": ""},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        preexec_fn=hear_ctrl_c,
    ) as process:
        wait_until(lambda: list(place.build.glob("raw-*")) or process.poll() is not None)
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, stderr=complaint)


def hear_ctrl_c() -> None:
    """Whatever is started in the background of a script ignores Ctrl-C, unless it says otherwise."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("seconds", [0, 0.1])
def test_ctrl_c_says_that_nothing_changed(tmp_path: Path, seconds: float) -> None:
    place = Workspace(tmp_path / "data")
    paths = [write_month(tmp_path, month, lines=month_lines(month, firms=4000)) for month in MONTHS]
    old = load(paths[:1], place, progress=quiet()).edition_id
    for _ in range(8 * KILLS):  # a load that was quicker than the key counts for nothing
        interrupted = ctrl_c(place, paths, seconds)
        if interrupted.returncode != 0:
            break
        publish(place, old, action="rollback")
        shutil.rmtree(place.staged, ignore_errors=True)
    said = interrupted.stderr
    assert interrupted.returncode == 130, said.decode()
    assert "La edición en pantalla no cambió" in said.decode()
    assert current_id(place) == old
