"""Services (00.25), apart from goods: first what is published, then type, market, region, months and firms."""

import streamlit as st

from indicators.findings import services
from indicators.language import t
from indicators.sentences import sentence
from ui import blocks, data, drill, region_charts, service_blocks, service_charts, view

shown = view.bar(parts=("region", "service_type", "country", "window", "compare"), fixed={"flow": "services"})
blocks.title(t("Servicios de {place}", place=shown.place))
drill.way(shown)

if shown.region and not shown.is_opened:
    printed = data.service_facts(shown.edition.id, shown.region)
    nation = data.national_services(shown.edition.id)
    blocks.band(t("Lo publicado"), "publicado", t("Cifras reales: quién las publicó, cuándo y dónde."))
    blocks.sentence(services.published_headline(printed, shown.place))
    with st.grid(3, min_column_width=blocks.CARD_WIDTH):
        blocks.fact_card(printed.level, label=t("Valor exportado"), missing=t("No hay un nivel publicado."))
        blocks.fact_card(
            printed.growth, label=t("Variación"), missing=t("No hay una variación publicada de ese total.")
        )
        blocks.fact_card(printed.other, label=t("Según otra fuente"), missing=t("No hay otra cifra publicada."))
    blocks.note(t(service_blocks.CAVEAT))
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        blocks.chart(service_charts.years(nation.years), missing=t("No hay una serie publicada."))
        blocks.chart(service_charts.kinds(nation.kinds), missing=t("No hay tipos publicados."))
        blocks.chart(service_charts.destinations(nation.destinations), missing=t("No hay destinos publicados."))
        blocks.chart(
            service_charts.printed_regions(nation.regions, data.region_names(shown.edition.id)),
            missing=t("No hay cifras publicadas por región."),
        )
    service_blocks.printed_firms(printed.firms)
else:
    blocks.note(t("Lo publicado es de una región a la vez y de todos sus servicios: se ve sin tipo ni país."))
    blocks.note(t(service_blocks.CAVEAT))

with st.container(border=True):
    blocks.band(t("Lo que calcula la edición"), shown.badge, blocks.edition_note(shown.edition))
    blocks.sentence(sentence(shown.ask("fob")))
    service_blocks.cards(shown)
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            found = shown.ask("fob", split="service_type", service_type=None)
            blocks.draw(service_charts.types(found), missing=blocks.why(found))
            blocks.note(t("El tipo se lee de las palabras de la declaración con reglas propias, no oficiales."))
        with blocks.card():
            months = shown.ask("fob", split="month", window="rolling12")
            blocks.draw(region_charts.months(months, title=services.months_title(months)), missing=blocks.why(months))
        with blocks.card():
            found = shown.ask("fob", split="country", country=None)
            blocks.draw(service_charts.markets(found), missing=blocks.why(found))
        with blocks.card():
            service_blocks.regions(shown)
        with blocks.card():
            service_blocks.weight(shown)
    blocks.notes((found,))
