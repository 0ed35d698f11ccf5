"""How numbers, months and lists are written for a Chilean reader. Rounding happens here and nowhere else."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "s/d"

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
    """Return `1234.5` as `1.234,5`, with a true minus sign; a missing value is `s/d`."""
    if value is None:
        return MISSING
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    digits = f"{abs(rounded):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS if rounded < 0 else ''}{digits}"


def signed(value: float | int | Decimal | None, decimals: int = 0) -> str:
    """Return the number with its sign in front, `+` included; what rounds to zero has none."""
    text = number(value, decimals)
    is_positive = not text.startswith(MINUS) and any(digit in "123456789" for digit in text)
    return f"+{text}" if is_positive else text


def percent(fraction: float | None, decimals: int = 1, *, sign: bool = False) -> str:
    """Return the fraction `-0.161` as `−16,1 %`."""
    if fraction is None:
        return MISSING
    write = signed if sign else number
    return f"{write(Decimal(str(fraction)) * 100, decimals)}{NBSP}%"


def points(fraction: float | None, decimals: int = 1) -> str:
    """Return the fraction `0.023` as `+2,3 pp` (percentage points)."""
    return MISSING if fraction is None else f"{signed(Decimal(str(fraction)) * 100, decimals)}{NBSP}pp"


def usd_millions(value: float | Decimal | None, decimals: int = 1, *, sign: bool = False) -> str:
    """Return US dollars as `US$ 4.230,0 millones`."""
    if value is None:
        return MISSING
    write = signed if sign else number
    return f"US${NBSP}{write(Decimal(str(value)) / 1_000_000, decimals)} millones"


def usd(value: float | Decimal | None, *, sign: bool = False) -> str:
    """Return US dollars in millions, or in full when they are less than one million."""
    if value is None or abs(float(value)) >= 1_000_000:
        return usd_millions(value, sign=sign)
    return f"US${NBSP}{(signed if sign else number)(value)}"


def quantity(value: float | int | None, unit: str, *, sign: bool = False) -> str:
    """Return a value of any metric with its unit, as a page shows it."""
    if value is None:
        return MISSING
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
    return f"{digits} {noun}" if noun else digits


def in_cell(value: float | int | None, unit: str) -> str:
    """Return a value as a narrow cell has room for it: dollars in millions, units left to the heading."""
    return number(float(value) / 1_000_000, 1) if unit == "usd" and value is not None else quantity(value, unit)


UNIT_NOUNS = {"firms": "empresas", "products": "productos", "countries": "destinos"}


def month_name(month: date) -> str:
    """Return `octubre 2025`."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def short_month(month: date) -> str:
    """Return `oct 25`, as an axis has room for."""
    return f"{MONTHS[month.month - 1][:3]} {month.year % 100:02d}"


def printed_on(text: str | None) -> str:
    """Return a date of publication as fine as it is known: `2026-02` is `febrero 2026`."""
    found = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(.*)", text or "")
    if found is None:
        return text or ""
    year, month, day, remark = found.groups()
    if month is None:
        return f"{year}{remark}"
    named = month_name(date(int(year), int(month), 1))
    return f"{int(day)} de {named.replace(' ', ' de ')}{remark}" if day else f"{named}{remark}"


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
        return f"{MONTHS[first.month - 1]}–{month_name(last)}"
    if (last.year - first.year) * 12 + last.month - first.month == 11:
        return f"12 meses a {MONTHS[last.month - 1]} de {last.year}"
    return f"{month_name(first)}–{month_name(last)}"


def listing(words: Sequence[str], *, conjunction: str = "y") -> str:
    """Return `a, b y c`; `y` becomes `e` before the sound i, and `o` becomes `u` before o."""
    if len(words) < 2:
        return "".join(words)
    following = words[-1].lower()
    if conjunction == "y" and following.startswith(("i", "í", "hi")) and not following.startswith("hie"):
        conjunction = "e"
    if conjunction == "o" and following.startswith(("o", "ó", "ho")):
        conjunction = "u"
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
