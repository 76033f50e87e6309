"""Working days of a country, and the lunar new year, as regressors.

Public holidays are those of the ``holidays`` package. A holiday counts as a Sunday, whatever day of
the week it is: Palate (2016), Calendars in JDemetra+, National Bank of Belgium; ESS guidelines on
seasonal adjustment (2024), on calendar adjustment. From each regressor its long-run mean of the
calendar month is subtracted, so that only what differs from year to year is taken for a calendar
effect: that there are holidays in January every year is seasonal.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from boeki.errors import InputError, MissingExtra, UnknownTerm
from boeki.measure.seasonal.regressors import Kind, LunarNewYear, Regressor, moving_holiday
from boeki.terms import areas, codes
from boeki.terms.periods import Period

#: Whole years over which means are taken: after 28 years, days of the week fall on the same dates.
LONG_RUN = (2000, 2027)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
#: Years for which the dates of the lunar new year are known.
_LUNAR_YEARS = (1902, 2098)
_LUNISOLAR = {
    "chinese": "CHINESE_CALENDAR",
    "korean": "KOREAN_CALENDAR",
    "vietnamese": "VIETNAMESE_CALENDAR",
}
#: The package works years out when they are first asked for, which two threads must not do at once.
_ONE_AT_A_TIME = Lock()


def trading_day_regressors(
    calendar: str, first: str, last: str, *, single: bool = False
) -> tuple[Regressor, ...]:
    """Regressors for the days of the week and the public holidays of a country.

    Parameters
    ----------
    calendar
        Area whose public holidays they are; empty for a calendar without holidays.
    first, last
        First and last period, months or quarters.
    single
        One contrast, working days − 5/2 × all other days, instead of six: Mondays − Sundays …
        Saturdays − Sundays, each without holidays, which count as Sundays.

    Returns
    -------
    tuple of Regressor
        Each less its long-run mean of the calendar month, over :data:`LONG_RUN` or, where the
        country's holidays are known only later, over the 28 years from then on.

    Raises
    ------
    UnknownTerm
        For an area whose holidays are not known.
    InputError
        Where they are not known for all of the years.
    MissingExtra
        Without ``boeki[seasonal]``.
    """
    code, begin, end, base = _span(calendar, first, last)
    if single:
        return (_centred("working_days", "td", _working, code, begin, end, base),)
    return tuple(
        _centred(name, "td", _less_sundays(i), code, begin, end, base)
        for i, name in enumerate(_DAYS)
    )


def holiday_regressor(calendar: str, first: str, last: str) -> Regressor:
    """A regressor of the public holidays that fall on days of work.

    For use beside X-13's own trading days: the difference that a holiday makes to a working day is
    then estimated, and not taken to be that of a Sunday.

    Parameters
    ----------
    calendar
        Area whose public holidays they are.
    first, last
        First and last period, months or quarters.

    Returns
    -------
    Regressor
        ``holidays``: days, less their long-run mean of the calendar month.

    Raises
    ------
    UnknownTerm, InputError, MissingExtra
        As :func:`trading_day_regressors` does.
    """
    code, begin, end, base = _span(calendar, first, last)
    return _centred("holidays", "holiday", _lost, code, begin, end, base)


def lunar_new_year_regressors(spec: LunarNewYear, first: str, last: str) -> tuple[Regressor, ...]:
    """Regressors for the days before, of and after the lunar new year.

    Parameters
    ----------
    spec
        Windows and calendar.
    first, last
        First and last period, months or quarters.

    Returns
    -------
    tuple of Regressor
        ``lny_before``, ``lny_during``, ``lny_after``, those that have a window; centred on the
        means over two centuries.

    Raises
    ------
    MissingExtra
        Without ``boeki[seasonal]``.
    """
    days = lunar_new_year_days(spec.lunisolar)
    windows = {
        "lny_before": (-spec.before, spec.before),
        "lny_during": (0, spec.during),
        "lny_after": (spec.during, spec.after),
    }
    return tuple(
        moving_holiday(name, days, first, last, start=start, length=length)
        for name, (start, length) in windows.items()
        if length
    )


@cache
def lunar_new_year_days(lunisolar: str = "chinese") -> tuple[dt.date, ...]:
    """The day of the lunar new year in every year from 1902 to 2098.

    Raises
    ------
    MissingExtra
        Without ``boeki[seasonal]``.
    """
    try:
        from holidays.calendars import _ChineseLunisolar
    except ImportError:
        raise MissingExtra("seasonal", "the lunar new year") from None
    table = _ChineseLunisolar()
    low, high = _LUNAR_YEARS
    found = (table.lunar_new_year_date(y, _LUNISOLAR[lunisolar])[0] for y in range(low, high + 1))
    return tuple(day for day in found if day is not None)


@cache
def _holidays(code: str) -> Any:
    """The holidays of a country, as the package has them."""
    try:
        import holidays
    except ImportError:
        raise MissingExtra("seasonal", "a calendar of public holidays") from None
    # By two letters: some of the package's three-letter names are not those of ISO 3166.
    known = holidays.list_supported_countries(include_aliases=False)
    short = next((s for s in codes.from_area("iso2", code) if s in known), None)
    if short is None:
        having = (a for s, a in codes.area_map("iso2").items() if s in known)
        raise UnknownTerm("calendar of public holidays", code, having)
    return holidays.country_holidays(short)


def _known_years(code: str) -> tuple[int, int]:
    if not code:
        return 1583, 9998
    found = _holidays(code)
    return int(found.start_year), int(found.end_year)


def _span(calendar: str, first: str, last: str) -> tuple[str, Period, Period, int]:
    """Code of the calendar, first and last period, and the year from which means are taken."""
    code = areas.find(calendar).code if calendar else ""
    begin, end = Period.parse(first), Period.parse(last)
    if begin.months not in (1, 3) or end.months != begin.months or end.first < begin.first:
        raise InputError(f"{first} to {last} is no span of months or quarters")
    low, high = _known_years(code)
    if begin.first // 12 < low or end.last // 12 > high:
        raise InputError(
            f"the public holidays of {areas.name(code)} are known for {low} to {high}, the series "
            f"and its forecasts reach from {begin} to {end}: leave the calendar out, or adjust a "
            "later span"
        )
    return code, begin, end, max(LONG_RUN[0], low)


def _centred(
    name: str,
    kind: Kind,
    count: Callable[[_Month], float],
    code: str,
    begin: Period,
    end: Period,
    base: int,
) -> Regressor:
    step = begin.months
    years = range(base, base + LONG_RUN[1] - LONG_RUN[0] + 1)

    def value(first: int) -> float:
        return math.fsum(count(_counts(code, m)) for m in range(first, first + step))

    means = {
        s: math.fsum(value(y * 12 + s) for y in years) / len(years) for s in range(0, 12, step)
    }
    out = tuple(value(m) - means[m % 12] for m in range(begin.first, end.first + 1, step))
    return Regressor(name, kind, str(begin), out)


@dataclass(frozen=True, slots=True)
class _Month:
    """Days of a month: by day of the week, holidays among the Sundays; of work, and others; and
    holidays that would else be days of work.
    """

    by_day: tuple[int, ...]
    working: int
    others: int
    lost: int


def _working(month: _Month) -> float:
    return month.working - 2.5 * month.others


def _lost(month: _Month) -> float:
    return float(month.lost)


def _less_sundays(day: int) -> Callable[[_Month], float]:
    return lambda month: float(month.by_day[day] - month.by_day[6])


def _counts(code: str, month: int) -> _Month:
    with _ONE_AT_A_TIME:
        return _counted(code, month)


@cache
def _counted(code: str, month: int) -> _Month:
    table = _holidays(code) if code else None
    day = dt.date(month // 12, month % 12 + 1, 1)
    by_day, working, others, lost = [0] * 7, 0, 0, 0
    while day.month == month % 12 + 1:
        holiday, weekend, at_work = _kind(table, day)
        by_day[6 if holiday else day.weekday()] += 1
        working, others = working + at_work, others + (not at_work)
        lost += holiday and not weekend
        day += dt.timedelta(1)
    return _Month(tuple(by_day), working, others, lost)


def _kind(table: Any, day: dt.date) -> tuple[bool, bool, bool]:
    """Whether a day is a holiday, of the weekend, a day of work."""
    if table is None:
        return False, day.weekday() >= 5, day.weekday() < 5
    # Asked first: it makes the package work the year out.
    holiday = day in table
    return holiday, table.is_weekend(day), table.is_working_day(day)
