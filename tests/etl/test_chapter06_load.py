"""The real rows of HS chapter 06, loaded as anybody would: raw text to edition, checked against known figures."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from editions.folders import Workspace
from editions.store import current_id, edition_path
from etl import __main__ as command
from tests.etl.chapter06 import needs_extract, write_months


@needs_extract
def test_the_real_rows_give_the_known_figures_in_the_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Workspace(tmp_path / "data")
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    paths = [str(path) for path in write_months(tmp_path)]
    assert command.main(["load", "--extract", "HS capítulo 06", *paths]) == 0
    with duckdb.connect(str(edition_path(place, current_id(place) or "")), read_only=True) as edition:
        years = edition.execute(
            "SELECT year(month), sum(fob_usd), count(DISTINCT exporter_id) FROM core_export GROUP BY 1 ORDER BY 1"
        ).fetchall()
        biobio = edition.execute(
            "SELECT sum(fob_usd), count(DISTINCT exporter_id) FROM core_export "
            "WHERE region_code = '08' AND year(month) = 2015"
        ).fetchall()
        months = edition.execute("SELECT id_scope, is_complete, count(*) FROM core_month GROUP BY ALL").fetchall()
        unknown = edition.execute("SELECT code_table, code, n_items FROM meta_unknown_code").fetchall()
    assert years == [
        (2011, Decimal("48469073.01"), 56),
        (2012, Decimal("46573366.00"), 53),
        (2013, Decimal("50577278.71"), 45),
        (2014, Decimal("52724115.34"), 48),
        (2015, Decimal("46588823.82"), 47),
    ]
    assert biobio == [(Decimal("8476305.48"), 9)]
    assert months == [("stable", True, 60)]
    assert unknown == []
