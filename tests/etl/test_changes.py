"""The report of what a publication changed, and the feed: whole, true, and gone with their edition."""

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from editions import store
from editions.folders import Workspace
from editions.store import report_paths
from etl import __main__ as command
from etl.changes import render
from etl.load import load, rebuild, roll_back
from etl.progress import quiet
from tests.etl.customs_text import line, month_lines, write_month

DECEMBER, JANUARY = date(2023, 12, 1), date(2024, 1, 1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "data"))
    return Workspace(tmp_path / "data")


def put(place: Workspace, folder: Path, month: date, *, fob: int = 1000, name: str = "") -> str:
    path = write_month(folder, month, lines=month_lines(month, fob=fob), name=name or f"{month}-{fob}.txt")
    return load([path], place, accept="meses inventados", progress=quiet()).edition_id


def entries(place: Workspace) -> list[dict[str, str]]:
    root = ElementTree.parse(place.editions / render.FILE).getroot()
    assert root.tag == f"{ATOM}feed"
    return [{part.tag.removeprefix(ATOM): part.text or "" for part in one} for one in root.iter(f"{ATOM}entry")]


def test_the_first_edition_says_that_all_is_new(place: Workspace, tmp_path: Path) -> None:
    first = load([write_month(tmp_path, DECEMBER), write_month(tmp_path, JANUARY)], place, progress=quiet()).edition_id
    markdown, _ = report_paths(place, first)
    said = markdown.read_text(encoding="utf-8")
    assert "sin edición anterior" in said
    assert "aduanas_dus 2023-12 a 2024-01: 2 meses nuevos, 180 registros, US$ 0,2 millones" in said


