"""The committed reference tables become the core tables they promise and hold the facts they came from."""

import csv
from pathlib import Path

import duckdb
import pytest

from editions.folders import REFERENCE, REPOSITORY
from etl.contracts import SQL_FOLDER, Contract, read_contract, verify

SHARED = REPOSITORY.parent / "shared" / "data"
FROM_RECORDS = {"core_export", "core_month", "core_register", "core_product", "core_reconciliation"}
FIGURE_FILES = (
    "published_figures",
    "customs_2025_region_month",
    "customs_2025_region_total",
    "customs_2025_region_sector",
    "customs_2025_region_product",
    "customs_2025_region_destination",
    "customs_national_sector_yearly",
    "customs_national_continent_yearly",
    "customs_national_trade_yearly",
    "customs_national_totals",
)


def reference_contracts() -> dict[str, Contract]:
    paths = sorted((SQL_FOLDER / "core").glob("*.toml"))
    contracts = {path.stem: read_contract(path) for path in paths if path.stem not in FROM_RECORDS}
    return {name: one for name, one in contracts.items() if "stg_" not in one.select}


CONTRACTS = reference_contracts()


@pytest.fixture(scope="module")
def edition():
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA reference")
    for path in sorted(REFERENCE.glob("*.csv")):
        connection.execute(
            f"CREATE VIEW reference.{path.stem} AS FROM read_csv('{path}', header = true, "
            "all_varchar = true, delim = ',', quote = '\"', escape = '\"', nullstr = '')"
        )
    waiting = dict(CONTRACTS)
    while waiting:
        ready = [n for n, one in waiting.items() if not any(o in one.select for o in waiting if o != n)]
        assert ready, f"tables that wait for each other: {sorted(waiting)}"
        for name in ready:
            connection.execute(f"CREATE TABLE {name} AS {waiting.pop(name).select}")
    yield connection
    connection.close()


def rows(connection, sql, *values):
    return connection.execute(sql, list(values)).fetchall()


def one(connection, sql, *values):
    [(value,)] = rows(connection, sql, *values)
    return value


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared checkpoint {name} is not beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("table", sorted(CONTRACTS))
def test_a_reference_table_keeps_its_contract(edition, table):
    contract = CONTRACTS[table]
    built = [(name, kind) for name, kind, *_ in rows(edition, f"DESCRIBE {table}")]
    assert built == [(column.name, column.type) for column in contract.columns]
    assert verify(edition, contract) == []
    for source in contract.source:
        assert (REFERENCE / f"{source}.csv").exists()


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.csv")), ids=lambda path: path.stem)
def test_a_reference_file_is_whole_and_names_its_source(path: Path):
    with path.open(encoding="utf-8", newline="") as file:
        header, *records = csv.reader(file)
    assert all(len(record) == len(header) for record in records)
    if path.stem not in ("published_figures", "corrections"):
        assert all(record[header.index("source")] for record in records)


def test_every_figure_of_the_input_files_is_there_once(edition):
    in_files = sum(one(edition, f"SELECT count(*) FROM reference.{name}") for name in FIGURE_FILES)
    assert one(edition, "SELECT count(*) FROM core_published_figure") == in_files == 2454


def test_values_are_normalised_without_a_hair_lost(edition):
    value = "SELECT value, unit, printed_value, printed_unit FROM core_published_figure WHERE figure_id = ?"
    assert rows(edition, value, "PF0001") == [(303_400_000.0, "usd", 303.4, "USD million")]
    assert rows(edition, value, "PF0002") == [(-0.315, "fraction", -31.5, "%")]
    assert rows(edition, value, "AD25-REG08-TOTAL") == [(4_396_466_824.2, "usd", 4_396_466_824.2, "USD")]
    assert rows(edition, value, "ADNAC-TOTAL-2025-salidas")[0][0] == 107_490_989_894.0


