"""From what people write to the codes of a question: `Biobío` → `08`, `CHN` → `336`, `Vino` → `prochile:vino`."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.question.dimensions import BLOCS, DIMENSIONS, NAME, SECTOR_SCHEMES
from words.formats import listing
from words.language import ENGLISH, catalogue, language, t
from words.letters import plain_letters

# -- Finds products by name or code, in Spanish or English, without minding accents, plurals or the order of
# words.

FOUND = 30
WHOLE, BEGUN, MISSING = range(3)
NAMES = "SELECT hs_code, name_es, name_en FROM core_hs"
EXPORTED = (
    "SELECT hs_code, sum(fob_usd)::DOUBLE AS fob_usd FROM mart_export_by_month WHERE hs_code <> '' GROUP BY hs_code"
)
LITTLE = frozenset({"de", "del", "la", "las", "el", "los", "y", "o", "u", "en", "a", "of", "the", "and", "or", "in"})
SYNONYMS = {"celulosa": ("pasta", "madera")}  # what people say → what the tariff says


@dataclass(frozen=True)
class Product:
    """A code of the tariff: `name` in the language in force; at eight digits, the name of its subheading."""

    hs_code: str
    level: int
    name: str


@dataclass(frozen=True, eq=False)
class _Entry:
    """A code, its value in the edition (for the order only) and the words of its two names, each after a space."""

    hs_code: str
    fob_usd: float
    names: Mapping[str, str]
    words: tuple[str, ...]


def products(edition: Edition, text: str, *, limit: int = FOUND) -> tuple[Product, ...]:
    """Return the products that match a text, best first, from chapters (2 digits) to the tariff's 8 digits.

    Digits look for codes that begin with them (`4407`, `4407.10`); words for names that have them all, in either
    language: whole words first, then beginnings of words; among equals, what the country exports most. Nothing asked,
    nothing found.
    """
    digits = re.sub(r"[\s.]", "", text)
    if digits.isdecimal():
        found = [entry for entry in _entries(edition) if entry.hs_code.startswith(digits)]
    else:
        words = words_of(text)
        asked = {words, tuple(other for word in words for other in SYNONYMS.get(word, (word,)))}
        ranks = {entry: min(_rank(entry, one) for one in asked) for entry in _entries(edition)} if words else {}
        found = sorted((entry for entry, rank in ranks.items() if rank < MISSING), key=lambda entry: ranks[entry])
    name = "name_en" if language() == ENGLISH else "name_es"
    return tuple(Product(one.hs_code, len(one.hs_code), one.names[name]) for one in found[:limit])


def _rank(entry: _Entry, words: tuple[str, ...]) -> int:
    """Return how well the better of two names has the words: all whole, some only begun, or not all."""
    for rank, end in ((WHOLE, " "), (BEGUN, "")):
        if any(all(f" {word}{end}" in own for word in words) for own in entry.words):
            return rank
    return MISSING


def _entries(edition: Edition) -> tuple[_Entry, ...]:
    """Return every code, what is exported most first; a whole before its parts."""
    return edition.once("products", lambda: _by_value(edition))


def _by_value(edition: Edition) -> tuple[_Entry, ...]:
    named = {row["hs_code"]: row for row in edition.constant(NAMES)}
    value: Counter[str] = Counter()
    for row in edition.constant(EXPORTED):
        code = row["hs_code"]
        for digits in range(2, len(code) + 1, 2):
            value[code[:digits]] += row["fob_usd"]
        heading = next((named[code[:digits]] for digits in (6, 4, 2) if code[:digits] in named), None)
        if heading and len(code) == 8:
            named[code] = heading
    made = [_entry(code, row, value[code]) for code, row in named.items()]
    return tuple(sorted(made, key=lambda entry: (-entry.fob_usd, len(entry.hs_code), entry.hs_code)))


def _entry(code: str, names: Mapping[str, Any], fob_usd: float) -> _Entry:
    words = tuple(f" {' '.join(words_of(names[name]))} " for name in ("name_es", "name_en"))
    return _Entry(code, fob_usd, names, words)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, without accents, capitals and the endings of plurals."""
    return tuple(_singular(word) for word in plain_words(text) if word not in LITTLE)


def plain_words(text: str) -> list[str]:
    """Return the runs of letters and digits of a text, in small letters without accents."""
    return re.findall(r"[a-z0-9]+", plain_letters(text))


def _singular(word: str) -> str:
    """`maderas` and `madera`, `cherries` and `cherry` are one word; `salmones` begins with `salmon`."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


# -- From what people write to the codes of a question: `Biobío` → `08`, `CHN` → `336`, `Vino` →
# `prochile:vino`.

LONGEST = 150  # characters of a name; the longest of customs' own has 125
LISTED = 8  # of more candidates only the count is said
BOTH = "name_es, name_en"
TABLES = {  # part of a question → where its codes are, and every way to write each
    "region": ("core_region", "region_code", "name", "name, official_name, iso_code"),
    "country": ("core_country", "country_code", NAME, f"{BOTH}, customs_name, iso2, iso3"),
    "sector": ("core_sector", "scheme || ':' || sector_id", NAME, f"sector_id, {BOTH}"),
    "service_type": ("core_service_type", "service_type_id", NAME, BOTH),
    "comuna": ("core_comuna WHERE is_current", "comuna_code", "name", "name"),
    "port": ("core_port", "port_code", "name", "name"),
    "office": ("core_customs_office", "customs_office_code", "name", "name"),
    "transport": ("core_transport", "transport_code", "name", "name"),
}
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "RM", "XIV", "XV", "XVI")
COMMON = {  # what people write and no official table has
    "region": {f"{number:02d}": (f"{numeral} region",) for number, numeral in enumerate(NUMERALS, start=1)},
    "country": {"225": ("EE. UU.",)},
}


@dataclass(frozen=True)
class Code:
    """A code that a filter takes, its name in the reader's language and every way to write it."""

    code: str
    label: str
    spellings: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label} ({self.code})"


