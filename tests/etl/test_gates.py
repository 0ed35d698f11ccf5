"""Gates before publishing: what is off is refused with its figure, the edition on screen stays, a reason overrides."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from editions.errors import GateError
from editions.folders import REFERENCE, Workspace
from editions.store import current_id, edition_path
from etl import __main__ as command
from etl.gates.controls import GATES
from etl.load import load, rebuild
from etl.progress import quiet
from tests.etl.chapter06 import needs_extract, write_months
from tests.etl.customs_text import line, month_lines, write_month

DECEMBER = date(2023, 12, 1)
JANUARY = date(2024, 1, 1)
CONTROLLED = date(2025, 9, 1)  # 90.243 rows were published


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "data")


def gates(place: Workspace, where: str = "true") -> list[tuple[Any, ...]]:
    current = current_id(place)
    assert current is not None
    with duckdb.connect(str(edition_path(place, current)), read_only=True) as edition:
        return edition.execute(
            f"SELECT gate, subject, status, expected, found, accepted_reason FROM meta_gate WHERE {where} ORDER BY ALL"
        ).fetchall()


def full_month(folder: Path, month: date, n_rows: int, *, name: str) -> Path:
    """A month of so many declarations of one item without region, spread over its days."""
    lines = [
        line(
            FECHAACEPT=f"{1 + n % 30:02d}{month:%m%Y}",
            NUMEROIDENT=str(n + 1),
            REGIONORIGEN="0",
            FOBUS="1000,00",
        )
        for n in range(n_rows)
    ]
    return write_month(folder, month, name=name, lines=lines)


def published(month: date) -> int:
    with (REFERENCE / "dus_month_rows.csv").open(encoding="utf-8", newline="") as table:
        return next(int(row["n_rows"]) for row in csv.DictReader(table) if row["month"] == month.isoformat())


def test_a_month_with_5_percent_of_its_rows_missing_is_refused_with_the_figure(
    place: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    kept = load([write_month(tmp_path, DECEMBER)], place, progress=quiet()).edition_id
    expected = published(CONTROLLED)
    found = expected * 95 // 100
    short = full_month(tmp_path, CONTROLLED, found, name="septiembre.txt")
    assert command.main(["load", str(short)]) == 1
    said = capsys.readouterr().err
    assert "aduanas_dus 2025-09: 85.730 filas de 90.243 publicadas; faltan 4.513 (−5,0 %)" in said
    assert "vuelva a descargar" in said
    assert "[totales de control de Aduanas] Y " in said  # the many figures of one gate do not hide those of another
    assert "[reconciliación con lo publicado]" in said
    assert "--accept" in said
    assert current_id(place) == kept
    reason = "se publica parcial por instrucción"
    assert command.main(["load", str(short), "--accept", reason]) == 0
    assert gates(place, "gate = 'row_counts'") == [
        ("row_counts", "aduanas_dus 2025-09", "aceptado", float(expected), float(found), reason)
    ]
    capsys.readouterr()
    assert command.main(["status"]) == 0
    assert "faltan 4.513 (−5,0 %), con tolerancia de 1,0 %" in capsys.readouterr().out


def test_a_month_with_all_its_rows_passes_and_says_so(place: Workspace, tmp_path: Path) -> None:
    n_rows = published(CONTROLLED)
    whole = full_month(tmp_path, CONTROLLED, n_rows, name="septiembre.txt")
    load([whole], place, accept="valores inventados", progress=quiet())
    assert gates(place, "gate = 'row_counts'") == [
        ("row_counts", "aduanas_dus 2025-09", "cumple", float(n_rows), float(n_rows), None)
    ]


def test_a_month_that_loses_rows_against_the_one_on_screen_is_refused(place: Workspace, tmp_path: Path) -> None:
    kept = load([write_month(tmp_path, JANUARY)], place, progress=quiet()).edition_id
    shorter = write_month(tmp_path, JANUARY, lines=month_lines(JANUARY)[:-5], name="corto.txt")
    with pytest.raises(GateError, match=r"2024-01: 85 filas y en pantalla hay 90; faltan 5 \(−5,6 %\)"):
        load([shorter], place, progress=quiet())
    assert current_id(place) == kept


@pytest.mark.parametrize(("spoiled", "refused"), [(0, False), (1, True)])
def test_declarations_whose_items_do_not_sum_to_their_total_refuse_the_month(
    place: Workspace, tmp_path: Path, spoiled: int, refused: bool
) -> None:
    lines = month_lines(JANUARY, firms=300)  # 900 declarations: one is already more than 0.1 %
    lines[:spoiled] = [line(FECHAACEPT="01012024", NUMEROIDENT="9", FOBUS="10,00", TOTALVALORFOB="1000,00")] * spoiled
    path = write_month(tmp_path, JANUARY, lines=lines)
    if refused:
        with pytest.raises(GateError, match="en 1 de 900 declaraciones la suma de los ítems no da el total declarado"):
            load([path], place, progress=quiet())
        assert current_id(place) is None
    else:
        load([path], place, progress=quiet())
        assert gates(place, "gate = 'declaration_totals'")[0][2:5] == ("cumple", 0.999, 1.0)


def test_items_of_several_rows_sum_to_the_total_that_each_repeats(place: Workspace, tmp_path: Path) -> None:
    two = [
        line(
            FECHAACEPT="10012024",
            NUMEROIDENT="77",
            NUMEROITEM=str(n),
            TOTALITEM="2",
            FOBUS="600,00",
            TOTALVALORFOB="1200,00",
        )
        for n in (1, 2)
    ]
    load([write_month(tmp_path, JANUARY, lines=month_lines(JANUARY) + two)], place, progress=quiet())
    assert gates(place, "gate = 'declaration_totals'")[0][2:5] == ("cumple", 0.999, 1.0)


@needs_extract
def test_real_declarations_of_an_extract_are_held_to_their_own_totals(place: Workspace, tmp_path: Path) -> None:
    load(write_months(tmp_path, range(2011, 2012)), place, extract="sólo el capítulo 06", progress=quiet())
    assert {row[2] for row in gates(place, "gate = 'declaration_totals'")} == {"cumple"}
    assert {row[4] for row in gates(place, "gate = 'declaration_totals'")} == {1.0}


def lost_countries(lines: list[str]) -> list[str]:
    return [one.replace(";225;", ";;", 1) for one in lines]


def test_a_lost_column_is_refused_with_the_share_that_is_left(place: Workspace, tmp_path: Path) -> None:
    load([write_month(tmp_path, DECEMBER)], place, progress=quiet())
    bare = write_month(tmp_path, JANUARY, lines=lost_countries(month_lines(JANUARY)))
    with pytest.raises(GateError, match=r"2024-01: 0,0 % del valor con país.*ningún mes baja de 100,0 %"):
        load([bare], place, progress=quiet())


def test_unknown_codes_that_pass_are_listed(place: Workspace, tmp_path: Path) -> None:
    lines = [*month_lines(JANUARY), line(FECHAACEPT="10012024", NUMEROIDENT="77", PUERTOEMB="4444", FOBUS="7,00")]
    load([write_month(tmp_path, JANUARY, lines=lines)], place, progress=quiet())
    with duckdb.connect(str(edition_path(place, str(current_id(place)))), read_only=True) as edition:
        said = edition.execute("SELECT found, detail FROM meta_gate WHERE gate = 'unknown_codes'").fetchall()
    assert said == [(1.0, "Se conservan con su valor: core_port 4444.")]


def test_one_month_of_unknown_codes_does_not_hide_among_many_good_ones(place: Workspace, tmp_path: Path) -> None:
    good = [write_month(tmp_path, date(2019, n, 1), lines=month_lines(date(2019, n, 1), fob=90_000)) for n in (1, 2)]
    load(good, place, accept="valores inventados", progress=quiet())
    lines = month_lines(DECEMBER, fob=10)
    lines[:9] = [line(FECHAACEPT="10122023", NUMEROIDENT=f"{n}", PAISDESTINO="9988", FOBUS="40,00") for n in range(9)]
    with pytest.raises(GateError, match=r"2023-12: .* del valor lleva códigos que core_country no conoce .*«9988»"):
        load([write_month(tmp_path, DECEMBER, lines=lines)], place, progress=quiet())


def month_with(*more: str) -> list[str]:
    """January with some odd items beside 180 usual ones of a thousand dollars: fewer than 1 % of the rows."""
    return [*month_lines(JANUARY, firms=60), *more]


LOST = {  # one odd row → what it was worth, and its part of the month
    "another notation": ({"FOBUS": "4,84E+08", "TOTALVALORFOB": "4,84E+08"}, "US$ 484,0 millones", "99,9 %"),
    "thousands": ({"FOBUS": "12.345.678,90", "TOTALVALORFOB": ""}, "US$ 12,3 millones", "98,5 %"),
    "declared total": ({"FOBUS": "s/i", "TOTALVALORFOB": "90000,00"}, "US$ 0,1 millones", "32,6 %"),
}


@pytest.mark.parametrize("case", LOST)
def test_few_rejected_rows_that_held_much_of_the_value_refuse_the_month(
    place: Workspace, tmp_path: Path, case: str
) -> None:
    given, value, share = LOST[case]
    odd = line(**{"FECHAACEPT": "15012024", "NUMEROIDENT": "77"} | given)
    path = write_month(tmp_path, JANUARY, lines=month_with(odd))
    with pytest.raises(GateError) as refused:
        load([path], place, progress=quiet())
    said = str(refused.value)
    assert f"aduanas_dus 2024-01: 1 fila rechazada valía {value}, {share} del mes (la mayor: {path.name}" in said
    assert "línea 181: FOBUS «" in said and "se admite 1,0 %" in said and "--accept" in said
    assert current_id(place) is None
    load([path], place, accept="la fila no es de Chile", progress=quiet())
    assert gates(place, "gate = 'lost_value'")[0][2] == "aceptado"


def test_rejected_rows_that_held_little_pass_and_their_value_is_in_the_edition(
    place: Workspace, tmp_path: Path
) -> None:
    odd = line(FECHAACEPT="15012024", NUMEROIDENT="77", FOBUS="US$ 1.700,00", TOTALVALORFOB="")
    load([write_month(tmp_path, JANUARY, lines=month_with(odd))], place, progress=quiet())
    assert gates(place, "gate = 'lost_value'") == [("lost_value", "", "cumple", None, 1700.0, None)]


def test_an_item_that_is_kept_once_is_not_lost_and_a_total_is_lost_once(place: Workspace, tmp_path: Path) -> None:
    lines = month_lines(JANUARY, firms=300)
    lost = [
        line(FECHAACEPT="15012024", NUMEROIDENT="77", NUMEROITEM=str(n), TOTALITEM="2", FOBUS="?", TOTALVALORFOB="800")
        for n in (1, 2)
    ]
    load([write_month(tmp_path, JANUARY, lines=[*lines, lines[0], *lost])], place, progress=quiet())
    assert gates(place, "gate = 'lost_value'")[0][2:5] == ("cumple", None, 800.0)


@dataclass(frozen=True)
class Refusal:
    subject: str
    load: Callable[[str | None], Any]


@pytest.fixture
def refusal(place: Workspace, tmp_path: Path) -> Refusal:
    """August 2024 of Biobío at a tenth more than INE published."""
    value = Decimal("423.6") * Decimal("1.10") / 31 * 1_000_000
    lines = [
        line(FECHAACEPT=f"{day:02d}082024", NUMEROIDENT=f"{day}", FOBUS=f"{value:.2f}".replace(".", ","))
        for day in range(1, 32)
    ]
    path = write_month(tmp_path, date(2024, 8, 1), lines=lines)
    return Refusal("PF0008 aduanas_dus", lambda reason: load([path], place, accept=reason, progress=quiet()))


def test_a_published_figure_beyond_its_tolerance_refuses_with_both_values(refusal: Refusal) -> None:
    with pytest.raises(GateError, match=r"suma US\$ 466,0 millones y INE publicó US\$ 423,6 millones.*10,0 %"):
        refusal.load(None)


def test_what_was_accepted_stays_accepted_while_its_figure_stays(
    place: Workspace, tmp_path: Path, refusal: Refusal
) -> None:
    refusal.load("INE aún no corrige agosto")
    load([write_month(tmp_path, DECEMBER)], place, progress=quiet())
    (row,) = gates(place, "status = 'aceptado'")
    assert row[:3] == ("reconciliation", refusal.subject, "aceptado")
    assert row[5] == "INE aún no corrige agosto"
    changed = [line(FECHAACEPT=f"{day:02d}082024", NUMEROIDENT=f"{day}", FOBUS="16000000,00") for day in range(1, 32)]
    with pytest.raises(GateError, match="PF0008"):
        load([write_month(tmp_path, date(2024, 8, 1), lines=changed, name="otro.txt")], place, progress=quiet())


@pytest.mark.parametrize("reason", ["", " \n\t", "\x00\x1f"])
def test_a_reason_that_says_nothing_is_refused(refusal: Refusal, reason: str) -> None:
    with pytest.raises(GateError, match="--accept pide la razón"):
        refusal.load(reason)


def test_a_hostile_reason_is_kept_on_one_line(place: Workspace, refusal: Refusal) -> None:
    refusal.load("uno\n'); DROP TABLE core_export; --\x07 dos")
    (row,) = gates(place, "status = 'aceptado'")
    assert row[5] == "uno '); DROP TABLE core_export; -- dos"


def test_an_accepted_edition_can_be_built_again(
    place: Workspace, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = refusal.load("prueba").edition_id
    monkeypatch.setattr("etl.plan.PARSER_VERSION", "other")  # another recipe, another edition
    again = rebuild(place, progress=quiet())
    assert again.is_new
    assert again.edition_id != first
    assert [row[5] for row in gates(place, "status = 'aceptado'")] == ["prueba"]


def test_every_gate_leaves_a_word_in_every_kind_of_edition(
    place: Workspace, built_demo: Workspace, tmp_path: Path
) -> None:
    load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    assert {row[0] for row in gates(place)} == set(GATES)
    part = Workspace(tmp_path / "part")
    load([write_month(tmp_path, JANUARY)], part, extract="una parte", progress=quiet())
    assert {row[0] for row in gates(part, "status = 'no aplica'")} == {
        "row_counts",
        "control_totals",
        "reconciliation",
        "coverage",
    }
    assert {row[0] for row in gates(built_demo)} == set(GATES)
    assert {row[0] for row in gates(built_demo, "status = 'cumple'")} == {
        "declaration_totals",
        "unknown_codes",
        "lost_value",
    }
