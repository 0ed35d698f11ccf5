"""A quoted figure against every reading of it: what is published, then what the edition computes."""

import streamlit as st

from ui import data
from ui.blocks import blocks, verificar
from ui.widgets import filters, view
from words.language import t

(edition_place,) = filters.head(540)
with edition_place:
    edition = filters.chosen_edition()
view.tell(edition, "fob")
names = data.place_names(edition.id)

blocks.title(t("Verificar una cifra"))
st.markdown(t("Escriba lo que se dijo y vea con qué definición es cierto, con cuál no, y qué se puede publicar."))
found = verificar.checked(edition)
if found is None:
    st.header(t("Ejemplos"), anchor=False)
    verificar.examples()
    st.stop()

verificar.verdict(found)
verificar.sentences(found)
verificar.said(found)
verificar.published(found, names)
verificar.computed(found, names, edition)
with st.expander(t("Más ejemplos")):
    verificar.examples()
