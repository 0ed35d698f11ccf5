from datetime import date

import pytest

from words import formats
from words.language import speaking

NBSP, MINUS = "\u00a0", "\u2212"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, 1, "1.234,5"),
        (0, 0, "0"),
        (1234567, 0, "1.234.567"),
        (-16.05, 1, f"{MINUS}16,1"),  # half away from zero, as people round
        (2.675, 2, "2,68"),
        (-0.04, 1, "0,0"),  # what rounds to zero has no sign
        (None, 1, "s/d"),
    ],
)
def test_numbers_are_written_as_in_chile(value: float | None, decimals: int, text: str) -> None:
    assert formats.number(value, decimals) == text


def test_percent_takes_a_fraction_and_writes_a_true_minus() -> None:
    assert formats.percent(-0.161) == f"{MINUS}16,1{NBSP}%"
    assert formats.percent(0.119) == f"11,9{NBSP}%"
    assert formats.percent(0.42, 0, sign=True) == f"+42{NBSP}%"
    assert formats.percent(0.0, sign=True) == f"0,0{NBSP}%"
    assert formats.percent(None) == "s/d"


def test_points_carry_their_sign() -> None:
    assert formats.points(0.023) == f"+2,3{NBSP}pp"
    assert formats.points(-0.2) == f"{MINUS}20,0{NBSP}pp"


def test_money_is_in_millions_unless_it_is_small() -> None:
    assert formats.usd_millions(4_230_000_000) == f"US${NBSP}4.230,0 millones"
    assert formats.usd(99_999) == f"US${NBSP}99.999"
    assert formats.usd(-2_500_000, sign=True) == f"{MINUS}US${NBSP}2,5 millones"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (8, "firms", "8 empresas"),
        (1, "firms", "1 empresa"),
        (1, "products", "1 producto"),
        (1, "countries", "1 destino"),
        (21, "countries", "21 destinos"),
        (-1, "firms", f"{MINUS}1 empresa"),
        (2.5, "firms", "2,5 empresas"),
        (0.38, "index", "0,380"),
        (-20.0, "pp", f"{MINUS}20,0{NBSP}pp"),
        (0.5, "fraction", f"50,0{NBSP}%"),
        (2_400_000, "usd", f"US${NBSP}2,4 millones"),
        (None, "usd", "s/d"),
    ],
)
def test_a_quantity_carries_its_unit(value: float | None, unit: str, text: str) -> None:
    assert formats.quantity(value, unit) == text


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        ((2025, 1), (2025, 10), "enero–octubre 2025"),
        ((2025, 10), (2025, 10), "octubre 2025"),
        ((2024, 1), (2024, 12), "2024"),
        ((2023, 1), (2024, 12), "2023–2024"),
        ((2024, 11), (2025, 10), "12 meses a octubre de 2025"),
        ((2024, 11), (2025, 2), "noviembre 2024–febrero 2025"),
    ],
)
def test_windows_are_named_as_people_name_them(first: tuple[int, int], last: tuple[int, int], label: str) -> None:
    assert formats.window_label(date(*first, 1), date(*last, 1)) == label


def test_lists_join_with_y_and_with_e_before_i() -> None:
    assert formats.listing(["Maule"]) == "Maule"
    assert formats.listing(["China", "Brasil", "India"]) == "China, Brasil e India"
    assert formats.listing(["China", "Hielo"]) == "China y Hielo"
    assert formats.listing(["siete", "ocho"], conjunction="o") == "siete u ocho"


def test_english_readers_see_numbers_money_and_months_their_way() -> None:
    with speaking("en"):
        assert formats.number(1234.5, 1) == "1,234.5"
        assert formats.percent(-0.161) == f"{MINUS}16.1%"
        assert formats.points(0.023) == f"+2.3{NBSP}pp"
        assert formats.usd(4_230_000_000) == "US$4,230.0 million"
        assert formats.usd(99_999) == "US$99,999"
        assert formats.quantity(8, "firms") == "8 firms"
        assert formats.number(None) == "n/a"
        assert formats.month_name(date(2025, 10, 1)) == "October 2025"
        assert formats.short_month(date(2025, 1, 1)) == "Jan 25"
        assert formats.window_label(date(2024, 11, 1), date(2025, 10, 1)) == "12 months to October 2025"
        assert formats.printed_on("2026-02-23") == "23 February 2026"
        assert formats.listing(["China", "Brazil", "India"]) == "China, Brazil and India"
        assert formats.listing(["seven", "eight"], conjunction="o") == "seven or eight"


def test_an_amount_in_english_has_its_sign_before_the_currency() -> None:
    with speaking("en"):
        assert formats.usd(-2_500_000, sign=True) == f"{MINUS}US$2.5 million"
        assert formats.usd(99_999, sign=True) == "+US$99,999"
        assert formats.usd(2_500_000) == "US$2.5 million"


def test_a_day_is_short_and_cannot_be_read_in_another_order() -> None:
    assert formats.numeric_day(date(2026, 2, 3)) == "03-02-2026"
    with speaking("en"):
        assert formats.numeric_day(date(2026, 2, 3)) == "3 Feb 2026"


def test_what_writes_numbers_by_itself_is_told_the_separators() -> None:
    assert formats.separators() == ",."
    with speaking("en"):
        assert formats.separators() == ".,"
