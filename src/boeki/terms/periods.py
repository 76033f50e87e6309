"""Periods: a month, quarter, half, year, fiscal year, a span of months, a day, or a span of days.

A period of whole months is a first month, counted from January of year 0, and a number of months,
so that ``2024-Q1`` and ``2024-01/2024-03`` cover the same time and compare equal by
:attr:`Period.span`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from boeki.errors import BadPeriod, UnknownFiscalYear
from boeki.terms.fiscal_years import FISCAL_YEARS

Kind = Literal["M", "Q", "H", "A", "FY", "S", "D"]

MONTHS = {"M": 1, "Q": 3, "H": 6, "A": 12, "FY": 12}
NAMES = calendar.month_name
#: By how many months a period of a kind moves to become another of its kind.
_STEP = {"Q": 3, "H": 6, "A": 12, "FY": 12}
_SINGLE = re.compile(r"(?!0000)([0-9]{4})(?:-(0[1-9]|1[0-2])|-Q([1-4])|-H([12]))?")
_FISCAL = re.compile(r"FY(?!0000)([0-9]{4})")
_DAYS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:/([0-9]{4}-[0-9]{2}-[0-9]{2}))?")

#: First month of the fiscal year, by reporter; a year is named by the one in which it starts.
#: United States (federal): October of the year before is FY by its own custom, but here too a year
#: is named by its start.
FISCAL_START = {code: year.start for code, year in FISCAL_YEARS.items()}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of time in whole months, or in days.

    Attributes
    ----------
    first
        Its first month, ``year * 12 + month - 1``.
    months
        How many months it covers; 0 where it is a day, or a span of days.
    kind
        How it is written: ``M`` ``Q`` ``H`` ``A`` ``FY``, ``S`` a span of months, ``D`` a day or a
        span of days.
    days
        For ``D``: first and last day, which is the same for a single one.
    """

    first: int
    months: int
    kind: Kind = "M"
    days: tuple[dt.date, dt.date] | None = None

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """The month ``month`` (1 to 12) of ``year``."""
        return cls(year * 12 + month - 1, 1, "M")

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """The calendar quarter ``quarter`` (1 to 4) of ``year``."""
        return cls(year * 12 + 3 * (quarter - 1), 3, "Q")

    @classmethod
    def half(cls, year: int, half: int) -> Period:
        """The calendar half ``half`` (1 or 2) of ``year``."""
        return cls(year * 12 + 6 * (half - 1), 6, "H")

    @classmethod
    def year(cls, year: int) -> Period:
        """The calendar year ``year``."""
        return cls(year * 12, 12, "A")

    @classmethod
    def fiscal(cls, year: int, reporter: str | None = None) -> Period:
        """The fiscal year that starts in ``year``, by the reporter's custom; of no reporter, or of
        one whose custom is not known, by Japan's (April).
        """
        start = FISCAL_START.get(reporter or "", 4)
        return cls(year * 12 + start - 1, 12, "FY")

    @classmethod
    def between(cls, first: Period, last: Period) -> Period:
        """From the start of ``first`` to the end of ``last``."""
        months = last.first + last.months - first.first
        if months < 1:
            raise BadPeriod(f"{first}/{last}")
        return cls(first.first, months, "S")

    @classmethod
    def of_days(cls, first: dt.date, last: dt.date) -> Period:
        """From one day to another, both included."""
        if last < first:
            raise BadPeriod(f"{first}/{last}")
        return cls(first.year * 12 + first.month - 1, 0, "D", (first, last))

    @classmethod
    def day(cls, day: dt.date) -> Period:
        """A single day."""
        return cls.of_days(day, day)

    @classmethod
    def of_date(cls, day: dt.date) -> Period:
        """The month in which a day falls."""
        return cls.month(day.year, day.month)

    @classmethod
    def parse(cls, text: str, reporter: str | None = None) -> Period:
        """Read a period as it is written in tables and claims.

        Raises
        ------
        BadPeriod
            Where the text is none.
        UnknownFiscalYear
            For a fiscal year of a reporter of which it is not known when it begins.

        Examples
        --------
        >>> Period.parse("2024-Q4").months
        3
        """
        text = text.strip()
        if match := _DAYS.fullmatch(text):
            try:
                first, last = (dt.date.fromisoformat(d) for d in (match[1], match[2] or match[1]))
                return cls.of_days(first, last)
            except ValueError as error:
                raise BadPeriod(text) from error
        if match := _FISCAL.fullmatch(text):
            if reporter and reporter not in FISCAL_START:
                raise UnknownFiscalYear(text, reporter)
            return cls.fiscal(int(match[1]), reporter)
        start, slash, end = text.partition("/")
        if slash:
            return cls.between(_single(start, text), _single(end, text))
        return _single(text, text)

    @property
    def last(self) -> int:
        """Its last month, counted as :attr:`first` is."""
        return self.first + max(self.months, 1) - 1

    @property
    def span(self) -> tuple[int, int]:
        """First month and number of months: what makes two periods the same time."""
        return self.first, self.months

    @property
    def end(self) -> dt.date:
        """Its last day."""
        if self.days:
            return self.days[1]
        year, month = divmod(self.last, 12)
        return dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])

    def shift(self, months: int) -> Period:
        """The same stretch of time, ``months`` later (earlier where negative)."""
        if self.days:
            moved = tuple(_same_day(day, months) for day in self.days)
            return Period(self.first + months, 0, "D", (moved[0], moved[1]))
        step = _STEP.get(self.kind, 1)
        # A quarter moved by a month is a span of three months, and no quarter any more.
        return Period(self.first + months, self.months, "S" if months % step else self.kind)

    def __str__(self) -> str:
        year, month = divmod(self.first, 12)
        if self.days:
            return "/".join(str(day) for day in dict.fromkeys(self.days))
        if self.kind == "M":
            return f"{year:04d}-{month + 1:02d}"
        if self.kind == "Q" and month % 3 == 0:
            return f"{year:04d}-Q{month // 3 + 1}"
        if self.kind == "H" and month % 6 == 0:
            return f"{year:04d}-H{month // 6 + 1}"
        if self.kind == "A" and month == 0:
            return f"{year:04d}"
        if self.kind == "FY":
            return f"FY{year:04d}"
        end, last = divmod(self.last, 12)
        return f"{year:04d}-{month + 1:02d}/{end:04d}-{last + 1:02d}"

    @property
    def label(self) -> str:
        """The period in words: ``November 2024``, ``Q4 2024``, ``20 November 2024``."""
        year, month = divmod(self.first, 12)
        if self.days:
            begin, until = self.days
            day = f"{begin.day} {NAMES[begin.month]} {begin.year}"
            return day if begin == until else f"{begin} to {until}"
        if self.kind == "M":
            return f"{NAMES[month + 1]} {year}"
        if self.kind in "QH":
            part, _, whole = str(self).rpartition("-")
            return f"{whole} {part}" if "/" not in str(self) else str(self)
        if self.kind == "FY":
            return f"fiscal {year}"
        if self.kind == "A":
            return str(year)
        end, last = divmod(self.last, 12)
        if self.months == 1:
            return f"{NAMES[month + 1]} {year}"
        if end == year:
            return f"{NAMES[month + 1]}–{NAMES[last + 1]} {year}"
        return f"{NAMES[month + 1]} {year} – {NAMES[last + 1]} {end}"


def _single(text: str, whole: str) -> Period:
    match = _SINGLE.fullmatch(text)
    if not match:
        raise BadPeriod(whole)
    year, month, quarter, half = match.groups()
    if month:
        return Period.month(int(year), int(month))
    if quarter:
        return Period.quarter(int(year), int(quarter))
    if half:
        return Period.half(int(year), int(half))
    return Period.year(int(year))


def _same_day(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
