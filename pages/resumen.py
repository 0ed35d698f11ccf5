"""A region in one page: first what is published of it, then what the edition computes."""

import streamlit as st

from indicators.narrative.sentences import sentence
from ui.blocks import blocks, resumen
from ui.widgets import view
from words.language import t

shown = view.bar(parts=("region", "window", "compare", "concept"), one_region=True)
blocks.title(t("Exportaciones de {place}", place=shown.place))
if shown.region:
    resumen.published(shown, shown.region)
else:
    blocks.note(t("Lo publicado es de una región a la vez: se ve al elegir una."))
with st.container(border=True):
    blocks.edition_band(shown.edition)
    blocks.sentence(sentence(shown.ask("fob")))
    resumen.computed(shown)
