"""The tables that no raw file changes: built once for a recipe, the same in every edition."""

import shutil
from datetime import date
from pathlib import Path

import duckdb

from editions.folders import Workspace
from editions.store import edition_path
from etl import contracts
from etl.load import load
from etl.progress import quiet
from tests.editions import undrawn
from tests.etl.customs_text import write_month

JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)


def test_a_second_load_copies_the_template_of_the_first(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    (kept,) = place.staged.glob("template-*.duckdb")
    made = kept.stat()
    load([write_month(tmp_path, FEBRUARY)], place, progress=quiet())
    assert [*place.staged.glob("template-*.duckdb")] == [kept]
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (made.st_ino, made.st_mtime_ns)


def test_the_template_of_another_recipe_is_neither_used_nor_kept(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    place.staged.mkdir(parents=True)
    (place.staged / "template-0123456789abcdef.duckdb").write_bytes(b"not a database")
    load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    (kept,) = place.staged.glob("template-*.duckdb")
    assert kept.name != "template-0123456789abcdef.duckdb"


def test_an_edition_is_the_same_with_a_template_as_without(tmp_path: Path) -> None:
    place, other = Workspace(tmp_path / "data"), Workspace(tmp_path / "other")
    path = write_month(tmp_path, JANUARY)
    load([write_month(tmp_path, FEBRUARY)], place, progress=quiet())
    shutil.rmtree(place.editions)  # the template stays
    first, second = (edition_path(one, load([path], one, progress=quiet()).edition_id) for one in (place, other))
    assert first.name == second.name
    with duckdb.connect(str(first), read_only=True) as connection:
        connection.execute(f"ATTACH '{second}' AS other (READ_ONLY)")
        for table in [*(contract.table for contract in contracts.all_contracts()), "meta_table", "meta_column"]:
            ours, theirs = f"FROM {undrawn(table)}", f"FROM {undrawn(table, 'other')}"
            assert (
                connection.execute(f"({ours} EXCEPT ALL {theirs}) UNION ALL ({theirs} EXCEPT ALL {ours})").fetchall()
                == []
            )


def test_tables_that_records_change_are_told_from_the_others() -> None:
    later = {contract.table for contract in contracts.filled_from_records()}
    assert {"core_product", "core_export", "core_month", "core_reconciliation", "mart_total_by_month"} <= later
    assert not later & {"core_region", "core_hs", "core_published_figure", "core_sector_rule"}
