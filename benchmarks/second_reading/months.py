"""Which months of which source answer a question, and why none do: the rules of METRICS on windows, bases and ids."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from benchmarks.second_reading.formulas import DUS, FIRM_SOURCES, REGISTER, Metric
from benchmarks.second_reading.raw_text import Source

CUSTOMS_ONLY = ("service_type", "port", "office", "transport")
Window = tuple[int, int]  # first and last month


@dataclass(frozen=True)
class Ask:
    """The parts of a question as they are written; None where nothing is said."""

    metric: str
    region: str = "CL"
    window: str | None = None
    compare: str = "year_before"
    flow: str | None = None
    exclude: str | None = None
    denominator: str | None = None
    concept: str = "origin"
    source: str | None = None
    size: str | None = None
    sizing: str | None = None
    sector: str | None = None
    country: str | None = None
    hs: str | None = None
    service_type: str | None = None
    comuna: str | None = None
    port: str | None = None
    office: str | None = None
    transport: str | None = None
    over: str | None = None
    k: str | None = None
    split: str | None = None


@dataclass(frozen=True)
class Plan:
    """The months to compute and those to compare with, of which source; `why` there are none."""

    source: str
    window: Window | None = None
    base: Window | None = None
    whole: bool = True
    blocked: str | None = None
    why: frozenset[str] = frozenset()
    sizing: str | None = None


def months(text: str) -> tuple[int, int]:
    """Read `2024`, `2024-05` or `2024-01..2024-05`."""
    if len(text) == 4:
        return int(text) * 12, int(text) * 12 + 11
    first, last = (int(end[:4]) * 12 + int(end[5:]) - 1 for end in (text[:7], text[-7:]))
    return first, last


def span(window: Window) -> range:
    """The months of a window."""
    return range(window[0], window[1] + 1)


def month_name(month: int) -> str:
    """Return `2024-05`."""
    return f"{month // 12}-{month % 12 + 1:02d}"


class Planner:
    """Chooses months and source by what the sources of an edition have."""

    def __init__(self, sources: Mapping[str, Source], dollars: Mapping[int, float]) -> None:
        self.sources, self.dollars = sources, dollars

    def plan(self, ask: Ask, metric: Metric) -> Plan:
        """The first source that has the window, whole, and a base: the more of the three, the better."""
        if ask.size or ask.split == "size" or ask.over == "known_size":
            return self._plan_by_size(ask, metric)
        narrowed = [name for name in CUSTOMS_ONLY if getattr(ask, name, None) or ask.split == name]
        if ask.source:
            candidates: tuple[str, ...] = (ask.source,)
        elif narrowed or ask.concept == "exit":
            candidates = tuple(source for source in metric.sources if source != REGISTER)
        else:
            candidates = FIRM_SOURCES if ask.over == "firm" else metric.sources
        plans = [self._plan_of(ask, metric, source) for source in candidates if source in self.sources]
        if not plans:
            return Plan(candidates[0], why=frozenset({"no_register" if REGISTER in candidates else "sin_datos"}))
        return max(plans, key=lambda p: (p.window is not None and not p.blocked, p.whole, p.base is not None))

    def _plan_by_size(self, ask: Ask, metric: Metric) -> Plan:
        """By the register, else by what a firm exported the year before, else (month by month) by what it exports."""
        customs = ["own_fob", *(["month_fob"] if metric.cell == "firm_month" else [])]
        sizings = [ask.sizing] if ask.sizing else customs if ask.source == DUS else ["register", *customs]
        sizings = ["register"] if ask.source == REGISTER and not ask.sizing else sizings
        why: set[str] = set()
        for sizing in sizings:
            source = REGISTER if sizing in ("register", "workers") else DUS
            if source not in self.sources:
                why.add("no_register" if source == REGISTER else "sin_datos")
                continue
            plan = replace(self._plan_of(ask, metric, source), sizing=sizing)
            fault = plan.window and self._unsized(sizing, metric, plan.window, source)
            if plan.window and not plan.blocked and not fault:
                missing = plan.base and self._unsized(sizing, metric, plan.base, source)
                return replace(plan, base=None, why=plan.why | {missing}) if missing else plan
            why |= {*plan.why, *filter(None, (plan.blocked, fault or None))}
        return Plan(REGISTER, why=frozenset(why))

    def _unsized(self, sizing: str | None, metric: Metric, window: Window, source: str) -> str | None:
        before = window[0] // 12 * 12 - 12, window[1] // 12 * 12 - 1
        if sizing == "workers":
            return "sin_trabajadores"
        if sizing == "month_fob":
            return None if self.dollars.keys() >= set(span(window)) else "sin_dolar"
        if sizing != "own_fob":
            return None
        if metric.new:
            return "nueva_sin_tamano"
        kept = self.kept(source, (before[0], window[1]))
        if kept is False:
            return "id_mensual"
        if not self.sources[source].complete >= set(span(before)):
            return "sin_ano_anterior"
        return "id_no_medido" if kept is None else None if self.dollars.keys() >= set(span(before)) else "sin_dolar"

    def kept(self, source: str, window: Window) -> bool | None:
        """Whether firms keep their number over a window: never asked within a month, None where it is not known."""
        if source == REGISTER or window[0] == window[1]:
            return True
        stable = {kept for month, kept in self.sources[source].stable.items() if month in span(window)}
        return False if False in stable else True if stable == {True} else None

    def _plan_of(self, ask: Ask, metric: Metric, source: str) -> Plan:
        held = self.sources[source]
        window, whole, why = _window(ask, metric, held)
        if window is None:
            return Plan(source, whole=whole, why=frozenset({why or "fuera_de_rango"}))
        base, why = _base(ask, metric, held, window, whole)
        plan = Plan(source, window, base, whole, why=frozenset({why} if why else ()))
        if not (metric.follows or ask.over == "firm"):
            return plan
        reasons = {False: "id_mensual", None: "id_no_medido"}
        span = (base[0], window[1]) if base and (metric.two or metric.moves) else window
        plan = replace(plan, blocked=reasons.get(self.kept(source, span)))
        kept = self.kept(source, base) if base else True
        by_month = ask.split == "month" and not metric.two
        return plan if kept or by_month else replace(plan, base=None, why=plan.why | {reasons[kept]})


def _window(ask: Ask, metric: Metric, held: Source) -> tuple[Window | None, bool, str | None]:
    """The months asked for, up to the last whole one; whether they are all that was asked; why there are none."""
    asked, complete, last = ask.window or metric.window, held.complete, held.last
    years = range(last // 12, min(complete) // 12 - 1, -1)
    if asked == "month":
        return (last, last), True, None
    if asked == "rolling12":
        return ((last - 11, last), True, None) if complete >= set(range(last - 11, last + 1)) else (None, True, None)
    if asked == "year":
        whole = [year for year in years if complete >= set(range(year * 12, year * 12 + 12))]
        return ((whole[0] * 12, whole[0] * 12 + 11), True, None) if whole else (None, True, None)
    if asked == "ytd":
        for year in years:
            both = ask.compare != "none" and year * 12 - 12 in complete
            run = year * 12
            while run < year * 12 + 12 and run in complete and (not both or run - 12 in complete):
                run += 1
            if run > year * 12:
                return (year * 12, run - 1), True, None
        return None, True, None
    first, end = months(asked)
    missing = [month for month in range(first, end + 1) if month not in complete]
    if not missing:
        return (first, end), True, None
    if (metric.annual or metric.window == "rolling12") and len(missing) <= end - first:
        return None, False, "parcial"
    if missing == list(range(missing[0], end + 1)) and missing[0] > first:
        return (first, missing[0] - 1), False, None
    return ((first, end), False, None) if held.loaded & {*range(first, end + 1)} else (None, True, None)


def _base(ask: Ask, metric: Metric, held: Source, window: Window, whole: bool) -> tuple[Window | None, str | None]:
    """The months compared with, if all are whole: the year before, those written, or those before the window."""
    if ask.compare == "none":
        return None, None
    if not whole and not held.complete >= set(span(window)):
        return None, "parcial"
    if metric.back:
        first = window[0] - metric.back
        if not held.complete >= set(range(first, window[0])):
            return None, "sin_historia"
        while metric.history and first - 1 in held.complete:
            first -= 1
        return (first, window[0] - 1), None
    length = window[1] - window[0] + 1
    first = window[0] - 12 * -(-length // 12) if ask.compare == "year_before" else months(ask.compare)[0]
    followed = range(first, window[1] + 1 if metric.trailing else first + length)
    return ((first, first + length - 1), None) if held.complete >= set(followed) else (None, "sin_base")
