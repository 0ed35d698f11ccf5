"""Business rounds: the published events in every edition, the office's file beside them, every row right or none."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from editions.folders import REFERENCE, Workspace
from editions.store import current_id, edition_path
from etl import __main__ as command
from etl.load import load
from etl.progress import quiet
from etl.raw.report import RowsRejectedError
from tests.etl.customs_text import write_month
from tests.etl.fixtures.months import rows, stage_bytes, stage_one

HEADER = (
    "encuentro;version;inicio;termino;lugar;region;organizador;empresas;exportadores;compradores;paises;rondas;"
    "negocios_esperados_usd;negocios_cerrados_usd;sector;fuente;nota"
)
GOOD = dict.fromkeys(HEADER.split(";"), "") | {
    "encuentro": "Redes",
    "version": "3ª versión (2024)",
    "inicio": "2024-11-26",
    "termino": "2024-11-27",
    "region": "08",
    "empresas": "900",
    "rondas": "300",
    "fuente": "Informe de la oficina, https://www.prochile.gob.cl/informe",
}
COLUMN_OF = {  # metric of the ledger and unit → our column
    ("event_companies", "companies"): "n_companies",
    ("event_exporters", "companies"): "n_exporters",
    ("event_buyers", "buyers"): "n_buyers",
    ("event_other", "countries"): "n_countries",
    ("event_rounds", "meetings"): "n_rounds",
    ("event_sales_usd_m", "USD million"): "expected_usd",
}


def line(**given: str) -> str:
    return ";".join((GOOD | given).values())


def events(*lines: str) -> bytes:
    return ("\n".join([HEADER, *lines]) + "\n").encode()


def ask(place: Workspace, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(edition_path(place, current_id(place) or "")), read_only=True) as edition:
        return edition.execute(sql).fetchall()


def committed() -> list[dict[str, str]]:
    with (REFERENCE / "business_rounds.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_number_of_a_published_event_is_that_of_the_ledger() -> None:
    with (REFERENCE / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        ledger = {one["figure_id"]: one for one in csv.DictReader(file)}
    compared = 0
    for event in committed():
        for figure in (ledger[one] for one in event["figure_ids"].split()):
            column = COLUMN_OF[figure["metric"], figure["unit"]]
            scale = 1_000_000 if column == "expected_usd" else 1
            assert Decimal(event[column]) == Decimal(figure["value"]) * scale, (event["event"], column)
            assert figure["source_url"] in event["source_url"].split()
            assert event["starts_on"] <= figure["period_start"] and figure["period_end"] <= event["ends_on"]
            compared += 1
        assert "0" not in {event[column] for column in COLUMN_OF.values()}  # unknown is empty
    assert compared == 23


def test_every_event_of_the_ledger_that_is_a_round_is_there() -> None:
    with (REFERENCE / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        found = {one["figure_id"] for one in csv.DictReader(file) if one["metric"].startswith("event_")}
    used = {figure for event in committed() for figure in event["figure_ids"].split()}
    # not events of their own: ASEM's members, markets announced for Enexpro 2024, and a fund (FIC) that is no round
    assert found - used == {"PF0610", "PF0611", "PF0788", "PF0789"}


def test_redes_2025_says_what_was_said_of_it_and_no_more() -> None:
    (redes,) = (one for one in committed() if one["event"] == "Redes")
    numbers = [
        redes[name] for name in ("n_companies", "n_rounds", "n_buyers", "n_exporters", "n_countries", "closed_usd")
    ]
    assert numbers == ["1300", "450", "10", "100", "", ""]
    assert "250 socios" in redes["note"] and redes["date_precision"] == "month"


def test_published_events_are_in_an_edition_and_the_office_s_join_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workspace(tmp_path / "data")
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    load([write_month(tmp_path, date(2024, 1, 1))], place, progress=quiet())
    assert ask(place, "SELECT origin, count(*) FROM core_business_round GROUP BY 1") == [("published", 8)]
    path = tmp_path / "encuentros.csv"
    path.write_bytes(events(line(), line(encuentro="Enexpro", version="2023", inicio="2023", termino="", region="CL")))
    assert command.main(["load", str(path)]) == 0
    assert "2 encuentros de 2023 a 2024." in capsys.readouterr().out
    assert (current_id(place) or "").startswith("official-2024-01-")
    assert ask(
        place,
        "SELECT event, starts_on, ends_on, date_precision, n_companies, n_buyers, closed_usd, source_url "
        "FROM core_business_round WHERE origin = 'office' ORDER BY starts_on",
    ) == [
        (
            "Enexpro",
            date(2023, 1, 1),
            date(2023, 12, 31),
            "year",
            900,
            None,
            None,
            "https://www.prochile.gob.cl/informe",
        ),
        (
            "Redes",
            date(2024, 11, 26),
            date(2024, 11, 27),
            "day",
            900,
            None,
            None,
            "https://www.prochile.gob.cl/informe",
        ),
    ]
    path.write_bytes(events(line(rondas="310")))
    assert command.main(["load", str(path)]) == 0
    assert ask(place, "SELECT event, n_rounds FROM core_business_round WHERE origin = 'office'") == [("Redes", 310)]
    assert command.main(["status"]) == 0
    assert "encuentros: 8 publicados, 1 de la oficina" in capsys.readouterr().out
    assert ask(place, "SELECT DISTINCT source_id FROM core_month") == [("aduanas_dus",)]


def test_amounts_and_dates_of_any_precision_are_read(tmp_path: Path) -> None:
    content = events(line(inicio="2024-02", termino="", negocios_cerrados_usd="1500000,50", negocios_esperados_usd="2"))
    staged = stage_one(content, tmp_path, name="encuentros.csv")
    assert rows(staged, "SELECT starts_on, ends_on, date_precision, closed_usd, expected_usd FROM item") == [
        (date(2024, 2, 1), date(2024, 2, 29), "month", Decimal("1500000.50"), Decimal("2.00"))
    ]


MISTAKES = [
    ({"encuentro": ""}, "encuentro viene vacío; escríbalo"),
    ({"version": ""}, "version viene vacío"),
    ({"fuente": ""}, "fuente viene vacío"),
    ({"inicio": ""}, "inicio viene vacío"),
    ({"inicio": "31-11-2024"}, "inicio «31-11-2024» no es una fecha AAAA-MM-DD, AAAA-MM o AAAA"),
    ({"inicio": "2023-02-29", "termino": ""}, "inicio «2023-02-29» no es una fecha"),
    ({"termino": "2024-11-20"}, "termino «2024-11-20» es anterior a inicio «2024-11-26»"),
    ({"region": "Biobío"}, "region «Biobío» no es una región 01 a 16 ni CL; use su código"),
    ({"empresas": "1,3"}, "empresas «1,3» no es un número entero sin puntos; si no se sabe, déjelo vacío"),
    ({"rondas": "más de 450"}, "rondas «más de 450» no es un número entero"),
    ({"negocios_cerrados_usd": "1,5 millones"}, "negocios_cerrados_usd «1,5 millones» no es un monto en US$"),
]


def test_each_mistake_is_named_in_its_row_and_nothing_is_loaded(tmp_path: Path) -> None:
    wrong = [line(**{"version": f"{place}"} | given) for place, (given, _) in enumerate(MISTAKES)]
    with pytest.raises(RowsRejectedError) as refused:
        stage_bytes(events(line(), *wrong, line(encuentro="REDES")), tmp_path, name="encuentros.csv")
    *found, last = refused.value.rejected
    assert [one.line for one in found] == list(range(3, 3 + len(MISTAKES)))
    for one, (_, words) in zip(found, MISTAKES, strict=True):
        assert words in one.reason
    assert last.reason == "la versión ya está en la línea 2; deje una sola fila por versión"
    assert not list((tmp_path / "data" / "staged").iterdir())
