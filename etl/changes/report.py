"""Compares a built edition with the one it was built on, into one frozen report."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from etl.contracts import literal
from etl.gates import controls
from etl.gates.controls import Finding, accepted, has_table, holes
from etl.raw.stage import FACTS

MOVERS_SHOWN = 5
NO_EXPORT = "not_export"
MOVING = (
    ("región", "mart_total_by_month", "(SELECT name FROM core_region AS r WHERE r.region_code = x.region_code)"),
    (
        "sector",
        "mart_export_by_month",
        "(SELECT name_es FROM core_sector WHERE scheme = 'bcch' AND sector_id = x.bcch_sector_id)",
    ),
)


@dataclass(frozen=True)
class Month:
    """One month of one source in the edition before and in this one; values are US$, None where it is not loaded."""

    source_id: str
    month: date
    items_before: int | None
    items_after: int | None
    fob_before_usd: Decimal | None
    fob_after_usd: Decimal | None
    is_same_file: bool

    @property
    def change_usd(self) -> Decimal:
        """The value that came or went."""
        return (self.fob_after_usd or Decimal(0)) - (self.fob_before_usd or Decimal(0))


@dataclass(frozen=True)
class FactFile:
    """A file of facts beside the exports (SII, Banco Central, business rounds) that is new or takes another's place."""

    source_id: str
    name_before: str | None
    name: str
    first_month: date
    last_month: date
    rows: int


@dataclass(frozen=True)
class RegionRevision:
    """What a revised month did to one region, exports of every kind; values are US$."""

    source_id: str
    month: date
    region_code: str
    region: str
    fob_before_usd: Decimal
    fob_after_usd: Decimal
    change_usd: Decimal


@dataclass(frozen=True)
class Mover:
    """A region or sector whose value in the newest new month is far from that of the same month a year before."""

    source_id: str
    month: date
    kind: str
    name: str
    fob_before_usd: Decimal
    fob_after_usd: Decimal
    change_usd: Decimal


@dataclass(frozen=True)
class Report:
    """All that a publication changed."""

    edition_id: str
    kind: str
    label: str
    extract: str | None
    built_at: datetime
    base_edition_id: str | None
    new: tuple[Month, ...]
    revised: tuple[Month, ...]
    withdrawn: tuple[Month, ...]
    regions: tuple[RegionRevision, ...]
    movers: tuple[Mover, ...]
    broken: tuple[str, ...]
    mended: tuple[str, ...]
    newly_compared: int
    overrides: tuple[Finding, ...]
    holes: tuple[tuple[str, date], ...] = ()
    facts: tuple[FactFile, ...] = ()


