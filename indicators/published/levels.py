"""The latest published levels and growth rates of a region."""

from dataclasses import dataclass

from indicators.edition import Edition
from indicators.published.facts import PublishedFact
from indicators.published.labels import NATION, SCOPE_LABELS, WHOLE_SCOPES
from indicators.published.ledger import facts, totals


@dataclass(frozen=True)
class Latest:
    """The latest figure of each kind of period; None where nothing was ever published."""

    year: PublishedFact | None
    to_date: PublishedFact | None
    month: PublishedFact | None

    @property
    def shown(self) -> tuple[PublishedFact, ...]:
        """Those that exist: year, year to date, month."""
        return tuple(fact for fact in (self.year, self.to_date, self.month) if fact)


def region_level(edition: Edition, region: str = NATION) -> Latest:
    """Return the latest published FOB of a region: last whole year, last year to date, last month."""
    return _latest([fact for fact in totals(facts(edition, region)) if fact.metric == "fob_total"])


def region_growth(edition: Edition, region: str = NATION) -> Latest:
    """Return the latest published growth of a region's FOB, against the same period of the year before."""
    return _latest([fact for fact in totals(facts(edition, region)) if fact.metric == "growth"])


def _latest(published: list[PublishedFact]) -> Latest:
    whole = [fact for fact in published if fact.scope in WHOLE_SCOPES]
    narrow = [fact for fact in published if fact.scope not in (*WHOLE_SCOPES, "exit_point", "services")]

    def newest(kind: str) -> PublishedFact | None:
        for choice in (whole, narrow):
            of_kind = [fact for fact in choice if fact.period.kind == kind]
            if of_kind:
                return max(of_kind, key=lambda fact: (fact.period.end, -_scope_rank(fact)))
        return None

    return Latest(newest("year"), newest("to_date"), newest("month"))


def _scope_rank(fact: PublishedFact) -> int:
    scopes = list(SCOPE_LABELS)
    return scopes.index(fact.scope) if fact.scope in scopes else len(scopes)
