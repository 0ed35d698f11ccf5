"""Words and numbers for the sentences of the load report, and raw bytes as text."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

# What Windows-1252 prints for 0x80–0x9F; a space for the five bytes it leaves open.
WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)}


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


def line_list(lines: Sequence[int], most: int = 10) -> str:
    """Return lines as «línea 3» or «líneas 2 a 201, 305 y 310»; of very many stretches only the first ones."""
    stretches: list[list[int]] = []
    for line in sorted(set(lines)):
        if stretches and line == stretches[-1][1] + 1:
            stretches[-1][1] = line
        else:
            stretches.append([line, line])
    texts = [thousands(a) if a == b else f"{thousands(a)} a {thousands(b)}" for a, b in stretches[:most]]
    if len(stretches) > most:
        texts.append(f"{thousands(len(stretches) - most)} tramos más")
    *first, last = texts
    joined = f"{', '.join(first)} y {last}" if first else last
    return f"línea{'s' * (len(set(lines)) > 1)} {joined}"


def readable(raw: bytes) -> str:
    """Return customs text: UTF-8 where it is valid, else latin-1 with the Windows-1252 signs of 0x80–0x9F."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1").translate(WINDOWS)


def plain(text: str) -> str:
    """Return text in small plain letters, words one space apart: «Región de O’Higgins» is «region de o higgins»."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", " ")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", " ", letters).strip()
