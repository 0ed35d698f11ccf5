"""Whole synchronisations: 36 months, then what was added, changed and withdrawn; what is refused; what is quiet."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from editions import store
from editions.errors import EtlError, FetchError, PublishError
from editions.folders import Workspace
from etl.load import load
from etl.progress import quiet
from etl.sync import plan
from etl.sync.gather import Screen
from etl.sync.outcome import Options
from etl.sync.plan import month_at, month_number
from etl.sync.run import sync_lock, synchronise
from etl.sync.web import Settings, Web
from tests.etl.fixtures.archives import rar4, rar5, zipped
from tests.patience import wait_until
from tests.sync.conftest import FIRST, LAST, Run, rows
from tests.sync.portal import Portal, bultos_of, html, packed, redirect, serve, status, text_of, transport_of

MONTHS = [month_at(number) for number in range(month_number(FIRST), month_number(LAST) + 1)]
MONTH_VALUE = Decimal(3 * sum(1000 + firm for firm in range(30))) + Decimal("0.50") * 90
NEXT = date(2006, 1, 1)
TOY = "meses de juguete, mucho menores que los publicados"  # whole years are held to published totals


def fill(portal: Portal, months: list[date]) -> None:
    for month in months:
        portal.add_month(month)


def test_36_months_then_nothing_new_then_one_added_one_changed_one_withdrawn(
    portal: Portal, run: Run, place: Workspace, settings: Settings
) -> None:
    fill(portal, MONTHS)
    first = run(accept=TOY)
    assert (first.exit_code, first.is_published, first.downloaded, first.months) == (0, True, 36, 36)
    assert len(portal.downloads()) == 36  # the main files only
    assert rows(place, "SELECT count(DISTINCT month), sum(fob_usd) FROM core_export") == [(36, 36 * MONTH_VALUE)]
    assert rows(place, "SELECT count(DISTINCT address) FROM meta_source WHERE address LIKE 'http%'") == [(36,)]

    nothing_is_sent_parsed_or_published_and_it_is_quick(place, settings, str(first.edition_id))

    portal.add_month(NEXT)
    changed, withdrawn = MONTHS[7], MONTHS[20]
    portal.main_of(changed).change(packed(changed, text_of(changed, fob=2000)))
    portal.withdraw(withdrawn)
    second = run(last=NEXT, accept=TOY)
    assert (second.exit_code, second.is_published, second.downloaded, second.unchanged) == (0, True, 2, 34)
    assert rows(place, "SELECT month, items_before, items_after, fob_after_usd - fob_before_usd FROM meta_change") == [
        (changed, 90, 90, Decimal(90_000)),
        (NEXT, None, 90, None),
    ]
    assert rows(place, "SELECT count(DISTINCT month) FROM core_export") == [(37,)]  # what is withdrawn stays
    said = second.as_text()
    assert f"{changed:%Y-%m}: el archivo publicado cambió desde" in said
    assert f"{withdrawn:%Y-%m}: no está en datos.gob.cl; la edición lo conserva." in said
    assert f"Meses nuevos: aduanas_dus {NEXT:%Y-%m}" in said
    assert f"Publicada la edición {second.edition_id}: 37 meses, hasta 2006-01." in said
    assert len(said.splitlines()) <= 24


def nothing_is_sent_parsed_or_published_and_it_is_quick(place: Workspace, settings: Settings, edition_id: str) -> None:
    before = store.history(place)
    web, screen = Web(replace(settings, gap=Settings.gap)), Screen(quiet(), quiet(), (quiet(), quiet()))
    started = time.process_time()  # the work, not the time: the machine may have other things to do
    outcome = synchronise(web, Options(FIRST, LAST), place, screen)
    assert time.process_time() - started < 3
    assert (outcome.is_published, outcome.unchanged, outcome.edition_id) == (False, 36, edition_id)
    assert store.history(place) == before
    assert "Nada nuevo que publicar" in outcome.as_text()


def test_it_equals_a_load_by_hand(portal: Portal, run: Run, place: Workspace, tmp_path: Path) -> None:
    months = MONTHS[:3]
    fill(portal, months)
    outcome = run(last=months[-1])
    other = Workspace(tmp_path / "other")
    paths = []
    for month in months:
        paths.append(tmp_path / f"{month:%Y-%m}.zip")
        paths[-1].write_bytes(portal.main_of(month).content)
    assert load(paths, other, progress=quiet()).edition_id == outcome.edition_id


def test_a_month_that_fails_and_is_held_keeps_its_old_figures(portal: Portal, run: Run, place: Workspace) -> None:
    fill(portal, MONTHS[:3])
    run(last=MONTHS[2])
    portal.main_of(MONTHS[1]).always = status(500)
    portal.add_month(MONTHS[3])
    outcome = run(last=MONTHS[3])
    assert (outcome.exit_code, outcome.is_published, list(outcome.failed)) == (3, True, ["2003-02"])
    assert rows(place, "SELECT count(DISTINCT month) FROM core_export") == [(4,)]


def test_a_month_that_fails_first_leaves_no_hole(portal: Portal, run: Run, place: Workspace) -> None:
    fill(portal, MONTHS[:3])
    served = portal.main_of(MONTHS[1])
    served.always = html
    with pytest.raises(FetchError, match=r"Falta 2003-02 .*página web.*dejaría un hueco.*--accept"):
        run(last=MONTHS[2])
    assert store.current_id(place) is None
    portal.asked.clear()
    served.always = None
    assert run(last=MONTHS[2]).months == 3
    answers = [path for path, headers in portal.asked if "/download/" in path and "If-None-Match" not in headers]
    assert len(answers) == 1  # what had come was not sent again


@pytest.mark.parametrize("records", [bultos_of, transport_of])
def test_a_month_whose_main_file_holds_no_exports_is_a_failure_and_leaves_no_hole(
    records: Callable[[date], bytes], portal: Portal, run: Run, place: Workspace
) -> None:
    fill(portal, MONTHS[:3])
    portal.main_of(MONTHS[1]).change(packed(MONTHS[1], records(MONTHS[1])))
    with pytest.raises(PublishError, match=r"Falta 2003-02 .*ningún registro de exportación.*dejaría un hueco"):
        run(last=MONTHS[2])
    assert store.current_id(place) is None
    newest = run(last=MONTHS[1])
    assert (newest.exit_code, list(newest.failed), newest.months) == (3, ["2003-02"], 1)


def test_without_a_network_too_a_month_without_exports_leaves_no_hole(
    portal: Portal, run: Run, place: Workspace
) -> None:
    fill(portal, MONTHS[:3])
    portal.main_of(MONTHS[1]).change(packed(MONTHS[1], bultos_of(MONTHS[1])))
    with pytest.raises(PublishError):
        run(last=MONTHS[2])
    with pytest.raises(PublishError, match="Falta 2003-02"):
        run(offline=True)
    assert store.current_id(place) is None


def test_a_rival_of_the_month_is_used_when_the_chosen_file_is_of_no_use(
    portal: Portal, run: Run, place: Workspace
) -> None:
    fill(portal, MONTHS[:3])
    package = portal.package(2003)
    portal.add_resource(package, "Exportaciones febrero 2003 (rectificación)", "febrero-v2.zip", b"PK\x03\x04")
    wrong = portal.add_resource(package, "Exportaciones marzo 2003 versión 2", "marzo-v2.zip", b"")
    wrong.change(packed(MONTHS[2], bultos_of(MONTHS[2])))
    outcome = run(last=MONTHS[2])
    assert (outcome.exit_code, outcome.failed, outcome.months) == (0, {}, 3)
    assert sorted(note.split("»")[0] for note in outcome.notes if "; de «" in note) == [
        "2003-02: se usa «exportaciones-febrero-2003.rar",
        "2003-03: se usa «exportaciones-marzo-2003.zip",
    ]
    again = run(last=MONTHS[2])
    assert (again.exit_code, again.is_published, again.downloaded) == (0, False, 0)
    assert run(offline=True).is_published is False


def test_files_whose_names_were_swapped_are_found(portal: Portal, run: Run, place: Workspace) -> None:
    fill(portal, MONTHS[:1])
    exports = portal.add_month(MONTHS[1])
    bultos = next(file for path, file in portal.files.items() if path.endswith("febrero-2003-bultos.rar"))
    bultos.change(exports.content)
    exports.change(packed(MONTHS[1], bultos_of(MONTHS[1])))
    outcome = run(last=MONTHS[1])
    assert (outcome.exit_code, outcome.months) == (0, 2)
    assert rows(place, "SELECT count(*) FROM core_export") == [(180,)]


def test_a_month_on_screen_is_not_exchanged_for_an_older_file_because_a_server_is_down(
    portal: Portal, run: Run, place: Workspace
) -> None:
    fill(portal, MONTHS[:2])
    better = portal.add_resource(portal.package(2003), "Exportaciones febrero 2003 corregido", "corregido.zip", b"")
    better.change(packed(MONTHS[1], text_of(MONTHS[1], fob=2000)))
    first = run(last=MONTHS[1])
    better.always = status(500)
    outcome = run(last=MONTHS[1])
    assert (outcome.exit_code, list(outcome.failed), outcome.edition_id) == (3, ["2003-02"], first.edition_id)


def test_a_hole_on_screen_is_no_reason_to_stop_the_months_after_it(portal: Portal, run: Run) -> None:
    fill(portal, MONTHS[:3])
    portal.main_of(MONTHS[1]).always = html
    run(last=MONTHS[2], accept="febrero está dañado en el portal")
    fill(portal, MONTHS[3:4])
    outcome = run(last=MONTHS[3])
    assert (outcome.exit_code, outcome.is_published, outcome.months) == (3, True, 3)


def test_a_hole_is_accepted_with_a_reason(portal: Portal, run: Run) -> None:
    fill(portal, MONTHS[:3])
    portal.main_of(MONTHS[1]).always = html
    outcome = run(last=MONTHS[2], accept="febrero está dañado en el portal")
    assert (outcome.exit_code, outcome.months) == (3, 2)


def test_the_newest_month_may_fail_and_the_others_are_published(portal: Portal, run: Run) -> None:
    fill(portal, MONTHS[:3])
    portal.main_of(MONTHS[2]).always = html
    outcome = run(last=MONTHS[2])
    assert (outcome.exit_code, outcome.months, list(outcome.failed)) == (3, 2, ["2003-03"])


def test_a_month_without_its_last_days_is_refused_and_named(portal: Portal, run: Run) -> None:
    fill(portal, MONTHS[:1])
    part = b"\n".join(text_of(MONTHS[1]).split(b"\n")[:40]) + b"\n"
    portal.add_month(MONTHS[1], zipped({"febrero.txt": part}))
    outcome = run(last=MONTHS[1])
    assert outcome.exit_code == 3
    assert "incompleto" in outcome.failed["2003-02"]


@pytest.mark.parametrize("make", [rar4, rar5], ids=["rar4", "rar5"])
def test_a_month_made_to_kill_what_unpacks_it_is_refused_and_named(
    make: Callable[..., bytes], portal: Portal, run: Run
) -> None:
    fill(portal, MONTHS[:1])
    portal.add_month(MONTHS[1], make({"febrero.txt": text_of(MONTHS[1])}, comment="x" * 70_000))
    outcome = run(last=MONTHS[1])
    assert (outcome.exit_code, outcome.months) == (3, 1)
    assert "trae un comentario" in outcome.failed["2003-02"]


def test_a_changed_month_that_is_damaged_keeps_the_edition(portal: Portal, run: Run, place: Workspace) -> None:
    fill(portal, MONTHS[:2])
    before = run(last=MONTHS[1]).edition_id
    portal.main_of(MONTHS[0]).change(zipped({"enero.txt": b"otra cosa\n" * 100}))
    outcome = run(last=MONTHS[1])
    assert (outcome.exit_code, outcome.is_published, outcome.edition_id) == (3, False, before)
    assert "no es un archivo de Aduanas" in outcome.failed["2003-01"]


def test_the_period_is_read_from_the_records_not_from_the_name(portal: Portal, run: Run, place: Workspace) -> None:
    portal.add_month(MONTHS[0], packed(MONTHS[4], text_of(MONTHS[4])))
    portal.add_month(MONTHS[1])
    outcome = run(last=MONTHS[5])
    assert rows(place, "SELECT DISTINCT month FROM core_month ORDER BY 1") == [(MONTHS[1],), (MONTHS[4],)]
    assert (outcome.exit_code, outcome.failed) == (3, {"2003-01": "el archivo trae 2003-05, y así se carga."})


def test_of_two_files_with_the_same_records_the_one_with_the_right_name_counts(
    portal: Portal, run: Run, place: Workspace
) -> None:
    portal.add_month(MONTHS[0])
    portal.add_month(MONTHS[1], packed(MONTHS[0], text_of(MONTHS[0], fob=7)))
    outcome = run(last=MONTHS[1])
    assert "trae 2003-01, igual que" in outcome.failed["2003-02"]
    assert rows(place, "SELECT month, sum(fob_usd) FROM core_export GROUP BY 1") == [(MONTHS[0], MONTH_VALUE)]


def test_a_file_with_no_month_in_its_name_is_loaded_by_its_records(portal: Portal, run: Run, place: Workspace) -> None:
    portal.add_resource(portal.package(2003), "Exportaciones", "datos.zip", packed(MONTHS[2], text_of(MONTHS[2])))
    assert run(last=MONTHS[5]).last_month == MONTHS[2]


def test_without_a_network_the_edition_is_made_from_what_was_downloaded(
    portal: Portal, run: Run, place: Workspace
) -> None:
    fill(portal, MONTHS[:3])
    online = run(last=MONTHS[2])
    portal.asked.clear()
    for path in (place.editions, place.staged):
        for one in path.iterdir():
            one.unlink()
    offline = run(offline=True)
    assert (offline.edition_id, offline.is_published, portal.asked) == (online.edition_id, True, [])


def test_without_a_network_and_without_files_it_says_so(run: Run) -> None:
    with pytest.raises(PublishError, match="repita sin --offline"):
        run(offline=True)


def test_an_edition_that_was_rolled_back_is_not_changed_by_a_clock(portal: Portal, run: Run, place: Workspace) -> None:
    fill(portal, MONTHS[:2])
    old = run(last=MONTHS[0]).edition_id
    new = run(last=MONTHS[1]).edition_id
    store.publish(place, str(old), action="rollback")
    with pytest.raises(PublishError, match="se eligió con «rollback»"):
        run(last=MONTHS[1])
    assert store.current_id(place) == old
    assert run(last=MONTHS[1], accept="revisado").edition_id == new


def test_two_synchronisations_of_one_directory_exclude_each_other(portal: Portal, run: Run, place: Workspace) -> None:
    fill(portal, MONTHS[:1])
    with sync_lock(place), pytest.raises(FetchError, match="Otra sincronización está en curso"):
        run()
    assert portal.asked == []


def test_a_full_disk_is_said_before_the_first_byte(portal: Portal, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(portal, MONTHS[:1])
    monkeypatch.setattr(plan, "AT_LEAST", 1 << 60)
    with pytest.raises(PublishError, match=r"Faltan .* MB en el disco .* se necesitan .* y hay .*No se descargó nada"):
        run()
    assert portal.downloads() == []


def test_what_a_killed_run_left_is_cleared(portal: Portal, run: Run, place: Workspace) -> None:
    left = place.build / "raw-killed"
    left.mkdir(parents=True)
    (left / "000.member").write_bytes(b"x" * 1000)
    fill(portal, MONTHS[:1])
    run(last=MONTHS[0])
    assert list(place.build.iterdir()) == []


@pytest.mark.parametrize("trouble", ["listing", "host"])
def test_a_listing_that_leads_elsewhere_is_not_followed(trouble: str, portal: Portal, run: Run) -> None:
    fill(portal, MONTHS[:1])
    if trouble == "listing":
        portal.package(2003)["resources"][1]["url"] = "http://example.org/enero.zip"
    else:
        portal.main_of(MONTHS[0]).always = redirect("http://example.org/enero.zip")
    with pytest.raises(EtlError, match=r"manda a example\.org"):
        run()


def test_the_sii_workbooks_are_brought_once_and_kept(portal: Portal, run: Run, place: Workspace) -> None:
    real = Path(__file__).resolve().parents[3] / "shared" / "data" / "raw" / "sii" / "PUB_COMU.xlsb"
    if not real.exists():
        pytest.skip("the real workbook of the SII is not beside this checkout")
    fill(portal, MONTHS[:1])
    for name in ("PUB_TRAM5_REG", "PUB_COMU", "PUB_INI_FIN"):
        portal.files[f"/empresas/{name}.xlsb"] = served = type(portal.main_of(MONTHS[0]))(b"")
        served.change(real.read_bytes())
    first = run(last=MONTHS[0], sii=True)
    assert first.downloaded == 4
    assert len(list(place.raw.glob("*PUB_*.xlsb"))) == 3
    again = run(last=MONTHS[0], sii=True)
    assert (again.downloaded, again.is_published) == (0, False)


def test_a_slow_month_does_not_keep_the_others_from_being_parsed(
    portal: Portal, settings: Settings, place: Workspace
) -> None:
    fill(portal, MONTHS[:4])
    parsed_while_waiting: list[int] = []

    def late(handler: object, served: object) -> None:
        wait_until(lambda: len(list(place.staged.glob("*.json"))) == 3)
        parsed_while_waiting.append(len(list(place.staged.glob("*.json"))))
        serve(handler, served)  # type: ignore[arg-type]

    portal.main_of(MONTHS[3]).faults.append(late)
    synchronise(Web(settings), Options(FIRST, MONTHS[3]), place, Screen(quiet(), quiet(), (quiet(),) * 2))
    assert parsed_while_waiting == [3]


def test_an_unforeseen_error_stops_the_downloads(portal: Portal, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(portal, MONTHS)
    fail: Callable[..., object] = lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)  # noqa: E731
    monkeypatch.setattr("etl.sync.gather.stage", fail)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert len(portal.downloads()) < 36
