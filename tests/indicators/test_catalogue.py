"""The English catalogue is whole: every text of the code has its English, and nothing else is in it."""

import re
from collections import Counter

from babel.messages.pofile import read_po

from tests.texts import ROOT, literals, untranslated
from words.language import CATALOGUES, ENGLISH, catalogue

READ = ("data/reference/*.csv", "indicators/**/*.toml", "etl/**/*.sql", "etl/**/*.toml")
SQL_JOINT = re.compile(r"'\s*\|\|\s*'")
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def test_every_text_of_the_code_has_its_english() -> None:
    assert untranslated() == []


def test_a_translation_has_the_places_of_its_text() -> None:
    wrong = [
        spanish
        for spanish, english in catalogue(ENGLISH).items()
        if set(PLACEHOLDER.findall(spanish)) != set(PLACEHOLDER.findall(english))
    ]
    assert wrong == []


def test_no_translation_is_of_a_text_that_is_gone() -> None:
    """A text is a literal of the code, or stands in a table, a contract or a query that what is shown is read from."""
    read = "".join(file.read_text(encoding="utf-8") for pattern in READ for file in ROOT.glob(pattern))
    known = SQL_JOINT.sub("", read) + "\n".join(literals())
    assert [text for text in catalogue(ENGLISH) if text not in known and quoted(text) not in known] == []


def test_no_text_is_translated_twice() -> None:
    with (CATALOGUES / "en.po").open("rb") as file:
        read_po(file, abort_invalid=True)
    heads = re.findall(r'^msgid (.+(?:\n".*")*)', (CATALOGUES / "en.po").read_text(encoding="utf-8"), re.MULTILINE)
    assert [text for text, times in Counter(heads).items() if times > 1] == []


def quoted(text: str) -> str:
    """Return a text as CSV and TOML write it."""
    return text.replace('"', '""') if '"' in text else text
