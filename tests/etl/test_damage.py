"""What is lost or damaged on the data disk is told in one sentence, and nothing is built over what is still there."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from editions import store
from editions.errors import PublishError
from editions.folders import REPOSITORY, Workspace
from etl import __main__ as command
from etl.load import build_demo, demo_is_due, load
from etl.progress import quiet
from tests.etl.customs_text import write_month
from tests.etl.test_raw_register_mistakes import line, register
from ui.serving import first_start

BLOCK, HEADERS = 262_144, 3 * 4096


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A data directory with one official edition, the one in force."""
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "data"))
    workspace = Workspace(tmp_path / "data")
    load([write_month(tmp_path, date(2024, 1, 1))], workspace, progress=quiet())
    return workspace


LOSSES: dict[str, Callable[[Path], object]] = {
    "lost": lambda pointer: pointer.unlink(),
    "empty": lambda pointer: pointer.write_bytes(b""),
    "binary": lambda pointer: pointer.write_bytes(bytes(range(128, 200))),
    "zeroed": lambda pointer: pointer.write_bytes(bytes(30)),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_without_a_pointer_the_demonstration_is_never_built_over_editions_on_disk(
    loss: str, place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edition_id = store.current_id(place)
    LOSSES[loss](place.editions / "CURRENT")
    assert not demo_is_due(place)
    assert first_start.main() == 0
    with pytest.raises(PublishError, match="la última publicada con «pulso rollback"):
        build_demo(place, progress=quiet())
    for arguments in (["status"], ["check"], ["build"], ["changes"], ["demo"]):
        capsys.readouterr()
        assert command.main(arguments) == 1
        assert f"«pulso rollback {edition_id}»" in capsys.readouterr().err
    assert [path.stem for path in place.editions.glob("*.duckdb")] == [edition_id]
    assert command.main(["rollback", str(edition_id)]) == 0
    assert store.current_id(place) == edition_id


def test_of_several_editions_the_real_one_published_last_would_be_taken(place: Workspace) -> None:
    for name in ("official-a", "official-b", "demo-c"):
        (place.editions / f"{name}.duckdb").write_bytes(b"")
        store.publish(place, name, action="load")
    (place.editions / "CURRENT").unlink()
    assert store.to_restore(place) == "official-b"
    (place.editions / "history.jsonl").unlink()
    os.utime(place.editions / "official-a.duckdb", (2_000_000_000, 2_000_000_000))
    assert store.to_restore(place) == "official-a"


def test_a_cut_or_overwritten_line_of_the_history_stops_nothing(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = store.current_id(place)
    log = place.editions / "history.jsonl"
    log.write_bytes(b'{"edition_id": 5}\n[1]\n' + bytes(20) + b"\n" + log.read_bytes() + b'{"edition_id": "official-2')
    assert command.main(["editions"]) == 0
    assert command.main(["load", str(write_month(tmp_path, date(2024, 2, 1)))]) == 0
    assert [one["edition_id"] for one in store.history(place)] == [first, store.current_id(place)]
    assert json.loads(log.read_text(encoding="utf-8").splitlines()[-1])["edition_id"] == store.current_id(place)
    assert command.main(["rollback"]) == 0
    assert store.current_id(place) == first


def zero_blocks(path: Path) -> None:
    with path.open("r+b") as content:
        for position in range(HEADERS, path.stat().st_size, BLOCK):
            content.seek(position)
            content.write(bytes(min(BLOCK, path.stat().st_size - position)))


@pytest.mark.parametrize(
    "spoil", [zero_blocks, lambda path: path.write_bytes(bytes(8192)), lambda path: os.truncate(path, 300_000)]
)
def test_a_damaged_edition_is_one_sentence_that_names_it_and_the_way_out(
    spoil: Callable[[Path], object], place: Workspace, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edition_id = str(store.current_id(place))
    spoil(store.edition_path(place, edition_id))
    for arguments in (
        ["status"],
        ["check"],
        ["build"],
        ["load", str(write_month(tmp_path, date(2024, 2, 1)))],
        ["release", "--out", str(tmp_path / "x.zip")],
    ):
        capfd.readouterr()
        assert command.main(arguments) == 1, arguments
        sentence = capfd.readouterr().err.strip().splitlines()[-1]
        assert edition_id in sentence and ("dañado" in sentence or "dañada" in sentence), (arguments, sentence)
    assert not list(tmp_path.glob(".*"))


CAPPED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from etl.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


ROOM: dict[str, Callable[[int], int]] = {
    "not for the copy of the raw file": lambda _: 4_000,
    "not for what an edition begins with": lambda template: template - 4096,
    "not for the first table": lambda template: template,
    "not for the last checkpoint": lambda template: template + 2 * BLOCK,
}


@pytest.mark.parametrize("room", ROOM)
def test_a_disk_without_room_is_one_sentence_and_the_edition_stays(room: str, place: Workspace, tmp_path: Path) -> None:
    before = store.current_id(place)
    most_bytes = ROOM[room](next(place.staged.glob("template-*")).stat().st_size)
    month = str(write_month(tmp_path, date(2024, 2, 1)))
    result = subprocess.run(
        [sys.executable, "-c", CAPPED, str(most_bytes), "load", month],
        cwd=REPOSITORY,
        env={**os.environ, "PULSO_DATA": str(place.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr.count("\n")) == (1, 1), result.stderr
    assert "El disco está lleno" in result.stderr
    assert store.current_id(place) == before


def test_what_killed_runs_left_beside_the_editions_is_cleared_by_the_next(place: Workspace, tmp_path: Path) -> None:
    left = [place.editions / ".cambios.atom-abc12345", place.editions / ".CURRENT-x", place.root / ".snapshots.toml-x"]
    for path in left:
        path.write_bytes(b"x")
    os.utime(left[2], (0, 0))
    load([write_month(tmp_path, date(2024, 2, 1))], place, progress=quiet())
    assert not [path for path in left if path.exists()]


def test_a_private_edition_and_what_is_staged_are_for_their_owner_alone(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    (tmp_path / "registro.csv").write_bytes(register(line()))
    before = os.umask(0)  # the most careless there is
    try:
        load([tmp_path / "registro.csv"], place, progress=quiet())
    finally:
        os.umask(before)
    assert str(store.current_id(place)).startswith("private-")
    for folder in (place.raw, place.staged, place.build, place.editions):
        assert folder.stat().st_mode & 0o077 == 0, folder
    private = [*place.staged.glob("*registro*"), *place.staged.glob("*.parquet"), *place.staged.glob("*.json")]
    private += [*place.editions.glob("private-*"), *place.raw.glob("*registro*")]
    assert [path.name for path in private if path.stat().st_mode & 0o077] == []


def test_an_official_edition_may_be_read_by_whoever_serves_it(place: Workspace) -> None:
    assert place.editions.stat().st_mode & 0o055
    assert store.edition_path(place, str(store.current_id(place))).stat().st_mode & 0o044
