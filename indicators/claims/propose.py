"""Proposes what a pasted sentence claims, by fixed rules; whoever asks corrects what is wrong."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from indicators import formats
from indicators.claims.claim import QUOTED, Claim, Quantity, quantity_of
from indicators.edition import Edition
from indicators.published import Period
from indicators.published.labels import NATION

ALIASES = {  # other names of regions, without accents
    "bio bio": "08",
    "bio-bio": "08",
    "arica": "15",
    "magallanes": "12",
    "aysen": "11",
    "aisen": "11",
    "ohiggins": "06",
    "region metropolitana": "13",
}
GROWTH_WORDS = r"crec|aument|subi|alza|incremen|expan|creci|variaci|repunt|avanz"
FALL_WORDS = r"cay|caid|baj|disminu|retroced|contra|reduj|descen"
SME_WORDS = r"pyme|mipyme|pymex|pequenas"
RULES: tuple[tuple[str, str, str], ...] = (  # first that fits: unit, words around the number, subject
    ("fraction", r"\bpib\b|producto interno|producto geografico", "gdp"),
    ("fraction", r"emple|trabajador|puestos de trabajo|mano de obra", "jobs"),
    ("fraction", rf"(?=.*(?:{GROWTH_WORDS}|{FALL_WORDS}))(?=.*(?:{SME_WORDS}))", "growth_sme"),
    ("fraction", rf"(?=.*(?:{GROWTH_WORDS}|{FALL_WORDS}))(?=.*(?:numero de|cantidad de))", "growth_firms"),
    ("fraction", rf"{GROWTH_WORDS}|{FALL_WORDS}", "growth"),
    ("fraction", r"nacional|del pais|de chile|chilenas", "share"),
    ("fraction", SME_WORDS, "sme_share"),
    ("fraction", "", "share"),
    ("usd", "", "level"),
    ("meetings", "", "event"),
    ("buyers", "", "event"),
    ("members", "", "event"),
    ("countries", "", "event"),
    ("firms", r"encuentro|rond|rued|feria|evento|reun|congreg|redes|particip|asist|convoc", "event"),
    ("firms", "", "firms"),
)
CLAUSE_END = re.compile(r"[,;]\s|\.\s|\s[ye]\s")
MONTHS = "|".join(formats.MONTHS)
FOUR_DIGITS = r"(?:19|20)\d{2}"
SPAN = re.compile(rf"({MONTHS})\s*(?:a|al|-|–|hasta|y)\s*({MONTHS})(?:\s+(?:de|del)?\s*({FOUR_DIGITS}))?")
MONTH = re.compile(rf"({MONTHS})\s+(?:de |del )?({FOUR_DIGITS})")
YEAR = re.compile(rf"\b{FOUR_DIGITS}\b")
HALVES = {"primer semestre": (1, 6), "segundo semestre": (7, 12)}
QUARTERS = {"primer": (1, 3), "segundo": (4, 6), "tercer": (7, 9), "cuarto": (10, 12)}


def propose(edition: Edition, sentence: str, *, region: str = NATION) -> tuple[Claim, ...]:
    """Return what a sentence claims, one claim per number; `region` is for a sentence that names none."""
    names = _region_names(edition)
    whole = plain(sentence)
    numbers = [match for match in QUOTED.finditer(sentence) if quantity_of(match).unit and not _is_date(match)]
    claims = []
    for number, around in zip(numbers, _contexts(sentence, numbers), strict=True):
        quantity = quantity_of(number)
        about = _about(str(quantity.unit), around)
        if about is not None:
            where = _region(around, names) or _region(whole, names) or region
            when = period_in(around) or period_in(whole)
            claims.append(Claim(_signed(quantity, around, about), about, where, when, sentence))
    return tuple(claims)


def plain(text: str) -> str:
    """Return the text in small letters without accents or apostrophes."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter) and letter not in "'’")


def _about(unit: str, around: str) -> str | None:
    return next((about for of_unit, words, about in RULES if of_unit == unit and re.search(words, around)), None)


def _contexts(sentence: str, numbers: Sequence[re.Match[str]]) -> Iterator[str]:
    """Yield the words that go with each number: its clause, up to the clause of another number."""
    ends = [0, *(match.end("number") for match in numbers[:-1])]
    starts = [*(match.start() for match in numbers[1:]), len(sentence)]
    for index, match in enumerate(numbers):
        before, after = sentence[ends[index] : match.start()], sentence[match.start() : starts[index]]
        if index > 0:
            before = CLAUSE_END.split(before, maxsplit=1)[-1]
        if index < len(numbers) - 1:
            after = CLAUSE_END.split(after, maxsplit=1)[0]
        yield plain(f"{before} {after}")


def _signed(quantity: Quantity, around: str, about: str) -> Quantity:
    """Return a growth with the sign of its verb: «cayó 18,5 %» is −18,5 %."""
    falls = about.startswith("growth") and re.search(FALL_WORDS, around) and not quantity.has_sign
    if not falls or quantity.value < 0:
        return quantity
    return Quantity(quantity.text, -quantity.value, quantity.rounding, quantity.unit, has_sign=True)


def _is_date(match: re.Match[str]) -> bool:
    """Whether the number is a day of a month or a bare year."""
    is_day = plain(match["noun"] or "") in formats.MONTHS
    return is_day or (match["unit"] is None and bool(YEAR.fullmatch(match["number"])))


def _region_names(edition: Edition) -> Mapping[str, str]:
    rows = edition.rows("SELECT region_code, name FROM core_region WHERE is_region")
    return {**{plain(str(row["name"])): str(row["region_code"]) for row in rows}, **ALIASES}


def _region(text: str, names: Mapping[str, str]) -> str | None:
    found = [(text.find(name), code) for name, code in names.items() if name in text]
    return min(found)[1] if found else None


def period_in(text: str) -> Period | None:
    """Return the rough period a plain text names: months of a year, a half, a quarter, or whole years."""
    years = [int(year) for year in YEAR.findall(text)]
    span = SPAN.search(text)
    if span and years:
        first, last = (formats.MONTHS.index(span[group]) + 1 for group in (1, 2))
        return _months(int(span[3] or years[-1]), first, last) if first <= last else None
    month = MONTH.search(text)
    if month:
        number = formats.MONTHS.index(month[1]) + 1
        return _months(int(month[2]), number, number)
    part = re.search(r"(primer|segundo|tercer|cuarto) (semestre|trimestre)", text)
    if part and years:
        first, last = HALVES.get(part[0]) or QUARTERS[part[1]]
        return _months(years[-1], first, last)
    return Period(date(min(years), 1, 1), date(max(years), 12, 31)) if years else None


def _months(year: int, first: int, last: int) -> Period:
    following = date(year + last // 12, last % 12 + 1, 1)
    return Period(date(year, first, 1), date.fromordinal(following.toordinal() - 1))
