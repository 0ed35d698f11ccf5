"""The notes of the ledger as a reader sees them, and the bounds they tell."""

import re
import tomllib
from functools import cache
from pathlib import Path

BOUNDS = (  # a printed number that is a bound or an approximation must be shown as one
    (re.compile(r"upper bound"), "menos de "),
    (re.compile(r'lower bound|">\d|"más de|"superaron"|"superó|"tras superar', re.IGNORECASE), "más de "),
    (re.compile(r'"poco más de'), "poco más de "),
    (re.compile(r'"casi'), "casi "),
    (re.compile(r'"aproximadamente"|"cerca de"'), "cerca de "),
)


@cache
def _spanish() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "notes.toml").read_text(encoding="utf-8"))


def in_spanish(note: str | None) -> str | None:
    """Return the note in Spanish; one that is not in the list is returned as it stands."""
    return _spanish().get(note, note) if note else None


def bound(note: str | None) -> str:
    """Return the words to put before a value that is a bound or an approximation, else nothing."""
    return next((words for pattern, words in BOUNDS if pattern.search(note or "")), "")
