"""Names of files that every system takes, whatever they are made from."""

import re
import unicodedata

LONGEST_PART = 40


def file_name(*parts: str, suffix: str) -> str:
    """Return `pulso_<part>_<part>.<suffix>` in small letters, digits and hyphens; no part can leave the folder."""
    return "_".join(["pulso", *filter(None, map(_plain, parts))]) + f".{suffix}"


def _plain(part: str) -> str:
    letters = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST_PART].strip("-")
