"""Periods: reading, writing, moving, and what they are called."""

from __future__ import annotations

import calendar
import datetime as dt
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.errors import BadPeriod, InputError
from boeki.terms import periods
from boeki.terms.periods import FISCAL_START, Period

YEARS = st.integers(1, 9000)
MONTHS = st.builds(Period.month, YEARS, st.integers(1, 12))
SINGLE = st.one_of(
    MONTHS,
    st.builds(Period.quarter, YEARS, st.integers(1, 4)),
    st.builds(Period.half, YEARS, st.integers(1, 2)),
    st.builds(Period.year, YEARS),
    st.builds(Period.fiscal, YEARS),
)
SPANS = st.builds(lambda first, more: Period(first.first, more, "S"), MONTHS, st.integers(1, 400))
DATES = st.dates(max_value=dt.date(9000, 12, 31))
DAYS = st.tuples(DATES, DATES).map(lambda pair: Period.of_days(min(pair), max(pair)))
WHOLE = SINGLE | SPANS
ANY = WHOLE | DAYS


def test_the_examples_in_the_docstrings_hold() -> None:
    tried = doctest.testmod(periods)
    assert tried.attempted > 0
    assert tried.failed == 0


@given(ANY)
def test_what_is_written_is_read_back(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert Period.parse(f"  {period}\n") == period


@given(YEARS, st.sampled_from(sorted(FISCAL_START)))
def test_a_fiscal_year_is_read_back_by_its_reporter(year: int, reporter: str) -> None:
    period = Period.fiscal(year, reporter)
    assert Period.parse(str(period), reporter) == period


@given(WHOLE, st.integers(-11, 400))
def test_shifting_keeps_the_length_and_can_be_undone(period: Period, months: int) -> None:
    moved = period.shift(months)
    assert moved.first - period.first == months
    assert moved.months == period.months
    assert moved.shift(-months).span == period.span


@given(WHOLE, st.integers(0, 400))
def test_a_shifted_period_still_says_what_it_covers(period: Period, months: int) -> None:
    moved = period.shift(months)
    assert Period.parse(str(moved)).span == moved.span


@given(ANY, st.integers(0, 100))
def test_a_period_is_of_its_own_kind_after_whole_years(period: Period, years: int) -> None:
    assert period.shift(12 * years).kind == period.kind


@pytest.mark.parametrize(
    ("text", "months", "moved"),
    [
        ("2024-11", -12, "2023-11"),
        ("2024-01", -1, "2023-12"),
        ("2024-Q1", -3, "2023-Q4"),
        ("2024-Q4", 1, "2024-11/2025-01"),
        ("2024-H2", 6, "2025-H1"),
        ("2024", -12, "2023"),
        ("2024", 1, "2024-02/2025-01"),
        ("FY2024", -12, "FY2023"),
        ("FY2024", 1, "2024-05/2025-04"),
        ("2024-01/2024-11", -12, "2023-01/2023-11"),
        ("2024-11-01/2024-11-20", -12, "2023-11-01/2023-11-20"),
        ("2024-11-20", -12, "2023-11-20"),
        ("2024-02-29", -12, "2023-02-28"),
        # 2024 had a 29th of February, 2023 had none.
        ("2024-03-01/2024-03-31", -1, "2024-02-01/2024-02-29"),
        ("2024-02-01/2024-02-29", -12, "2023-02-01/2023-02-28"),
    ],
)
def test_shifts_by_hand(text: str, months: int, moved: str) -> None:
    assert str(Period.parse(text).shift(months)) == moved


@given(WHOLE)
def test_the_day_after_the_last_begins_a_month(period: Period) -> None:
    after = period.end + dt.timedelta(days=1)
    assert after.day == 1
    assert Period.of_date(after).first == period.last + 1


@given(st.dates())
def test_a_day_lies_in_its_month(day: dt.date) -> None:
    period = Period.of_date(day)
    assert str(period) == day.strftime("%Y-%m").rjust(7, "0")
    assert period.end.day == calendar.monthrange(day.year, day.month)[1]


@pytest.mark.parametrize(
    ("reporter", "first", "last"),
    [
        # Japan: Public Finance Act, article 11: 1 April to 31 March.
        ("JPN", "2024-04", "2025-03"),
        # India: General Clauses Act 1897, section 3(21): from the first day of April.
        ("IND", "2024-04", "2025-03"),
        # United Kingdom: Interpretation Act 1978, schedule 1, "financial year": 1 April to
        # 31 March.
        ("GBR", "2024-04", "2025-03"),
        # United States: 31 U.S.C. 1102, 1 October to 30 September.
        ("USA", "2024-10", "2025-09"),
        # Australia: 1 July to 30 June (Acts Interpretation Act 1901, section 2B).
        ("AUS", "2024-07", "2025-06"),
        # Where no custom is known, Japan's is taken.
        (None, "2024-04", "2025-03"),
    ],
)
def test_fiscal_years_begin_by_the_custom_of_the_reporter(
    reporter: str | None, first: str, last: str
) -> None:
    covered = Period.between(Period.parse(first), Period.parse(last))
    assert Period.parse("FY2024", reporter).span == covered.span


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2024-11", "November 2024"),
        ("2024-Q4", "Q4 2024"),
        ("2024-H1", "H1 2024"),
        ("2024", "2024"),
        ("FY2024", "fiscal 2024"),
        ("2024-01/2024-11", "January–November 2024"),
        ("2023-12/2024-02", "December 2023 – February 2024"),
        ("2024-11/2024-11", "November 2024"),
        ("2024-11-01/2024-11-20", "2024-11-01 to 2024-11-20"),
        ("2024-11-20", "20 November 2024"),
    ],
)
def test_labels(text: str, label: str) -> None:
    assert Period.parse(text).label == label