def test_the_nation_is_cl_and_00_only_what_customs_left_without_region(edition):
    by_region = (
        "SELECT count(*) FILTER (starts_with(figure_id, 'PF')), "
        "count(*) FILTER (starts_with(figure_id, 'ADNAC-')), "
        "count(*) FILTER (starts_with(figure_id, 'AD25-')) FROM core_published_figure WHERE region_code = ?"
    )
    assert rows(edition, by_region, "CL") == [(568, 112 + 84 + 24 + 7, 0)]
    [(printed, national, customs_2025)] = rows(edition, by_region, "00")
    assert (printed, national) == (0, 0)
    assert customs_2025 > 0


def test_published_figures_are_the_ledger_as_printed(edition):
    printed = {
        (r["id"], float(r["value"]), r["period_start"], r["period_end"], r["publisher"])
        for r in shared("checkpoints/published_figures.csv")
    }
    held = rows(
        edition,
        "SELECT figure_id, printed_value, period_start::VARCHAR, period_end::VARCHAR, publisher "
        "FROM core_published_figure WHERE starts_with(figure_id, 'PF')",
    )
    assert set(held) == printed


def test_oracles_are_not_loaded_as_figures(edition):
    oracles = [r["id"] for r in shared("checkpoints/published_oracles.csv")]
    assert one(edition, "SELECT count(*) FROM core_published_figure WHERE figure_id IN ?", oracles) == 0


@pytest.mark.parametrize("kind", ["SECTOR", "PRODUCT", "DEST", "M"])
def test_customs_parts_never_exceed_the_regions_total(edition, kind):
    whole_or_less = rows(
        edition,
        "SELECT region_code, sum(part.value), any_value(whole.value) FROM core_published_figure AS part "
        "JOIN core_published_figure AS whole USING (region_code) "
        "WHERE part.figure_id LIKE 'AD25-REG__-' || ? || '%' AND whole.figure_id LIKE 'AD25-REG__-TOTAL' "
        "GROUP BY region_code",
        kind,
    )
    assert len(whole_or_less) == 18
    for region, parts, whole in whole_or_less:
        assert parts <= whole + 1, region
        if kind == "M":
            assert parts == pytest.approx(whole, abs=1)


def test_customs_2025_keeps_full_precision(edition):
    for record in shared("checkpoints/exports_2025/region_mes_2025.csv"):
        figure_id = f"AD25-REG{int(record['cod_region']):02d}-M{int(record['mes']):02d}"
        held = one(edition, "SELECT value FROM core_published_figure WHERE figure_id = ?", figure_id)
        assert held == float(record["fob_usd"])


def test_a_destination_gets_a_code_only_when_it_is_one_country(edition):
    codes = dict(
        rows(
            edition,
            "SELECT DISTINCT subject, subject_code FROM core_published_figure "
            "WHERE subject_kind IN ('destination', 'continent') AND starts_with(figure_id, 'PF')",
        )
    )
    assert codes["China"] == "336"
    assert codes["Holanda"] == "515"
    assert codes["Estados Unidos"] == "225"
    assert codes["China (forestal)"] is None
    assert codes["Estados Unidos, China, Perú, Corea del Sur y México"] is None
    assert codes["Asia"] is None


def test_what_leaves_through_a_region_is_not_what_comes_from_it(edition):
    concepts = rows(
        edition,
        "SELECT DISTINCT concept FROM core_published_figure "
        "WHERE flow_scope = 'exit_point' OR metric = 'fob_exit_point'",
    )
    assert concepts == [("exit_point",)]


