"""The pages and their addresses. Every session starts here."""

from pathlib import Path

import streamlit as st

from indicators.language import t
from ui import door, filters, first_start, language_switch, menu

HERE = Path(__file__).resolve().parent
PAGES = HERE.parent / "pages"
READING_WIDTH = 1120  # half of it, a chart, still fits on paper

language_switch.guess()
st.logo(str(HERE / "logo.svg"), size="large")
root = st.Page(PAGES / f"{menu.FIRST}.py", title=t(menu.TITLES[menu.FIRST]), url_path="inicio", default=True)
page = st.navigation(
    [
        root,
        *(
            st.Page(
                PAGES / f"{name}.py",
                title=t(title),
                url_path=name,
                visibility="hidden" if name == menu.FIRST else "visible",
            )
            for name, title in menu.TITLES.items()
        ),
    ],
    position="top",
)
st.set_page_config(page_title=menu.tab_title(page.title), page_icon=str(HERE / "icon.png"), layout="wide")
with st.container(horizontal=True, horizontal_alignment="center"), st.container(width=READING_WIDTH):
    door.ask()
    first_start.ensure_edition()
    filters.arrive(page.url_path)
    language_switch.settle()
    language_switch.tell_browser()
    filters.private_mark()
    with filters.refusals_told():
        page.run()
