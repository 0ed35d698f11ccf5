"""Quoted figures are put against every published reading; the claims of the seed are the worked cases."""

from collections.abc import Iterator

import pytest

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.claims import Claim, Verification, propose, read_claim, read_quantity, verify
from indicators.claims.fields import CASES
from tests.published_editions import real_ledger


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    yield real_ledger(tmp_path_factory.mktemp("ledger"))


def check(edition: Edition, number: str, about: str, period: str | None = None, region: str = "08") -> Verification:
    return verify(edition, read_claim(number, about=about, region=region, period=period))


def values(verification: Verification) -> dict[str, str | None]:
    return {reading.value_text: reading.differs for reading in verification.published}


@pytest.mark.parametrize(
    ("text", "value", "rounding", "unit"),
    [
        ("12 %", 0.12, 0.005, "fraction"),
        ("42%", 0.42, 0.005, "fraction"),
        ("12,5 por ciento", 0.125, 0.0005, "fraction"),
        ("−17,3 %", -0.173, 0.0005, "fraction"),
        ("+42 %", 0.42, 0.005, "fraction"),
        ("US$ 4.230 millones", 4_230e6, 0.5e6, "usd"),
        ("US$4.230,5 MM", 4_230.5e6, 0.05e6, "usd"),
        ("107 mil millones de dólares", 107e9, 0.5e9, "usd"),
        ("1.300 empresas", 1300.0, 0.5, "firms"),
        ("450 rondas de negocios", 450.0, 0.5, "meetings"),
        ("8.567", 8567.0, 0.5, None),
    ],
)
def test_numbers_are_read_as_chileans_write_them(text: str, value: float, rounding: float, unit: str | None) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert (quantity.value, quantity.rounding, quantity.unit) == (pytest.approx(value), pytest.approx(rounding), unit)


def test_a_number_without_unit_takes_that_of_its_subject() -> None:
    assert read_claim("12", about="share").quantity.value == pytest.approx(0.12)
    assert read_claim("4.230", about="level").quantity.value == pytest.approx(4_230e6)


@pytest.mark.parametrize(
    ("number", "about", "words"),
    [
        ("mucho", "share", "no es una cifra"),
        ("12 %", "astrology", "no existe"),
        ("1.300 empresas", "share", "no puede ser parte de las exportaciones del país"),
    ],
)
def test_a_claim_that_makes_no_sense_is_told_in_one_sentence(number: str, about: str, words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        read_claim(number, about=about)


def proposed(claims: tuple[Claim, ...]) -> list[tuple[str, str, str, str | None]]:
    return [(c.quantity.text, c.about, c.region, c.period.label if c.period else None) for c in claims]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Las pymes exportadoras del Biobío crecieron 42 % en lo que va del año y la región representa cerca del "
            "12 % de las exportaciones nacionales.",
            [("42 %", "growth_sme", "08", None), ("12 %", "share", "08", None)],
        ),
        (
            "Las pymes generan el 50 % del empleo y aportan el 17 % del PIB",
            [("50 %", "jobs", "CL", None), ("17 %", "gdp", "CL", None)],
        ),
        (
            "Redes reunió en Bío Bío a más de 1.300 empresas, con 450 rondas de negocios y 250 socios, "
            "el 28 de noviembre de 2025",
            [
                ("1.300 empresas", "event", "08", "noviembre 2025"),
                ("450 rondas", "event", "08", "noviembre 2025"),
                ("250 socios", "event", "08", "noviembre 2025"),
            ],
        ),
        (
            "Las exportaciones de Ñuble cayeron 18,5% entre enero y octubre de 2025",
            [("18,5%", "growth", "16", "enero–octubre 2025")],
        ),
        ("Biobío exportó US$ 4.230 millones en 2025", [("US$ 4.230 millones", "level", "08", "2025")]),
        ("Hay 526 empresas exportadoras en el Maule", [("526 empresas", "firms", "07", None)]),
        ("Un texto de 2025 sin cifras, del 3 de mayo", []),
    ],
)
def test_a_sentence_is_read_by_rules(
    ledger: Edition, sentence: str, expected: list[tuple[str, str, str, str | None]]
) -> None:
    assert proposed(propose(ledger, sentence)) == expected


def test_a_fall_is_a_negative_growth(ledger: Edition) -> None:
    (claim,) = propose(ledger, "Las exportaciones del Biobío cayeron 18,5 % en 2025")
    assert claim.quantity.value == pytest.approx(-0.185)
    assert [hit.value_text for hit in verify(ledger, claim).hits] == ["−18,5\u00a0%"]


