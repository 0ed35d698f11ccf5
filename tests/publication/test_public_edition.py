"""A public edition: what it tells of firms is what the private one tells or «reservado», and no firm is in it."""

import itertools
import random
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from editions import store
from editions.edition import Edition, open_file
from editions.errors import QuestionError
from editions.folders import Workspace
from etl.plan import code_version
from etl.progress import quiet
from etl.publication.public_edition import publish
from indicators.engine import result
from indicators.engine.answer import answer
from indicators.engine.result import Answer, Row
from indicators.narrative.findings import movers_title
from indicators.narrative.sentences import sentence
from indicators.question.question import Question
from indicators.release.archive import release
from tests.editions import tiny_edition

FIRMS, YEARS = 90, (2024, 2025)
SECTORS = (("forestal", "44071010"), ("agropecuario", "08061000"), ("mineria", "26030000"))
METRICS = (
    *("exporters", "fob", "fob_per_exporter", "same_firms", "fob_same_firms", "sme_bridge", "sme_bridge_firms"),
    *("entrants", "exits", "entry", "exit", "sme_growth", "share", "contribution_pp"),
)


def register() -> Iterator[dict[str, object]]:
    """Firms of one region or two, of one sector or two, some large; each exports in some of the half-years."""
    draw = random.Random(3)
    for number in range(FIRMS):
        regions = draw.sample(["05", "08", "16", "12"], k=draw.choice([1, 1, 2]))
        sizes = draw.choices(["micro", "pequena", "mediana", "grande"], k=len(YEARS))
        for (year, size), half in itertools.product(zip(YEARS, sizes, strict=True), (1, 7)):
            if draw.random() < 0.3:
                continue
            for region, (sector, product) in itertools.product(regions, draw.sample(SECTORS, k=draw.choice([1, 2]))):
                yield {
                    "month": f"{year}-{half + draw.randrange(6):02d}",
                    "exporter_key": f"firm-key-{number:03d}",
                    "region_code": region,
                    "prochile_sector_id": sector,
                    "hs_code": product,
                    "country_code": draw.choice(["225", "331"]),
                    "size_class": size,
                    "fob_usd": round(draw.lognormvariate(11, 1.6), 2),
                }


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("office")
    exports = [
        {"month": f"{year}-{month:02d}", "exporter_id": f"customs-id-{month}", "fob_usd": 1e6 + month}
        for year in YEARS
        for month in range(1, 13)
    ]
    held = {"aduanas_dus": "2024-01..2025-12", "registro": "2024-01..2025-12"}
    office = tiny_edition(folder, exports=exports, register=register(), months=held, kind="private")
    workspace = Workspace(folder / "data")
    workspace.editions.mkdir(parents=True)
    path = workspace.editions / "private-2025-12-0123abcd.duckdb"
    shutil.copyfile(office.path, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta_build SET edition_id = ?, code_version = ?", [path.stem, code_version()])
    store.publish(workspace, path.stem, action="load")
    publish(workspace, progress=quiet())
    return workspace


def opened(workspace: Workspace, pointer: str) -> Edition:
    return open_file(workspace.editions / f"{(workspace.editions / pointer).read_text().strip()}.duckdb")


@pytest.fixture(scope="module")
def public(workspace: Workspace) -> Edition:
    return opened(workspace, "CURRENT.public")


@pytest.fixture(scope="module")
def private(workspace: Workspace) -> Edition:
    return opened(workspace, "CURRENT")


def questions() -> Iterator[Question]:
    for metric, region, size, split, window in itertools.product(
        METRICS,
        ("CL", "08,16"),
        (None, "pyme"),
        (None, "region", "size", "sector:prochile", "continent"),
        ("2025", "2025-01..2025-06"),
    ):
        if region != "CL" and window != "2025":
            continue
        try:
            yield Question(metric, region=region, size=size, split=split, window=window, source="registro")
        except QuestionError:
            continue


NUMBERS = ("value", "base", "growth", "share")


def numbers(of: Answer | Row) -> list[float | None]:
    return [getattr(of, name) for name in NUMBERS]


def told(public: Answer | Row, private: Answer | Row, *, is_reserved: bool) -> int:
    """Check that the numbers of one are those of the other, or kept in reserve; return how many are told."""
    count = 0
    for open_number, number in zip(numbers(public), numbers(private), strict=True):
        if open_number is None:
            assert number is None or is_reserved, (public, private)
        else:
            assert open_number == pytest.approx(number, rel=1e-9), (public, private)
            count += 1
    return count


def test_what_a_public_edition_tells_of_firms_is_what_the_private_one_tells(public: Edition, private: Edition) -> None:
    n_told = n_reserved = 0
    for question in questions():
        found, whole = answer(public, question), answer(private, question)
        codes = {reason.code for reason in found.reasons}
        if "no_publicado" in codes:
            continue
        n_told += told(found, whole, is_reserved="reservado" in codes)
        rows = {row.key: row for row in whole.rows}
        assert {row.key for row in found.rows} == set(rows), question
        for row in found.rows:
            own = {reason.code for reason in (*row.reasons, *found.reasons)} & {"reservado", "no_publicado"}
            n_told += told(row, rows[row.key], is_reserved=bool(own))
            n_reserved += "reservado" in own
    assert n_told > 500 and n_reserved > 50


@pytest.mark.parametrize(
    "text",
    [
        "exporters?split=month",
        "exporters?hs=44",
        "exporters?window=2025-03",
        "exporters?region=05,12",
        "exporters?size=pyme&sector=prochile:forestal&split=region&flow=services",
        "fob_per_exporter_median",
        "hhi?over=firm",
        "top_k?over=firm",
        "margins",
        "survival?window=2025",
        "exporters_month_avg",
        "exporters?concept=comuna",
        "exporters?concept=exit&source=aduanas_dus",
        "exporters?source=aduanas_dus&window=2025-03",
        "fob?size=pyme&sizing=own_fob&source=aduanas_dus",
        "fob?size=pyme&exclude=copper",
        "coverage?over=known_size",
    ],
)
def test_a_cut_that_is_not_published_is_not_answered_and_the_nearest_is_named(public: Edition, text: str) -> None:
    found = answer(public, Question.parse(text))
    (reason,) = (reason for reason in found.reasons if reason.code == "no_publicado")
    assert found.value is None and all(row.value is None for row in found.rows)
    nearest = answer(public, Question.parse(reason.text.rpartition(" ")[2]))
    assert nearest.value is not None or "reservado" in {one.code for one in nearest.reasons}


def test_value_from_customs_is_as_in_the_private_edition_and_low_base_does_not_count_firms(
    public: Edition, private: Edition
) -> None:
    question = Question.parse("fob?window=2025&split=month")
    assert answer(public, question).rows == answer(private, question).rows
    assert answer(public, question).growth == answer(private, question).growth is not None


def test_what_was_reserved_says_why(public: Edition) -> None:
    found = answer(public, Question.parse("exporters?window=2025&split=sector:prochile&region=12&size=pyme"))
    reserved = [row for row in found.rows if row.value is None]
    assert reserved and all("Dato reservado" in row.reasons[0].text for row in reserved)


def test_no_key_of_a_firm_is_in_a_public_edition(workspace: Workspace, public: Edition) -> None:
    keys = ("firm-key-", "customs-id-", "0123abcd")
    content = public.path.read_bytes()
    assert not [key for key in keys if key.encode() in content]
    for table, names in public.columns.items():
        for name in names:
            (row,) = public.rows(
                f"SELECT count(*) AS n FROM {table} WHERE regexp_matches({name}::VARCHAR, '{'|'.join(keys)}')"
            )
            assert row["n"] == 0, (table, name)


def test_its_release_and_receipts_hold_the_statistics_and_no_key_of_a_firm(public: Edition, tmp_path: Path) -> None:
    release(public, tmp_path / "entrega.zip")
    with zipfile.ZipFile(tmp_path / "entrega.zip") as box:
        content = {name: box.read(name) for name in box.namelist()}
    statistics = content["datos/estadisticas_de_empresas.csv"].decode().splitlines()
    assert len(statistics) == 1 + public.rows("SELECT count(*) AS n FROM mart_firm_statistic")[0]["n"] > 100
    assert any(name.startswith("recibos/") for name in content)
    for name, packed in content.items():
        assert not [key for key in (b"firm-key-", b"customs-id-", b"0123abcd") if key in packed], name


def test_a_public_edition_of_the_demonstration_is_marked_as_one(workspace: Workspace, tmp_path: Path) -> None:
    synthetic = tmp_path / "synthetic.duckdb"
    shutil.copyfile(opened(workspace, "CURRENT.public").path, synthetic)
    with duckdb.connect(str(synthetic)) as connection:
        connection.execute("UPDATE meta_build SET is_synthetic = true")
    found = answer(open_file(synthetic), Question.parse("exporters?window=2025"))
    assert found.badge == "demostración" and found.flags[0].code == "demo"


def test_a_base_that_is_not_published_is_no_figure_of_0(public: Edition) -> None:
    first = answer(public, Question.parse("exporters?window=2024&size=pyme"))
    assert (first.base, first.change, first.growth) == (None, None, None)
    assert first.value is not None
    assert [reason.code for reason in first.reasons] == ["sin_base"]


def test_sizes_within_a_sector_are_not_published(public: Edition) -> None:
    found = answer(public, Question.parse("fob?window=2025&split=size&sector=prochile:forestal"))
    assert found.rows == ()
    assert [reason.code for reason in found.reasons] == ["no_publicado"]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("exporters?window=2024-03&compare=none", "2024-01..2024-06"),
        ("exporters?window=2025-02..2025-04&compare=2023-02..2023-04", "2025-01..2025-06"),
        ("fob_same_firms?window=2025&compare=2023", "2025-01..2025-12"),
    ],
)
def test_the_nearest_published_period_is_around_that_of_the_question(public: Edition, text: str, nearest: str) -> None:
    found = answer(public, Question.parse(text))
    assert f"window={nearest}" in found.reasons[0].text


def test_parts_that_are_withheld_are_not_left_out_of_sentence_and_title(public: Edition) -> None:
    found = answer(public, Question.parse("contribution_pp?window=2025&split=sector:prochile&size=pyme"))
    row = replace(found.rows[0], value=None, contribution=None, reasons=(result.RESERVED,))
    withheld = replace(found, rows=(row, *found.rows[1:]))
    assert f"en reserva, {row.label}" in sentence(withheld)
    assert movers_title(withheld) == f"Contribuciones en Chile; en reserva: {row.label}"
    assert "en total" not in sentence(withheld)
