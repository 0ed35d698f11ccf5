from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editions.errors import QuestionError
from indicators.metrics import METRICS
from indicators.question.question import PARTS, Question
from indicators.question.scope import CONCEPTS, DENOMINATORS, FLOWS, REGIONS, SIZES, SIZINGS, SOURCES


def some_of(values: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3).map(",".join)


PART_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "region": st.one_of(st.just("CL"), some_of(list(REGIONS))),
    "window": st.sampled_from(["ytd", "year", "month", "rolling12", "2024", "2025-03", "2025-01..2025-10"]),
    "compare": st.sampled_from(["year_before", "none", "2019", "2020-03", "2021-01..2021-10"]),
    "flow": st.sampled_from(list(FLOWS)),
    "exclude": some_of(["copper", "lithium"]),
    "denominator": st.sampled_from(list(DENOMINATORS)),
    "concept": st.sampled_from(list(CONCEPTS)),
    "source": st.sampled_from(list(SOURCES)),
    "size": st.sampled_from(list(SIZES)),
    "sizing": st.sampled_from(list(SIZINGS)),
    "sector": st.sampled_from(["prochile:vinos", "bcch:cobre,oro"]),
    "country": some_of(["225", "336", "0"]),
    "hs": some_of(["03", "4407", "47032910"]),
    "service_type": some_of(["logistica", "sin_clasificar"]),
    "comuna": st.just("08101"),
    "port": some_of(["905", "906"]),
    "office": st.just("39"),
    "transport": st.sampled_from(["1", "4"]),
    "over": st.sampled_from(["product", "country", "firm", "known_region"]),
    "k": st.integers(1, 100).map(str),
    "split": st.sampled_from(["region", "month", "sector:ine", "country", "hs4", "size", "service_type"]),
}


@st.composite
def questions(draw: st.DrawFn) -> Question | None:
    metric = draw(st.sampled_from(list(METRICS)))
    parts = draw(st.lists(st.sampled_from(list(PART_VALUES)), max_size=5, unique=True))
    try:
        return Question.parse(metric + "?" + "&".join(f"{part}={draw(PART_VALUES[part])}" for part in parts))
    except QuestionError:
        return None


def test_every_part_is_tried() -> None:
    assert set(PART_VALUES) == set(PARTS)


@given(questions())
def test_text_form_reads_back_to_the_same_question(question: Question | None) -> None:
    if question is not None:
        text = str(question)
        assert Question.parse(text) == question
        assert str(Question.parse(text)) == text


@given(st.text(max_size=60))
def test_any_text_is_a_question_or_an_error_of_ours(text: str) -> None:
    try:
        Question.parse(f"fob?{text}")
    except QuestionError as error:
        assert str(error).endswith(".")


def test_order_and_defaults_do_not_matter() -> None:
    long = Question.parse("fob?exclude=lithium,copper&flow=goods&window=2025-01..2025-10&compare=year_before&region=08")
    assert str(long) == "fob?region=08&window=2025-01..2025-10&exclude=copper,lithium"


def test_scope_follows_from_the_denominator() -> None:
    question = Question("share", region="08", denominator="goods_ex_copper_lithium+services")
    assert question.scope.label == "bienes y servicios sin cobre ni litio"
    assert str(question) == "share?region=08&denominator=goods_ex_copper_lithium+services"


def test_a_part_of_the_denominator_is_allowed_as_numerator() -> None:
    services = Question.parse("share?region=08&flow=services&denominator=goods+services")
    assert services.scope.segments == ("services",)
    assert Question.parse(str(services)) == services


def test_a_plus_that_a_browser_turned_into_a_blank_is_understood() -> None:
    assert Question.parse("fob?flow=goods services") == Question("fob", flow="goods+services")


