"""Every text that a page puts on the screen, taken from what Streamlit sends to the browser."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

SHOWN = frozenset(  # fields of Streamlit's messages that a reader sees or hears
    {
        *("body", "label", "help", "title", "text", "alt", "caption", "captions", "content", "options", "placeholder"),
        *("delta", "delta_description", "code_text"),
    }
)
IN_CHARTS = frozenset({"text", "ticktext", "tickvals", "customdata", "labels", "name"})
MARKUP = re.compile(r":material/\w+:|:(?:small|gray|\w+-badge)\[|</?(?:b|br|span|script)\b[^>]*>")
LINK = re.compile(r"(?<!\\)\[([^\[\]]*)\]\((?:<[^>]*>|[^)]*)\)")


def texts(page: AppTest) -> Iterator[str]:
    """Yield every text of a page, without Markdown's and charts' markup."""
    for element in nodes(page.main):
        for text in _of(element):
            plain = _plain(text)
            if plain:
                yield plain


def nodes(block: Any) -> Iterator[Any]:
    """Yield every element and block inside a block, in the order of the page."""
    for child in getattr(block, "children", {}).values():
        yield child
        yield from nodes(child)


def _of(element: Any) -> Iterator[str]:
    kind = element.type
    if kind == "plotly_chart":
        yield element.proto.alt
        yield from _of_chart(json.loads(element.proto.spec))
    elif kind in ("table", "arrow_table", "dataframe", "arrow_data_frame"):
        yield from _of_table(element.value)
        yield from _of_message(element.proto)
    elif kind == "html" or (kind == "code" and element.proto.language):
        return  # a script of ours, SQL, command lines
    elif isinstance(getattr(element, "proto", None), Message):
        yield from _of_message(element.proto)


def _of_message(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        for one in values:
            if field.message_type is not None:
                yield from _of_message(one)
            elif field.name in SHOWN and isinstance(one, str):
                yield one


def _of_table(frame: pd.DataFrame) -> Iterator[str]:
    for column in frame.columns:
        yield str(column)
        yield from (one for one in frame[column] if isinstance(one, str))
    yield from (one for one in frame.index if isinstance(one, str))


def _of_chart(found: Any, *, is_shown: bool = False) -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            if name not in ("template", "font"):
                yield from _of_chart(value, is_shown=name in IN_CHARTS)
    elif isinstance(found, list):
        for one in found:
            yield from _of_chart(one, is_shown=is_shown)
    elif is_shown and isinstance(found, str):
        yield found


def _plain(text: str) -> str:
    said = LINK.sub(r"\1", MARKUP.sub(" ", text))
    said = re.sub(r"\\(.)", r"\1", said).replace("*", "")
    return re.sub(r"\s+", " ", said.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")).strip(" ]")
