"""One way to compute what a claim might mean, and how far its value lies from the quoted number."""

from dataclasses import dataclass

from indicators.claims.quantity import Quantity
from indicators.formats import printed_on
from indicators.language import t
from indicators.published import OtherValue, Period, PublishedFact
from indicators.published.labels import SCOPE_LABELS, shown
from indicators.question import Question

PUBLISHED = "publicado"
DECIMALS = {"fraction": 2, "usd": 1}


@dataclass(frozen=True)
class Reading:
    """A definition, the value it gives and where that comes from.

    `differs` says why the reading measures something else than what was claimed; such a reading never
    reproduces the claim, however near its value is. `origin` is `publicado` or the badge of the edition, a code.
    """

    quoted: Quantity
    value: float
    unit: str
    definition: str
    region: str
    period: Period
    origin: str
    source: str
    fact: PublishedFact | None = None
    printed: str | None = None
    urls: tuple[str, ...] = ()
    figure_ids: tuple[str, ...] = ()
    derivation: str | None = None
    caveats: tuple[str, ...] = ()
    differs: str | None = None
    question: Question | None = None

    @property
    def value_text(self) -> str:
        """The value with its unit."""
        return self.printed or shown(self.value, self.unit, decimals=DECIMALS.get(self.unit, 0))

    @property
    def others(self) -> tuple[OtherValue, ...]:
        """Other values published for the very same thing."""
        return self.fact.contradictions if self.fact else ()

    @property
    def in_words(self) -> str:
        """Value, definition and period, to stand inside a sentence."""
        return f"{self.value_text} ({self.definition}; {self.period.label})"

    @property
    def distance(self) -> float:
        """How far the value is from the quoted number, in its unit."""
        return abs(self.value - self.quoted.value)

    @property
    def agrees(self) -> bool:
        """Whether the value rounds to the quoted number."""
        return self.unit == self.quoted.unit and self.quoted.agrees(self.value)

    @property
    def is_hit(self) -> bool:
        """Whether the reading measures what was claimed and rounds to the quoted number."""
        return self.agrees and self.differs is None

    @property
    def is_opposite(self) -> bool:
        """Whether it is the quoted number with the other sign."""
        return self.unit == self.quoted.unit and not self.agrees and self.quoted.agrees(-self.value)


@dataclass(frozen=True)
class Unanswered:
    """A reading that cannot be computed, and why."""

    definition: str
    reason: str


def of_fact(
    quoted: Quantity, fact: PublishedFact, *, differs: str | None = None, caveats: tuple[str, ...] = ()
) -> Reading:
    """Return the reading that a published fact is."""
    return Reading(
        quoted=quoted,
        value=fact.value,
        unit="firms" if fact.unit == "companies" else fact.unit,
        definition=_definition(fact),
        region=fact.region,
        period=fact.period,
        origin=PUBLISHED,
        source=", ".join(filter(None, (fact.publisher, printed_on(fact.published_on)))),
        fact=fact,
        printed=fact.value_text,
        urls=fact.source_urls,
        figure_ids=fact.figure_ids,
        derivation=fact.derivation,
        caveats=(*caveats, *([fact.note] if fact.note else [])),
        differs=differs,
    )


def _definition(fact: PublishedFact) -> str:
    if fact.metric == "share_national":
        return f"{t(SCOPE_LABELS[fact.scope])}, {fact.basis or t('sobre lo mismo de todo el país')}"
    scope = "" if fact.subject_kind == "event" else fact.scope_label
    return ", ".join(filter(None, (fact.metric_label, fact.subject, scope)))
