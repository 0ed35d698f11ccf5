"""Puts a claim against every reading: what reproduces it, what may be printed and what would settle it."""

from dataclasses import dataclass

from indicators import answer
from indicators.claims.claim import Claim
from indicators.claims.from_edition import Ask, edition_readings
from indicators.claims.from_published import coincidences, published_readings
from indicators.claims.needs import needs
from indicators.claims.reading import Reading, Unanswered
from indicators.claims.sentences import forbidden, printable, summary
from indicators.edition import Edition
from indicators.published import PublishedFact, claims


@dataclass(frozen=True)
class Verification:
    """All that can be said of a quoted figure. Published and computed readings are kept apart."""

    claim: Claim
    published: tuple[Reading, ...]
    computed: tuple[Reading, ...]
    unanswered: tuple[Unanswered, ...]
    coincidences: tuple[Reading, ...]
    said_by: tuple[PublishedFact, ...]
    summary: str
    printable: tuple[str, ...]
    forbidden: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def hits(self) -> tuple[Reading, ...]:
        """The published readings that reproduce the figure."""
        return tuple(reading for reading in self.published if reading.is_hit)

    @property
    def computed_hits(self) -> tuple[Reading, ...]:
        """The edition's readings that reproduce the figure."""
        return tuple(reading for reading in self.computed if reading.is_hit)

    @property
    def tried(self) -> int:
        """How many published readings measure what was claimed."""
        return sum(reading.differs is None for reading in self.published)


def verify(edition: Edition, claim: Claim, *, ask: Ask | None = None) -> Verification:
    """Return what published figures and the edition say of a claim; `ask` may be a cached `answer`."""
    published = published_readings(edition, claim)
    computed, unanswered = edition_readings(claim, ask or (lambda question: answer.answer(edition, question)))
    same_number = coincidences(edition, claim, published)
    return Verification(
        claim=claim,
        published=tuple(published),
        computed=tuple(computed),
        unanswered=tuple(unanswered),
        coincidences=tuple(same_number),
        said_by=tuple(_said(edition, claim)),
        summary=summary(edition, claim, published),
        printable=tuple(printable(edition, published)),
        forbidden=tuple(forbidden(edition, claim, published)),
        needs=tuple(needs(edition, claim, published)),
    )


def _said(edition: Edition, claim: Claim) -> list[PublishedFact]:
    """Return who is on record saying the same number without a base; that confirms nothing."""
    said = claims(edition, claim.region)
    return [fact for fact in said if fact.unit == claim.quantity.unit and claim.quantity.agrees(fact.value)]
