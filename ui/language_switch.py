"""The switch between Spanish and English. The address says which (`lang=en`), so that a link keeps it."""

import streamlit as st

from indicators.language import ENGLISH, HTML_LANGUAGE, LANGUAGES, SPANISH, language, speak
from ui import filters
from ui.address import LANGUAGE as PART

NAMES = {SPANISH: "Español", ENGLISH: "English"}
SCRIPT = "<script>document.documentElement.lang = '{language}'</script>"


def guess() -> None:
    """Speak the language of the address, else of the page before, until `settle` knows which page this is."""
    speak(st.query_params.get(PART) or st.session_state.get(f"kept_{PART}", SPANISH))


def settle() -> None:
    """Hold to the language of the address; where the guess was another (a step back), say everything again."""
    said = filters.address_of(PART, SPANISH, among=LANGUAGES)
    if said in LANGUAGES and said != language():
        filters.forget(PART)
        st.rerun()


def show() -> None:
    """Show the button that goes to the other language, and tell the browser which one the page is in."""
    other = next(one for one in LANGUAGES if one != language())
    part = None if other == SPANISH else other
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(NAMES[other], icon=":material/translate:", type="tertiary", on_click=filters.go, kwargs={PART: part})
    # the head of the page was sent in the language of the first address
    st.html(SCRIPT.format(language=HTML_LANGUAGE[language()]), unsafe_allow_javascript=True)