def test_twelve_percent_of_2024_is_true_under_one_definition_of_origin_and_one_of_exit(ledger: Edition) -> None:
    found = check(ledger, "12 %", "share", "2024")
    assert [hit.value_text for hit in found.hits] == ["12,17\u00a0%", "11,66\u00a0%"]
    first = found.hits[0]
    assert first.fact is not None and first.fact.scope == "non_copper_non_lithium"
    assert {"PF0342", "PF0882"} == set(first.figure_ids) and len(first.urls) == 2
    assert set(values(found)) == {"12,17\u00a0%", "11,66\u00a0%", "5,39\u00a0%", "5,18\u00a0%"}
    assert found.tried == 4
    assert "sin cobre ni litio de la Región del Biobío fueron el 12,17\u00a0%" in found.printable[0]
    assert "5,18\u00a0%" in found.forbidden[0]


def test_the_quoted_claim_does_not_confirm_itself(ledger: Edition) -> None:
    found = check(ledger, "12 %", "share")
    assert [fact.figure_ids for fact in found.said_by] == [("PF0607",)]
    assert not any("PF0607" in reading.figure_ids for reading in (*found.published, *found.coincidences))


def test_twelve_percent_of_2025_is_true_under_none(ledger: Edition) -> None:
    found = check(ledger, "12 %", "share", "2025")
    assert found.hits == () and "3,95\u00a0%" in values(found)
    assert "ninguna lo reproduce" in found.summary and found.printable == ()


def test_growth_of_smes_by_42_percent_resolves_to_nothing_and_says_why(ledger: Edition) -> None:
    found = check(ledger, "+42 %", "growth_sme", "2025")
    assert (found.tried, found.hits, found.printable) == (0, (), ())
    assert values(found)["−17,3\u00a0%"] == "es el valor de todas las exportaciones, no de las pymes"
    assert "−17,3\u00a0%" in found.summary
    assert any("posterior a 2016" in need for need in found.needs)
    assert any("−42,4\u00a0%" in sentence for sentence in found.forbidden), "the opposite sign is told apart"
    assert [one.value_text for one in found.coincidences][:1] == ["42\u00a0%"], "Corma's share of forest exports"


def test_half_of_the_jobs_is_near_but_not_what_the_sii_counts(ledger: Edition) -> None:
    found = check(ledger, "50 %", "jobs")
    shown = {(reading.region, reading.value_text) for reading in found.published}
    assert {("08", "57,49\u00a0%"), ("CL", "46,47\u00a0%")} <= shown
    assert found.hits == ()
    assert all(reading.period.label == "2023" for reading in found.published)


def test_no_published_figure_is_a_share_of_gdp(ledger: Edition) -> None:
    found = check(ledger, "17 %", "gdp")
    assert {"29,02\u00a0%", "12,52\u00a0%"} <= set(values(found))
    assert all(reason is not None for reason in values(found).values())
    assert found.tried == 0 and "valor agregado" in found.needs[0]


@pytest.mark.parametrize(
    ("number", "figure"), [("1.300 empresas", "PF0608"), ("450 rondas", "PF0609"), ("250 socios", "PF0610")]
)
def test_counts_of_an_event_resolve_to_who_said_them(ledger: Edition, number: str, figure: str) -> None:
    found = check(ledger, number, "event")
    assert [hit.figure_ids for hit in found.hits] == [(figure,)]
    assert "ASEM informó" in found.printable[0]


def test_a_level_is_found_with_its_formula(ledger: Edition) -> None:
    found = check(ledger, "US$ 4.230 millones", "level", "2025")
    (hit,) = found.hits
    assert hit.derivation == "3.926,6 (ene–nov) + 303,4 (dic)"
    assert found.tried > 1, "other scopes and months to date were tried too"


def test_a_share_of_the_exporters_of_chile_is_not_one_of_the_region(ledger: Edition) -> None:
    found = check(ledger, "68 %", "sme_share", "2025")
    assert found.hits == ()
    assert values(found)["68\u00a0%"] == "es de Chile, no de la Región del Biobío"
    assert [hit.value_text for hit in check(ledger, "68 %", "sme_share", "2025", region="CL").hits] == ["68\u00a0%"]


def test_growth_is_also_worked_out_from_two_printed_levels(ledger: Edition) -> None:
    found = check(ledger, "−4 %", "growth_firms", "2025", region="07")
    assert any("526 empresas" in (reading.derivation or "") for reading in found.published)
    assert found.hits


def test_many_readings_are_called_many(ledger: Edition) -> None:
    assert "por casualidad" in check(ledger, "−20 %", "growth", "2025").summary


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.quote[:30])
def test_every_worked_case_can_be_verified(ledger: Edition, case: object) -> None:
    claim = case.claim  # type: ignore[attr-defined]
    found = verify(ledger, claim)
    assert found.summary and found.needs and (found.published or found.summary)


@pytest.mark.parametrize("about", ["share", "growth", "growth_sme", "sme_share", "jobs", "level", "firms", "event"])
def test_a_region_with_few_figures_gives_few_readings_and_never_an_error(ledger: Edition, about: str) -> None:
    number = {"level": "US$ 1 millones", "firms": "1 empresas", "event": "1 rondas"}.get(about, "1 %")
    found = check(ledger, number, about, region="11")
    assert all(reading.value != 0 for reading in found.published)
    assert found.summary
