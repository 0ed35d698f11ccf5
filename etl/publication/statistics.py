"""The statistics of firms of a public edition: what a register says in each declared cut, or that it is reserved.

Firms are published by periods, such as half-years, and by runs of them from January. Each period is a table of its
own, of other records, so protecting each protects all; a run shows what every period of it shows, and tells nothing
more. What an earlier public edition shows of a period cannot be taken back, and what it withholds stays withheld:
two editions together tell no more than one.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb
import numpy as np

from editions import store
from etl.publication import cuts
from etl.publication.cuts import ALL, Declaration, DeclaredCut
from etl.publication.suppression import suppress
from etl.publication.table import Cut, Dimension, Key, Records, Rule, Table, table_of

MOVES = {  # side of the comparison → what a firm of the slice did, and what adds up to what
    "window": ("entrants", "continuing", "joined"),
    "base": ("exits", "continuing", "left"),
}


@dataclass(frozen=True, order=True)
class Span:
    """Whole months, both ends included."""

    first: date
    last: date


@dataclass(frozen=True)
class Statistic:
    """One published cell. `firms` and `fob_usd` are None where it is reserved."""

    span: Span
    base: Span | None
    flow: str
    region: str
    size: str | None
    sector: str | None
    market: str | None
    move: str | None
    side: str | None
    firms: int | None
    fob_usd: float | None

    @property
    def is_reserved(self) -> bool:
        """Whether the cell is withheld."""
        return self.firms is None


Pattern = Mapping[Key, bool]  # of a period: published cell → whether it is reserved
Patterns = Mapping[Span, Pattern]


def statistics(
    path: Path,
    declared: Declaration,
    *,
    rule: Rule,
    earlier: Patterns,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Statistic]:
    """Yield every declared cell of the register in an edition. `earlier` is what was published of periods before.

    Each period and each comparison is protected by a process of its own, as many at a time as there are processors;
    `progress` is called with 1 after each.
    """
    with store.reading(path) as connection:
        periods = periods_of(connection, declared.months)
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=_say_nothing) as pool:
        reserved: dict[Span, frozenset[Key]] = {}
        asked = [(path, span, _cuts_of(span, periods, declared), earlier.get(span, {}), rule) for span in periods]
        for span, pattern in zip(periods, pool.map(_pattern, *zip(*asked, strict=True)), strict=True):
            reserved[span] = frozenset(key for key, is_reserved in pattern.items() if is_reserved)
            progress(1)
        for span in _runs(periods):
            inside = (reserved[period] for period in periods if span.first <= period.first and period.last <= span.last)
            reserved[span] = frozenset[Key]().union(*inside)
        levels = [
            pool.submit(_level_statistics, path, span, _cuts_of(span, periods, declared), reserved[span])
            for span in sorted(reserved)
        ]
        moves = [
            pool.submit(_move_statistics, path, span, base, entry, reserved, rule)
            for entry in declared.cuts
            if entry.name == "move"
            for span, base in _compared(reserved, entry)
        ]
        for level in levels:
            yield from level.result()
        for move in moves:
            yield from move.result()
            progress(1)


def _say_nothing() -> None:
    """Keep the solver's banner, in English, from the console."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def periods_of(connection: duckdb.DuckDBPyConnection, months: int) -> list[Span]:
    """Return the periods of so many months in which the register is complete, oldest first."""
    rows = connection.execute("SELECT month FROM core_month WHERE source_id = 'registro' AND is_complete").fetchall()
    complete = {month for (month,) in rows}
    spans = (
        Span(date(year, first, 1), date(year, first + months - 1, 1))
        for year in sorted({month.year for month in complete})
        for first in range(1, 13, months)
    )
    return [
        s for s in spans if all(date(s.first.year, n, 1) in complete for n in range(s.first.month, s.last.month + 1))
    ]


def _runs(periods: Sequence[Span]) -> Iterator[Span]:
    """Yield January to the end of each later period, where no period between is missing."""
    starts = {span.first: span for span in periods}
    for year in sorted({span.first.year for span in periods}):
        span = starts.get(date(year, 1, 1))
        while span and span.last.month < 12 and (following := starts.get(_next(span.last))):
            span = Span(date(year, 1, 1), following.last)
            yield span


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _cuts_of(span: Span, periods: Sequence[Span], declared: Declaration) -> list[DeclaredCut]:
    """Return the cuts of levels that are published of a window: each reaches back its own number of years."""
    newest = max(period.last.year for period in periods)
    return [cut for cut in declared.cuts if cut.name != "move" and span.first.year > newest - cut.years]


