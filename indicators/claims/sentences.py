"""The sentences a verified claim allows, those it does not, and the one that sums the verification up."""

from collections.abc import Iterator, Sequence

from indicators import formats
from indicators.claims.claim import Claim
from indicators.claims.reading import Reading
from indicators.claims.wording import clause, of_place, when
from indicators.edition import Edition
from indicators.language import t
from indicators.published.smes import place

MANY = 4  # with more readings than this, one that fits by chance is no wonder
SHOWN = 3


def summary(edition: Edition, claim: Claim, published: Sequence[Reading]) -> str:
    """Return how many published readings were tried, how many reproduce the figure, and which."""
    asked = _asked(edition, claim)
    fitting = [reading for reading in published if reading.differs is None]
    hits = [reading for reading in fitting if reading.is_hit]
    if not fitting:
        said = t("{asked}: no hay ninguna cifra publicada con que comprobarlo.", asked=asked)
        return " ".join(filter(None, (said, _beside(claim, published))))
    if not hits:
        return _none(asked, fitting)
    listed = formats.listing([hit.in_words for hit in hits[:SHOWN]])
    if len(fitting) == 1:
        return t("{asked}: se probó 1 lectura publicada y lo reproduce 1: {listed}.", asked=asked, listed=listed)
    counted = {"asked": asked, "tried": len(fitting), "hits": len(hits), "listed": listed}
    if len(hits) == 1:
        said = t("{asked}: se probaron {tried} lecturas publicadas y lo reproduce {hits}: {listed}.", **counted)
    else:
        said = t("{asked}: se probaron {tried} lecturas publicadas y lo reproducen {hits}: {listed}.", **counted)
    chance = t("Con tantas lecturas, alguna puede calzar por casualidad.") if len(fitting) > MANY else ""
    return " ".join(filter(None, (said, chance)))


def _asked(edition: Edition, claim: Claim) -> str:
    words = {"number": claim.quantity.text, "about": claim.about_label, "place": place(edition, claim.region)}
    if claim.period is None:
        return t("«{number}» como {about} ({place})", **words)
    return t("«{number}» como {about} ({place}, {period})", period=claim.period.label, **words)


def _none(asked: str, fitting: Sequence[Reading]) -> str:
    """Say that no reading reproduces the figure, and which is nearest."""
    nearest = fitting[0].in_words
    if len(fitting) == 1:
        return t(
            "{asked}: se probó 1 lectura publicada y ninguna lo reproduce; la más cercana da {nearest}.",
            asked=asked,
            nearest=nearest,
        )
    return t(
        "{asked}: se probaron {tried} lecturas publicadas y ninguna lo reproduce; la más cercana da {nearest}.",
        asked=asked,
        tried=len(fitting),
        nearest=nearest,
    )


def printable(edition: Edition, published: Sequence[Reading]) -> Iterator[str]:
    """Yield sentences that say what is measured, of which whole, when and who published it."""
    for reading in published:
        if reading.is_hit:
            where = place(edition, reading.region)
            said = (
                clause(reading.fact, where) if reading.fact else of_place(reading.definition, where, reading.value_text)
            )
            words = {"when": when(reading.period), "said": said, "source": reading.source}
            if reading.derivation:
                yield t("{when}, {said} ({source}; cálculo con cifras publicadas).", **words)
            else:
                yield t("{when}, {said} ({source}).", **words)


def forbidden(edition: Edition, claim: Claim, published: Sequence[Reading]) -> Iterator[str]:
    """Yield what must not be printed, each with why."""
    words = {"number": claim.quantity.text, "about": claim.about_label, "place": place(edition, claim.region)}
    bare = t("«{number}» como {about} de {place}", **words)
    fitting = [reading for reading in published if reading.differs is None]
    others = [reading for reading in fitting if not reading.is_hit]
    if len(others) == len(fitting):
        yield t("{bare}: ninguna cifra publicada lo respalda.", bare=bare)
    elif others:
        values = formats.listing([reading.in_words for reading in others[:SHOWN]])
        yield t("{bare}, sin decir la definición ni el período: otras lecturas dan {values}.", bare=bare, values=values)
    for reading in published:
        if reading.differs and (reading.agrees or reading.is_opposite):
            why = {"reading": reading.in_words, "differs": reading.differs}
            yield t("{bare} a partir de {reading}: {differs}.", bare=bare, **why)


def _beside(claim: Claim, published: Sequence[Reading]) -> str:
    """Name the published figure that is most likely to be taken for the one that is missing."""
    if not published:
        return ""
    own = [reading for reading in published if reading.region == claim.region] or list(published)
    of_kind = [reading for reading in own if reading.period.kind == "to_date"] or own
    latest = max(of_kind, key=lambda reading: (reading.period.end, reading.period.start))
    return t("Lo publicado mide otra cosa: {reading} {differs}.", reading=latest.in_words, differs=latest.differs)
