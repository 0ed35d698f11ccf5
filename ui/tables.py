"""Small tables of a region: each row with its figure, its period and where it comes from."""

from collections.abc import Sequence

import streamlit as st

from indicators.published import PublishedFact, SmeFacts
from indicators.result import Answer
from indicators.spanish import percent, points
from ui.text import citation, plain


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, alt: str) -> None:
    """Show a titled table in a card; cells are Markdown."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{plain(title)}**")
        cells = {column: [row[place] for row in rows] for place, column in enumerate(columns)}
        st.table(cells, border="horizontal", hide_header=False, alt=alt)


def published_shares(shares: Sequence[PublishedFact]) -> None:
    """Show the region's weight in the nation under each denominator that can be worked out from published levels."""
    if not shares:
        with st.container(border=True, height="stretch"):
            st.caption("No hay totales publicados de la región y del país para un mismo alcance y año.")
        return
    rows = [[plain(f"{one.scope_label}, {one.period.label}"), _share(one), citation(one)] for one in shares]
    show(
        "La parte del país depende de qué total se mira",
        ("Total de", "Parte", "Publicado por"),
        rows,
        alt="Parte de la región en el país según el total",
    )


def _share(fact: PublishedFact) -> str:
    others = [other.value_text for other in fact.contradictions]
    return f"**{plain(fact.value_text)}**" + (f"  \n:small[o {plain(', '.join(others))}]" if others else "")


def recent(facts: Sequence[PublishedFact]) -> None:
    """Show the other recent published levels and rates of the total."""
    if facts:
        rows = [
            [
                plain(f"{_capital(one.metric_label)}, {one.period.label}"),
                f"**{plain(one.value_text)}**",
                citation(one),
            ]
            for one in facts
        ]
        show(
            "Lo más reciente",
            ("Cifra", "Valor", "Publicado por"),
            rows,
            alt="Otras cifras publicadas del total",
        )


def firms(published: SmeFacts) -> None:
    """Show what is published of exporting firms and pymes, claims without base apart, and what is not."""
    facts = [*published.exporters[:2], *published.sme_counts[:2], *published.sme_values[:2]]
    rows = [
        [
            plain(f"{_capital(one.metric_label)}, {one.period.label}"),
            f"**{plain(one.value_text)}**",
            citation(one),
        ]
        for one in facts
    ]
    rows += [
        [plain(f"Dicho sin base ni medida: {one.metric_label}"), plain(one.value_text), citation(one)]
        for one in published.claims
    ]
    if rows:
        show("Empresas y pymes", ("Cifra", "Valor", "Publicado por"), rows, alt="Cifras publicadas de empresas")
    st.caption(plain(published.missing))


def computed_shares(answers: Sequence[Answer]) -> None:
    """Show the region's weight under each denominator, as the edition computes it."""
    rows = [
        [
            plain(_capital((answer.share_of or answer.label).removeprefix("del "))),
            f"**{percent(answer.share, 2)}**",
            points(answer.share_change, 2) if answer.share_change is not None else "sin base",
        ]
        for answer in answers
        if answer.share is not None
    ]
    if not rows:
        with st.container(border=True, height="stretch"):
            st.caption(plain(answers[0].reasons[0].text if answers[0].reasons else "No hay participación."))
        return
    show(
        f"Parte del país, {answers[0].window_label}",
        ("Total", "Parte", "Cambio en un año"),
        rows,
        alt="Participación de la región según el total",
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
