"""What a published resource is, by the words of its name: spelling, accents, dashes and case promise nothing."""

import re
import unicodedata
from datetime import date
from typing import Literal
from urllib.parse import unquote, urlsplit

Role = Literal["main", "bultos", "transport", "metadata", "other"]

SEAM = re.compile(  # between words run together: BultosEnero, DUSEnero, enero2014, 2014Corregido
    r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ])|(?<=[A-Z])(?=[A-ZÁÉÍÓÚ][a-záéíóú])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio",
          "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre")  # fmt: skip
MONTH_WORDS = {name: number for number, name in enumerate(MONTHS, 1)} | {"setiembre": 9}
MONTH_WORDS |= {name[:3]: number for name, number in MONTH_WORDS.items()} | {"sept": 9}
ROLES: tuple[tuple[Role, str], ...] = (  # words run together and cut short: BultosExportaciones, DTran, DctoTransp
    ("bultos", r"bulto"),
    ("transport", r"transp(?!aren)|\bd(oc|octo|cto|ocumento)?s?(de)? ?tran|\b(documento|docto|dcto|doc)s?\b"),
    ("metadata", r"metadat|diccionario|descripcion|estructura"),
)
MAIN = r"exportacion|\bexp\b|registro|\bdus\b"
NOT_RECORDS = {"xlsx", "xls", "pdf", "doc", "docx", "html"}
CORRECTED = (
    r"\b(correg|correcc|rectific|actualiz|reproces|reemplaz|definitiv|final(es)?\b|nuev[oa]s?\b"
    r"|(v|ver|version) ?0?([2-9]|1\d)\b|(segunda|tercera|[23] a) version\b)"
)


def normalise(name: str) -> str:
    """Return a name in lower case, without accents, its words apart: spaces for all that is no letter or digit."""
    plain = unicodedata.normalize("NFKD", SEAM.sub(" ", unicodedata.normalize("NFC", name)))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()


def role_of(name: str, file_format: str, address: str) -> Role:
    """Return what a resource holds. Its name decides; where it is silent, the name of its file does."""
    for words in (normalise(name), normalise(file_name(address))):
        for role, sign in ROLES:
            if re.search(sign, words):
                return role
        if re.search(MAIN, words) or _month_number(words):
            return "metadata" if file_format.lower().lstrip(".") in NOT_RECORDS else "main"
    return "other"


def month_of(name: str, address: str, year: int | None) -> date | None:
    """Return the month a name speaks of, in the year it gives or else that of its dataset; None when it is silent."""
    for words in (normalise(name), normalise(file_name(address))):
        number = _month_number(words)
        said = re.search(r"\b(20\d\d|19\d\d)\b", words)
        in_year = int(said[1]) if said else year
        if number and in_year:
            return date(in_year, number, 1)
    return None


def is_correction(name: str) -> bool:
    """Tell whether a name says that it replaces another."""
    return bool(re.search(CORRECTED, normalise(name)))


def printable(text: str) -> str:
    """Return a text in one line, without what would steer a terminal."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def file_name(address: str) -> str:
    """Return the last part of an address."""
    try:
        return printable(unquote(urlsplit(address).path).rsplit("/", 1)[-1])
    except ValueError:
        return ""


def _month_number(words: str) -> int | None:
    for word in words.split():
        if word in MONTH_WORDS:
            return MONTH_WORDS[word]
    numeric = re.search(r"\b(?:20\d\d) ?(0[1-9]|1[0-2])\b|\b(0[1-9]|1[0-2]) ?(?:20\d\d)\b", words)
    return int(numeric[1] or numeric[2]) if numeric else None
