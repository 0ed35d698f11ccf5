"""Figures of firms in a public edition: looked up in `mart_firm_statistic`, which tells of no firm, never computed.

`etl/publication` makes the table (decision 22). A cell of a published cut that is not in it holds no firm; a cut that
is not published is not answered, and the reason names the nearest that is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from editions.edition import Edition
from indicators.engine import growth, result
from indicators.engine.context import metric_label, place_of, scope_label
from indicators.engine.growth import PRECISION, Group
from indicators.engine.plan import Plan
from indicators.engine.result import Coverage, Reason, Statement
from indicators.engine.sql import Wholes
from indicators.question.calendar import Window
from indicators.question.dimensions import CODE_FILTERS
from indicators.question.question import Question
from indicators.question.scope import COMPANY_SIZES, NATION, OTHER_ORIGINS, REGIONS, REGISTER, SIZES

FIRMS, FOB = "firms", "fob_usd"
LEVELS = ("exporters", "fob", "fob_per_exporter")  # of one period; the others follow firms from base to window
SAME = {"same_firms": FIRMS, "fob_same_firms": FOB}
TURNOVER = {"entrants": "entrants", "entry": "entrants", "exits": "exits", "exit": "exits"}
RATES = ("entry", "exit")
BRIDGES = {"sme_bridge": FOB, "sme_bridge_firms": FIRMS}
MOVES = ("entrants", "exits", "continuing", "joined", "left")
ALL_REGIONS, BIOBIO_AND_NUBLE = ",".join(REGIONS), "08,16"
PLACES = (NATION, ALL_REGIONS, BIOBIO_AND_NUBLE, *REGIONS, *OTHER_ORIGINS)
YEAR = 12

CUTS = """SELECT DISTINCT first_month, last_month, base_first_month, base_last_month, flow, size,
    CASE WHEN move IS NOT NULL THEN 'move' WHEN market IS NOT NULL THEN 'market'
        ELSE coalesce(split_part(sector, ':', 1), 'size') END AS cut
FROM mart_firm_statistic"""
FIGURES = """SELECT {key} AS key, move, side, first_month = $window_first AS is_window,
    firms, fob_usd::DOUBLE AS fob_usd, is_reserved
