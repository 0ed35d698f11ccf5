"""Staging keeps a file once, under its own hash, and never lets a half-made stage be believed."""

from pathlib import Path

import pytest

from editions.folders import Workspace
from etl.raw import stage as staging
from etl.raw.stage import stage
from tests.etl.fixtures.archives import zipped
from tests.etl.fixtures.months import N_ITEMS, sound_lines, stage_one

SOUND = b"\n".join(sound_lines()) + b"\n"


class Counting:
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        self.total = self.done = self.rows = self.closed = 0

    def start(self, total: int, label: str) -> None:
        self.total, self.label = self.total + total, label

    def advance(self, done: int, rows: int = 0) -> None:
        self.done, self.rows = self.done + done, self.rows + rows

    def close(self) -> None:
        self.closed += 1


def files(place: Workspace) -> list[str]:
    return sorted(str(path.relative_to(place.root)) for path in place.root.rglob("*") if path.is_file())


def test_a_file_staged_before_is_read_back_and_not_parsed_again(tmp_path: Path) -> None:
    first = stage_one(SOUND, tmp_path)
    progress = Counting()
    (again,) = stage(tmp_path / "enero.txt", Workspace(tmp_path / "data"), progress=progress)
    assert again == first
    assert progress.total == 0


def test_the_raw_copy_staged_under_its_stored_name_is_the_same_file(tmp_path: Path) -> None:
    first = stage_one(zipped({"enero.txt": SOUND}), tmp_path, name="Exportaciones enero – ñandú.zip")
    place = Workspace(tmp_path / "data")
    assert first.raw_file == f"{first.passport.sha256[:16]}-Exportaciones-enero-nandu.zip"
    assert stage(place.raw / first.raw_file, place) == [first]
    for path in place.staged.iterdir():  # as after a change of the parser
        path.unlink()
    (parsed_again,) = stage(place.raw / first.raw_file, place)
    assert parsed_again.counts == first.counts
    assert parsed_again.raw_file == first.raw_file
    assert files(place) == sorted(
        [f"raw/{first.raw_file}", f"staged/{first.parquet.name}", *(p for p in files(place) if p.endswith(".json"))]
    )


def test_a_stage_interrupted_before_its_record_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(staging, "write_record", interrupted)
        stage_one(SOUND, tmp_path)
    place = Workspace(tmp_path / "data")
    assert list(place.build.iterdir()) == []
    assert not [name for name in files(place) if name.endswith(".json")]
    (staged,) = stage(tmp_path / "enero.txt", place)
    assert staged.passport.rows == N_ITEMS


def test_a_lost_parquet_is_made_anew(tmp_path: Path) -> None:
    first = stage_one(SOUND, tmp_path)
    first.parquet.unlink()
    assert stage(tmp_path / "enero.txt", Workspace(tmp_path / "data")) == [first]
    assert first.parquet.exists()


def test_the_original_is_neither_moved_nor_changed(tmp_path: Path) -> None:
    path = tmp_path / "enero.txt"
    stage_one(SOUND.replace(b"\n", b"\r\n"), tmp_path)
    assert path.read_bytes() == SOUND.replace(b"\n", b"\r\n")


def test_progress_tells_all_bytes_and_rows_and_closes(tmp_path: Path) -> None:
    (tmp_path / "enero.txt").write_bytes(SOUND)
    progress = Counting()
    stage(tmp_path / "enero.txt", Workspace(tmp_path / "data"), progress=progress)
    assert (progress.done, progress.rows, progress.closed) == (progress.total, N_ITEMS, 1)
    assert progress.total == len(SOUND)


def test_other_bytes_under_the_same_name_are_another_file(tmp_path: Path) -> None:
    first = stage_one(SOUND, tmp_path)
    second = stage_one(SOUND.replace(b"1000,50", b"2000,50"), tmp_path)
    assert first.parquet != second.parquet
    assert first.raw_file != second.raw_file
