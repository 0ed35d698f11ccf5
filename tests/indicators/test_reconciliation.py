"""The edition beside what was published: right sums, right tolerance, right verdict, and the words for each."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from editions.edition import Edition, open_edition, open_file
from editions.errors import EditionMissing
from editions.folders import REFERENCE, Workspace
from etl import __main__ as etl_command
from etl.contracts import SQL_FOLDER, read_contract, verify
from etl.load import load
from etl.progress import quiet
from indicators.__main__ import main
from indicators.engine.answer import answer
from indicators.question.question import Question
from indicators.receipts.reconciliation import DEMO_MARK, FORMATS, NOT_COMPARABLE, OUTSIDE, WITHIN, reconciliation
from tests.editions import tiny_edition
from tests.english import bare
from tests.etl.customs_text import line, write_month
from tests.texts import SPANISH
from words.language import speaking

CONTRACT = read_contract(SQL_FOLDER / "core" / "core_reconciliation.toml")
SCOPES = {  # scope of the ledger → the same scope in a question
    "goods": "flow=goods",
    "services": "flow=services",
    "goods+services": "flow=goods+services",
    "goods+services+ship_supplies": "flow=all",
    "non_copper": "flow=goods+services&exclude=copper",
    "non_copper_non_lithium": "flow=goods+services&exclude=copper,lithium",
}
MILLION = 1_000_000


@pytest.fixture(scope="module")
def ledger() -> Iterator[duckdb.DuckDBPyConnection]:
    """The committed ledger and rules, and customs tables that a test fills."""
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA reference")
        for source in sorted(REFERENCE.glob("*.csv")):
            connection.execute(
                f"CREATE VIEW reference.{source.stem} AS FROM read_csv('{source}', header = true, "
                "all_varchar = true, delim = ',', quote = '\"', escape = '\"', nullstr = '')"
            )
        for table in ("core_country", "core_published_figure"):
            select = read_contract(SQL_FOLDER / "core" / f"{table}.toml").select
            connection.execute(f"CREATE TABLE {table} AS {select}")
        for table in ("core_export", "core_month"):
            connection.execute(read_contract(SQL_FOLDER / "core" / f"{table}.toml").create_sql)
        yield connection


def compared(
    ledger: duckdb.DuckDBPyConnection,
    exports: list[tuple[str, str, float]],
    *,
    source: str = "aduanas_dus",
    segment: str = "goods",
    country: str = "225",
    incomplete: str = "",
    is_copper: bool = False,
) -> dict[str, dict[str, Any]]:
    """Return the comparisons when the records are these (month, region, US$) and all their months are complete."""
    ledger.execute("DELETE FROM core_export")
    ledger.execute("DELETE FROM core_month")
    values = ", ".join(f"('{month}-01'::DATE, '{region}', {value!r})" for month, region, value in exports)
    ledger.execute(
        "INSERT INTO core_export (source_id, month, region_code, country_code, segment, is_copper, is_lithium, "
        f"fob_usd) SELECT ?, month, region, ?, ?, ?, false, value FROM (VALUES {values}) AS v (month, region, value)",
        [source, country, segment, is_copper],
    )
    ledger.execute(
        "INSERT INTO core_month (source_id, month, is_complete) "
        "SELECT DISTINCT source_id, month, strftime(month, '%Y-%m') <> ? FROM core_export",
        [incomplete],
    )
    ledger.execute("DROP TABLE IF EXISTS core_reconciliation")
    ledger.execute(CONTRACT.create_sql)
    ledger.execute(f"INSERT INTO core_reconciliation {CONTRACT.select}")
    assert verify(ledger, CONTRACT) == []
    found = ledger.execute("FROM core_reconciliation")
    names = [column[0] for column in found.description or ()]
    return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def year_2025(ledger: duckdb.DuckDBPyConnection, *, times: float = 1.0) -> list[tuple[str, str, float]]:
    """The real month totals of 2025 by region, as if they were records."""
    rows = ledger.execute(
        "SELECT strftime(period_start, '%Y-%m'), region_code, value FROM core_published_figure "
        "WHERE figure_id LIKE 'AD25-REG%-M%' ORDER BY ALL"
    ).fetchall()
    return [(month, region, round(value * times, 2)) for month, region, value in rows]


def test_records_that_add_up_to_the_aggregates_of_2025_leave_no_residual(ledger: duckdb.DuckDBPyConnection) -> None:
    found = compared(ledger, year_2025(ledger))
    sums = {key: row for key, row in found.items() if key.startswith("AD25") and row["subject_kind"] == "total"}
    assert len(sums) == 18 * 13  # every month of every region, and its year
    assert {row["residual_usd"] for key, row in sums.items() if "-M" in key} == {Decimal(0)}
    assert max(abs(row["residual"]) for row in sums.values()) < 1e-9  # the year is printed to the tenth of a dollar
    judged = {row["region_code"] for row in sums.values() if row["status"] == WITHIN}
    unjudged = {row["region_code"] for row in sums.values() if row["status"] == NOT_COMPARABLE}
    assert unjudged == {"00", "02", "13", "20"}
    assert judged == {f"{code:02d}" for code in range(1, 17)} - unjudged


@pytest.mark.parametrize(
    ("region", "tolerance"), [("07", 0.02), ("10", 0.02), ("08", 0.064), ("01", 0.04), ("03", 0.04)]
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_residual_is_judged_by_the_tolerance_of_its_region(
    ledger: duckdb.DuckDBPyConnection, region: str, tolerance: float, sign: int
) -> None:
    year = f"AD25-REG{region}-TOTAL"
    near = compared(ledger, year_2025(ledger, times=1 + sign * (tolerance - 0.001)))[year]
    far = compared(ledger, year_2025(ledger, times=1 + sign * (tolerance + 0.001)))[year]
    assert (near["status"], far["status"]) == (WITHIN, OUTSIDE)
    assert near["tolerance"] == tolerance
    assert far["residual"] == pytest.approx(sign * (tolerance + 0.001))
    assert far["residual_usd"] == far["edition_usd"] - far["published_usd"]


def test_the_measured_differences_of_2025_fit_their_tolerances(ledger: duckdb.DuckDBPyConnection) -> None:
    """What the tolerances were read from: printed figures of goods against customs' sums, less services and ships."""
    found = compared(ledger, year_2025(ledger))
    goods = {key: row for key, row in found.items() if key.startswith("PF") and row["flow_scope"] == "goods"}
    assert {key for key, row in goods.items() if row["status"] == OUTSIDE and row["region_code"] != "CL"} <= {
        "PF1151",  # Biobío, July and June 2025: 6.2 and 6.4 % with the services that the sums hold, under 6 % without
        "PF1448",
    }
    assert goods["PF1452"]["residual"] == pytest.approx(0.0394, abs=1e-4)
    assert goods["PF0494"]["status"] == NOT_COMPARABLE  # Antofagasta


