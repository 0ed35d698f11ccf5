"""Names of files that every system takes, whatever they are made from."""

import re
import unicodedata
from hashlib import sha256

from indicators.question import Question

LONGEST_PART, LONGEST_QUESTION = 40, 110
DIGEST = 8  # hexadecimal digits that tell apart questions too long for a name


def file_name(*parts: str | Question, suffix: str) -> str:
    """Return `pulso_<part>_<part>.<suffix>` in small letters, digits and hyphens; no part can leave the folder.

    A question stands with all its parts, so that the files of two figures never bear one name.
    """
    names = (_of_question(part) if isinstance(part, Question) else _plain(part, LONGEST_PART) for part in parts)
    return "_".join(["pulso", *filter(None, names)]) + f".{suffix}"


def _of_question(question: Question) -> str:
    text = str(question)
    plain = _plain(text, len(text))
    if len(plain) <= LONGEST_QUESTION:
        return plain
    return f"{plain[:LONGEST_QUESTION].strip('-')}-{sha256(text.encode()).hexdigest()[:DIGEST]}"


def _plain(part: str, longest: int) -> str:
    letters = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters)[:longest].strip("-")
