"""What a claim says: a number with its rounding, what it is about, of which region and roughly when."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from indicators import formats
from indicators.calendar import Window
from indicators.errors import QuestionError
from indicators.language import t
from indicators.published import Period
from indicators.published.labels import NATION

NUMBER = r"(?<!\d)(?:\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,6})?|\d{1,15}(?:[.,]\d{1,6})?)(?!\d)"
QUOTED = re.compile(
    rf"(?P<sign>[+\-−–]\s?)?(?P<dollar>US\$|USD|U\$S|\$)?\s*(?P<number>{NUMBER})\s*"
    r"(?P<unit>%|por ciento|(?:mil )?millones|millón|MMUSD|MUSD|MM|mil\b)?\s*(?:de\s+)?(?P<noun>[^\W\d_]+)?",
    re.IGNORECASE,
)
SCALES = {
    "mil millones": 1e9,
    "millones": 1e6,
    "millón": 1e6,
    "musd": 1e6,
    "mmusd": 1e6,
    "mm": 1e6,
    "mil": 1e3,
}
NOUNS = {  # first letters of the noun after the number → unit of the ledger
    "dólar": "usd",
    "dolar": "usd",
    "rond": "meetings",
    "rued": "meetings",
    "reunion": "meetings",
    "import": "buyers",
    "comprador": "buyers",
    "socio": "members",
    "asociad": "members",
    "export": "firms",
    "empresa": "firms",
    "pyme": "firms",
    "mipyme": "firms",
    "firma": "firms",
    "país": "countries",
    "mercado": "countries",
    "producto": "products",
    "tonelada": "tonnes",
}


@dataclass(frozen=True)
class About:
    """One kind of thing a quoted number can be about."""

    label: str
    units: tuple[str, ...]


ABOUTS: Mapping[str, About] = {
    "share": About("parte de las exportaciones del país", ("fraction",)),
    "growth": About("crecimiento del valor exportado", ("fraction",)),
    "growth_firms": About("crecimiento del número de empresas exportadoras", ("fraction",)),
    "growth_sme": About("crecimiento de las pymes exportadoras", ("fraction",)),
    "sme_share": About("peso de las pymes entre los exportadores o en su valor", ("fraction",)),
    "jobs": About("peso de las pymes en el empleo", ("fraction",)),
    "gdp": About("peso de las pymes en el PIB", ("fraction",)),
    "level": About("valor exportado", ("usd",)),
    "firms": About("número de empresas exportadoras o pymes exportadoras", ("firms",)),
    "event": About("dato de un encuentro de negocios", ("firms", "meetings", "buyers", "members", "countries")),
}


@dataclass(frozen=True)
class Quantity:
    """A quoted number: normalised value, half a unit of its last printed digit, and unit."""

    text: str
    value: float
    rounding: float
    unit: str | None
    has_sign: bool

    def agrees(self, value: float) -> bool:
        """Whether a value rounds to the quoted number."""
        return abs(value - self.value) <= self.rounding * (1 + 1e-9)


@dataclass(frozen=True)
class Claim:
    """A quoted figure as the user left it. `period` None means any."""

    quantity: Quantity
    about: str
    region: str = NATION
    period: Period | None = None
    sentence: str | None = None

    @property
    def about_label(self) -> str:
        """What the claim is about, in Spanish."""
        return ABOUTS[self.about].label

    def covers(self, period: Period) -> bool:
        """Whether a figure of that period can be what was meant: its last year is one the claim speaks of."""
        return self.period is None or self.period.start.year <= period.end.year <= self.period.end.year


def read_claim(
    number: str, *, about: str, region: str = NATION, period: str | None = None, sentence: str | None = None
) -> Claim:
    """Return the claim a form or a command describes; raises QuestionError when it makes no sense."""
    quantity = read_quantity(number)
    if quantity is None:
        raise QuestionError(
            "number", f"«{number}» no es una cifra que se entienda; por ejemplo: 12 %, US$ 4.230 millones."
        )
    if about not in ABOUTS:
        options = formats.listing(tuple(ABOUTS), conjunction="o")
        raise QuestionError("about", f"El tema «{about}» no existe; use {options}.")
    units = ABOUTS[about].units
    if quantity.unit is None:  # a bare number takes the unit of its subject, where it has only one
        if len(units) > 1:
            text = t(
                "«{number}» no dice de qué es; escriba por ejemplo {number} empresas, rondas o socios.", number=number
            )
            raise QuestionError("number", text)
        quantity = with_unit(quantity, units[0])
    if quantity.unit not in units:
        raise QuestionError("about", f"«{number}» no puede ser {ABOUTS[about].label}; cambie la cifra o el tema.")
    return Claim(quantity, about, region, read_period(period) if period else None, sentence)


def read_quantity(text: str) -> Quantity | None:
    """Return the first number of a text with its unit; `4.230` is thousands and `12,5` a decimal."""
    match = QUOTED.search(text)
    return quantity_of(match) if match else None


def quantity_of(match: re.Match[str]) -> Quantity:
    """Return the quantity of a match of `QUOTED`."""
    value, decimals = _plain(match["number"])
    word = (match["unit"] or "").lower()
    unit = "fraction" if word in ("%", "por ciento") else _unit(match, word)
    scale = 0.01 if unit == "fraction" else SCALES.get(word, 1.0)
    is_negative = (match["sign"] or "").strip() in {"-", "−", "–"}
    return Quantity(
        text=_text(match),
        value=value * scale * (-1 if is_negative else 1),
        rounding=0.5 * scale * 10.0**-decimals,
        unit=unit,
        has_sign=match["sign"] is not None,
    )


def with_unit(quantity: Quantity, unit: str) -> Quantity:
    """Return a bare number read in a unit: 12 as a percentage, 4.230 as millions of dollars."""
    scale = {"fraction": 0.01, "usd": 1e6}.get(unit, 1.0)
    return Quantity(quantity.text, quantity.value * scale, quantity.rounding * scale, unit, quantity.has_sign)


def read_period(text: str) -> Period:
    """Return the period written as `2024`, `2025-10` or `2025-01..2025-10`."""
    window = Window.parse(text)
    return Period(window.first, last_day(window.last))


def _text(match: re.Match[str]) -> str:
    """Return the number as quoted, with the noun only where the noun is its unit."""
    is_unit = match["noun"] and _unit_of(match["noun"]) and match["unit"] not in ("%", "por ciento")
    return (
        match[0] if is_unit else match[0][: match.end("unit" if match["unit"] else "number") - match.start()]
    ).strip()


def _unit_of(noun: str) -> str | None:
    return next((unit for start, unit in NOUNS.items() if noun.lower().startswith(start)), None)


def _unit(match: re.Match[str], word: str) -> str | None:
    if match["dollar"] or "usd" in word:
        return "usd"
    unit = _unit_of(match["noun"] or "")
    return "usd" if unit is None and "mill" in word else unit


def _plain(text: str) -> tuple[float, int]:
    """Return the value and the decimals of a number written in Spanish."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        text = text.replace(".", "")
    whole, _, decimals = text.replace(",", ".").partition(".")
    return float(f"{whole}.{decimals or 0}"), len(decimals)


def last_day(month: date) -> date:
    """Return the last day of the month that begins on this date."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])
