"""The page of quoted figures: where one is written, and what is known of it."""

import unicodedata
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import asdict

import streamlit as st

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.claims import ABOUTS, Fields, Reading, Verification, fields_of, period_text, read_rough_period
from indicators.claims.fields import CASES, LONGEST
from indicators.claims.readings import PUBLISHED
from indicators.claims.verdict import outcome, standing, tolerance, tried
from indicators.published import OtherValue
from ui import data
from ui.blocks import blocks, tables
from ui.blocks.blocks import CHART_WIDTH
from ui.text import capitalised, citation, link, plain
from ui.widgets.filters import DEFAULT_REGION, stop
from words.formats import printed_on
from words.language import t

# -- Where a quoted figure is written: as a sentence or part by part. The address is the truth (see
# `ui.widgets.filters`).

SENTENCE, EDITION = "frase", "edition"
NAMES = {"number": "numero", "about": "sobre", "region": "region", "period": "periodo"}  # part of a claim → address
LONGEST_SENTENCE = 1000
FIELD_WIDTH = 140


def checked(edition: Edition) -> Verification | None:
    """Show where to write and correct the figure; return what is found of the one in the address, if it has one."""
    sentence = _asked(SENTENCE, longest=LONGEST_SENTENCE)
    proposals = data.proposals(edition.id, sentence) if sentence else ()
    fields = _fields() or next(iter(proposals), None)
    verification, wrong = _found(edition.id, fields)
    container = st.expander(t("Corregir la cifra o comprobar otra")) if verification else st.container()
    with container, st.grid(2, min_column_width=CHART_WIDTH):
        _sentence_form(edition.id, sentence)
        _parts_form(fields or Fields("", "", _usual_region()), data.place_names(edition.id))
    if sentence:
        st.markdown(f"> {plain(sentence)}")
        _proposals(sentence, proposals, fields=fields)
    if sentence and fields is None:
        wrong = t("No se encontró ninguna cifra en la frase; escríbala en el otro formulario.")
    if wrong:
        stop(wrong)
    return verification


def _found(edition_id: str, fields: Fields | None) -> tuple[Verification | None, str]:
    """Return what is found of a claim, or else the sentence that says what is wrong with it."""
    try:
        return (data.verification(edition_id, fields) if fields else None), ""
    except QuestionError as error:
        return None, str(error)


def examples() -> None:
    """Show the claims this page was made for; one click checks one."""
    for case in CASES:
        st.button(
            plain(t("«{quote}»", quote=t(case.quote))),
            icon=":material/arrow_forward:",
            type="tertiary",
            on_click=_write,
            args=(_named(fields_of(case.claim)),),
        )


def _sentence_form(edition_id: str, sentence: str) -> None:
    st.session_state["claim_sentence"] = sentence
    with st.form("claim_sentence_form", height="stretch"):
        st.text_area(
            t("Pegue la frase"),
            key="claim_sentence",
            max_chars=LONGEST_SENTENCE,
            height=122,
            placeholder=t("El Biobío representa cerca del 12 % de las exportaciones nacionales"),
        )
        st.form_submit_button(t("Leer la frase"), on_click=_read, args=(edition_id,))


def _proposals(sentence: str, proposals: tuple[Fields, ...], *, fields: Fields | None) -> None:
    """Show the figures that the sentence says when it says several, to check one after the other."""
    if len(proposals) < 2:
        return
    st.session_state["claim_proposal"] = proposals.index(fields) if fields in proposals else None
    st.radio(
        t("La frase dice varias cifras; se comprueba de a una:"),
        range(len(proposals)),
        format_func=lambda place: plain(_proposed(proposals[place])),
        index=None,
        key="claim_proposal",
        on_change=_choose,
        args=(sentence, proposals),
    )


def _proposed(fields: Fields) -> str:
    return t("«{value}», {what}", value=fields.number, what=t(ABOUTS[fields.about].label))


def _parts_form(fields: Fields, places: Mapping[str, str]) -> None:
    """Show the parts of the claim; where the address names no choice of a list, the list is left empty."""
    st.session_state["claim_number"] = fields.number
    st.session_state["claim_about"] = fields.about if fields.about in ABOUTS else None
    st.session_state["claim_region"] = fields.region if fields.region in places else None
    st.session_state["claim_period"] = fields.period
    with st.form("claim_parts_form", height="stretch"):
        with st.grid(3, min_column_width=FIELD_WIDTH):
            st.text_input(t("Cifra"), key="claim_number", max_chars=LONGEST, placeholder=t("12 %"))
            st.text_input(t("Período, si lo dice"), key="claim_period", max_chars=LONGEST, placeholder="2024")
            _choice(t("De dónde"), places, part="region")
        _choice(t("Sobre qué es"), {about: t(kind.label) for about, kind in ABOUTS.items()}, part="about")
        st.form_submit_button(t("Comprobar"), on_click=_check)