def _pattern(path: Path, span: Span, declared: Sequence[DeclaredCut], earlier: Pattern, rule: Rule) -> Pattern:
    with store.reading(path) as connection:
        table = level_table(connection, span, declared)
    numbers: dict[bool, list[int]] = {True: [], False: []}
    for key, is_reserved in earlier.items():
        if key in table.position:
            numbers[is_reserved].append(table.position[key])
    hidden = suppress(table, rule, hidden=numbers[True], shown=numbers[False]).hidden
    return {key: bool(hidden[cell]) for cell, key in enumerate(table.keys) if table.is_published[cell]} | {
        key: True for key, is_reserved in earlier.items() if is_reserved
    }


def level_table(connection: duckdb.DuckDBPyConnection, span: Span, declared: Sequence[DeclaredCut]) -> Table:
    """Return the table of the declared cuts over what the register holds of these months."""
    records = level_records(connection, span)
    dimensions = level_dimensions(records)
    return table_of(dimensions, cuts.level_cuts(dimensions, declared), records)


def level_dimensions(records: Records) -> tuple[Dimension, ...]:
    """Return region, size, flow and facet, with the sectors and markets that the records have."""
    pairs = [code.rpartition("|") for code in dict.fromkeys(records.codes[3])]
    combinations = sorted({sectors for sectors, _, _ in pairs})
    markets = sorted({market for _, _, market in pairs})
    return (
        cuts.region_dimension(),
        cuts.size_dimension(),
        cuts.flow_dimension(),
        cuts.facet_dimension(combinations, markets),
    )


def level_records(connection: duckdb.DuckDBPyConnection, span: Span) -> Records:
    """Return what each firm of the register exports by combination of codes; its class is its last in the window."""
    rows = connection.execute(
        """
        WITH entry AS (
            SELECT *, dense_rank() OVER (ORDER BY exporter_key) AS firm,
                max_by(size_class, month) OVER (PARTITION BY exporter_key) AS class
            FROM core_register
            WHERE month BETWEEN $first AND $last AND list_contains($segments, segment)
        )
        SELECT
            coalesce(region_code, '00'),
            class,
            segment,
            concat_ws('|', coalesce(bcch_sector_id, $unknown), coalesce(prochile_sector_id, $unknown),
                coalesce(ine_sector_id, $unknown), coalesce(region_es, $unknown)),
            firm,
            sum(fob_usd)::DOUBLE
        FROM entry LEFT JOIN core_country USING (country_code)
        GROUP BY ALL
        HAVING sum(fob_usd) > 0
        ORDER BY ALL
        """,
        {"first": span.first, "last": span.last, "segments": list(cuts.SEGMENTS), "unknown": cuts.UNKNOWN},
    ).fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * 6
    return Records(tuple(columns[:4]), np.array(columns[4], dtype=np.int64), np.array(columns[5], dtype=np.float64))


def _level_statistics(
    path: Path, span: Span, declared: Sequence[DeclaredCut], reserved: frozenset[Key]
) -> list[Statistic]:
    with store.reading(path) as connection:
        table = level_table(connection, span, declared)
    return list(_levels(table, span, reserved))


def _levels(table: Table, span: Span, reserved: frozenset[Key]) -> Iterator[Statistic]:
    for cell, (region, size, flow, facet) in enumerate(table.keys):
        if not table.is_published[cell]:
            continue
        kind, _, name = facet.partition(":")
        figures = _figures(table, cell, is_reserved=table.keys[cell] in reserved)
        yield Statistic(
            span=span,
            base=None,
            flow=flow,
            region=region,
            size=None if size == ALL else size,
            sector=facet if kind in cuts.SCHEMES else None,
            market=name if kind == "market" else None,
            move=None,
            side=None,
            firms=figures[0],
            fob_usd=figures[1],
        )


def _figures(table: Table, cell: int, *, is_reserved: bool) -> tuple[int | None, float | None]:
    if is_reserved:
        return None, None
    return len(table.contributions([cell])), round(float(table.totals[cell]), 2)


def _compared(windows: Iterable[Span], entry: DeclaredCut) -> Iterator[tuple[Span, Span]]:
    """Yield the windows whose base, the same months a year before, is published too."""
    published = set(windows)
    newest = max((span.last.year for span in published), default=0)
    for span in sorted(published):
        base = Span(_year_before(span.first), _year_before(span.last))
        if base in published and base.first.year > newest - entry.years:
            yield span, base


def _year_before(month: date) -> date:
    return date(month.year - 1, month.month, 1)


def _move_statistics(
    path: Path, span: Span, base: Span, entry: DeclaredCut, reserved: Mapping[Span, frozenset[Key]], rule: Rule
) -> list[Statistic]:
    """Return what the firms of each size did between two windows, by region; a reserved whole reserves its parts."""
    with store.reading(path) as connection:
        return [
            statistic
            for size in (ALL, *entry.sizes)
            for statistic in _moves(connection, span, base, size, entry, reserved, rule)
        ]


