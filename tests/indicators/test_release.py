"""The release: whole, described, the same figures as the edition, and nothing private."""

import csv
import fcntl
import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from editions.edition import Edition, open_edition
from editions.errors import IndicatorError
from etl.__main__ import main as etl
from etl.contracts import all_contracts, describe
from indicators.__main__ import main
from indicators.engine.result import DEMO
from indicators.question.scope import REGIONS
from indicators.receipts.receipt import SAME, recompute
from indicators.release import release
from indicators.release.contents import PARTS, ReleaseError
from tests.editions import tiny_edition
from tests.english import left_in_spanish
from tests.ui.sample import sample
from words.language import speaking


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder = tmp_path_factory.mktemp("release")
    edition_id = sample(folder)
    explain(folder / "editions" / f"{edition_id}.duckdb")
    return open_edition(folder, edition_id)


def explain(path: Path) -> None:
    """Write the dictionary into a test edition, as the ETL does."""
    with duckdb.connect(str(path)) as connection:
        describe(connection, [one for one in all_contracts() if one.table.startswith(("core_", "mart_"))])


@pytest.fixture(scope="module")
def box(edition: Edition) -> zipfile.ZipFile:
    out = edition.path.parent / "entrega.zip"
    release(edition, out)
    packed = io.BytesIO(out.read_bytes())
    return zipfile.ZipFile(packed)


def rows(box: zipfile.ZipFile, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(box.read(path).decode())))


def described(box: zipfile.ZipFile) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(box.read("datapackage.json"))["resources"]
    return found


def test_every_file_is_described_with_its_size_hash_and_rows(box: zipfile.ZipFile) -> None:
    resources = described(box)
    data_files = {name for name in box.namelist() if name.startswith("datos/")}
    assert {one["path"] for one in resources} == data_files
    assert len(resources) == 2 * (len(PARTS) + 2 * 2)  # two tables cut into three years
    for one in resources:
        packed = box.read(one["path"])
        assert (one["bytes"], one["hash"]) == (len(packed), f"sha256:{hashlib.sha256(packed).hexdigest()}")
        if one["format"] == "parquet":
            assert pq.read_metadata(io.BytesIO(packed)).num_rows == one["rows"]
        else:
            assert len(rows(box, one["path"])) == one["rows"]


def test_the_descriptor_is_a_frictionless_data_package(box: zipfile.ZipFile) -> None:
    """What version 1 of the specification requires, by hand: its validator would bring thirty packages."""
    package = json.loads(box.read("datapackage.json"))
    names = [one["name"] for one in package["resources"]]
    assert all(re.fullmatch(r"[a-z0-9._-]+", name) for name in (*names, package["name"]))
    assert len(names) == len(set(names)) > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", package["created"])
    assert all(source["title"] for source in package["sources"])
    for one in package["resources"]:
        assert not one["path"].startswith(("/", "."))
        assert one["profile"] == ("tabular-data-resource" if one["format"] == "csv" else "data-resource")
        fields = one["schema"]["fields"]
        assert all(f["type"] in ("string", "number", "integer", "boolean", "date", "datetime") for f in fields)
        assert all(field["description"] for field in fields)
        if one["format"] == "csv":
            heading = next(csv.reader(io.StringIO(box.read(one["path"]).decode())))
            assert heading == [field["name"] for field in fields]


def test_both_formats_add_up_to_what_the_edition_answers(
    edition: Edition, box: zipfile.ZipFile, tmp_path: Path
) -> None:
    right = edition.rows("SELECT sum(fob_usd)::DOUBLE AS fob, sum(n_items)::BIGINT AS n FROM mart_export_by_month")[0]
    for kind, read in (("parquet", "read_parquet"), ("csv", "read_csv")):
        paths = [one["path"] for one in described(box) if "/exportaciones/" in one["path"] and one["format"] == kind]
        assert len(paths) == 3
        files = [box.extract(path, tmp_path) for path in paths]
        found = duckdb.sql(f"SELECT sum(fob_usd)::DOUBLE, sum(n_items)::BIGINT FROM {read}({files})").fetchall()
        assert found == [(right["fob"], right["n"])]


def test_no_firm_and_no_register_leaves_the_house(edition: Edition, box: zipfile.ZipFile) -> None:
    columns = {field["name"] for one in described(box) for field in one["schema"]["fields"]}
    assert not {"exporter_id", "exporter_key", "rut"} & columns
    months = next(one["path"] for one in described(box) if one["name"].endswith("meses-csv"))
    assert {row["source_id"] for row in rows(box, months)} == {"aduanas_dus"}
    keys = edition.rows("SELECT DISTINCT exporter_key AS k FROM core_register")
    everything = b"".join(box.read(name) for name in box.namelist())
    assert len(keys) > 10
    assert not any(f'"{key["k"]}"'.encode() in everything for key in keys)


