"""Services (00.25), apart from goods: first what is published, then type, market, region, months and firms."""

import streamlit as st

from indicators.narrative import servicios as servicios_narrative
from indicators.narrative.sentences import sentence
from ui import data
from ui.blocks import blocks
from ui.blocks import servicios as servicios_blocks
from ui.charts import answers
from ui.charts import servicios as servicios_charts
from ui.widgets import drill, view
from words.language import t

shown = view.bar(parts=("region", "service_type", "country", "window", "compare"), fixed={"flow": "services"})
blocks.title(t("Servicios de {place}", place=shown.place))
drill.way(shown)

if shown.region and not shown.is_opened:
    printed = data.service_facts(shown.edition.id, shown.region)
    nation = data.national_services(shown.edition.id)
    blocks.band(t("Lo publicado"), "publicado", t("Cifras reales: quién las publicó, cuándo y dónde."))
    blocks.sentence(servicios_narrative.published_headline(printed, shown.place))
    with st.grid(3, min_column_width=blocks.CARD_WIDTH):
        blocks.fact_card(printed.level, label=t("Valor exportado"), missing=t("No hay un nivel publicado."))
        blocks.fact_card(
            printed.growth, label=t("Variación"), missing=t("No hay una variación publicada de ese total.")
        )
        blocks.fact_card(printed.other, label=t("Según otra fuente"), missing=t("No hay otra cifra publicada."))
    blocks.note(t(servicios_blocks.CAVEAT))
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        blocks.chart(servicios_charts.years(nation.years), missing=t("No hay una serie publicada."))
        blocks.chart(servicios_charts.kinds(nation.kinds), missing=t("No hay tipos publicados."))
        blocks.chart(servicios_charts.destinations(nation.destinations), missing=t("No hay destinos publicados."))
        blocks.chart(
            servicios_charts.printed_regions(nation.regions, data.region_names(shown.edition.id)),
            missing=t("No hay cifras publicadas por región."),
        )
    servicios_blocks.printed_firms(printed.firms)
else:
    blocks.note(t("Lo publicado es de una región a la vez y de todos sus servicios: se ve sin tipo ni país."))
    blocks.note(t(servicios_blocks.CAVEAT))

with st.container(border=True):
    blocks.band(t("Lo que calcula la edición"), shown.badge, blocks.edition_note(shown.edition))
    blocks.sentence(sentence(shown.ask("fob")))
    servicios_blocks.cards(shown)
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            found = shown.ask("fob", split="service_type", service_type=None)
            blocks.draw(servicios_charts.types(found), missing=blocks.why(found))
            blocks.note(t("El tipo se lee de las palabras de la declaración con reglas propias, no oficiales."))
        with blocks.card():
            months = shown.ask("fob", split="month", window="rolling12")
            blocks.draw(
                answers.months(months, title=servicios_narrative.months_title(months)), missing=blocks.why(months)
            )
        with blocks.card():
            found = shown.ask("fob", split="country", country=None)
            blocks.draw(servicios_charts.markets(found), missing=blocks.why(found))
        with blocks.card():
            servicios_blocks.regions(shown)
        with blocks.card():
            servicios_blocks.weight(shown)
    blocks.notes((found,))
