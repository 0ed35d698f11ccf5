"""What an edition holds and how far it can be trusted: sources, months, repairs, gates, unknown codes, changes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from editions.edition import Edition
from indicators.question.scope import SOURCES
from words.language import t

SOURCE = """
    SELECT source_id, count(*)::BIGINT AS n_files, sum(rows_read)::BIGINT AS rows_read,
        sum(rows_kept)::BIGINT AS rows_kept, max(retrieved_on) AS retrieved_on,
        min(first_month) AS first_month, max(last_month) AS last_month
    FROM meta_source GROUP BY source_id ORDER BY source_id"""
COMPLETE = """
    SELECT source_id, count(*) FILTER (is_complete)::BIGINT AS complete,
        list(month ORDER BY month) FILTER (NOT is_complete) AS partial
    FROM core_month GROUP BY source_id"""
HOLES = """
    SELECT source_id, list(month ORDER BY month) AS months FROM (
        SELECT source_id, unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH))::DATE AS month
        FROM core_month GROUP BY source_id
        EXCEPT SELECT source_id, month FROM core_month
    ) GROUP BY source_id"""
REPAIRS = "SELECT kind, sum(n)::BIGINT AS n FROM meta_repair GROUP BY kind ORDER BY n DESC"
REJECTED = "SELECT count(*)::BIGINT AS n FROM meta_reject"
UNKNOWN = "SELECT code_table, code, n_items, fob_usd::DOUBLE AS fob_usd FROM meta_unknown_code ORDER BY fob_usd DESC"
GATES = "SELECT * FROM meta_gate"
CHANGES = """
    SELECT source_id, month, items_before, items_after, fob_before_usd::DOUBLE AS before_usd,
        fob_after_usd::DOUBLE AS after_usd
    FROM meta_change
    WHERE fob_before_usd IS DISTINCT FROM fob_after_usd OR items_before IS DISTINCT FROM items_after
    ORDER BY month DESC, source_id"""


@dataclass(frozen=True)
class Held:
    """What is loaded of one source: files, rows, months, which months are not complete, which are missing."""

    source_id: str
    n_files: int
    rows_read: int
    rows_kept: int
    retrieved_on: date | None  # of the register in a public edition nothing is told but its months
    first_month: date | None
    last_month: date | None
    complete: int
    partial: tuple[date, ...]
    missing: tuple[date, ...] = ()

    @property
    def label(self) -> str:
        """Who it comes from."""
        return t(SOURCES.get(self.source_id, self.source_id))


@dataclass(frozen=True)
class Quality:
    """What was mended in the raw files, what was left out, codes that no table knows, and the gates."""

    repairs: dict[str, int]
    n_rejected: int
    unknown: tuple[dict[str, Any], ...]
    gates: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class MonthChange:
    """A month that is new or of another value than in the edition before; US$, None where it was not there."""

    source_id: str
    month: date
    items_before: int | None
    items_after: int | None
    before_usd: float | None
    after_usd: float | None


def sources(edition: Edition) -> tuple[Held, ...]:
    """Return what is loaded of each source."""
    months = {row["source_id"]: row for row in edition.constant(COMPLETE)}
    missing = {row["source_id"]: row["months"] for row in edition.constant(HOLES)}
    return tuple(
        Held(
            **row,
            complete=months.get(row["source_id"], {}).get("complete") or 0,
            partial=tuple(months.get(row["source_id"], {}).get("partial") or ()),
            missing=tuple(missing.get(row["source_id"], ())),
        )
        for row in edition.constant(SOURCE)
    )


def quality(edition: Edition) -> Quality:
    """Return what was found wrong in the raw files, and what the gates said; no gates in an edition of before them."""
    has_gates = edition.constant("SELECT 1 FROM duckdb_tables() WHERE table_name = 'meta_gate'")
    return Quality(
        repairs={row["kind"]: row["n"] for row in edition.constant(REPAIRS)},
        n_rejected=edition.constant(REJECTED)[0]["n"],
        unknown=tuple(dict(row) for row in edition.constant(UNKNOWN)),
        gates=tuple(dict(row) for row in edition.constant(GATES)) if has_gates else (),
    )


def changes(edition: Edition) -> tuple[MonthChange, ...]:
    """Return the months that are new or revised against the edition before, the latest first."""
    return tuple(MonthChange(**row) for row in edition.constant(CHANGES))
