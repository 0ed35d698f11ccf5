"""No RUT is kept, not even by a killed run; a firm that is forgotten leaves all that is kept, wherever it is cut."""

import io
import json
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from editions import store
from editions.errors import PublishError
from editions.folders import REPOSITORY, Workspace
from editions.store import current_id, edition_ids, edition_path, history, public_id
from etl import __main__ as command
from etl import forget, personal
from etl.load import load, rebuild
from etl.progress import quiet
from etl.publication.public_edition import publish
from etl.raw import registers
from etl.raw.firm_key import exporter_key
from etl.raw.register import _numbered
from etl.raw.stage import stage
from tests.etl.customs_text import write_month
from tests.etl.fixtures import archives
from tests.etl.fixtures.months import stage_bytes
from tests.etl.test_raw_register_formats import three_formats, ways_to_write, workbook
from tests.etl.test_raw_register_mistakes import GOOD, HEADER, line, register
from tests.patience import PATIENCE

RUT, OTHER = GOOD["exportador"], "99.000.111-1"
HALF_YEAR = [f"2024-{month:02d}" for month in range(1, 7)]
JANUARY = date(2024, 1, 1)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A data directory that the commands use too."""
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("PULSO_RETENTION_MONTHS", raising=False)
    return Workspace(tmp_path / "data")


def key_of(rut: str, place: Workspace) -> str:
    return exporter_key(rut, (place.root / "register.secret").read_text().encode())


def half_year(folder: Path, *, name: str = "registro.csv", fob: int = 100) -> Path:
    """A register of a complete half-year: two firms, and others enough to publish figures of them."""
    firms = [RUT, OTHER, *(f"empresa-{letter}" for letter in "abcdefgh")]
    lines = [
        line(periodo=month, exportador=firm, fob_usd=str(fob + number))
        for month in HALF_YEAR
        for number, firm in enumerate(firms)
    ]
    path = folder / name
    path.write_bytes(register(*lines))
    return path


def private_and_public(place: Workspace, folder: Path) -> list[str]:
    """Two private editions, each with its public one; return the ids of all that hold the firms."""
    load([write_month(folder, JANUARY), half_year(folder)], place, progress=quiet())
    ids = [str(current_id(place)), publish(place, progress=quiet())]
    load([half_year(folder, fob=200)], place, progress=quiet())
    return [*ids, str(current_id(place)), publish(place, progress=quiet())]


def files_with(texts: list[str], place: Workspace) -> list[str]:
    """Return the files that hold one of these texts: in their bytes, or packed in a table."""
    ways = [text.encode(code) for text in texts for code in ("utf8", "utf-16-le")]
    paths = [path for path in place.root.rglob("*") if path.is_file()]
    return [path.name for path in paths if any(way in path.read_bytes() + rows_of(path) for way in ways)]


def rows_of(path: Path) -> bytes:
    if path.suffix == ".parquet":
        return str(duckdb.execute("FROM read_parquet(?)", [str(path)]).fetchall()).encode()
    if path.suffix != ".duckdb":
        return b""
    with duckdb.connect(str(path), read_only=True) as edition:
        tables = [table for (table,) in edition.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return "".join(str(edition.execute(f"FROM {table}").fetchall()) for table in tables).encode()


def long_register(folder: Path) -> dict[str, Path]:
    """A register that takes a while to load, as each kind of file."""
    made = [GOOD | {"periodo": "2025-01", "exportador": RUT, "fob_usd": str(n)} for n in range(1, 20_000)]
    text = register(*(line(**row) for row in made))
    csv_path, zip_path = folder / "registro.csv", folder / "registro.zip"
    csv_path.write_bytes(text)
    zip_path.write_bytes(archives.zipped({"registro.csv": text}, method=zipfile.ZIP_STORED))
    cells = [HEADER.split(";"), *([*row.values()] for row in made[:4000])]
    return {"csv": csv_path, "zip": zip_path, "xlsx": workbook(folder / "registro.xlsx", cells=cells)}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "zip"])
def test_no_rut_is_on_disk_at_any_moment_of_a_load_nor_after_its_death(
    place: Workspace, tmp_path: Path, kind: str
) -> None:
    path = long_register(tmp_path)[kind]
    process = start(place, "load", str(path))
    moments = 0
    while process.poll() is None:
        process.send_signal(signal.SIGSTOP)  # what is on disk now is what a kill -9 would leave
        assert not bytes_of_ruts(place)
        moments += place.build.exists() and any(place.build.iterdir())
        process.send_signal(signal.SIGCONT)
        time.sleep(0.02)
    assert moments > 2
    assert process.returncode == (1 if kind == "zip" else 0)
    killed = start(place, "load", "--extract", "otra", str(path))
    time.sleep(0.6)
    killed.kill()
    killed.wait()
    assert not bytes_of_ruts(place)


def bytes_of_ruts(place: Workspace) -> list[Path]:
    ways = ways_to_write(RUT)
    found = []
    for path in place.root.rglob("*"):
        try:
            content = b"" if path.is_symlink() or not path.is_file() else path.read_bytes()
        except FileNotFoundError:  # another process of the load cleared it
            continue
        found += [path] if any(way in content for way in ways) else []
    return found


def start(place: Workspace, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "etl", *arguments],
        cwd=REPOSITORY,
        env={"PULSO_DATA": str(place.root), "PATH": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_the_database_that_reads_a_register_is_given_numbers_for_firms(tmp_path: Path) -> None:
    import pyarrow as pa

    table = pa.table({"exportador": [f" {RUT}", OTHER, "", RUT], "hs": ["1", "2", "3", "4"]})
    firms, given = _numbered(table)
    assert given["exportador"].to_pylist() == ["0", "1", "", "0"]
    assert firms == {"0": RUT, "1": OTHER, "": ""}


@pytest.mark.parametrize("make", [archives.zipped, archives.rar5, archives.rar4], ids=["zip", "rar5", "rar4"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_register_in_an_archive_is_refused_before_it_is_unpacked(
    make: Callable[[dict[str, bytes]], bytes], kind: str, tmp_path: Path
) -> None:
    content = three_formats(tmp_path)[kind].read_bytes()
    with pytest.raises(Exception, match=r"registro: es un registro de exportadores; extráigalo y cárguelo sin"):
        stage_bytes(make({"registro": content}), tmp_path, name="registro.zip")


def test_a_workbook_in_an_archive_is_left_aside_with_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    content = three_formats(tmp_path)["xlsx"].read_bytes()
    assert stage_bytes(archives.zipped({"registro.xlsx": content}), tmp_path, name="registro.zip") == []
    assert "registro.xlsx: libro de Excel dentro de un archivo comprimido; si trae datos, extráigalo" in caplog.text


def test_a_firm_is_forgotten_in_all_that_is_kept_and_what_the_public_sees_is_made_anew(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = private_and_public(place, tmp_path)
    key, other = key_of(RUT, place), key_of(OTHER, place)
    with duckdb.connect(str(edition_path(place, before[-1])), read_only=True) as edition:
        n_firms = edition.execute("SELECT max(firms) FROM mart_firm_statistic").fetchone()
    assert n_firms == (10,)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{RUT}\n"))
    assert command.main(["forget"]) == 0
    words = capsys.readouterr().out
    assert all(f"Se borró la edición {edition_id}." in words for edition_id in before)
    assert "Filas quitadas de los registros guardados: 12." in words
    assert files_with([key, RUT], place) == []
    assert files_with([other], place)
    assert len(edition_ids(place)) == 2 and not set(edition_ids(place)) & set(before)
    with duckdb.connect(str(edition_path(place, str(public_id(place)))), read_only=True) as edition:
        assert edition.execute("SELECT max(firms) FROM mart_firm_statistic").fetchone() == (9,)
        assert edition.execute("SELECT count(*) FROM core_register").fetchone() == (0,)
    assert not rebuild(place, progress=quiet()).is_new
    assert f"Para el público: {public_id(place)}" in words


def test_the_file_that_was_forgotten_from_does_not_bring_the_firm_back(place: Workspace, tmp_path: Path) -> None:
    path = half_year(tmp_path)
    load([path], place, progress=quiet())
    key = key_of(RUT, place)
    forget.forget(forget.firm(RUT, place), place, progress=quiet())
    assert not load([path], place, progress=quiet()).is_new
    assert files_with([key], place) == []


STEPS: dict[str, tuple[object, str]] = {
    "nothing yet": (forget, "_take_out"),
    "the passport": (forget, "write_record"),
    "the build": (forget, "build"),
    "the screen": (store, "publish"),
    "the editions": (store, "erase"),
    "the public": (forget, "_publish_again"),
    "the journal": (registers, "note"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
def test_a_removal_that_is_cut_at_any_step_is_finished_by_the_next_command(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, is_before: bool
) -> None:
    load([write_month(tmp_path, JANUARY), half_year(tmp_path)], place, progress=quiet())
    publish(place, progress=quiet())
    key = key_of(RUT, place)
    whole = getattr(*STEPS[step])

    def cut(*arguments: object, **named: object) -> None:
        if not is_before:
            whole(*arguments, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(*STEPS[step], cut)
        forget.forget(forget.firm(RUT, place), place, progress=quiet())
    assert files_with([RUT], place) == []
    assert command.main(["build"]) == 0
    assert files_with([key], place) == []
    assert not forget.is_unfinished(place)
    assert str(public_id(place)).startswith("public-")
    assert edition_path(place, str(public_id(place))).exists()


def test_a_removal_killed_outright_is_finished_by_the_next_command(place: Workspace, tmp_path: Path) -> None:
    load([write_month(tmp_path, JANUARY), half_year(tmp_path)], place, progress=quiet())
    key = key_of(RUT, place)
    process = start(place, "forget", key)
    while process.poll() is None and not forget.is_unfinished(place):
        time.sleep(0.01)
    time.sleep(0.1)
    process.kill()
    process.wait()
    assert command.main(["rollback", str(current_id(place))]) in (0, 1)
    assert not forget.is_unfinished(place)
    assert files_with([key], place) == []


def test_where_too_little_is_left_to_publish_the_public_edition_is_withdrawn_with_a_word(
    place: Workspace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "registro.csv"
    own = [line(periodo=month, exportador=RUT) for month in HALF_YEAR]
    path.write_bytes(register(*own, line(periodo="2024-01", exportador=OTHER)))
    load([write_month(tmp_path, JANUARY), path], place, progress=quiet())
    publish(place, progress=quiet())
    forget.forget(forget.firm(RUT, place), place, progress=quiet())
    assert "La edición pública se retiró" in caplog.text
    assert public_id(place) is None
    assert not forget.is_unfinished(place)


def test_when_the_firm_was_all_of_the_register_the_edition_is_official_again(place: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "registro.csv"
    path.write_bytes(register(line(periodo="2024-01")))
    load([write_month(tmp_path, JANUARY), path], place, progress=quiet())
    done = forget.forget(forget.firm(RUT, place), place, progress=quiet())
    assert str(done.edition_id).startswith("official-")
    assert done.public_id == done.edition_id
    assert list(place.registers.iterdir()) == []


def test_a_register_alone_leaves_no_edition(place: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "registro.csv"
    path.write_bytes(register(line()))
    load([path], place, progress=quiet())
    done = forget.forget(forget.firm(RUT, place), place, progress=quiet())
    assert (done.edition_id, edition_ids(place)) == (None, [])
    assert all("summary" not in entry for entry in history(place))


def test_a_firm_that_is_not_there_and_a_wrong_rut_are_refused(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load([half_year(tmp_path)], place, progress=quiet())
    edition_id = current_id(place)
    assert command.main(["forget", "11.111.111-1"]) == 1
    assert command.main(["forget", "76.123.456-9"]) == 1
    words = capsys.readouterr().err
    assert "Nada de lo guardado trae a esa empresa" in words and "dígito verificador" in words
    assert "11.111.111" not in words and "76.123.456" not in words
    assert current_id(place) == edition_id and not forget.is_unfinished(place)


def test_what_is_held_is_told_with_its_purpose_its_dates_and_its_editions(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No se guarda ningún registro de empresas." in personal.held(place)
    load([half_year(tmp_path)], place, progress=quiet())
    words = personal.held(place)
    assert "Para qué: contar las pymes exportadoras" in words
    assert "60 filas, 10 empresas, 2024-01 a 2024-06" in words
    assert f"ediciones: {current_id(place)}." in words
    assert "VENCIDO" not in words
    monkeypatch.setenv("PULSO_RETENTION_MONTHS", "dos")
    with pytest.raises(PublishError, match="debe ser un número de meses; dice «dos»"):
        personal.held(place)


def test_a_register_whose_time_is_over_is_told_and_goes_when_asked(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load([write_month(tmp_path, JANUARY), half_year(tmp_path)], place, progress=quiet())
    assert command.main(["forget", "--overdue"]) == 1
    assert "A ningún registro se le venció el plazo" in capsys.readouterr().err
    (passport,) = place.registers.glob("*.json")
    stored = json.loads(passport.read_text())
    passport.write_text(json.dumps(stored | {"since": "2020-02-10"}))
    assert "hasta 01-03-2023; " in personal.held(place) and "PLAZO VENCIDO" in personal.held(place)
    assert command.main(["forget", "--overdue"]) == 0
    assert list(place.registers.iterdir()) == []
    assert str(current_id(place)).startswith("official-") and len(edition_ids(place)) == 1


def test_the_log_of_what_was_done_names_nobody(place: Workspace, tmp_path: Path) -> None:
    load([half_year(tmp_path)], place, progress=quiet())
    key = key_of(RUT, place)
    forget.forget(forget.firm(RUT, place), place, progress=quiet())
    log = place.root / registers.LOG
    entries = [json.loads(text) for text in log.read_text().splitlines()]
    assert [(entry["action"], entry["rows"]) for entry in entries] == [("keep", 60), ("forget", 6)]
    assert all(word not in log.read_text() for word in (key, RUT, "registro"))


def test_a_register_that_no_edition_uses_any_more_is_erased(place: Workspace, tmp_path: Path) -> None:
    for fob in range(1, 8):
        load([half_year(tmp_path, fob=1000 * fob)], place, progress=quiet())
    assert len(list(place.registers.glob("*.json"))) == len(list(place.registers.glob("*.parquet"))) == store.KEEP


def as_earlier_versions_kept_it(place: Workspace, original: Path) -> Path:
    """Put the register back as received, readable by its owner only, as it was kept once."""
    (passport,) = place.registers.glob("*.json")
    raw = place.raw / json.loads(passport.read_text())["raw_file"]
    raw.write_bytes(original.read_bytes())
    raw.chmod(0o600)
    for path in place.registers.iterdir():
        path.unlink()
    return raw


def test_a_register_that_an_earlier_version_kept_as_received_is_converted_and_erased(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = half_year(tmp_path)
    load([path], place, progress=quiet())
    raw = as_earlier_versions_kept_it(place, path)
    before = rows_of(edition_path(place, str(current_id(place))))
    assert command.main(["personal"]) == 0
    assert f"CON RUT, de una versión anterior: {raw}. «pulso build» lo convierte" in capsys.readouterr().out
    assert not rebuild(place, progress=quiet()).is_new
    assert not raw.exists() and files_with([RUT], place) == []
    assert rows_of(edition_path(place, str(current_id(place)))) == before


def test_an_old_register_that_cannot_be_converted_is_told_with_what_to_do(
    place: Workspace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    raw = place.raw / f"{'0' * 16}-registro.csv"
    raw.write_bytes(register(line(region="99")))
    raw.chmod(0o600)
    assert not rebuild(place, progress=quiet()).is_new
    assert f"{raw}: parece un registro con RUT que dejó una versión anterior" in caplog.text
    assert "bórrelo" in caplog.text and RUT not in caplog.text


@pytest.mark.parametrize("is_hashed_first", [True, False])
def test_a_file_that_changes_while_it_is_read_is_refused(
    is_hashed_first: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Workspace
) -> None:
    path = half_year(tmp_path)
    parse, digest = stage.__globals__["_parse_one"], stage.__globals__["_sha256"]
    hashed, changed = threading.Event(), threading.Event()

    def sha256(raw: Path) -> str:
        assert is_hashed_first or changed.wait(PATIENCE)
        result = str(digest(raw))
        hashed.set()
        return result

    def meddle(*arguments: object) -> object:
        assert not is_hashed_first or hashed.wait(PATIENCE)
        parsed = parse(*arguments)
        path.write_bytes(path.read_bytes() + b"#\n")
        changed.set()
        return parsed

    monkeypatch.setattr("etl.raw.stage._sha256", sha256)
    monkeypatch.setattr("etl.raw.stage._parse_one", meddle)
    with pytest.raises(Exception, match="el archivo cambió mientras se leía"):
        stage(path, place)
    assert list(place.registers.iterdir()) == []
