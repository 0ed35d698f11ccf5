"""Business rounds: companies, buyers, meetings and announced business of each event, by who says it."""

import streamlit as st

from indicators.business_rounds import editions_of, headline
from indicators.language import t
from ui import blocks, data, filters, round_blocks
from ui.text import plain

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
    round_blocks.how_to_add()
    st.stop()

st.header(t("Lo que se sabe"), anchor=False)
blocks.sentence(headline(found))
round_blocks.listed(found, names)
for event, editions in editions_of(found).items():
    round_blocks.compared(event, editions)
round_blocks.notes(found)
round_blocks.how_to_add()
