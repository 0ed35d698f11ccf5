"""What the portal lists, found and told apart: the real listing, and all that is irregular in it."""

import csv
import json
from dataclasses import replace
from datetime import date

import pytest

from editions.errors import FetchError
from editions.folders import REPOSITORY
from etl.sync.catalogue import SLUG, SLUGS, choose, discover, is_correction, month_of, resources_of, role_of
from etl.sync.web import Web
from tests.sync.conftest import settings_of
from tests.sync.portal import Portal, Served

REAL = REPOSITORY.parent / "shared" / "data" / "raw" / "ckan"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real listing is not beside this checkout")
ROLES = {"main": "main", "bultos": "bultos", "transport_docs": "transport", "metadata": "metadata"}


@needs_real
def test_every_resource_of_the_real_listing_is_told_apart() -> None:
    package = json.loads((REAL / "package_show_registro-de-exportacion-2026.reconstructed.json").read_text())["result"]
    with (REAL / "resources_export_2026.csv").open(encoding="utf-8", newline="") as table:
        expected = {row["resource_id"]: ROLES[row["role"]] for row in csv.DictReader(table)}
    found = resources_of(package, 2026)
    assert {one.id: one.role for one in found} == expected
    catalogue = choose(found)
    assert list(catalogue.by_month) == [date(2026, month, 1) for month in range(1, 5)]
    assert catalogue.by_month[date(2026, 2, 1)].size_bytes == 8312440
    assert (catalogue.undated, catalogue.notes) == ((), ())


@needs_real
def test_every_slug_of_the_real_list_is_known() -> None:
    with (REAL / "datasets_exportaciones.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            assert SLUG.fullmatch(row["slug"])
            assert row["slug"] in [slug.format(year=row["anio"]) for slug in SLUGS]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Exportaciones enero 2026", "main"),
        ("EXPORTACIÓN – Septiembre", "main"),
        ("exportaciones_setiembre_2019", "main"),
        ("DUS 2019-09", "main"),
        ("Exportaciones marzo 2025 -BULTOS", "bultos"),
        ("Exportaciones Marzo 2025 — Doctos. de Transporte", "transport"),
        ("Exportaciones marzo (documentos transporte)", "transport"),
        ("Descripción y estructura de datos", "metadata"),
        ("Aviso a los usuarios", "other"),
        ("DTran", "transport"),
        ("DTran enero 2014", "transport"),
        ("DocTransp", "transport"),
        ("DctoTransporte", "transport"),
        ("dtran_2014_01", "transport"),
        ("BultosExportaciones", "bultos"),
        ("bultosexportaciones-enero-2014", "bultos"),
        ("ExportacionesEnero2014", "main"),
        ("Transparencia: exportaciones enero", "main"),
    ],
)
def test_a_name_is_read_by_its_words(name: str, role: str) -> None:
    assert role_of(name, "rar", "") == role


@pytest.mark.parametrize(
    ("name", "address", "month"),
    [
        ("Exportaciones Setiembre 2019", "", date(2019, 9, 1)),
        ("Exportaciones  mayo", "", date(2020, 5, 1)),
        ("Exportaciones", "https://x/exportaciones-dic-2018.rar", date(2018, 12, 1)),
        ("DUS 2019-09", "", date(2019, 9, 1)),
        ("09-2019 exportaciones", "", date(2019, 9, 1)),
        ("DUSEnero2019", "", date(2019, 1, 1)),
        ("Exportaciones", "https://x/datos.rar", None),
    ],
)
def test_a_month_is_read_from_the_name_or_from_the_file(name: str, address: str, month: date | None) -> None:
    assert month_of(name, address, 2020) == month


@pytest.mark.parametrize(
    "word",
    ["(Corregido)", "rectificación", "Rectificada", "corrección", "actualización", "versión 2", "V2", "_v3",
     "reproceso", "reprocesado", "reemplazo", "reemplaza anterior", "final", "Definitivo", "2ª versión"],
)  # fmt: skip
def test_a_correction_is_known_by_its_word(word: str) -> None:
    assert is_correction(f"Exportaciones enero 2025 {word}")


@pytest.mark.parametrize(
    "name", ["Exportaciones enero 2025", "Exportaciones enero 2025 versión 1", "semifinal", "DUS 2"]
)
def test_what_does_not_say_that_it_corrects_is_no_correction(name: str) -> None:
    assert not is_correction(name)


