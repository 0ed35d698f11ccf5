"""Proposes what a pasted sentence claims, by fixed rules; a claim as the short texts of a link, and back."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from editions.edition import Edition
from indicators.claims.claim import Claim
from indicators.claims.quantity import QUOTED, Quantity, quantity_of
from indicators.published import Period
from indicators.question.scope import NATION
from words import formats
from words.language import ENGLISH, SPANISH, catalogue

# -- The words that sentences of the news are read by, in Spanish and in English, as patterns over plain text.


@dataclass(frozen=True)
class Vocabulary:
    """How one language says the things that claims are about. `usual` are the words that tell the language."""

    usual: str
    clause_end: str
    growth: str
    fall: str
    smes: str
    number_of: str
    gdp: str
    jobs: str
    nation: str
    event: str

    @property
    def rules(self) -> tuple[tuple[str, str, str], ...]:
        """Unit, words around the number, subject: the first rule that fits says what a number is about."""
        moved = rf"{self.growth}|{self.fall}"
        return (
            ("fraction", self.gdp, "gdp"),
            ("fraction", self.jobs, "jobs"),
            ("fraction", rf"(?=.*(?:{moved}))(?=.*(?:{self.smes}))", "growth_sme"),
            ("fraction", rf"(?=.*(?:{moved}))(?=.*(?:{self.number_of}))", "growth_firms"),
            ("fraction", moved, "growth"),
            ("fraction", self.nation, "share"),
            ("fraction", self.smes, "sme_share"),
            ("fraction", "", "share"),
            ("usd", "", "level"),
            ("meetings", "", "event"),
            ("buyers", "", "event"),
            ("members", "", "event"),
            ("countries", "", "event"),
            ("firms", self.event, "event"),
            ("firms", "", "firms"),
        )


VOCABULARIES: Mapping[str, Vocabulary] = {
    SPANISH: Vocabulary(
        usual=r"\b(?:el|la|los|las|de|del|y|en|por|con|su|sus|al|un|una|que|se|fue|mas|hay|pymes?|empresas|exportaciones"
        r"|exporto|crecio|crecieron|cayo|cayeron|empleo|pib|millones)\b",
        clause_end=r"[,;]\s|\.\s|\s[ye]\s",
        growth=r"crec|aument|subi|alza|incremen|expan|creci|variaci|repunt|avanz",
        fall=r"cay|caid|\bbaj|disminu|retroced|contra[ceij]|reduj|descen",
        smes=r"pyme|mipyme|pymex|pequenas",
        number_of=r"numero de|cantidad de",
        gdp=r"\bpib\b|producto interno|producto geografico",
        jobs=r"emple|trabajador|puestos de trabajo|mano de obra",
        nation=r"nacional|del pais|de chile|chilenas",
        event=r"encuentro|rond|rued|feria|evento|reun|congreg|redes|particip|asist|convoc",
    ),
    ENGLISH: Vocabulary(
        usual=r"\b(?:the|of|and|in|by|for|from|with|its|is|are|was|were|than|there|smes?|firms|companies|exports|exporting"
        r"|exporters|exported|grew|rose|fell|jobs|gdp|million|billion)\b",
        clause_end=r"[,;]\s|\.\s|\sand\s",
        growth=r"\bgr[eo]w|\brose\b|\bris(?:e|es|en|ing)\b|increas|expan|climb|jump|surg|rebound|\bup (?:by )?\d",
        fall=r"\bfell\b|\bfall(?:s|en|ing)?\b|drop|declin|decreas|shr[aiu]nk|\bcontract(?:ed|ion)\b|slump"
        r"|\bdown (?:by )?\d",
        smes=r"\bm?smes?\b|pyme|small (?:and|firms|businesses|companies)",
        number_of=r"number of",
        gdp=r"\bgdp\b|gross (?:domestic|regional|national) product",
        jobs=r"\bjobs?\b|employ|\bworkers?\b|workforce",
        nation=r"national|countrys|the country|of chile|chiles|chilean",
        event=r"meeting|round|fair|event|gather|brought together|redes|attend|particip",
    ),
}


def language_of(text: str) -> str:
    """Return the language that a plain text is written in: the one with more of its usual words in it, else Spanish."""
    counted = {code: len(re.findall(words.usual, text)) for code, words in VOCABULARIES.items()}
    return max(counted, key=lambda code: counted[code])


# -- Proposes what a pasted sentence in Spanish or English claims, by fixed rules; whoever asks corrects it.

ALIASES = {  # other names of regions, without accents
    "bio bio": "08",
    "bio-bio": "08",
    "arica": "15",
    "magallanes": "12",
    "aysen": "11",
    "aisen": "11",
    "ohiggins": "06",
    "region metropolitana": "13",
    "metropolitan region": "13",
}
MONTHS = {  # in both languages
    **{name: number for number, name in enumerate(formats.MONTHS, start=1)},
    **{catalogue(ENGLISH)[name].lower(): number for number, name in enumerate(formats.MONTHS, start=1)},
}
ORDINALS = {"primer": 1, "segundo": 2, "tercer": 3, "cuarto": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
PARTS = {"semestre": 6, "trimestre": 3, "half": 6, "semester": 6, "quarter": 3}  # of a year → months
MONTH_NAMES = "|".join(MONTHS)
FOUR_DIGITS = r"(?:19|20)\d{2}"
TO = r"a|al|-|–|hasta|y|to|through|until|and"
SPAN = re.compile(rf"({MONTH_NAMES})\s*(?:{TO})\s*({MONTH_NAMES})(?:\s+(?:de|del|of)?\s*({FOUR_DIGITS}))?")
MONTH = re.compile(rf"({MONTH_NAMES})\s+(?:de |del |of )?({FOUR_DIGITS})")
PART = re.compile(rf"({'|'.join(ORDINALS)}) ({'|'.join(PARTS)})")
YEAR = re.compile(rf"\b{FOUR_DIGITS}\b")


def propose(edition: Edition, sentence: str, *, region: str = NATION) -> tuple[Claim, ...]:
    """Return what a sentence claims, one claim per number; `region` is for a sentence that names none."""
    names = _region_names(edition)
    whole = plain(sentence)
    written_in = language_of(re.sub("|".join(map(re.escape, names)), " ", whole))
    words = VOCABULARIES[written_in]
    numbers = [match for match in QUOTED.finditer(sentence) if quantity_of(match).unit and not _is_date(match)]
    claims = []
    for number, around in zip(numbers, _contexts(sentence, numbers, words), strict=True):
        quantity = quantity_of(number, written_in)
        about = _about(str(quantity.unit), around, words)
        if about is not None:
            where = _region(around, names) or _region(whole, names) or region
            when = period_in(around) or period_in(whole)
            if re.search(words.fall, around):
                quantity = _fallen(quantity, about)
            claims.append(Claim(quantity, about, where, when, sentence))
    return tuple(claims)


def plain(text: str) -> str:
    """Return the text in small letters without accents or apostrophes."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter) and letter not in "'’")


