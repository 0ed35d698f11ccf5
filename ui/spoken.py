"""What Streamlit keeps, or runs again by itself, in the language of the reader whose script asked for it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from indicators.language import LANGUAGES, language, speaking

P = ParamSpec("P")
R = TypeVar("R")


def cached(*, max_entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep what a function returns, in each language apart: most of it has words in it."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @st.cache_data(max_entries=len(LANGUAGES) * max_entries, show_spinner=False)
        @wraps(function)
        def kept(spoken: str, *args: P.args, **kwargs: P.kwargs) -> R:  # noqa: ARG001  part of the key
            return function(*args, **kwargs)

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            return kept(language(), *args, **kwargs)

        return asked

    return decorate


def fragment(function: Callable[P, None]) -> Callable[P, None]:
    """Make a part of a page that runs again by itself, in the language it was first shown in."""

    @st.fragment
    @wraps(function)
    def inside(spoken: str, *args: P.args, **kwargs: P.kwargs) -> None:
        with speaking(spoken):
            function(*args, **kwargs)

    @wraps(function)
    def shown(*args: P.args, **kwargs: P.kwargs) -> None:
        inside(language(), *args, **kwargs)

    return shown