@pytest.mark.parametrize(
    ("figure", "residual", "status"),
    [("PF0126", 0.03, WITHIN), ("PF0126", 0.07, OUTSIDE), ("PF0126", -0.07, OUTSIDE), ("PF0126", 0.0, WITHIN)],
)
def test_a_printed_month_of_biobio(
    ledger: duckdb.DuckDBPyConnection, figure: str, residual: float, status: str
) -> None:
    found = compared(ledger, [("2025-08", "08", 338.0 * MILLION * (1 + residual))])[figure]
    assert (found["status"], found["published_usd"]) == (status, 338 * MILLION)
    assert found["residual"] == pytest.approx(residual)
    assert found["publisher"] == "INE"


def test_only_what_the_scope_holds_is_summed(ledger: duckdb.DuckDBPyConnection) -> None:
    month = [("2025-08", "08", 338.0 * MILLION), ("2025-08", "07", 5.0 * MILLION)]
    assert compared(ledger, month)["PF0126"]["residual"] == 0
    services = compared(ledger, month, segment="services")
    assert services["PF0126"]["edition_usd"] == 0
    assert services["AD25-REG08-M08"]["edition_usd"] == 338 * MILLION
    assert services["PF0925"]["edition_usd"] == 0  # goods of the nation
    assert compared(ledger, month)["PF0925"]["edition_usd"] == 343 * MILLION
    maule = [(f"2025-{month:02d}", "07", 100.0 * MILLION) for month in (1, 2, 3)]
    assert compared(ledger, maule)["PF0415"]["edition_usd"] == 300 * MILLION
    assert compared(ledger, maule, is_copper=True)["PF0415"]["edition_usd"] == 0
    assert compared(ledger, maule, segment="services")["PF0415"]["edition_usd"] == 300 * MILLION


