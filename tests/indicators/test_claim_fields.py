"""A claim as short texts and back; the words around a verification; hostile sentences."""

from collections.abc import Iterator

import pytest

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.claims import (
    Fields,
    claim_of,
    fields_of,
    period_text,
    propose,
    read_quantity,
    read_rough_period,
    verdict,
)
from indicators.claims.fields import CASES, Case
from tests.published_editions import real_ledger


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    yield real_ledger(tmp_path_factory.mktemp("ledger"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.quote)
def test_the_texts_of_a_claim_read_back_as_the_claim(ledger: Edition, case: Case) -> None:
    assert claim_of(ledger, fields_of(case.claim)) == case.claim


@pytest.mark.parametrize(
    "sentence",
    [
        "Las exportaciones de Ñuble cayeron 18,5% entre enero y octubre de 2025",
        "Biobío exportó US$ 4.230 millones en el primer semestre de 2025",
        "Hay 526 empresas exportadoras en el Maule desde 2023 hasta 2024",
        "Chile exportó 107 mil millones de dólares en octubre de 2025",
    ],
)
def test_what_was_read_in_a_sentence_reads_back_the_same(ledger: Edition, sentence: str) -> None:
    (claim,) = propose(ledger, sentence)
    again = claim_of(ledger, fields_of(claim))
    assert (again.quantity.value, again.quantity.rounding) == (claim.quantity.value, claim.quantity.rounding)
    assert (again.about, again.region, again.period) == (claim.about, claim.region, claim.period)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2024", "2024"),
        (" 2025-10 ", "2025-10"),
        ("2025-01..2025-10", "2025-01..2025-10"),
        ("2024-01..2024-12", "2024"),
        ("enero a octubre de 2025", "2025-01..2025-10"),
        ("Octubre de 2025", "2025-10"),
        ("primer semestre de 2025", "2025-01..2025-06"),
        ("de 2023 a 2024", "2023-01..2024-12"),
        ("", ""),
    ],
)
def test_a_rough_period_is_written_in_one_way(written: str, canonical: str) -> None:
    assert period_text(read_rough_period(written)) == canonical


@pytest.mark.parametrize("written", ["siempre", "2025-10..2025-01", "2025-13", "12/2025", "20250", "diciembre de 9999"])
def test_a_period_that_makes_no_sense_is_told_with_what_can_be_written(written: str) -> None:
    with pytest.raises(QuestionError, match="no se entiende; escriba un año"):
        read_rough_period(written)


@pytest.mark.parametrize("region", ["99", "00", "20", "", "8"])
def test_an_unknown_region_is_told_with_those_that_exist(ledger: Edition, region: str) -> None:
    with pytest.raises(QuestionError, match="no existe; use CL, 01, 02"):
        claim_of(ledger, Fields("12 %", "share", region))


@pytest.mark.parametrize(
    ("quoted", "told"),
    [
        ("12 %", "entre 11,5 % y 12,5 %"),
        ("12,5 %", "entre 12,45 % y 12,55 %"),
        ("−18,5 %", "entre −18,55 % y −18,45 %"),
        ("US$ 4.230 millones", "entre US$ 4.229,5 millones y US$ 4.230,5 millones"),
        ("107 mil millones de dólares", "entre US$ 106.500 millones y US$ 107.500 millones"),
        ("8 mil empresas", "entre 7.500 empresas y 8.500 empresas"),
        ("1.300 empresas", "calza solo lo que da lo mismo"),
    ],
)
def test_the_tolerance_is_half_a_unit_of_the_last_digit_said(quoted: str, told: str) -> None:
    quantity = read_quantity(quoted)
    assert quantity is not None
    assert told in verdict.tolerance(quantity).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "sentence",
    ["9" * 10_000 + " %", "1" + ".000" * 50 + " empresas", "42 % en diciembre de 9999 o en enero de 0000", "%" * 9_000],
)
def test_an_absurd_sentence_is_read_without_harm(ledger: Edition, sentence: str) -> None:
    for claim in propose(ledger, sentence):
        assert verdict.tolerance(claim.quantity)
        assert abs(claim.quantity.value) < 1e25
