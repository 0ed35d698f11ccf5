"""A synchronisation killed at any moment loses nothing: the next run gives the edition of an undisturbed one."""

import hashlib
import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import duckdb

from editions.folders import REPOSITORY, Workspace
from editions.store import current_id, edition_ids, edition_path
from tests.sync.portal import Portal, packed, text_of

KILLS = 6
MONTHS = [date(2003, month, 1) for month in range(1, 6)]
TABLES = {  # each with the columns that are drawn anew for each edition
    "core_export": "EXCLUDE (exporter_id, declaration_id)",
    "core_month": "",
    "core_uf_month": "",
}


def start(portal: Portal, place: Workspace) -> subprocess.Popen[bytes]:
    given = {
        "PULSO_DATA": str(place.root),
        "PULSO_CKAN_URL": f"{portal.address}/api/3/action",
        "PULSO_SII_URL": portal.address,
        "PULSO_BCCH_URL": portal.address,
        "PATH": "",
    }
    command = [sys.executable, "-m", "etl", "sync", "--from", f"{MONTHS[0]:%Y-%m}", "--to", f"{MONTHS[-1]:%Y-%m}"]
    return subprocess.Popen(command, cwd=REPOSITORY, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def content_hash(place: Workspace) -> str:
    """Return the hash of all rows of an edition's measured tables, but for numbers that mean nothing outside it."""
    digest = hashlib.sha256()
    with duckdb.connect(str(edition_path(place, str(current_id(place)))), read_only=True) as edition:
        for table, drawn in TABLES.items():
            rows = edition.execute(f"SELECT * {drawn} FROM {table} ORDER BY ALL").fetchall()
            digest.update(repr(rows).encode())
    return digest.hexdigest()


def is_whole(place: Workspace) -> bool:
    """Tell whether every edition that can be seen opens and holds its rows."""
    for edition_id in edition_ids(place):
        with duckdb.connect(str(edition_path(place, edition_id)), read_only=True) as edition:
            if edition.execute("SELECT count(*) > 0 FROM meta_build, core_export").fetchone() != (True,):
                return False
    return True


def test_kill_9_at_random_moments_gives_the_same_edition_in_the_end(portal: Portal, tmp_path: Path) -> None:
    place, undisturbed = Workspace(tmp_path / "data"), Workspace(tmp_path / "undisturbed")
    for month in MONTHS:
        portal.add_month(month)
    started = time.monotonic()
    assert start(portal, undisturbed).wait() == 0
    duration = time.monotonic() - started

    moments = random.Random(6)  # a fixed draw, so that a failure can be repeated
    killed, seen = 0, set()
    for attempt in range(4 * KILLS):  # a run that was quicker than its moment counts for nothing
        if killed == KILLS:
            break
        changed = MONTHS[attempt % len(MONTHS)]  # there is always something to bring, parse and publish
        portal.main_of(changed).change(packed(changed, text_of(changed, fob=2000 + attempt, firms=200)))
        process = start(portal, place)
        try:
            process.wait(moments.uniform(0.1, 0.95 * duration))
            duration *= 0.9
        except subprocess.TimeoutExpired:
            killed += 1
            duration *= 1.1  # so the moments follow how busy the machine is
        process.kill()
        process.wait()
        assert is_whole(place)
        seen.add((current_id(place), len(list((place.root / "raw").glob("*.*")))))
    assert killed == KILLS
    assert len(seen) > 3  # the kills found it in different states

    assert start(portal, place).wait() == 0
    assert start(portal, undisturbed).wait() == 0
    assert current_id(place) == current_id(undisturbed)
    assert content_hash(place) == content_hash(undisturbed)
    assert list((place.raw / "partial").iterdir()) == []
    assert [path.name for path in place.build.iterdir()] == []
