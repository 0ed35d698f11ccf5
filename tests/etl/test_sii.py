"""Workbooks of SII: the real one by comuna, and fixtures of the ones by size, whose real files were not to be had."""

import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from editions.errors import ContractError, SourceError
from editions.folders import REFERENCE, REPOSITORY, Workspace
from editions.store import current_id, edition_path, history, report_paths
from etl import __main__ as command
from etl import contracts
from etl.load import build_demo, load
from etl.plan import Plan
from etl.progress import quiet
from etl.raw.stage import stage
from tests.editions import undrawn
from tests.etl.customs_text import write_month

SHARED = REPOSITORY.parent / "shared" / "data"
REAL = SHARED / "raw" / "sii" / "PUB_COMU.xlsb"
TOTALS = SHARED / "checkpoints" / "sii_region_totals_2005_2024.csv"
SIZES = {"micro": "Micro", "pequena": "Pequeña", "mediana": "Mediana", "grande": "Grande"}
BY_SIZE = [
    "Año Comercial",
    "Tramo según ventas (5 tramos)",
    "Región del domicilio o casa matriz",
    "Número de empresas",
    "Ventas anuales en UF",
    "Número de trabajadores dependientes informados",
    "Renta neta informada en UF",
    "Número de trabajadores a honorarios informados",
]
needs_shared = pytest.mark.skipif(not REAL.exists(), reason="el libro real del SII no está en ../shared/data")


def workbook(path: Path, header: list[str], cells: list[list[Any]], *, sheet: str = "Datos") -> Path:
    """A fixture with SII's layout: the sheet «Datos», four blank rows, the header, years as floats."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [[], [], [], [], header, *cells]:
        book.active.append(row)
    book.create_sheet("Notas")
    book.save(path)
    return path


def row(year: float, size: str, region: str, firms: Any, sales: Any, dependent: Any = 5.0, fee: Any = 1.0) -> list[Any]:
    return [year, size, region, firms, sales, dependent, 0.0, fee]


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A month of customs and the real workbook by comuna."""
    folder = tmp_path_factory.mktemp("sii")
    place = Workspace(folder / "data")
    load([write_month(folder, date(2024, 1, 1))], place, progress=quiet())
    if REAL.exists():
        load([REAL], place, progress=quiet())
    return place


def ask(place: Workspace, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(edition_path(place, current_id(place) or "")), read_only=True) as edition:
        return edition.execute(sql, list(values)).fetchall()


def real_names(names: Iterable[str]) -> dict[str, str]:
    """Region codes by the names SII gives them, told apart here by hand."""
    words = {
        "Arica": "15", "Tarapacá": "01", "Antofagasta": "02", "Atacama": "03", "Coquimbo": "04", "Valparaíso": "05",
        "Metropolitana": "13", "Libertador": "06", "Maule": "07", "Ñuble": "16", "Biobío": "08", "Araucanía": "09",
        "Ríos": "14", "Lagos": "10", "Aisén": "11", "Magallanes": "12", "Sin Información": "00",
    }  # fmt: skip
    return {name: next(code for word, code in words.items() if word in name) for name in names}


@needs_shared
def test_the_region_totals_of_the_real_workbook_are_those_of_the_checkpoint(official: Workspace) -> None:
    with TOTALS.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    names = real_names({one["Región del domicilio o casa matriz"] for one in expected})
    assert len(names) == 17
    found = {
        (year, region): (firms, sales, dependent, fee)
        for year, region, firms, sales, dependent, fee in ask(
            official,
            "SELECT year, region_code, n_firms, sales_uf, workers_dependent, workers_fee FROM core_sii_company "
            "WHERE source_id = 'sii_comuna' AND place_level = 'region'",
        )
    }
    assert len(found) == len(expected) == 340
    for one in expected:
        firms, sales, dependent, fee = found[
            int(one["Año Comercial"]), names[one["Región del domicilio o casa matriz"]]
        ]
        assert firms == int(float(one["Número de empresas"]))
        assert dependent == int(float(one["Número de trabajadores dependientes informados"]))
        assert fee == int(float(one["Número de trabajadores a honorarios informados"]))
        assert abs(sales - Decimal(one["Ventas anuales en UF"])) < Decimal("0.5")