FROM mart_firm_statistic
WHERE flow = $flow AND {where}
ORDER BY ALL"""
NATIONAL = """SELECT region, flow, size, first_month = $window_first AS is_window, fob_usd::DOUBLE AS fob_usd
FROM mart_firm_statistic
WHERE sector IS NULL AND market IS NULL AND (size IS NULL OR size = 'sin_informacion') AND {where}
ORDER BY ALL"""

Figure = Mapping[str, Any]  # a row of the table
Figures = Mapping[tuple[str | None, bool, str | None, str | None], Figure]  # key, of the window, side, move
Cuts = Mapping[tuple[Any, ...], tuple[set[str], set[str | None]]]  # cut, window, base → flows and sizes


@dataclass(frozen=True)
class LookedUp:
    """What the published statistics say of a question."""

    total: Group
    parts: list[Group]
    wholes: Wholes
    statement: Statement


def look_up(edition: Edition, question: Question, plan: Plan) -> LookedUp:
    """Return what a public edition says of firms; the question is of a cut that it publishes (`published_plan`)."""
    if plan.base is None:  # nothing is published of it: no figure of it is 0
        question = question.but(compare="none")
    figures, statement = _figures(edition, question, plan)
    if question.metric in BRIDGES:
        parts = [_move(question, figures, move, move) for move in MOVES if _has(figures, move)]
        total = _level(question.but(metric="exporters" if BRIDGES[question.metric] == FIRMS else "fob"), figures, None)
    else:
        total = _group(question, figures, None)
        keys = dict.fromkeys(key for key, *_ in figures if key is not None)
        parts = [_group(question, figures, key) for key in keys]
        if question.split and not parts and figures:  # a filter leaves one part: the whole over again
            parts = [replace(total, key=getattr(question, question.split))]
    return LookedUp(total, parts, _wholes(edition, question, plan), statement)


def published_plan(edition: Edition, question: Question, plan: Plan) -> Plan:
    """Return the plan as far as a public edition publishes its cut of firms; blocked where it does not."""
    cuts = _cuts(edition)
    if _is_published(cuts, question, plan) or (plan.window is None and plan.source == REGISTER):
        return plan
    alone = replace(plan, base=None)
    if plan.base is not None and question.metric in LEVELS and _is_published(cuts, question, alone):
        return replace(alone, reasons=(*plan.reasons, result.base_not_published(plan.base.label)))
    return replace(plan, blocked=_not_published(edition, question, plan), reasons=())


def _not_published(edition: Edition, question: Question, plan: Plan) -> Reason:
    """Return that a cut is not published, with the nearest that is, in words and as a question."""
    cuts = _cuts(edition)
    usual = "none" if question.compare == "none" else "year_before"
    for simpler in _simpler(question):
        for window, compare in (
            (plan.window, question.compare),
            *((one, usual) for one in _windows(cuts, plan.window)),
        ):
            if window is None:
                continue
            nearest = simpler.but(window=str(window), compare=compare)
            if _is_published(cuts, nearest, replace(plan, window=window, base=nearest.base_of(window))):
                words = (metric_label(nearest), place_of(edition, nearest), window.label, scope_label(edition, nearest))
                return result.not_published(f"{', '.join(words)}: {nearest}")
    return result.not_published(None)


# ── which cuts are published ──


def _cuts(edition: Edition) -> Cuts:
    return edition.once("published cuts", lambda: _read_cuts(edition.rows(CUTS)))


def _read_cuts(rows: Sequence[Mapping[str, Any]]) -> Cuts:
    cuts: dict[tuple[Any, ...], tuple[set[str], set[str | None]]] = {}
    for row in rows:
        months = tuple(row[name] for name in ("first_month", "last_month", "base_first_month", "base_last_month"))
        flows, sizes = cuts.setdefault((row["cut"], *months), (set(), set()))
        flows.add(row["flow"])
        sizes.add(row["size"])
    return cuts


def _windows(cuts: Cuts, near: Window | None) -> list[Window]:
    """Return a window and those of levels: the shortest around it, then the nearest; without one, the newest first."""
    windows = [Window(first, last) for cut, first, last, base, _ in cuts if cut == "size" and base is None]
    newest = sorted(set(windows), key=lambda window: (window.last, len(window)), reverse=True)
    if near is None:
        return newest

    def distance(window: Window) -> tuple[bool, int, int]:
        is_around = window.first <= near.first and near.last <= window.last
        return not is_around, len(window) if is_around else 0, abs((window.last - near.last).days)

    return [near, *sorted(newest, key=distance)]


def _is_published(cuts: Cuts, question: Question, plan: Plan) -> bool:
    window, base = plan.window, plan.base
    if window is None or not _is_of_a_kind(question):
        return False
    if question.metric in TURNOVER and len(window) != YEAR:  # the year to its end and the one before, however short
        return False
    follows = question.metric not in LEVELS
    if follows and (base is None or not _holds(cuts, question, "move", window, base)):
        return False
    return all(_holds(cuts, question, _cut(question), period) for period in (window, base) if period is not None)


def _holds(cuts: Cuts, question: Question, cut: str, window: Window, base: Window | None = None) -> bool:
    months = (window.first, window.last, base.first if base else None, base.last if base else None)
    flows, sizes = cuts.get((cut, *months), (set(), set()))
    return question.scope.flow in flows and question.size in {None, *sizes}


def _cut(question: Question) -> str:
    split = question.split or ""
    scheme = (question.sector or split.removeprefix("sector:")).partition(":")[0]
    if split == "continent":
        return "market"
    return scheme if question.sector or split.startswith("sector:") else "size"


def _is_of_a_kind(question: Question) -> bool:
    """Whether metric, place, filters and split are of a kind that is published; flow, size and months are looked up."""
    split, whole = question.split, question.whole
    by_facet = split is not None and (split == "continent" or split.startswith("sector:"))
    has_parts = question.metric in LEVELS or split is None or (split == "region" and question.metric not in BRIDGES)
    return (
        question.metric in (*LEVELS, *SAME, *TURNOVER, *BRIDGES)
        and question.source in (None, REGISTER)
        and question.region in PLACES
        and question.concept == "origin"
        and question.sizing in (None, "register")
        and not any(getattr(question, name) for name in (*CODE_FILTERS, "hs", "over"))
        and not question.scope.exclude
        and (whole is None or not whole.scope.exclude)
        and (question.sector is None or ("," not in question.sector and not by_facet and question.metric in LEVELS))
        and (split in (None, "region", "size") or by_facet)
        and not (split == "size" and question.sector)  # of sectors only pymes and all firms are published
        and has_parts
    )


def _simpler(question: Question) -> Iterator[Question]:
    """Yield the question with less and less of what may not be published, the nearest first."""
    metric = question.metric if question.metric in (*LEVELS, *SAME, *TURNOVER, *BRIDGES) else "exporters"
    region = question.region if question.region in PLACES else NATION
    split = question.split if question.split in ("region", "size", "continent") else None
    plain = Question(metric, region=region, window=question.window, compare=question.compare, size=question.size)
    if metric == question.metric:
        yield question
    if question.sector and "," not in question.sector:
        yield plain.but(sector=question.sector, size="pyme")
    if split is not None and metric in LEVELS:
        yield plain.but(split=split)
    if question.scope.flow != "goods":
        yield plain.but(flow=question.scope.flow)
    yield plain
    yield Question("exporters", region=region)


# ── what they say ──


def _figures(edition: Edition, question: Question, plan: Plan) -> tuple[Figures, Statement]:
    """Return the figures by key (None for the whole slice), whether of the window, and what the firms did."""
    params: dict[str, Any] = {"flow": question.scope.flow}
    months = _months(params, plan)
    key, dimensions = _dimensions(question, params)
    sql = FIGURES.format(key=key, where=" AND ".join((months, *dimensions)))
    rows = edition.rows(sql, params)
    return {(row["key"], row["is_window"], row["side"], row["move"]): row for row in rows}, Statement(sql, params)


def _months(params: dict[str, Any], plan: Plan) -> str:
    """The condition that a figure is of the window or of the base, or of what firms did from one to the other."""
    periods = []
    for name, window in (("window", plan.window), ("base", plan.base)):
        if window is not None:
            params |= {f"{name}_first": window.first, f"{name}_last": window.last}
            periods.append(f"(first_month = ${name}_first AND last_month = ${name}_last AND move IS NULL)")
    if plan.base is not None:
        periods.append(
            "(first_month = $window_first AND last_month = $window_last"
            " AND base_first_month = $base_first AND base_last_month = $base_last)"
        )
    return f"({' OR '.join(periods)})"


def _dimensions(question: Question, params: dict[str, Any]) -> tuple[str, list[str]]:
    """The SQL of the key of a part, and the conditions on region, size, sector and market."""
    split = question.split or ""
    asked = {"region": question.region, "size": question.size, "sector": question.sector, "market": None}
    column = {"continent": "market"}.get(split, split.partition(":")[0])
    conditions = []
    for name, value in asked.items():
        params[name] = value
        is_whole = f"{name} IS NOT DISTINCT FROM ${name}"
        conditions.append(f"({is_whole} OR {_parts(name, question, params)})" if name == column else is_whole)
    if not column:
        return "NULL", conditions
    named = f"split_part({column}, ':', 2)" if column == "sector" else column
    return f"CASE WHEN {column} IS DISTINCT FROM ${column} THEN {named} END", conditions


def _parts(column: str, question: Question, params: dict[str, Any]) -> str:
    """The condition that a figure is of a part of the split."""
    if column == "market":
        return "market IS NOT NULL"
    if column == "sector":
        params["scheme"] = (question.split or "").partition(":")[2]
        return "starts_with(sector, $scheme || ':')"
    every = (*REGIONS, *OTHER_ORIGINS) if column == "region" else COMPANY_SIZES
    inside = {"region": question.regions, "size": SIZES.get(question.size or "", ())}[column]
    names = inside or every
    params |= {f"part_{place}": name for place, name in enumerate(names)}
    return f"{column} IN ({', '.join(f'$part_{place}' for place in range(len(names)))})"


def _has(figures: Figures, move: str) -> bool:
    return any(place[3] == move for place in figures)


def _group(question: Question, figures: Figures, key: str | None) -> Group:
    if question.metric in LEVELS:
        return _level(question, figures, key)
    if question.metric in SAME:
        return replace(_move(question, figures, "continuing", key), key=key)
    return _turnover(question, figures, key)


def _level(question: Question, figures: Figures, key: str | None) -> Group:
    now, before = (figures.get((key, is_window, None, None)) for is_window in (True, False))
    return _made(question, key, now, before)


def _move(question: Question, figures: Figures, move: str, key: str | None) -> Group:
    """Return what the firms that did one thing exported, on the side or sides of it that there are."""
    slice_key = None if question.metric in BRIDGES else key
    now, before = (figures.get((slice_key, True, side, move)) for side in ("window", "base"))
    group = _made(question, key, now, before)
    if question.metric in SAME:  # low base looks at all the firms of the base
        level = figures.get((key, False, None, None))
        group = replace(group, base_usd=_amount(level, FOB), base_firms=_amount(level, FIRMS))
    return group


def _made(question: Question, key: str | None, now: Figure | None, before: Figure | None) -> Group:
    """Return a group of two figures; a figure that is not there is of no firm."""
    has_base = question.needs_base
    is_reserved = any(figure is not None and figure["is_reserved"] for figure in (now, before))
    return Group(
        key=key,
        value=_value(question, now),
        base=_value(question, before) if has_base else None,
        base_usd=_amount(before, FOB) if has_base else None,
        base_firms=_amount(before, FIRMS) if has_base else None,
        reasons=(result.RESERVED,) if is_reserved else (),
    )


def _value(question: Question, figure: Figure | None) -> float | int | None:
    if question.metric == "fob_per_exporter":
        firms, fob = _amount(figure, FIRMS), _amount(figure, FOB)
        return _ratio(fob, firms)
    amount: float | int | None = _amount(figure, {"exporters": FIRMS, "fob": FOB, **SAME, **BRIDGES}[question.metric])
    return amount


def _ratio(part: float | None, whole: float | None) -> float | None:
    return float(f"{part / whole:.{PRECISION}g}") if part is not None and whole else None


def _amount(figure: Figure | None, name: str) -> Any:
    """Return a number of a figure: None where it is reserved, 0 where there is no firm."""
    return 0 if figure is None else figure[name]


def _turnover(question: Question, figures: Figures, key: str | None) -> Group:
    move = TURNOVER[question.metric]
    enters = move == "entrants"
    figure = figures.get((key, True, "window" if enters else "base", move))
    whole = figures.get((key, enters, None, None))
    firms, every = _amount(figure, FIRMS), _amount(whole, FIRMS)
    is_reserved = firms is None or (question.metric in RATES and every is None)
    value = _ratio(firms, every) if question.metric in RATES else firms
    return Group(key, value, None, reasons=(result.RESERVED,) if is_reserved else ())


def _wholes(edition: Edition, question: Question, plan: Plan) -> Wholes:
    """Return the totals around a figure; of products and countries a public edition does not tell what is known."""
    params: dict[str, Any] = {}
    sql = NATIONAL.format(where=_months(params, replace(plan, base=plan.base if question.whole else None)))
    fob = {(row["region"], row["flow"], row["size"], row["is_window"]): row[FOB] for row in edition.rows(sql, params)}
    flow, whole = question.scope.flow, question.whole
    nation, unknown_size = (fob.get((NATION, flow, size, True), 0) for size in (None, "sin_informacion"))
    sized = None if nation is None or unknown_size is None else nation - unknown_size
    place = ALL_REGIONS if whole and whole.regionalised else NATION
    now, before = (
        fob.get((place, whole.scope.flow, None, is_window)) if whole else None for is_window in (True, False)
    )
    coverage = Coverage(
        region=growth.share(fob.get((ALL_REGIONS, flow, None, True)), nation),
        product=None,
        country=None,
        size=growth.share(sized, nation),
    )
    return Wholes(now, before, fob.get((question.region, flow, None, True)), coverage, Statement(sql, params))
