"""What is said beside a published answer: how it was made, what confirms or contradicts it, what is nearest."""

from collections.abc import Iterator

from indicators.calendar import Window
from indicators.formats import listing, printed_on
from indicators.language import t
from indicators.published.asked import Asked, nearest
from indicators.published.facts import OtherValue, PublishedFact
from indicators.published.labels import METRIC_LABELS
from indicators.reasons import Reason
from indicators.result import Answer, Row


def flags(lead: PublishedFact | None, row: Row) -> tuple[Reason, ...]:
    """Say how the figure was made, how exact it is, who confirms it and who prints something else."""
    if lead is None:
        return ()
    found = []
    if lead.derivation and not lead.adds_records:
        found.append(Reason("derivada", t("Derivada de cifras publicadas: {formula}.", formula=lead.derivation)))
    elif lead.confirmations > 1:
        found.append(Reason("confirmada", t("Impresa {n} veces con el mismo valor.", n=lead.confirmations)))
    if lead.bound:
        found.append(Reason("cota", t("Se publicó como «{said}»: no es un valor exacto.", said=lead.value_text)))
    if lead.note:
        found.append(Reason("nota", t("Nota de la cifra: {note}.", note=lead.note.rstrip("."))))
    return (*found, *row.reasons)


def overlap() -> tuple[Reason, ...]:
    """Say that sectors as printed do not add up."""
    text = t("Los rubros son los de quien publica: se traslapan y no son todos, así que no se suman.")
    return (Reason("rubros_publicados", text),)


def differing(fact: PublishedFact | None) -> Iterator[Reason]:
    """Yield what else was printed, or follows from what was printed, for the same thing."""
    for other in fact.contradictions if fact else ():
        said = "De otras cifras publicadas resulta {value}." if other.is_derived else "También se publicó {value}."
        yield Reason("contradiccion", t(said, value=_other(other)))


def _other(other: OtherValue) -> str:
    who = None if other.is_derived else other.publisher
    said = filter(None, (who, printed_on(other.published_on), other.note))
    return f"{other.value_text} ({'; '.join(said)})"


def nothing(answer: Answer, found: Asked, window: Window | None) -> Reason:
    """Say that nothing is published of this, and what is published nearest."""
    what = t(METRIC_LABELS[found.metric])
    place, when = answer.region_label, window.label if window else answer.window_label
    said = t("No hay una cifra publicada de {what} para {place} ({when}).", what=what, place=place, when=when)
    near = listing([_near(fact) for fact in nearest(found, window)])
    if near:
        said = t("{said} Lo publicado más cerca: {near}.", said=said, near=near)
    return Reason("no_publicado", said)


def _near(fact: PublishedFact) -> str:
    note = fact.note if fact.metric in ("n_exporters_sme", "fob_sme") else None
    return f"{fact.value_text} ({'; '.join(filter(None, (fact.scope_label, fact.period.label, fact.publisher, note)))})"
