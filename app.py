"""The app: `./run`, `streamlit run app.py` and any ASGI server start from this object."""

import streamlit as st

from ui.access import secrets
from ui.serving import lifespan, middleware, tell

app = st.App("ui/router.py", middleware=middleware(), lifespan=lifespan, on_script_error=tell, secrets=secrets())
