"""What a published fact says as the main clause of a sentence: the definition is never left to a bracket."""

import re

from indicators.published import Period, PublishedFact
from indicators.published.labels import SCOPE_LABELS

GROWS = "frente a igual período del año anterior"


def clause(fact: PublishedFact, where: str) -> str:
    """Return what a fact says of a place: `la Región del Biobío exportó US$ 4.230,0 millones en bienes`."""
    goods, value = fact.scope_label, fact.value_text
    if fact.metric == "share_national":
        return _share(fact, where)
    if fact.metric == "fob_exit_point":
        return f"por los puertos y aduanas de {where} salieron {value}, de cualquier origen"
    if fact.subject_kind == "event":
        return f"{fact.publisher} informó de {value} en «{fact.subject}»"
    if fact.subject is None and fact.metric == "fob_total":
        return f"{where} exportó {value} en {goods}"
    if fact.subject is None and fact.metric == "growth":
        return f"las exportaciones de {goods} de {where} variaron {value} {GROWS}"
    about = ", ".join(filter(None, (fact.metric_label, fact.subject, goods)))
    return f"{about}, de {where}: {value}"


def when(period: Period) -> str:
    """Return a period as a sentence begins with it: `En enero–octubre de 2025`."""
    label = re.sub(r"([a-z]) (\d{4})", r"\1 de \2", period.label)
    return f"En {'los ' if label.startswith('12 meses') else ''}{label}"


def _share(fact: PublishedFact, where: str) -> str:
    whole = fact.basis.removeprefix("sobre ") if fact.basis else "las mismas exportaciones de todo el país"
    if fact.scope == "exit_point":
        part = f"lo que salió por los puertos y aduanas de {where}, de cualquier origen, fue"
    else:
        part = f"las exportaciones de {SCOPE_LABELS[fact.scope]} de {where} fueron"
    return f"{part} el {fact.value_text} de {whole}"
