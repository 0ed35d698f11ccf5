"""The data themselves: what is loaded and how fresh, how it was checked, what was revised, what everything means."""

import streamlit as st

from indicators.errors import EditionMissing
from indicators.language import t
from indicators.scope import NATION
from ui import blocks, data, data_blocks, filters
from ui.text import plain

PARTS = {
    "fuentes": "Fuentes",
    "calidad": "Calidad",
    "revisiones": "Revisiones",
    "conciliacion": "Conciliación",
    "definiciones": "Definiciones",
    "diccionario": "Diccionario",
    "ediciones": "Ediciones",
    "descargas": "Descargas",
}

(edition_place,) = filters.head(540)
with edition_place:
    edition = filters.chosen_edition()
blocks.title(t("Datos"))
part = filters.pick("ver", {name: t(label) for name, label in PARTS.items()}, label=t("Qué se mira"))
if part not in ("definiciones", "ediciones"):
    blocks.edition_band(edition)

try:
    if part == "fuentes":
        data_blocks.sources(data.sources(edition.id))
    elif part == "calidad":
        data_blocks.quality(data.quality(edition.id))
    elif part == "revisiones":
        region = filters.known("region", data.place_names(edition.id), label=t("Región"))
        data_blocks.changes(data.changes(edition.id))
        data_blocks.triangle(data.revisions(edition.id, region))
    elif part == "conciliacion":
        region = filters.known("region", data.place_names(edition.id), label=t("Región"))
        data_blocks.reconciliation(data.reconciliation(edition.id, None if region == NATION else region))
    elif part == "definiciones":
        data_blocks.definitions()
    elif part == "diccionario":
        data_blocks.dictionary(data.console_tables(edition.id))
    elif part == "ediciones":
        data_blocks.editions(data.edition_labels())
    else:
        data_blocks.downloads(data.reconciliation_csv(edition.id), edition.id)
except EditionMissing as missing:
    st.info(plain(str(missing)))
