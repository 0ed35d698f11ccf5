"""What a reader can choose. The address is the truth: a choice writes it; a link, reload or «back» reads it.

Streamlit's own `bind="query-params"` would put the shown label in the address and drop unknown values in
silence; here the address holds short stable codes, and an unknown one is told to the reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NoReturn, TypeVar

import duckdb
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from editions import current as editions
from editions.edition import Edition
from editions.errors import EditionMissing, QuestionError
from indicators.engine.result import PRIVATE_MARK
from indicators.question import codes
from ui import address, data
from ui.text import plain
from ui.widgets import language_switch
from words.language import t

DEFAULT_REGION = "08"
CURRENT = ""
Code = TypeVar("Code", bound=str)


class Refused(Exception):  # noqa: N818 — what happened, not what went wrong
    """What was asked for cannot be shown; the message is a sentence for the reader."""


@contextmanager
def refusals_told() -> Iterator[None]:
    """Run a page; what it refuses is told at its end, not where it was found out: that may be a closed menu."""
    try:
        yield
    except Refused as refused:
        st.error(plain(str(refused)), icon=":material/link_off:")


def head(*widths: int) -> list[DeltaGenerator]:
    """Open the row of a page's first filters; return a place of each width, the last beside the switch of language."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        places = [st.container(width=width) for width in widths[:-1]]
        with st.container(width=widths[-1]):
            return [*places, language_switch.beside()]


def chosen_edition() -> Edition:
    """Show the selector of editions; return the one chosen, or tell what is unknown and stop."""
    edition_id = choice("edition", _edition_labels(), label=t("Edición de datos"), default=CURRENT)
    try:
        edition = data.edition(edition_id or st.query_params.get("edition"))
        _understand(edition)
        return edition
    except QuestionError as error:
        stop(str(error))
    except EditionMissing as missing:
        stop(str(missing))
    except duckdb.Error:
        message = t(
            "La edición «{id}» no se puede leer; elija otra o vuelva a construirla.",
            id=edition_id or editions.current_id(),
        )
        stop(message)


def _understand(edition: Edition) -> None:
    """Put codes in the address where a reader wrote names (`region=Biobío`) or a code in another way (`region=8`)."""
    for part in codes.TABLES:
        text = st.query_params.get(part, "")
        code = codes.resolve(edition, part, text)
        if code != text:
            st.query_params[part] = code


def arrive(page: str) -> None:
    """Note which page is shown: choices follow the reader from one page to the next."""
    st.session_state["arrived"] = st.session_state.get("page", page) != page
    if st.session_state["arrived"] or "carried" not in st.session_state:
        st.session_state["carried"] = set()  # what came along from the page before
    st.session_state["page"] = page


def private_mark() -> None:
    """Say at the top of every page of a private edition that it must not be passed on."""
    last_edition = st.session_state.get("kept_edition") if st.session_state.get("arrived") else None
    try:
        edition = data.edition(st.query_params.get("edition") or last_edition or None)
    except (EditionMissing, duckdb.Error):
        return  # the page tells why it cannot be shown
    if edition.is_private:
        st.warning(
            t("Trae el registro de exportadores de la oficina, empresa por empresa."),
            title=t(PRIVATE_MARK),
            icon=":material/lock:",
        )


def choice(name: str, options: Mapping[str, str], *, label: str, default: str, clears: str | None = None) -> str | None:
    """Show a selector tied to `?name=`; return the code, or None when the address names none of them.

    `clears` is a part of the address that another choice here makes meaningless.
    """
    wish = address.said(name, default, among=options)
    option = wish if wish in options else None
    key = f"choice_{name}"
    st.session_state[key] = option
    st.selectbox(
        label,
        list(options),
        format_func=lambda code: options.get(code, code),
        key=key,
        placeholder=t("Elija de la lista"),
        filter_mode="contains",
        on_change=_write,
        args=(name, clears),
    )
    return option


def known(name: str, options: Mapping[str, str], *, label: str) -> str:
    """Show a selector tied to `?name=`, the first option unless said; tell what is unknown and stop."""
    code = choice(name, options, label=label, default=next(iter(options)))
    if code is None:
        stop(t("«{code}» no existe en {label}; elija de la lista.", code=st.query_params[name], label=label))
    return code


def part(name: str, options: Mapping[str, str], *, label: str, default: str | None = None) -> str:
    """Show a selector for a part of the question; an unsaid part means `default`, else the first option.

    A value that a link asks for and the list lacks (`window=2024-03..2024-05`) joins the list: the question judges it.
    """
    default = next(iter(options)) if default is None else default
    code = address.said(name, default)
    choices = options if code in options else {**options, code: code}
    return choice(name, choices, label=label, default=default) or ""


def pick(name: str, options: Mapping[Code, str], *, label: str) -> Code:
    """Show a few alternatives side by side, tied to `?name=`; the first is what an unsaid one means."""
    default = next(iter(options))
    wish = st.query_params.get(name, default)
    option = next((code for code in options if code == wish), None)
    if option is None:
        stop(t("«{code}» no existe en {label}; elija de la lista.", code=wish, label=label))
    key = f"choice_{name}"
    st.session_state[key] = option
    st.segmented_control(
        label,
        list(options),
        format_func=lambda code: options.get(code, code),
        key=key,
        required=True,
        on_change=_write,
        args=(name,),
    )
    return option


def choices(
    name: str,
    options: Mapping[str, str],
    *,
    label: str,
    placeholder: str,
    default: str = "",
    whole: str = "",
    prefix: str = "",
) -> str:
    """Show a selector of several codes tied to `?name=a,b`; return them joined by commas, `whole` when none is chosen.

    With a `prefix` the address holds `prefix:a,b`. Tells what is unknown and stops.
    """
    value = address.said(name, default)
    codes = [code for code in value.rpartition(":")[2].split(",") if code and code != whole]
    wrong = [code for code in codes if code not in options]
    if wrong:
        stop(t("«{code}» no existe en {label}; elija de la lista.", code=wrong[0], label=label))
    key = f"choices_{name}"
    st.session_state[key] = codes
    st.multiselect(
        label,
        [code for code in options if code != whole],
        format_func=lambda code: options.get(code, code),
        key=key,
        placeholder=placeholder,
        filter_mode="contains",
        select_all=False,
        on_change=_write_several,
        args=(name, whole, prefix),
    )
    return _joined(codes, whole, prefix)


def _joined(codes: Sequence[str], whole: str, prefix: str) -> str:
    if not codes:
        return whole
    return f"{prefix}:{','.join(codes)}" if prefix else ",".join(codes)


def _write(name: str, clears: str | None = None) -> None:
    """Put the choice in the address; what follows by itself is left out."""
    value = st.session_state[f"choice_{name}"]
    address.go(**{name: value} | ({clears: None} if clears else {}))


def _write_several(name: str, whole: str, prefix: str) -> None:
    value = _joined(st.session_state[f"choices_{name}"], whole, prefix)
    address.go(**{name: value})


def _edition_labels() -> dict[str, str]:
    labels = {CURRENT: t("Vigente")}
    for edition_id in editions.edition_ids():
        labels[edition_id] = data.edition_label(edition_id)
    current = editions.current_id()
    if current in labels:
        labels[CURRENT] = t("Vigente: {edition}", edition=labels[current])
    return labels


def stop(sentence: str) -> NoReturn:
    """Show nothing more, and tell what cannot be shown and why."""
    raise Refused(sentence)
