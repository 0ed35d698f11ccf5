"""The pages and their addresses. Every session starts here."""

from pathlib import Path

import streamlit as st

from ui import address
from ui.serving import door, first_start
from ui.widgets import filters, language_switch
from words.language import t

HERE = Path(__file__).resolve().parent
PAGES = HERE.parent / "pages"
READING_WIDTH = 1120  # half of it, a chart, still fits on paper

language_switch.guess()
st.logo(str(HERE / "logo.svg"), size="large")
root = st.Page(PAGES / f"{address.FIRST}.py", title=t(address.TITLES[address.FIRST]), url_path="inicio", default=True)
page = st.navigation(
    [
        root,
        *(
            st.Page(
                PAGES / f"{name}.py",
                title=t(title),
                url_path=name,
                visibility="hidden" if name == address.FIRST else "visible",
            )
            for name, title in address.TITLES.items()
        ),
    ],
    position="top",
)
st.set_page_config(page_title=address.tab_title(page.title), page_icon=str(HERE / "icon.png"), layout="wide")
with st.container(horizontal=True, horizontal_alignment="center"), st.container(width=READING_WIDTH):
    door.ask()
    first_start.ensure_edition()
    filters.arrive(page.url_path)
    language_switch.settle()
    language_switch.tell_browser()
    filters.private_mark()
    with filters.refusals_told():
        page.run()
