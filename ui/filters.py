"""What a reader can choose. The address is the truth: a choice writes it; a link, reload or «back» reads it.

Streamlit's own `bind="query-params"` would put the shown label in the address and drop unknown values in
silence; here the address holds short stable codes, and an unknown one is told to the reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import duckdb
import streamlit as st

from indicators.edition import Edition
from indicators.errors import EditionMissing
from indicators.language import t
from ui import data, place
from ui.text import plain

DEFAULT_REGION = "08"
PRIVATE_MARK = "Edición privada: no difundir"
CURRENT = ""


@dataclass(frozen=True)
class Chosen:
    """What the page shows: a region of an edition."""

    edition: Edition
    region: str
    place: str


def region_and_edition() -> Chosen:
    """Show the two selectors; return what is chosen, or tell what is unknown and stop."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        region_place = st.container(width=320)
        edition_place = st.container(width=420)
    with edition_place:
        edition = chosen_edition()
    names = data.region_names(edition.id)
    with region_place:
        region = choice("region", names, label="Región", default=DEFAULT_REGION)
    if region is None:
        stop(f"No existe la región «{st.query_params['region']}»; elija una de la lista.")
    return Chosen(edition, region, names[region])


def chosen_edition() -> Edition:
    """Show the selector of editions; return the one chosen, or tell what is unknown and stop."""
    edition_id = choice("edition", _edition_labels(), label="Edición de datos", default=CURRENT)
    try:
        return data.edition(edition_id or st.query_params.get("edition"))
    except EditionMissing as missing:
        stop(str(missing))
    except duckdb.Error:
        stop(f"La edición «{edition_id or place.current_id()}» no se puede leer; elija otra o vuelva a construirla.")


def arrive(page: str) -> None:
    """Note which page is shown: choices follow the reader from one page to the next."""
    st.session_state["arrived"] = st.session_state.get("page", page) != page
    st.session_state["page"] = page


def private_mark() -> None:
    """Say at the top of every page of a private edition that it must not be passed on."""
    kept = st.session_state.get("kept_edition") if st.session_state.get("arrived") else None
    try:
        edition = data.edition(st.query_params.get("edition") or kept or None)
    except (EditionMissing, duckdb.Error):
        return  # the page tells why it cannot be shown
    if edition.is_private:
        st.warning(
            t("Trae el registro de exportadores de la oficina, empresa por empresa."),
            title=t(PRIVATE_MARK),
            icon=":material/lock:",
        )


def choice(name: str, options: Mapping[str, str], *, label: str, default: str) -> str | None:
    """Show a selector tied to `?name=`; return the code, or None when the address names none of them."""
    kept = st.session_state.get(f"kept_{name}")
    if kept and st.session_state.get("arrived") and name not in st.query_params:
        st.query_params[name] = kept  # Streamlit empties the address on a change of page
    asked = st.query_params.get(name, default)
    chosen = asked if asked in options else None
    key = f"choice_{name}"
    st.session_state[key] = st.session_state[f"kept_{name}"] = chosen
    st.selectbox(
        label,
        list(options),
        format_func=lambda code: options.get(code, code),
        key=key,
        placeholder="Elija de la lista",
        filter_mode="contains",
        on_change=_write,
        args=(name, default),
    )
    return chosen


def _write(name: str, default: str) -> None:
    """Put the choice in the address; what follows by itself (the current edition) is left out."""
    chosen = st.session_state[f"choice_{name}"]
    if chosen is None or chosen == default == CURRENT:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen


def _edition_labels() -> dict[str, str]:
    labels = {CURRENT: "Vigente"}
    for edition_id in place.edition_ids():
        labels[edition_id] = data.edition_label(edition_id)
    current = place.current_id()
    if current in labels:
        labels[CURRENT] = f"Vigente: {labels[current]}"
    return labels


def stop(sentence: str) -> NoReturn:
    """Tell what cannot be shown and why, and show nothing more."""
    st.error(plain(sentence), icon=":material/link_off:")
    st.stop()