@pytest.mark.parametrize("kind", ["private", "otra"])
def test_an_edition_that_is_not_public_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "editions").mkdir()
    private = tiny_edition(tmp_path / "editions", kind=kind, exports=[{"month": "2025-01", "fob_usd": 1}])
    with pytest.raises(ReleaseError, match="privada"):
        release(private, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_the_receipts_of_the_headline_figures_can_be_computed_again(
    edition: Edition, box: zipfile.ZipFile, tmp_path: Path
) -> None:
    names = [name for name in box.namelist() if name.startswith("recibos/")]
    assert {Path(name).name[:2] for name in names} == {"CL", *REGIONS}
    kept = Path(box.extract("recibos/08-fob-1.json", tmp_path))
    assert json.loads(kept.read_text())["answer"]["value"] == 86_000_000
    assert recompute(edition.path.parent.parent, kept).exit_code == SAME


def test_a_release_in_english_has_the_same_files_and_figures(
    edition: Edition, box: zipfile.ZipFile, tmp_path: Path
) -> None:
    out = tmp_path / "release.zip"
    with speaking("en"):
        names = release(edition, out)
    english = zipfile.ZipFile(out)
    assert names == box.namelist()
    tables = [name for name in names if name.startswith(("datos/", "diccionario/")) and name.endswith(".csv")]
    assert tables and all(english.read(name) == box.read(name) for name in tables)
    page = english.read("LEEME.md").decode()
    assert page.startswith(
        f"# Pulso Exportador, edition {edition.id}\n\n**Demonstration data. Do not cite.** The export"
    )
    assert left_in_spanish(box.read("LEEME.md").decode(), page) == []
    described = json.loads(english.read("datapackage.json"))
    assert described["title"].startswith("Pulso Exportador: exports of the regions of Chile (")
    assert described["description"].startswith("Demonstration data. Do not cite. Exports by month, region, ")

    kept = tmp_path / "receipt.json"
    kept.write_bytes(english.read("recibos/08-fob-1.json"))
    assert json.loads(kept.read_bytes())["language"] == "en"
    assert recompute(edition.path.parent.parent, kept).exit_code == SAME


def test_a_demo_release_is_marked_wherever_it_is_opened(box: zipfile.ZipFile) -> None:
    assert DEMO.text in box.read("LEEME.md").decode()
    assert DEMO.text in json.loads(box.read("datapackage.json"))["description"]
    assert all("DEMO_NO_CITAR" in name for name in box.namelist() if name.startswith("datos/"))
    assert all(json.loads(box.read(n))["demo"] == DEMO.text for n in box.namelist() if n.startswith("recibos/"))


def test_an_official_release_has_no_demo_mark_and_no_formula(tmp_path: Path) -> None:
    (tmp_path / "editions").mkdir()
    text = "=cmd|' /C calc'!A0"
    rows_given = {"core_hs": [{"hs_code": "01", "name_es": text}]}
    exports = [{"month": "2025-01", "fob_usd": 1}]
    official = tiny_edition(tmp_path / "editions", exports=exports, tables=rows_given)
    edition_id, path = official.id, official.path
    del official
    explain(path)
    names = release(open_edition(tmp_path, edition_id), tmp_path / "x.zip")
    assert not any("DEMO" in name for name in names)
    with zipfile.ZipFile(tmp_path / "x.zip") as box:
        assert DEMO.text not in box.read("LEEME.md").decode()
        assert [row["name_es"] for row in rows(box, "datos/sistema_armonizado.csv")] == [f"'{text}"]


def test_the_same_edition_gives_the_same_bytes(edition: Edition, tmp_path: Path) -> None:
    for name in ("uno.zip", "dos.zip"):
        release(edition, tmp_path / name)
    assert (tmp_path / "uno.zip").read_bytes() == (tmp_path / "dos.zip").read_bytes()


def test_a_release_that_breaks_off_leaves_the_old_file_and_no_part(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "entrega.zip"
    out.write_text("la anterior")
    monkeypatch.setattr("indicators.release.archive.readme", broken)
    with pytest.raises(IndicatorError, match="se cortó"):
        release(edition, out)
    assert out.read_text() == "la anterior"
    assert list(tmp_path.iterdir()) == [out]


def broken(*_: object) -> str:
    raise IndicatorError("se cortó")


def test_both_command_lines_write_it(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(edition.path.parent.parent))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    assert etl(["release", "--out", str(tmp_path / "a.zip")]) == 0
    assert edition.id in capfd.readouterr().out
    assert main(["release", "--out", str(tmp_path / "b.zip"), "--edition", edition.id]) == 0
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert etl(["release", "--out", str(tmp_path / "no" / "c.zip")]) == 1
    assert "No se puede escribir" in capfd.readouterr().err


def test_an_edition_built_by_a_clock_before_1980_can_be_packed(edition: Edition, tmp_path: Path) -> None:
    early = replace(edition, built_at=datetime(1970, 1, 1))
    release(early, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as box:
        assert {one.date_time for one in box.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_killed_releases_left_is_cleared_and_what_runs_is_not(edition: Edition, tmp_path: Path) -> None:
    dead, live, other = tmp_path / ".rel.zip-dead", tmp_path / ".rel.zip-live", tmp_path / ".release-branches"
    for folder in (tmp_path / ".release-ab12cd_3", tmp_path / ".rel.zip-dead.x", tmp_path / ".rel.zip-live.x", other):
        folder.mkdir()
        (folder / "t.parquet").write_bytes(b"x")
    (other / "script.py").write_text("")
    dead.write_bytes(b"x")
    with live.open("wb") as running:
        fcntl.flock(running, fcntl.LOCK_EX)
        release(edition, tmp_path / "rel.zip")
        left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [".rel.zip-live", ".rel.zip-live.x", ".release-branches", "rel.zip"]
