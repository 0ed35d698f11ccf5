"""Small tables of a region: each row with its figure, its period and where it comes from."""

from collections.abc import Sequence

import streamlit as st

from indicators.engine.companies import PerThousand
from indicators.engine.result import Answer
from indicators.published import PublishedFact, SmeFacts
from ui import address
from ui.text import capitalised, citation, plain
from words.formats import number, percent, points
from words.language import t


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, alt: str) -> None:
    """Show a titled table in a card, or that it has no rows; cells are Markdown."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{plain(title)}**")
        if not rows:
            st.caption(t("No hay datos que mostrar."))
            return
        cells = {column: [row[position] for row in rows] for position, column in enumerate(columns)}
        st.table(cells, border="horizontal", hide_header=False, alt=alt)


def published_shares(shares: Sequence[PublishedFact]) -> None:
    """Show the region's weight in the nation under each denominator that can be worked out from published levels."""
    if not shares:
        with st.container(border=True, height="stretch"):
            st.caption(t("No hay totales publicados de la región y del país para un mismo alcance y año."))
        return
    rows = [[plain(f"{fact.scope_label}, {fact.period.label}"), _share(fact), citation(fact)] for fact in shares]
    show(
        t("La parte del país depende de qué total se mira"),
        (t("Total de"), _share_heading(), t("Publicado por")),
        rows,
        alt=t("Parte de la región en el país según el total"),
    )


def _share_heading() -> str:
    """Return the heading of shares of a whole: «Parte» by itself heads what a split gives, another word in English."""
    return capitalised(t("parte"))


def _share(fact: PublishedFact) -> str:
    others = list(
        dict.fromkeys(
            contradiction.value_text
            for contradiction in fact.contradictions
            if contradiction.value_text != fact.value_text
        )
    )
    return f"**{plain(fact.value_text)}**" + (f"  \n:small[{t('o')} {plain(', '.join(others))}]" if others else "")


def recent(facts: Sequence[PublishedFact]) -> None:
    """Show the other recent published levels and rates of the total."""
    if facts:
        rows = [
            [
                plain(f"{capitalised(fact.metric_label)}, {fact.period.label}"),
                f"**{plain(fact.value_text)}**",
                citation(fact),
            ]
            for fact in facts
        ]
        show(
            t("Otras cifras publicadas"),
            (t("Cifra"), t("Valor"), t("Publicado por")),
            rows,
            alt=t("Otras cifras publicadas del total"),
        )


def firms(sme_facts: SmeFacts) -> None:
    """Show what is published of exporting firms and pymes, claims without base apart, and what is not."""
    facts = [*sme_facts.exporters[:2], *sme_facts.sme_counts[:2], *sme_facts.sme_values[:2]]
    rows = [
        [
            plain(f"{capitalised(fact.metric_label)}, {fact.period.label}"),
            f"**{plain(fact.value_text)}**",
            citation(fact),
        ]
        for fact in facts
    ]
    rows += [
        [plain(t("Dicho sin base ni medida: {what}", what=fact.metric_label)), plain(fact.value_text), citation(fact)]
        for fact in sme_facts.claims
    ]
    if rows:
        columns = (t("Cifra"), t("Valor"), t("Publicado por"))
        show(t("Empresas y pymes"), columns, rows, alt=t("Cifras publicadas de empresas"))
    st.caption(plain(sme_facts.missing))


def computed_shares(answers: Sequence[Answer]) -> None:
    """Show the region's weight under each denominator, as the edition computes it."""
    rows = [
        [
            plain(capitalised(t(answer.question.whole.label if answer.question.whole else answer.label))),
            f"**{percent(answer.share, 2)}**",
            points(answer.share_change, 2) if answer.share_change is not None else t("sin base"),
        ]
        for answer in answers
        if answer.share is not None
    ]
    if not rows:
        with st.container(border=True, height="stretch"):
            st.caption(plain(answers[0].reasons[0].text if answers[0].reasons else t("No hay participación.")))
        return
    show(
        t("Parte del país, {window}", window=answers[0].window_label),
        (t("Total"), _share_heading(), t("Cambio en un año")),
        rows,
        alt=t("Participación de la región según el total"),
    )


def sme_shares(facts: Sequence[PublishedFact]) -> None:
    """Show side by side what was published as the part of exporters that are small firms, and what each counted."""
    if not facts:
        return
    rows = [
        [
            f"**{plain(fact.value_text)}**",
            plain(f"{capitalised(fact.metric_label)}, {fact.scope_label}, {fact.period.label}. {fact.note or ''}"),
            citation(fact),
        ]
        for fact in facts
    ]
    show(
        t("Qué parte de los exportadores es pyme: cada cifra, con su definición"),
        (_share_heading(), t("Qué cuenta"), t("Publicado por")),
        rows,
        alt=t("Partes publicadas de pymes entre los exportadores"),
    )


QUOTED = (("50 %", "jobs", "del empleo"), ("17 %", "gdp", "del PIB"))  # said of pymes in the news item


def quoted_weights(region: str) -> None:
    """Show what was said of the weight of pymes, each with the way to check it."""
    lines = [
        t(
            "- Se dijo: «{number} {what}». [Verificar]({link})",
            number=t(number),
            what=t(what),
            link=address.inside("verificar", numero=number, sobre=about, region=region.split(",")[0]),
        )
        for number, about, what in QUOTED
    ]
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{t('El peso de las pymes: lo que se ha dicho')}**")
        st.markdown("\n".join(lines))
        st.caption(t("Las ventas no son valor agregado: no hay cifra oficial de las pymes en el PIB."))


def per_thousand(rates: Sequence[PerThousand], place_name: str) -> None:
    """Show how many of a thousand firms export, where both counts are known."""
    if not rates:
        st.caption(t("Por cada mil empresas: no hay un año con exportadoras (registro) y empresas (SII) contadas."))
        return
    rows = [
        [str(rate.year), f"**{number(rate.rate, 1)}**", number(rate.exporters), number(rate.firms)] for rate in rates
    ]
    show(
        t("Exportadoras por cada mil empresas de {place}", place=place_name),
        (t("Año"), t("Por mil"), t("Exportadoras (edición)"), t("Empresas (SII)")),
        rows,
        alt=t("Exportadoras por cada mil empresas"),
    )
