"""The blocks of the page of business rounds."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from editions.folders import REPOSITORY
from indicators.business_rounds import MEASURES, Event
from ui.blocks import tables
from ui.text import link, plain
from words.formats import number
from words.language import t

TEMPLATES = REPOSITORY / "data" / "reference" / "templates"
ORIGINS = {"published": "Publicado", "office": "De la oficina"}
HEADINGS = {
    "n_companies": "Empresas",
    "n_exporters": "Exportadoras",
    "n_buyers": "Compradores",
    "n_countries": "Países",
    "n_rounds": "Rondas",
    "expected_usd": "Esperado",
    "closed_usd": "Cerrado",
}


def listed(events: tuple[Event, ...], names: Mapping[str, str]) -> None:
    """Show every event with what its source says, and the source."""
    rows = [
        [
            f"**{plain(event.event)}** {plain(t(event.edition))}  \n:small[{plain(_origin(event))}]",
            plain(event.when),
            plain(
                ", ".join(filter(None, (t(event.place or ""), names.get(event.region_code), t(event.organiser or ""))))
            ),
            *(plain(event.said(measure)) for measure in HEADINGS),
            _source(event),
        ]
        for event in events
    ]
    columns = (t("Encuentro"), t("Cuándo"), t("Dónde y quién"), *map(t, HEADINGS.values()), t("Fuente"))
    tables.show(
        t("Encuentros de negocios"), columns, rows, alt=t("Encuentros de negocios, del más nuevo al más antiguo")
    )
    st.caption(t("s/d: la fuente no lo dice. «Esperado» y «cerrado» son anuncios de negocios, no exportaciones."))


def _origin(event: Event) -> str:
    return t(ORIGINS.get(event.origin, event.origin))


def _source(event: Event) -> str:
    first = (event.source_url or "").split(" ")[0]
    return link(event.source, first) if first else plain(event.source)


def compared(event: str, editions: tuple[Event, ...]) -> None:
    """Show the editions of one event beside each other."""
    rows = [
        [plain(t(name).capitalize()), *(plain(edition.said(measure)) for edition in editions)]
        for measure, name in MEASURES.items()
        if any(getattr(edition, measure) is not None for edition in editions)
    ]
    per_company = [edition.rounds_per_company for edition in editions]
    if any(value is not None for value in per_company):
        rows.append([t("Rondas por empresa"), *(number(value, 1) for value in per_company)])
    tables.show(
        event, (t("Cifra"), *(plain(f"{t(edition.edition)} ({edition.when})") for edition in editions)), rows, alt=event
    )


def notes(events: tuple[Event, ...]) -> None:
    """Show what must be known of the numbers."""
    lines = [
        f"- **{plain(event.event)} {plain(t(event.edition))}**: {plain(t(event.note))}"
        for event in events
        if event.note
    ]
    if lines:
        with st.expander(t("Lo que hay que saber de estas cifras")):
            st.markdown("\n".join(lines))


def how_to_add() -> None:
    """Show how the office adds its own events: only through the ETL."""
    with st.container(border=True):
        st.markdown(f"**{t('Agregar los encuentros de la oficina')}**")
        st.markdown(
            t("Complete la plantilla, una fila por versión, y cárguela con el ETL. Lo que no se sabe queda vacío.")
        )
        st.code("pulso load encuentros.csv", language=None)
        template: Path = TEMPLATES / "encuentros.csv"
        st.download_button(
            t("Plantilla (CSV)"),
            template.read_bytes,
            file_name="encuentros.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
