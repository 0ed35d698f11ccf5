"""Finds products by name or code, in Spanish or English, without minding accents, plurals or the order of words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indicators.edition import Edition
from indicators.language import ENGLISH, language

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
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _singular(word: str) -> str:
    """`maderas` and `madera`, `cherries` and `cherry` are one word; `salmones` begins with `salmon`."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
