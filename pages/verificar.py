"""A quoted figure against every reading of it: what is published, then what the edition computes."""

import streamlit as st

from indicators.language import t
from ui import blocks, claim_blocks, claim_form, data, filters, pinned

(edition_place,) = filters.head(540)
with edition_place:
    edition = filters.chosen_edition()
pinned.tell(edition, "fob")
names = data.place_names(edition.id)

blocks.title(t("Verificar una cifra"))
st.markdown(t("Escriba lo que se dijo y vea con qué definición es cierto, con cuál no, y qué se puede publicar."))
found = claim_form.checked(edition)
if found is None:
    st.header(t("Ejemplos"), anchor=False)
    claim_form.examples()
    st.stop()

claim_blocks.verdict(found)
claim_blocks.sentences(found)
claim_blocks.said(found)
claim_blocks.published(found, names)
claim_blocks.computed(found, names, edition)
with st.expander(t("Más ejemplos")):
    claim_form.examples()
