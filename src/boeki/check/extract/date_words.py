"""Months, days and numbers as they are written in dates: "Nov. 2024", "Aug. 1-20", "2024-25",
"Q3".
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

from boeki.check.extract import numbers
from boeki.check.extract.counts import low_at
from boeki.check.extract.dates import Date, latest
from boeki.check.extract.tokens import Token, wordset
from boeki.errors import BadPeriod
from boeki.terms.periods import Period

#: Countries whose fiscal year is called after the year in which it ends, where one year is named.
NAMED_BY_END = wordset("IND USA AUS GBR PAK BGD EGY NPL LKA NZL")

MONTHS: dict[str, int] = {}
for _n in range(1, 13):
    MONTHS |= {calendar.month_name[_n].lower(): _n, calendar.month_abbr[_n].lower(): _n}
MONTHS["sept"] = 9
PER = {"month": 1, "months": 1, "quarter": 3, "quarters": 3, "year": 12, "years": 12, "half": 6}
BACK = frozenset(("earlier", "ago", "before", "previously", "prior"))
DASHES = frozenset("-–—‑/")
_LINKS = DASHES | {"to", "through", "until", "till", "and", "thru"}


def read_year(tokens: Sequence[Token], i: int, published: dt.date) -> tuple[int, int] | None:
    """A year at ``i`` ("2024", "of 2024", ", 2024", "last year", "this year") and the token after
    it.
    """
    if low_at(tokens, i) in ("of", "in", ",") and i + 1 < len(tokens):
        if (year := plain_year(tokens, i + 1)) is not None:
            return year, i + 2
        if low_at(tokens, i) == ",":
            return None
        i += 1
    if (year := plain_year(tokens, i)) is not None:
        return year, i + 1
    if i + 1 < len(tokens) and low_at(tokens, i + 1) == "year":
        shift = {"last": -1, "this": 0}.get(low_at(tokens, i))
        if shift is not None:
            return published.year + shift, i + 2
    return None


def plain_year(tokens: Sequence[Token], i: int) -> int | None:
    if (
        i >= len(tokens)
        or tokens[i].kind != "num"
        or len(tokens[i].text) != 4
        or not tokens[i].text.isdecimal()
    ):
        return None
    year = int(tokens[i].text)
    return year if 1900 <= year <= 2100 else None


def skip_dot(tokens: Sequence[Token], i: int) -> int:
    """Past the full stop of a short form ("Nov.")."""
    short = i > 0 and len(tokens[i - 1].text) <= 4 and i < len(tokens) and tokens[i].text == "."
    return i + 1 if short and tokens[i].start == tokens[i - 1].end and i + 1 < len(tokens) else i


def is_month(tokens: Sequence[Token], i: int) -> bool:
    if i >= len(tokens) or tokens[i].low not in MONTHS:
        return False
    token = tokens[i]
    return token.text[0].isupper() and not (token.low == "may" and _is_verb_may(tokens, i))


def _is_verb_may(tokens: Sequence[Token], i: int) -> bool:
    return i == 0 and low_at(tokens, i + 1) in ("be", "have", "not", "also")


def from_month(tokens: Sequence[Token], i: int, published: dt.date) -> Date | None:
    if not is_month(tokens, i):
        return None
    month, at = MONTHS[tokens[i].low], skip_dot(tokens, i + 1)
    link = low_at(tokens, at)
    if link in _LINKS and link != "and" and is_month(tokens, at + 1):
        return _month_span(tokens, i, month, at + 1, published)
    if link == "and" and low_at(tokens, i - 1) == "between" and is_month(tokens, at + 1):
        return _month_span(tokens, i, month, at + 1, published)
    if days := _days(tokens, i, month, at, published):
        return days
    if found := read_year(tokens, at, published):
        year, at = found
        if end := _second_month(tokens, at, published):
            return Date(i, end[1], Period.between(Period.month(year, month), end[0]))
        return Date(i, at, Period.month(year, month))
    return Date(i, at, latest(month, published), month=month)


def _second_month(tokens: Sequence[Token], i: int, published: dt.date) -> tuple[Period, int] | None:
    """The end of a span whose first month has its year ("April 2023-March 2024")."""
    if low_at(tokens, i) not in ("-", "–", "to", "through") or not is_month(tokens, i + 1):
        return None
    found = read_year(tokens, skip_dot(tokens, i + 2), published)
    return (Period.month(found[0], MONTHS[tokens[i + 1].low]), found[1]) if found else None


def _month_span(
    tokens: Sequence[Token], i: int, first: int, j: int, published: dt.date
) -> Date | None:
    last, at = MONTHS[tokens[j].low], skip_dot(tokens, j + 1)
    if found := read_year(tokens, at, published):
        end, at = Period.month(found[0], last), found[1]
    else:
        end = latest(last, published)
    span = Period.between(Period(end.first - (last - first) % 12, 1), end)
    if low_at(tokens, at) in ("quarter", "period"):
        at += 1
        if span.months != 3 and found is None and (found := read_year(tokens, at, published)):
            at = found[1]
    if first == last:
        return None
    return Date(i, _past_fiscal(tokens, at), span)


def _past_fiscal(tokens: Sequence[Token], at: int) -> int:
    """Past "of FY24" behind months: these say the same."""
    fiscal = at + (low_at(tokens, at) in ("of", "in"))
    if low_at(tokens, fiscal) not in ("fy", "fiscal"):
        return at
    fiscal += 1
    if fiscal < len(tokens) and tokens[fiscal].kind == "num":
        dashed = low_at(tokens, fiscal + 1) in DASHES and low_at(tokens, fiscal + 2).isdecimal()
        return fiscal + (3 if dashed else 1)
    return at


def _days(tokens: Sequence[Token], i: int, month: int, at: int, published: dt.date) -> Date | None:
    """Days of a month after its name: "Aug. 1-20", "December 18, 2024"."""
    if at >= len(tokens) or tokens[at].kind != "num" or len(tokens[at].text) > 2:
        return None
    if not tokens[at].text.isdecimal() or not 1 <= int(tokens[at].text) <= 31:
        return None
    if numbers.read_scale(tokens, at + 1)[0] > 1 or low_at(tokens, at + 1) in (
        "%",
        "percent",
        "pct",
    ):
        return None
    first = int(tokens[at].text)
    at += 1
    if (
        low_at(tokens, at) in _LINKS - {"/"}
        and at + 1 < len(tokens)
        and tokens[at + 1].text.isdecimal()
    ) and len(tokens[at + 1].text) <= 2:
        last, at = int(tokens[at + 1].text), at + 2
        return day_span(tokens, i, month, (first, last), at, published)
    if low_at(tokens, at) in ("th", "st", "nd", "rd"):
        at += 1
    found = read_year(tokens, at, published)
    return Date(i, found[1] if found else at, day=True)


def day_span(
    tokens: Sequence[Token], i: int, month: int, days: tuple[int, int], at: int, published: dt.date
) -> Date | None:
    if found := read_year(tokens, at, published):
        year, at = found
    else:
        year = latest(month, published).first // 12
    try:
        first, last = dt.date(year, month, days[0]), dt.date(year, month, days[1])
        return Date(i, at, Period.of_days(first, last))
    except (ValueError, BadPeriod):
        return None


def from_number(
    tokens: Sequence[Token], i: int, published: dt.date, reporter: str | None
) -> Date | None:
    """ "2024", "2024-11", "2024-25", "3Q 2024", "18 December 2024"."""
    year = plain_year(tokens, i)
    text = tokens[i].text
    if year is None:
        after = low_at(tokens, i + 1)
        if (
            text in ("1", "2", "3", "4")
            and after in ("q", "h")
            and tokens[i + 1].start == tokens[i].end
        ):
            return numbered(tokens, i, after, int(text), i + 2, published)
        if text.isdecimal() and len(text) <= 2 and is_month(tokens, i + 1) and 0 < int(text) < 32:
            at = skip_dot(tokens, i + 2)
            found = read_year(tokens, at, published)
            return Date(i, found[1] if found else at, day=True)
        if (
            text.isdecimal()
            and len(text) < 3
            and after == "months"
            and (span := months_to(tokens, i, int(text), i + 2, published))
        ):
            return span
        if text.isdecimal() and after in ("months", "years") and low_at(tokens, i + 2) in BACK:
            return Date(i, i + 3, back=int(text) * PER[after])
        return None
    if _blocks_year(tokens, i):
        return None
    if low_at(tokens, i - 1) == "between" and low_at(tokens, i + 1) == "and":
        last = plain_year(tokens, i + 2)
        if last is not None and last > year:
            return Date(i, i + 3, Period.year(last), start=Period.year(year))
    at = i + 1
    if low_at(tokens, at) in ("q", "h") and at + 1 < len(tokens) and tokens[at + 1].text in "1234":
        part = int(tokens[at + 1].text)
        return Date(
            i,
            at + 2,
            Period.quarter(year, part) if low_at(tokens, at) == "q" else _half(year, part),
        )
    if (
        low_at(tokens, at) in DASHES
        and at + 1 < len(tokens)
        and tokens[at + 1].text.isdecimal()
        and tokens[at].start == tokens[at - 1].end
    ):
        return _dashed(tokens, i, year, at + 1, reporter)
    return Date(i, at, Period.year(year))


def months_to(
    tokens: Sequence[Token], i: int, count: int, at: int, published: dt.date
) -> Date | None:
    """After "the 12 months": "to August", "through June 2024", "ended March"."""
    if (
        low_at(tokens, at) not in ("to", "through", "ended", "ending", "until", "till")
        or not 1 < count < 61
    ):
        return None
    at += 1 + (low_at(tokens, at + 1) == "in")
    if not is_month(tokens, at):
        return None
    month = MONTHS[tokens[at].low]
    at = skip_dot(tokens, at + 1)
    end = latest(month, published)
    if found := read_year(tokens, at, published):
        end, at = Period.month(found[0], month), found[1]
    return Date(i, at, Period(end.first - count + 1, count, "S"))


def _blocks_year(tokens: Sequence[Token], i: int) -> bool:
    """Whether a number such as 2024 counts things: it has a unit or scale, or a currency before
    it.
    """
    if i and (tokens[i - 1].kind == "sign" or tokens[i - 1].text in ("Rs", "USD", "EUR", "JPY")):
        return True
    after = low_at(tokens, i + 1)
    return after in numbers.SCALES or after in (
        "%",
        "percent",
        "pct",
        "yen",
        "dollars",
        "euros",
        "tonnes",
        "tons",
        "barrels",
        "vehicles",
        "units",
        "per",
        "won",
        "yuan",
        "rupees",
    )


def _dashed(
    tokens: Sequence[Token], i: int, year: int, j: int, reporter: str | None
) -> Date | None:
    text = tokens[j].text
    if len(text) == 2 and int(text) == (year + 1) % 100:
        # "2024-25" is a fiscal year; "2011-12" is a month only where no fiscal year is meant.
        return Date(i, j + 1, Period.fiscal(year, reporter))
    if len(text) == 2 and 1 <= int(text) <= 12:
        return Date(i, j + 1, Period.month(year, int(text)))
    if len(text) == 4 and year < int(text) <= 2100:
        if int(text) == year + 1 and reporter in NAMED_BY_END:
            return Date(i, j + 1, Period.fiscal(year, reporter))
        return Date(i, j + 1, Period.between(Period.year(year), Period.year(int(text))))
    return Date(i, i + 1, Period.year(year))


def _half(year: int, part: int) -> Period | None:
    return Period.half(year, part) if part in (1, 2) else None


def numbered(
    tokens: Sequence[Token], i: int, sort: str, part: int, at: int, published: dt.date
) -> Date | None:
    """A quarter or half by number: "Q3 2024", "3Q", "H1"."""
    if sort == "h" and part > 2:
        return None
    if found := read_year(tokens, at, published):
        year, at = found
    elif at + 1 < len(tokens) and tokens[at].text in "'’" and tokens[at + 1].text.isdecimal():
        year, at = 2000 + int(tokens[at + 1].text) % 100, at + 2
    else:
        return Date(i, at, recent(sort, part, published))
    return Date(i, at, Period.quarter(year, part) if sort == "q" else Period.half(year, part))


def recent(sort: str, part: int, published: dt.date) -> Period:
    """The last quarter or half of this number that had begun by the day of publication, and was not
    its own.
    """
    make = Period.quarter if sort == "q" else Period.half
    period = make(published.year, part)
    return period if period.end < published else make(published.year - 1, part)
