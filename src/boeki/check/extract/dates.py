"""Dates: what they name, beside the period that a sentence is about, and as bases of change.

A date is read before it is resolved: "a year earlier" or "the same month of 2023" only mean
something
beside the period that is spoken of, and "from August" is the August before it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from boeki.terms.periods import Period


@dataclass(frozen=True, slots=True)
class Date:
    """A date as read.

    Attributes
    ----------
    first, after
        Its tokens.
    period
        What it names, where that needs nothing else.
    month
        A month named without a year: then ``period`` is the last such month before the article.
    back
        So many months before the period spoken of ("a year earlier" is 12).
    same_in
        "the same month of 2023": that year.
    rate
        Written as a rate of change ("year on year"): never the period of an amount.
    start
        "Between 2019 and 2024": the period that a change is counted from.
    day
        A day ("Dec. 18") or another thing that is no period of trade.
    """

    first: int
    after: int
    period: Period | None = None
    month: int | None = None
    back: int | None = None
    same_in: int | None = None
    rate: bool = False
    day: bool = False
    start: Period | None = None


def resolve(date: Date, about: Period | None) -> Period | None:
    """The period that a date names beside the one spoken of; None where it cannot be told."""
    if date.back is not None:
        return about.shift(-date.back) if about else None
    if date.same_in is not None:
        return about.shift(12 * (date.same_in - about.first // 12)) if about else None
    return date.period


def base_of(date: Date, about: Period | None) -> str | None:
    """The base that a date stands for: ``yoy``, ``mom``, ``qoq``, or the base period itself."""
    if date.back is not None:
        return _named(date.back, about)
    if about is None:
        return "yoy" if date.same_in is not None else None
    base = resolve(date, about)
    if base is None or date.day or base == about:
        return None
    if date.month is not None and about.kind == "M":
        base = before(date.month, about)
    if base.kind == "A" and about.months < 12 and base.first // 12 == about.first // 12 - 1:
        return "yoy"
    if base.months == about.months or (base.kind == "D" and about.kind == "D"):
        named = _named(about.first - base.first, about)
        return named or str(base)
    return str(base) if base.first < about.first else None


def before(month: int, about: Period) -> Period:
    """The last month of this name before the period spoken of."""
    gap = (about.first - (month - 1)) % 12 or 12
    return Period(about.first - gap, 1)


def _named(months: int, about: Period | None) -> str | None:
    length = about.months if about else 0
    if months == 12:
        return "yoy"
    if months == 1 and length in (0, 1):
        return "mom"
    if months == 3 and length in (0, 3):
        return "qoq"
    return str(about.shift(-months)) if about and months > 0 else None


def latest(month: int, published: dt.date) -> Period:
    """The last month of this name that is not after the day of publication."""
    year = published.year if month <= published.month else published.year - 1
    return Period.month(year, month)
