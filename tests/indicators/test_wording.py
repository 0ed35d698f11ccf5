"""A question in words, and the names of its parts in the reader's language."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from editions.edition import Edition
from indicators.engine.answer import answer
from indicators.engine.context import describe, metric_label
from indicators.question.question import Question
from tests.editions import tiny_edition
from tests.indicators.test_question import questions
from words.language import speaking


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    exports = [{"month": f"{year}-10", "fob_usd": 1_000_000.0} for year in (2024, 2025)]
    folder: Path = tmp_path_factory.mktemp("words")
    return tiny_edition(folder, exports=exports)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "fob?region=08&exclude=copper&window=2025-01..2025-10&split=sector:prochile",
            "Valor exportado de bienes sin cobre, Biobío, enero–octubre 2025 frente a enero–octubre 2024, "
            "por sector ProChile",
        ),
        (
            "exporters?size=pyme&region=08,16&window=2024&compare=none",
            "Empresas exportadoras de bienes, pymes (pequeñas y medianas), Biobío y Ñuble, 2024",
        ),
        (
            "fob?country=mercosur&window=2024&compare=2019&concept=exit",
            "Valor exportado de bienes, país de destino: Mercosur, Chile, según región de la aduana de salida, "
            "2024 frente a 2019",
        ),
        (
            "share?region=08&denominator=goods_ex_copper&window=2024&source=published",
            "Participación de bienes sin cobre, Biobío, como parte del total nacional de bienes sin cobre, "
            "2024 frente a 2023, según lo publicado",
        ),
        (
            "fob?country=225,336,331,220&window=ytd",
            "Valor exportado de bienes, país de destino: Brasil, Estados Unidos, Japón y China, Chile, "
            "del 1 de enero al último mes completo frente a un año antes",
        ),
    ],
)
def test_a_question_reads_as_a_phrase(edition: Edition, text: str, said: str) -> None:
    assert describe(edition, Question.parse(text)) == said


@settings(deadline=None)  # a busy machine
@given(question=questions())
def test_every_question_can_be_said(edition: Edition, question: Question | None) -> None:
    if question is not None:
        said = describe(edition, question)
        assert said.startswith((question.spec.label, metric_label(question)))
        assert "None" not in said and "{" not in said


def test_names_of_countries_and_sectors_follow_the_language(edition: Edition) -> None:
    asked = Question.parse("fob?region=08&split=country&window=2025-10")
    by_sector = asked.but(split="sector:prochile")
    assert [answer(edition, one).rows[0].label for one in (asked, by_sector)] == [
        "Estados Unidos",
        "Industria forestal",
    ]
    with speaking("en"):
        assert [answer(edition, one).rows[0].label for one in (asked, by_sector)] == [
            "United States",
            "Forest industry",
        ]
