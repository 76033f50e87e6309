"""Dates: periods as they are written, and the times that they are compared with.

A date is read before it is resolved: "a year earlier" or "the same month of 2023" only mean
something beside the
period that the sentence is about, and "from August" is the August before it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from boeki.check.extract import numbers
from boeki.check.extract.tokens import Token, wordset
from boeki.errors import BadPeriod
from boeki.terms.periods import FISCAL_START, Period

#: Countries whose fiscal year is called after the year in which it ends, where one year is named.
NAMED_BY_END = wordset("IND USA AUS GBR PAK BGD EGY NPL LKA NZL")

MONTHS: dict[str, int] = {}
for _n in range(1, 13):
    MONTHS |= {calendar.month_name[_n].lower(): _n, calendar.month_abbr[_n].lower(): _n}
MONTHS["sept"] = 9
_PLAIN_WORDS = frozenset(
    ("may", "march", "mar", "jan", "dec", "sep")
)  # capitals tell the month from the word

QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}
_PER = {"month": 1, "months": 1, "quarter": 3, "quarters": 3, "year": 12, "years": 12, "half": 6}
_BACK = frozenset(("earlier", "ago", "before", "previously", "prior"))
_PRIOR = frozenset(("previous", "prior", "preceding", "past"))
_DASHES = frozenset("-–—‑/")
_LINKS = _DASHES | {"to", "through", "until", "till", "and", "thru"}

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


_STARTS = (
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
    """The date that begins at token ``i``, or None."""
    token = tokens[i]
    if token.kind == "num":
        return _from_number(tokens, i, published, reporter)
    if token.kind != "word" or token.low not in _STARTS:
        return None
    if token.low in _RATE_STARTS and (rate := _rate(tokens, i)):
        return rate
    if token.low in MONTHS:
        return _from_month(tokens, i, published)
    try:
        return (
            _relative(tokens, i, published)
            or _part_of_year(tokens, i, published, reporter)
            or _fiscal(tokens, i, published, reporter)
        )
    except BadPeriod:
        return None


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
    if base is None or date.day:
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


def _low(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].low if 0 <= i < len(tokens) else ""


def _year(tokens: Sequence[Token], i: int, published: dt.date) -> tuple[int, int] | None:
    """A year at ``i`` ("2024", "of 2024", ", 2024", "last year", "this year") and the token after
    it.
    """
    if _low(tokens, i) in ("of", "in", ",") and i + 1 < len(tokens):
        if (year := _plain_year(tokens, i + 1)) is not None:
            return year, i + 2
        if _low(tokens, i) == ",":
            return None
        i += 1
    if (year := _plain_year(tokens, i)) is not None:
        return year, i + 1
    if i + 1 < len(tokens) and _low(tokens, i + 1) == "year":
        shift = {"last": -1, "this": 0}.get(_low(tokens, i))
        if shift is not None:
            return published.year + shift, i + 2
    return None


def _plain_year(tokens: Sequence[Token], i: int) -> int | None:
    if (
        i >= len(tokens)
        or tokens[i].kind != "num"
        or len(tokens[i].text) != 4
        or not tokens[i].text.isdigit()
    ):
        return None
    year = int(tokens[i].text)
    return year if 1900 <= year <= 2100 else None


def _skip_dot(tokens: Sequence[Token], i: int) -> int:
    """Past the full stop of a short form ("Nov.")."""
    short = i > 0 and len(tokens[i - 1].text) <= 4 and i < len(tokens) and tokens[i].text == "."
    return i + 1 if short and tokens[i].start == tokens[i - 1].end and i + 1 < len(tokens) else i


def _is_month(tokens: Sequence[Token], i: int) -> bool:
    if i >= len(tokens) or tokens[i].low not in MONTHS:
        return False
    token = tokens[i]
    return token.text[0].isupper() and not (token.low == "may" and _is_verb_may(tokens, i))


def _is_verb_may(tokens: Sequence[Token], i: int) -> bool:
    return i == 0 and _low(tokens, i + 1) in ("be", "have", "not", "also")


def _from_month(tokens: Sequence[Token], i: int, published: dt.date) -> Date | None:
    if not _is_month(tokens, i):
        return None
    month, at = MONTHS[tokens[i].low], _skip_dot(tokens, i + 1)
    link = _low(tokens, at)
    if link in _LINKS and link != "and" and _is_month(tokens, at + 1):
        return _month_span(tokens, i, month, at + 1, published)
    if link == "and" and _low(tokens, i - 1) == "between" and _is_month(tokens, at + 1):
        return _month_span(tokens, i, month, at + 1, published)
    if days := _days(tokens, i, month, at, published):
        return days
    if found := _year(tokens, at, published):
        year, at = found
        if found := _second_month(tokens, at, published):
            return Date(i, found[1], Period.between(Period.month(year, month), found[0]))
        return Date(i, at, Period.month(year, month))
    return Date(i, at, latest(month, published), month=month)


def _second_month(tokens: Sequence[Token], i: int, published: dt.date) -> tuple[Period, int] | None:
    """The end of a span whose first month has its year ("April 2023-March 2024")."""
    if _low(tokens, i) not in ("-", "–", "to", "through") or not _is_month(tokens, i + 1):
        return None
    found = _year(tokens, _skip_dot(tokens, i + 2), published)
    return (Period.month(found[0], MONTHS[tokens[i + 1].low]), found[1]) if found else None


def _month_span(
    tokens: Sequence[Token], i: int, first: int, j: int, published: dt.date
) -> Date | None:
    last, at = MONTHS[tokens[j].low], _skip_dot(tokens, j + 1)
    if found := _year(tokens, at, published):
        end, at = Period.month(found[0], last), found[1]
    else:
        end = latest(last, published)
    span = Period.between(Period(end.first - (last - first) % 12, 1), end)
    if _low(tokens, at) in ("quarter", "period"):
        at += 1
        if span.months != 3 and found is None and (found := _year(tokens, at, published)):
            at = found[1]
    if first == last:
        return None
    return Date(i, at, span)


def _days(tokens: Sequence[Token], i: int, month: int, at: int, published: dt.date) -> Date | None:
    """Days of a month after its name: "Aug. 1-20", "December 18, 2024"."""
    if at >= len(tokens) or tokens[at].kind != "num" or len(tokens[at].text) > 2:
        return None
    if not tokens[at].text.isdigit() or not 1 <= int(tokens[at].text) <= 31:
        return None
    if numbers._scale(tokens, at + 1)[0] > 1 or _low(tokens, at + 1) in ("%", "percent", "pct"):
        return None
    first = int(tokens[at].text)
    at += 1
    if (
        _low(tokens, at) in _LINKS - {"/"}
        and at + 1 < len(tokens)
        and tokens[at + 1].text.isdigit()
    ) and len(tokens[at + 1].text) <= 2:
        last, at = int(tokens[at + 1].text), at + 2
        return _day_span(tokens, i, month, (first, last), at, published)
    if _low(tokens, at) in ("th", "st", "nd", "rd"):
        at += 1
    found = _year(tokens, at, published)
    return Date(i, found[1] if found else at, day=True)


def _day_span(
    tokens: Sequence[Token], i: int, month: int, days: tuple[int, int], at: int, published: dt.date
) -> Date | None:
    if found := _year(tokens, at, published):
        year, at = found
    else:
        year = latest(month, published).first // 12
    try:
        first, last = dt.date(year, month, days[0]), dt.date(year, month, days[1])
        return Date(i, at, Period.of_days(first, last))
    except (ValueError, BadPeriod):
        return None


def _from_number(
    tokens: Sequence[Token], i: int, published: dt.date, reporter: str | None
) -> Date | None:
    """ "2024", "2024-11", "2024-25", "3Q 2024", "18 December 2024"."""
    year = _plain_year(tokens, i)
    text = tokens[i].text
    if year is None:
        after = _low(tokens, i + 1)
        if (
            text in ("1", "2", "3", "4")
            and after in ("q", "h")
            and tokens[i + 1].start == tokens[i].end
        ):
            return _numbered(tokens, i, after, int(text), i + 2, published)
        if text.isdigit() and len(text) <= 2 and _is_month(tokens, i + 1) and 0 < int(text) < 32:
            at = _skip_dot(tokens, i + 2)
            found = _year(tokens, at, published)
            return Date(i, found[1] if found else at, day=True)
        if (
            text.isdigit()
            and len(text) < 3
            and after == "months"
            and (span := _months_to(tokens, i, int(text), i + 2, published))
        ):
            return span
        if text.isdigit() and after in ("months", "years") and _low(tokens, i + 2) in _BACK:
            return Date(i, i + 3, back=int(text) * _PER[after])
        return None
    if _blocks_year(tokens, i):
        return None
    at = i + 1
    if _low(tokens, at) in ("q", "h") and at + 1 < len(tokens) and tokens[at + 1].text in "1234":
        part = int(tokens[at + 1].text)
        return Date(
            i, at + 2, Period.quarter(year, part) if _low(tokens, at) == "q" else _half(year, part)
        )
    if (
        _low(tokens, at) in _DASHES
        and at + 1 < len(tokens)
        and tokens[at + 1].text.isdigit()
        and tokens[at].start == tokens[at - 1].end
    ):
        return _dashed(tokens, i, year, at + 1, reporter)
    return Date(i, at, Period.year(year))


def _blocks_year(tokens: Sequence[Token], i: int) -> bool:
    """Whether a number such as 2024 counts things: it has a unit or scale, or a currency before
    it.
    """
    if i and (tokens[i - 1].kind == "sign" or tokens[i - 1].text in ("Rs", "USD", "EUR", "JPY")):
        return True
    after = _low(tokens, i + 1)
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


def _numbered(
    tokens: Sequence[Token], i: int, sort: str, part: int, at: int, published: dt.date
) -> Date | None:
    """A quarter or half by number: "Q3 2024", "3Q", "H1"."""
    if sort == "h" and part > 2:
        return None
    if found := _year(tokens, at, published):
        year, at = found
    elif at + 1 < len(tokens) and tokens[at].text in "'’" and tokens[at + 1].text.isdigit():
        year, at = 2000 + int(tokens[at + 1].text) % 100, at + 2
    else:
        return Date(i, at, _recent(sort, part, published))
    return Date(i, at, Period.quarter(year, part) if sort == "q" else Period.half(year, part))


def _recent(sort: str, part: int, published: dt.date) -> Period:
    """The last quarter or half of this number that had begun by the day of publication, and was not
    its own.
    """
    make = Period.quarter if sort == "q" else Period.half
    period = make(published.year, part)
    return period if period.end < published else make(published.year - 1, part)


def _rate(tokens: Sequence[Token], i: int) -> Date | None:
    for many in (5, 4, 3, 2, 1):
        words = tuple(t.low for t in tokens[i : i + many])
        if len(words) == many and words in RATES:
            if words[0] == "on" and many == 2 and _low(tokens, i + 2) == "-":
                continue
            return Date(i, i + many, back=RATES[words], rate=True)
    return None


def _relative(tokens: Sequence[Token], i: int, published: dt.date) -> Date | None:
    """ "a year earlier", "the same month of 2023", "the previous month", "last month", "this
    year".
    """
    at = i + 1 if _low(tokens, i) in ("the", "a", "an") else i
    word = _low(tokens, at)
    if word == "same":
        return _same(tokens, i, at + 1, published)
    if word == "corresponding":
        return _same(tokens, i, at + 1, published)
    if word in _PRIOR and _low(tokens, at + 1) in _PER:
        return Date(i, at + 2, back=_PER[_low(tokens, at + 1)])
    if word in _PER:
        after = _low(tokens, at + 1)
        if after in _BACK:
            return Date(i, _past_same(tokens, at + 2), back=_PER[word])
        if word == "year" and after == "-" and _low(tokens, at + 2) in ("earlier", "ago"):
            return Date(i, at + 3, back=12)
        if word == "year" and after == "to" and _low(tokens, at + 2) == "date":
            return _to_date(tokens, i, at + 3, published)
        return None
    if word in ("last", "this", "latest", "current") and at + 1 < len(tokens):
        return _last(tokens, i, at, published)
    count = numbers.read_count(tokens, at)
    if count and _low(tokens, count[1]) in _PER and _low(tokens, count[1] + 1) in _BACK:
        return Date(i, count[1] + 2, back=count[0] * _PER[_low(tokens, count[1])])
    if count and _low(tokens, count[1]) == "months":
        return _months_to(tokens, i, count[0], count[1] + 1, published)
    return None


def _months_to(
    tokens: Sequence[Token], i: int, count: int, at: int, published: dt.date
) -> Date | None:
    """After "the 12 months": "to August", "through June 2024", "ended March"."""
    if (
        _low(tokens, at) not in ("to", "through", "ended", "ending", "until", "till")
        or not 1 < count < 61
    ):
        return None
    at += 1 + (_low(tokens, at + 1) == "in")
    if not _is_month(tokens, at):
        return None
    month = MONTHS[tokens[at].low]
    at = _skip_dot(tokens, at + 1)
    end = latest(month, published)
    if found := _year(tokens, at, published):
        end, at = Period.month(found[0], month), found[1]
    return Date(i, at, Period(end.first - count + 1, count, "S"))


def _past_same(tokens: Sequence[Token], i: int) -> int:
    """Past "in the same month" after "a year earlier"."""
    if (
        _low(tokens, i) in ("in", "for")
        and _low(tokens, i + 1) == "the"
        and _low(tokens, i + 2) == "same"
    ):
        return i + 4 if _low(tokens, i + 3) in ("month", "period", "quarter") else i
    return i


def _same(tokens: Sequence[Token], i: int, at: int, published: dt.date) -> Date | None:
    """After "the same": "month a year earlier", "period of 2019", "eleven months of 2023", "time
    last year".
    """
    if count := numbers.read_count(tokens, at):
        at = count[1]
    if _low(tokens, at) not in (*_PER, "period", "time", "days", "stretch", "span"):
        return None
    at += 1
    if found := _year(tokens, at, published):
        return (
            Date(i, found[1], same_in=found[0])
            if _plain_year(tokens, found[1] - 1)
            else Date(i, found[1], back=12)
        )
    if _low(tokens, at) in ("of", "in", "from", "for"):
        at += 1
    inner = at + 1 if _low(tokens, at) in ("the", "a") else at
    word, after = _low(tokens, inner), _low(tokens, inner + 1)
    if (word in _PRIOR and after == "year") or (word == "year" and after in _BACK):
        return Date(i, inner + 2, back=12)
    if word in ("fiscal", "financial") or (word in _PRIOR and after in ("fiscal", "financial")):
        return Date(i, inner + 3, back=12)
    return None


def _last(tokens: Sequence[Token], i: int, at: int, published: dt.date) -> Date | None:
    word, unit = _low(tokens, at), _low(tokens, at + 1)
    shift = {"last": -1, "this": 0, "current": 0, "latest": 0}[word]
    now = Period.of_date(published)
    if unit == "month" and word != "latest":
        return Date(i, at + 2, now.shift(shift))
    if unit == "year" and word in ("last", "this"):
        return Date(i, at + 2, Period.year(published.year + shift))
    if unit == "quarter" and word == "last":
        quarter = Period.quarter(published.year, (published.month + 2) // 3)
        return Date(i, at + 2, quarter.shift(-3))
    if word == "last" and unit in MONTHS and _is_month(tokens, at + 1):
        return Date(i, at + 2, latest(MONTHS[unit], published), month=MONTHS[unit])
    if word == "last" and unit in ("fiscal", "financial") and _low(tokens, at + 2) == "year":
        return Date(i, at + 3, Period.fiscal(published.year - (2 if published.month < 4 else 1)))
    return None


def _to_date(tokens: Sequence[Token], i: int, at: int, published: dt.date) -> Date | None:
    """After "year to date": "through November"."""
    end = Period.of_date(published).shift(-1)
    if _low(tokens, at) in ("through", "to", "until", "ending", "ended", "in") and _is_month(
        tokens, at + 1
    ):
        month = MONTHS[tokens[at + 1].low]
        end, at = latest(month, published), at + 2
        if found := _year(tokens, at, published):
            end, at = Period.month(found[0], month), found[1]
    if end.first % 12 == 0:
        return Date(i, at, end)
    return Date(i, at, Period.between(Period(end.first - end.first % 12, 1), end))


def _part_of_year(
    tokens: Sequence[Token], i: int, published: dt.date, reporter: str | None
) -> Date | None:
    """ "the first quarter of 2024", "first-half", "the first 20 days of August", "the first nine
    months".
    """
    at = i + 1 if _low(tokens, i) == "the" else i
    word = _low(tokens, at)
    if word in ("q", "h") and at + 1 < len(tokens) and tokens[at + 1].text in "1234":
        if tokens[at + 1].start == tokens[at].end:
            return _numbered(tokens, i, word, int(tokens[at + 1].text), at + 2, published)
        return None
    if _is_month(tokens, at) and _low(tokens, at + 1) == "quarter" and MONTHS[word] % 3 == 0:
        month = MONTHS[word]
        found = _year(tokens, at + 2, published)
        end = Period.month(found[0], month) if found else latest(month, published)
        return Date(i, found[1] if found else at + 2, Period(end.first - 2, 3, "Q"))
    if word == "full" and _low(tokens, at + 1) in ("year", "-"):
        at += 2 if _low(tokens, at + 1) == "year" else 3
        if found := _year(tokens, at, published):
            return Date(i, found[1], Period.year(found[0]))
        ended = Period.year(published.year - 1)
        return Date(i, at, ended) if published.month < 7 and _low(tokens, i) == "the" else None
    if word in ("calendar", "cy", "all"):
        at += 1 + (_low(tokens, at + 1) in ("year", "of"))
        found = _year(tokens, at, published)
        return Date(i, found[1], Period.year(found[0])) if found else None
    if word not in QUARTERS:
        return None
    number = QUARTERS[word]
    at += 1 + (_low(tokens, at + 1) == "-")
    unit = _low(tokens, at)
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
    if found := _year(tokens, at, published):
        year, at = found
        return Date(i, at, Period.quarter(year, part) if sort == "q" else Period.half(year, part))
    inner = at + 1 if _low(tokens, at) in ("of", "in") else at
    inner += _low(tokens, inner) == "the"
    if _low(tokens, inner) in ("fiscal", "financial", "fy"):
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
        _low(tokens, at) in ("of", "in")
        and _low(tokens, at + 1) == "the"
        and _low(tokens, at + 2) == "year"
    ):
        at += 3
    return Date(i, at, _recent(sort, part, published))


def _whole(first: int, months: int) -> Period:
    kind = "Q" if months == 3 else "H"
    return Period(first, months, kind if first % months == 0 else "S")  # type: ignore[arg-type]


def _first_of(
    tokens: Sequence[Token], i: int, count: int, at: int, published: dt.date, reporter: str | None
) -> Date | None:
    """After "first N": days of a month, or months of a year."""
    unit = _low(tokens, at)
    inner = at + 2 if _low(tokens, at + 1) in ("of", "in") else at + 1
    if unit == "days" and 1 <= count <= 31:
        if not _is_month(tokens, inner):
            if _low(tokens, inner) in ("this", "the") and _low(tokens, inner + 1) == "month":
                return _day_span(tokens, i, published.month, (1, count), inner + 2, published)
            return None
        month = MONTHS[tokens[inner].low]
        return _day_span(tokens, i, month, (1, count), _skip_dot(tokens, inner + 1), published)
    if unit != "months" or not 1 < count < 13:
        return None
    inner += _low(tokens, inner) == "the"
    if _low(tokens, inner) in ("fiscal", "financial", "fy") or _low(tokens, inner + 1) == "fiscal":
        fiscal = _fiscal(tokens, inner, published, reporter)
        start = (
            fiscal.period.first if fiscal and fiscal.period else _fiscal_start(published, reporter)
        )
        return Date(i, fiscal.after if fiscal else inner + 2, Period(start, count, "S"))
    found = _year(tokens, inner, published)
    year = found[0] if found else published.year
    after = found[1] if found else at + 1
    if not found and _low(tokens, inner) == "year":
        after = inner + 1
    span = Period(year * 12, count, "S")
    if not found and span.end >= published:
        span = span.shift(-12)
    return Date(i, after, span)


def _fiscal_start(published: dt.date, reporter: str | None) -> int:
    start = Period.fiscal(published.year, reporter).first
    return start if start <= published.year * 12 + published.month - 1 else start - 12


def _fiscal(
    tokens: Sequence[Token], i: int, published: dt.date, reporter: str | None
) -> Date | None:
    """ "fiscal 2024", "FY25", "financial year 2023-24", "the year to March 2025"."""
    at = i + 1 if _low(tokens, i) == "the" else i
    word = _low(tokens, at)
    if word == "year" and _low(tokens, at + 1) in ("to", "ended", "ending", "through", "till"):
        at += 2 + (_low(tokens, at + 2) == "in")
        if not _is_month(tokens, at):
            return None
        month = MONTHS[tokens[at].low]
        found = _year(tokens, at + 1, published)
        end = Period.month(found[0], month) if found else latest(month, published)
        after = found[1] if found else at + 1
        start = FISCAL_START.get(reporter or "", 4)
        if month % 12 + 1 == start:
            return Date(i, after, Period.fiscal((end.first - 11) // 12, reporter))
        return Date(i, after, Period(end.first - 11, 12, "A" if month == 12 else "S"))
    if word not in ("fiscal", "fy", "financial"):
        return None
    at += 1
    if _low(tokens, at) in ("-", "year"):
        at += 1
        at += _low(tokens, at) == "year"
    if _low(tokens, at) == "of":
        at += 1
    if at >= len(tokens) or tokens[at].kind != "num":
        return None
    text = tokens[at].text
    if len(text) not in (2, 4) or not text.isdigit():
        return None
    year = int(text) if len(text) == 4 else 2000 + int(text)
    if not 1900 <= year <= 2100:
        return None
    at += 1
    dashed = at + 1 < len(tokens) and tokens[at].text in _DASHES and tokens[at + 1].text.isdigit()
    if dashed and int(tokens[at + 1].text) % 100 == (year + 1) % 100:
        return Date(i, at + 2, Period.fiscal(year, reporter))
    if reporter in NAMED_BY_END:
        year -= 1
    return Date(i, at, Period.fiscal(year, reporter))
