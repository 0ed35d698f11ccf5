"""A product is found as people write it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from editions.edition import Edition
from indicators.question.codes import products
from tests.editions import tiny_edition
from words.language import speaking

NAMED = [
    ("08", "Frutas", "Edible fruit"),
    ("0809", "Damascos, cerezas y ciruelas, frescos", "Apricots, cherries and plums, fresh"),
    ("080929", "Las demás cerezas · Damascos, cerezas y ciruelas, frescos", "Fruit, edible; cherries, fresh"),
    ("081210", "Cerezas · Frutas conservadas", "Cherries; preserved"),
    ("44", "Madera y manufacturas de madera", "Wood and articles of wood"),
    ("4407", "Madera aserrada", "Wood sawn"),
    ("0302", "Pescado fresco", "Fish, fresh"),
    ("030214", "Salmones del Atlántico · Pescado fresco", "Atlantic salmon"),
    ("4703", "Pasta química de madera", "Chemical wood pulp"),
]
EXPORTS = [
    {"month": "2024-01", "hs_code": code, "fob_usd": value}
    for code, value in (("08092919", 90.0), ("44071010", 50.0), ("08121000", 1.0), ("03021400", 30.0))
]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    folder: Path = tmp_path_factory.mktemp("products")
    rows = [
        {"hs_code": code, "level": len(code), "name_es": es, "name_en": en, "source": "prueba"}
        for code, es, en in NAMED
    ]
    yield tiny_edition(folder, exports=EXPORTS, tables={"core_hs": rows})


def codes(edition: Edition, text: str) -> list[str]:
    return [product.hs_code for product in products(edition, text)]


@pytest.mark.parametrize("text", ["cerezas", "CEREZA", "cherries", "Cherry"])
def test_what_is_exported_most_comes_first_whole_before_parts(edition: Edition, text: str) -> None:
    assert codes(edition, text) == ["0809", "080929", "08092919", "081210", "08121000"]


@pytest.mark.parametrize("text", ["salmón", "SALMON", "salmones atlantico"])
def test_accents_plurals_and_order_do_not_matter(edition: Edition, text: str) -> None:
    assert codes(edition, text) == ["030214", "03021400"]


def test_all_words_must_be_there(edition: Edition) -> None:
    assert codes(edition, "aserrada madera") == ["4407", "44071010"]
    assert codes(edition, "madera cerezas") == []


def test_digits_find_codes_that_begin_with_them(edition: Edition) -> None:
    assert codes(edition, "4407") == codes(edition, "44.07") == ["4407", "44071010"]


def test_what_people_call_it_is_found_too(edition: Edition) -> None:
    assert "4703" in codes(edition, "celulosa")


@pytest.mark.parametrize("text", ["", "  ", "de la", "zzz", "%", "'; DROP TABLE core_hs; --"])
def test_nothing_asked_or_known_finds_nothing(edition: Edition, text: str) -> None:
    assert codes(edition, text) == []


def test_names_come_in_the_language_of_the_reader(edition: Edition) -> None:
    assert products(edition, "4703")[0].name == "Pasta química de madera"
    with speaking("en"):
        assert products(edition, "4703")[0].name == "Chemical wood pulp"


def test_no_more_than_asked_for(edition: Edition) -> None:
    assert len(products(edition, "madera", limit=1)) == 1
