"""Where a product is looked up, by name in Spanish or English or by code, and put in the address (`hs=`)."""

import streamlit as st

from editions.edition import Edition
from ui import address, data
from ui.text import plain
from words.language import t

PART = "hs"
LONGEST = 80


def picker(edition: Edition) -> str:
    """Show the search; return the codes that the address holds, as they are."""
    codes = address.said(PART, "")
    label = t("Producto {codes}", codes=codes) if codes else t("Producto")
    box = st.popover(label, icon=":material/search:", on_change="rerun", key="product_box")
    if box.open:
        with box:
            _search(edition, has_choice=bool(codes))
    return codes


def _search(edition: Edition, *, has_choice: bool) -> None:
    text = st.text_input(
        t("Nombre o código arancelario"),
        key="product_text",
        max_chars=LONGEST,
        placeholder=t("celulosa, salmon, 4407…"),
    )
    products = data.products(edition.id, text) if text else ()
    if text and not products:
        st.caption(t("Ningún producto se llama así; pruebe con otra palabra o con los primeros dígitos del código."))
    for product in products:
        name = f"{product.hs_code} · {plain(product.name)}"
        st.button(name, key=f"product_{product.hs_code}", type="tertiary", on_click=_choose, args=(product.hs_code,))
    if has_choice:
        st.button(t("Todos los productos"), icon=":material/close:", on_click=address.forget, args=(PART,))


def _choose(code: str) -> None:
    st.query_params[PART] = code
    st.session_state["product_text"] = ""
