"""Where the size of firms can be taken from in an edition: the register, else what they export, else nowhere."""

from dataclasses import dataclass
from datetime import date

from indicators import reasons
from indicators.calendar import SourceCalendar, Window
from indicators.edition import Edition
from indicators.metrics import Metric
from indicators.reasons import Reason

HAS_WORKERS = "SELECT count(n_workers) > 0 AS has_workers FROM core_register"
CONVERTIBLE = "SELECT month FROM core_exchange_rate_month JOIN core_uf_month USING (month)"
PROXY_FLAGS = {"own_fob": reasons.OWN_FOB, "month_fob": reasons.MONTH_FOB}


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
        return None if data.has_workers else reasons.NO_WORKERS
    if sizing == "month_fob":
        return None if data.convertible.issuperset(window.months) else reasons.NO_DOLLAR
    if sizing == "own_fob":
        return _unsized_by_year(spec, window, calendar, data)
    return None


def _unsized_by_year(spec: Metric, window: Window, calendar: SourceCalendar, data: SizeData) -> Reason | None:
    if spec.finds_new_firms:
        return reasons.NEW_WITHOUT_SIZE
    years = sorted({month.year - 1 for month in window.months})
    before = Window(date(years[0], 1, 1), date(years[-1], 12, 1))
    span = Window(before.first, window.last)
    if "month" in calendar.id_scopes(span):
        return reasons.MONTHLY_IDS
    if not calendar.has(before):
        return reasons.NO_PREVIOUS_YEAR
    if not calendar.ids_followable(span):
        return reasons.UNMEASURED_IDS
    return None if data.convertible.issuperset(before.months) else reasons.NO_DOLLAR
