"""Vintages: what every edition said of a month stays in those built on it, and the triangle reads it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from editions.edition import open_edition
from editions.errors import EditionMissing
from editions.folders import Workspace
from editions.store import edition_path, prune
from etl.load import load, rebuild, roll_back
from etl.progress import quiet
from etl.raw.source import fields
from indicators.receipts.revisions import NOT_YET, revisions
from tests.etl.customs_text import line, month_lines, write_month

DECEMBER, JANUARY = date(2023, 12, 1), date(2024, 1, 1)
VALUE = 91_350.0  # 3 days × 30 firms of 1000.50 to 1029.50


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "data")


def put(place: Workspace, folder: Path, month: date, *, name: str, lines: list[str] | None = None) -> str:
    return load([write_month(folder, month, lines=lines, name=name)], place, progress=quiet()).edition_id


def vintages(place: Workspace, edition_id: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(edition_path(place, edition_id)), read_only=True) as edition:
        return edition.execute(
            "SELECT vintage, edition_id, month, region_code, segment, n_items, fob_usd FROM core_vintage ORDER BY ALL"
        ).fetchall()


def test_only_what_changed_gets_a_row_and_the_first_value_stays(place: Workspace, tmp_path: Path) -> None:
    first = put(place, tmp_path, DECEMBER, name="d.txt")
    second = put(place, tmp_path, JANUARY, name="e.txt")
    third = put(place, tmp_path, DECEMBER, name="d2.txt", lines=month_lines(DECEMBER, fob=2000))
    assert vintages(place, third) == [
        (1, first, DECEMBER, "08", "goods", 90, Decimal("91350.00")),
        (2, second, JANUARY, "08", "goods", 90, Decimal("91350.00")),
        (3, third, DECEMBER, "08", "goods", 90, Decimal("181350.00")),
    ]


def test_the_triangle_shows_first_latest_and_change(place: Workspace, tmp_path: Path) -> None:
    put(place, tmp_path, DECEMBER, name="d.txt")
    put(place, tmp_path, JANUARY, name="e.txt")
    put(place, tmp_path, DECEMBER, name="d2.txt", lines=month_lines(DECEMBER, fob=2000))
    found = revisions(open_edition(place.root), source="aduanas_dus", region="08", flow="goods")
    assert [one.number for one in found.vintages] == [1, 2, 3]
    december, january = found.months
    assert [held.value for held in december.held] == [VALUE, VALUE, VALUE + 90_000]
    assert (december.first_usd, december.latest_usd, december.is_revised) == (VALUE, VALUE + 90_000, True)
    assert december.change.absolute == 90_000
    assert december.change.growth is None  # the base is under US$ 100.000: no percentage of almost nothing
    assert december.change.reason is not None
    assert [(held.value, held.reason) for held in january.held] == [(None, NOT_YET), (VALUE, None), (VALUE, None)]
    assert not january.is_revised


def test_a_region_that_enters_or_leaves_a_loaded_month_is_zero_not_missing(place: Workspace, tmp_path: Path) -> None:
    moved = [line(**_fields(one, REGIONORIGEN="9")) for one in month_lines(DECEMBER)]
    put(place, tmp_path, DECEMBER, name="d.txt")
    put(place, tmp_path, DECEMBER, name="d2.txt", lines=moved)
    edition = open_edition(place.root)
    said = {
        region: [held.value for held in revisions(edition, source="aduanas_dus", region=region).months[0].held]
        for region in ("08", "09", "CL")
    }
    assert said == {"08": [VALUE, 0.0], "09": [0.0, VALUE], "CL": [VALUE]}


def _fields(text: str, **changed: str) -> dict[str, str]:
    return dict(zip(fields("aduanas_dus"), text.split(";"), strict=True)) | changed


def test_vintages_outlive_the_editions_that_said_them(place: Workspace, tmp_path: Path) -> None:
    first = put(place, tmp_path, DECEMBER, name="d.txt")
    for fob in range(2000, 2300, 100):
        last = put(place, tmp_path, DECEMBER, name=f"d{fob}.txt", lines=month_lines(DECEMBER, fob=fob))
    prune(place, keep=1)
    assert not edition_path(place, first).exists()
    assert vintages(place, last)[0][1] == first
    assert len(revisions(open_edition(place.root), source="aduanas_dus").vintages) == 4


def test_an_edition_rolled_back_from_is_no_vintage(place: Workspace, tmp_path: Path) -> None:
    first = put(place, tmp_path, DECEMBER, name="d.txt")
    withdrawn = put(place, tmp_path, DECEMBER, name="d2.txt", lines=month_lines(DECEMBER, fob=2000))
    roll_back(place)
    last = put(place, tmp_path, DECEMBER, name="d3.txt", lines=month_lines(DECEMBER, fob=3000))
    said = [row[1] for row in vintages(place, last)]
    assert said == [first, last]
    assert withdrawn not in said


def test_the_same_loads_give_the_same_vintages_anywhere(place: Workspace, tmp_path: Path) -> None:
    other = Workspace(tmp_path / "other")
    for where in (place, other):
        put(where, tmp_path, DECEMBER, name="d.txt")
        last = put(where, tmp_path, DECEMBER, name="d2.txt", lines=month_lines(DECEMBER, fob=2000))
    assert vintages(place, last) == vintages(other, last)


def test_a_rebuild_that_changes_no_value_adds_no_vintage(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = put(place, tmp_path, DECEMBER, name="d.txt")
    monkeypatch.setattr("etl.plan.PARSER_VERSION", "other")
    again = rebuild(place, progress=quiet()).edition_id
    assert again != first
    assert {row[1] for row in vintages(place, again)} == {first}


def test_a_withdrawn_month_is_missing_not_zero(place: Workspace, tmp_path: Path) -> None:
    first = put(place, tmp_path, DECEMBER, name="d.txt")
    path = edition_path(place, first)
    with duckdb.connect(str(path)) as edition:  # a base that knew one more month than is loaded now
        edition.execute("INSERT INTO core_vintage SELECT * REPLACE (DATE '2023-11-01' AS month) FROM core_vintage")
    last = put(place, tmp_path, JANUARY, name="e.txt")
    gone = [row for row in vintages(place, last) if row[2] == date(2023, 11, 1)]
    assert [row[5:] for row in gone] == [(90, Decimal("91350.00")), (None, None)]
    (november, *_) = revisions(open_edition(place.root), source="aduanas_dus").months
    assert november.latest_usd is None
    assert november.held[-1].reason is not None


def test_an_edition_without_vintages_says_how_to_get_them(place: Workspace, tmp_path: Path) -> None:
    first = put(place, tmp_path, DECEMBER, name="d.txt")
    with duckdb.connect(str(edition_path(place, first))) as edition:
        edition.execute("DROP TABLE core_vintage")
    with pytest.raises(EditionMissing, match="pulso build"):
        revisions(open_edition(place.root), source="aduanas_dus")
    last = put(place, tmp_path, JANUARY, name="e.txt")  # and the next edition begins to keep them
    assert {row[0] for row in vintages(place, last)} == {1}
