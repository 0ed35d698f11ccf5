"""What an answer keeps in reserve: the slice of a question and its parts, looked up in audited tables.

A question is taken to pieces and shown only if every piece that holds anything is. Pieces are the codes of a list,
the classes of a size rule, the segments of a flow, what an exclusion leaves, and stretches of the calendar. Each
stretch and segment has a table of its own, cut by all that the question is cut by, where `suppression` decides.
So a figure made of several pieces tells nothing that its pieces do not. Decision 6 says what this does not cover.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from indicators.calendar import SourceCalendar, Window
from indicators.conditions import SIZE, Conditions, write_statement
from indicators.cuts import Cut, cuts_of
from indicators.disclosure import Cell, Policy
from indicators.edition import Edition, Rows
from indicators.plan import Plan
from indicators.question import Question
from indicators.result import Statement
from indicators.scope import REGISTER
from indicators.size_classes import join_classes
from indicators.suppression import Key, suppressed

MAX_CUTS = 3
MAX_CELLS = (50_000, 50_000, 30_000, 10_000)  # by number of cuts
Stretch = tuple[date, ...]
Hidden = Mapping[tuple[int, str], frozenset[Key]]  # number of the stretch and segment → cells
MOST_KEPT = 128


@dataclass(frozen=True)
class Reserve:
    """What a question may not show. Without `hidden` nothing could be audited, and nothing is shown."""

    question: Question
    plan: Plan
    stretches: tuple[Stretch, ...] = ()
    cuts: tuple[Cut, ...] = ()
    hidden: Hidden | None = None

    def hides_total(self, *, base: bool) -> bool:
        """Whether the whole slice stays in reserve, in the window or in the base."""
        return self._hides(self._months(base=base), self.question.scope.segments, [cut.asked for cut in self.cuts])

    def hides_part(self, key: str | None, *, base: bool) -> bool:
        """Whether a part of the split does."""
        months, segments = self._months(base=base), self.question.scope.segments
        if self.question.split == "month":
            shown = self._months(base=False)
            months = tuple(month for month, row in zip(months, shown, strict=False) if f"{row:%Y-%m}" == key)
        if self.question.split == "segment":
            segments = tuple(segment for segment in segments if segment == key)
        is_by_month = self.question.split == "month"
        codes = [cut.part(key) if cut.is_split and not is_by_month else cut.asked for cut in self.cuts]
        return self._hides(months, segments, codes)

    def _hides(self, months: Sequence[date], segments: Sequence[str], codes: Sequence[tuple[str | None, ...]]) -> bool:
        if self.hidden is None:
            return True
        for number, stretch in enumerate(self.stretches):
            inside = [month for month in stretch if month in months]
            by_month = [f"{month:%Y-%m}" for month in inside] if len(inside) < len(stretch) else [None]
            with_months = [*codes[:-1], by_month] if self._cuts_months else codes
            keys = set(product(*with_months)) if inside else set()
            if any(keys & self.hidden.get((number, segment), frozenset()) for segment in segments):
                return True
        return False

    @property
    def _cuts_months(self) -> bool:
        return bool(self.cuts) and self.cuts[-1].name == "month"

    def _months(self, *, base: bool) -> tuple[date, ...]:
        window = self.plan.base if base else self.plan.window
        return window.months if window else ()


def reserve_of(
    edition: Edition, question: Question, found: Plan, calendar: SourceCalendar, *, policy: Policy
) -> Reserve:
    """Return what may not be shown of a question that speaks of firms."""
    windows = [set(window.months) for window in (found.window, found.base) if window is not None]
    stretches = tuple(_stretches(sorted(set().union(*windows)), calendar, is_register=found.source == REGISTER))
    is_cut = any(0 < len(window & set(stretch)) < len(stretch) for window in windows for stretch in stretches)
    is_by_month = question.split == "month" and any(len(stretch) > 1 for stretch in stretches)
    cuts = cuts_of(question, by_month=is_cut or is_by_month)
    if len(cuts) > MAX_CUTS:
        return Reserve(question, found)
    blank = replace(found, window=None, base=None)
    sql = write_statement(question, blank, lambda conditions: _text(conditions, stretches, cuts))
    hidden = kept(edition, sql, lambda rows: _audit(rows, cuts=len(cuts), policy=policy))
    return Reserve(question, found, stretches, cuts, hidden)


def whole_stretches(found: Plan, calendar: SourceCalendar) -> bool:
    """Whether window and base are made of whole stretches."""
    for window in (found.window, found.base):
        asked = window.months if window else ()
        for stretch in _stretches(asked, calendar, is_register=found.source == REGISTER):
            if not set(stretch) <= set(asked):
                return False
    return True


def _stretches(asked: Sequence[date], calendar: SourceCalendar, *, is_register: bool) -> Iterator[Stretch]:
    """Yield each touched part of a year: up to the month that the data reach, and the rest.

    Where firms cannot be followed from month to month, each month is a stretch.
    """
    reach = calendar.last_complete.month if calendar.last_complete else 12
    for year in sorted({month.year for month in asked}):
        for numbers in (range(1, reach + 1), range(reach + 1, 13)):
            months = tuple(month for number in numbers if (month := date(year, number, 1)) in calendar.states)
            touched = [month for month in months if month in asked]
            if touched and (is_register or calendar.ids_followable(Window(months[0], months[-1]))):
                yield months
            else:
                yield from ((month,) for month in touched)


def _text(conditions: Conditions, stretches: Sequence[Stretch], cuts: Sequence[Cut]) -> str:
    """Return the SQL of every cell of the tables. What a firm takes back counts like what it exports."""
    table, (stretch, asked) = conditions.table, _calendar(conditions, stretches)
    levels = {f"c{place}_{depth}": sql for place, cut in enumerate(cuts) for depth, sql in enumerate(cut.levels)}
    columns = [[f"c{place}_{depth}" for depth in range(len(cut.levels))] for place, cut in enumerate(cuts)]
    chosen = product(*([None, *names] for names in columns))
    sets = [", ".join(("stretch", "segment", "firm", *filter(None, names))) for names in chosen]
    keys = [f"coalesce({', '.join(names)}, NULL) AS c{place}" for place, names in enumerate(columns)]
    conditions.params |= {name: value for cut in cuts for name, value in cut.params.items()}
    joins = ""
    if any(SIZE in sql for sql in levels.values()):  # the class that a firm has in the stretch, as in `query`
        joins = join_classes(conditions, period=stretch, where=asked)
    item = [f"{stretch} AS stretch", "x.segment", f"{table.firm} AS firm", "x.fob_usd"]
    item += [f"{sql} AS {name}" for name, sql in levels.items()]
    return f"""WITH item AS (
    SELECT {_listed(*item)}
    FROM {table.name} AS x {joins}
    WHERE {conditions.from_source} AND {asked} AND {table.firm} IS NOT NULL
        AND {conditions.one_of("segment", "x.segment", conditions.question.scope.segments)}
),
cell AS (
    SELECT {_listed("stretch", "segment", "firm", *levels, "abs(sum(fob_usd)::DOUBLE) AS v")}
    FROM item
    GROUP BY GROUPING SETS (({f"),{chr(10)}        (".join(sets)}))
)
SELECT {_listed("stretch", "segment", *keys, "count(*) AS firms", "round(sum(v), 2) AS total", "max(v, 2) AS largest")}
FROM cell
WHERE v > 0
GROUP BY ALL
LIMIT {conditions.value("most", MAX_CELLS[len(cuts)] + 1)}"""


def _calendar(conditions: Conditions, stretches: Sequence[Stretch]) -> tuple[str, str]:
    """The SQL of a record's stretch, and the condition that it is of any."""
    spans = [
        f"x.month BETWEEN {conditions.value(f'from_{number}', stretch[0])} "
        f"AND {conditions.value(f'to_{number}', stretch[-1])}"
        for number, stretch in enumerate(stretches)
    ]
    numbered = (f"WHEN {span} THEN {number}" for number, span in enumerate(spans))
    return f"CASE {' '.join(numbered)} END", f"({' OR '.join(spans)})"


def _listed(*columns: str) -> str:
    return ",\n        ".join(columns)


def kept(edition: Edition, sql: Statement, audit: Callable[[Rows], Hidden | None]) -> Hidden | None:
    """Return the hidden cells of each table, or None when they are too many to audit. Kept for the next question."""
    found: dict[tuple[Any, ...], Hidden | None] = edition.once("reserve", dict)
    asked = (sql.sql, *sql.params.items())
    if asked not in found:
        if len(found) >= MOST_KEPT:
            found.clear()
        found[asked] = audit(edition.rows(sql.sql, sql.params))
    return found[asked]


def _audit(rows: Sequence[Mapping[str, Any]], *, cuts: int, policy: Policy) -> Hidden | None:
    if len(rows) > MAX_CELLS[cuts]:
        return None
    tables: dict[tuple[int, str], dict[Key, Cell]] = {}
    for row in rows:
        key = tuple(row[f"c{place}"] for place in range(cuts))
        cell = Cell(row["firms"], row["total"], tuple(row["largest"]))
        tables.setdefault((row["stretch"], row["segment"]), {})[key] = cell
    return {piece: suppressed(cells, policy) for piece, cells in tables.items()}
