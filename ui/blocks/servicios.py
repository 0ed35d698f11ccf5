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
        [plain(f"{capitalised(one.metric_label)}, {one.period.label}"), f"**{plain(one.value_text)}**", citation(one)]
        for one in facts
    ]
    title = t("Empresas que exportan servicios")
    tables.show(title, (t("Cifra"), t("Valor"), t("Publicado por")), rows, alt=title)


def cards(shown: View) -> None:
    """Show value and firms; a type of service is in no register, so firms by size are not counted of one."""
    with st.grid(3, min_column_width=blocks.CARD_WIDTH):
        blocks.answer_card(shown.ask("fob"), label=t("Exportaciones de servicios"))
        blocks.answer_card(shown.ask("exporters"), label=t("Empresas que exportan servicios"))
        if "service_type" not in shown.parts:
            blocks.answer_card(shown.ask("exporters", size="pyme"), label=t("Pymes que exportan servicios"))
    if "service_type" in shown.parts:
        blocks.note(t("El registro de exportadores no dice el tipo de servicio: las pymes se cuentan sin elegir tipo."))


def regions(shown: View) -> None:
    """Show the regions beside each other, and what of the nation is of none."""
    found = shown.ask("fob", split="region", region=NATION)
    blocks.draw(regiones.ranking(found, "value"), missing=blocks.why(found))
    outside = servicios_narrative.outside_regions(found)
    if outside:
        blocks.note(outside)


def weight(shown: View) -> None:
    """Show the part of services in all that the place exports, year by year."""
    asked = {"flow": "goods+services", "split": "segment", "compare": "none", "service_type": None}
    windows = (*data.whole_years(shown.edition.id), LATEST)
    answers = [shown.ask("fob", **asked | {"window": window}) for window in windows]
    blocks.draw(servicios_charts.weight(answers), missing=blocks.why(answers[-1]))