def test_only_complete_months_count(ledger: duckdb.DuckDBPyConnection) -> None:
    whole = year_2025(ledger)
    assert "AD25-REG08-TOTAL" in compared(ledger, whole)
    partial = compared(ledger, whole, incomplete="2025-08")
    assert not {"AD25-REG08-TOTAL", "AD25-REG08-M08", "PF0126"} & set(partial)
    assert {"AD25-REG08-M07", "PF1151"} <= set(partial)
    until_october = compared(ledger, [row for row in whole if row[0] <= "2025-10"])
    assert "PF1128" not in until_october  # January to November
    assert "AD25-REG08-M10" in until_october


def test_the_yearly_file_is_a_source_of_its_own(ledger: duckdb.DuckDBPyConnection) -> None:
    found = compared(ledger, year_2025(ledger), source="aduanas_salidas")
    assert {row["source_id"] for row in found.values()} == {"aduanas_salidas"}
    assert compared(ledger, year_2025(ledger), source="registro") == {}


def test_destinations_are_compared_where_the_code_is_certain_and_not_judged(ledger: duckdb.DuckDBPyConnection) -> None:
    found = compared(ledger, year_2025(ledger), country="336")
    china = found["AD25-REG08-DEST336"]
    assert (china["status"], china["subject_code"]) == (NOT_COMPARABLE, "336")
    assert china["edition_usd"] == found["AD25-REG08-TOTAL"]["edition_usd"]
    assert found["AD25-REG08-DEST225"]["edition_usd"] == 0
    assert {row["subject_kind"] for key, row in found.items() if key.startswith("PF")} == {"total"}


def test_a_scope_that_the_records_do_not_have_is_missing_and_says_why(ledger: duckdb.DuckDBPyConnection) -> None:
    odepa = compared(ledger, year_2025(ledger))["PF0252"]
    assert (odepa["edition_usd"], odepa["residual"], odepa["status"]) == (None, None, NOT_COMPARABLE)
    assert "ODEPA" in odepa["explanation"]


def test_doubtful_figures_are_shown_and_not_judged(ledger: duckdb.DuckDBPyConnection) -> None:
    november = compared(ledger, [("2025-11", "08", 288.4 * MILLION)])
    assert november["PF1114"]["status"] == WITHIN
    assert november["PF0181"]["status"] == NOT_COMPARABLE  # total trade printed as exports
    april = compared(ledger, [("2023-04", "04", 1.0)])
    assert april["PF0460"]["explanation"].startswith("No comparable: la fuente no imprime el año")


