"""A region in one page: first what is published of it, then what the edition computes."""

import streamlit as st

from indicators.language import t
from indicators.sentences import sentence
from ui import blocks, summary_blocks, view

shown = view.bar(parts=("region", "window", "compare", "concept"), one_region=True)
blocks.title(t("Exportaciones de {place}", place=shown.place))
if shown.region:
    summary_blocks.published(shown, shown.region)
else:
    blocks.note(t("Lo publicado es de una región a la vez: se ve al elegir una."))
with st.container(border=True):
    blocks.edition_band(shown.edition)
    blocks.sentence(sentence(shown.ask("fob")))
    summary_blocks.computed(shown)
