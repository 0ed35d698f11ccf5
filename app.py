"""The app: `./run`, `streamlit run app.py` and any ASGI server start from this object."""

import streamlit as st

from ui.serving.access import secrets
from ui.serving.app import lifespan, middleware, tell

app = st.App("ui/router.py", middleware=middleware(), lifespan=lifespan, on_script_error=tell, secrets=secrets())
