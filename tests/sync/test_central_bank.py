"""UF and dollar of the Banco Central: into the edition with their source, and never a password anywhere."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from editions.errors import EtlError, FetchError, SourceError
from editions.folders import Workspace
from etl.raw.bcch import DOLLAR, UF
from etl.raw.stage import stage
from etl.sync.central_bank import fetch_series
from etl.sync.web import Settings, Web
from tests.sync.conftest import Run, rows
from tests.sync.portal import Portal

USER, PASSWORD = "ana@example.cl", "s3creta/+ñ&"
MONTH = date(2010, 3, 1)
TODAY = date(2010, 5, 15)


def answer(series: str, values: dict[str, str], code: int = 0) -> bytes:
    """Return an answer in the shape of the bank's API."""
    observed = [{"indexDateString": day, "value": value, "statusCode": "OK"} for day, value in values.items()]
    described = {"descripEsp": "x", "descripIng": "x", "seriesId": series, "Obs": observed}
    return json.dumps({"Codigo": code, "Descripcion": "Success", "Series": described}).encode()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, bcch_user=USER, bcch_pass=PASSWORD)


@pytest.fixture
def series(portal: Portal) -> Portal:
    portal.add_month(MONTH)
    uf = {"28-02-2010": "29290.00", "01-03-2010": "29300.125", "02-03-2010": "29305.1"}
    dollar = {"01-03-2010": "720.10", "02-03-2010": "730.30", "03-03-2010": "NaN", "04-03-2010": "", "05-03-2010": "ND"}
    portal.series = {UF: answer(UF, uf), DOLLAR: answer(DOLLAR, dollar)}
    return portal


def test_fetched_values_go_before_those_of_the_reference_and_say_so(series: Portal, run: Run, place: Workspace) -> None:
    outcome = run(first=MONTH, last=MONTH, bcch=True)
    assert (outcome.exit_code, outcome.is_published) == (0, True)
    uf = dict(rows(place, "SELECT month, uf_clp FROM core_uf_month WHERE year(month) = 2010"))
    assert uf[date(2010, 3, 1)] == Decimal("29300.13")
    assert len(uf) == 12  # the other months are those of the reference table
    assert rows(place, "SELECT * FROM core_exchange_rate_month") == [
        (MONTH, Decimal("725.20"), 2, f"Banco Central de Chile, {DOLLAR}, https://si3.bcentral.cl")
    ]
    assert outcome.edition_id is not None and outcome.edition_id.startswith("official-2010-03-")
    assert rows(place, "SELECT address FROM meta_source WHERE source_id = 'bcch'") == [
        (f"{series.address}/SieteRestWS.ashx",)
    ]


def test_a_missing_value_is_null_never_zero(series: Portal, settings: Settings, place: Workspace) -> None:
    place.raw.mkdir(parents=True)
    fetched = fetch_series(Web(settings), place, None, today=TODAY)
    (staged,) = stage(place.raw / fetched.delivery.raw_file, place)
    import duckdb

    values = duckdb.execute("SELECT value FROM read_parquet(?) WHERE series_id = ?", [str(staged.parquet), DOLLAR])
    assert [value for (value,) in values.fetchall()] == [Decimal("720.10"), Decimal("730.30"), None, None, None]


def test_with_nothing_new_the_second_run_publishes_nothing(series: Portal, run: Run) -> None:
    first, again = run(first=MONTH, last=MONTH, bcch=True), run(first=MONTH, last=MONTH, bcch=True)
    assert (again.is_published, again.edition_id) == (False, first.edition_id)


def test_a_new_day_within_a_month_is_not_asked_for(series: Portal, settings: Settings, place: Workspace) -> None:
    place.raw.mkdir(parents=True)
    fetch_series(Web(settings), place, None, today=date(2010, 5, 2))
    fetch_series(Web(settings), place, None, today=date(2010, 5, 30))
    asked = {path.split("lastdate=")[1][:10] for path, _ in series.asked if "lastdate" in path}
    assert asked == {"2010-04-30"}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (-5, "rechazó el usuario o la clave"),
        (-50, "no conoce la serie"),
        (-1, "no aceptó las fechas"),
        (-7, "código -7"),
    ],
)
def test_an_error_in_the_body_is_said(
    code: int, said: str, series: Portal, settings: Settings, place: Workspace
) -> None:
    series.series[UF] = json.dumps({"Codigo": code, "Descripcion": "error", "Series": {}}).encode()
    with pytest.raises(FetchError, match=said):
        fetch_series(Web(settings), place, None, today=TODAY)


