"""The sentences a verified claim allows, those it does not, and the one that sums the verification up."""

from collections.abc import Iterator, Sequence

from indicators import formats
from indicators.claims.claim import Claim
from indicators.claims.reading import Reading
from indicators.claims.wording import clause, when
from indicators.edition import Edition
from indicators.published.smes import place

MANY = 4  # with more readings than this, one that fits by chance is no wonder
SHOWN = 3


def summary(edition: Edition, claim: Claim, published: Sequence[Reading]) -> str:
    """Return how many published readings were tried, how many reproduce the figure, and which."""
    when = f", {claim.period.label}" if claim.period else ""
    asked = f"«{claim.quantity.text}» como {claim.about_label} ({place(edition, claim.region)}{when})"
    fitting = [reading for reading in published if reading.differs is None]
    hits = [reading for reading in fitting if reading.is_hit]
    if not fitting:
        return f"{asked}: no hay ninguna cifra publicada con que comprobarlo.{_beside(claim, published)}"
    tried = "se probó 1 lectura publicada" if len(fitting) == 1 else f"se probaron {len(fitting)} lecturas publicadas"
    if not hits:
        return f"{asked}: {tried} y ninguna lo reproduce; la más cercana da {fitting[0].in_words}."
    listed = formats.listing([hit.in_words for hit in hits[:SHOWN]])
    reproduce = "lo reproduce 1" if len(hits) == 1 else f"lo reproducen {len(hits)}"
    chance = " Con tantas lecturas, alguna puede calzar por casualidad." if len(fitting) > MANY else ""
    return f"{asked}: {tried} y {reproduce}: {listed}.{chance}"


def printable(edition: Edition, published: Sequence[Reading]) -> Iterator[str]:
    """Yield sentences that say what is measured, of which whole, when and who published it."""
    for reading in published:
        if reading.is_hit:
            where = place(edition, reading.region)
            bare = f"{reading.definition}, de {where}: {reading.value_text}"
            said = clause(reading.fact, where) if reading.fact else bare
            computed = "; cálculo con cifras publicadas" if reading.derivation else ""
            yield f"{when(reading.period)}, {said} ({reading.source}{computed})."


def forbidden(edition: Edition, claim: Claim, published: Sequence[Reading]) -> Iterator[str]:
    """Yield what must not be printed, each with why."""
    bare = f"«{claim.quantity.text}» como {claim.about_label} de {place(edition, claim.region)}"
    fitting = [reading for reading in published if reading.differs is None]
    others = [reading for reading in fitting if not reading.is_hit]
    if len(others) == len(fitting):
        yield f"{bare}: ninguna cifra publicada lo respalda."
    elif others:
        values = formats.listing([reading.in_words for reading in others[:SHOWN]])
        yield f"{bare}, sin decir la definición ni el período: otras lecturas dan {values}."
    for reading in published:
        if reading.differs and (reading.agrees or reading.is_opposite):
            yield f"{bare} a partir de {reading.in_words}: {reading.differs}."


def _beside(claim: Claim, published: Sequence[Reading]) -> str:
    """Name the published figure that is most likely to be taken for the one that is missing."""
    if not published:
        return ""
    own = [reading for reading in published if reading.region == claim.region] or list(published)
    of_kind = [reading for reading in own if reading.period.kind == "to_date"] or own
    latest = max(of_kind, key=lambda reading: (reading.period.end, reading.period.start))
    return f" Lo publicado mide otra cosa: {latest.in_words} {latest.differs}."
