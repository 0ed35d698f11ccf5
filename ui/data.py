"""The only opener of editions on the app side: one connection per edition, cached answers, small arguments."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

import duckdb
import streamlit as st

from editions import current
from editions import edition as editions
from editions.edition import Edition
from editions.errors import EditionMissing
from indicators import business_rounds as rounds
from indicators import holdings, published
from indicators.claims import Fields, Verification, claim_of, fields_of, propose, verify
from indicators.console import queries
from indicators.engine import answer as answers
from indicators.engine import companies as company
from indicators.engine import markets
from indicators.engine.names import key_labels
from indicators.engine.result import Answer
from indicators.narrative import resumen
from indicators.narrative.resumen import PublishedSummary
from indicators.published import Breakdown, NationalServices, PublishedFact, ServiceFacts, destinations
from indicators.question import codes
from indicators.question.calendar import window_choices
from indicators.question.codes import Product
from indicators.question.dimensions import BLOCS, DIMENSIONS, can_narrow
from indicators.question.question import Question
from indicators.question.scope import CUSTOMS_SOURCES, NATION
from indicators.receipts import diff
from indicators.receipts.diff import Moved
from indicators.receipts.reconciliation import Comparison
from indicators.receipts.reconciliation import as_csv as comparisons_as_csv
from indicators.receipts.reconciliation import reconciliation as reconciliation_of
from indicators.receipts.revisions import Triangle
from indicators.receipts.revisions import revisions as revisions_of
from ui.text import capitalised
from words.language import LANGUAGES, language, speaking, t
from words.letters import plain_letters

# -- What Streamlit keeps, or runs again by itself, in the language of the reader whose script asked for it.

P = ParamSpec("P")
R = TypeVar("R")


def cached(*, max_entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep what a function returns, in each language apart: most of it has words in it."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @st.cache_data(max_entries=len(LANGUAGES) * max_entries, show_spinner=False)
        @wraps(function)
        def kept(reader_language: str, *args: P.args, **kwargs: P.kwargs) -> R:  # noqa: ARG001  part of the key
            return function(*args, **kwargs)

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            return kept(language(), *args, **kwargs)

        return asked

    return decorate


def fragment(function: Callable[P, None]) -> Callable[P, None]:
    """Make a part of a page that runs again by itself, in the language it was first shown in."""

    @st.fragment
    @wraps(function)
    def inside(reader_language: str, *args: P.args, **kwargs: P.kwargs) -> None:
        with speaking(reader_language):
            function(*args, **kwargs)

    @wraps(function)
    def shown(*args: P.args, **kwargs: P.kwargs) -> None:
        inside(language(), *args, **kwargs)

    return shown


# -- The only opener of editions on the app's side: one connection per edition, cached answers, small
# arguments.

OPEN_EDITIONS = 8
CACHED_ANSWERS = 1024
CACHED_SUMMARIES = 128


def edition(edition_id: str | None = None) -> Edition:
    """Return the edition named, else the current one; raises EditionMissing with a sentence for the reader."""
    return _opened().edition(current.folder(), edition_id or current.current_id())


@st.cache_resource(show_spinner=False)
def _opened() -> editions.OpenEditions:
    return editions.OpenEditions(OPEN_EDITIONS, editions.Remembering)


@cached(max_entries=CACHED_SUMMARIES)
def is_private(edition_id: str) -> bool:
    """Return whether an edition holds the office's register."""
    return edition(edition_id).is_private


@cached(max_entries=OPEN_EDITIONS)
def region_names(edition_id: str) -> dict[str, str]:
    """Return the regions from north to south, code → name."""
    sql = "SELECT region_code, name FROM core_region WHERE is_region ORDER BY north_to_south"
    return {row["region_code"]: row["name"] for row in edition(edition_id).rows(sql)}


def place_names(edition_id: str) -> dict[str, str]:
    """Return Chile and its regions, code → name."""
    return {NATION: "Chile", **region_names(edition_id)}


