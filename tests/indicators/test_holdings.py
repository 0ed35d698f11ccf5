"""What an edition says of its own sources, quality and changes."""

from datetime import date
from pathlib import Path

import duckdb

from editions.edition import Edition, open_file
from indicators import holdings
from tests.editions import tiny_edition

SOURCE = """
    INSERT INTO meta_source (source_id, retrieved_on, rows_read, rows_kept, first_month, last_month) VALUES
        ('aduanas_dus', '2025-11-01', 10, 9, '2025-01-01', '2025-01-01'),
        ('aduanas_dus', '2025-11-03', 20, 20, '2025-02-01', '2025-02-01')"""


def edition_with(folder: Path, *statements: str) -> Edition:
    exports = [{"month": month, "fob_usd": 5} for month in ("2025-01", "2025-02")]
    made = tiny_edition(folder, exports=exports, incomplete=("2025-02",))
    made._connection.close()
    with duckdb.connect(str(made.path)) as connection:
        for sql in statements:
            connection.execute(sql)
    return open_file(made.path)


def test_a_source_sums_its_files_and_names_its_incomplete_months(tmp_path: Path) -> None:
    (held,) = holdings.sources(edition_with(tmp_path, SOURCE))
    assert (held.n_files, held.rows_read, held.rows_kept) == (2, 30, 29)
    assert held.retrieved_on == date(2025, 11, 3)
    assert (held.first_month, held.last_month) == (date(2025, 1, 1), date(2025, 2, 1))
    assert (held.complete, held.partial) == (1, (date(2025, 2, 1),))


def test_a_month_missing_between_others_is_named(tmp_path: Path) -> None:
    march = "INSERT INTO core_month (source_id, month) VALUES ('aduanas_dus', '2025-05-01')"
    (held,) = holdings.sources(edition_with(tmp_path, SOURCE, march))
    assert held.missing == (date(2025, 3, 1), date(2025, 4, 1))
    (whole,) = holdings.sources(edition_with(tmp_path, SOURCE))
    assert whole.missing == ()


def test_quality_sums_repairs_over_files_and_keeps_unknown_codes(tmp_path: Path) -> None:
    found = holdings.quality(
        edition_with(
            tmp_path,
            "INSERT INTO meta_repair VALUES ('a', 'tab', 2), ('b', 'tab', 3), ('a', 'nul', 1)",
            "INSERT INTO meta_reject (sha256, file, line, reason, text) VALUES ('a', 'f', 7, 'corta', 'x')",
            "INSERT INTO meta_unknown_code VALUES ('country', '999', 1, 5), ('country', '998', 1, 8)",
        )
    )
    assert found.repairs == {"tab": 5, "nul": 1}
    assert found.n_rejected == 1
    assert [one["code"] for one in found.unknown] == ["998", "999"]


def test_an_edition_of_before_the_gates_has_none(tmp_path: Path) -> None:
    assert holdings.quality(edition_with(tmp_path, "DROP TABLE meta_gate")).gates == ()


def test_a_month_is_a_change_only_where_its_value_or_its_items_moved(tmp_path: Path) -> None:
    (change,) = holdings.changes(
        edition_with(
            tmp_path,
            "INSERT INTO meta_change VALUES ('aduanas_dus', '2025-01-01', 1, 1, 5, 5), "
            "('aduanas_dus', '2025-02-01', NULL, 1, NULL, 5)",
        )
    )
    assert (change.month, change.before_usd, change.after_usd) == (date(2025, 2, 1), None, 5.0)
