"""The parts of the page of services that a page cannot say in a line."""

import streamlit as st

from indicators.narrative import servicios as servicios_narrative
from indicators.published import PublishedFact
from indicators.question.scope import NATION
from ui import data
from ui.blocks import blocks, tables
from ui.charts import regiones
from ui.charts import servicios as servicios_charts
from ui.text import capitalised, citation, plain
from ui.widgets.view import View
from words.language import t

LATEST = "ytd"
CAVEAT = (
    "Son los servicios que Aduanas calificó como exportación (partida 00.25). La balanza de pagos del Banco Central "
    "mide todos los servicios vendidos al exterior, con viajes y transporte: es varias veces mayor y nunca se suma ni "
    "se compara con estas cifras. Su monto no está entre las cifras publicadas de esta edición."
)


def printed_firms(facts: tuple[PublishedFact, ...]) -> None:
    """Show what is printed of the firms that export services, or that nothing is."""
    if not facts:
        blocks.note(t("No hay conteos publicados de las empresas que exportan servicios desde aquí."))
        return
    rows = [
        [
            plain(f"{capitalised(fact.metric_label)}, {fact.period.label}"),
            f"**{plain(fact.value_text)}**",
            citation(fact),
        ]
        for fact in facts
    ]
    title = t("Empresas que exportan servicios")
    tables.show(title, (t("Cifra"), t("Valor"), t("Publicado por")), rows, alt=title)


def cards(view: View) -> None:
    """Show value and firms; a type of service is in no register, so firms by size are not counted of one."""
    with st.grid(3, min_column_width=blocks.CARD_WIDTH):
        blocks.answer_card(view.ask("fob"), label=t("Exportaciones de servicios"))
        blocks.answer_card(view.ask("exporters"), label=t("Empresas que exportan servicios"))
        if "service_type" not in view.parts:
            blocks.answer_card(view.ask("exporters", size="pyme"), label=t("Pymes que exportan servicios"))
    if "service_type" in view.parts:
        blocks.note(t("El registro de exportadores no dice el tipo de servicio: las pymes se cuentan sin elegir tipo."))


def regions(view: View) -> None:
    """Show the regions beside each other, and what of the nation is of none."""
    answer = view.ask("fob", split="region", region=NATION)
    blocks.draw(regiones.ranking(answer, "value"), missing=blocks.why(answer))
    outside = servicios_narrative.outside_regions(answer)
    if outside:
        blocks.note(outside)


def weight(view: View) -> None:
    """Show the part of services in all that the place exports, year by year."""
    parts = {"flow": "goods+services", "split": "segment", "compare": "none", "service_type": None}
    windows = (*data.whole_years(view.edition.id), LATEST)
    answers = [view.ask("fob", **parts | {"window": window}) for window in windows]
    blocks.draw(servicios_charts.weight(answers), missing=blocks.why(answers[-1]))