@cached(max_entries=OPEN_EDITIONS)
def sector_names(edition_id: str, scheme: str) -> dict[str, str]:
    """Return the sectors of a scheme in the order of the alphabet, id → name."""
    return _by_name(key_labels(edition(edition_id), f"sector:{scheme}"))


@cached(max_entries=OPEN_EDITIONS)
def country_names(edition_id: str) -> dict[str, str]:
    """Return the blocs, then the countries in the order of the alphabet: code → name."""
    blocs = {name: t(bloc.label) for name, bloc in BLOCS.items()}
    return {**blocs, **_by_name(key_labels(edition(edition_id), "country"))}


def products(edition_id: str, text: str) -> tuple[Product, ...]:
    """Return the products that match a text, best first."""
    return codes.products(edition(edition_id), text)


def dimension_names(*, narrowable: bool = False) -> dict[str, str]:
    """Return what a figure can be split by, dimension → name; only those of which one key can be asked for."""
    names = {name: capitalised(t(dimension.label)) for name, dimension in DIMENSIONS.items()}
    return {name: label for name, label in names.items() if can_narrow(name) or not narrowable}


@cached(max_entries=OPEN_EDITIONS)
def console_tables(edition_id: str) -> tuple[queries.TableHelp, ...]:
    """Return the tables of an edition, with its dictionary."""
    return queries.tables(edition(edition_id))


def query(edition_id: str, sql: str, tell: Callable[[int], None]) -> queries.Result:
    """Return the rows of a reader's SQL; raises ConsoleError. Never cached: it is whatever they type."""
    return queries.run(edition(edition_id), sql, tell=tell)


@cached(max_entries=OPEN_EDITIONS)
def places(edition_id: str) -> dict[str, markets.Place]:
    """Return what is known of every code of destination, code → place."""
    return markets.places(edition(edition_id))


@cached(max_entries=4 * OPEN_EDITIONS)
def names(edition_id: str, split: str) -> dict[str, str]:
    """Return the name of each key of a split in the order of the alphabet, key → name."""
    return _by_name(key_labels(edition(edition_id), split))


@cached(max_entries=CACHED_SUMMARIES)
def published_destinations(edition_id: str, region: str) -> Breakdown | None:
    """Return the destinations printed of a region, the latest period."""
    return destinations(edition(edition_id), region)


def _by_name(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda item: plain_letters(item[1])))


@cached(max_entries=OPEN_EDITIONS)
def windows(edition_id: str) -> dict[str, str]:
    """Return the periods that can be asked for: the named ones with their months, then every complete year."""
    return window_choices(edition(edition_id))


@cached(max_entries=CACHED_ANSWERS)
def answer(edition_id: str, question: str) -> Answer:
    """Return the answer to a canonical question in an edition."""
    return answers.answer(edition(edition_id), Question.parse(question))


@cached(max_entries=CACHED_SUMMARIES)
def published_summary(edition_id: str, region: str) -> PublishedSummary:
    """Return what is published of a region."""
    return resumen.published_summary(edition(edition_id), region)


@cached(max_entries=CACHED_SUMMARIES)
def service_facts(edition_id: str, region: str) -> ServiceFacts:
    """Return what is published of a region's services, or the nation's."""
    return published.service_facts(edition(edition_id), region)


@cached(max_entries=OPEN_EDITIONS)
def national_services(edition_id: str) -> NationalServices:
    """Return what is published of the nation's services and, by customs, of each region's."""
    return published.national_services(edition(edition_id))


@cached(max_entries=OPEN_EDITIONS)
def customs_regions(edition_id: str) -> tuple[PublishedFact, ...]:
    """Return what customs published of each region."""
    return published.customs_regions(edition(edition_id))


@cached(max_entries=OPEN_EDITIONS)
def sources(edition_id: str) -> tuple[holdings.Held, ...]:
    """Return what is loaded of each source."""
    return holdings.sources(edition(edition_id))


@cached(max_entries=OPEN_EDITIONS)
def quality(edition_id: str) -> holdings.Quality:
    """Return what was mended, left out or not known, and what the gates said."""
    return holdings.quality(edition(edition_id))


