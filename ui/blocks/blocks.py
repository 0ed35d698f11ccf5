"""Blocks of a page: a band of figures with one badge, cards with definition and source, tables, sentences."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

import streamlit as st

from editions.edition import Edition
from editions.errors import IndicatorError
from indicators.engine.result import Answer
from indicators.published import OtherValue, PublishedFact
from ui.address import tab_title
from ui.blocks import chart_menu
from ui.charts import screen
from ui.charts.chart import DEMO_MARK, Chart
from ui.text import capitalised, citation, plain
from ui.widgets.filters import Refused
from words.formats import MISSING, percent, printed_on, quantity
from words.language import t

LOG = logging.getLogger(__name__)
FAILED = (
    "Este dato no se pudo calcular. El detalle quedó en el registro del servidor; pruebe con otro período o filtro."
)
SMALL_CARD_WIDTH, CARD_WIDTH, CHART_WIDTH = 200, 240, 420
BADGES = {  # words first: colour only repeats them
    "publicado": ("blue", ":material/verified:"),
    "oficial": ("green", ":material/account_balance:"),
    "demostración": ("orange", ":material/science:"),
    "privado": ("violet", ":material/lock:"),
    "público": ("green", ":material/shield:"),
}


def title(text: str, *, of: str = "") -> None:
    """Show the page's title, in the tab of the browser too; there with the place that it does not name itself."""
    st.title(plain(text), anchor=False)
    st.set_page_config(page_title=tab_title(text, of))


def badge(name: str) -> None:
    """Show how far a figure can be trusted, in words."""
    colour, icon = BADGES.get(name, ("gray", ":material/help:"))
    st.badge(capitalised(t(name)), icon=icon, color=colour)  # type: ignore[arg-type]


def band(title: str, badge_name: str, note: str) -> None:
    """Open a part of the page whose figures share one badge."""
    st.space("small")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(title, anchor=False, width="content")
        badge(badge_name)
    if badge_name == "demostración":
        st.warning(plain(note), title=t(DEMO_MARK), icon=":material/science:")
    else:
        st.caption(plain(note))


def note(text: str) -> None:
    """Show a remark in small letters."""
    st.caption(plain(text))


def sentence(text: str) -> None:
    """Show a sentence that stands for a whole band."""
    st.subheader(plain(text), anchor=False)