def _moves(
    connection: duckdb.DuckDBPyConnection,
    span: Span,
    base: Span,
    size: str,
    entry: DeclaredCut,
    reserved: Mapping[Span, frozenset[Key]],
    rule: Rule,
) -> Iterator[Statistic]:
    """Yield what the firms of one size did."""
    for side, moves in MOVES.items():
        for flow in entry.flows:
            records = _move_records(connection, span, base, size, flow, side)
            move = Dimension(
                "move",
                {name: frozenset({name}) for name in moves} | {"stay": frozenset(moves[1:]), ALL: frozenset(moves)},
                ((ALL, (moves[0], "stay")), ("stay", moves[1:])),
            )
            regions = tuple(cuts.region_dimension().nodes)
            region = Dimension("region", {name: frozenset({name}) for name in regions}, ())
            table = table_of(
                (region, move),
                [Cut((regions, tuple(move.nodes)), (frozenset(regions), frozenset({ALL, *moves})))],
                records,
            )
            withheld = reserved[span if side == "window" else base]
            whole = {
                cell: (key[0], size, flow, ALL) in withheld for cell, key in enumerate(table.keys) if key[1] == ALL
            }
            hidden = suppress(
                table,
                rule,
                hidden=[cell for cell, is_withheld in whole.items() if is_withheld],
                shown=[cell for cell, is_withheld in whole.items() if not is_withheld],
            ).hidden
            for cell, (name, kind) in enumerate(table.keys):
                if table.is_published[cell] and kind != ALL:
                    figures = _figures(table, cell, is_reserved=bool(hidden[cell]))
                    yield Statistic(
                        span=span,
                        base=base,
                        flow=flow,
                        region=name,
                        size=None if size == ALL else size,
                        sector=None,
                        market=None,
                        move=kind,
                        side=side,
                        firms=figures[0],
                        fob_usd=figures[1],
                    )


def _move_records(
    connection: duckdb.DuckDBPyConnection, span: Span, base: Span, size: str, flow: str, side: str
) -> Records:
    """Return what each firm did, once for each region it is looked at in: it may be new to one and not to another.

    `v` is what it exports while of the size, `a` whatever its size, in the window (1) and in the base (0).
    """
    regions, sizes = cuts.region_dimension().nodes, cuts.size_dimension().nodes
    slices = [(name, code) for name, codes in regions.items() for code in sorted(codes)]
    rows = connection.execute(
        """
        WITH entry AS (
            SELECT *, month >= $first AS is_window,
                max_by(size_class, month) OVER (PARTITION BY exporter_key, month >= $first) AS class
            FROM core_register
            WHERE (month BETWEEN $first AND $last OR month BETWEEN $base_first AND $base_last)
                AND list_contains($segments, segment)
        ),
        slice AS (SELECT unnest($names) AS name, unnest($codes) AS region_code),
        firm AS (
            SELECT
                name, exporter_key,
                coalesce(sum(fob_usd) FILTER (is_window), 0) AS a1,
                coalesce(sum(fob_usd) FILTER (NOT is_window), 0) AS a0,
                coalesce(sum(fob_usd) FILTER (is_window AND list_contains($sizes, class)), 0) AS v1,
                coalesce(sum(fob_usd) FILTER (NOT is_window AND list_contains($sizes, class)), 0) AS v0
            FROM entry JOIN slice ON slice.region_code = coalesce(entry.region_code, '00')
            GROUP BY ALL
        )
        SELECT
            name,
            CASE $side
                WHEN 'window' THEN CASE WHEN a0 <= 0 THEN 'entrants' WHEN v0 > 0 THEN 'continuing' ELSE 'joined' END
                ELSE CASE WHEN a1 <= 0 THEN 'exits' WHEN v1 > 0 THEN 'continuing' ELSE 'left' END
            END,
            dense_rank() OVER (ORDER BY exporter_key),
            CASE $side WHEN 'window' THEN v1 ELSE v0 END::DOUBLE
        FROM firm
        WHERE CASE $side WHEN 'window' THEN v1 ELSE v0 END > 0
        ORDER BY ALL
        """,
        {
            "first": span.first,
            "last": span.last,
            "base_first": base.first,
            "base_last": base.last,
            "segments": sorted(cuts.flow_dimension().nodes[flow]),
            "sizes": sorted(sizes[size]),
            "side": side,
            "names": [name for name, _ in slices],
            "codes": [code for _, code in slices],
        },
    ).fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return Records(tuple(columns[:2]), np.array(columns[2], dtype=np.int64), np.array(columns[3], dtype=np.float64))
