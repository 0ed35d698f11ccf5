"""The least page with a chart that Streamlit can show, served as the app is: what `benchmarks.pages` compares with."""

from pathlib import Path

import streamlit as st

from ui.serving.app import middleware

app = st.App(Path(__file__).with_name("bare_page.py"), middleware=middleware())
