"""Quoted figures in English: how numbers and periods are read, what sentences claim, and the verdict whole."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.claims import (
    ABOUTS,
    Claim,
    Fields,
    Verification,
    claim_of,
    fields_of,
    period_text,
    propose,
    read_claim,
    read_quantity,
    read_rough_period,
    verdict,
    verify,
)
from indicators.claims.fields import CASES, Case
from indicators.claims.render import as_text
from tests.published_editions import real_ledger
from words.language import LANGUAGES, catalogue, speaking


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    yield real_ledger(tmp_path_factory.mktemp("ledger"))


@pytest.fixture
def english() -> Iterator[None]:
    with speaking("en"):
        yield


def check(edition: Edition, number: str, about: str, period: str = "", region: str = "08") -> Verification:
    return verify(edition, claim_of(edition, Fields(number, about, region, period)))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("text", "value", "rounding", "unit"),
    [
        ("12%", 0.12, 0.005, "fraction"),
        ("12.5%", 0.125, 0.0005, "fraction"),
        ("12.5 percent", 0.125, 0.0005, "fraction"),
        ("12.5 per cent", 0.125, 0.0005, "fraction"),
        ("12,5 %", 0.125, 0.0005, "fraction"),
        ("−17.3%", -0.173, 0.0005, "fraction"),
        ("US$4,230 million", 4_230e6, 0.5e6, "usd"),
        ("US$4,230.5 million", 4_230.5e6, 0.05e6, "usd"),
        ("US$4,230m", 4_230e6, 0.5e6, "usd"),
        ("US$107bn", 107e9, 0.5e9, "usd"),
        ("107 billion dollars", 107e9, 0.5e9, "usd"),
        ("1,300", 1300.0, 0.5, None),
        ("1,300 companies", 1300.0, 0.5, "firms"),
        ("1.300 companies", 1300.0, 0.5, "firms"),
        ("1,300 exporting SMEs", 1300.0, 0.5, "firms"),
        ("450 business rounds", 450.0, 0.5, "meetings"),
        ("250 members", 250.0, 0.5, "members"),
        ("10 buyers", 10.0, 0.5, "buyers"),
        ("1,234,567.5", 1_234_567.5, 0.05, None),
        ("1.234.567,5", 1_234_567.5, 0.05, None),
        ("0.125", 0.125, 0.0005, None),
        ("US$ 4.230 millones", 4_230e6, 0.5e6, "usd"),
        ("1.300 empresas", 1300.0, 0.5, "firms"),
    ],
)
def test_numbers_are_read_as_english_writes_them(
    english: None, text: str, value: float, rounding: float, unit: str | None
) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert (quantity.value, quantity.rounding, quantity.unit) == (pytest.approx(value), pytest.approx(rounding), unit)


@pytest.mark.parametrize(
    ("text", "spanish", "english"),
    [
        ("4.230", 4230.0, 4.23),
        ("4,230", 4.23, 4230.0),
        ("4.230 millones", 4230e6, 4230e6),
        ("4,230 million", 4230e6, 4230e6),
        ("12,5", 12.5, 12.5),
        ("12.5", 12.5, 12.5),
        ("8.567.123", 8_567_123.0, 8_567_123.0),
        ("8,567,123", 8_567_123.0, 8_567_123.0),
    ],
)
def test_only_one_mark_before_three_digits_depends_on_the_language(text: str, spanish: float, english: float) -> None:
    values = []
    for code in LANGUAGES:
        with speaking(code):
            quantity = read_quantity(text)
            assert quantity is not None
            values.append(quantity.value)
    assert values == [pytest.approx(spanish), pytest.approx(english)]


@pytest.mark.parametrize(
    ("code", "number", "about", "told"),
    [
        ("en", "4.230", "level", "it is read as US$4.23 million, not as US$4,230 million."),
        ("en", "1.300 firms", "firms", "it is read as 1,300 firms, not as 1.3 firms."),
        ("en", "1.300", "firms", "it is read as 1,300 firms, not as 1.3 firms."),
        ("en", "12.125%", "share", "it is read as 12.125%, not as 12,125%."),
        ("es", "4,230", "level", "se lee como US$ 4,23 millones, no como US$ 4.230 millones."),
        ("es", "1,300 empresas", "firms", "se lee como 1.300 empresas, no como 1,3 empresas."),
    ],
)
def test_a_number_whose_mark_may_be_mistaken_is_told_as_it_was_read(
    code: str, number: str, about: str, told: str
) -> None:
    with speaking(code):
        assert plain(verdict.tolerance(read_claim(number, about=about).quantity)).endswith(told)


@pytest.mark.parametrize(("code", "number"), [("en", "4,230"), ("en", "4.23"), ("es", "4.230"), ("es", "4,23")])
def test_a_number_written_as_its_language_writes_it_is_not_called_doubtful(code: str, number: str) -> None:
    with speaking(code):
        assert read_claim(number, about="level").quantity.mistakable is None


def test_the_echo_says_how_a_number_was_read(english: None) -> None:
    said = [
        plain(verdict.tolerance(read_claim(n, about=about).quantity))
        for n, about in (("12.5%", "share"), ("4,230", "level"))
    ]
    assert said == [
        "“12.5%” is read as a rounded number: what lies between 12.45% and 12.55% matches.",
        "“4,230” is read as a rounded number: what lies between US$4,229.5 million and US$4,230.5 million matches.",
    ]
    assert verdict.tolerance(read_claim("1,300 firms", about="firms").quantity) == (
        "“1,300 firms” is read as an exact number: only what gives the same matches."
    )


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("January to October 2025", "2025-01..2025-10"),
        ("January–October 2025", "2025-01..2025-10"),
        ("between january and october of 2025", "2025-01..2025-10"),
        ("October 2025", "2025-10"),
        ("May 2024", "2024-05"),
        ("first half of 2025", "2025-01..2025-06"),
        ("third quarter of 2025", "2025-07..2025-09"),
        ("from 2023 to 2024", "2023-01..2024-12"),
        ("2024", "2024"),
        ("enero a octubre de 2025", "2025-01..2025-10"),
        ("segundo semestre de 2025", "2025-07..2025-12"),
    ],
)
@pytest.mark.parametrize("code", LANGUAGES)
def test_months_are_read_in_both_languages_whatever_the_switch(code: str, written: str, canonical: str) -> None:
    with speaking(code):
        assert period_text(read_rough_period(written)) == canonical


def proposed(claims: tuple[Claim, ...]) -> list[tuple[str, str, str, str]]:
    return [(c.quantity.text, c.about, c.region, period_text(c.period)) for c in claims]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Biobío accounts for about 12% of national exports", [("12%", "share", "08", "")]),
        ("Biobío's exporting SMEs grew 42%", [("42%", "growth_sme", "08", "")]),
        ("SMEs provide 50% of jobs", [("50%", "jobs", "CL", "")]),
        ("SMEs contribute 17% of GDP", [("17%", "gdp", "CL", "")]),
        (
            "Biobío's exporting SMEs grew 42% in the year to date, and the region makes up 12% of Chile's exports",
            [("42%", "growth_sme", "08", ""), ("12%", "share", "08", "")],
        ),
        (
            "Redes brought together more than 1,300 companies, with 450 business rounds and 250 members, in Biobío on "
            "28 November 2025",
            [
                ("1,300 companies", "event", "08", "2025-11"),
                ("450 business rounds", "event", "08", "2025-11"),
                ("250 members", "event", "08", "2025-11"),
            ],
        ),
        (
            "Exports of Ñuble fell 18.5% between January and October 2025",
            [("18.5%", "growth", "16", "2025-01..2025-10")],
        ),
        ("Biobío exported US$4,230 million in 2025", [("US$4,230 million", "level", "08", "2025")]),
        ("There are 526 exporting firms in the Maule", [("526 exporting", "firms", "07", "")]),
        ("The number of exporters of Los Lagos rose 5%", [("5%", "growth_firms", "10", "")]),
        ("La Araucanía grew 5%", [("5%", "growth", "09", "")]),
        ("A text of 2025 without figures, of 3 May", []),
    ],
)
@pytest.mark.parametrize("code", LANGUAGES)
def test_an_english_sentence_is_read_by_rules_whatever_the_switch(
    ledger: Edition, code: str, sentence: str, expected: list[tuple[str, str, str, str]]
) -> None:
    with speaking(code):
        assert proposed(propose(ledger, sentence)) == expected


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Exports of Biobío fell 18.5% in 2025", -0.185),
        ("Las exportaciones del Biobío cayeron 18,5 % en 2025", -0.185),
        ("Las exportaciones del Biobío crecieron 4 % frente a la base contra la que se comparan", 0.04),
        ("The exports of Biobío grew 4,230.5% in 2025", 42.305),
        ("Las exportaciones del Biobío crecieron 1.230 % en 2025", 12.3),
        ("The exports of Biobío grew 1,230% in 2025", 12.3),
        ("The exports of Biobío grew 1.234% in 2025", 0.01234),
        ("El Biobío exportó US$ 4.230 en 2025", 4230.0),
        ("Biobío exported US$4,230m in 2025", 4230e6),
    ],
)
def test_what_a_sentence_says_is_read_in_its_own_language_and_reads_back_the_same(
    ledger: Edition, code: str, sentence: str, value: float
) -> None:
    with speaking(code):
        (claim,) = propose(ledger, sentence)
        again = claim_of(ledger, fields_of(claim))
    assert claim.quantity.value == pytest.approx(value)
    assert (again.quantity.value, again.quantity.rounding) == (claim.quantity.value, claim.quantity.rounding)


def test_twelve_percent_of_2024_is_verified_in_english(ledger: Edition, english: None) -> None:
    found = check(ledger, "12%", "share", "2024")
    assert verdict.outcome(found) == "“12%” depends on the definition: it matches 2 of 4 published readings."
    assert plain(found.summary) == (
        "“12%” as share of the country's exports (the Biobío Region, 2024): 4 published readings were tried and 2 "
        "reproduce the figure: 12.17% (goods and services excluding copper and lithium, as a share of the same for the "
        "whole country; 2024) and 11.66% (what leaves through the region's ports and customs offices, whatever the "
        "origin, as a share of the country's exports of goods; 2024)."
    )
    assert found.printable == (
        "In 2024, exports from the Biobío Region of goods and services excluding copper and lithium were 12.17% of the "
        "same exports of the whole country (ProChile, 6 February 2026; computed from published figures).",
        "In 2024, what left through the ports and customs offices of the Biobío Region, whatever the origin, was "
        "11.66% of the country's exports of goods (Aduanas and BCCh, 8 January 2025; computed from published figures).",
    )
    assert found.forbidden == (
        "“12%” for the Biobío Region as share of the country's exports, without saying the definition or the period: "
        "other readings give 5.39% (goods and services excluding copper and lithium, as a share of the country's "
        "exports of goods; 2024) and 5.18% (goods, as a share of the same for the whole country; 2024).",
    )
    assert found.needs == (
        "Whoever said it should say the whole (all goods, excluding copper, excluding copper and lithium, with or "
        "without services), the year, and whether what counts is where the cargo comes from or the port it leaves by.",
    )
    assert verdict.tried(found).startswith("Readings of the published figures gathered here: 4; matching: 2. ")
    assert [plain(verdict.standing(one)) for one in found.published] == [
        *("matches", "matches", "does not match, off by 6.61 pp", "does not match, off by 6.82 pp")
    ]


def test_forty_two_percent_is_verified_in_english(ledger: Edition, english: None) -> None:
    found = check(ledger, "+42%", "growth_sme", "2025")
    assert verdict.outcome(found) == "“+42%” cannot be checked: there is no published figure of that."
    assert found.summary == (
        "“+42%” as growth of exporting pymes (the Biobío Region, 2025): there is no published figure to check it "
        "against. What is published measures something else, −17.3% (growth of the value exported against the same "
        "period of the year before, goods; January–November 2025): it is the value of all exports, not of pymes."
    )
    assert found.printable == ()
    assert found.forbidden == (
        "“+42%” for the Biobío Region as growth of exporting pymes: no published figure supports it.",
        "“+42%” for the Biobío Region as growth of exporting pymes, drawn from −42.4% (growth of the value exported "
        "against the same period of the year before, goods; October 2025): it is the value of all exports, not of "
        "pymes.",
    )
    assert found.needs == (
        "No count of the exporting pymes of the Biobío Region has been published for any time after 2016: the last is "
        "by ProChile, fewer than 300 firms.",
        "Whoever said it should say whether it is a number of firms or a value, up to which month and against which "
        "period.",
        "A published count of exporting pymes for both periods.",
        "The office's register of exporters, with firm, month, region and size by the SII's sales (loaded with “pulso "
        "load”).",
    )
    assert "same number with the other sign, measures something else" in map(verdict.standing, found.published)


def test_each_outcome_is_said_in_english(ledger: Edition, english: None) -> None:
    published = check(ledger, "1,300 companies", "event")
    assert verdict.outcome(published) == "“1,300 companies” is what is published."
    assert published.printable == (
        "In November 2025, ASEM reported more than 1,300 firms at “Redes (4th edition), Concepción” (ASEM, 28 November "
        "2025).",
    )
    none = check(ledger, "12%", "share", "2025")
    assert verdict.outcome(none) == "“12%” is not what the published figures give."
    assert "none reproduces the figure; the nearest gives 4.38%" in none.summary
    many = check(ledger, "−20%", "growth", "2025")
    assert many.summary.endswith("With so many readings, one may match by chance.")
    growth = check(ledger, "−18.5%", "growth", "2025").printable[0]
    assert growth == (
        "In 2025, exports from the Biobío Region of goods changed by −18.5% on the same period of the year before "
        "(INE, 23 February 2026)."
    )
    level = check(ledger, "US$4,230 million", "level", "2025").printable[0]
    assert level == (
        "In 2025, the Biobío Region exported US$4,230.0 million of goods (INE, 23 February 2026; computed from "
        "published figures)."
    )
    share = check(ledger, "68%", "sme_share", "2025")
    assert share.published[0].differs == "it is of Chile, not of the Biobío Region"
    jobs = check(ledger, "57.49%", "jobs")
    assert "Firms and their workers are counted in the region of the head office." in jobs.published[0].caveats


@pytest.mark.parametrize("about", ABOUTS)
@pytest.mark.parametrize("region", ["08", "CL"])
def test_nothing_that_is_said_of_a_claim_in_english_is_said_as_in_spanish(
    ledger: Edition, about: str, region: str
) -> None:
    number = {"level": "US$5,000", "firms": "300 firms", "event": "450 rounds"}.get(about, "12%")
    if (about, region) == ("share", "CL"):
        return  # a share of Chile in Chile is refused
    spanish = _words(check(ledger, number, about, region=region))
    with speaking("en"):
        english = _words(check(ledger, number, about, region=region))
    same = {said for said in spanish & english if re.search(r"[a-zñ]{4}", said)}
    assert {said for said in same if said not in ("SII, Estadísticas de Empresas",) and " " in said} == set()


def _words(found: Verification) -> set[str]:
    said = {verdict.outcome(found), verdict.tolerance(found.claim.quantity), verdict.tried(found), found.summary}
    said |= {*found.printable, *found.forbidden, *found.needs}
    for reading in found.published:
        said |= {reading.definition, reading.differs or "", verdict.standing(reading), *reading.caveats}
    return said


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (Fields("lots", "share"), "“lots” is not a figure that can be understood; for example: 12%, US$4,230 million."),
        (Fields("", "share"), "The figure is missing; for example: 12%, US$4,230 million."),
        (Fields("9" * 99, "share"), f"“{'9' * 59}…” is too long to be a figure."),
        (Fields("12%", ""), "Say what “12%” is about; choose a subject."),
        (Fields("12%", "share", "CL"), "Say which region “12%” of the country's exports is of."),
        (Fields("12%", "share", "08", "always"), "The period “always” is not understood; write a year (2024), a month "
         "(2025-10), a range (2025-01..2025-10) or the months in words (January to October 2025)."),
        (Fields("1,300 firms", "share", "08"), "“1,300 firms” cannot be share of the country's exports; change the "
         "figure or the subject."),
        (Fields("1,300", "event", "08"), "“1,300” does not say of what; write for example 1,300 firms, rounds or "
         "members."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_english_sentence(
    ledger: Edition, english: None, fields: Fields, told: str
) -> None:
    with pytest.raises(QuestionError) as raised:
        claim_of(ledger, fields)
    assert str(raised.value) == told


def test_an_unknown_region_or_subject_is_told_in_english(ledger: Edition, english: None) -> None:
    with pytest.raises(QuestionError, match="There is no region “99”; use CL, 01, 02"):
        claim_of(ledger, Fields("12%", "share", "99"))
    with pytest.raises(QuestionError, match="The subject “astrology” does not exist; use share, growth"):
        claim_of(ledger, Fields("12%", "astrology", "08"))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.quote)
def test_a_worked_case_reads_back_the_same_in_either_language(ledger: Edition, code: str, case: Case) -> None:
    with speaking(code):
        assert claim_of(ledger, fields_of(case.claim)) == case.claim


def test_a_quotation_stays_as_it_was_said_with_its_english_beside_it() -> None:
    assert CASES[0].translation is None
    with speaking("en"):
        assert CASES[0].quote == "El Biobío representa cerca del 12 % de las exportaciones nacionales"
        assert CASES[0].translation == "Biobío accounts for about 12% of national exports"
        assert all(case.translation != case.quote for case in CASES)


def test_the_cases_are_read_in_spanish_whoever_opens_them_first() -> None:
    program = (
        "from words.language import speak; speak('en')\n"
        "from indicators.claims.fields import CASES\n"
        "print([case.claim.quantity.value for case in CASES])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == str([case.claim.quantity.value for case in CASES])


def test_every_subject_of_a_claim_has_english() -> None:
    assert {about.label for about in ABOUTS.values()} - set(catalogue("en")) == set()


def test_the_terminal_says_it_in_english_too(ledger: Edition, english: None) -> None:
    text = as_text(check(ledger, "12%", "share", "2024"))
    titles = [line for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert titles == [
        *("May be published:", "May not be published:", "Readings from published figures:"),
        *("The same number, said of something else:", "Readings from the edition:", "Who said it:"),
        "What would settle it:",
    ]
    assert "Another published value: 12.14%" in text