def compare(built: Path, base: Path | None) -> Report:
    """Return what the edition in the file `built` changes against `base`; with none, everything is new."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH {literal(str(built))} AS now (READ_ONLY)")
        if base is not None:
            connection.execute(f"ATTACH {literal(str(base))} AS base (READ_ONLY)")
        connection.execute("USE now")
        ((edition_id, kind, label, extract, built_at, base_id),) = connection.execute(
            "SELECT edition_id, kind, label, extract, built_at, base_edition_id FROM meta_build"
        ).fetchall()
        months = _months(connection, has_base=base is not None)
        new = tuple(one for one in months if one.items_before is None)
        has_ledger = base is not None and has_table(connection, "base", controls.TABLE)
        return Report(
            edition_id=edition_id,
            kind=kind,
            label=label,
            extract=extract,
            built_at=built_at,
            base_edition_id=base_id,
            new=new,
            revised=tuple(one for one in months if one.items_before is not None and one.items_after is not None),
            withdrawn=tuple(one for one in months if one.items_after is None),
            regions=_regions(connection),
            movers=_movers(connection, new),
            broken=broken(connection, has_base=has_ledger),
            mended=mended(connection) if has_ledger else (),
            newly_compared=newly_compared(connection, has_base=has_ledger),
            overrides=tuple(accepted(connection, "now")),
            holes=holes(connection),
            facts=_facts(connection, has_base=base is not None),
        )


def _months(connection: duckdb.DuckDBPyConnection, *, has_base: bool) -> list[Month]:
    """Return the months that changed; a revised one of the same file was changed by our rules, not by its source."""
    file = "SELECT sha256 FROM {}meta_source AS one WHERE one.source_id = change.source_id " + (
        "AND change.month BETWEEN one.first_month AND one.last_month LIMIT 1"
    )
    same = f"coalesce(({file.format('')}) = ({file.format('base.')}), false)" if has_base else "false"
    rows = connection.execute(f"SELECT change.*, {same} FROM meta_change AS change ORDER BY ALL").fetchall()
    return [Month(*row) for row in rows]


def _facts(connection: duckdb.DuckDBPyConnection, *, has_base: bool) -> tuple[FactFile, ...]:
    """Return the files of facts that the edition before has not, each with the one whose place it takes."""
    before = "base.meta_source" if has_base else "(FROM meta_source WHERE false)"
    rows = connection.execute(
        "SELECT source_id, before.name, after.name, after.first_month, after.last_month, after.rows_kept "
        f"FROM meta_source AS after LEFT JOIN {before} AS before USING (source_id) "
        "WHERE list_contains($facts, source_id) AND after.sha256 IS DISTINCT FROM before.sha256 ORDER BY ALL",
        {"facts": list(FACTS)},
    ).fetchall()
    return tuple(FactFile(*row) for row in rows)


def _regions(connection: duckdb.DuckDBPyConnection) -> tuple[RegionRevision, ...]:
    """Return the regions of revised months whose value changed, the largest change first."""
    (own,) = connection.execute(
        "SELECT max(vintage) FROM core_vintage WHERE edition_id = (SELECT edition_id FROM meta_build)"
    ).fetchall()[0]
    if own is None or own == 1:  # no vintage before this one to tell the regions apart
        return ()
    rows = connection.execute(
        """
        WITH cell AS (
            SELECT
                source_id, month, region_code, segment,
                coalesce(arg_max(fob_usd, vintage) FILTER (vintage < $own), 0) AS before,
                coalesce(arg_max(fob_usd, vintage), 0) AS after
            FROM core_vintage
            WHERE segment <> $no_export
            GROUP BY ALL
        )
        SELECT
            source_id, month, region_code, coalesce(name, region_code), sum(before), sum(after),
            sum(after) - sum(before) AS change
        FROM cell
        JOIN meta_change USING (source_id, month)
        LEFT JOIN core_region USING (region_code)
        WHERE items_before IS NOT NULL AND items_after IS NOT NULL
        GROUP BY ALL
        HAVING change <> 0
        ORDER BY abs(change) DESC, source_id, month, region_code
        """,
        {"no_export": NO_EXPORT, "own": own},
    ).fetchall()
    return tuple(RegionRevision(*row) for row in rows)


def _movers(connection: duckdb.DuckDBPyConnection, new: tuple[Month, ...]) -> tuple[Mover, ...]:
    """Return, for the newest new customs month of each source, what moved most since the same month a year before."""
    newest: dict[str, date] = {}
    for one in new:
        newest[one.source_id] = max(one.month, newest.get(one.source_id, one.month))
    found: list[Mover] = []
    for source_id, month in sorted(newest.items()):
        given: dict[str, Any] = {"source": source_id, "month": month, "before": month.replace(year=month.year - 1)}
        complete = connection.execute(
            "SELECT count(*) FROM core_month WHERE source_id = $source AND month IN ($month, $before) AND is_complete",
            given,
        ).fetchall()
        if complete == [(2,)]:
            for kind, table, name in MOVING:
                found += _moved(connection, given, kind, table, name)
    return tuple(found)


def _moved(
    connection: duckdb.DuckDBPyConnection, given: dict[str, Any], kind: str, table: str, name: str
) -> list[Mover]:
    origin = "AND concept = 'origin'" if table == "mart_total_by_month" else ""
    rows = connection.execute(
        f"SELECT $source, $month::DATE, {name} AS name, "
        "coalesce(sum(fob_usd) FILTER (month = $before), 0)::DECIMAL(18, 2) AS before, "
        "coalesce(sum(fob_usd) FILTER (month = $month), 0)::DECIMAL(18, 2) AS after, after - before AS change "
        f"FROM {table} AS x WHERE source_id = $source AND month IN ($month, $before) AND segment <> '{NO_EXPORT}' "
        f"{origin} GROUP BY name HAVING name IS NOT NULL AND change <> 0 "
        f"ORDER BY abs(change) DESC, name LIMIT {MOVERS_SHOWN}",
        given,
    ).fetchall()
    return [Mover(source, month, kind, *rest) for source, month, *rest in rows]


# -- Which published figures stop agreeing, agree again, or can be compared for the first time.


def broken(connection: duckdb.DuckDBPyConnection, *, has_base: bool) -> tuple[str, ...]:
    """Return a sentence for each figure beyond its tolerance that was not so in the edition before."""
    known = _with_status(connection, "base.", "fuera") if has_base else set()
    return tuple(one.detail for one in controls.outside(connection) if one.subject not in known)


def mended(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the figures that were beyond their tolerance and are within it now."""
    return tuple(sorted(_with_status(connection, "base.", "fuera") & _with_status(connection, "", "dentro")))


def newly_compared(connection: duckdb.DuckDBPyConnection, *, has_base: bool) -> int:
    """Return how many published figures can be compared now and could not before."""
    judged = [_with_status(connection, place, "dentro", "fuera") for place in (("", "base.") if has_base else ("",))]
    return len(judged[0] - judged[1]) if has_base else len(judged[0])


def _with_status(connection: duckdb.DuckDBPyConnection, place: str, *statuses: str) -> set[str]:
    rows = connection.execute(
        f"SELECT figure_id || ' ' || source_id FROM {place}{controls.TABLE} WHERE list_contains($statuses, status)",
        {"statuses": list(statuses)},
    ).fetchall()
    return {subject for (subject,) in rows}