def _choice(label: str, options: Mapping[str, str], *, part: str) -> None:
    st.selectbox(
        label,
        list(options),
        format_func=lambda code: capitalised(options.get(code, code)),
        key=f"claim_{part}",
        placeholder=t("Elija de la lista"),
    )


def _fields() -> Fields | None:
    """Return the parts that the address gives, if it gives any but the region."""
    texts = {part: _asked(name, longest=LONGEST + 1) for part, name in NAMES.items()}
    texts["region"] = texts["region"] or DEFAULT_REGION
    return Fields(**texts) if texts["number"] or texts["about"] or texts["period"] else None


def _usual_region() -> str:
    """Return the region the reader was looking at on another page."""
    return st.session_state.get("kept_region") or DEFAULT_REGION


def _asked(name: str, *, longest: int) -> str:
    return cleaned(st.query_params.get(name, ""))[:longest]


def cleaned(text: str) -> str:
    """Return one line without characters that cannot be seen, such as those that turn the reading direction."""
    visible = (" " if letter in "\n\t\r" else letter for letter in text)
    return "".join(letter for letter in visible if not unicodedata.category(letter).startswith("C")).strip()


def _read(edition_id: str) -> None:
    sentence = cleaned(st.session_state["claim_sentence"] or "")[:LONGEST_SENTENCE]
    proposals = data.proposals(edition_id, sentence)
    _write({SENTENCE: sentence} | (_named(proposals[0]) if proposals else {}))


def _choose(sentence: str, proposals: tuple[Fields, ...]) -> None:
    _write({SENTENCE: sentence} | _named(proposals[st.session_state["claim_proposal"]]))


def _check() -> None:
    parts = {part: cleaned(st.session_state[f"claim_{part}"] or "") for part in NAMES}
    with suppress(QuestionError):  # what is wrong with it is told on the page, beside what was written
        parts["period"] = period_text(read_rough_period(parts["period"]))
    _write({SENTENCE: _asked(SENTENCE, longest=LONGEST_SENTENCE)} | _named(Fields(**parts)))


def _write(parameters: Mapping[str, str]) -> None:
    st.query_params.from_dict(_kept() | {name: text for name, text in parameters.items() if text})


def _kept() -> dict[str, str]:
    """Return the pinned edition, which every check keeps."""
    return {EDITION: st.query_params[EDITION]} if EDITION in st.query_params else {}


def _named(fields: Fields) -> dict[str, str]:
    return {NAMES[part]: text for part, text in asdict(fields).items() if text}


# -- What is found of a quoted figure: the verdict, the sentences, the readings, who said it and what would
# settle it.

READINGS_SHOWN = 6


def verdict(verification: Verification) -> None:
    """Show what came of the check, first in one sentence, then with its readings and how they were counted."""
    st.space("small")
    st.header(plain(outcome(verification)), anchor=False)
    st.markdown(plain(verification.summary))
    st.caption(plain(f"{tolerance(verification.claim.quantity)} {tried(verification)}"))


def sentences(verification: Verification) -> None:
    """Show the sentences that may be printed, ready to copy, and those that may not, each with why."""
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with st.container(border=True, height="stretch"):
            st.markdown(f"**:material/check_circle: {t('Se puede publicar')}**")
            for sentence in verification.printable:
                st.code(sentence, language=None, wrap_lines=True)
            if not verification.printable:
                st.markdown(t("Ninguna frase con esa cifra: no hay una lectura publicada que la dé."))
        with st.container(border=True, height="stretch"):
            st.markdown(f"**:material/block: {t('No se puede publicar')}**")
            _list(verification.forbidden or (t("Esa cifra sin decir qué mide y quién la publicó."),))


