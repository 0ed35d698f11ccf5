"""A quoted number with its unit: how it is read in a text, and which of its marks is the decimal one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from words.formats import TO_CHILEAN
from words.language import ENGLISH, SPANISH, language

NUMBER = (
    r"(?<!\d)(?:\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,6})?|\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?"
    r"|\d{1,15}(?:[.,]\d{1,6})?)(?!\d)"
)
QUOTED = re.compile(
    rf"(?P<sign>[+\-−–]\s?)?(?P<dollar>US\$|USD|U\$S|\$)?\s*(?P<number>{NUMBER})\s*"
    r"(?P<unit>%|por ciento|per ?cent\b|(?:mil )?millones|millón|million\b|billion\b|thousand\b|MMUSD|MUSD|MM|mil\b"
    r"|(?(dollar)(?:bn|m)\b|(?!)))?\s*(?:de\s+|business\s+)?(?P<noun>[^\W\d_]+)?",
    re.IGNORECASE,
)
THOUSANDS = {SPANISH: ".", ENGLISH: ","}  # the mark between the thousands; the other one is the decimal mark
PERCENT = {"%": None, "por ciento": SPANISH, "percent": ENGLISH, "per cent": ENGLISH}
SCALES: Mapping[str, tuple[float, str | None]] = {  # word → what it multiplies by, the language it is of
    "mil millones": (1e9, SPANISH),
    "millones": (1e6, SPANISH),
    "millón": (1e6, SPANISH),
    "mil": (1e3, SPANISH),
    "billion": (1e9, ENGLISH),
    "bn": (1e9, ENGLISH),
    "million": (1e6, ENGLISH),
    "thousand": (1e3, ENGLISH),
    "musd": (1e6, None),
    "mmusd": (1e6, None),
    "mm": (1e6, None),
    "m": (1e6, None),
}
NOUNS: Mapping[str | None, Mapping[str, str]] = {  # language → first letters of the noun after the number → unit
    SPANISH: {
        "dólar": "usd",
        "dolar": "usd",
        "rond": "meetings",
        "rued": "meetings",
        "reunion": "meetings",
        "comprador": "buyers",
        "socio": "members",
        "asociad": "members",
        "empresa": "firms",
        "firma": "firms",
        "país": "countries",
        "mercado": "countries",
        "producto": "products",
        "tonelada": "tonnes",
    },
    ENGLISH: {
        "dollar": "usd",
        "round": "meetings",
        "meeting": "meetings",
        "buyer": "buyers",
        "member": "members",
        "firms": "firms",
        "compan": "firms",
        "sme": "firms",
        "countr": "countries",
        "markets": "countries",
        "products": "products",
        "tonne": "tonnes",
    },
    None: {
        "import": "buyers",
        "export": "firms",
        "pyme": "firms",
        "mipyme": "firms",
    },
}
COUNTED = frozenset(unit for units in NOUNS.values() for unit in units.values()) - {"usd", "tonnes"}  # no decimals


@dataclass(frozen=True)
class Quantity:
    """A quoted number: normalised value, half a unit of its last printed digit, and unit.

    `mistakable` is the value it would have if its one mark, which stands before three digits, meant the other thing;
    None where the number can be read in one way only, or is written as its language writes it.
    """

    text: str
    value: float
    rounding: float
    unit: str | None
    has_sign: bool
    mistakable: float | None = None

    def agrees(self, value: float) -> bool:
        """Whether a value rounds to the quoted number."""
        return abs(value - self.value) <= self.rounding * (1 + 1e-9)


def read_quantity(text: str) -> Quantity | None:
    """Return the first number of a text with its unit; in Spanish `4.230` is thousands and `12,5` a decimal."""
    match = QUOTED.search(text)
    return quantity_of(match) if match else None


def quantity_of(match: re.Match[str], spoken: str | None = None) -> Quantity:
    """Return the quantity of a match of `QUOTED`, in a text of a language (by default the reader's).

    The words after the number (`millones`, `companies`) say better than the text which language it is written in.
    """
    word = re.sub(r"\s+", " ", (match["unit"] or "").lower())
    unit = "fraction" if word in PERCENT else _unit(match, word)
    factor, of_word = (0.01, PERCENT[word]) if unit == "fraction" else SCALES.get(word, (1.0, None))
    style = of_word or _noun(match)[1] or spoken or language()
    value, decimals, other = _plain(match["number"], style, is_whole=unit in COUNTED and factor == 1.0)
    sign = -1 if (match["sign"] or "").strip() in {"-", "−", "–"} else 1
    return Quantity(
        text=_text(match, word),
        value=value * factor * sign,
        rounding=0.5 * factor * 10.0**-decimals,
        unit=unit,
        has_sign=match["sign"] is not None,
        mistakable=None if other is None else other * factor * sign,
    )


def with_unit(quantity: Quantity, unit: str) -> Quantity:
    """Return a bare number read in a unit: 12 as a percentage, 4.230 as millions of dollars."""
    value, rounding, other = quantity.value, quantity.rounding, quantity.mistakable
    if unit in COUNTED and other is not None and rounding < 0.5:
        value, rounding, other = other, 0.5, value
    scale = {"fraction": 0.01, "usd": 1e6}.get(unit, 1.0)
    other = None if other is None else other * scale
    return Quantity(quantity.text, value * scale, rounding * scale, unit, quantity.has_sign, other)


def rewritten(quantity: Quantity) -> str:
    """Return a text that the reader's language reads as the quantity: as quoted, else with its marks changed over."""
    again = read_quantity(quantity.text)
    if again and again.unit is None and quantity.unit:
        again = with_unit(again, quantity.unit)
    is_same = again is not None and (abs(again.value), again.rounding) == (abs(quantity.value), quantity.rounding)
    return quantity.text if is_same else quantity.text.translate(TO_CHILEAN)


def _text(match: re.Match[str], word: str) -> str:
    """Return the number as quoted, with the noun only where the noun is its unit."""
    is_unit = _noun(match)[0] and word not in PERCENT
    end = match.end() if is_unit else match.end("unit" if match["unit"] else "number")
    return match[0][: end - match.start()].strip()


def _noun(match: re.Match[str]) -> tuple[str | None, str | None]:
    """Return the unit that the noun names and the language it is of; None where there is none or it is of both."""
    noun = (match["noun"] or "").lower()
    known = ((unit, code) for code, units in NOUNS.items() for start, unit in units.items() if noun.startswith(start))
    return next(known, (None, None))


def _unit(match: re.Match[str], word: str) -> str | None:
    if match["dollar"] or "usd" in word:
        return "usd"
    unit = _noun(match)[0]
    return "usd" if unit is None and ("mill" in word or "bill" in word) else unit


def _plain(text: str, style: str, *, is_whole: bool) -> tuple[float, int, float | None]:
    """Return the value, its decimals and, where its mark can be mistaken, the value that the other reading gives."""
    marks = re.findall(r"[.,]", text)
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text):
        grouped, decimal = float(re.sub(r"[.,]", "", text)), float(text.replace(",", "."))
        if marks[0] == THOUSANDS[style]:
            return grouped, 0, None
        return (grouped, 0, decimal) if is_whole else (decimal, 3, grouped)
    is_grouped_only = len(marks) > 1 and len(set(marks)) == 1  # 1.300.000
    whole, _, decimals = (text, "", "") if is_grouped_only or not marks else text.rpartition(marks[-1])
    return float(f"{re.sub(r'[.,]', '', whole)}.{decimals or 0}"), len(decimals), None