def resolved(edition: Edition, parts: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a question with codes where names were written."""
    return {part: resolve(edition, part, value) if part in TABLES else value for part, value in parts.items()}


def resolve(edition: Edition, part: str, text: str) -> str:
    """Return the code of each thing in a list (`Biobío,Ñuble` → `08,16`), or say which ones a name could be.

    A code that no table knows is returned as it stands, for the records may know it. Raises QuestionError.
    """
    if not text.strip():
        return text
    whole = () if text in BLOCS else _spelled(*_within(edition, part, text))
    if len(whole) == 1:  # before commas are looked at: some names have one
        return whole[0].code
    if part == "sector":
        return _sectors(edition, text)
    return ",".join(_one(edition, part, piece) for piece in text.split(","))


def codes(edition: Edition, part: str) -> tuple[Code, ...]:
    """Return every code of a part, blocs of countries included."""
    return edition.once(f"codes in {language()}: {part}", lambda: _read(edition, part))


def _read(edition: Edition, part: str) -> tuple[Code, ...]:
    table, code, name, spellings = TABLES[part]
    sql = f"SELECT {code} AS code, {name} AS label, [{code}, {spellings}] AS spellings FROM {table}"
    rows = [
        Code(
            row["code"], t(row["label"]), (*filter(None, row["spellings"]), *COMMON.get(part, {}).get(row["code"], ()))
        )
        for row in edition.rows(sql.replace("{language}", language()))
    ]
    return (*(_blocs() if part == "country" else ()), *rows)


def matches(edition: Edition, part: str, text: str) -> tuple[Code, ...]:
    """Return what a name can be: what is written just so, else what has all its words."""
    among, name = _within(edition, part, text)
    words = set(words_of(name))
    return _spelled(among, name) or tuple(
        code for code in among if words and any(words <= set(words_of(spelling)) for spelling in code.spellings)
    )


def _within(edition: Edition, part: str, text: str) -> tuple[Sequence[Code], str]:
    """The codes among which a text is looked for, and the name in it: `ine:Pesca` looks in one scheme of sectors."""
    scheme, colon, name = text.partition(":")
    if part != "sector" or not colon:
        return codes(edition, part), text
    return [code for code in codes(edition, part) if code.code.startswith(f"{_letters(scheme)}:")], name


def _spelled(among: Sequence[Code], text: str) -> tuple[Code, ...]:
    """What has this very name, however its letters are joined: `bio-bio` is `Biobío`."""
    letters = _letters(text)
    return tuple(code for code in among if letters and letters in map(_letters, code.spellings))


def _letters(text: str) -> str:
    return "".join(plain_words(text))


def _one(edition: Edition, part: str, text: str) -> str:
    name = text.strip()
    if len(name) > LONGEST:  # no name: nobody would read it back, and comparing it takes long
        name = f"{name[: LONGEST - 1]}…"
    if name in BLOCS or name.isdecimal():
        return name.zfill(2) if part == "region" else name
    candidates = matches(edition, part, name)
    if len(candidates) == 1:
        return candidates[0].code
    what = t("sector") if part == "sector" else t(DIMENSIONS[part].label)
    if candidates:
        options = [*map(str, candidates[:LISTED])]
        options += [t("{n} más", n=len(candidates) - LISTED)] if len(candidates) > LISTED else []
        said = t(
            "«{name}» puede ser {options}; escriba el código.", name=name, options=listing(options, conjunction="o")
        )
        raise QuestionError(part, said)
    said = t("«{name}» no es código ni nombre de {what}.", name=name, what=what)
    close = _close(codes(edition, part), name)
    raise QuestionError(part, f"{said} {t('¿Quiso decir {options}?', options=close)}" if close else said)


def _close(among: tuple[Code, ...], name: str) -> str:
    """The names that are written most like this one."""
    by_letters = {_letters(spelling): code for code in among for spelling in code.spellings if len(spelling) > 3}
    near = get_close_matches(_letters(name), by_letters, n=3, cutoff=0.75)
    return listing([*map(str, dict.fromkeys(by_letters[letters] for letters in near))], conjunction="o")


def _sectors(edition: Edition, text: str) -> str:
    """Sectors of one scheme: `prochile:Vino,Minería` → `prochile:vino,mineria`."""
    first, colon, rest = text.partition(":")
    scheme = f"{_letters(first)}:" if colon else ""
    if colon and scheme[:-1] not in SECTOR_SCHEMES:
        return text  # the question says which schemes there are
    chosen = [_one(edition, "sector", f"{scheme}{name.strip()}") for name in (rest if colon else text).split(",")]
    schemes = {code.partition(":")[0] for code in chosen}
    if len(schemes) > 1:
        said = t("«{sectors}» son de clasificaciones distintas, que no se combinan.", sectors=",".join(chosen))
        raise QuestionError("sector", said)
    return f"{schemes.pop()}:{','.join(code.partition(':')[2] for code in chosen)}"


def _blocs() -> tuple[Code, ...]:
    english = catalogue("en")
    return tuple(
        Code(name, t(bloc.label), (name, bloc.label, english.get(bloc.label, bloc.label)))
        for name, bloc in BLOCS.items()
    )
