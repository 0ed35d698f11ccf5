"""Addresses of what is on the screen: live (the edition of the day) and pinned (this edition, for good)."""

import os
import re
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

LANGUAGE = "lang"  # the part that says which language the page speaks
PASSING = ("edition", "embed", "embed_options")  # parts that say how a page is shown, not what of
WEB = re.compile(r"https?://[^\s<>\"']+")


def live() -> str:
    """Return the address of the view; it shows the current edition whenever it is opened."""
    return _address(page_address(), _parts())


def pinned(edition_id: str) -> str:
    """Return the address of the view in one edition: it shows the same figures as long as that edition is kept."""
    return _address(page_address(), _parts() | {"edition": edition_id})


def embedded() -> str:
    """Return the address of the view for a frame in another page: without Streamlit's own bars."""
    return _address(page_address(), _parts() | {"embed": "true"})


def page_address() -> str:
    """Return the absolute address of the page: under `PULSO_URL` when it is set, else as the browser knows it."""
    base = os.environ.get("PULSO_URL", "").strip().rstrip("/")
    page = str(st.session_state.get("page", ""))
    if WEB.fullmatch(base):
        return f"{base}/{page}"
    seen = st.context.url or ""
    return seen if WEB.fullmatch(seen) else f"/{page}"


def _parts() -> dict[str, str]:
    """What the address says of the view, each part once."""
    return {name: st.query_params[name] for name in st.query_params if name not in PASSING}


def _address(page: str, parts: Mapping[str, str]) -> str:
    return f"{page}?{urlencode(parts, safe=',:')}" if parts else page
