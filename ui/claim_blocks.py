"""What is found of a quoted figure: the verdict, the sentences, the readings, who said it and what would settle it."""

from collections.abc import Mapping, Sequence, Set

import streamlit as st

from indicators.claims import Reading, Verification, tally
from indicators.claims.reading import PUBLISHED
from indicators.edition import Edition
from indicators.formats import printed_on
from indicators.language import t
from indicators.published import OtherValue
from ui import blocks, tables
from ui.text import citation, link, plain

READINGS_SHOWN = 6


def verdict(found: Verification) -> None:
    """Show what came of the check, first in one sentence, then with its readings and how they were counted."""
    st.space("small")
    st.header(plain(tally.outcome(found)), anchor=False)
    st.markdown(plain(found.summary))
    st.caption(plain(f"{tally.tolerance(found.claim.quantity)} {tally.tried(found)}"))


def sentences(found: Verification) -> None:
    """Show the sentences that may be printed, ready to copy, and those that may not, each with why."""
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with st.container(border=True, height="stretch"):
            st.markdown(f"**:material/check_circle: {t('Se puede publicar')}**")
            for sentence in found.printable:
                st.code(sentence, language=None, wrap_lines=True)
            if not found.printable:
                st.markdown(t("Ninguna frase con esa cifra: no hay una lectura publicada que la dé."))
        with st.container(border=True, height="stretch"):
            st.markdown(f"**:material/block: {t('No se puede publicar')}**")
            _list(found.forbidden or (t("Esa cifra sin decir qué mide y quién la publicó."),))


def said(found: Verification) -> None:
    """Show who is on record saying the number, which confirms nothing, and what would settle it."""
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with st.container(border=True, height="stretch"):
            st.markdown(f"**:material/record_voice_over: {t('Quién lo dijo')}**")
            for fact in found.said_by:
                said = t("«{value}», {what}", value=fact.value_text, what=fact.metric_label)
                st.markdown(f"{plain(said)}: {citation(fact)}")
                st.caption(plain(fact.note or ""))
            if not found.said_by:
                st.markdown(
                    t("No consta nadie que lo haya dicho sin definirlo; quién publicó cada lectura va más abajo.")
                )
        with st.container(border=True, height="stretch"):
            st.markdown(f"**:material/rule: {t('Qué lo zanjaría')}**")
            _list(found.needs or (t("Nada: hay una cifra publicada que lo dice."),))


def published(found: Verification, names: Mapping[str, str]) -> None:
    """Show every reading from published figures, nearest first, and the same number said of something else."""
    note = t("Cifras reales, de la más cercana a la más lejana.")
    blocks.band(t("Lecturas con cifras publicadas"), "publicado", note)
    if found.published:
        _readings(t("Lo que se puede leer en lo publicado"), found.published, names)
    else:
        st.markdown(t("No hay ninguna cifra publicada de eso para esa región y ese período."))
    if found.coincidences:
        _readings(t("El mismo número, dicho de otra cosa"), found.coincidences, names)


def computed(found: Verification, names: Mapping[str, str], edition: Edition) -> None:
    """Show every reading that the edition computes, nearest first, and those it cannot compute, with why."""
    with st.container(border=True):
        if found.computed:
            blocks.band(t("Lecturas de la edición"), found.computed[0].origin, blocks.edition_note(edition))
            _readings(t("Lo que calcula la edición"), found.computed, names)
            st.caption("  \n".join(plain(source) for source in dict.fromkeys(one.source for one in found.computed)))
        else:
            st.header(t("Lecturas de la edición"), anchor=False)
            st.markdown(t("La edición no calcula esa medida."))
        for one in found.unanswered:
            st.caption(plain(t("Sin calcular: {definition}. {reason}", definition=one.definition, reason=one.reason)))


def _readings(title: str, readings: Sequence[Reading], names: Mapping[str, str]) -> None:
    """Show readings in a table, the nearest at once and the rest folded; what holds for all is said once below."""
    shared = set.intersection(*(set(one.caveats) for one in readings))
    has_places = len({one.region for one in readings}) > 1
    rows = [_row(one, names[one.region] if has_places else "", shared) for one in readings]
    _table(title, rows[:READINGS_SHOWN])
    if rows[READINGS_SHOWN:]:
        with st.expander(t("Ver las demás lecturas ({n})", n=len(rows) - READINGS_SHOWN)):
            _table(t("{title}: lo más lejano", title=title), rows[READINGS_SHOWN:])
    if shared:
        st.caption("  \n".join(plain(text) for text in sorted(shared)))


def _table(title: str, rows: Sequence[Sequence[str]]) -> None:
    tables.show(title, (t("Valor"), t("Qué mide y de dónde sale")), rows, alt=title)


def _row(reading: Reading, where: str, shared: Set[str]) -> tuple[str, str]:
    """Return the value and what it measures, how and by whom, as Markdown."""
    is_published = reading.origin == PUBLISHED
    standing = tally.standing(reading) + ("" if is_published else f" ({t(reading.origin)})")
    if reading.is_hit and is_published:
        standing = f"**:material/check_circle: {standing}**"
    measure = ", ".join(filter(None, (reading.definition, where, reading.period.label)))
    notes = (reading.differs, reading.derivation, *reading.caveats)
    details = [text for text in notes if text and text not in shared and text not in standing]
    lines = [plain(measure), *(f":gray[:small[{plain(text)}]]" for text in details)]
    lines += [f":gray[:small[{t('Otro valor publicado:')}]] :small[{_other(other)}]" for other in reading.others]
    lines += [f":small[{_source(reading)}]"] if is_published else []
    return f"**{plain(reading.value_text)}**  \n:small[{standing}]", "  \n".join(lines)


def _source(reading: Reading) -> str:
    return citation(reading.fact) if reading.fact else link(reading.source, next(iter(reading.urls), ""))


def _other(other: OtherValue) -> str:
    words = ", ".join(filter(None, (other.value_text, other.publisher, printed_on(other.published_on), other.note)))
    return link(words, next(iter(other.source_urls), ""))


def _list(texts: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {plain(text)}" for text in texts))