def test_each_figure_has_one_rule_that_wins_and_each_rule_is_used(ledger: duckdb.DuckDBPyConnection) -> None:
    with (REFERENCE / "reconciliation_tolerances.csv").open(encoding="utf-8", newline="") as file:
        rules = list(csv.DictReader(file))
    assert all(rule["reason"].endswith(".") and rule["source"] for rule in rules)
    assert all(not rule["tolerance"] or 0 < float(rule["tolerance"]) < 0.1 for rule in rules)
    ids = {row[0] for row in ledger.execute("SELECT figure_id FROM core_published_figure").fetchall()}
    listed = [figure for rule in rules for figure in rule["figure_ids"].split("|") if figure]
    assert set(listed) <= ids
    assert len(listed) == len(set(listed))
    every_month = [(f"{year}-{month:02d}", "08", 1.0) for year in range(2002, 2027) for month in range(1, 13)]
    used = {row["rule_id"] for row in compared(ledger, every_month).values()}
    assert used == {rule["rule_id"] for rule in rules}
    tied = ledger.execute(
        CONTRACT.select.replace(
            "QUALIFY row_number() OVER (\n        PARTITION BY covered.figure_id, covered.source_id "
            "ORDER BY rule.precedence::INTEGER DESC, rule.rule_id\n    ) = 1",
            "QUALIFY rank() OVER (\n        PARTITION BY covered.figure_id, covered.source_id "
            "ORDER BY rule.precedence::INTEGER DESC\n    ) = 1",
        )
    ).fetchall()
    assert "rank()" not in CONTRACT.select
    assert len(tied) == len(compared(ledger, every_month)), "two rules of the same precedence match one figure"


