"""Windows of whole months, and which months of an edition are complete. Nothing about dates is assumed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.question.scope import CUSTOMS_SOURCES
from words.formats import window_label
from words.language import t

MONTH = r"(\d{4})-(0[1-9]|1[0-2])"
WINDOW_NAMES = {
    "ytd": "del 1 de enero al último mes completo",
    "year": "el último año completo",
    "month": "el último mes completo",
    "rolling12": "los últimos 12 meses completos",
}


def window_help() -> str:
    """Say how a window is written."""
    names = ", ".join(WINDOW_NAMES)
    return t("use {names}, un año (2024), un mes (2025-10) o un rango de meses (2025-01..2025-10)", names=names)


def add_months(month: date, months: int) -> date:
    """Return the first day of the month `months` later (or earlier, when negative)."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True, order=True)
class Window:
    """A run of whole months, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise QuestionError(
                "window",
                t(
                    "La ventana {window} no tiene ningún mes: el primero es posterior al último; {help}.",
                    window=self,
                    help=window_help(),
                ),
            )

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read `2025-01..2025-10`, `2025-10` or `2024`."""
        if re.fullmatch(r"[12]\d{3}", text):
            return cls(date(int(text), 1, 1), date(int(text), 12, 1))
        ends = text.split("..")
        matches = [re.fullmatch(MONTH, end) for end in ends]
        if len(ends) > 2 or not all(matches) or any(end < "1900" for end in ends):
            said = t("La ventana «{window}» no se entiende; {help}.", window=text, help=window_help())
            raise QuestionError("window", said)
        days = [date.fromisoformat(f"{end}-01") for end in ends]
        return cls(days[0], days[-1])

    def __str__(self) -> str:
        if self.first == self.last:
            return f"{self.first:%Y-%m}"
        return f"{self.first:%Y-%m}..{self.last:%Y-%m}"

    def __len__(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def months(self) -> tuple[date, ...]:
        """Every month of the window, in order."""
        return tuple(add_months(self.first, step) for step in range(len(self)))

    @property
    def label(self) -> str:
        """The window as people name it: `enero–octubre 2025`."""
        return window_label(self.first, self.last)

    def shifted(self, months: int) -> "Window":
        """Return the window of the same length, `months` later (or earlier, when negative)."""
        return Window(add_months(self.first, months), add_months(self.last, months))


@dataclass(frozen=True)
class MonthState:
    """What the edition measured of one month of one source."""

    is_complete: bool
    id_scope: str | None


@dataclass(frozen=True)
class SourceCalendar:
    """The months of one source."""

    states: Mapping[date, MonthState]
    tells_firms: bool = True  # the records say which firm exported

    @cached_property
    def complete(self) -> frozenset[date]:
        """Months measured as complete."""
        return frozenset(month for month, state in self.states.items() if state.is_complete)

    @property
    def last_complete(self) -> date | None:
        """The last complete month, or None."""
        return max(self.complete, default=None)

    def has(self, window: Window) -> bool:
        """Whether every month of the window is complete."""
        return self.complete.issuperset(window.months)

    def ids_followable(self, window: Window) -> bool:
        """Whether firms can be counted over the window: one month, or months with lasting ids."""
        return self.tells_firms and (len(window) == 1 or self.id_scopes(window) == {"stable"})

    def id_scopes(self, window: Window) -> set[str | None]:
        """Return what was measured of the ids of a window's months: `stable`, `month` (renumbered), None (unknown)."""
        return {self.states[month].id_scope for month in window.months if month in self.states}

    def resolve(self, name: str, *, with_base: bool) -> Window | None:
        """Return the window that a name (`ytd`, `year`, `month`, `rolling12`) stands for, or None.

        With a base, the window ends at the last month complete in both years, when the year before has any.
        """
        last = self.last_complete
        if last is None:
            return None
        if name == "month":
            return Window(last, last)
        if name == "rolling12":
            twelve = Window(add_months(last, -11), last)
            return twelve if self.has(twelve) else None
        if name == "year":
            years = sorted({month.year for month in self.complete}, reverse=True)
            whole = (Window(date(year, 1, 1), date(year, 12, 1)) for year in years)
            return next((window for window in whole if self.has(window)), None)
        for year in range(last.year, min(self.complete).year - 1, -1):
            window = self._year_to_date(year, with_base=with_base)
            if window is not None:
                return window
        return None

    def _year_to_date(self, year: int, *, with_base: bool) -> Window | None:
        has_base = with_base and date(year - 1, 1, 1) in self.complete
        last: date | None = None
        for number in range(1, 13):
            month = date(year, number, 1)
            if month not in self.complete or (has_base and add_months(month, -12) not in self.complete):
                break
            last = month
        return None if last is None else Window(date(year, 1, 1), last)


def calendars(edition: Edition) -> Mapping[str, SourceCalendar]:
    """Return the calendar of each source that the edition holds months of."""
    return edition.once("calendars", lambda: _calendars(edition))


def _calendars(edition: Edition) -> dict[str, SourceCalendar]:
    rows = edition.constant("SELECT source_id, month, is_complete, id_scope FROM core_month ORDER BY source_id, month")
    states: dict[str, dict[date, MonthState]] = {}
    for row in rows:
        state = MonthState(bool(row["is_complete"]), row["id_scope"])
        states.setdefault(row["source_id"], {})[row["month"]] = state
    return {
        source_id: SourceCalendar(months, tells_firms=not edition.holds_no_firm) for source_id, months in states.items()
    }


def window_choices(edition: Edition) -> dict[str, str]:
    """Return the windows that an edition can answer, code → label: `ytd` and the other names, then its whole years."""
    months = calendars(edition)
    found: dict[str, str] = {}
    for calendar in (months[source] for source in CUSTOMS_SOURCES if source in months):
        for name, said in WINDOW_NAMES.items():
            window = calendar.resolve(name, with_base=True)
            if window is not None:
                found.setdefault(name, f"{window.label} ({t(said)})")
        years = sorted({month.year for month in calendar.complete}, reverse=True)
        found |= {str(year): str(year) for year in years if calendar.has(Window.parse(str(year)))}
    return found or {name: t(said) for name, said in WINDOW_NAMES.items()}
