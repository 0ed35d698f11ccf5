"""Business rounds: what was published of each, and what the office keeps of its own. What nobody said stays None."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from editions.edition import Edition
from indicators.question.scope import NATION
from words.formats import listing, month_name, number, usd, window_label
from words.language import t

EVENTS = """
    SELECT origin, event, edition, starts_on, ends_on, date_precision, place, region_code, organiser, n_companies,
        n_exporters, n_buyers, n_countries, n_rounds, expected_usd::DOUBLE AS expected_usd,
        closed_usd::DOUBLE AS closed_usd, sector, note, source, source_url
    FROM core_business_round
    WHERE $region = 'CL' OR region_code = $region
    ORDER BY starts_on DESC, event, origin DESC"""
IN_WORDS = ("edition", "place", "organiser", "sector", "note")  # of the published events, also in English
MEASURES = {
    "n_companies": "empresas",
    "n_exporters": "exportadoras",
    "n_buyers": "compradores",
    "n_rounds": "rondas",
    "expected_usd": "negocios esperados",
    "closed_usd": "negocios cerrados",
}


@dataclass(frozen=True)
class Event:
    """One edition of an event as one source tells it; counts and US$ are None where the source does not say."""

    origin: str
    event: str
    edition: str
    starts_on: date
    ends_on: date
    date_precision: str
    place: str | None
    region_code: str
    organiser: str | None
    n_companies: int | None
    n_exporters: int | None
    n_buyers: int | None
    n_countries: int | None
    n_rounds: int | None
    expected_usd: float | None
    closed_usd: float | None
    sector: str | None
    note: str | None
    source: str
    source_url: str | None

    @property
    def when(self) -> str:
        """The date as finely as it is known."""
        if self.date_precision == "year":
            return str(self.starts_on.year)
        if self.date_precision == "month":
            return window_label(self.starts_on.replace(day=1), self.ends_on.replace(day=1))
        if self.starts_on.replace(day=1) != self.ends_on.replace(day=1):
            first, last = (f"{day.day} {month_name(day)}" for day in (self.starts_on, self.ends_on))
            return f"{first} – {last}"
        days = f"{self.starts_on.day}" if self.starts_on == self.ends_on else f"{self.starts_on.day}–{self.ends_on.day}"
        return f"{days} {month_name(self.ends_on)}"

    def said(self, measure: str) -> str:
        """A measure as it is shown: `1.300`, `US$ 124,0 millones`, or `s/d` where nobody said it."""
        value = getattr(self, measure)
        return usd(value) if measure.endswith("_usd") else number(value)

    @property
    def missing(self) -> list[str]:
        """What the source does not say."""
        return [t(name) for measure, name in MEASURES.items() if getattr(self, measure) is None]

    @property
    def rounds_per_company(self) -> float | None:
        """Business meetings for each company; None unless the source says both."""
        return self.n_rounds / self.n_companies if self.n_rounds is not None and self.n_companies else None


def events(edition: Edition, region: str = NATION) -> tuple[Event, ...]:
    """Return the events of a region (all of them for the nation), the newest first; none in an edition without them.

    What the office wrote of its own is shown as it wrote it, in any language.
    """
    if not edition.constant("SELECT 1 FROM duckdb_tables() WHERE table_name = 'core_business_round'"):
        return ()
    return tuple(Event(**row | _words(row)) for row in edition.rows(EVENTS, {"region": region}))


def _words(row: Mapping[str, Any]) -> dict[str, str | None]:
    return {name: t(row[name]) if row[name] and row["origin"] == "published" else row[name] for name in IN_WORDS}


def editions_of(found: tuple[Event, ...]) -> dict[str, tuple[Event, ...]]:
    """Return the events that are known in more than one edition, oldest first: event → its editions."""
    named: dict[str, list[Event]] = {}
    for one in reversed(found):
        named.setdefault(one.event, []).append(one)
    return {event: tuple(ones) for event, ones in named.items() if len({one.edition for one in ones}) > 1}


def headline(found: tuple[Event, ...]) -> str:
    """Say what is known of the newest event, and what nobody said of it."""
    newest = found[0]
    known = [f"{newest.said(m)} {t(name)}" for m, name in MEASURES.items() if getattr(newest, m) is not None]
    if not known:
        return t("{event} ({when}): ninguna cifra publicada.", event=newest.event, when=newest.when)
    said = t("{event}, {when}: {known}.", event=newest.event, when=newest.when, known=listing(known))
    if not newest.missing:
        return said
    return f"{said} {t('Sin dato de {missing}.', missing=listing(newest.missing))}"
