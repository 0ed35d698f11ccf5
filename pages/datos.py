"""The data themselves: what is loaded and how fresh, how it was checked, what was revised, what everything means."""

import streamlit as st

from editions.errors import EditionMissing
from indicators.question.scope import NATION
from ui import data
from ui.blocks import blocks, datos
from ui.text import plain
from ui.widgets import filters
from words.language import t

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
        datos.sources(data.sources(edition.id))
    elif part == "calidad":
        datos.quality(data.quality(edition.id))
    elif part == "revisiones":
        region = filters.known("region", data.place_names(edition.id), label=t("Región"))
        datos.changes(data.changes(edition.id))
        datos.triangle(data.revisions(edition.id, region))
    elif part == "conciliacion":
        region = filters.known("region", data.place_names(edition.id), label=t("Región"))
        datos.reconciliation(data.reconciliation(edition.id, None if region == NATION else region))
    elif part == "definiciones":
        datos.definitions()
    elif part == "diccionario":
        datos.dictionary(data.console_tables(edition.id))
    elif part == "ediciones":
        datos.editions(data.edition_labels())
    else:
        datos.downloads(data.reconciliation_csv(edition.id), edition.id)
except EditionMissing as missing:
    st.info(plain(str(missing)))
