"""From the raw text to the edition: every truth planted in the demonstration comes back, to the digit."""

import hashlib
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from editions.folders import REFERENCE, Workspace
from editions.store import current_id
from etl.demo import truth
from etl.demo.generate import generate, make_truths, make_world
from etl.progress import quiet
from tests.etl.truth_queries import QUERIES, VIEWS

TRUTHS = truth.read()
RUT = re.compile(r"\b\d{1,2}\.?\d{3}\.?\d{3}-[\dkK]\b")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return generate(tmp_path_factory.mktemp("raw"), progress=quiet())


@pytest.fixture(scope="module")
def edition(built_demo: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    path = built_demo.editions / f"{current_id(built_demo)}.duckdb"
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{path}' AS edition (READ_ONLY)")
    connection.execute("USE edition")
    for view in VIEWS:
        connection.execute(view)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def recovered(edition: duckdb.DuckDBPyConnection) -> dict[str, object]:
    found: dict[str, object] = {}
    for query in QUERIES:
        for name, value in edition.execute(query).fetchall():
            assert name not in found, f"{name} is recovered twice"
            found[name] = value
    return found


@pytest.mark.parametrize("name", sorted(TRUTHS))
def test_the_edition_gives_back_each_truth(name: str, recovered: dict[str, object]) -> None:
    expected = TRUTHS[name].value
    assert name in recovered, f"no query recovers {name}"
    value = recovered[name]
    if "." in expected and TRUTHS[name].unit != "usd":
        assert f"{float(value):.4f}" == expected  # type: ignore[arg-type]
    elif TRUTHS[name].unit == "code":
        assert value == expected
    else:
        digits = -Decimal(expected).as_tuple().exponent
        assert round(Decimal(str(value)), digits) == Decimal(expected)


def test_no_query_recovers_what_is_not_a_truth(recovered: dict[str, object]) -> None:
    assert set(recovered) == set(TRUTHS)


def test_the_committed_truths_are_those_of_the_generator() -> None:
    assert truth.toml_text(make_truths(make_world())) == truth.PATH.read_text(encoding="utf-8"), (
        "the generator changed: write the new truths with «python -m etl.demo» and read the difference"
    )


def test_pymes_of_biobio_grow_42_percent_by_design() -> None:
    assert TRUTHS["biobio_pyme_exporters_ytd_growth"].value == "0.4200"
    assert TRUTHS["biobio_goods_fob_ytd_growth"].value == "-0.1610"
    bridge = [entry for name, entry in TRUTHS.items() if re.fullmatch(r"biobio_pyme_bridge_\w+_fob", name)]
    *parts, total = (Decimal(entry.value) for entry in bridge)
    assert sum(parts) == total


def test_region_and_month_totals_of_2025_are_the_real_ones(edition: duckdb.DuckDBPyConnection) -> None:
    differing = edition.execute(
        """
        WITH real AS (
            SELECT region_code, month::DATE AS month, fob_usd::DECIMAL(18, 2) AS fob_usd
            FROM read_csv($path, all_varchar = true)
        ),
        demo AS (SELECT region_code, month, sum(fob_usd) AS fob_usd FROM core_export GROUP BY ALL)
        SELECT * FROM real LEFT JOIN demo USING (region_code, month)
        WHERE month <= DATE '2025-10-01' AND real.fob_usd IS DISTINCT FROM demo.fob_usd
        """,
        {"path": str(REFERENCE / "customs_2025_region_month.csv")},
    ).fetchall()
    assert differing == []


def test_destinations_of_biobio_follow_the_real_shares_of_2025(edition: duckdb.DuckDBPyConnection) -> None:
    shares = edition.execute(
        """
        WITH real AS (
            SELECT country_code, destination.fob_usd::DOUBLE / total.fob_usd::DOUBLE AS share
            FROM read_csv($destination, all_varchar = true) AS destination
            JOIN read_csv($total, all_varchar = true) AS total USING (region_code)
            WHERE region_code = '08'
        ),
        demo AS (
            SELECT country_code, sum(fob_usd)::DOUBLE / (sum(sum(fob_usd)) OVER ())::DOUBLE AS share
            FROM core_export WHERE region_code = '08' AND year(month) = 2025 GROUP BY country_code
        )
        SELECT country_code, real.share, demo.share FROM real JOIN demo USING (country_code)
        """,
        {
            "destination": str(REFERENCE / "customs_2025_region_destination.csv"),
            "total": str(REFERENCE / "customs_2025_region_total.csv"),
        },
    ).fetchall()
    assert len(shares) == 8
    assert [country for country, real, demo in shares if abs(real - demo) > 0.03] == []


def test_the_register_and_the_customs_files_hold_the_same_exports(
    edition: duckdb.DuckDBPyConnection,
) -> None:
    cells = (
        "SELECT month, region_code, country_code, segment, sum(fob_usd) FROM {} "
        "WHERE month >= DATE '2023-01-01' GROUP BY ALL ORDER BY ALL"  # the register knows four years more
    )
    customs = edition.execute(cells.format("core_export")).fetchall()
    assert customs == edition.execute(cells.format("core_register")).fetchall()


def test_customs_numbers_last_a_month_and_register_keys_forever(
    edition: duckdb.DuckDBPyConnection,
) -> None:
    scopes = edition.execute("SELECT DISTINCT source_id, id_scope, is_complete FROM core_month ORDER BY ALL")
    assert scopes.fetchall() == [("aduanas_dus", "month", True), ("registro", "stable", True)]


def test_no_row_of_the_demonstration_is_rejected(edition: duckdb.DuckDBPyConnection) -> None:
    assert edition.execute("SELECT * FROM meta_reject").fetchall() == []


def test_two_runs_write_the_same_bytes(raw: list[Path], tmp_path: Path) -> None:
    again = generate(tmp_path, progress=quiet())
    assert [path.name for path in again] == [path.name for path in raw]
    for one, other in zip(raw, again, strict=True):
        assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()


def test_raw_months_have_the_form_and_the_defects_of_real_ones(raw: list[Path]) -> None:
    months = [path for path in raw if path.suffix == ".txt"]
    assert len(months) == 34
    assert months[0].name == "Exportaciones enero 2023.txt"
    for path in months:
        lines = path.read_bytes().split(b"\n")
        assert lines.pop() == b""
        widths = [line.count(b";") + 1 for line in lines]
        assert sorted(set(widths)) == [19, 63, 66, 84]
        assert widths.count(19) == widths.count(66) == 1
        assert any(line.count(b"\r") and width == 84 for line, width in zip(lines, widths, strict=True))
        text = path.read_bytes()
        assert all(defect in text for defect in (b"\t", b'"', b"&#X0D", b"\r\n", b"\xd1"))


def test_every_whole_row_and_the_register_say_that_they_are_not_to_be_quoted(raw: list[Path]) -> None:
    for path in raw[:-1]:
        whole = [line for line in path.read_bytes().split(b"\n") if line.count(b";") == 83]
        assert all(line.split(b";")[55].strip() == b"DEMOSTRACION NO CITAR" for line in whole)
    assert raw[-1].read_text(encoding="utf-8").startswith("# DATOS DE DEMOSTRACIÓN. NO CITAR.\n")


def test_no_firm_of_the_register_can_be_taken_for_a_rut(raw: list[Path]) -> None:
    text = raw[-1].read_text(encoding="utf-8")
    assert not RUT.search(text)
    keys = {line.split(";")[1] for line in text.splitlines()[2:]}
    assert len(keys) > 3000
    assert all(re.fullmatch(r"DEMO-\d{6}", key) for key in keys)


def test_the_number_of_a_firm_changes_every_month_in_customs_files(raw: list[Path]) -> None:
    comunas = []
    for path in raw[-3:-1]:
        rows = [line.split(b";") for line in path.read_bytes().split(b"\n") if line.count(b";") == 83]
        comunas.append({row[5]: row[7] for row in rows})
    common = comunas[0].keys() & comunas[1].keys()
    kept = sum(comunas[0][number] == comunas[1][number] for number in common)
    assert kept / len(common) < 0.05


def test_definitions_are_for_people() -> None:
    for name, entry in TRUTHS.items():
        assert len(entry.definition) > 15, name
        assert entry.definition.endswith("."), name
    json.dumps({name: entry.value for name, entry in TRUTHS.items()})