@cached(max_entries=OPEN_EDITIONS)
def changes(edition_id: str) -> tuple[holdings.MonthChange, ...]:
    """Return the months that are new or revised against the edition before."""
    return holdings.changes(edition(edition_id))


@cached(max_entries=CACHED_SUMMARIES)
def revisions(edition_id: str, region: str) -> Triangle:
    """Return what each edition said of each month of a region; raises EditionMissing where none is kept."""
    open_edition = edition(edition_id)
    source_ids = {one.source_id for one in sources(edition_id)}
    source = next((one for one in CUSTOMS_SOURCES if one in source_ids), CUSTOMS_SOURCES[0])
    return revisions_of(open_edition, source=source, region=region)


@cached(max_entries=CACHED_SUMMARIES)
def reconciliation(edition_id: str, region: str | None) -> tuple[Comparison, ...]:
    """Return our totals beside the published ones; raises EditionMissing for an edition without them."""
    return reconciliation_of(edition(edition_id), region)


def reconciliation_csv(edition_id: str) -> str:
    """Return every comparison as CSV."""
    return comparisons_as_csv(edition(edition_id), reconciliation(edition_id, None))


def edition_labels() -> dict[str, str]:
    """Return the editions on disk, the newest first: id → how it is named."""
    return {edition_id: edition_label(edition_id) for edition_id in current.edition_ids()}


@cached(max_entries=CACHED_SUMMARIES)
def business_rounds(edition_id: str, region: str) -> tuple[rounds.Event, ...]:
    """Return the business rounds of a region, the newest first."""
    return rounds.events(edition(edition_id), region)


@cached(max_entries=CACHED_SUMMARIES)
def company_weights(edition_id: str, region: str, rule: str) -> dict[str, tuple[PublishedFact, ...]]:
    """Return the weight of small firms in firms, workers and sales (SII), year by year."""
    return company.weights(edition(edition_id), region, rule)


@cached(max_entries=CACHED_SUMMARIES)
def per_thousand(edition_id: str, region: str, rule: str) -> tuple[company.PerThousand, ...]:
    """Return the exporters of each thousand firms, for the years that both sources have."""
    return company.per_thousand(
        edition(edition_id), region, rule, ask=lambda question: answer(edition_id, str(question))
    )


@cached(max_entries=OPEN_EDITIONS)
def sme_shares(edition_id: str) -> tuple[PublishedFact, ...]:
    """Return what has been published as the part of exporters that are small firms, each by its own definition."""
    facts = published.sme_facts(edition(edition_id), NATION).sme_counts
    return tuple(fact for fact in facts if fact.metric == "share_sme_firms")


@cached(max_entries=OPEN_EDITIONS)
def whole_years(edition_id: str) -> tuple[str, ...]:
    """Return the years that are complete, oldest first."""
    return tuple(sorted(code for code in windows(edition_id) if code.isdecimal()))


@cached(max_entries=CACHED_SUMMARIES)
def proposals(edition_id: str, sentence: str) -> tuple[Fields, ...]:
    """Return the claims read in a sentence, as the parts of a form."""
    return tuple(fields_of(claim) for claim in propose(edition(edition_id), sentence))


@cached(max_entries=CACHED_SUMMARIES)
def verification(edition_id: str, fields: Fields) -> Verification:
    """Return what is found of a quoted figure; raises QuestionError when its parts make no claim."""
    open_edition = edition(edition_id)
    return verify(open_edition, claim_of(open_edition, fields), ask=lambda question: answer(edition_id, str(question)))


@cached(max_entries=CACHED_SUMMARIES)
def moved(old_id: str, new_id: str, question: str) -> Moved:
    """Return how the answer to a question moved from one edition to another."""
    return diff.moved(edition(old_id), edition(new_id), Question.parse(question))


def edition_label(edition_id: str) -> str:
    """Return how an edition is named in the selector; its id alone when its file cannot be read."""
    try:
        return f"{t(edition(edition_id).label)} ({edition_id})"
    except (EditionMissing, duckdb.Error):
        return edition_id
