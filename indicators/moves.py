"""What may not be shown of what firms did between two periods: who entered, left, stayed, changed class or came back.

Each side, window and base, of each slice and class has one table: the codes of what its firms did, nested as the metric
says, which add up to a plain figure. Slices are judged one by one: a firm may be new in a region and not in the nation,
so what firms did in regions does not add up to what they did in the nation. Size rules are nested, and would: value is
told of pymes only, or from customs, of all firms. An attacker learns nothing more than without these metrics.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from indicators import reasons
from indicators.calendar import SourceCalendar
from indicators.conditions import SIZE, Conditions, write_statement
from indicators.cuts import Cut, cuts_of, size_levels
from indicators.disclosure import Cell, Policy
from indicators.edition import Edition, Rows
from indicators.metrics import Metric
from indicators.plan import Plan
from indicators.query import FIRM_AND, TWO_PERIODS, add_values, unit_name, unit_sql
from indicators.question import Question
from indicators.reasons import Reason
from indicators.reserve import MAX_CELLS, MAX_CUTS, Hidden, kept, whole_stretches
from indicators.scope import REGISTER, SIZES
from indicators.size_classes import join_classes
from indicators.suppression import Key, suppressed

ANY = {"a": "sum(x.fob_usd)"}
SIDES = (("window", 1), ("base", 0))
SIZE_CUT = "size"
VALUE_RULE = "pyme"  # the one rule whose moves are told in value from the register
MOVE = (  # a code at each depth; one that goes no deeper is repeated
    "split_part(code, '/', 1)",
    "split_part(code, '/', 1) || '/' || coalesce(nullif(split_part(code, '/', 2), ''), '=')",
    "split_part(code, '/', 1) || '/' || coalesce(nullif(split_part(code, '/', 2), ''), '=') || '/' || "
    "coalesce(nullif(split_part(code, '/', 3), ''), '=')",
)


@dataclass(frozen=True)
class Reserved:
    """What a metric may not tell of the moves of firms. Without `hidden` nothing could be audited."""

    question: Question
    cuts: tuple[Cut, ...] = ()
    hidden: Hidden | None = None
    why: Reason = reasons.CONFIDENTIAL

    def hides(self, key: str | None, *, is_total: bool, base: bool) -> bool:
        """Whether the value, or the base, of a row tells of firms that may not be told of."""
        spec = self.question.spec
        if spec.parts and is_total:
            return False  # the sum of the parts is a plain figure, in reserve or not as such
        told = spec.moves.shown.get(key or "" if spec.parts else "", ("", "")) if spec.moves else ("", "")
        side, _, code = told[1 if base else 0].partition(":")
        if not code:
            return False
        if self.hidden is None:
            return True
        is_row = not is_total and not spec.parts
        codes = [cut.part(key) if cut.is_split and is_row else cut.asked for cut in self.cuts]
        return bool(set(product(*codes, (code,))) & self.hidden.get((int(side), ""), frozenset()))


def reserved_moves(
    edition: Edition, question: Question, found: Plan, calendar: SourceCalendar, *, policy: Policy
) -> Reserved | None:
    """Return what a metric may not tell of the moves of firms; None when it tells of none."""
    moves = question.spec.moves
    if moves is None:
        return None
    if moves.tells_value:
        why = _unsafe_value(question, found, calendar)
        if why is not None:
            return Reserved(question, why=why)
    cuts = cuts_of(question, by_month=False)
    if len(cuts) + 1 > MAX_CUTS:
        return Reserved(question, why=reasons.TOO_FINE)
    sql = write_statement(question, found, lambda conditions: _text(conditions, found, cuts))
    hidden = kept(edition, sql, lambda rows: _audit(rows, cuts=len(cuts), policy=policy))
    return Reserved(question, cuts, hidden)


def _unsafe_value(question: Question, found: Plan, calendar: SourceCalendar) -> Reason | None:
    """Return why the value of moves is not told: sets of firms a little different would tell that of one firm."""
    rule = VALUE_RULE if found.source == REGISTER else None
    is_other = question.size != rule or question.split in ("size", "month") or question.spec.lookback > 0
    if is_other:
        return reasons.ONE_RULE
    is_whole = question.compare == "year_before" and whole_stretches(found, calendar)
    return None if is_whole else reasons.WHOLE_YEARS


def _audit(rows: Rows, *, cuts: int, policy: Policy) -> Hidden | None:
    if len(rows) > MAX_CELLS[cuts + 1]:
        return None
    tables: dict[tuple[int, Key], dict[Key, Cell]] = defaultdict(dict)
    for row in rows:
        part = tuple(row[f"c{place}"] for place in range(cuts))
        tables[row["stretch"], part][(row[f"c{cuts}"],)] = Cell(row["firms"], row["total"], tuple(row["largest"]))
    hidden: dict[tuple[int, str], set[Key]] = defaultdict(set)
    for (side, part), cells in tables.items():
        hidden[side, ""] |= {(*part, *code) for code in suppressed(cells, policy)}
    return {side: frozenset(keys) for side, keys in hidden.items()}


def _text(conditions: Conditions, found: Plan, cuts: tuple[Cut, ...]) -> str:
    """Return the SQL of every cell of both tables: firms by cell of the question, then by class and by move."""
    spec = conditions.question.spec
    unit = unit_name(conditions.question, spec.cell)
    firm = "unit.firm" if unit in FIRM_AND else "unit"
    slices = {f"c{place}": cut for place, cut in enumerate(cuts) if cut.name != SIZE_CUT}
    levels = {f"{name}_{depth}": sql for name, cut in slices.items() for depth, sql in enumerate(cut.levels)}
    named = {name: f"coalesce({_listed(*_levels_of(name, levels), 'NULL')})" for name in slices}
    derived = "".join(f", {sql} AS {name}" for name, sql in spec.derived.items())
    sides = "\n    UNION ALL\n    ".join(
        f"SELECT {place} AS stretch, {_listed(*slices, '')}{firm} AS firm, {code} AS code, "
        f"class{place} AS size_class, a{place} AS v FROM firm"
        for (_, place), code in zip(SIDES, _codes(spec), strict=True)
    )
    conditions.params |= {name: value for cut in cuts for name, value in cut.params.items()}
    sql = f"""WITH item AS ({_items(conditions, unit, levels)}),