WRONG = (  # question, the part that is wrong, and what its error says
    ("turnover", "metric", "use fob, "),
    ("", "metric", "use fob, "),
    ("fob?region=99", "region", "use CL, 01, 02"),
    ("fob?region=CL,08", "region", "no se combina"),
    ("fob?window=2025-10..2025-01", "window", "no tiene ningún mes"),
    ("fob?window=ayer", "window", "use ytd"),
    ("share?region=08&denominator=gdp", "denominator", "use goods, "),
    ("share?region=08", "denominator", "necesita un denominador"),
    ("fob?flow=goods services&denominator=goods", "flow", "no está dentro"),
    ("share?exclude=copper&denominator=goods_ex_copper_lithium", "exclude", "no está dentro"),
    ("share?denominator=regionalised", "denominator", "pida una región"),
    ("exporters?denominator=goods", "denominator", "son de valor"),
    ("fob?exclude=gold", "exclude", "use copper o lithium"),
    ("fob?concept=head_office", "concept", "use origin, comuna o exit"),
    ("fob?source=ine", "source", "use aduanas_dus"),
    ("fob?size=pyme&source=aduanas_salidas", "source", "use source=registro"),
    ("hhi?over=firm&source=aduanas_salidas", "source", "no trae empresas"),
    ("fob?sizing=register", "sizing", "agregue size"),
    ("fob?size=pyme&sizing=month_fob", "sizing", "exporters_month_avg"),
    ("fob?size=pyme&sizing=own_fob&source=registro", "sizing", "usa la fuente aduanas_dus"),
    ("sme_bridge?size=grande", "size", "use size=pyme"),
    ("sme_bridge?split=region", "split", "quite split"),
    ("exporters_proportional?split=country", "split", "Use split=region, o pida"),
    ("sme_growth?split=sector:prochile", "split", "quite split"),
    ("survival?split=region", "split", "quite split"),
    ("exits?compare=none", "compare", "quite compare"),
    ("entry?compare=none", "compare", "quite compare"),
    ("entry?window=2023-01..2024-12", "window", "hasta 12 meses"),
    ("regular_exporter?window=2024-01..2024-10", "window", "año calendario"),
    ("exporters?source=aduanas_salidas", "source", "use registro, aduanas_dus o published"),
    ("exporters?size=pyme&port=905", "port", "no trae port"),
    ("exporters?size=pyme&concept=exit", "concept", "no trae concept"),
    ("fisher_price?size=pyme", "size", "no se calcula por tamaño"),
    ("fob?hs=440", "hs", "2, 4, 6 u 8 dígitos"),
    ("fob?country=Brasil", "country", "códigos numéricos"),
    ("fob?sector=vinos", "sector", "esquema:id"),
    ("contribution_pp?region=08", "split", "necesita un desglose"),
    ("location_quotient?split=hs2", "region", "pida una región"),
    ("export_similarity", "region", "pida una sola región"),
    ("export_similarity?region=08&split=hs2", "split", "ningún desglose"),
    ("yoy?window=2024", "window", "de un solo mes"),
    ("ytd?window=2025-02..2025-10", "window", "empieza en enero"),
    ("yoy?compare=none&window=2025-01", "compare", "compara dos períodos"),
    ("cagr?window=2024", "compare", "al menos dos años"),
    ("cagr?window=2024&compare=2023", "compare", "al menos dos años"),
    ("fob?window=2024&compare=2023-01..2023-10", "compare", "los mismos meses"),
    ("fob?window=2023&compare=2024", "compare", "anterior"),
    ("fob?compare=2024", "compare", "también la ventana"),
    ("hhi?over=region", "over", "use product, country o firm"),
    ("fob?over=product", "over", "no lo lleva"),
    ("top_k?k=0", "k", "de 1 a 100"),
    ("hhi?k=3", "k", "solo top_k"),
    ("fob?turno=noche", "turno", "las que hay son"),
    ("fob?region=08&region=09", "region", "dos veces"),
)


@pytest.mark.parametrize(("text", "part", "says"), WRONG)
def test_a_bad_question_names_the_part_and_what_is_allowed(text: str, part: str, says: str) -> None:
    with pytest.raises(QuestionError) as caught:
        Question.parse(text)
    assert caught.value.part == part
    assert says in str(caught.value)
