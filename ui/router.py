"""The pages and their addresses. Every session starts here."""

from pathlib import Path

import streamlit as st

from indicators.language import t
from ui import filters, first_start, language_switch

HERE = Path(__file__).resolve().parent
PAGES = HERE.parent / "pages"
READING_WIDTH = 1120  # half of it, a chart, still fits on paper

language_switch.guess()
st.set_page_config(page_title="Pulso Exportador", page_icon=str(HERE / "icon.png"), layout="wide")
st.logo(str(HERE / "logo.svg"), size="large")
page = st.navigation(
    [
        st.Page(PAGES / "resumen.py", title=t("Resumen"), url_path="inicio", default=True),
        st.Page(PAGES / "resumen.py", title=t("Resumen"), url_path="resumen", visibility="hidden"),
        st.Page(PAGES / "sectores.py", title=t("Sectores"), url_path="sectores"),
        st.Page(PAGES / "pymes.py", title=t("Pymes"), url_path="pymes"),
        st.Page(PAGES / "mercados.py", title=t("Mercados"), url_path="mercados"),
        st.Page(PAGES / "servicios.py", title=t("Servicios"), url_path="servicios"),
        st.Page(PAGES / "regiones.py", title=t("Regiones"), url_path="regiones"),
        st.Page(PAGES / "explorar.py", title=t("Explorar"), url_path="explorar"),
        st.Page(PAGES / "verificar.py", title=t("Verificar"), url_path="verificar"),
        st.Page(PAGES / "encuentros.py", title=t("Encuentros"), url_path="encuentros"),
        st.Page(PAGES / "datos.py", title=t("Datos"), url_path="datos"),
    ],
    position="top",
)
with st.container(horizontal=True, horizontal_alignment="center"), st.container(width=READING_WIDTH):
    first_start.ensure_edition()
    filters.arrive(page.url_path)
    language_switch.settle()
    language_switch.tell_browser()
    filters.private_mark()
    with filters.refusals_told():
        page.run()
