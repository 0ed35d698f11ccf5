"""Which source, months and size classes answer a question, measured in the edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from editions.edition import Edition
from indicators.engine import result
from indicators.engine.result import Reason
from indicators.metrics.metric import Metric
from indicators.question.calendar import WINDOW_NAMES, SourceCalendar, Window, add_months, calendars
from indicators.question.dimensions import CODE_FILTERS, DIMENSIONS
from indicators.question.question import Question
from indicators.question.scope import CUSTOMS_SOURCES, REGISTER, REGISTER_SIZINGS

# -- Where the size of firms can be taken from in an edition: the register, else what they export, else
# nowhere.

HAS_WORKERS = "SELECT count(n_workers) > 0 AS has_workers FROM core_register"
CONVERTIBLE = "SELECT month FROM core_exchange_rate_month JOIN core_uf_month USING (month)"
PROXY_FLAGS = {"own_fob": result.OWN_FOB, "month_fob": result.MONTH_FOB}


@dataclass(frozen=True)
class SizeData:
    """What an edition has to tell size by: months whose dollars can be put in UF, and workers of firms."""

    convertible: frozenset[date] = frozenset()
    has_workers: bool = False


def size_data(edition: Edition) -> SizeData:
    """Return what the edition has to tell the size of firms by."""
    if "core_exchange_rate_month" not in edition.columns:
        return SizeData(has_workers=_has_workers(edition))
    months = frozenset(row["month"] for row in edition.constant(CONVERTIBLE))
    return SizeData(months, _has_workers(edition))


def _has_workers(edition: Edition) -> bool:
    return bool(edition.constant(HAS_WORKERS)[0]["has_workers"])


def unsized(sizing: str, spec: Metric, window: Window, calendar: SourceCalendar, data: SizeData) -> Reason | None:
    """Return why the firms of a window cannot be told apart by size in this way, or None when they can."""
    if sizing == "workers":
        return None if data.has_workers else result.NO_WORKERS
    if sizing == "month_fob":
        return None if data.convertible.issuperset(window.months) else result.NO_DOLLAR
    if sizing == "own_fob":
        return _unsized_by_year(spec, window, calendar, data)
    return None


def _unsized_by_year(spec: Metric, window: Window, calendar: SourceCalendar, data: SizeData) -> Reason | None:
    if spec.finds_new_firms:
        return result.NEW_WITHOUT_SIZE
    years = sorted({month.year - 1 for month in window.months})
    before = Window(date(years[0], 1, 1), date(years[-1], 12, 1))
    span = Window(before.first, window.last)
    if "month" in calendar.id_scopes(span):
        return result.MONTHLY_IDS
    if not calendar.has(before):
        return result.NO_PREVIOUS_YEAR
    if not calendar.ids_followable(span):
        return result.UNMEASURED_IDS
    return None if data.convertible.issuperset(before.months) else result.NO_DOLLAR


# -- Which source and which months answer a question, measured in the edition.

NO_SIZES = SizeData()


@dataclass(frozen=True)
class Plan:
    """The source and windows of an answer. Without a window there is nothing to compute."""

    source: str
    window: Window | None = None
    base: Window | None = None
    flags: tuple[Reason, ...] = ()
    reasons: tuple[Reason, ...] = ()
    firms_known: bool = False
    base_firms_known: bool = False
    blocked: Reason | None = None  # why firms cannot be counted over the window, when they cannot
    absent: tuple[date, ...] = ()  # months of the window that were never loaded
    unfinished: tuple[date, ...] = ()  # those loaded in part
    sizing: str | None = None  # where the size of firms is taken from, when it matters
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)  # of each table of the edition

    @property
    def merit(self) -> tuple[bool, bool, bool]:
        """What makes one source better than another: it has the window, whole, and a base for it."""
        whole = all(flag.code not in result.INCOMPLETE for flag in self.flags)
        return self.window is not None and self.blocked is None, whole, self.base is not None


def plan_in(edition: Edition, question: Question) -> Plan:
    """Choose from what an edition has; a public one knows firms by the statistics of the register only."""
    months = calendars(edition)
    if edition.holds_no_firm and question.speaks_of_firms:
        months = {source: calendar for source, calendar in months.items() if source == REGISTER}
    return replace(plan(question, months, size_data(edition)), columns=edition.columns)


def plan(question: Question, months: Mapping[str, SourceCalendar], sizes: SizeData = NO_SIZES) -> Plan:
    """Choose the source that covers the window and its base; on a tie, the first in the metric's order."""
    if question.is_sized:
        return _plan_by_size(question, months, sizes)
    candidates = candidate_sources(question)
    plans = [_plan_for(question, source, months[source]) for source in candidates if source in months]
    if plans:
        return max(plans, key=lambda candidate: candidate.merit)
    return Plan(candidates[0], reasons=(result.NO_REGISTER if REGISTER in candidates else result.NO_DATA,))


