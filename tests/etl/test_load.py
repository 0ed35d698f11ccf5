"""Whole loads: raw text to published edition, again, changed, refused. The edition on screen is whole or unchanged."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from editions.errors import EtlError, PublishError, SourceError
from editions.folders import Workspace
from editions.store import current_id, edition_path, history
from etl import __main__ as command
from etl.load import demo_is_due, load, rebuild
from etl.progress import quiet
from tests.etl.customs_text import line, month_lines, write_month

JANUARY, FEBRUARY, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
MONTH_VALUE = Decimal(3 * sum(1000 + firm for firm in range(30))) + Decimal("0.50") * 90


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "data")


def rows(place: Workspace, sql: str, edition_id: str | None = None) -> list[tuple[Any, ...]]:
    current = edition_id or current_id(place)
    assert current is not None
    with duckdb.connect(str(edition_path(place, current)), read_only=True) as edition:
        return edition.execute(sql).fetchall()


def test_a_month_goes_from_raw_text_to_an_official_edition(place: Workspace, tmp_path: Path) -> None:
    loaded = load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    assert loaded.edition_id.startswith("official-2024-01-")
    assert rows(place, "SELECT sum(fob_usd), count(*) FROM core_export") == [(MONTH_VALUE, 90)]
    assert rows(place, "SELECT DISTINCT segment, prochile_sector_id, is_copper FROM core_export") == [
        ("goods", "forestal", False)
    ]


def test_loading_the_same_file_again_changes_nothing(place: Workspace, tmp_path: Path) -> None:
    path = write_month(tmp_path, JANUARY)
    first = load([path], place, progress=quiet())
    before = edition_path(place, first.edition_id).stat().st_mtime_ns
    again = load([path], place, progress=quiet())
    assert (again.edition_id, again.is_new) == (first.edition_id, False)
    assert edition_path(place, first.edition_id).stat().st_mtime_ns == before


def test_a_changed_month_replaces_that_month_and_says_by_how_much(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    load([write_month(tmp_path, JANUARY), write_month(tmp_path, FEBRUARY)], place, progress=quiet())
    changed = write_month(tmp_path, JANUARY, lines=month_lines(JANUARY, fob=2000), name="enero corregido.txt")
    assert command.main(["load", str(changed)]) == 0
    said = capsys.readouterr().out
    assert "aduanas_dus 2024-01: cambia de 90 a 90 registros" in said
    assert "(+US$ 0,1 millones)" in said
    assert "aduanas_dus 2024-02" not in said
    assert rows(place, "SELECT month, sum(fob_usd) FROM core_export GROUP BY 1 ORDER BY 1") == [
        (JANUARY, MONTH_VALUE + 90_000),
        (FEBRUARY, MONTH_VALUE),
    ]


def test_a_new_month_is_added_to_those_loaded_before(place: Workspace, tmp_path: Path) -> None:
    load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    load([write_month(tmp_path, FEBRUARY)], place, progress=quiet())
    assert rows(place, "SELECT count(*) FROM core_month WHERE is_complete") == [(2,)]
    assert rows(place, "SELECT month, items_before, items_after FROM meta_change") == [(FEBRUARY, None, 90)]


def test_the_same_inputs_give_the_same_edition_in_any_order(place: Workspace, tmp_path: Path) -> None:
    january, february = write_month(tmp_path, JANUARY), write_month(tmp_path, FEBRUARY)
    one = load([january, february], place, progress=quiet())
    other_place = Workspace(tmp_path / "other")
    load([february], other_place, progress=quiet())
    other = load([january], other_place, progress=quiet())
    assert one.edition_id == other.edition_id


def test_two_different_files_for_one_month_are_refused(place: Workspace, tmp_path: Path) -> None:
    one = write_month(tmp_path, JANUARY)
    two = write_month(tmp_path, JANUARY, lines=month_lines(JANUARY, fob=9), name="otro.txt")
    with pytest.raises(SourceError, match="traen los dos 2024-01 con contenido distinto"):
        load([one, two], place, progress=quiet())
    assert current_id(place) is None


def test_one_bad_file_among_good_ones_loads_nothing(place: Workspace, tmp_path: Path) -> None:
    kept = load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    bad = tmp_path / "febrero.rar"
    bad.write_text("<!DOCTYPE html><html><body>502</body></html>")
    with pytest.raises(EtlError):
        load([write_month(tmp_path, FEBRUARY), bad], place, progress=quiet())
    assert current_id(place) == kept.edition_id
    assert list(place.build.iterdir()) == []


def test_stable_and_renumbered_ids_are_told_apart(place: Workspace, tmp_path: Path) -> None:
    load([write_month(tmp_path, JANUARY), write_month(tmp_path, FEBRUARY)], place, progress=quiet())
    assert rows(place, "SELECT DISTINCT id_scope, comuna_kept_share FROM core_month") == [("stable", 1.0)]
    renumbered = [
        write_month(tmp_path, month, lines=month_lines(month, renumbered=True), name=f"r{month}.txt")
        for month in (JANUARY, FEBRUARY)
    ]
    load(renumbered, place, progress=quiet())
    assert rows(place, "SELECT DISTINCT id_scope FROM core_month") == [("month",)]


@pytest.mark.parametrize(("renumbered", "scope"), [(False, "stable"), (True, "month")])
def test_ids_are_followed_over_a_month_with_too_few_of_them(
    place: Workspace, tmp_path: Path, renumbered: bool, scope: str
) -> None:
    firms = {JANUARY: 30, FEBRUARY: 3, MARCH: 30}
    load(
        [
            write_month(tmp_path, month, lines=month_lines(month, firms=count, renumbered=renumbered))
            for month, count in firms.items()
        ],
        place,
        accept="meses de prueba",
        progress=quiet(),
    )
    assert rows(place, "SELECT month, id_scope FROM core_month ORDER BY month") == [(month, scope) for month in firms]


def test_ids_of_a_last_month_with_too_few_of_them_are_not_known(place: Workspace, tmp_path: Path) -> None:
    firms = {JANUARY: 30, FEBRUARY: 30, MARCH: 3}
    files = [write_month(tmp_path, month, lines=month_lines(month, firms=count)) for month, count in firms.items()]
    load(files, place, accept="meses de prueba", progress=quiet())
    assert rows(place, "SELECT id_scope FROM core_month ORDER BY month") == [("stable",), ("stable",), (None,)]


def test_an_unknown_code_is_kept_with_its_value_and_listed(place: Workspace, tmp_path: Path) -> None:
    lines = month_lines(JANUARY)
    lines.append(line(FECHAACEPT="10012024", NUMEROIDENT="77", PUERTOEMB="4444", FOBUS="7,00"))
    load([write_month(tmp_path, JANUARY, lines=lines)], place, progress=quiet())
    assert rows(place, "SELECT sum(fob_usd) FROM core_export") == [(MONTH_VALUE + 7,)]
    assert rows(place, "SELECT code_table, code, n_items, fob_usd FROM meta_unknown_code") == [
        ("core_port", "4444", 1, Decimal("7.00"))
    ]


@pytest.mark.parametrize(
    ("field", "code", "table"),
    [
        ("PAISDESTINO", "998877", ""),
        ("PAISDESTINO", "9988", "core_country"),
        ("TIPOOPERACION", "299", "core_operation"),
        ("REGIONORIGEN", "77", "core_region"),
        ("CODIGOARANCEL", "77010000", "core_hs"),
    ],
)
def test_codes_nobody_knows_on_much_of_the_value_refuse_the_load(
    place: Workspace, tmp_path: Path, field: str, code: str, table: str
) -> None:
    lines = month_lines(JANUARY)
    lines[:9] = [line(FECHAACEPT="10012024", NUMEROIDENT=f"{n}", **{field: code}) for n in range(9)]
    with pytest.raises(EtlError, match=f"códigos que {table} no conoce.*{code}" if table else field):
        load([write_month(tmp_path, JANUARY, lines=lines)], place, progress=quiet())
    assert current_id(place) is None


def test_an_extract_is_said_in_the_edition(place: Workspace, tmp_path: Path) -> None:
    few = month_lines(JANUARY)[:30]
    with pytest.raises(SourceError, match="--extract"):
        load([write_month(tmp_path, JANUARY, lines=few)], place, progress=quiet())
    load([write_month(tmp_path, JANUARY, lines=few)], place, extract="sólo el día 1", progress=quiet())
    assert rows(place, "SELECT kind, extract FROM meta_build") == [("official", "sólo el día 1")]


def test_the_passport_of_each_raw_file_is_kept(place: Workspace, tmp_path: Path) -> None:
    path = write_month(tmp_path, JANUARY)
    load([path], place, progress=quiet())
    (found,) = rows(place, "SELECT name, size_bytes, rows_read, rows_kept, length(sha256), raw_file FROM meta_source")
    assert found[:5] == (path.name, path.stat().st_size, 90, 90, 64)
    assert (place.raw / found[5]).read_bytes() == path.read_bytes()
    assert f'name = "{path.name}"' in (place.root / "snapshots.toml").read_text(encoding="utf-8")


def test_every_table_and_column_of_the_edition_is_in_its_dictionary(place: Workspace, tmp_path: Path) -> None:
    load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    assert (
        rows(
            place,
            "SELECT table_name, column_name FROM duckdb_columns() WHERE table_name LIKE 'core_%' "
            "EXCEPT SELECT table_name, column_name FROM meta_column",
        )
        == []
    )
    assert rows(place, "SELECT count(*) FROM duckdb_views() WHERE NOT internal") == [(0,)]


def test_build_again_gives_the_same_edition(place: Workspace, tmp_path: Path) -> None:
    loaded = load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    assert rebuild(place, progress=quiet()) == type(loaded)(loaded.edition_id, loaded.staged, is_new=False)


def test_build_without_an_edition_says_what_to_do(place: Workspace) -> None:
    with pytest.raises(PublishError, match="pulso load"):
        rebuild(place, progress=quiet())


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    monkeypatch.setenv("PULSO_DATA", str(blocked / "data"))
    assert command.main(["load", str(write_month(tmp_path, JANUARY))]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: No se puede escribir en")
    assert said.count("\n") == 1


@pytest.mark.parametrize("order", [["status"], ["check"], ["build"], ["rollback"]])
def test_commands_without_an_edition_answer_with_one_sentence(
    order: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    assert command.main(order) == 1
    assert capsys.readouterr().err.startswith("Error: No hay")


def test_the_commands_tell_what_is_loaded(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    assert command.main(["load", str(write_month(tmp_path, JANUARY))]) == 0
    assert command.main(["load", str(write_month(tmp_path, FEBRUARY))]) == 0
    capsys.readouterr()
    assert command.main(["status"]) == 0
    assert "aduanas_dus: 2024-01 a 2024-02, 2 meses (2 completos), 180 registros" in capsys.readouterr().out
    assert command.main(["check"]) == 0
    capsys.readouterr()
    assert command.main(["editions"]) == 0
    current, first = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        r"→ official-2024-02-\w{8}  20\d\d-\d\d-\d\d \d\d:\d\d UTC  "
        r"2024-01 a 2024-02, 2 meses  Datos oficiales  \d+,\d MB",
        current,
    )
    assert re.match(r"  official-2024-01-\w{8}  .* UTC  2024-01 a 2024-01, 1 mes  Datos oficiales  ", first)
    edition_path(place, "official-2024-01-damaged0").write_bytes(b"no edition")
    assert command.main(["editions"]) == 0
    assert "official-2024-01-damaged0  sin publicar  no se puede leer" in capsys.readouterr().out
    edition_path(place, "official-2024-01-damaged0").unlink()
    assert command.main(["rollback"]) == 0
    assert capsys.readouterr().out.startswith("En pantalla: official-2024-01-")


def test_a_hole_is_named_by_every_command(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    hole = "aduanas_dus: falta 2024-02, con meses antes y después; no es un mes sin exportaciones: cargue su archivo."
    paths = [str(write_month(tmp_path, month)) for month in (JANUARY, date(2024, 3, 1))]
    for order in (["load", *paths], ["load", *paths], ["status"]):
        assert command.main(order) == 0
        assert f"Aviso: {hole}" in capsys.readouterr().out
    assert command.main(["changes"]) == 0
    assert f"## Faltan meses\n\n- {hole}" in capsys.readouterr().out
    assert history(place)[-1]["summary"].endswith("Faltan meses: aduanas_dus 2024-02.")
    assert command.main(["load", str(write_month(tmp_path, FEBRUARY)), "--accept", "mes de juguete"]) == 0
    assert "falta " not in capsys.readouterr().out.lower()


def test_a_demo_is_due_when_nothing_is_there_or_other_code_built_it(
    place: Workspace, built_demo: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert demo_is_due(place)
    assert not demo_is_due(built_demo)
    monkeypatch.setattr("etl.load.code_version", lambda: "0.0.0+other")
    assert demo_is_due(built_demo)


def test_real_data_is_never_replaced_by_a_demo(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    monkeypatch.setattr("etl.load.code_version", lambda: "0.0.0+other")
    assert not demo_is_due(place)
