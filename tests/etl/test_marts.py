"""The tables added up from core_export hold exactly its records, and say so when they do not."""

from pathlib import Path

import duckdb
import pytest

from etl import contracts
from tests.editions import MARTS, tiny_edition

ROWS = [
    {"month": month, "region_code": region, "hs_code": hs_code, "exporter_id": firm, "quantity": 2, "fob_usd": 10.01}
    for month in ("2023-12", "2024-01", "2025-06")
    for region in ("08", None)
    for hs_code in ("44071010", None)
    for firm in ("1", "1", "2")
]


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    opened = tiny_edition(tmp_path, exports=ROWS)
    opened._connection.close()
    return opened.path


def broken(path: Path, damage: str = "") -> str:
    with duckdb.connect(str(path)) as connection:
        connection.execute(damage or "SELECT 1")
        return "\n".join(sentence for contract in MARTS for sentence in contracts.verify(connection, contract))


def test_each_cell_of_codes_is_one_row_with_the_sum_of_its_items(edition: Path) -> None:
    with duckdb.connect(str(edition), read_only=True) as connection:
        rows = connection.execute(
            "SELECT n_items, quantity::INTEGER, fob_usd::DOUBLE, count(*) FROM mart_export_by_month "
            "GROUP BY ALL ORDER BY 1"
        ).fetchall()
        totals = connection.execute(
            "SELECT concept, sum(n_items)::INTEGER, sum(fob_usd)::DOUBLE FROM mart_total_by_month GROUP BY 1 ORDER BY 1"
        ).fetchall()
        firms, products = (
            connection.execute(
                f"SELECT n_items, fob_usd::DOUBLE, count(*) FROM mart_{grain}_by_month GROUP BY ALL ORDER BY 1"
            ).fetchall()
            for grain in ("firm", "product")
        )
    assert rows == [(1, 2, 10.01, 12), (2, 4, 20.02, 12)]
    assert totals == [(concept, 36, 360.36) for concept in ("comuna", "exit", "origin")]
    assert firms == [(2, 20.02, 6), (4, 40.04, 6)]  # two products each
    assert products == [(6, 60.06, 6)]  # two regions and two firms each


def test_marts_as_built_keep_their_word(edition: Path) -> None:
    assert broken(edition) == ""


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("UPDATE mart_export_by_month SET fob_usd = fob_usd + 1 WHERE n_items = 2", "mart_export_by_month"),
        ("UPDATE mart_export_by_month SET n_items = n_items + 1", "mart_export_by_month"),
        ("DELETE FROM mart_export_by_month WHERE month = DATE '2023-12-01'", "mart_export_by_month"),
        ("UPDATE mart_total_by_month SET fob_usd = 0 WHERE concept = 'exit'", "mart_total_by_month"),
        ("DELETE FROM mart_total_by_month WHERE concept = 'comuna'", "mart_total_by_month"),
        ("UPDATE mart_firm_by_month SET exporter_id = '2'", "mart_firm_by_month"),
        ("DELETE FROM mart_firm_by_month WHERE region_code IS NULL", "mart_firm_by_month"),
        ("UPDATE mart_product_by_month SET fob_usd = fob_usd + 1 WHERE hs_code IS NULL", "mart_product_by_month"),
        ("UPDATE mart_product_by_month SET country_code = '336'", "mart_product_by_month"),
        ("INSERT INTO core_export FROM core_export LIMIT 1", "mart_export_by_month"),
    ],
)
def test_a_mart_that_is_not_the_sum_of_core_export_is_named(edition: Path, damage: str, named: str) -> None:
    assert f"{named}: no se cumple" in broken(edition, damage)