def _plan_by_size(question: Question, months: Mapping[str, SourceCalendar], sizes: SizeData) -> Plan:
    """Choose the first way to tell sizes that covers the window; when there is none, say why of each."""
    plans = []
    for sizing in _sizings(question):
        source = REGISTER if sizing in REGISTER_SIZINGS else "aduanas_dus"
        if source in months:
            found = _plan_for(question, source, months[source])
            plans.append(_sized(question, replace(found, sizing=sizing), months[source], sizes))
        else:
            plans.append(Plan(source, reasons=(result.NO_REGISTER if source == REGISTER else result.NO_DATA,)))
    usable = next((found for found in plans if found.window is not None and found.blocked is None), None)
    if usable is not None:
        return usable
    why = (reason for found in plans for reason in (found.blocked, *found.reasons) if reason is not None)
    return replace(plans[0], window=None, base=None, sizing=None, reasons=tuple(dict.fromkeys(why)))


def _sizings(question: Question) -> tuple[str, ...]:
    """The ways to tell size that a question leaves open, best first."""
    if question.sizing is not None:
        return (question.sizing,)
    if question.source == REGISTER:
        return ("register",)
    by_month = ("month_fob",) if question.spec.cell == "firm_month" else ()
    by_customs = ("own_fob", *by_month) if "aduanas_dus" in question.spec.sources else ()
    return by_customs if question.source is not None else ("register", *by_customs)


def _sized(question: Question, found: Plan, calendar: SourceCalendar, sizes: SizeData) -> Plan:
    """Take out of the plan the periods whose firms have no size; say in a flag that a size is a proxy."""
    sizing = found.sizing or ""
    if found.window is None:
        return found
    why = unsized(sizing, question.spec, found.window, calendar, sizes)
    if why is not None:
        return replace(found, window=None, base=None, reasons=(why, *found.reasons))
    if found.base is not None:
        missing = unsized(sizing, question.spec, found.base, calendar, sizes)
        if missing is not None:
            found = replace(found, base=None, reasons=(*found.reasons, missing))
    return replace(found, flags=(*found.flags, PROXY_FLAGS[sizing])) if sizing in PROXY_FLAGS else found


def candidate_sources(question: Question) -> tuple[str, ...]:
    """Return the sources that could answer, best first. The register answers value only when asked for it."""
    if question.source is not None:
        return (question.source,)
    sources = question.spec.sources
    split = DIMENSIONS[question.split or "region"]
    is_narrowed = any(getattr(question, name) and DIMENSIONS[name].is_customs_only for name in CODE_FILTERS)
    if split.is_customs_only or question.concept == "exit" or is_narrowed:
        return tuple(source for source in sources if source in CUSTOMS_SOURCES)
    if question.looks_over == "firm":
        return (REGISTER, "aduanas_dus")
    if question.spec.is_firm_level:
        return sources
    return tuple(source for source in sources if source in CUSTOMS_SOURCES)