@pytest.fixture
def edition(built_demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> Edition:
    monkeypatch.setenv("PULSO_DATA", str(built_demo.root))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    return open_edition(built_demo.root)


def test_the_demo_reconciles_with_the_customs_months_of_2025_to_the_cent(edition: Edition) -> None:
    months = [one for one in reconciliation(edition) if one.figure_id.startswith("AD25-REG") and "-M" in one.figure_id]
    assert len(months) == 18 * 10  # the demo ends in October
    assert {one.residual_usd for one in months} == {0.0}
    assert {one.status for one in months if one.tolerance is not None} == {WITHIN}


def test_every_row_of_the_demo_is_marked(edition: Edition) -> None:
    found = reconciliation(edition)
    assert {one.status for one in found} == {WITHIN, OUTSIDE, NOT_COMPARABLE}
    assert {one.mark for one in found} == {DEMO_MARK}
    assert all(DEMO_MARK in write(edition, found) for write in FORMATS.values())


def test_a_demo_is_never_judged_by_the_check(
    own_demo: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(own_demo.root))
    assert etl_command.main(["check"]) == 0
    assert "core_reconciliation" not in capsys.readouterr().out


def test_the_sums_are_those_that_the_figure_engine_gives(edition: Edition) -> None:
    asked = {
        f"fob?region={one.region_code}&window={one.first:%Y-%m}..{one.last:%Y-%m}&compare=none&source={one.source_id}"
        f"&{SCOPES[one.flow_scope]}": one.edition_usd
        for one in reconciliation(edition)
        if one.flow_scope in SCOPES
    }
    assert len(asked) > 150
    for question, expected in asked.items():
        assert answer(edition, Question.parse(question)).value == expected, question


def test_the_three_formats_hold_the_same_comparisons(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    said = {}
    for name in FORMATS:
        assert main(["reconcile", "--format", name]) == 0
        said[name] = capsys.readouterr().out
    facts = json.loads(said["json"])["comparisons"]
    table = list(csv.DictReader(line for line in said["csv"].splitlines() if not line.startswith("#")))
    assert [(row["figure_id"], row["status"]) for row in table] == [(row["figure_id"], row["status"]) for row in facts]
    assert [float(row["published_usd"]) for row in table] == [row["published_usd"] for row in facts]
    assert all(f"({row['figure_id']})" in said["text"] for row in facts)
    assert said["text"].startswith(f"Edición {edition.id}: {len(facts)} comparaciones: ")


def test_the_reconciliation_in_english(edition: Edition) -> None:
    spanish = reconciliation(edition)
    with speaking("en"):
        english = reconciliation(edition)
        lines = FORMATS["text"](edition, english).splitlines()
        table = FORMATS["csv"](edition, english).splitlines()
    assert [one.status for one in english] == [one.status for one in spanish]
    assert not {one.explanation for one in english} & {one.explanation for one in spanish}
    assert not [one.explanation for one in english if SPANISH.search(bare(one.explanation))]
    assert {one.mark for one in english} == {
        "Demonstration data. Do not cite. The data are synthetic; the table shows how reconciliation is done."
    }
    assert lines[0].startswith(f"Edition {edition.id}: {len(english)} comparisons: ")
    assert [line.split(":")[0] for line in lines if line and not line.startswith(" ")][2] == "outside"
    assert table[0] == f"# edicion: {edition.id} (Demonstration data)"


def test_one_region_can_be_asked_for(edition: Edition) -> None:
    biobio = reconciliation(edition, "08")
    assert {one.region_label for one in biobio} == {"Biobío"}
    assert {one.period_label for one in biobio if one.figure_id == "PF0126"} == {"agosto 2025"}
    assert [one for one in reconciliation(edition) if one.region_code == "08"] == list(biobio)


def test_an_edition_without_the_table_says_how_to_get_it(tmp_path: Path) -> None:
    bare = tiny_edition(tmp_path)
    assert reconciliation(bare) == ()
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((SQL_FOLDER / "meta.sql").read_text(encoding="utf-8"))
        connection.execute("INSERT INTO meta_build (edition_id, kind) VALUES ('old', 'official')")
    with pytest.raises(EditionMissing, match="no trae la reconciliación"):
        reconciliation(open_file(path))


def biobio_month(folder: Path, total: float, *, name: str) -> Path:
    """A file of August 2024 with exports of Biobío that add up to this, in US$ millions."""
    items = [
        line(
            FECHAACEPT=f"{day:02d}082024",
            NUMEROIDENT=f"202408{day:02d}",
            FOBUS=f"{total / 31 * MILLION:.2f}".replace(".", ","),
        )
        for day in range(1, 32)
    ]
    return write_month(folder, date(2024, 8, 1), name=name, lines=items)


def test_the_check_fails_when_an_official_edition_breaks_a_tolerance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "data"))
    assert etl_command.main(["load", str(biobio_month(tmp_path, 423.6 * 1.05, name="dentro.txt"))]) == 0
    assert etl_command.main(["check"]) == 0
    outside = str(biobio_month(tmp_path, 423.6 * 1.10, name="fuera.txt"))
    assert etl_command.main(["load", outside]) == 1
    assert etl_command.main(["load", outside, "--accept", "prueba"]) == 0
    capsys.readouterr()
    assert etl_command.main(["check"]) == 1
    said = capsys.readouterr().out
    assert "INE publicó US$ 423,6 millones (PF0008; región 08, goods, 2024-08 a 2024-08): 10,0 %" in said
    assert said.endswith("Promesas rotas: 1.\n")


def test_an_extract_compares_with_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workspace(tmp_path / "data")
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    path = biobio_month(tmp_path, 1.0, name="solo flores.txt")
    load([path], place, extract="sólo el capítulo 06", progress=quiet())
    found = [one for one in reconciliation(open_edition(place.root)) if one.figure_id == "PF0008"]
    assert [one.status for one in found] == [NOT_COMPARABLE]
    assert "solo una parte de las exportaciones: sólo el capítulo 06" in found[0].explanation
    assert etl_command.main(["check"]) == 0


def test_an_older_edition_without_the_table_breaks_a_promise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workspace(tmp_path / "data")
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    loaded = load([biobio_month(tmp_path, 423.6, name="mes.txt")], place, progress=quiet())
    with duckdb.connect(str(place.editions / f"{loaded.edition_id}.duckdb")) as connection:
        connection.execute("DROP TABLE core_reconciliation")
    assert etl_command.main(["check"]) == 1
    assert "core_reconciliation: la edición no la tiene" in capsys.readouterr().out
