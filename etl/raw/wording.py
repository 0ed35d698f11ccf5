"""Chilean number format for the sentences of the load report."""

from decimal import Decimal


def thousands(number: int | Decimal) -> str:
    """Return 1204 as '1.204' and Decimal('8476305.48') as '8.476.305,48'."""
    return f"{number:,}".translate(str.maketrans(",.", ".,"))


def percent(part: int, whole: int) -> str:
    """Return the share as '99,8 %', rounded down so that only a whole is 100 %."""
    tenths = part * 1000 // whole if whole else 0
    return f"{tenths // 10},{tenths % 10} %"


def place(file: str, line: int) -> str:
    """Return the start of a sentence about one line of a raw file."""
    return f"{file}, línea {thousands(line)}"
