"""Text that no spreadsheet runs: what begins like a formula gets an apostrophe, a plain number stays as it is."""

import re

STARTS = "=+-@＝＋－＠\t\r\n|%"  # what spreadsheets take for a formula, a command or a way around both
PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
AFTER_SEPARATOR = re.compile(r"([,;\t]\s*)(?=[=+\-@＝＋－＠])(?![+-]?\d)")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def cell_text(text: str) -> str:
    """Return text for a cell of a CSV: on one line, and never a formula."""
    said = one_line(text)
    starts_badly = said.lstrip()[:1] in tuple(STARTS) and said.strip()
    return f"'{said}" if starts_badly and not PLAIN_NUMBER.fullmatch(said) else said


def comment_text(text: str) -> str:
    """Return text for a comment line of a CSV: the cells that a spreadsheet cuts it into are no formulas either."""
    return AFTER_SEPARATOR.sub(r"\1'", one_line(text))


def one_line(text: str) -> str:
    """Return the text without control characters, its line breaks as spaces."""
    return CONTROLS.sub("", re.sub(r"\s*[\r\n\u0085\u2028\u2029]+\s*", " ", text))
