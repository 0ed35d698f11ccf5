"""Cells of a spreadsheet (XLSX) that hold no value: formulas never computed, and errors. Readers give both as empty."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

NO_VALUE = "es una fórmula sin su valor; abra el libro en Excel, guárdelo y cárguelo de nuevo"
REFERENCE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
CHUNK = 1 << 16
MOST = 10_000  # of a sheet: more are of the same cause
MAY_BE_HOLLOW = re.compile(rb"""<(\w+:)?f[ >/]|\bt=["']e["']""")  # a formula or an error
LONGEST_MARK = 64

Attributes = dict[str, str]


class _DoctypeError(ValueError):
    """A spreadsheet never declares a document type; entities are how XML is made to swell."""


def hollow_cells(path: Path, title: str) -> list[tuple[int, int, str]]:
    """Return the hollow cells of a sheet (row from 1, column from 0, what is wrong with it, in words).

    None are found in a book that is no XLSX.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            part = _part_of(packed, title)
            sheet = _Sheet()
            if part is not None and _has_formulas(packed, part):
                _parse(packed, part, sheet.start, sheet.end, sheet.text)
            return sheet.hollow
    except (zipfile.BadZipFile, KeyError, OSError, expat.ExpatError, _DoctypeError):
        return []


def _has_formulas(packed: zipfile.ZipFile, part: str) -> bool:
    """Look for formulas and errors without parsing: most sheets have none."""
    before = b""
    with packed.open(part) as content:
        while chunk := content.read(CHUNK):
            if MAY_BE_HOLLOW.search(before + chunk):
                return True
            before = chunk[-LONGEST_MARK:]
    return False


class _Sheet:
    """Collects the hollow cells while a sheet is read."""

    def __init__(self) -> None:
        self.hollow: list[tuple[int, int, str]] = []
        self._reference = self._type = self._value = ""
        self._has_formula = self._in_value = False

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "c":
            self._reference, self._type, self._value = given.get("r", ""), given.get("t", ""), ""
            self._has_formula = False
        self._has_formula |= tag == "f"
        self._in_value = tag == "v"

    def text(self, text: str) -> None:
        if self._in_value and len(self._value) < 20:
            self._value += text

    def end(self, tag: str) -> None:
        self._in_value = False
        found = REFERENCE.fullmatch(self._reference) if tag == "c" else None
        if found is None or len(self.hollow) == MOST:
            return
        if self._type == "e":
            words = f"trae el error «{self._value}» de Excel; corrija la fórmula o deje el valor"
        elif self._has_formula and not self._value and self._type != "str":  # a text formula may give an empty text
            words = NO_VALUE
        else:
            return
        self.hollow.append((int(found[2]), _column_number(found[1]), words))


def _part_of(packed: zipfile.ZipFile, title: str) -> str | None:
    """Return where in the archive the cells of a sheet are."""
    links: list[str] = []
    targets: dict[str, str] = {}

    def sheet(tag: str, given: Attributes) -> None:
        if tag == "sheet" and given.get("name") == title:
            links.extend(value for name, value in given.items() if name.endswith(":id"))

    def link(tag: str, given: Attributes) -> None:
        if tag == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    _parse(packed, BOOK, sheet)
    _parse(packed, LINKS, link)
    target = targets.get(links[0]) if links else None
    if not target:
        return None
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _parse(
    packed: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda tag, given: start(tag.rpartition(":")[2], given)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    with packed.open(part) as content:
        while chunk := content.read(CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise _DoctypeError


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