@needs_shared
def test_what_sii_hides_is_null_with_its_reason_and_sums_over_it_say_so(official: Workspace) -> None:
    hidden = ask(
        official,
        "SELECT count(*), count(sales_uf), count(DISTINCT hidden_reason), any_value(hidden_reason), min(n_firms) "
        "FROM core_sii_company WHERE place_level = 'comuna' AND is_masked",
    )
    assert hidden[0][:4] == (78, 0, 1, "masked_by_sii") and hidden[0][4] is not None
    assert ask(official, "SELECT count(*) FROM core_sii_company WHERE sales_uf = 0 AND is_masked") == [(0,)]
    regions = ask(
        official,
        "SELECT sum(n_masked)::BIGINT, count(*) FILTER (sales_uf IS NULL) FROM core_sii_company "
        "WHERE place_level = 'region' AND source_id = 'sii_comuna' AND is_masked",
    )
    assert regions == [(78, 0)]


@needs_shared
def test_every_comuna_of_the_real_workbook_has_its_code(official: Workspace) -> None:
    assert ask(
        official,
        "SELECT count(DISTINCT comuna_code), count(DISTINCT year) FROM core_sii_company WHERE place_level = 'comuna' "
        "AND (comuna_code IN (SELECT comuna_code FROM core_comuna) OR comuna_code = '00000')",
    ) == [(347, 20)]
    assert ask(
        official,
        "SELECT n_firms, workers_dependent, workers_fee, sales_uf FROM core_sii_company "
        "WHERE place_code = '15101' AND year = 2005",
    ) == [(12670, 40935, 17477, Decimal("27849822.98"))]