def fact_card(fact: PublishedFact | None, *, label: str, missing: str) -> None:
    """Show one published figure with its scope, period, publisher and link; or why there is none."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        if fact is None:
            st.metric(label, t(MISSING))
            st.caption(plain(missing))
            return
        st.metric(label, plain(fact.value_text), help=plain(f"{fact.metric_label}, {fact.scope_label}."))
        st.caption(plain(f"{fact.period.label}, {fact.subject or fact.scope_label}"))
        st.markdown(f":small[{citation(fact)}]")
        how = fact_details(fact)
        if how:
            with st.popover(t("Cómo se obtiene"), icon=":material/info:", type="tertiary"):
                st.markdown(how)


def fact_details(fact: PublishedFact) -> str:
    """Return how a figure was derived and what other values were printed, as Markdown."""
    lines = [f"**{t('Cálculo:')}** {plain(fact.derivation)}"] if fact.derivation else []
    if fact.contradictions:
        lines.append(f"**{t('Otros valores publicados:')}**")
        lines += [f"- {plain(_other(other))}" for other in fact.contradictions]
    return "\n\n".join(lines[:1]) + "\n\n" + "\n".join(lines[1:]) if lines else ""


def _other(other: OtherValue) -> str:
    who = t("derivado de cifras publicadas") if other.publisher == "derived" else other.publisher
    return ", ".join(filter(None, (f"{other.value_text} ({who})", printed_on(other.published_on), other.note)))


def answer_card(answer: Answer, *, label: str) -> None:
    """Show one computed figure with its change, window, definition and badge; or why it is missing."""
    spec = answer.question.spec
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            label,
            plain(quantity(answer.value, answer.unit)),
            delta=_change(answer),
            delta_color=_colour(answer),
            delta_arrow=_arrow(answer),
            delta_description=plain(t("frente a {base}", base=answer.base_label))
            if answer.growth is not None
            else None,
            help=plain(f"{t(spec.definition)} {t(spec.caveat)}".strip()),
        )
        scope = f"{answer.window_label}, {answer.scope_label}"
        st.caption(f"{plain(scope)} · {t(answer.badge)}")
        reasons(answer)
        chart_menu.of_answer(answer, label)


def _change(answer: Answer) -> str | None:
    if answer.growth is not None:
        return percent(answer.growth, sign=True)
    return quantity(answer.change, answer.unit, sign=True).replace("$", r"\$") if answer.change else None


def _colour(answer: Answer) -> Literal["normal", "inverse", "off"]:
    """Streamlit reads our true minus sign as positive: a fall takes the inverse colour."""
    if not answer.growth:
        return "off"
    return "normal" if answer.growth > 0 else "inverse"


def _arrow(answer: Answer) -> Literal["up", "down", "off"]:
    if not answer.change:
        return "off"
    return "up" if answer.change > 0 else "down"


def reasons(answer: Answer) -> None:
    """Show why a figure is missing or what to mind, once each; the demo mark has its own place."""
    texts = dict.fromkeys(reason.text for reason in (*answer.reasons, *answer.flags) if reason.code not in QUIET)
    for text in texts:
        st.caption(plain(text))


QUIET = {"demo", "provisional", "quiebre_de_serie"}  # said once for the band, not in every card


def notes(answers: Iterable[Answer]) -> None:
    """Show once what to mind about all the answers of a band, with their sources."""
    answers = list(answers)
    flags = dict.fromkeys(flag.text for answer in answers for flag in answer.flags if flag.code in QUIET - {"demo"})
    sources = dict.fromkeys(source_note(answer) for answer in answers if answer.source_note)
    st.caption("  \n".join((*sources, *map(plain, flags))))


def source_note(answer: Answer) -> str:
    """Return where an answer comes from, as Markdown: a published one with publisher, date and link."""
    return t("Fuente: {source}.", source=citation(answer)) if answer.publisher else plain(answer.source_note)


@contextmanager
def card() -> Iterator[None]:
    """Open a card; what cannot be shown in it is told inside it, and only there."""
    with st.container(border=True, height="stretch"), told():
        yield


@contextmanager
def told() -> Iterator[None]:
    """Tell in a sentence why a figure cannot be shown: what is asked, the edition, or a mistake of ours.

    A mistake in one figure does not take the rest of the page with it; its details go to the server's log.
    """
    try:
        yield
    except Refused:
        raise  # of the whole page
    except IndicatorError as error:
        st.caption(plain(str(error)))
    except Exception as error:
        LOG.exception("a figure failed", exc_info=error)
        st.caption(t(FAILED))


def why_parts(answer: Answer) -> str:
    """Return why the parts of an answer cannot be drawn: one of them is in reserve, or there is no answer."""
    reason = next((row.reasons[0].text for row in answer.rows if row.reasons and row.change is None), None)
    return t("{what}: {why}", what=t(answer.label), why=reason) if reason else why(answer)


def chart(shown: Chart | None, *, missing: str) -> None:
    """Show a chart in a card; or why there is none."""
    with card():
        draw(shown, missing=missing)


def draw(chart: Chart | None, *, missing: str) -> None:
    """Show a chart with the same words for screen readers and the menu of its data; or why there is none."""
    if chart is None:
        st.caption(plain(missing))
        return
    key = f"chart_{chart.name}_{st.context.theme.type}"  # drawn anew under another theme, or it keeps the old colours
    st.plotly_chart(screen.draw(chart), config=screen.CONFIG, alt=chart.alternative, key=key)
    chart_menu.under(chart)


def edition_band(edition: Edition) -> None:
    """Open the part of the page that the edition computes."""
    badges = {"official": "oficial", "private": "privado", "public": "público"}
    kind = "demostración" if edition.is_demo else badges[edition.kind]
    band(t("Lo que calcula la edición"), kind, edition_note(edition))


def edition_note(edition: Edition) -> str:
    """Return one sentence on where the edition's figures come from."""
    if edition.is_demo:
        return t(
            "Las cifras de esta parte salen de registros sintéticos (edición {edition}): muestran cómo se ve el "
            "tablero, no lo que la región exportó.",
            edition=edition.id,
        )
    sentence = t("Calculado por la edición {edition} ({label}).", edition=edition.id, label=t(edition.label))
    return f"{sentence} {t('Extracto: {extract}.', extract=edition.extract)}" if edition.extract else sentence


def why(answer: Answer) -> str:
    """Return what there is nothing to draw of, and why."""
    reason = answer.reasons[0].text if answer.reasons else t("No hay exportaciones que mostrar en este período.")
    return t("{what}: {why}", what=t(answer.label), why=reason)