def _about(unit: str, around: str, words: Vocabulary) -> str | None:
    return next((about for of, pattern, about in words.rules if of == unit and re.search(pattern, around)), None)


def _contexts(sentence: str, numbers: Sequence[re.Match[str]], words: Vocabulary) -> Iterator[str]:
    """Yield the words that go with each number: its clause, up to the clause of another number."""
    ends = [0, *(match.end("number") for match in numbers[:-1])]
    starts = [*(match.start() for match in numbers[1:]), len(sentence)]
    for index, match in enumerate(numbers):
        before, after = sentence[ends[index] : match.start()], sentence[match.start() : starts[index]]
        if index > 0:
            before = re.split(words.clause_end, before, maxsplit=1)[-1]
        if index < len(numbers) - 1:
            after = re.split(words.clause_end, after, maxsplit=1)[0]
        yield plain(f"{before} {after}")


def _fallen(quantity: Quantity, about: str) -> Quantity:
    """Return a growth with the sign of its verb: «cayó 18,5 %» is −18,5 %."""
    if not about.startswith("growth") or quantity.has_sign:
        return quantity
    other = None if quantity.mistakable is None else -quantity.mistakable
    return replace(quantity, value=-quantity.value, has_sign=True, mistakable=other)


def _is_date(match: re.Match[str]) -> bool:
    """Whether the number is a day of a month or a bare year."""
    is_day = plain(match["noun"] or "") in MONTHS
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
        first, last = (MONTHS[span[group]] for group in (1, 2))
        return _months(int(span[3] or years[-1]), first, last) if first <= last else None
    month = MONTH.search(text)
    if month:
        return _months(int(month[2]), MONTHS[month[1]], MONTHS[month[1]])
    part = PART.search(text)
    if part and years:
        last = ORDINALS[part[1]] * PARTS[part[2]]
        return _months(years[-1], last - PARTS[part[2]] + 1, last) if last <= 12 else None
    return Period(date(min(years), 1, 1), date(max(years), 12, 31)) if years else None


def _months(year: int, first: int, last: int) -> Period:
    following = date(year + last // 12, last % 12 + 1, 1)
    return Period(date(year, first, 1), date.fromordinal(following.toordinal() - 1))
