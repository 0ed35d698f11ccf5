"""The command: what it says, its exit codes, its log for machines, its health file, and no password in any of them."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from editions.folders import REPOSITORY, Workspace
from etl import __main__ as command
from etl.raw.bcch import DOLLAR, UF
from etl.sync.outcome import Redacted
from etl.sync.run import sync_lock
from tests.sync.conftest import rows, settings_of
from tests.sync.portal import Portal, html, packed, status, text_of
from tests.sync.test_central_bank import PASSWORD, USER, answer

MONTHS = [date(2003, month, 1) for month in range(1, 4)]
SPAN = ["--from", "2003-01", "--to", "2003-03"]

Sync = Callable[..., int]


@pytest.fixture
def sync(portal: Portal, place: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sync]:
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    monkeypatch.setattr("etl.sync.command.from_environment", lambda: settings_of(portal))
    logger = logging.getLogger("etl")
    before = logger.handlers, logger.level, logger.propagate
    for month in MONTHS:
        portal.add_month(month)
    yield lambda *options: command.main(["sync", *SPAN, *options])
    logger.handlers, logger.level, logger.propagate = before


def health(place: Workspace) -> dict[str, object]:
    return json.loads((place.root / "sync-health.json").read_text(encoding="utf-8"))


def test_a_run_ends_with_a_summary_of_one_screen(sync: Sync, capsys: pytest.CaptureFixture[str]) -> None:
    assert sync() == 0
    said = capsys.readouterr().out
    assert said.startswith("Sincronización 2003-01 a 2003-03: 3 archivos descargados")
    assert "Publicada la edición official-2003-03-" in said
    assert sync() == 0
    assert "3 sin cambios" in capsys.readouterr().out


def test_the_list_sets_what_exists_beside_what_is_loaded(
    sync: Sync, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync("--list") == 0
    assert "2003-02  por cargar             exportaciones-febrero-2003." in capsys.readouterr().out
    assert portal.downloads() == []
    sync()
    portal.withdraw(MONTHS[0])
    portal.package(2003)["resources"][1]["size"] += 1
    portal.add_month(date(2003, 5, 1))
    capsys.readouterr()
    assert sync("--list", "--to", "2003-05") == 0
    said = capsys.readouterr().out
    assert "2003-01  sólo aquí (90)         no está en datos.gob.cl" in said
    assert "2003-03  cargado (90)" in said
    assert "2003-04  —                      no está en datos.gob.cl" in said
    assert "2003-05  por cargar" in said


def test_a_dry_run_says_what_would_be_brought_and_brings_nothing(
    sync: Sync, portal: Portal, place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync("--dry-run") == 0
    assert "Se descargarían 3 archivos (3 nuevos" in capsys.readouterr().out
    assert not place.raw.exists()
    sync()
    portal.main_of(MONTHS[1]).change(packed(MONTHS[1], text_of(MONTHS[1], fob=5)))
    capsys.readouterr()
    assert sync("--dry-run") == 0
    said = capsys.readouterr().out
    assert "2003-02: cambió" in said
    assert "Se descargarían 1 archivos (0 nuevos" in said


def test_the_health_file_tells_a_monitor_what_happened(sync: Sync, portal: Portal, place: Workspace) -> None:
    assert sync() == 0
    good = health(place)
    assert (good["status"], good["exit_code"], good["last_month"], good["months"]) == ("ok", 0, "2003-03", 3)
    portal.main_of(MONTHS[0]).always = html
    assert sync() == 3
    partial = health(place)
    assert (partial["status"], partial["failed"], partial["months"]) == ("partial", ["2003-01"], 3)
    assert partial["last_success_at"] == good["last_success_at"]
    portal.server.server_close()
    assert sync() == 4
    failed = health(place)
    assert (failed["status"], failed["exit_code"], failed["edition_id"]) == ("failed", 4, good["edition_id"])
    assert "no hay conexión" in str(failed["message"])


def test_a_second_run_beside_another_is_told_to_wait_and_leaves_the_health_file_to_it(
    sync: Sync, place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with sync_lock(place):
        assert sync() == 4
    assert not (place.root / "sync-health.json").exists()
    assert capsys.readouterr().err.strip().splitlines()[-1].startswith("Error: Otra sincronización está en curso")


def test_without_a_first_month_it_asks_for_one(
    sync: Sync, place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["sync"]) == 2
    assert "sync --from 2023-01" in capsys.readouterr().err
    assert not (place.root / "sync-health.json").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(
    sync: Sync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("a file where a folder should be")
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "file" / "data"))
    assert sync() == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: No se puede escribir en")
    assert said.count("\n") == 1


@pytest.mark.parametrize("look", ["--list", "--dry-run"])
def test_a_look_without_a_network_fails_at_once(
    look: str, sync: Sync, portal: Portal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    patient = settings_of(portal, retries=5, backoff=60.0, longest_wait=120)
    monkeypatch.setattr("etl.sync.command.from_environment", lambda: patient)
    waits: list[float | None] = []
    monkeypatch.setattr("threading.Event.wait", lambda _, timeout=None: waits.append(timeout) or True)
    portal.server.server_close()
    assert sync(look) == 4
    assert waits == []
    assert "no hay conexión con el servidor; revise la red y repita." in capsys.readouterr().err


def test_a_dry_run_asks_a_silent_server_once(sync: Sync, portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    sync()
    for month in MONTHS:
        portal.main_of(month).always = status(500)
    portal.asked.clear()
    assert sync("--dry-run") == 0
    assert len(portal.downloads()) == 1
    assert "Se descargarían 3 archivos" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--from", "2003-05", "--to", "2003-02"], "2003-05 es posterior a 2003-02"),
        (["--accept", "  "], "--accept pide la razón"),
    ],
)
def test_wrong_options_leave_what_a_monitor_reads_alone(
    options: list[str], words: str, sync: Sync, place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync() == 0
    before = (place.root / "sync-health.json").read_bytes()
    assert sync(*options) == 2
    assert words in capsys.readouterr().err
    for impossible in (["--list", "--offline"], ["--from", "0001-01"], ["--nothing"]):
        with pytest.raises(SystemExit):
            sync(*impossible)
    assert (place.root / "sync-health.json").read_bytes() == before


@pytest.mark.parametrize("month", ["2003-13", "enero", "2003-1-1"])
def test_a_month_that_is_none_is_refused(month: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        command.main(["sync", "--from", month])
    assert left.value.code == 2
    assert "no es un mes" in capsys.readouterr().err


def test_the_log_for_machines_is_one_json_object_a_line(
    sync: Sync, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    portal.main_of(MONTHS[2]).always = html
    assert sync("--log-json") == 3
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    events = [line["event"] for line in lines]
    assert (events[0], events[-1]) == ("started", "finished")
    assert events.count("downloaded") == events.count("staged") == 2
    assert events.count("published") == events.count("refused") == 1
    assert lines[-1]["exit_code"] == 3
    assert all(line["at"] and line["level"] and line["message"] for line in lines)


def test_a_secret_is_struck_out_in_every_form() -> None:
    formatter = Redacted([PASSWORD, USER], as_json=True)
    forms = {PASSWORD, quote(PASSWORD), quote(PASSWORD, safe=""), quote_plus(PASSWORD), USER, quote_plus(USER)}
    for form in forms:
        record = logging.makeLogRecord({"msg": f"https://h/?pass={form}&x", "event": form})
        assert form not in formatter.format(record)


AUDITED = """
import runpy, sys
target = sys.argv[1]
def note(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        with open(target, "a") as log:
            log.write(f"{arguments[1][0]}:{arguments[1][1]}\\n")
sys.addaudithook(note)
sys.argv = ["etl", *sys.argv[2:]]
runpy.run_module("etl", run_name="__main__")
"""


def test_a_whole_run_writes_no_secret_and_asks_no_other_host(portal: Portal, place: Workspace, tmp_path: Path) -> None:
    for month in MONTHS:
        portal.add_month(month)
    portal.series = {
        UF: answer(UF, {"01-03-2010": "29300.12"}),
        DOLLAR: answer(DOLLAR, {"01-03-2010": "720.1", "02-03-2010": "730.3"}),
    }
    environment = os.environ | {
        "PULSO_DATA": str(place.root),
        "PULSO_CKAN_URL": f"{portal.address}/api/3/action",
        "PULSO_SII_URL": f"{portal.address}/empresas",
        "PULSO_BCCH_URL": f"{portal.address}/SieteRestWS.ashx",
        "BCCH_USER": USER,
        "BCCH_PASS": PASSWORD,
    }
    hosts = tmp_path / "hosts.txt"
    outputs = b""
    for series in (portal.series[UF], b'{"Codigo":-5,"Descripcion":"bad","Series":{}}'):
        portal.series[UF] = series
        done = subprocess.run(
            [sys.executable, "-c", AUDITED, str(hosts), "sync", *SPAN, "--bcch", "--log-json"],
            cwd=REPOSITORY, env=environment, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 3), done.stderr
        outputs += done.stdout + done.stderr
    assert b"rechaz" in outputs
    assert any(PASSWORD in path or quote_plus(PASSWORD) in path for path, _ in portal.asked)  # it was really sent
    assert rows(place, "SELECT clp_per_usd::DOUBLE FROM core_exchange_rate_month") == [(725.2,)]
    for path in place.root.rglob("*"):
        outputs += path.read_bytes() if path.is_file() else b""
    for secret in (USER, PASSWORD):
        for form in {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}:
            assert form.encode() not in outputs
    assert set(hosts.read_text().split()) == {f"127.0.0.1:{portal.port}"}
