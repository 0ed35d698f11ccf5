"""Real rows of HS chapter 06, 2011–2015: what the engine answers about firms, against a few lines of pandas."""

import duckdb
import pandas as pd
import pytest

from editions.edition import Edition, open_file
from editions.folders import Workspace
from editions.store import current_id, edition_path
from etl import __main__ as command
from indicators.engine.answer import answer
from indicators.question.question import Question
from tests.etl.chapter06 import needs_extract, write_months

YEARS = range(2011, 2016)
ALL = "flow=all&source=aduanas_dus"
Exports = dict[int, set[str]]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder = tmp_path_factory.mktemp("chapter06")
    place = Workspace(folder / "data")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PULSO_DATA", str(place.root))
        paths = [str(path) for path in write_months(folder)]
        assert command.main(["load", "--extract", "HS capítulo 06", *paths]) == 0
    path = edition_path(place, current_id(place) or "")
    private = folder / "private.duckdb"  # a private copy: so few firms are in reserve in a public edition
    private.write_bytes(path.read_bytes())
    with duckdb.connect(str(private)) as connection:
        connection.execute("UPDATE meta_build SET kind = 'private'")
    return open_file(private)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Exports]:
    """Who exported in each year, read from the raw files by pandas alone."""
    columns = {0: "date", 5: "firm", 14: "region", 73: "fob"}
    files = write_months(tmp_path_factory.mktemp("raw"))
    rows = pd.concat(
        pd.read_csv(file, sep=";", header=None, usecols=list(columns), dtype=str, encoding="latin-1", quoting=3)
        for file in files
    ).rename(columns=columns)
    rows["year"] = rows["date"].str[-4:].astype(int)
    rows["fob"] = rows["fob"].str.strip().str.replace(",", ".").astype(float)
    rows["firm"], rows["region"] = rows["firm"].str.strip(), rows["region"].str.strip().str.zfill(2)
    found = {}
    for region, some in (("CL", rows), ("08", rows[rows["region"] == "08"])):
        sums = some.groupby(["year", "firm"])["fob"].sum()
        firms = sums[sums > 0].reset_index()
        found[region] = {year: set(firms.loc[firms["year"] == year, "firm"]) for year in YEARS}
    return found


def ask(edition: Edition, text: str) -> float | int | None:
    return answer(edition, Question.parse(text)).value


@needs_extract
@pytest.mark.parametrize("region", ["CL", "08"])
@pytest.mark.parametrize("year", YEARS[1:])
def test_exporters_entrants_and_exits_of_a_year(
    edition: Edition, exports: dict[str, Exports], region: str, year: int
) -> None:
    now, before = exports[region][year], exports[region][year - 1]
    asked = f"region={region}&window={year}&{ALL}"
    assert ask(edition, f"exporters?{asked}") == len(now) > 0
    assert ask(edition, f"entrants?{asked}") == len(now - before)
    assert ask(edition, f"exits?{asked}") == len(before - now)
    assert ask(edition, f"same_firms?{asked}") == len(now & before)
    assert ask(edition, f"entry?{asked}") == pytest.approx(len(now - before) / len(now), rel=1e-9)
    assert ask(edition, f"exit?{asked}") == pytest.approx(len(before - now) / len(before), rel=1e-9)


@needs_extract
@pytest.mark.parametrize("region", ["CL", "08"])
def test_survival_of_each_cohort(edition: Edition, exports: dict[str, Exports], region: str) -> None:
    years = exports[region]
    expected = {}
    for year in YEARS[1:-1]:
        cohort = years[year] - years[year - 1]
        for later in range(year + 1, YEARS[-1] + 1):
            if cohort:
                expected[f"{year}+{later - year}"] = len(cohort & years[later]) / len(cohort)
    found = answer(edition, Question.parse(f"survival?region={region}&window=2015&{ALL}"))
    assert {row.key: row.value for row in found.rows} == pytest.approx(expected)
    assert any(row.key.endswith("+1") for row in found.rows)


@needs_extract
def test_firms_of_four_years_running_and_firms_that_come_back(edition: Edition, exports: dict[str, Exports]) -> None:
    years = exports["CL"]
    asked = f"window=2015&{ALL}"
    steady = years[2015] & years[2014] & years[2013] & years[2012]
    assert ask(edition, f"regular_exporter?{asked}") == pytest.approx(len(steady) / len(years[2015]), rel=1e-9)
    seen = years[2011] | years[2012] | years[2013] | years[2014]
    assert ask(edition, f"first_time_exporters?{asked}") == len(years[2015] - seen)
    back = years[2015] & years[2011] - years[2012] - years[2013] - years[2014]
    assert ask(edition, f"returning_exporters?{asked}") == len(back)
