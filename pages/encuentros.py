"""Business rounds: companies, buyers, meetings and announced business of each event, by who says it."""

import streamlit as st

from indicators.business_rounds import editions_of, headline
from ui import data
from ui.blocks import blocks, encuentros
from ui.text import plain
from ui.widgets import filters
from words.language import t

region_place, edition_place = filters.head(320, 540)
with edition_place:
    edition = filters.chosen_edition()
names = data.place_names(edition.id)
with region_place:
    region = filters.known("region", names, label=t("Región"))

blocks.title(t("Encuentros de negocios"), of=names[region])
found = data.business_rounds(edition.id, region)
if not found:
    st.info(t("No hay encuentros de {place}: ni publicados ni cargados por la oficina.", place=plain(names[region])))
    encuentros.how_to_add()
    st.stop()

st.header(t("Lo que se sabe"), anchor=False)
blocks.sentence(headline(found))
encuentros.listed(found, names)
for event, editions in editions_of(found).items():
    encuentros.compared(event, editions)
encuentros.notes(found)
encuentros.how_to_add()
