"""Every table is described, and a table that breaks its word is named with the rows that do."""

from pathlib import Path

import duckdb
import pytest

from editions.errors import ContractError
from etl import contracts
from etl.contracts import SQL_FOLDER, read_contract

TABLES = sorted(SQL_FOLDER.glob("*/*.sql"))


def test_there_are_tables() -> None:
    assert len(TABLES) > 10


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_each_table_and_column_is_described(path: Path) -> None:
    contract = read_contract(path.with_suffix(".toml"))
    assert len(contract.description) > 20
    assert contract.source
    assert contract.columns
    for column in contract.columns:
        assert len(column.description) > 3, column.name


def test_each_table_comes_after_those_it_reads() -> None:
    names = [contract.table for contract in contracts.all_contracts()]
    assert names.index("core_export") > names.index("core_product") > names.index("core_sector_rule")
    assert names.index("core_month") > names.index("core_export")


@pytest.fixture
def toy(tmp_path: Path) -> contracts.Contract:
    (tmp_path / "core_toy.sql").write_text("-- Grain: toy\nSELECT 1 AS id, 2.0 AS fob_usd\n")
    (tmp_path / "core_toy.toml").write_text(
        'description = "A toy"\nsource = ["toy"]\nkey = ["id"]\n'
        '[columns.id]\ntype = "INTEGER"\ndescription = "It\'s the id"\n'
        '[columns.fob_usd]\ntype = "DECIMAL(18,2)"\nunit = "USD"\ndescription = "Value"\n'
        '[checks]\npositive = "SELECT * FROM core_toy WHERE fob_usd < 0"\n'
    )
    return read_contract(tmp_path / "core_toy.toml")


def built(toy: contracts.Contract, rows: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(toy.create_sql)
    connection.execute(f"INSERT INTO core_toy VALUES {rows}")
    return connection


def test_a_table_that_keeps_its_word_gives_no_sentence(toy: contracts.Contract) -> None:
    assert contracts.verify(built(toy, "(1, 5), (2, 0)"), toy) == []


@pytest.mark.parametrize(
    ("rows", "said"), [("(1, 5), (1, 6)", "clave única"), ("(NULL, 5)", "clave única"), ("(1, -5)", "positive")]
)
def test_a_broken_promise_is_named_with_its_rows(toy: contracts.Contract, rows: str, said: str) -> None:
    sentences = contracts.verify(built(toy, rows), toy)
    assert len(sentences) == 1
    assert said in sentences[0]


def test_the_dictionary_is_written_into_the_edition(toy: contracts.Contract) -> None:
    connection = built(toy, "(1, 5)")
    connection.execute((SQL_FOLDER / "meta.sql").read_text(encoding="utf-8"))
    contracts.describe(connection, [toy])
    contracts.count_rows(connection, [toy])
    assert connection.execute("SELECT n_rows, grain FROM meta_table").fetchall() == [(1, "toy")]
    comment = connection.execute(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'core_toy' AND column_name = 'id'"
    ).fetchone()
    assert comment == ("It's the id",)


def test_a_table_without_grain_is_refused(tmp_path: Path, toy: contracts.Contract) -> None:
    (tmp_path / "core_toy.sql").write_text("SELECT 1 AS id")
    with pytest.raises(ContractError, match="Grain"):
        read_contract(tmp_path / "core_toy.toml")
