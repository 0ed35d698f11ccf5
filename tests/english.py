"""What is left in Spanish of a text that should be in English: equal pieces, and pieces that read as Spanish."""

import re
from collections.abc import Iterator
from typing import Any

from indicators.metrics.definitions import UNIT_NAMES
from tests.texts import SPANISH

NAMES = (  # said alike in both languages
    *("Servicio Nacional de Aduanas", "Aduanas", "Banco Central", "ProChile", "SUBREI", "INE", "SII", "DUS", "Salidas"),
    *("Arica y Parinacota", "Antofagasta", "Metropolitana", "Ñuble", "Biobío", "La Araucanía", "Los Ríos", "Los Lagos"),
    *(
        "Aysén",
        "Magallanes",
        "Concepción",
        "Talcahuano",
        "Puerto Montt",
        "Chile",
        "Bolivia",
        "China",
        "Asia",
        "Mercosur",
    ),
    *("US", "FOB", "HS", "HS6", "HHI", "UF", "pp", "min", "Laspeyres", "Paasche", "Herfindahl-Hirschman", "Fisher"),
    *("pymes", "pyme", "mipymes", "mipyme", "comuna", "micro", "Micro", "sector", "base", "Base", "total", "Total"),
    *("no", "variación interanual", "Edición de prueba", "Servicio Nacional de Aduanas de Chile"),
    *("Pulso Exportador", "Frictionless Data Package", "UTF-8"),
)
NAMED = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(NAMES, key=len, reverse=True)))
CODES = re.compile(
    r"\S*[=_]\S*|`[^`]*`|\[[^\]]*\]|https?:\S+|\b[a-z]+-[0-9a-f]{8}\b|^# \w+(?=: )"
    rf"|\((?:{'|'.join(UNIT_NAMES)})\)|; (?:confidencial|parcial)\b",
    re.MULTILINE,
)
PIECES = re.compile(r"[:;,()|\n]")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
CODE_KEYS = frozenset(  # of JSON: the same in every language
    {"question", "key", "code", "unit", "sql", "params", "badge", "edition_id", "window", "base_window", "id", "kind"}
    | {"language", "built_at", "code_version", "statements", "sources", "sizing"}
)


def bare(text: str) -> str:
    """Return the text without codes and names."""
    return NAMED.sub("", CODES.sub("", text))


def left_in_spanish(spanish: str, english: str) -> list[str]:
    """Return what was not translated: pieces equal in both languages, and pieces that read as Spanish."""
    ours, theirs = ([piece.strip() for piece in PIECES.split(bare(text))] for text in (spanish, english))
    same = [piece for piece in theirs if piece in ours and WORD.search(piece)]
    return same + [piece for piece in theirs if SPANISH.search(f"{piece} ")]


def texts_of(value: Any, key: str = "") -> Iterator[str]:
    """Yield every text of a JSON document that is for people."""
    if key in CODE_KEYS:
        return
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from texts_of(inside, name)
    elif isinstance(value, list):
        for inside in value:
            yield from texts_of(inside, key)
    elif isinstance(value, str):
        yield value