def test_a_revised_month_is_told_by_how_much_and_in_which_region(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(place, tmp_path, DECEMBER)
    last = put(place, tmp_path, DECEMBER, fob=2000)
    report = json.loads(report_paths(place, last)[1].read_text(encoding="utf-8"))
    (month,) = report["revised"]
    assert (month["month"], month["fob_before_usd"], month["fob_after_usd"]) == ("2023-12-01", 91350.0, 181350.0)
    assert month["is_same_file"] is False
    (region,) = report["regions"]
    assert (region["region"], region["change_usd"]) == ("Biobío", 90000.0)
    assert command.main(["changes"]) == 0
    said = capsys.readouterr().out
    assert "de US$ 0,1 millones a US$ 0,2 millones (+US$ 0,1 millones)" in said
    assert "Biobío" in said


def test_a_region_is_told_with_its_whole_month_though_one_flow_changed(place: Workspace, tmp_path: Path) -> None:
    services = [line(FECHAACEPT="10122023", NUMEROIDENT="9", TIPOOPERACION="202", FOBUS=f"{n}00,00") for n in (5, 7)]
    for n, one in enumerate(services):
        path = write_month(tmp_path, DECEMBER, lines=[*month_lines(DECEMBER), one], name=f"{n}.txt")
        last = load([path], place, progress=quiet()).edition_id
    (region,) = json.loads(report_paths(place, last)[1].read_text(encoding="utf-8"))["regions"]
    assert (region["fob_before_usd"], region["fob_after_usd"], region["change_usd"]) == (91850.0, 92050.0, 200.0)


def test_a_change_of_rules_is_told_from_a_change_of_the_file(place: Workspace, tmp_path: Path) -> None:
    path = write_month(tmp_path, DECEMBER)
    first = load([path], place, progress=quiet()).edition_id
    with duckdb.connect(str(store.edition_path(place, first))) as edition:  # as if its rules had been others
        edition.execute("UPDATE core_month SET fob_usd = fob_usd + 50")
    last = put(place, tmp_path, JANUARY)
    report = json.loads(report_paths(place, last)[1].read_text(encoding="utf-8"))
    assert [one["is_same_file"] for one in report["revised"]] == [True]
    assert "cambiaron las reglas" in report_paths(place, last)[0].read_text(encoding="utf-8")


def test_what_moved_most_since_a_year_ago_is_told_for_the_newest_new_month(place: Workspace, tmp_path: Path) -> None:
    put(place, tmp_path, date(2022, 12, 1))
    last = put(place, tmp_path, DECEMBER, fob=3000)
    movers = json.loads(report_paths(place, last)[1].read_text(encoding="utf-8"))["movers"]
    assert [(one["kind"], one["name"], one["change_usd"]) for one in movers] == [
        ("región", "Biobío", 180000.0),
        ("sector", "Forestal y muebles de madera", 180000.0),
    ]


def test_broken_figures_and_the_reason_they_were_accepted_are_told(place: Workspace, tmp_path: Path) -> None:
    put(place, tmp_path, DECEMBER)
    lines = [line(FECHAACEPT=f"{day:02d}082024", NUMEROIDENT=f"{day}", FOBUS="15000000,00") for day in range(1, 32)]
    path = write_month(tmp_path, date(2024, 8, 1), lines=lines)
    last = load([path], place, accept="INE <b>aún</b> no corrige & avisa", progress=quiet()).edition_id
    said = report_paths(place, last)[0].read_text(encoding="utf-8")
    assert "## Cifras publicadas que dejan de cuadrar\n\n- core_reconciliation: aduanas_dus suma US$ 465,0 mill" in said
    assert "Razón: INE <b>aún</b> no corrige & avisa" in said
    assert "INE <b>aún</b> no corrige & avisa" in entries(place)[0]["content"]
    mended = put(place, tmp_path, JANUARY)
    assert json.loads(report_paths(place, mended)[1].read_text(encoding="utf-8"))["broken"] == []


def test_the_feed_has_the_latest_20_publications_of_official_editions(own_demo: Workspace, tmp_path: Path) -> None:
    place = own_demo
    assert not (place.editions / render.FILE).exists()
    put(place, tmp_path, DECEMBER)
    put(place, tmp_path, JANUARY)
    roll_back(place)
    titles = [one["title"] for one in entries(place)]
    assert [title[:12] for title in titles] == ["Se vuelve a ", "Publicada la", "Publicada la"]
    for n in range(30):
        with (place.editions / "history.jsonl").open("a", encoding="utf-8") as log:
            one = {
                "edition_id": f"official-2024-02-{n:08x}",
                "action": "load",
                "published_at": "2026-01-01T00:00:00+00:00",
            }
            log.write(json.dumps(one | {"summary": "x"}) + "\n")
    render.write_feed(place)
    assert len(entries(place)) == render.SHOWN
    assert len({one["id"] for one in entries(place)}) == render.SHOWN


def test_hostile_text_leaves_the_feed_well_formed(place: Workspace) -> None:
    hostile = "<script>alert(1)</script> ]]> & \x00\x0b\ud800\ufffe \U0001f6a2"
    with store.build_lock(place):
        pass
    text = render._atom(
        [
            {"edition_id": "official-2024-01-aa", "action": "load", "published_at": "2026-01-01T00:00:00+00:00"}
            | {"summary": hostile}
        ]
    )
    root = ElementTree.fromstring(text.encode())
    content = root.find(f"{ATOM}entry/{ATOM}content")
    assert content is not None
    assert content.text == "<script>alert(1)</script> ]]> &      \U0001f6a2"
    assert list(content) == []
    for name in ("id", "title", "updated", f"author/{ATOM}name"):  # what RFC 4287 demands of a feed
        assert root.findtext(f"{ATOM}{name}")


def test_a_publication_killed_before_the_feed_is_told_by_the_next_command(place: Workspace, tmp_path: Path) -> None:
    put(place, tmp_path, DECEMBER)
    (place.editions / render.FILE).unlink()
    assert not load([tmp_path / f"{DECEMBER}-1000.txt"], place, progress=quiet()).is_new
    assert len(entries(place)) == 1


def test_reports_go_with_their_edition_and_the_feed_stays(place: Workspace, tmp_path: Path) -> None:
    first = put(place, tmp_path, DECEMBER)
    put(place, tmp_path, DECEMBER, fob=2000)
    orphan = place.editions / "official-2020-01-00000000.changes.md"
    orphan.write_text("left by a killed publication", encoding="utf-8")
    before = (place.editions / render.FILE).read_bytes()
    assert store.prune(place, keep=1) == [first]
    left = sorted(path.name for path in place.editions.glob("*.changes.*"))
    current = store.current_id(place)
    assert left == [f"{current}.changes.json", f"{current}.changes.md"]
    assert (place.editions / render.FILE).read_bytes() == before


def test_the_report_of_an_edition_that_has_none_is_one_sentence(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["changes"]) == 1
    put(place, tmp_path, DECEMBER)
    assert command.main(["changes", "../CURRENT"]) == 1
    assert command.main(["changes", "official-2020-01-00000000"]) == 1
    said = capsys.readouterr().err
    assert "no es un identificador" in said
    assert "no tiene informe de cambios" in said


def test_a_demo_report_says_not_to_quote_it(built_demo: Workspace) -> None:
    report = report_paths(built_demo, store.current_id(built_demo))[0]
    assert "Datos de demostración. No citar." in report.read_text(encoding="utf-8")


def test_a_rebuild_that_changes_nothing_says_so(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(place, tmp_path, DECEMBER)
    monkeypatch.setattr("etl.plan.PARSER_VERSION", "other")
    again = rebuild(place, progress=quiet()).edition_id
    assert "Ningún mes cambió de valor." in report_paths(place, again)[0].read_text(encoding="utf-8")
