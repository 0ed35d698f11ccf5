"""Any metric by any two dimensions, and SQL over the edition for whoever wants more."""

import streamlit as st

from indicators.console import queries
from indicators.metrics import METRICS
from indicators.question.scope import NATION
from ui import data
from ui.blocks import blocks
from ui.blocks import console as console_blocks
from ui.blocks import explorar as explorar_blocks
from ui.charts import explorar as explorar_charts
from ui.widgets import filters, view
from words.language import t

is_sql = st.query_params.get("tool") == "sql"
if is_sql:  # no filter acts on SQL, so none is shown
    (edition_place,) = filters.head(540)
    with edition_place:
        edition = filters.chosen_edition()
else:
    shown = view.bar(parts=(*view.EVERY, "source"), region=NATION)
blocks.title(t("Explorar"), of="" if is_sql else shown.place)
if queries.is_offered():
    filters.pick("tool", {"pivot": t("Tabla cruzada"), "sql": t("SQL")}, label=t("Con qué"))
if is_sql:
    console_blocks.show(edition)
    st.stop()

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    dimensions = data.dimension_names()
    metric = filters.known("metric", {id_: t(one.label) for id_, one in METRICS.items()}, label=t("Qué se mide"))
    rows = filters.known("rows", {shown.sectors: dimensions[shown.sectors], **dimensions}, label=t("Filas"))
    columns = filters.known("cols", {"": t("Ninguna"), **data.dimension_names(narrowable=True)}, label=t("Columnas"))
look = filters.pick("look", explorar_blocks.looks(rows, columns), label=t("Cómo se ve"))

blocks.edition_band(shown.edition)
with blocks.card():
    found = shown.pivot(metric, rows, columns)
    if look == "table":
        explorar_blocks.table(found)
    else:
        blocks.draw(explorar_charts.chart(look, found), missing=blocks.why(found.total))
    blocks.notes([found.total])
