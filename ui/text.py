"""Words for the screen: text made harmless for Markdown, links, citations."""

import re

from indicators.engine.result import Answer
from indicators.published import PublishedFact
from words.formats import printed_on

TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # marks that turn the reading direction
ADDRESS = re.compile(r"(?i)(?<=www)(?=\.)|(?<=http)(?=s?:)|(?=@)")  # what makes Markdown take a text for one
WORD_JOINER = "\u2060"  # has no width and breaks no line, but makes no link
SPECIAL = re.compile(r"([\\`*_\[\]$<>~|#:])")


def plain(text: str) -> str:
    """Return text that Streamlit's Markdown shows as it is, whatever it holds: no mark works, no address is a link."""
    return SPECIAL.sub(r"\\\1", ADDRESS.sub(WORD_JOINER, straight(text)))


def straight(text: str) -> str:
    """Return text without the marks that turn its direction: a name cannot make the figure beside it read backwards."""
    return TURNING.sub("", text)


def capitalised(text: str) -> str:
    """Return text that begins with a capital, the rest as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def link(text: str, address: str) -> str:
    """Return a Markdown link; an address that is not of the web is left out."""
    if not re.match(r"https?://[^\s<>]+$", address):
        return plain(text)
    return f"[{plain(text)}](<{address}>)"


def citation(figure: PublishedFact | Answer) -> str:
    """Return who published a figure and when, linked to where it was printed."""
    words = ", ".join(filter(None, (figure.publisher, printed_on(figure.published_on))))
    first, *others = figure.source_urls or ("",)
    more = ", ".join(link(str(number), address) for number, address in enumerate(others, 2))
    return f"{link(words, first)}{f' ({more})' if more else ''}"
