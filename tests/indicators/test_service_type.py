"""Services cut by type: values by hand, the part that is classified, and what cannot be asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.engine.answer import answer
from indicators.engine.context import describe
from indicators.engine.names import key_labels
from indicators.narrative import servicios
from indicators.question.question import Question
from tests.editions import tiny_edition
from words.language import speaking


def record(month: str, service_type: str | None, fob_usd: float) -> dict[str, object]:
    segment = "services" if service_type else "goods"
    return {"month": month, "segment": segment, "service_type_id": service_type, "fob_usd": fob_usd}


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    rows = [
        record("2024-01", "logistica", 100_000),
        record("2024-01", "sin_clasificar", 200_000),
        record("2025-01", "logistica", 150_000),
        record("2025-01", "tecnologia", 250_000),
        record("2025-01", "sin_clasificar", 100_000),
        record("2025-01", None, 9_000_000),
    ]
    return tiny_edition(tmp_path, exports=rows, kind="demo")


def ask(edition: Edition, text: str) -> dict[str, object]:
    return {row.key: row.value for row in answer(edition, Question.parse(text)).rows}


def test_services_are_split_by_type_and_goods_are_no_part_of_it(edition: Edition) -> None:
    found = ask(edition, "fob?region=08&window=2025-01&flow=services&split=service_type")
    assert found == {"tecnologia": 250_000, "logistica": 150_000, "sin_clasificar": 100_000}


def test_a_type_is_a_filter_and_is_said_in_words(edition: Edition) -> None:
    found = answer(edition, Question.parse("fob?region=08&window=2025-01&flow=services&service_type=logistica"))
    assert (found.value, found.base) == (150_000, 100_000)
    assert found.scope_label == "servicios (Logística y transporte)"
    assert "tipo de servicio: Logística y transporte" in describe(edition, found.question)


def test_types_have_a_name_in_each_language(edition: Edition) -> None:
    spanish = key_labels(edition, "service_type")
    with speaking("en"):
        english = key_labels(edition, "service_type")
    assert (spanish["forestal"], english["forestal"]) == ("Servicios forestales", "Forestry services")
    assert spanish.keys() == english.keys()


def test_exporters_of_a_type_are_counted_in_customs_records(edition: Edition) -> None:
    found = answer(edition, Question.parse("exporters?region=08&window=2025-01&flow=services&service_type=logistica"))
    assert found.question.source == "aduanas_dus"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("fob?split=service_type", "flow"),
        ("fob?service_type=logistica&flow=goods+services", "flow"),
        ("fob?service_type=99&flow=services", "service_type"),
        ("exporters?service_type=logistica&flow=services&size=pyme&source=registro", "service_type"),
        ("fob?service_type=logistica&flow=services&source=published", "service_type"),
    ],
)
def test_what_has_no_type_is_refused_in_a_sentence(text: str, part: str) -> None:
    with pytest.raises(QuestionError) as refused:
        Question.parse(text)
    assert refused.value.part == part


def test_a_type_that_does_not_exist_is_told(edition: Edition) -> None:
    with pytest.raises(QuestionError, match="turismo"):
        answer(edition, Question.parse("fob?flow=services&service_type=turismo"))


def test_the_part_that_is_classified_is_of_the_value_and_unknown_where_a_type_is_hidden(edition: Edition) -> None:
    found = answer(edition, Question.parse("fob?region=08&window=2025-01&flow=services&split=service_type"))
    assert servicios.classified(found) == pytest.approx(0.8)
    assert servicios.types(found)[-1].key == "sin_clasificar"
    assert servicios.types_title(found).replace("\u00a0", " ") == (
        "Tecnología e informática: 50 % de los servicios; se reconoce el tipo del 80 % del valor"
    )
    hidden = replace(found, rows=(replace(found.rows[0], share=None), *found.rows[1:]))
    assert servicios.classified(hidden) is None
    assert servicios.types_title(hidden) == "Tecnología e informática es el tipo de servicio mayor"
