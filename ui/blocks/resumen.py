"""The two halves of the page `resumen`: what is published of a region, and what the edition computes of it."""

from contextlib import suppress

import streamlit as st

from editions.errors import QuestionError
from indicators.narrative import resumen
from indicators.question.scope import NATION
from ui import data
from ui.blocks import blocks, tables
from ui.charts import answers
from ui.widgets.view import View
from words.language import t


def published(view: View, region: str) -> None:
    """Show what is published of a region, or of the country: level, growth, share, what is newest, parts, firms."""
    summary = data.published_summary(view.edition.id, region)
    blocks.band(t("Lo publicado"), "publicado", t("Cifras reales: quién las publicó, cuándo y dónde."))
    blocks.sentence(summary.headline)
    with st.grid(3, min_column_width=blocks.CARD_WIDTH):
        blocks.fact_card(summary.level, label=t("Valor exportado"), missing=t("No hay un total publicado."))
        blocks.fact_card(
            summary.growth, label=t("Variación"), missing=t("No hay una variación publicada de ese total.")
        )
        if region != NATION:
            missing = t("Falta publicado el total de la región o el del país.")
            blocks.fact_card(summary.share, label=t("Parte del país"), missing=missing)
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        growth = answers.printed_growth(summary.movers, view.place)
        blocks.chart(growth, missing=t("No hay variaciones publicadas por rubro."))
        tables.recent(summary.recent)
        customs = summary.customs
        sectors = answers.customs_sectors(customs.sectors, customs.total, view.place)
        blocks.chart(sectors, missing=t("Aduanas no publicó sectores aquí."))
        destinations = answers.customs_destinations(customs.destinations, customs.total, view.place)
        blocks.chart(destinations, missing=t("Aduanas no publicó destinos aquí."))
        if region != NATION:
            tables.published_shares(summary.shares)
        tables.firms(summary.firms)


def computed(view: View) -> None:
    """Show the figures of the region in the edition, what moved them, their months and their weight in the country."""
    with st.grid(3, min_column_width=blocks.CARD_WIDTH):
        for label, question_parts in resumen.FIGURES.items():
            with blocks.told():
                blocks.answer_card(view.ask(**question_parts), label=t(label))
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with blocks.card():
            contributions = view.ask(**resumen.MOVERS)
            blocks.draw(answers.movers(contributions), missing=blocks.why(contributions))
        with blocks.card():
            months = view.ask(**resumen.MONTHS)
            blocks.draw(answers.months(months), missing=blocks.why(months))
    if view.parts.get("region") != NATION:
        with blocks.told():
            tables.computed_shares([view.ask(**question_parts) for question_parts in resumen.SHARES])
    notable = [view.ask("fob")]
    with suppress(QuestionError):  # its card says why it cannot be asked
        notable.append(view.ask(**resumen.FIGURES["Pymes exportadoras"]))
    blocks.notes(notable)