@needs_shared
def test_the_workbook_is_no_month_of_exports_and_makes_nothing_private(
    official: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (current_id(official) or "").startswith("official-2024-01-")
    assert ask(official, "SELECT DISTINCT source_id, month FROM core_month") == [("aduanas_dus", date(2024, 1, 1))]
    assert ask(
        official, "SELECT first_month, last_month, rows_kept FROM meta_source WHERE source_id = 'sii_comuna'"
    ) == [(date(2005, 1, 1), date(2024, 12, 1), 6940)]
    monkeypatch.setenv("PULSO_DATA", str(official.root))
    assert command.main(["load", str(REAL)]) == 0
    said = capsys.readouterr().out
    assert "PUB_COMU.xlsb (sii_comuna): 6.940 filas leídas, 6.940 cargadas" in said
    assert "78 con ventas ocultas por el SII («*»): quedan sin dato, nunca 0." in said
    assert "Sin cambios" in said
    assert command.main(["status"]) == 0
    assert "sii_comuna: 2005 a 2024, 6.940 celdas, 78 con ventas ocultas" in capsys.readouterr().out
    assert command.main(["check"]) == 0


@needs_shared
def test_the_calendar_of_figures_sees_customs_months_only(official: Workspace) -> None:
    from editions.edition import open_edition
    from indicators.engine.answer import answer
    from indicators.question.question import Question

    found = answer(open_edition(official.root), Question.parse("fob?region=08&compare=none"))
    assert found.window is not None
    assert (found.window.first, found.window.last) == (date(2024, 1, 1), date(2024, 1, 1))


def mipyme(place: Workspace) -> list[tuple[Any, ...]]:
    return ask(
        place,
        "SELECT region_code, sum(n_firms) FILTER (is_mipyme)::BIGINT, "
        "round(100 * sum(workers) FILTER (is_mipyme) / sum(workers), 1), "
        "round(100 * (sum(sales_uf) FILTER (is_mipyme))::DOUBLE / sum(sales_uf)::DOUBLE, 1), bool_or(is_masked) "
        "FROM (SELECT *, size_class IN ('micro', 'pequena', 'mediana') AS is_mipyme FROM core_sii_company) "
        "WHERE year = 2023 AND size_class <> 'todas' AND region_code IN ('CL', '08') GROUP BY 1 ORDER BY 1 DESC",
    )


MIPYME_2023 = [("CL", 1_194_255, 46.5, 12.5, False), ("08", 88_139, 57.5, 29.0, False)]


def test_the_weight_of_mipymes_in_2023_is_what_is_known_without_any_workbook(official: Workspace) -> None:
    assert mipyme(official) == MIPYME_2023


def fixture_by_size(folder: Path) -> Path:
    """The committed figures in the layout of PUB_TRAM5_REG: a fixture, all workers as dependent."""
    sii_name = {
        "11": "Región Aisén del Gral.Carlos Ibáñez del Campo",
        "06": "Región del Libertador Gral. Bernardo O’Higgins",
    }
    with (REFERENCE / "regions.csv").open(encoding="utf-8", newline="") as file:
        names = {one["region_code"]: one["official_name"] for one in csv.DictReader(file)} | sii_name
    cells = []
    with (REFERENCE / "sii_size_by_region.csv").open(encoding="utf-8", newline="") as file:
        for one in csv.DictReader(file):
            sales: Any = "*" if one["hidden_reason"] == "masked_by_sii" else float(one["sales_uf"] or 0)
            size = SIZES.get(one["size_class"], "Sin Ventas/Sin Información")
            counts = float(one["n_firms"]), sales, float(one["workers"]), 0.0
            cells.append(row(float(one["year"]), size, names[one["region_code"]], *counts))
    cells.append(row(2023.0, "Micro", "Sin Información", 12.0, 34.5))
    return workbook(folder / "PUB_TRAM5_REG.xlsx", BY_SIZE, cells)


def test_a_workbook_by_size_takes_the_place_of_the_committed_table_and_tells_the_same(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    load([write_month(tmp_path, date(2024, 1, 1)), fixture_by_size(tmp_path)], place, progress=quiet())
    assert ask(place, "SELECT DISTINCT source_id FROM core_sii_company") == [("sii_tramo",)]
    assert mipyme(place) == MIPYME_2023
    differences = ask(
        place,
        "SELECT * FROM core_sii_company AS loaded JOIN core_sii_size_region AS known "
        "USING (year, region_code, size_class) WHERE loaded.place_level = 'region' AND "
        "((loaded.n_firms, loaded.workers) <> (known.n_firms, known.workers) "
        "OR loaded.sales_uf IS DISTINCT FROM known.sales_uf "
        "OR loaded.hidden_reason IS DISTINCT FROM known.hidden_reason)",
    )
    assert differences == []
    assert ask(place, "SELECT n_firms FROM core_sii_company WHERE region_code = '00'") == [(12,)]


def contents(place: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the edition on screen, but for the time it was built at and the numbers it drew."""
    tables = [name for (name,) in ask(place, "SELECT table_name FROM duckdb_tables() ORDER BY 1")]
    return {
        name: ask(
            place, f"SELECT {'* EXCLUDE (built_at)' if name == 'meta_build' else '*'} FROM {undrawn(name)} ORDER BY ALL"
        )
        for name in tables
    }


def test_another_workbook_is_put_into_a_copy_that_equals_a_whole_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[str] = []
    fill = contracts.fill
    monkeypatch.setattr(
        contracts, "fill", lambda connection, contract: (filled.append(contract.table), fill(connection, contract))
    )
    months = [write_month(tmp_path, date(2024, month, 1)) for month in (1, 2)]
    first = fixture_by_size(tmp_path)
    cells = [row(2024.0, "Micro", "Región del Biobío", 7.0, 100.0)]
    second = workbook(tmp_path / "PUB_TRAM5_REG 2025.xlsx", BY_SIZE, cells)
    editions = {}
    for way in ("copy", "whole"):
        place = Workspace(tmp_path / way)
        if way == "whole":
            monkeypatch.setattr(Plan, "changed_facts", frozenset())
        load(months, place, progress=quiet())
        for path in (first, second):
            filled.clear()
            load([path], place, progress=quiet())
            assert ("core_export" in filled) == (way == "whole")
        assert ask(place, "SELECT n_firms FROM core_sii_company WHERE year = 2024 AND region_code = '08'") == [(7,)]
        editions[way] = current_id(place), contents(place)
    assert editions["copy"][0] == editions["whole"][0]
    assert editions["copy"][1].keys() == editions["whole"][1].keys()
    for table, rows in editions["copy"][1].items():
        assert rows == editions["whole"][1][table], table


def test_a_copy_is_held_to_the_same_contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Workspace(tmp_path / "data")
    load([write_month(tmp_path, date(2024, 1, 1))], place, progress=quiet())
    before = current_id(place)
    monkeypatch.setattr("etl.raw.sii.SIZES", {"micro": "diminuta"})
    path = workbook(tmp_path / "x.xlsx", BY_SIZE, [row(2024.0, "Micro", "Región del Biobío", 7.0, 100.0)])
    with pytest.raises(ContractError, match="size_is_known"):
        load([path], place, progress=quiet())
    assert current_id(place) == before


def test_a_base_of_another_recipe_is_built_again_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Workspace(tmp_path / "data")
    load([write_month(tmp_path, date(2024, 1, 1))], place, progress=quiet())
    monkeypatch.setattr("etl.plan.PARSER_VERSION", "other")
    staged = tuple(stage(next(place.raw.glob("*.txt")), place))
    facts = tuple(stage(fixture_by_size(tmp_path), place))
    base = edition_path(place, current_id(place) or "")
    assert Plan(staged + facts, base, staged).changed_facts == frozenset()
    monkeypatch.undo()
    assert Plan(staged + facts, base, staged).changed_facts == {"sii_tramo"}


def test_the_file_that_was_loaded_is_the_source_and_changes_tell_of_it(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    load([write_month(tmp_path, date(2024, 1, 1)), fixture_by_size(tmp_path)], place, progress=quiet())
    cells = [row(2024.0, "Micro", "Región del Biobío", 7.0, 100.0)]
    path = workbook(tmp_path / "PUB_TRAM_REG.xlsx", BY_SIZE, cells)
    loaded = load([path], place, progress=quiet())
    assert ask(place, "SELECT DISTINCT source FROM core_sii_company WHERE year = 2024") == [
        ("SII, Estadísticas de Empresas, PUB_TRAM_REG.xlsx, https://www.sii.cl/sobre_el_sii/empresas",)
    ]
    report = report_paths(place, loaded.edition_id)[0].read_text(encoding="utf-8")
    assert "## Otros archivos\n\n- sii_tramo, PUB_TRAM_REG.xlsx: toma el lugar de PUB_TRAM5_REG.xlsx (2024-01" in report
    assert history(place)[-1]["summary"] == "Otros archivos: sii_tramo PUB_TRAM_REG.xlsx."


def test_thirteen_tranches_become_five_classes_and_a_hidden_one_makes_the_sum_at_least(tmp_path: Path) -> None:
    biobio = "Región del Biobío"
    cells = [
        row(2024.0, "1er Rango Micro Empresa", biobio, 10.0, 100.0),
        row(2024.0, "2do Rango Micro Empresa", biobio, 5.0, "*"),
        row(2024.0, "4to Rango Gran Empresa", biobio, 2.0, "*"),
    ]
    place = Workspace(tmp_path / "data")
    path = workbook(tmp_path / "PUB_TRAM_REG.xlsx", BY_SIZE, cells)
    load([write_month(tmp_path, date(2024, 1, 1)), path], place, progress=quiet())
    assert ask(
        place,
        "SELECT size_class, n_firms, sales_uf, n_masked, hidden_reason, workers FROM core_sii_company "
        "WHERE year = 2024 AND region_code = '08' ORDER BY 1",
    ) == [("grande", 2, None, 1, "masked_by_sii", 6), ("micro", 15, Decimal("100.00"), 1, None, 12)]
    assert ask(place, "SELECT DISTINCT source_id FROM core_sii_company WHERE year = 2023") == [("reference",)]


def test_a_workbook_by_activity_is_kept_apart(tmp_path: Path) -> None:
    header = ["Año Comercial", BY_SIZE[1], "Rubro económico", BY_SIZE[2], "Número de empresas"]
    cells = [
        [2024.0, "Micro", "A - Agricultura", "Región de Ñuble", 7.0],
        [2024.0, "Micro", "F - Construcción", "Región de Ñuble", "*"],
    ]
    place = Workspace(tmp_path / "data")
    load(
        [write_month(tmp_path, date(2024, 1, 1)), workbook(tmp_path / "r.xlsx", header, cells)], place, progress=quiet()
    )
    assert ask(place, "SELECT year, region_code, size_class, activity, n_firms FROM core_sii_activity ORDER BY 4") == [
        (2024, "16", "micro", "A - Agricultura", 7),
        (2024, "16", "micro", "F - Construcción", None),
    ]


WRONG: list[tuple[list[Any], str]] = [
    (row(2024.0, "Micro", "Región de Bío-Bío", 1.5, 1.0), "el número de empresas «1.5» no es un número entero"),
    (row(2024.0, "Micro", "Región de Atlantis", 1.0, 1.0), "no se reconoce la región «Región de Atlantis»"),
    (row(2024.0, "Enorme", "Región de Ñuble", 1.0, 1.0), "no se reconoce el tramo «Enorme»"),
    (row(2024.0, "Micro", "Región de Ñuble", 1.0, "s/i"), "las ventas «s/i» no son un número"),
    (row(2024.0, "Micro", "Región de Ñuble", 1.0, 1e300), "las ventas «1e+300» no son un número"),
    (row(2024.0, "Micro", "Región de Ñuble", 1e300, 1.0), "el número de empresas «1e+300» no es un número entero"),
    (row(20240.0, "Micro", "Región de Ñuble", 1.0, 1.0), "el año «20240.0» no es de estas estadísticas"),
    (row(0.0, "Micro", "Región de Ñuble", 1.0, 1.0), "el año «0.0» no es de estas estadísticas"),
]


@pytest.mark.parametrize(("cells", "words"), WRONG)
def test_a_cell_that_cannot_be_read_names_sheet_and_row(tmp_path: Path, cells: list[Any], words: str) -> None:
    good = row(2024.0, "Micro", "Región de Ñuble", 1.0, 1.0)
    with pytest.raises(SourceError) as refused:
        stage(workbook(tmp_path / "x.xlsx", BY_SIZE, [good, cells]), Workspace(tmp_path / "data"))
    assert str(refused.value).startswith(f"x.xlsx, hoja «Datos», fila 7: {words}")


def test_facts_alone_make_no_edition_and_join_a_demo_that_keeps_them_when_it_is_made_again(
    own_demo: Workspace, tmp_path: Path
) -> None:
    empty, place = Workspace(tmp_path / "data"), own_demo
    path = fixture_by_size(tmp_path)
    with pytest.raises(SourceError, match="No hay exportaciones a las que sumar estos datos"):
        load([path], empty, progress=quiet())
    assert current_id(empty) is None
    bare = current_id(place)
    joined = load([path], place, progress=quiet()).edition_id
    assert joined.startswith("demo-2025-10-") and joined != bare
    assert ask(place, "SELECT DISTINCT source_id FROM core_sii_company") == [("sii_tramo",)]
    assert build_demo(place, progress=quiet()).edition_id == joined
    real = load([write_month(tmp_path, date(2024, 1, 1))], place, progress=quiet()).edition_id
    assert real.startswith("official-2024-01-")
    assert ask(place, "SELECT DISTINCT source_id FROM meta_source ORDER BY 1") == [("aduanas_dus",), ("sii_tramo",)]