@pytest.mark.parametrize(
    ("hs_code", "bcch", "prochile", "ine"),
    [
        ("03028900", "alimentos", "pesca_acuicultura", "industria"),
        ("03019900", "pesca_extractiva", "pesca_acuicultura", "pesca"),
        ("26201100", "metalica_basica", "mineria", "industria"),
        ("26030000", "cobre", "mineria", "mineria"),
        ("28369100", "litio", "mineria", "mineria"),
        ("47032100", "celulosa_papel", "forestal", "industria"),
        ("00250001", "servicios", "servicios", "resto"),
    ],
)
def test_the_longest_prefix_decides_the_sector(edition, hs_code, bcch, prochile, ine):
    decided = rows(
        edition,
        "SELECT bcch_sector_id, prochile_sector_id, ine_sector_id FROM core_sector_rule "
        "WHERE starts_with(?, hs_prefix) ORDER BY length(hs_prefix) DESC LIMIT 1",
        hs_code,
    )
    assert decided == [(bcch, prochile, ine)]


def test_codes_missing_from_the_workbook_are_there(edition):
    ports = ["0", "225", "999", *map(str, range(817, 832))]
    assert one(edition, "SELECT count(*) FROM core_port WHERE port_code IN ?", ports) == len(ports)
    assert one(edition, "SELECT region_code FROM core_customs_office WHERE customs_office_code = '56'") == "09"
    segments = "SELECT operation_code, segment FROM core_operation WHERE operation_code IN ?"
    assert dict(rows(edition, segments, ["208", "211", "214", "216"])) == {
        "214": "services",
        "216": "goods",
        "211": "ship_supplies",
        "208": "not_export",
    }


def test_former_comuna_codes_lead_to_the_comuna_of_today(edition):
    chillan = "SELECT name, region_code, current_code, is_current FROM core_comuna WHERE comuna_code = '08401'"
    assert rows(edition, chillan) == [("Chillán", "16", "16101", False)]


@pytest.mark.parametrize(
    ("regions", "firms", "workers", "sales"),
    [(None, 1_194_255, 46.5, 12.5), ("08", 88_139, 57.5, 29.0)],
    ids=["Chile", "Biobío"],
)
def test_mipyme_weight_of_2023_is_the_one_published(edition, regions, firms, workers, sales):
    mipyme = "FILTER (size_class IN ('micro', 'pequena', 'mediana'))"
    held = rows(
        edition,
        f"SELECT (sum(n_firms) {mipyme})::BIGINT, round(100 * sum(workers) {mipyme} / sum(workers), 1), "
        f"round(100 * (sum(sales_uf) {mipyme})::DOUBLE / sum(sales_uf)::DOUBLE, 1) "
        "FROM core_sii_size_region WHERE year = 2023 AND region_code = coalesce(?, region_code)",
        regions,
    )
    assert held == [(firms, workers, sales)]


def test_mipyme_firms_and_workers_agree_with_the_oracle_in_every_year(edition):
    oracle = {
        int(r["year"]): (int(r["n_firms"]), int(r["workers_dep_plus_fees"]))
        for r in shared("checkpoints/sme_weight_region_year_sii_2005_2023.csv")
        if r["region"] == "Chile" and r["group"] == "mipyme"
    }
    held = rows(
        edition,
        "SELECT year, sum(n_firms)::BIGINT, sum(workers)::BIGINT FROM core_sii_size_region "
        "WHERE size_class IN ('micro', 'pequena', 'mediana') GROUP BY year",
    )
    assert {year: (firms, workers) for year, firms, workers in held} == oracle


def test_a_masked_sale_is_missing_and_never_zero(edition):
    reasons = dict(
        rows(
            edition,
            "SELECT hidden_reason, count(*) FROM core_sii_size_region WHERE sales_uf IS NULL GROUP BY ALL",
        )
    )
    assert reasons["no_sales_information"] == 304
    assert reasons["masked_by_sii"] > 0
    assert one(edition, "SELECT count(*) FROM core_sii_size_region WHERE sales_uf = 0") == 0


def test_no_published_figure_is_corrected():
    with (REFERENCE / "corrections.csv").open(encoding="utf-8", newline="") as file:
        assert not [r for r in csv.DictReader(file) if r["table"] == "core_published_figure"]