def test_a_correction_is_known_by_the_name_of_its_file_too() -> None:
    entries = [
        {
            "id": "a",
            "name": "Exportaciones enero",
            "url": "https://h/enero-2021-reproceso.rar",
            "created": "2021-02-01",
        },
        {"id": "b", "name": "Exportaciones enero", "url": "https://h/enero-2021.rar", "created": "2021-03-01"},
    ]
    catalogue = choose(resources_of({"resources": entries}, 2021))
    month = date(2021, 1, 1)
    assert (catalogue.by_month[month].id, [one.id for one in catalogue.rivals[month]]) == ("a", ["b"])


def test_a_month_without_a_main_file_is_noted() -> None:
    entries = [{"id": "a", "name": "Exportaciones enero 2021 - Bultos", "url": "https://h/b.rar"}]
    (note,) = choose(resources_of({"resources": entries}, 2021)).notes
    assert note.startswith("2021-01: sólo se publican bultos")


def test_of_two_files_for_a_month_the_correction_is_used_and_the_other_noted(portal: Portal) -> None:
    portal.add_month(date(2021, 1, 1))
    package = portal.package(2021)
    portal.add_resource(package, "Exportaciones enero 2021 corregido", "enero-2021-corregido.zip", b"PK\x03\x04")
    found = discover(Web(settings_of(portal)), date(2021, 1, 1), date(2021, 12, 1))
    assert found.by_month[date(2021, 1, 1)].name == "Exportaciones enero 2021 corregido"
    assert any("publicado dos veces" in note for note in found.notes)


def test_all_years_are_found_by_search_over_several_pages(portal: Portal) -> None:
    for year in (2019, 2020, 2021, 2022):
        portal.add_month(date(year, 3, 1))
    found = discover(Web(settings_of(portal)), date(2020, 1, 1), date(2022, 12, 1))
    assert list(found.by_month) == [date(2020, 3, 1), date(2021, 3, 1), date(2022, 3, 1)]


def test_what_the_search_does_not_find_is_found_by_its_slug_and_a_missing_year_is_said(portal: Portal) -> None:
    for year in (2005, 2006, 2007, 2009):
        portal.add_month(date(year, 3, 1))
    portal.search_finds = False
    found = discover(Web(settings_of(portal)), date(2005, 1, 1), date(2009, 12, 1))
    assert [month.year for month in found.by_month] == [2005, 2006, 2007, 2009]
    assert found.notes == ("2008: datos.gob.cl no publica un conjunto de exportaciones de ese año.",)


def test_a_slug_taken_by_somebody_else_is_not_believed(portal: Portal) -> None:
    portal.add_month(date(2021, 1, 1))
    portal.package(2021)["owner_org"] = "XX999"
    portal.search_finds = False
    assert discover(Web(settings_of(portal)), date(2021, 1, 1), date(2021, 12, 1)).by_month == {}


def test_an_id_that_is_a_path_never_becomes_a_file_name() -> None:
    package = {"resources": [{"id": "../../etc/x", "name": "Exportaciones enero 2021", "url": "https://h/a.rar"}]}
    (found,) = resources_of(package, 2021)
    assert "/" not in found.id and "." not in found.id


@pytest.mark.parametrize(
    "entry",
    [None, 7, [], {}, {"name": 5, "url": None, "size": "x"}, {"name": "Exportaciones enero", "url": "http://[::1/x"},
     {"id": {}, "name": ["Exportaciones"], "size": -1, "format": None}],
)  # fmt: skip
def test_a_listing_of_another_shape_breaks_nothing(entry: object) -> None:
    choose(resources_of({"resources": [entry]}, 2021))
    choose(resources_of({"resources": entry}, 2021))


def test_a_name_cannot_steer_the_terminal() -> None:
    entry = {"id": "1", "name": "Exportaciones\x1b[2J enero 2021\n", "url": "https://h/a%1b%5b2J.rar"}
    (found,) = resources_of({"resources": [entry]}, 2021)
    assert found.name.isprintable()
    assert found.file_name.isprintable()


@pytest.mark.parametrize("answer", [b"[]", b'{"success": false}', b'{"success": true, "result": []}', b"{", b"<html>"])
def test_an_answer_that_is_no_listing_is_one_sentence(answer: bytes, portal: Portal) -> None:
    portal.files["/other/package_search_"] = served = Served(answer)
    served.etag = "x"
    settings = replace(settings_of(portal, retries=0), ckan=f"{portal.address}/other/package_search_?")
    with pytest.raises(FetchError, match=r"^datos\.gob\.cl: "):
        discover(Web(settings), date(2021, 1, 1), date(2021, 12, 1))
