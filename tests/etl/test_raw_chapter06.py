"""Real customs rows, from text to typed items, give the totals that were computed from them by other means."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from editions.errors import SourceError
from editions.folders import Workspace
from etl.raw.stage import stage
from tests.etl.chapter06 import EXTRACT, needs_extract, write_months

FOB = {2011: "48469073.01", 2012: "46573366.00", 2013: "50577278.71", 2014: "52724115.34", 2015: "46588823.82"}
EXPORTERS = {2011: 56, 2012: 53, 2013: 45, 2014: 48, 2015: 47}


@needs_extract
def test_real_rows_give_the_known_value_and_exporters_of_each_year(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    staged = [one for path in write_months(tmp_path) for one in stage(path, place, extract="HS capítulo 06")]
    assert len(staged) == 60
    assert not any(one.rejected for one in staged)
    files = [str(one.parquet) for one in staged]
    found = duckdb.execute(
        "SELECT year(month), sum(fob_usd), count(DISTINCT exporter_id) FROM read_parquet(?) GROUP BY 1 ORDER BY 1",
        [files],
    ).fetchall()
    assert found == [(year, Decimal(FOB[year]), EXPORTERS[year]) for year in FOB]
    biobio = duckdb.execute(
        "SELECT sum(fob_usd), count(DISTINCT exporter_id) FROM read_parquet(?) "
        "WHERE region_code = '08' AND year(month) = 2015",
        [files],
    ).fetchall()
    assert biobio == [(Decimal("8476305.48"), 9)]


@needs_extract
def test_the_joined_extract_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="95 campos donde se esperan 84; es un extracto unido"):
        stage(EXTRACT / "2015" / "01 - Enero.txt", Workspace(tmp_path / "data"), extract="HS capítulo 06")


@needs_extract
def test_without_saying_so_an_extract_is_refused_as_an_incomplete_month(tmp_path: Path) -> None:
    path = write_months(tmp_path, range(2015, 2016))[0]
    with pytest.raises(SourceError, match=r"2015-01 viene incompleto: .*--extract"):
        stage(path, Workspace(tmp_path / "data"))
