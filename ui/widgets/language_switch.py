"""The switch between Spanish and English. The address says which (`lang=en`), so that a link keeps it."""

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import address
from words.language import ENGLISH, HTML_LANGUAGE, LANGUAGES, SPANISH, language, speak

NAMES = {SPANISH: "Español", ENGLISH: "English"}
SCRIPT = "<script>document.documentElement.lang = '{language}'</script>"


def guess() -> None:
    """Speak the language of the address, else of the page before, until `settle` knows which page this is."""
    speak(st.query_params.get(address.LANGUAGE) or st.session_state.get(f"kept_{address.LANGUAGE}", SPANISH))


def settle() -> None:
    """Hold to the language of the address; where the guess was another (a step back), say everything again."""
    code = address.said(address.LANGUAGE, SPANISH, among=LANGUAGES)
    if code in LANGUAGES and code != language():
        address.forget(address.LANGUAGE)
        st.rerun()


def beside(*, level: Literal["bottom", "center"] = "bottom") -> DeltaGenerator:
    """Show the button that goes to the other language at the end of a row; return the place that is left of it.

    It has no line of its own: it stands beside what every page has at its head.
    """
    other = next(code for code in LANGUAGES if code != language())
    parts = {address.LANGUAGE: None if other == SPANISH else other}
    with st.container(horizontal=True, vertical_alignment=level):
        container = st.container(width="stretch")
        st.button(NAMES[other], icon=":material/translate:", type="tertiary", on_click=address.go, kwargs=parts)
    return container


def tell_browser() -> None:
    """Tell the browser the language of the page: its head was sent in that of the first address."""
    st.html(_script(language()), unsafe_allow_javascript=True)


def scripts() -> str:
    """Return every script that `tell_browser` runs, so that a browser is allowed to run these alone."""
    return "".join(map(_script, LANGUAGES))


def _script(language: str) -> str:
    return SCRIPT.format(language=HTML_LANGUAGE[language])