@given(DATES)
def test_a_day_is_a_period_and_is_written_as_itself(day: dt.date) -> None:
    period = Period.day(day)
    assert (period.kind, period.months, period.end) == ("D", 0, day)
    assert str(period) == day.isoformat()
    assert Period.parse(f"{day}/{day}") == period


def test_a_quarter_moved_by_a_month_is_not_called_a_quarter() -> None:
    assert Period.parse("2024-Q4").shift(1).label == "November 2024 – January 2025"
    assert Period.parse("2024").shift(1).label == "February 2024 – January 2025"


def test_the_same_time_written_twice_has_one_span() -> None:
    assert Period.parse("2024-Q1").span == Period.parse("2024-01/2024-03").span
    assert Period.parse("2024").span == Period.parse("2024-H1/2024-H2").span
    assert Period.parse("FY2024").span != Period.parse("2024").span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "2024-13",
        "2024-00",
        "2024-1",
        "2024-Q5",
        "2024-Q0",
        "2024-H3",
        "2024Q4",
        "FY24",
        "FY2024/FY2025",
        "0000",
        "FY0000",
        "24-11",
        "2024/11",
        "2024-11-31",
        "2024-11-2",
        "2024-11/2024-10",
        "2024-01/2024-03/2024-05",
        "2024-11-31/2024-12-01",
        "2024-11-20/2024-11-01",
        "٢٠٢٤",
        "November 2024",
    ],
)
def test_what_is_no_period_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        Period.parse(text)
    assert isinstance(caught.value, InputError)
    assert repr(text) in str(caught.value)
    assert "write 2024-11" in str(caught.value)


@given(st.text() | st.text("0123456789-/QHFY ", max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        period = Period.parse(text)
    except BadPeriod:
        return
    assert Period.parse(str(period)) == period
    assert period.end >= dt.date(1, 1, 1)


@given(MONTHS, MONTHS)
def test_a_span_runs_forward_only(first: Period, last: Period) -> None:
    if last < first:
        with pytest.raises(BadPeriod):
            Period.between(first, last)
    else:
        span = Period.between(first, last)
        assert (span.first, span.last) == (first.first, last.last)


@given(st.lists(MONTHS, min_size=2, max_size=6))
def test_months_sort_in_time(months: list[Period]) -> None:
    assert [m.end for m in sorted(months)] == sorted(m.end for m in months)