def test_with_an_error_in_the_body_the_months_are_published_all_the_same(
    series: Portal, run: Run, place: Workspace
) -> None:
    series.series[UF] = json.dumps({"Codigo": -5, "Descripcion": "error", "Series": {}}).encode()
    outcome = run(first=MONTH, last=MONTH, bcch=True)
    assert (outcome.exit_code, outcome.is_published) == (3, True)
    assert "rechazó el usuario o la clave" in outcome.failed["Banco Central"]
    assert rows(place, "SELECT count(*) FROM core_exchange_rate_month") == [(0,)]


def odd(obs: object, code: object = 0, series: object = UF) -> bytes:
    return json.dumps({"Codigo": code, "Series": {"seriesId": series, "Obs": obs}}).encode()


ODD = {
    "no observations": odd(None),
    "an empty list": odd([]),
    "observations that are an object": odd({"indexDateString": "01-03-2010", "value": "29300"}),
    "observations that are texts": odd(["01-03-2010"]),
    "a rate of 0": odd([{"indexDateString": "01-03-2010", "value": "0"}]),
    "a rate of 0 as a number": odd([{"indexDateString": "01-03-2010", "value": 0}]),
    "a rate below zero": odd([{"indexDateString": "01-03-2010", "value": "-29300"}]),
    "a rate beyond any": odd([{"indexDateString": "01-03-2010", "value": "29300000000000"}]),
    "a value that is an object": odd([{"indexDateString": "01-03-2010", "value": {"x": 1}}]),
    "two values for a day": odd([{"indexDateString": "01-03-2010", "value": v} for v in ("29300", "29301")]),
    "a day nobody asked for": odd([{"indexDateString": "01-03-2009", "value": "29300"}]),
    "another series": odd([{"indexDateString": "01-03-2010", "value": "729.3"}], series=DOLLAR),
    "a series nobody knows": odd([{"indexDateString": "01-03-2010", "value": "29300"}], series="X"),
    "a code that is none": odd([], code="x"),
    "a code that is an object": odd([], code={}),
    "a list": b"[]",
    "a number": b"7",
    "nothing": b"",
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("trouble", ODD)
def test_an_odd_answer_is_refused_and_not_kept(
    trouble: str, series: Portal, settings: Settings, place: Workspace
) -> None:
    place.raw.mkdir(parents=True)
    series.series[UF] = ODD[trouble]
    with pytest.raises(EtlError):
        fetch_series(Web(settings), place, None, today=TODAY)
    assert list(place.raw.iterdir()) == []


@pytest.mark.parametrize("trouble", ["too deep", "a rate of 0"])  # refused as it comes, and for what it says
def test_an_odd_answer_never_stops_the_months_and_never_enters(
    trouble: str, series: Portal, run: Run, place: Workspace
) -> None:
    series.series[UF] = ODD[trouble]
    first = run(first=MONTH, last=MONTH, bcch=True)
    assert (first.exit_code, first.is_published, list(first.failed)) == (3, True, ["Banco Central"])
    assert list(place.raw.glob("*bcch*")) == []
    series.add_month(date(2010, 4, 1))
    second = run(first=MONTH, last=date(2010, 4, 1), bcch=True)
    assert (second.exit_code, second.months) == (3, 2)


def test_a_code_written_as_text_is_read(series: Portal, run: Run, place: Workspace) -> None:
    series.series[UF] = odd([{"indexDateString": "01-03-2010", "value": "29300.125"}], code="0")
    assert run(first=MONTH, last=MONTH, bcch=True).exit_code == 0
    assert rows(place, "SELECT uf_clp::DOUBLE FROM core_uf_month WHERE month = '2010-03-01'") == [(29300.13,)]


def test_a_side_source_that_breaks_a_contract_is_left_out_of_the_load(
    series: Portal, run: Run, place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.sync.central_bank._refuse_odd", lambda *_: None)
    monkeypatch.setattr("etl.raw.bcch.PLAUSIBLE", {UF: (0, 10**6), DOLLAR: (0, 10**6)})
    series.series[DOLLAR] = answer(DOLLAR, {"01-03-2010": "0"})
    outcome = run(first=MONTH, last=MONTH, bcch=True)
    assert (outcome.exit_code, outcome.is_published) == (3, True)
    assert "rate_is_positive" in outcome.failed["Banco Central"]
    assert rows(place, "SELECT DISTINCT source_id FROM meta_source") == [("aduanas_dus",)]


def test_without_credentials_it_is_skipped_with_a_word(series: Portal, place: Workspace, settings: Settings) -> None:
    from etl.progress import quiet
    from etl.sync.gather import Screen
    from etl.sync.outcome import Options
    from etl.sync.run import synchronise

    screen = Screen(quiet(), quiet(), (quiet(), quiet()))
    anonymous = replace(settings, bcch_user=None, bcch_pass=None)
    outcome = synchronise(Web(anonymous), Options(MONTH, MONTH, bcch=True), place, screen)
    assert outcome.exit_code == 0
    assert any("sin BCCH_USER y BCCH_PASS" in note for note in outcome.notes)
    assert not any("SieteRest" in path for path, _ in series.asked)


@pytest.fixture
def told() -> Iterator[list[str]]:
    """All that any library logs, at the lowest level."""
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage() + str(record.exc_info or ""))

    keeper, logger = Keeper(), logging.getLogger("etl")
    level = logger.level
    logger.addHandler(keeper)
    logger.setLevel(logging.DEBUG)
    yield lines
    logger.removeHandler(keeper)
    logger.setLevel(level)


@pytest.mark.parametrize("trouble", ["none", "-5", "500", "nonsense", "echo", "elsewhere", "no server"])
def test_no_password_in_any_error_log_or_file(
    trouble: str, series: Portal, settings: Settings, place: Workspace, told: list[str]
) -> None:
    place.raw.mkdir(parents=True)
    address = settings.bcch
    if trouble == "-5":
        series.series[UF] = b'{"Codigo":-5,"Descripcion":"Invalid username or password","Series":{}}'
    elif trouble == "nonsense":
        series.series[UF] = b"<html>" + PASSWORD.encode()
    elif trouble == "echo":
        series.series[UF] = answer(UF, {"01-03-2010": "1"})[:-1] + f', "user": "{USER}"}}'.encode()
    elif trouble in ("500", "elsewhere"):
        from tests.sync.portal import Served, redirect, status

        address = f"{series.address}/bank"
        elsewhere = redirect(f"http://example.org/?pass={PASSWORD}")
        series.files["/bank"] = Served(b"", always=status(500) if trouble == "500" else elsewhere)
    elif trouble == "no server":
        series.server.server_close()
    error = ""
    try:
        fetch_series(Web(replace(settings, bcch=address)), place, None, today=TODAY)
    except FetchError as refused:
        import traceback

        error = "".join(traceback.format_exception(refused)) + repr(refused)
    assert bool(error) == (trouble != "none")
    written = b"".join(path.read_bytes() for path in place.root.rglob("*") if path.is_file())
    everything = written + error.encode() + "\n".join(told).encode() + repr(settings).encode()
    from urllib.parse import quote, quote_plus

    for secret in (USER, PASSWORD):
        for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
            assert form.encode() not in everything


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"Codigo":-5,"Series":{}}', "código -5"),
        (b'{"Codigo":0,"Series":{"seriesId":"x","Obs":[{"indexDateString":"2010-01-01","value":"1"}]}}', "forma"),
        (b'{"Codigo":0,"Series":{"seriesId":"x","Obs":[{"indexDateString":"01-01-2010","value":"1,5"}]}}', "forma"),
        (b'{"Codigo":0,"Series":{"seriesId":"x","Obs":[{"indexDateString":"01-01-2010","value":"inf"}]}}', "forma"),
        (b'{"Codigo":0,"Series":{"seriesId":"x","Obs":[{"indexDateString":"01-01-2010","value":"1e15"}]}}', "forma"),
        (b'{"Codigo":0,"Series":[]}', "forma"),
        (b'{"Codigo":0}\xff\xfe', "forma"),
        (b'{"Codigo":0,"Series":{"seriesId":"x","Obs":[]}}', "ninguna observación"),
        (b'{"Codigo":0,"Series":{"seriesId":"x","Obs":null}}', "forma"),
        (b'{"Codigo":"0","Series":{"seriesId":"F073.TCO.PRE.Z.D","Obs":[{"indexDateString":"01-01-2010","value":"0"}]}}',
         "forma"),
        (b'{"Codigo":0,"Series":{"seriesId":"x"', "no es una respuesta entera"),
    ],
)  # fmt: skip
def test_an_answer_that_makes_no_sense_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bcch.json"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said):
        stage(path, Workspace(tmp_path / "data"))
