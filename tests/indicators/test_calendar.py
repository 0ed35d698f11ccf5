from datetime import date

import pytest

from editions.errors import QuestionError
from indicators.question.calendar import MonthState, SourceCalendar, Window


def calendar(window: str, *, without: tuple[str, ...] = (), scope: str | None = "month") -> SourceCalendar:
    months = Window.parse(window).months
    return SourceCalendar({month: MonthState(f"{month:%Y-%m}" not in without, scope) for month in months})


def resolved(held: SourceCalendar, name: str, *, with_base: bool = True) -> str | None:
    window = held.resolve(name, with_base=with_base)
    return None if window is None else str(window)


def test_a_window_counts_its_months_and_moves_by_a_year() -> None:
    window = Window.parse("2024-11..2025-02")
    assert len(window) == 4
    assert window.months[1:3] == (date(2024, 12, 1), date(2025, 1, 1))
    assert str(window.shifted(-12)) == "2023-11..2024-02"


@pytest.mark.parametrize("text", ["2025-10..2025-01", "2025-13", "", "2025..2026", "enero", "2025-1", "0000-01"])
def test_a_window_that_is_none_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(QuestionError, match="use ytd, year, month, rolling12"):
        Window.parse(text)


def test_year_to_date_ends_at_the_last_month_complete_in_both_years() -> None:
    assert resolved(calendar("2024-01..2025-10"), "ytd") == "2025-01..2025-10"
    assert resolved(calendar("2024-01..2025-10", without=("2025-10",)), "ytd") == "2025-01..2025-09"
    assert resolved(calendar("2024-01..2025-10", without=("2024-08",)), "ytd") == "2025-01..2025-07"


def test_year_to_date_without_a_base_year_uses_the_year_alone() -> None:
    assert resolved(calendar("2025-01..2025-10"), "ytd") == "2025-01..2025-10"
    assert resolved(calendar("2024-01..2025-10", without=("2024-08",)), "ytd", with_base=False) == ("2025-01..2025-10")


def test_year_to_date_goes_back_to_the_last_year_that_has_a_complete_january() -> None:
    assert resolved(calendar("2024-01..2025-01", without=("2025-01",)), "ytd") == "2024-01..2024-12"


def test_other_names_need_all_their_months() -> None:
    held = calendar("2023-05..2025-10")
    assert resolved(held, "month") == "2025-10"
    assert resolved(held, "year") == "2024-01..2024-12"
    assert resolved(held, "rolling12") == "2024-11..2025-10"
    assert resolved(calendar("2025-01..2025-10"), "rolling12") is None
    assert resolved(calendar("2025-01..2025-10"), "year") is None


def test_nothing_resolves_when_no_month_is_complete() -> None:
    held = calendar("2025-01", without=("2025-01",))
    assert [resolved(held, name) for name in ("ytd", "year", "month", "rolling12")] == [None] * 4


def test_firms_are_followed_over_stable_months_or_within_one() -> None:
    year = Window.parse("2025")
    assert calendar("2025", scope="stable").ids_followable(year)
    assert not calendar("2025", scope="month").ids_followable(year)
    assert not calendar("2025", scope=None).ids_followable(year)
    assert calendar("2025", scope="month").ids_followable(Window.parse("2025-03"))
