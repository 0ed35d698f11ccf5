"""Letters as people search and compare them: without accents or capitals."""

import unicodedata


def plain_letters(text: str) -> str:
    """Return the text in small letters without accents, to sort, search and compare by."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
