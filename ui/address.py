"""The pages of the app: the name of each in the address, and its title in the menu."""

import os
import re
from collections.abc import Container, Mapping
from urllib.parse import urlencode

import streamlit as st

from words.language import SPANISH, language

PRODUCT = "Pulso Exportador"
FIRST = "resumen"  # at the root of the address too
TITLES = {
    FIRST: "Resumen",
    "sectores": "Sectores",
    "pymes": "Pymes",
    "mercados": "Mercados",
    "servicios": "Servicios",
    "regiones": "Regiones",
    "explorar": "Explorar",
    "verificar": "Verificar",
    "encuentros": "Encuentros",
    "datos": "Datos",
}


def tab_title(*words: str) -> str:
    """Return what the tab of the browser says: the page, its place, the product."""
    return " · ".join((*filter(None, words), PRODUCT))


# -- Addresses of what is on the screen: live (the edition of the day) and pinned (this edition, for good).

PASSING = ("edition", "embed", "embed_options")  # parts that say how a page is shown, not what of
REGION = "region"
LANGUAGE = "lang"  # the part that says which language the page speaks
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


def inside(page: str = "", **parts: str) -> str:
    """Return a relative address of another page, in the reader's language: a link opens it without this session."""
    language_part = {} if language() == SPANISH else {LANGUAGE: language()}
    return _address(page, parts | language_part)


def page_address() -> str:
    """Return the absolute address of the page: under `PULSO_URL` when it is set, else as the browser knows it."""
    base = os.environ.get("PULSO_URL", "").strip().rstrip("/")
    page = str(st.session_state.get("page", ""))
    if WEB.fullmatch(base):
        return f"{base}/{page}"
    url = st.context.url or ""
    return url if WEB.fullmatch(url) else f"/{page}"


def forget(*names: str) -> None:
    """Go back to what unsaid parts mean."""
    go(**dict.fromkeys(names))


def go(**parts: str | None) -> None:
    """Write parts of the address in one step of the history, as a click on a link does; None leaves a part out.

    What is chosen is said in full, so that a link stays true when a default changes.
    """
    for name, value in parts.items():
        if value is None:
            st.session_state.pop(f"kept_{name}", None)
        else:
            st.session_state[f"kept_{name}"] = value
    now = st.query_params.to_dict()
    query = {name: value for name, value in (now | parts).items() if value}
    if query != now:
        st.query_params.from_dict(query)


def said(name: str, default: str, among: Container[str] | None = None) -> str:
    """What the address says of a choice, or what it said on the page before where this page has it too."""
    kept, carried = st.session_state.get(f"kept_{name}"), st.session_state.get("carried", set())
    is_missing = name not in st.query_params and (st.session_state.get("arrived") or name in carried)
    if kept and is_missing and (among is None or kept in among):
        st.query_params[name] = kept  # Streamlit empties the address on a change of page
        carried.add(name)  # and keeps the empty one in the history: a step back finds it
    if name in st.query_params:
        st.session_state[f"kept_{name}"] = st.query_params[name]
    elif name == REGION and default:
        st.session_state.setdefault(f"kept_{name}", default)  # the region on the screen comes along, chosen or not
    return st.query_params.get(name, default)


def _parts() -> dict[str, str]:
    """What the address says of the view, each part once."""
    return {name: st.query_params[name] for name in st.query_params if name not in PASSING}


def _address(page: str, parts: Mapping[str, str]) -> str:
    return f"{page}?{urlencode(parts, safe=',:')}" if parts else page
