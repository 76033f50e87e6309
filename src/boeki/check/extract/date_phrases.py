"""Dates in words: "the same month of 2023", "the first half of fiscal 2024", "year on year",
"last month".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from boeki.check.extract import numbers
from boeki.check.extract.counts import low_at
from boeki.check.extract.date_words import (
    BACK,
    DASHES,
    MONTHS,
    NAMED_BY_END,
    PER,
    day_span,
    from_month,
    from_number,
    is_month,
    months_to,
    numbered,
    plain_year,
    read_year,
    recent,
    skip_dot,
)
from boeki.check.extract.dates import Date, latest
from boeki.check.extract.tokens import Token, wordset
from boeki.errors import BadPeriod
from boeki.terms.periods import FISCAL_START, Period

QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}
_PRIOR = frozenset(("previous", "prior", "preceding", "past"))

#: Expressions that compare with the period a year, a quarter or a month before.
RATES: dict[tuple[str, ...], int] = {}
for _months, _phrases in (
    (
        12,
        "y / y;yoy;y - o - y;year on year;year - on - year;year over year;"
        "year - over - year;on - year;on year;"
        "on the year;over the year;yr / yr;year to year;y - y;annually;on an annual basis;"
        "over a year;in annual terms;"
        "year - to - year;at an annual pace",
    ),
    (
        1,
        "m / m;mom;m - o - m;month on month;month - on - month;month over month;"
        "month - over - month;on the month;"
        "on - month;on month;month to month;over the month;monthly basis",
    ),
    (
        3,
        "q / q;qoq;q - o - q;quarter on quarter;quarter - on - quarter;"
        "quarter over quarter;on - quarter;"
        "quarter - over - quarter;on the quarter;on quarter;sequentially;over the quarter",
    ),
):
    RATES |= {tuple(p.split()): _months for p in _phrases.split(";")}
_RATE_STARTS = frozenset(words[0] for words in RATES)
STARTS = (
    frozenset(MONTHS)
    | _RATE_STARTS
    | wordset(
        """the a an last this same year month quarter first second third fourth final fiscal fy cy
    financial full calendar q h both previous prior preceding two three four five six seven eight
    nine ten twelve one same all h1 january latest so compared current"""
    )
)


def read_date(
    tokens: Sequence[Token], i: int, published: dt.date, reporter: str | None
) -> Date | None:
    """The date that begins at token ``i``, or None; one that ends before it begins is none."""
    try:
        return _read(tokens, i, published, reporter)
    except BadPeriod:
        return None


def _read(tokens: Sequence[Token], i: int, published: dt.date, reporter: str | None) -> Date | None:
    token = tokens[i]
    if token.kind == "num":
        return from_number(tokens, i, published, reporter)
    if token.kind != "word" or token.low not in STARTS:
        return None
    if token.low in _RATE_STARTS and (rate := _rate(tokens, i)):
        return rate
    if token.low in MONTHS:
        return from_month(tokens, i, published)
    if bare := _bare_ordinal(tokens, i):
        return bare
    return (
        _relative(tokens, i, published)
        or _part_of_year(tokens, i, published, reporter)
        or _fiscal(tokens, i, published, reporter)
    )


def _rate(tokens: Sequence[Token], i: int) -> Date | None:
    for many in (5, 4, 3, 2, 1):
        words = tuple(t.low for t in tokens[i : i + many])
        if len(words) == many and words in RATES:
            if words[0] == "on" and many == 2 and low_at(tokens, i + 2) == "-":
                continue
            return Date(i, i + many, back=RATES[words], rate=True)
    return None


def _relative(tokens: Sequence[Token], i: int, published: dt.date) -> Date | None:
    """ "a year earlier", "the same month of 2023", "the previous month", "last month", "this
    year".
    """
    at = i + 1 if low_at(tokens, i) in ("the", "a", "an") else i
    word = low_at(tokens, at)
    if word == "same":
        return _same(tokens, i, at + 1, published)
    if word == "corresponding":
        return _same(tokens, i, at + 1, published)
    if word in _PRIOR and low_at(tokens, at + 1) in PER:
        return Date(i, at + 2, back=PER[low_at(tokens, at + 1)])
    if word in _PRIOR and (count := numbers.read_count(tokens, at + 1)):
        # "from the previous three months"
        unit = PER.get(low_at(tokens, count[1]), 0)
        return Date(i, count[1] + 1, back=unit * count[0]) if unit and word != "past" else None
    if word in PER:
        after = low_at(tokens, at + 1)
        if after in BACK:
            return Date(i, _past_same(tokens, at + 2), back=PER[word])
        if word == "year" and after == "-" and low_at(tokens, at + 2) in ("earlier", "ago"):
            return Date(i, at + 3, back=12)
        if word == "year" and after == "to" and low_at(tokens, at + 2) == "date":
            return _to_date(tokens, i, at + 3, published)
        return None
    if word in ("last", "this", "latest", "current") and at + 1 < len(tokens):
        return _last(tokens, i, at, published)
    count = numbers.read_count(tokens, at)
    if count and low_at(tokens, count[1]) in PER and low_at(tokens, count[1] + 1) in BACK:
        return Date(i, count[1] + 2, back=count[0] * PER[low_at(tokens, count[1])])
    if count and low_at(tokens, count[1]) == "months":
        return months_to(tokens, i, count[0], count[1] + 1, published)
    return None


def _bare_ordinal(tokens: Sequence[Token], i: int) -> Date | None:
    """ "In the second quarter from the first": the quarter before, its noun left out."""
    lead = i - 1 - (low_at(tokens, i - 1) == "in")
    if low_at(tokens, i) != "the" or low_at(tokens, lead) not in ("from", "than", "over", "on"):
        return None
    if low_at(tokens, i + 1) not in QUARTERS or low_at(tokens, i + 2).isalpha():
        return None
    words = [t.low for t in tokens[max(0, i - 9) : i]]
    months = 3 if "quarter" in words else 6 if "half" in words else 0
    return Date(i, i + 2, back=months) if months else None


def _past_same(tokens: Sequence[Token], i: int) -> int:
    """Past "in the same month" after "a year earlier"."""
    if (
        low_at(tokens, i) in ("in", "for")
        and low_at(tokens, i + 1) == "the"
        and low_at(tokens, i + 2) == "same"
    ):
        return i + 4 if low_at(tokens, i + 3) in ("month", "period", "quarter") else i
    return i


def _same(tokens: Sequence[Token], i: int, at: int, published: dt.date) -> Date | None:
    """After "the same": "month a year earlier", "period of 2019", "eleven months of 2023", "time
    last year".
    """
    if count := numbers.read_count(tokens, at):
        at = count[1]
    if low_at(tokens, at) not in (*PER, "period", "time", "days", "stretch", "span"):
        return None
    at += 1
    if found := read_year(tokens, at, published):
        return (
            Date(i, found[1], same_in=found[0])
            if plain_year(tokens, found[1] - 1)
            else Date(i, found[1], back=12)
        )
    if low_at(tokens, at) in ("of", "in", "from", "for"):
        at += 1
    inner = at + 1 if low_at(tokens, at) in ("the", "a") else at
    word, after = low_at(tokens, inner), low_at(tokens, inner + 1)
    if (word in _PRIOR and after == "year") or (word == "year" and after in BACK):
        return Date(i, inner + 2, back=12)
    if word in ("fiscal", "financial") or (word in _PRIOR and after in ("fiscal", "financial")):
        return Date(i, inner + 3, back=12)
    return None


def _last(tokens: Sequence[Token], i: int, at: int, published: dt.date) -> Date | None:
    word, unit = low_at(tokens, at), low_at(tokens, at + 1)
    shift = {"last": -1, "this": 0, "current": 0, "latest": 0}[word]
    now = Period.of_date(published)
    if unit == "month" and word != "latest":
        return Date(i, at + 2, now.shift(shift))
    if unit == "year" and word in ("last", "this"):
        return Date(i, at + 2, Period.year(published.year + shift))
    if unit == "quarter" and word == "last":
        quarter = Period.quarter(published.year, (published.month + 2) // 3)
        return Date(i, at + 2, quarter.shift(-3))
    if word == "last" and unit in MONTHS and is_month(tokens, at + 1):
        return Date(i, at + 2, latest(MONTHS[unit], published), month=MONTHS[unit])
    if word == "last" and unit in ("fiscal", "financial") and low_at(tokens, at + 2) == "year":
        return Date(i, at + 3, Period.fiscal(published.year - (2 if published.month < 4 else 1)))
    return None


def _to_date(tokens: Sequence[Token], i: int, at: int, published: dt.date) -> Date | None:
    """After "year to date": "through May"."""
    end = Period.of_date(published).shift(-1)
    if low_at(tokens, at) in ("through", "to", "until", "ending", "ended", "in") and is_month(
        tokens, at + 1
    ):
        month = MONTHS[tokens[at + 1].low]
        end, at = latest(month, published), at + 2
        if found := read_year(tokens, at, published):
            end, at = Period.month(found[0], month), found[1]
    if end.first % 12 == 0:
        return Date(i, at, end)
    return Date(i, at, Period.between(Period(end.first - end.first % 12, 1), end))


def _part_of_year(
    tokens: Sequence[Token], i: int, published: dt.date, reporter: str | None
) -> Date | None:
    """ "the first quarter of 2024", "first-half", "the first 10 days of May", "the first nine
    months".
    """
    at = i + 1 if low_at(tokens, i) == "the" else i
    word = low_at(tokens, at)
    if word in ("q", "h") and at + 1 < len(tokens) and tokens[at + 1].text in "1234":
        if tokens[at + 1].start == tokens[at].end:
            return numbered(tokens, i, word, int(tokens[at + 1].text), at + 2, published)
        return None
    if is_month(tokens, at) and low_at(tokens, at + 1) == "quarter" and MONTHS[word] % 3 == 0:
        month = MONTHS[word]
        found = read_year(tokens, at + 2, published)
        end = Period.month(found[0], month) if found else latest(month, published)
        return Date(i, found[1] if found else at + 2, Period(end.first - 2, 3, "Q"))
    if word == "full" and low_at(tokens, at + 1) in ("year", "-"):
        at += 2 if low_at(tokens, at + 1) == "year" else 3
        if found := read_year(tokens, at, published):
            return Date(i, found[1], Period.year(found[0]))
        ended = Period.year(published.year - 1)
        return Date(i, at, ended) if published.month < 7 and low_at(tokens, i) == "the" else None
    if word in ("calendar", "cy", "all"):
        at += 1 + (low_at(tokens, at + 1) in ("year", "of"))
        found = read_year(tokens, at, published)
        return Date(i, found[1], Period.year(found[0])) if found else None
    if word not in QUARTERS:
        return None
    number = QUARTERS[word]
    at += 1 + (low_at(tokens, at + 1) == "-")
    unit = low_at(tokens, at)
    if unit == "quarter":
        return _named_part(tokens, i, "q", number, at + 1, published, reporter)
    if unit == "half" and number in (1, 2):
        return _named_part(tokens, i, "h", number, at + 1, published, reporter)
    if word == "first" and (count := numbers.read_count(tokens, at)):
        return _first_of(tokens, i, count[0], count[1], published, reporter)
    return None


def _named_part(
    tokens: Sequence[Token],
    i: int,
    sort: str,
    part: int,
    at: int,
    published: dt.date,
    reporter: str | None,
) -> Date | None:
    if found := read_year(tokens, at, published):
        year, at = found
        return Date(i, at, Period.quarter(year, part) if sort == "q" else Period.half(year, part))
    inner = at + 1 if low_at(tokens, at) in ("of", "in") else at
    inner += low_at(tokens, inner) == "the"
    if low_at(tokens, inner) in ("fiscal", "financial", "fy"):
        fiscal = _fiscal(tokens, inner, published, reporter)
        months = 3 if sort == "q" else 6
        if fiscal and fiscal.period:
            start = fiscal.period.first + months * (part - 1)
            return Date(i, fiscal.after, _whole(start, months))
        start = Period.fiscal(published.year, reporter).first + months * (part - 1)
        while start + months > published.year * 12 + published.month:
            start -= 12
        return Date(i, inner + 2, _whole(start, months))
    if (
        low_at(tokens, at) in ("of", "in")
        and low_at(tokens, at + 1) == "the"
        and low_at(tokens, at + 2) == "year"
    ):
        at += 3
    return Date(i, at, recent(sort, part, published))


def _whole(first: int, months: int) -> Period:
    kind = "Q" if months == 3 else "H"
    return Period(first, months, kind if first % months == 0 else "S")  # type: ignore[arg-type]


def _first_of(
    tokens: Sequence[Token], i: int, count: int, at: int, published: dt.date, reporter: str | None
) -> Date | None:
    """After "first N": days of a month, or months of a year."""
    unit = low_at(tokens, at)
    inner = at + 2 if low_at(tokens, at + 1) in ("of", "in") else at + 1
    if unit == "days" and 1 <= count <= 31:
        if not is_month(tokens, inner):
            if low_at(tokens, inner) in ("this", "the") and low_at(tokens, inner + 1) == "month":
                return day_span(tokens, i, published.month, (1, count), inner + 2, published)
            return None
        month = MONTHS[tokens[inner].low]
        return day_span(tokens, i, month, (1, count), skip_dot(tokens, inner + 1), published)
    if unit != "months" or not 1 < count < 13:
        return None
    inner += low_at(tokens, inner) == "the"
    if (
        low_at(tokens, inner) in ("fiscal", "financial", "fy")
        or low_at(tokens, inner + 1) == "fiscal"
    ):
        fiscal = _fiscal(tokens, inner, published, reporter)
        start = (
            fiscal.period.first if fiscal and fiscal.period else _fiscal_start(published, reporter)
        )
        return Date(i, fiscal.after if fiscal else inner + 2, Period(start, count, "S"))
    found = read_year(tokens, inner, published)
    year = found[0] if found else published.year
    after = found[1] if found else at + 1
    if not found and low_at(tokens, inner) == "year":
        after = inner + 1
    span = Period(year * 12, count, "S")
    if not found and span.end >= published:
        span = span.shift(-12)
    return Date(i, after, span)


def _fiscal_start(published: dt.date, reporter: str | None) -> int:
    start = Period.fiscal(published.year, reporter).first
    return start if start <= published.year * 12 + published.month - 1 else start - 12


_UNTIL = frozenset(("to", "ended", "ending", "through", "till"))


def _fiscal(
    tokens: Sequence[Token], i: int, published: dt.date, reporter: str | None
) -> Date | None:
    """ "fiscal 2024", "FY25", "financial year 2023-24", "the year to March 2025"."""
    at = i + 1 if low_at(tokens, i) == "the" else i
    word = low_at(tokens, at)
    year = at + (word in ("fiscal", "financial"))
    until = year + 1 + (low_at(tokens, year + 1) in ("that", "which"))
    if low_at(tokens, year) == "year" and low_at(tokens, until) in _UNTIL:
        at = until + 1 + (low_at(tokens, until + 1) in ("in", "on"))
        if not is_month(tokens, at):
            return None
        month = MONTHS[tokens[at].low]
        found = read_year(tokens, at + 1, published)
        end = Period.month(found[0], month) if found else latest(month, published)
        after = found[1] if found else at + 1
        start = FISCAL_START.get(reporter or "", 4)
        if month % 12 + 1 == start:
            return Date(i, after, Period.fiscal((end.first - 11) // 12, reporter))
        return Date(i, after, Period(end.first - 11, 12, "A" if month == 12 else "S"))
    if word not in ("fiscal", "fy", "financial"):
        return None
    at += 1
    if low_at(tokens, at) in ("-", "year"):
        at += 1
        at += low_at(tokens, at) == "year"
    if low_at(tokens, at) == "of":
        at += 1
    if at >= len(tokens) or tokens[at].kind != "num":
        return None
    text = tokens[at].text
    if len(text) not in (2, 4) or not text.isdecimal():
        return None
    year = int(text) if len(text) == 4 else 2000 + int(text)
    if not 1900 <= year <= 2100:
        return None
    at += 1
    dashed = at + 1 < len(tokens) and tokens[at].text in DASHES and tokens[at + 1].text.isdecimal()
    if dashed and int(tokens[at + 1].text) % 100 == (year + 1) % 100:
        return Date(i, at + 2, Period.fiscal(year, reporter))
    if reporter in NAMED_BY_END:
        year -= 1
    return Date(i, at, Period.fiscal(year, reporter))
