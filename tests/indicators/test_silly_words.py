"""What a sentence must not say: more where it rounds to the same, a speciality under 1, codes of the program."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from editions.edition import Edition
from indicators.engine.answer import answer
from indicators.engine.result import Answer, Row
from indicators.files.render import as_text
from indicators.narrative import findings, mercados, regiones
from indicators.narrative.sentences import sentence
from indicators.question.question import Question
from tests.editions import tiny_edition

MILLION = 1_000_000.0


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    folder: Path = tmp_path_factory.mktemp("words")
    rows = [
        {"month": f"{year}-01", "fob_usd": value, "prochile_sector_id": sector, "region_code": region}
        for year in (2024, 2025)
        for region, sector, value in (
            ("08", "forestal", 90 * MILLION),
            ("08", "vino", 10 * MILLION),
            ("13", "vino", 50 * MILLION),
            ("13", "forestal", 500 * MILLION),
        )
    ]
    rows.append({"month": "2025-01", "fob_usd": 20_000.0, "prochile_sector_id": "vino"})
    yield tiny_edition(folder, exports=rows, id_scope=None)


def asked(edition: Edition, text: str) -> Answer:
    return answer(edition, Question.parse(text))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_what_rounds_to_the_same_is_neither_more_nor_less(edition: Edition) -> None:
    found = replace(asked(edition, "fob?region=08&window=2025-01"), growth=0.0002)
    assert plain(sentence(found)).endswith(", casi lo mismo que en enero 2024.")
    assert plain(findings.months_title(found)) == "Biobío exportó casi lo mismo en enero 2025 que un año antes"
    share = asked(edition, "share?region=08&denominator=goods&window=2025-01")
    assert plain(sentence(share)).endswith(" del total nacional de bienes (casi lo mismo que en enero 2024).")


def test_several_regions_take_a_plural_and_what_has_no_region_exports_nothing(edition: Edition) -> None:
    assert " Biobío y Metropolitana" not in sentence(asked(edition, "fob?region=08,13&window=2025-01"))
    assert "Biobío y la Región Metropolitana exportaron " in sentence(asked(edition, "fob?region=08,13&window=2025-01"))
    assert "lo exportado con origen «Sin región» sumó " in sentence(asked(edition, "fob?region=00&window=2025-01"))


def test_an_index_under_one_or_of_nothing_is_no_speciality(edition: Edition) -> None:
    found = asked(edition, "location_quotient?region=08&window=2025-01&split=sector:prochile")
    wine = next(row for row in found.rows if row.key == "vino")
    under = replace(found, rows=(replace(wine, value=0.7),))
    assert "no se especializa" in sentence(under) and "no se especializa" in regiones.specialisation_title(under)
    tiny = replace(found, rows=(replace(wine, value=9.0, share=0.0001),))
    assert "no se especializa" in sentence(tiny) and "no se especializa" in regiones.specialisation_title(tiny)
    above = replace(found, rows=(replace(wine, value=3.0, share=0.1),))
    assert "Vino (3)" in sentence(above) and "3,0 veces" in regiones.specialisation_title(above)


def test_a_range_of_one_value_is_one_value(edition: Edition) -> None:
    share = asked(edition, "share?region=08&denominator=goods&window=2025-01")
    assert plain(regiones.shares_title([share, share])).startswith("Biobío es el 15,4 % del país en enero 2025, sea")


def test_the_bloc_that_lost_most_fell(edition: Edition) -> None:
    first = Row("a", "Uno", 5.0, 4.0, 1.0, 0.25, 0.5, None)
    fell = Row("b", "Dos", 1.0, 5.0, -4.0, -0.8, 0.1, None)
    assert "el que más cayó es Dos" in mercados.blocs_title([first, fell])
    grew = Row("b", "Dos", 9.0, 5.0, 4.0, 0.8, 0.1, None)
    assert "el que más creció es Dos" in mercados.blocs_title([first, grew])


def test_no_code_of_the_program_is_said(edition: Edition) -> None:
    texts = [
        as_text(asked(edition, f"{metric}?region=08&window=2025-01{more}"))
        for metric, more in (
            ("fob", "&split=sector:prochile"),
            ("top_k", "&over=country"),
            ("location_quotient", "&split=sector:prochile"),
        )
    ]
    for text in texts:
        body = text.partition("Pregunta: ")[0]
        assert "base_baja" not in body and "de los k mayores" not in body and "sin_base" not in body
    assert "Participación de los 5 mayores destinos: 100,0" in plain(texts[1])
    assert "Índice de especialización: s/d" not in texts[2]
