"""How numbers, months and lists are written, in the reader's language. Rounding happens here and nowhere else."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from words.language import ENGLISH, language, t

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "s/d"
TO_CHILEAN = str.maketrans(",.", ".,")

MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def number(value: float | int | Decimal | None, decimals: int = 0) -> str:
    """Return `1234.5` as `1.234,5` (in English `1,234.5`), with a true minus sign; a missing value is `s/d`."""
    if value is None:
        return t(MISSING)
    step = Decimal(1).scaleb(-decimals)
    figure = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    digits = f"{abs(figure):,.{decimals}f}"
    return f"{MINUS if figure < 0 else ''}{digits if _in_english() else digits.translate(TO_CHILEAN)}"


def signed(value: float | int | Decimal | None, decimals: int = 0) -> str:
    """Return the number with its sign in front, `+` included; what rounds to zero has none."""
    text = number(value, decimals)
    is_positive = not text.startswith(MINUS) and any(digit in "123456789" for digit in text)
    return f"+{text}" if is_positive else text


def percent(fraction: float | None, decimals: int = 1, *, sign: bool = False) -> str:
    """Return the fraction `-0.161` as `−16,1 %` (in English `−16.1%`)."""
    if fraction is None:
        return t(MISSING)
    write = signed if sign else number
    return f"{write(Decimal(str(fraction)) * 100, decimals)}{'' if _in_english() else NBSP}%"


def points(fraction: float | None, decimals: int = 1) -> str:
    """Return the fraction `0.023` as `+2,3 pp` (percentage points)."""
    return t(MISSING) if fraction is None else f"{signed(Decimal(str(fraction)) * 100, decimals)}{NBSP}pp"


def usd_millions(value: float | Decimal | None, decimals: int = 1, *, sign: bool = False) -> str:
    """Return US dollars as `US$ 4.230,0 millones`."""
    if value is None:
        return t(MISSING)
    write = signed if sign else number
    text = t("US$\u00a0{millions} millones", millions=write(Decimal(str(value)) / 1_000_000, decimals))
    return _sign_first(text)


def usd(value: float | Decimal | None, *, sign: bool = False) -> str:
    """Return US dollars in millions, or in full when they are less than one million."""
    if value is None or abs(float(value)) >= 1_000_000:
        return usd_millions(value, sign=sign)
    return _sign_first(t("US$\u00a0{dollars}", dollars=(signed if sign else number)(value)))


def _sign_first(amount: str) -> str:
    """Return an amount with its sign before the currency: `+US$ 17,2 millones`."""
    return re.sub(rf"^US\$({NBSP}?)([+{MINUS}])", r"\2US$\1", amount)


def quantity(value: float | int | None, unit: str, *, sign: bool = False) -> str:
    """Return a value of any metric with its unit, as a page shows it."""
    if value is None:
        return t(MISSING)
    if unit == "usd":
        return usd(value, sign=sign)
    if unit == "fraction":
        return points(value) if sign else percent(value)
    if unit == "pp":
        return points(value / 100)
    if unit == "points":  # a fraction that is a difference of shares or a contribution
        return points(value)
    noun = UNIT_NOUNS.get(unit)
    decimals = 0 if float(value).is_integer() or abs(value) >= 1000 else 1 if noun else 3
    digits = signed(value, decimals) if sign else number(value, decimals)
    return f"{digits} {t(ONE[noun] if digits.lstrip('+' + MINUS) == '1' else noun)}" if noun else digits


def in_cell(value: float | int | None, unit: str) -> str:
    """Return a value as a narrow cell has room for it: dollars in millions, units left to the heading."""
    return number(float(value) / 1_000_000, 1) if unit == "usd" and value is not None else quantity(value, unit)


UNIT_NOUNS = {
    "firms": "empresas",
    "workers": "trabajadores",
    "uf": "UF",
    "products": "productos",
    "countries": "destinos",
}
ONE = {  # noun of many → of one
    "empresas": "empresa",
    "trabajadores": "trabajador",
    "UF": "UF",
    "productos": "producto",
    "destinos": "destino",
    "países": "país",
    "reuniones": "reunión",
    "compradores": "comprador",
    "socios": "socio",
    "actividades": "actividad",
    "toneladas": "tonelada",
}


def month_name(month: date) -> str:
    """Return `octubre 2025`."""
    return f"{t(MONTHS[month.month - 1])} {month.year}"


def short_month(month: date) -> str:
    """Return `oct 25`, as an axis has room for."""
    return f"{t(MONTHS[month.month - 1])[:3]} {month.year % 100:02d}"


def numeric_day(day: date) -> str:
    """Return `23-02-2026` (in English `23 Feb 2026`), as a column of days has room for."""
    return f"{day.day} {t(MONTHS[day.month - 1])[:3]} {day.year}" if _in_english() else f"{day:%d-%m-%Y}"


def separators() -> str:
    """Return the marks of decimals and of thousands: `,.` (in English `.,`), for what writes numbers by itself."""
    return ".," if _in_english() else ",."


def printed_on(text: str | None) -> str:
    """Return a date of publication as fine as it is known: `2026-02` is `febrero 2026`."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(.*)", text or "")
    if match is None:
        return text or ""
    year, month, day, remark = match.groups()
    if month is None:
        return f"{year}{remark}"
    if day is None:
        return f"{month_name(date(int(year), int(month), 1))}{remark}"
    return t("{day} de {month} de {year}", day=int(day), month=t(MONTHS[int(month) - 1]), year=year) + remark


def window_label(first: date, last: date) -> str:
    """Return the months from `first` to `last` as people name them.

    `octubre 2025`, `enero–octubre 2025`, `2024`, `2023–2024` or `12 meses a octubre de 2025`.
    """
    whole_years = first.month == 1 and last.month == 12
    if whole_years:
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if first == last:
        return month_name(first)
    if first.year == last.year:
        return f"{t(MONTHS[first.month - 1])}–{month_name(last)}"
    if (last.year - first.year) * 12 + last.month - first.month == 11:
        return t("12 meses a {month} de {year}", month=t(MONTHS[last.month - 1]), year=last.year)
    return f"{month_name(first)}–{month_name(last)}"


def listing(words: Sequence[str], *, conjunction: str = "y") -> str:
    """Return `a, b y c`; in Spanish `y` becomes `e` before the sound i, and `o` becomes `u` before o."""
    if len(words) < 2:
        return "".join(words)
    joint = t(conjunction) if _in_english() else _before(words[-1].lower(), conjunction)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def _before(following: str, conjunction: str) -> str:
    if conjunction == "y" and following.startswith(("i", "í", "hi")) and not following.startswith("hie"):
        return "e"
    return "u" if conjunction == "o" and following.startswith(("o", "ó", "ho")) else conjunction


def _in_english() -> bool:
    return language() == ENGLISH
