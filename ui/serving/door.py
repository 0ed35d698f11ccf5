"""The door of the pages: a private edition is shown only to whom the server knows (`ui/serving/access.py`)."""

import duckdb
import streamlit as st

from editions import current
from editions.edition import PRIVATE
from editions.errors import EditionMissing
from ui import data
from ui.serving import access
from words.language import t


def reader() -> str | None:
    """Return who looks at this page, as far as the server knows."""
    user = st.user.to_dict()
    provider = access.log_in()
    if name := user.get(access.READER):
        return str(name)
    return str(user["email"]) if provider is not None and provider.lets_in(user) else None


def ask() -> None:
    """Where an edition of the office may be seen, let nobody on whom the server does not know."""
    if not holds_private() or reader() is not None:
        return
    st.title(t("Edición privada"))
    if access.log_in() is None:
        st.write(
            t("Este tablero trae datos de la oficina y no tiene cómo saber quién lo abre. Avise a quien lo administra.")
        )
    elif st.user.to_dict().get("is_logged_in"):
        st.write(t("Su cuenta no está entre las que pueden ver este tablero."))
        st.button(t("Salir"), on_click=st.logout)
    else:
        st.write(t("Este tablero es de la oficina. Entre con su cuenta."))
        st.button(t("Entrar"), on_click=st.login, type="primary", icon=":material/login:")
    st.stop()


def holds_private() -> bool:
    """Return whether any edition on disk is private, by its name or by what it says of itself."""
    return any(edition_id.startswith(f"{PRIVATE}-") or _is_private(edition_id) for edition_id in current.edition_ids())


def _is_private(edition_id: str) -> bool:
    try:
        return data.is_private(edition_id)
    except (EditionMissing, duckdb.Error):
        return False  # the page tells why it cannot be shown
