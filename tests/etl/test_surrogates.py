"""Customs' numbers of exporters and declarations stay in the office's files: an edition has numbers of its own."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from editions.folders import Workspace
from editions.store import current_id, edition_path
from etl.__main__ import main as etl
from etl.load import load
from etl.progress import quiet
from indicators.__main__ import main as indicators
from tests.etl.customs_text import line, month_lines, write_month
from tests.etl.test_sii import fixture_by_size

MONTHS = [date(2024, 1, 1), date(2024, 2, 1)]
FIRMS = 120
EXPORTER, DECLARATION = "913407526{}", "70051943{}"  # long enough to be nothing else
WRONG_EXPORTER, SHIFTED = "9134075X55", "9134077777"
FIGURES = (
    "SELECT month, count(*), sum(fob_usd), count(DISTINCT exporter_id), count(DISTINCT declaration_id) "
    "FROM core_export GROUP BY ALL ORDER BY ALL"
)


def recognisable(month: date) -> list[str]:
    """Return a month whose numbers can be searched for, with a row cut, a number misspelt and one in another field."""
    lines = []
    for text in month_lines(month, firms=FIRMS):
        cells = text.split(";")
        cells[1], cells[5] = DECLARATION.format(cells[1][4:]), EXPORTER.format(cells[5])
        lines.append(";".join(cells))
    last = {"FECHAACEPT": f"20{month:%m%Y}", "NUMEROIDENT": DECLARATION.format("0")}
    lines.append(line(**last, NRO_EXPORTADOR=EXPORTER.format("001"), FOBUS="x"))
    lines.append(line(**last, NRO_EXPORTADOR=WRONG_EXPORTER))
    lines.append(line(**last, NRO_EXPORTADOR="", COMUNAEXPORTADORPPAL=SHIFTED))
    return lines


def loaded(folder: Path) -> Workspace:
    folder.mkdir()
    place = Workspace(folder / "data")
    load([write_month(folder, month, lines=recognisable(month)) for month in MONTHS], place, progress=quiet())
    return place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return loaded(tmp_path_factory.mktemp("surrogates") / "first")


def numbers(place: Workspace, edition_id: str) -> dict[str, str]:
    """Return the number of each firm of a test month, which its value tells apart from others."""
    with duckdb.connect(str(edition_path(place, edition_id)), read_only=True) as edition:
        pairs = edition.execute(
            "SELECT DISTINCT fob_usd::VARCHAR, exporter_id FROM core_export ORDER BY ALL"
        ).fetchall()
    assert len(pairs) == len(dict(pairs)) == len(dict(map(reversed, pairs))) == FIRMS
    return dict(pairs)


def texts(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file and, where it is packed, every value in it."""
    content = path.read_bytes()
    yield content
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as edition:
            for (table,) in edition.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield str(edition.execute(f"FROM {table}").fetchall()).encode()
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            for name in box.namelist():
                yield box.read(name)
                if name.endswith(".parquet"):
                    part = path.parent / "part.parquet"
                    part.write_bytes(box.read(name))
                    yield str(duckdb.execute("FROM read_parquet(?)", [str(part)]).fetchall()).encode()
                    part.unlink()


def test_no_number_of_customs_is_in_what_is_shown_or_passed_on(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(place.root))
    question = "exporters?region=08&window=2024-01..2024-02"
    assert etl(["load", str(next(place.raw.glob("*.txt")))]) == 0
    for command in (["status"], ["check"], ["changes"], ["editions"]):
        assert etl(command) == 0
    for command in (["answer", question], ["receipt", question], ["answer", question, "--format", "json"]):
        assert indicators(command) == 0
    assert indicators(["release", "--out", str(tmp_path / "release.zip")]) == 0
    said = capsys.readouterr()
    assert "NRO_EXPORTADOR «#######X##» no es" in said.out
    out_of_reach = [place.raw, place.staged]  # the files as received and their typed copies: the office's own
    published = [p for p in place.root.rglob("*") if p.is_file() and not set(p.parents) & set(out_of_reach)]
    assert any(path.suffix == ".duckdb" for path in published)
    searched = [text for path in [*published, tmp_path / "release.zip"] for text in texts(path)]
    for number in (EXPORTER, DECLARATION, WRONG_EXPORTER, SHIFTED):
        start = number.removesuffix("{}").encode()
        assert not any(start in text for text in [*searched, said.out.encode(), said.err.encode()]), number
    assert any(EXPORTER.removesuffix("{}").encode() in path.read_bytes() for path in place.raw.glob("*.txt"))


def test_rejected_lines_keep_file_line_reason_and_shape(place: Workspace) -> None:
    with duckdb.connect(str(edition_path(place, current_id(place) or "")), read_only=True) as edition:
        kept = edition.execute("SELECT line, reason, text FROM meta_reject ORDER BY ALL LIMIT 1").fetchall()
    assert kept[0][:2] == (3 * FIRMS + 1, "FOBUS «x» no es un número")
    assert kept[0][2].startswith("########;#########;##;###;;############;")


def test_a_firm_keeps_its_number_in_all_months_of_an_edition(place: Workspace) -> None:
    with duckdb.connect(str(edition_path(place, current_id(place) or "")), read_only=True) as edition:
        by_month = "SELECT exporter_id, count(DISTINCT month) AS n FROM {} GROUP BY ALL"
        for table in ("core_export", "mart_export_by_month", "mart_firm_by_month"):
            months = edition.execute(f"SELECT DISTINCT n FROM ({by_month.format(table)})").fetchall()
            assert months == [(len(MONTHS),)]
        assert edition.execute("SELECT DISTINCT id_scope FROM core_month").fetchall() == [("stable",)]


def test_the_same_files_give_the_same_edition_and_figures_and_other_numbers(place: Workspace, tmp_path: Path) -> None:
    again = loaded(tmp_path / "again")
    edition_id = current_id(place) or ""
    assert current_id(again) == edition_id
    figures = [
        duckdb.connect(str(edition_path(p, edition_id)), read_only=True).execute(FIGURES).fetchall()
        for p in (place, again)
    ]
    assert figures[0] == figures[1]
    assert numbers(place, edition_id) != numbers(again, edition_id)


def test_an_edition_that_takes_its_months_from_another_draws_anew(tmp_path: Path) -> None:
    place = loaded(tmp_path / "base")
    before = current_id(place) or ""
    load([fixture_by_size(tmp_path)], place, progress=quiet())
    after = current_id(place) or ""
    assert after != before
    assert numbers(place, after) != numbers(place, before)
    for table in ("core_export", "mart_export_by_month", "mart_firm_by_month"):
        with duckdb.connect(str(edition_path(place, after)), read_only=True) as edition:
            firms = edition.execute(f"SELECT count(DISTINCT exporter_id), sum(fob_usd) FROM {table}").fetchall()
            edition.execute(f"ATTACH '{edition_path(place, before)}' AS base (READ_ONLY)")
            assert (
                edition.execute(f"SELECT count(DISTINCT exporter_id), sum(fob_usd) FROM base.{table}").fetchall()
                == firms
            )
            assert edition.execute(
                f"SELECT count(*) FROM (SELECT DISTINCT exporter_id FROM {table} WHERE exporter_id NOT IN "
                "(SELECT exporter_id FROM core_export))"
            ).fetchall() == [(0,)]