cell AS (
    SELECT {"".join(f"{sql} AS {name}, " for name, sql in named.items())}
        {f"row({_listed(*named.values())})" if named else "NULL"} AS key, 0 AS is_total, x.unit,
        {_listed(*_sums(spec))}
    FROM item AS x
    GROUP BY GROUPING SETS ({_sets(["x.unit"], levels, slices)})
),
firm AS (SELECT *{derived} FROM cell),
side AS (
    {sides}
)
{_tables(cuts)}
LIMIT {conditions.value("most", MAX_CELLS[len(cuts) + 1] + 1)}"""
    add_values(sql, conditions, found)
    return sql


def _items(conditions: Conditions, unit: str, levels: Mapping[str, str]) -> str:
    """The records of the flow, whatever the question filters: what it leaves out is the rest of its tables."""
    question, table, in_size, joins = conditions.question, conditions.table, "true", ""
    months = f"({conditions.in_window} OR {conditions.in_base})"
    if question.size:
        joins = join_classes(conditions, period=TWO_PERIODS.format(conditions.in_window), where=months)
        in_size = conditions.one_of("size", SIZE, SIZES[question.size])
    extra = "".join(f", {sql} AS {name}" for name, sql in levels.items())
    return f"""SELECT x.month, x.fob_usd, {unit_sql(conditions, unit)} AS unit, {in_size} AS in_size,
        {conditions.in_window} AS in_window, {conditions.in_base} AS in_base,
        {SIZE if question.size else "NULL"} AS size_class{extra}
    FROM {table.name} AS x {joins}
    WHERE {conditions.from_source} AND {months} AND {table.firm} IS NOT NULL
        AND {conditions.one_of("segment", "x.segment", question.scope.segments)}"""


def _sums(spec: Metric) -> list[str]:
    """The columns of a firm that its code is told from, and its class on each side."""
    own = [(name, sql, " AND x.in_size") for name, sql in spec.cell_columns.items()]
    own += [(name, sql, "") for name, sql in {**ANY, **spec.any_size}.items()]
    own.append(("class", "max(x.size_class)", ""))
    return [
        f"{sql} FILTER (WHERE x.in_{side}{asked}) AS {name}{place}" for name, sql, asked in own for side, place in SIDES
    ]


def _tables(cuts: tuple[Cut, ...]) -> str:
    """The SQL that adds firms up to cells, by class and by what they did, from the widest to the finest."""
    move = f"c{len(cuts)}"
    groups = {f"c{place}": _classes(cut) for place, cut in enumerate(cuts) if cut.name == SIZE_CUT} | {move: MOVE}
    levels = {f"{name}_{depth}": sql for name, found in groups.items() for depth, sql in enumerate(found)}
    kept = [f"c{place}" for place, cut in enumerate(cuts) if cut.name != SIZE_CUT]
    keys = [
        name if name in kept else f"coalesce({_listed(*_levels_of(name, levels), 'NULL')}) AS {name}"
        for name in (f"c{place}" for place in range(len(cuts) + 1))
    ]
    names = _listed(*(f"c{place}" for place in range(len(cuts) + 1)))
    return f""", coded AS (
    SELECT stretch, firm, v, {_listed(*kept, *(f"{sql} AS {name}" for name, sql in levels.items()))} FROM side
),
summed AS (
    SELECT stretch, firm, {_listed(*keys)}, abs(sum(v)::DOUBLE) AS v
    FROM coded GROUP BY GROUPING SETS ({_sets(["stretch", "firm", *kept], levels, groups)})
)
SELECT stretch, '' AS segment, {names}, count(*) AS firms, round(sum(v), 2) AS total, max(v, 2) AS largest
FROM summed WHERE v > 0 GROUP BY ALL"""


def _codes(spec: Metric) -> tuple[str, str]:
    return (spec.moves.window, spec.moves.base) if spec.moves else ("NULL", "NULL")


def _classes(cut: Cut) -> tuple[str, ...]:
    return size_levels("coalesce(size_class, 'sin_informacion')")[: len(cut.levels)]


def _levels_of(name: str, levels: Iterable[str]) -> list[str]:
    return [level for level in levels if level.startswith(f"{name}_")]


def _sets(always: list[str], levels: Iterable[str], names: Iterable[str]) -> str:
    """Every way to group by one depth or none of each name."""
    chosen = product(*([None, *_levels_of(name, levels)] for name in names))
    return ", ".join(f"({_listed(*always, *filter(None, some))})" for some in chosen)


def _listed(*columns: str) -> str:
    return ", ".join(columns)