def _plan_for(question: Question, source: str, calendar: SourceCalendar) -> Plan:
    window, flags = _window(question, calendar)
    if window is None:
        months = calendar.states
        reason = result.no_window(question.asked_window_label, min(months, default=None), max(months, default=None))
        return Plan(source, reasons=flags or (reason,))
    base: Window | None = None
    missing: tuple[Reason, ...] = ()
    if question.needs_base:
        base, missing = _base(question, window, calendar, is_partial=bool(flags))
    has_ids = source != "aduanas_salidas"
    found = Plan(
        source,
        window,
        base,
        flags=flags,
        reasons=missing,
        absent=tuple(month for month in window.months if month not in calendar.states),
        unfinished=tuple(month for month in window.months if month in calendar.states.keys() - calendar.complete),
        firms_known=has_ids and _followable(source, calendar, window),
        base_firms_known=has_ids and base is not None and _followable(source, calendar, base),
    )
    return _as_ids_allow(question, found, calendar) if question.follows_firms else found


def _followable(source: str, calendar: SourceCalendar, window: Window) -> bool:
    return source == REGISTER or calendar.ids_followable(window)


def _why_not(calendar: SourceCalendar, window: Window) -> Reason:
    """Say why firms cannot be followed over a window: their ids are renumbered, or nobody could measure it."""
    return result.MONTHLY_IDS if "month" in calendar.id_scopes(window) else result.UNMEASURED_IDS


def _as_ids_allow(question: Question, found: Plan, calendar: SourceCalendar) -> Plan:
    """Take out of the plan what cannot be counted because the ids of firms do not last over its months."""
    if found.window is None:
        return found
    countable, span = found.firms_known, found.window
    compares = question.spec.compares or question.spec.is_moving
    if compares and found.base is not None:  # the same firm must be found again in the base
        span = Window(found.base.first, found.window.last)
        countable = _followable(found.source, calendar, span)
    if not countable:
        found = replace(found, blocked=_why_not(calendar, span))
    if found.base is not None and not found.base_firms_known and not question.counts_by_month:
        found = replace(found, base=None, reasons=(*found.reasons, _why_not(calendar, found.base)))
    return found


def _window(question: Question, calendar: SourceCalendar) -> tuple[Window | None, tuple[Reason, ...]]:
    """Return the months to compute, and a flag when they are not all that was asked or not complete.

    Without months to compute there may be a reason instead.
    """
    asked = question.asked_window
    if asked in WINDOW_NAMES:
        return calendar.resolve(asked, with_base=question.needs_base), ()
    window = Window.parse(asked)
    missing = [month for month in window.months if month not in calendar.complete]
    if not missing:
        return window, ()
    if question.spec.needs_whole_window and len(missing) < len(window):
        return None, (result.not_whole(window.label, missing),)
    lead = [month for month in window.months if month < missing[0]]
    if lead and len(lead) + len(missing) == len(window):  # complete up to a month, nothing whole after it
        shown = Window(lead[0], lead[-1])
        return shown, (result.trimmed(window.label, shown.label),)
    loaded = [month for month in window.months if month in calendar.states]
    if not loaded:
        return None, ()
    return window, (result.partial(missing, loaded=all(month in calendar.states for month in missing)),)


def _base(
    question: Question, window: Window, calendar: SourceCalendar, *, is_partial: bool
) -> tuple[Window | None, tuple[Reason, ...]]:
    """Return the base when every month of it can be compared, else the reason why not."""
    base = question.base_of(window)
    if base is None:
        return None, ()
    if is_partial and not calendar.has(window):
        return None, (result.PARTIAL_COMPARISON,)
    if question.spec.lookback:
        return _history(question, base, calendar)
    followed = Window(base.first, window.last).months if question.spec.is_trailing else base.months
    missing = [month for month in followed if month not in calendar.complete]
    if not missing:
        return base, ()
    if len(missing) == len(base):
        return None, (result.no_base(base.label, first_month(calendar)),)
    return None, (result.partial_base(base.label, missing),)


def _history(question: Question, base: Window, calendar: SourceCalendar) -> tuple[Window | None, tuple[Reason, ...]]:
    """Return the months before the window that the metric looks back on, when there are enough of them."""
    if not calendar.has(base):
        return None, (result.no_history(question.spec.lookback, first_month(calendar)),)
    first = base.first
    while question.spec.has_history and add_months(first, -1) in calendar.complete:
        first = add_months(first, -1)
    return Window(first, base.last), ()


def first_month(calendar: SourceCalendar) -> date:
    """Return the first month that a source holds."""
    return min(calendar.states)
