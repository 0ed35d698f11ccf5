"""The SQL console reads the tables of the dictionary and nothing else: every way out that we know of is tried."""

import time
from pathlib import Path

import pytest

from indicators.console import ConsoleError, run
from indicators.edition import Edition
from tests.editions import tiny_edition
from tests.patience import PATIENCE

EXPORTS = [
    {"month": "2025-01", "exporter_id": str(firm), "region_code": "08", "fob_usd": 1_000 * firm} for firm in range(1, 5)
]
FIRMS = [{"month": "2025-01", "exporter_key": "firma-secreta", "fob_usd": 10}]


@pytest.fixture
def official(tmp_path: Path) -> Edition:
    return tiny_edition(tmp_path, exports=EXPORTS, register=FIRMS, kind="demo")


def test_a_select_gives_its_rows(official: Edition) -> None:
    found = run(official, "SELECT region_code, sum(fob_usd)::BIGINT AS fob FROM mart_export_by_month GROUP BY 1;")
    assert found.columns == ("region_code", "fob")
    assert found.rows == (("08", 10_000),)
    assert not found.is_cut


def test_names_of_the_query_itself_can_be_read(official: Edition) -> None:
    asked = """WITH region AS (SELECT region_code AS code FROM core_region),
        RECURSIVE_NOT AS (SELECT max(code) AS code FROM region)
    SELECT (SELECT count(*) FROM region) > 16 AS many, code FROM RECURSIVE_NOT, range(1) ORDER BY ALL"""
    assert run(official, asked).rows[0][0] is True
    counted = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT max(i) FROM n"
    assert run(official, counted).rows == ((5,),)


def test_the_office_reads_its_own_register_in_a_private_edition(tmp_path: Path) -> None:
    private = tiny_edition(tmp_path, exports=EXPORTS, register=FIRMS, kind="private")
    assert run(private, "SELECT exporter_key FROM core_register").rows == (("firma-secreta",),)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM core_region",
        "INSERT INTO core_region SELECT * FROM core_region",
        "CREATE TABLE x AS SELECT 1",
        "CREATE TEMP TABLE x AS SELECT 1",
        "DROP TABLE core_region",
        "COPY core_region TO '/tmp/out.csv'",
        "EXPORT DATABASE '/tmp/out'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "SELECT 1; DROP TABLE core_region",
        "SELECT 1) AS asked; DROP TABLE core_region; SELECT * FROM (SELECT 1",
        "SELECT 1 -- ) ; DROP",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM parquet_scan('/tmp/x.parquet')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM pg_catalog.pg_class",
        "SELECT * FROM EXPORTS",
        "DESCRIBE core_register",
        "SUMMARIZE core_register",
        "SHOW TABLES",
        "EXPLAIN SELECT 1",
        "VACUUM",
        "CHECKPOINT",
        "",
        "esto no es SQL",
    ],
)
def test_nothing_is_written_nor_read_from_outside(official: Edition, sql: str) -> None:
    before = official.path.read_bytes()
    if sql == "SELECT 1 -- ) ; DROP":  # a comment is harmless
        assert run(official, sql).rows == ((1,),)
    else:
        with pytest.raises(ConsoleError):
            run(official, sql)
    assert official.path.read_bytes() == before


def test_a_long_query_is_stopped(official: Edition) -> None:
    began = time.monotonic()
    with pytest.raises(ConsoleError, match="segundos"):
        run(official, "SELECT count(*) FROM range(100000000000) AS a, range(1000) AS b", most_seconds=0.3)
    assert time.monotonic() - began < PATIENCE


def test_a_greedy_query_fails_in_one_sentence(official: Edition) -> None:
    with pytest.raises(ConsoleError):
        run(official, "SELECT length(string_agg(repeat('x', 10000000), ',')) FROM range(100000)", most_seconds=5)


def test_more_rows_than_are_kept_are_said_to_be_cut(official: Edition) -> None:
    found = run(official, "SELECT * FROM range(100)", most_rows=10)
    assert len(found.rows) == 10
    assert found.is_cut
