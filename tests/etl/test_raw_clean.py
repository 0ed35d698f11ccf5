"""What the byte repair hands on: the raw text where it was right, the changed blocks where it was not."""

from pathlib import Path

from etl.progress import quiet
from etl.raw.repair import CHUNK, Cleaned, Shape, clean

SHAPE = Shape(3)


def cleaned(folder: Path, raw: bytes) -> Cleaned:
    path = folder / "raw.txt"
    path.write_bytes(raw)
    return clean(path, folder / "changed.txt", name="raw.txt", shape=SHAPE, progress=quiet())


def test_only_changed_blocks_are_written_and_the_text_reads_as_one(tmp_path: Path) -> None:
    block = b"a;b;c\n" * (CHUNK // 6 + 1)  # one block as it is read
    raw = block + block.replace(b"a;b;c", b"a;\tb;", 1) + block
    found = cleaned(tmp_path, raw)
    with found.open() as text:
        assert text.read() == raw.replace(b"\t", b" ")
    assert len(block) <= (tmp_path / "changed.txt").stat().st_size < len(block) + CHUNK
    assert found.rows == raw.count(b"\n")


def test_a_text_that_is_right_is_not_written_at_all(tmp_path: Path) -> None:
    raw = b"a;b;c\n" * 1000
    found = cleaned(tmp_path, raw)
    assert (tmp_path / "changed.txt").stat().st_size == 0
    with found.open() as text:
        assert text.read() == raw


def test_rows_are_found_on_both_sides_of_a_change(tmp_path: Path) -> None:
    rows = [f"{number};b;c" for number in range(100_000)]
    raw = "\n".join([*rows[:50_000], "50000;b\rc;", *rows[50_001:]]).encode() + b"\n"
    found = cleaned(tmp_path, raw)
    assert found.lines({0, 50_000, 99_999}) == {0: b"0;b;c", 50_000: b"50000;b c;", 99_999: b"99999;b;c"}
