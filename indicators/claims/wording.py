"""What a published fact says as the main clause of a sentence: the definition is never left to a bracket."""

import re

from indicators.language import SPANISH, language, t
from indicators.places import within
from indicators.published import Period, PublishedFact
from indicators.published.labels import SCOPE_LABELS


def clause(fact: PublishedFact, where: str) -> str:
    """Return what a fact says of a place: `la Región del Biobío exportó US$ 4.230,0 millones en bienes`."""
    goods, value = fact.scope_label, fact.value_text
    if fact.metric == "share_national":
        return _share(fact, where)
    if fact.metric == "fob_exit_point":
        return t("por los puertos y aduanas de {place} salieron {value}, de cualquier origen", place=where, value=value)
    if fact.subject_kind == "event":
        return t(
            "{publisher} informó de {value} en «{event}»", publisher=fact.publisher, value=value, event=fact.subject
        )
    if fact.subject is None and fact.metric == "fob_total":
        return t("{place} exportó {value} en {scope}", place=where, value=value, scope=goods)
    if fact.subject is None and fact.metric == "growth":
        return t(
            "las exportaciones de {scope} de {place} variaron {value} frente a igual período del año anterior",
            scope=goods,
            place=where,
            value=value,
        )
    return of_place(", ".join(filter(None, (fact.metric_label, fact.subject, goods))), where, value)


def of_place(what: str, where: str, value: str) -> str:
    """Return a measure of a place and its value, without a verb."""
    return t("{what}, de {place}: {value}", what=what, place=where, value=value)


def when(period: Period) -> str:
    """Return a period as a sentence begins with it: `En enero–octubre de 2025`."""
    label = period.label
    if language() == SPANISH:
        label = re.sub(r"([a-z]) (\d{4})", r"\1 de \2", label)
    return t("En {window}", window=within(period.window, label))


def _share(fact: PublishedFact, where: str) -> str:
    whole = fact.whole or t("las mismas exportaciones de todo el país")
    if fact.scope == "exit_point":
        return t(
            "lo que salió por los puertos y aduanas de {place}, de cualquier origen, fue el {share} de {whole}",
            place=where,
            share=fact.value_text,
            whole=whole,
        )
    return t(
        "las exportaciones de {scope} de {place} fueron el {share} de {whole}",
        scope=t(SCOPE_LABELS[fact.scope]),
        place=where,
        share=fact.value_text,
        whole=whole,
    )
