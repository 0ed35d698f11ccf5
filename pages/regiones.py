"""The 16 regions beside each other; one of them against the country and its peers."""

import streamlit as st

from indicators.question.scope import DENOMINATORS, NATION
from ui import data
from ui.blocks import blocks
from ui.charts import regiones
from ui.text import plain
from ui.widgets import filters, view
from words.language import t

LATEST = "ytd"

shown = view.bar(parts=("region", "sector", "country", "hs", "window", "compare", "flow", "exclude", "concept"))
names = data.region_names(shown.edition.id)
blocks.title(t("Regiones"), of=shown.place)

blocks.band(t("Lo publicado"), "publicado", t("Cifras reales: quién las publicó, cuándo y dónde."))
blocks.chart(
    regiones.printed_levels(data.customs_regions(shown.edition.id), names),
    missing=t("No hay totales publicados por región."),
)

with st.container(border=True):
    blocks.edition_band(shown.edition)
    column = filters.pick(
        "measure", {"value": t("Valor"), "growth": t("Variación"), "share": t("Parte del país")}, label=t("Qué se mira")
    )
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            found = shown.ask("fob", region=NATION, split="region")
            blocks.draw(regiones.region_map(found, column), missing=blocks.why(found))
        with blocks.card():
            found = shown.ask("fob", region=NATION, split="region")
            blocks.draw(regiones.ranking(found, column), missing=blocks.why(found))

    st.header(plain(shown.place), anchor=False)
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            runs = {
                t(one.label): [
                    shown.ask("share", denominator=whole, flow=None, exclude=None, window=window, compare="none")
                    for window in (*data.whole_years(shown.edition.id), LATEST)
                ]
                for whole, one in DENOMINATORS.items()
            }
            blocks.draw(regiones.shares_over_time(runs), missing=t("No hay participación que mostrar."))
        with blocks.card():
            found = shown.ask("location_quotient", split=shown.sectors, sector=None)
            blocks.draw(regiones.specialisation(found), missing=blocks.why(found))
        with blocks.card():
            found = shown.ask("export_similarity")
            blocks.draw(regiones.peers(found), missing=blocks.why(found))
