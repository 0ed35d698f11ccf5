"""The English catalogue is whole: every text of the code has its English, and nothing else is in it."""

import csv
import re
from collections import Counter
from pathlib import Path

from babel.messages.pofile import read_po

from indicators.language import CATALOGUES, ENGLISH, catalogue
from tests.texts import ROOT, literals, untranslated

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
    known = set(literals()) | {value for file in (ROOT / "data" / "reference").glob("*.csv") for value in cells(file)}
    assert sorted(set(catalogue(ENGLISH)) - known) == []


def test_no_text_is_translated_twice() -> None:
    with (CATALOGUES / "en.po").open("rb") as file:
        read_po(file, abort_invalid=True)
    heads = re.findall(r'^msgid (.+(?:\n".*")*)', (CATALOGUES / "en.po").read_text(encoding="utf-8"), re.MULTILINE)
    assert [text for text, times in Counter(heads).items() if times > 1] == []


def cells(file: Path) -> set[str]:
    with file.open(encoding="utf-8", newline="") as text:
        return {cell for row in csv.reader(text) for cell in row}
