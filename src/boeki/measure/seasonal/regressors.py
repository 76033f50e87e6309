"""Regressors of a calendar that X-13ARIMA-SEATS does not have by itself."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from boeki.errors import InputError
from boeki.terms.periods import Period

Kind = Literal["td", "holiday"]
Lunisolar = Literal["chinese", "korean", "vietnamese"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}")


@dataclass(frozen=True, slots=True)
class Regressor:
    """A user-defined regressor.

    Attributes
    ----------
    name
        A letter, then up to 15 letters, digits and underscores.
    kind
        ``td``: its effect is part of the trading days; ``holiday``: of the holidays. Both leave
        the adjusted series.
    first
        Its first period: ``2007-01``.
    values
        One a period; it must reach to the end of the forecasts.
    """

    name: str
    kind: Kind
    first: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InputError(f"{self.name!r} cannot name a regressor: up to 16 letters and digits")
        if self.kind not in ("td", "holiday"):
            raise InputError(f"a regressor is of kind td or holiday, not {self.kind!r}")
        Period.parse(self.first)
        if not all(map(math.isfinite, self.values)):
            raise InputError(f"the regressor {self.name} has values that are no finite numbers")

    def between(self, first: Period, count: int, step: int) -> tuple[float, ...]:
        """Its values over a span.

        Parameters
        ----------
        first, count, step
            The first period, how many, and the months of one.

        Raises
        ------
        InputError
            Where it does not cover the span.
        """
        own = Period.parse(self.first)
        offset, rest = divmod(first.first - own.first, step)
        if own.months != step or rest:
            raise InputError(f"the regressor {self.name} has periods such as {own}, not {first}")
        if offset < 0 or offset + count > len(self.values):
            last = first.shift((count - 1) * step)
            have = own.shift((len(self.values) - 1) * step)
            raise InputError(
                f"the regressor {self.name} has {own} to {have}; with forecasts the run needs "
                f"{first} to {last}"
            )
        return self.values[offset : offset + count]


@dataclass(frozen=True, slots=True)
class LunarNewYear:
    """Days around the lunar new year on which activity differs, as three regressors.

    Attributes
    ----------
    before, during, after
        Days of each window: before new year's day, from it on, and after these; 0 for none.
    lunisolar
        Whose new year: they differ in some years.

    Notes
    -----
    Lin & Liu (2002), Modeling lunar calendar holiday effects in Taiwan, Taiwan Economic Forecast
    and Policy 33; windows as in the Census Bureau's genhol.
    """

    before: int = 7
    during: int = 7
    after: int = 7
    lunisolar: Lunisolar = "chinese"

    def __post_init__(self) -> None:
        windows = (self.before, self.during, self.after)
        if any(not 0 <= days <= 60 for days in windows) or not any(windows):
            raise InputError(f"windows of the lunar new year are 0 to 60 days, not {windows}")
        if self.lunisolar not in ("chinese", "korean", "vietnamese"):
            raise InputError(f"no such lunisolar calendar: {self.lunisolar!r}")


def moving_holiday(
    name: str,
    days: Iterable[dt.date],
    first: str,
    last: str,
    *,
    start: int = 0,
    length: int = 1,
    centre: tuple[int, int] | None = None,
) -> Regressor:
    """A regressor for a holiday that moves through the calendar, such as Ramadan or Diwali.

    Parameters
    ----------
    name
        Of the regressor.
    days
        The day of the holiday in every year, of a long run of years if it is to be centred.
    first, last
        First and last period, months or quarters.
    start
        Where its window begins: −7 for a week before the day, 0 for the day.
    length
        Days of the window.
    centre
        First and last year whose mean is subtracted from each calendar month, so that the seasonal
        component keeps what is seasonal in it; None for the years of ``days``.

    Returns
    -------
    Regressor
        The part of the window's days that fall into each period, less its long-run mean for that
        month or quarter of the year.

    Notes
    -----
    U.S. Census Bureau, genhol; Findley, Monsell, Bell, Otto & Chen (1998), Journal of Business &
    Economic Statistics 16, section 4.
    """
    begin, end = Period.parse(first), Period.parse(last)
    step = begin.months
    if step not in (1, 3) or end.months != step or end.first < begin.first:
        raise InputError(f"{first} to {last} is no span of months or quarters")
    if length < 1:
        raise InputError(f"a window has at least one day, not {length}")
    known = sorted(set(days))
    if not known:
        raise InputError(f"the regressor {name} has no days")
    shares = _shares(known, start, length, step)
    years = centre or (known[0].year, known[-1].year)
    means = _means(shares, years, step)
    out = [shares.get(m, 0.0) - means[m % 12] for m in range(begin.first, end.first + 1, step)]
    return Regressor(name, "holiday", first, tuple(out))


def _shares(days: list[dt.date], start: int, length: int, step: int) -> dict[int, float]:
    """The part of each window that falls into a period, by the period's first month."""
    out: dict[int, float] = {}
    for day in days:
        for offset in range(start, start + length):
            at = day + dt.timedelta(offset)
            month = at.year * 12 + at.month - 1
            month -= month % step
            out[month] = out.get(month, 0.0) + 1 / length
    return out


def _means(shares: dict[int, float], years: tuple[int, int], step: int) -> dict[int, float]:
    """The long-run mean of each month or quarter of the year, by its first month, 0 to 11."""
    low, high = years
    count = high - low + 1
    return {
        season: math.fsum(shares.get(y * 12 + season, 0.0) for y in range(low, high + 1)) / count
        for season in range(0, 12, step)
    }
