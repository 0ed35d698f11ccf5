"""The way into the figures and back: steps at the top, and a list whose every row opens one step further."""

import streamlit as st

from indicators.engine.pivot import PARTS, Step, opens, part_of, short_name, steps, value_of
from indicators.engine.result import Answer, Row
from ui import address, data
from ui.charts.answers import growth_words
from ui.text import capitalised, plain
from ui.widgets.view import View
from words.formats import quantity
from words.language import t

SHOWN, MOST = 10, 60
NOUNS = {  # what the rows of a split are called
    "sector": "Sectores",
    "hs2": "Capítulos arancelarios",
    "hs4": "Partidas (4 dígitos)",
    "hs6": "Productos (6 dígitos)",
    "hs8": "Códigos arancelarios (8 dígitos)",
    "country": "Destinos",
}
NOTHING: dict[str, str | None] = dict.fromkeys(PARTS)


def noun(split: str) -> str:
    """Return what the rows of a split are called."""
    return t(NOUNS[split.partition(":")[0]])


def way(view: View) -> None:
    """Show the steps that led here, each a button that goes back to it; nothing where none was taken."""
    trail = steps(view.question("fob"))
    if not trail:
        return
    back = {t("Todo {place}", place=view.place): NOTHING}
    back |= {step_name(view, step): dict(step.address) for step in trail[:-1]}
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for position, (name, parts) in enumerate(back.items()):
            icon = None if position else ":material/arrow_back:"
            key = f"way_{position}"
            st.button(plain(name), key=key, icon=icon, type="tertiary", on_click=address.go, kwargs=parts)
            st.markdown("›", width="content")
        st.markdown(f"**{plain(step_name(view, trail[-1]))}**", width="content")


def step_name(view: View, step: Step) -> str:
    """Return what a step is called: the names of its codes, products with their code."""
    return ", ".join(_named(view.edition.id, step.split, code.rpartition(":")[2]) for code in step.codes)


def _named(edition_id: str, split: str, key: str) -> str:
    names = data.names(edition_id, "hs6" if split == "hs8" else split)
    name = short_name(names.get(key[:6] if split == "hs8" else key, ""))
    return " · ".join(filter(None, (key, name))) if split.startswith("hs") else name or key


def rows(view: View, answer: Answer) -> None:
    """Show the parts of an answer, each with value, base and change, and a button that opens it."""
    split = answer.question.split or ""
    st.markdown(f"**{plain(noun(split))}** :small[{plain(t('ábralos para ver de qué se componen'))}]")
    nonzero_rows = [row for row in answer.rows if row.value or row.base]
    whole = len(nonzero_rows) > SHOWN and st.toggle(
        t("Mostrar los {count}", count=min(len(nonzero_rows), MOST)), key=f"whole_{split}"
    )
    for row in nonzero_rows[: MOST if whole else SHOWN]:
        _row(view, answer, row)
    if len(nonzero_rows) > MOST:
        st.caption(plain(t("Hay {count}; los demás, más pequeños, están en la descarga.", count=len(nonzero_rows))))


def _row(view: View, answer: Answer, row: Row) -> None:
    split = answer.question.split or ""
    can_open = opens(row)
    name = _named(view.edition.id, split, row.key) if can_open else row.label
    base = t("antes {base}", base=quantity(row.base, answer.unit)) if row.base is not None else ""
    change = growth_words(row) if answer.base is not None else ""
    with st.container(gap=None):
        st.button(
            plain(capitalised(name)),
            key=f"open_{split}_{row.key}",
            icon=":material/chevron_right:",
            icon_position="right",
            type="tertiary",
            wrap=False,
            on_click=address.go,
            kwargs={part_of(split): value_of(split, row.key)},
            disabled=not can_open,
            help=plain(row.label) if short_name(row.label) != row.label else None,
        )
        words = [f"**{plain(quantity(row.value, answer.unit))}**", f"**{plain(change)}**", plain(base)]
        st.markdown(f":small[{' · '.join(word for word in words if word.strip('*'))}]")