def said(verification: Verification) -> None:
    """Show who is on record saying the number, which confirms nothing, and what would settle it."""
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        with st.container(border=True, height="stretch"):
            st.markdown(f"**:material/record_voice_over: {t('Quién lo dijo')}**")
            for fact in verification.said_by:
                sentence = t("«{value}», {what}", value=fact.value_text, what=fact.metric_label)
                st.markdown(f"{plain(sentence)}: {citation(fact)}")
                st.caption(plain(fact.note or ""))
            if not verification.said_by:
                st.markdown(
                    t("No consta nadie que lo haya dicho sin definirlo; quién publicó cada lectura va más abajo.")
                )
        with st.container(border=True, height="stretch"):
            st.markdown(f"**:material/rule: {t('Qué lo zanjaría')}**")
            _list(verification.needs or (t("Nada: hay una cifra publicada que lo dice."),))


def published(verification: Verification, names: Mapping[str, str]) -> None:
    """Show every reading from published figures, nearest first, and the same number said of something else."""
    note = t("Cifras reales, de la más cercana a la más lejana.")
    blocks.band(t("Lecturas con cifras publicadas"), "publicado", note)
    if verification.published:
        _readings(t("Lo que se puede leer en lo publicado"), verification.published, names)
    else:
        st.markdown(t("No hay ninguna cifra publicada de eso para esa región y ese período."))
    if verification.coincidences:
        _readings(t("El mismo número, dicho de otra cosa"), verification.coincidences, names)


def computed(verification: Verification, names: Mapping[str, str], edition: Edition) -> None:
    """Show every reading that the edition computes, nearest first, and those it cannot compute, with why."""
    with st.container(border=True):
        if verification.computed:
            blocks.band(t("Lecturas de la edición"), verification.computed[0].origin, blocks.edition_note(edition))
            _readings(t("Lo que calcula la edición"), verification.computed, names)
            st.caption(
                "  \n".join(
                    plain(source) for source in dict.fromkeys(reading.source for reading in verification.computed)
                )
            )
        else:
            st.header(t("Lecturas de la edición"), anchor=False)
            st.markdown(t("La edición no calcula esa medida."))
        for reading in verification.unanswered:
            st.caption(
                plain(t("Sin calcular: {definition}. {reason}", definition=reading.definition, reason=reading.reason))
            )


def _readings(title: str, readings: Sequence[Reading], names: Mapping[str, str]) -> None:
    """Show readings in a table, the nearest at once and the rest folded; what holds for all is said once below."""
    common = set.intersection(*(set(reading.caveats) for reading in readings))
    has_places = len({reading.region for reading in readings}) > 1
    rows = [_row(reading, names[reading.region] if has_places else "", common) for reading in readings]
    _table(title, rows[:READINGS_SHOWN])
    if rows[READINGS_SHOWN:]:
        with st.expander(t("Ver las demás lecturas ({n})", n=len(rows) - READINGS_SHOWN)):
            _table(t("{title}: lo más lejano", title=title), rows[READINGS_SHOWN:])
    if common:
        st.caption("  \n".join(plain(text) for text in sorted(common)))


def _table(title: str, rows: Sequence[Sequence[str]]) -> None:
    tables.show(title, (t("Valor"), t("Qué mide y de dónde sale")), rows, alt=title)


def _row(reading: Reading, where: str, common: Set[str]) -> tuple[str, str]:
    """Return the value and what it measures, how and by whom, as Markdown."""
    is_published = reading.origin == PUBLISHED
    sentence = standing(reading) + ("" if is_published else f" ({t(reading.origin)})")
    if reading.is_hit and is_published:
        sentence = f"**:material/check_circle: {sentence}**"
    measure = ", ".join(filter(None, (reading.definition, where, reading.period.label)))
    notes = (reading.differs, reading.derivation, *reading.caveats)
    details = [text for text in notes if text and text not in common and text not in sentence]
    lines = [plain(measure), *(f":gray[:small[{plain(text)}]]" for text in details)]
    lines += [f":gray[:small[{t('Otro valor publicado:')}]] :small[{_other(other)}]" for other in reading.others]
    lines += [f":small[{_source(reading)}]"] if is_published else []
    return f"**{plain(reading.value_text)}**  \n:small[{sentence}]", "  \n".join(lines)


def _source(reading: Reading) -> str:
    return citation(reading.fact) if reading.fact else link(reading.source, next(iter(reading.urls), ""))


def _other(other: OtherValue) -> str:
    words = ", ".join(filter(None, (other.value_text, other.publisher, printed_on(other.published_on), other.note)))
    return link(words, next(iter(other.source_urls), ""))


def _list(texts: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {plain(text)}" for text in texts))
