"""The notes of the ledger as a reader sees them, and the bounds they tell."""

import re
import tomllib
from functools import cache
from pathlib import Path

from indicators.language import SPANISH, language, t

LESS = "menos de {value}"
BOUNDS = (  # a printed number that is a bound or an approximation must be shown as one
    (re.compile(r"upper bound"), LESS),
    (re.compile(r'lower bound|">\d|"más de|"superaron"|"superó|"tras superar', re.IGNORECASE), "más de {value}"),
    (re.compile(r'"poco más de\b'), "poco más de {value}"),
    (re.compile(r'"casi'), "casi {value}"),
    (re.compile(r'"aproximadamente"|"cerca de"'), "cerca de {value}"),
)


@cache
def _spanish() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "notes.toml").read_text(encoding="utf-8"))


def note_text(note: str | None) -> str | None:
    """Return the note in the reader's language; one that no list knows is returned as it stands.

    The ledger's notes are in English, but for those of the customs tables. Where the English speaks to whoever keeps
    the ledger («as above», «see REPORT»), the catalogue has English for readers.
    """
    if not note:
        return None
    spanish = _spanish().get(note, note)
    if language() == SPANISH:
        return spanish
    said = t(spanish)
    return said if said != spanish else note


def bound(note: str | None) -> str:
    """Return how a value that is a bound or an approximation is said, in Spanish: `más de {value}`; else nothing."""
    return next((words for pattern, words in BOUNDS if pattern.search(note or "")), "")
