"""The reader's language. The code says everything in Spanish; `t` gives it in the language of the moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

SPANISH, ENGLISH = "es", "en"
LANGUAGES = (SPANISH, ENGLISH)
HTML_LANGUAGE = {SPANISH: "es-CL", ENGLISH: "en"}
CATALOGUES = Path(__file__).parent / "locale"  # one `<language>.po` each, which any translation tool can edit
_language: ContextVar[str] = ContextVar("language", default=SPANISH)


def language() -> str:
    """Return the language in force in this thread of work: `es` unless something else was chosen."""
    return _language.get()


def speak(code: str) -> None:
    """Choose the language of all that follows in this thread of work; an unknown one means Spanish."""
    _language.set(code if code in LANGUAGES else SPANISH)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Choose the language for a while."""
    before = _language.set(code)
    try:
        yield
    finally:
        _language.reset(before)


def t(text: str, **values: object) -> str:
    """Return a Spanish text in the language in force, with `{named}` values put in.

    A text without translation stays in Spanish; a test keeps the catalogue whole.
    """
    sentence = text if language() == SPANISH else catalogue(language()).get(text, text)
    return sentence.format(**values) if values else sentence


@cache
def catalogue(code: str) -> dict[str, str]:
    """Return the translations into a language: Spanish text → text."""
    path = CATALOGUES / f"{code}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}
