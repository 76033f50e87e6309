"""Exchange rates of whole periods, from the official rates that a lake holds.

The lake has daily rates and averages of months, each as some office quotes it: so many yen to a
dollar, so many dollars to a euro. A rate between two currencies is taken from one office and
reached in one way for all periods, so that a change of office is never taken for a change of value.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from ibis import _

from boeki.errors import IntegrityError
from boeki.lake import Days, Lake
from boeki.lake.known import NEWEST
from boeki.terms.periods import Period

Kind = Literal["average", "end"]
#: Between two currencies that no office quotes against each other, through one that is quoted
#: against both.
_THROUGH = ("EUR", "USD")
#: As many days in a row may lack a rate: from Good Friday to Easter Monday.
CLOSED = 4
#: To how many decimals a computed rate is rounded, half to even.
_PLACES = Decimal("0.0000001")

_Quotes = dict[str, "_Quote"]


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of one currency there is to another, over a period or at its end.

    Attributes
    ----------
    value, unit
        ``153.7126`` ``JPY/USD``: so many yen to a dollar.
    day
        The last day that is in it; of an official monthly average the last of the month.
    kind
        ``average`` or ``end``.
    sources
        The documents that it comes from.
    """

    value: Decimal
    unit: str
    day: dt.date
    kind: Kind
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Quote:
    value: Decimal
    sources: tuple[str, ...]


@dataclass(frozen=True)
class _Way:
    """One way from a currency to another: quotes by period, as one office gives them."""

    unit: str
    freq: str
    quotes: Mapping[str, _Quote]

    @cached_property
    def _days(self) -> dict[int, list[dt.date]]:
        """The days with a rate, by month."""
        found: dict[int, list[dt.date]] = {}
        for text in sorted(self.quotes):
            day = dt.date.fromisoformat(text)
            found.setdefault(day.year * 12 + day.month - 1, []).append(day)
        return found

    def average(self, first: int, months: int) -> Rate | None:
        """The mean of the averages of its months; None where one of them is not whole."""
        parts = [self._month(m) for m in range(first, first + months)]
        whole = [p for p in parts if p is not None]
        if not months or len(whole) < months:
            return None
        value = _mean([p.value for p in whole])
        sources = sorted({s for p in whole for s in p.sources})
        return Rate(value, self.unit, whole[-1].day, "average", tuple(sources))

    def end(self, first: int, months: int) -> Rate | None:
        """The last daily rate; None where the last month does not have its end."""
        last = first + months - 1
        days = self._days.get(last, []) if self.freq == "D" and months else []
        if not days or (_end(last) - days[-1]).days > CLOSED:
            return None
        quote = self.quotes[days[-1].isoformat()]
        return Rate(quote.value.quantize(_PLACES), self.unit, days[-1], "end", quote.sources)

    def _month(self, month: int) -> Rate | None:
        if self.freq == "M":
            quote = self.quotes.get(str(Period(month, 1)))
            day = _end(month)
            return Rate(quote.value, self.unit, day, "average", quote.sources) if quote else None
        days = self._days.get(month, [])
        if not _covers(days, month):
            return None
        quotes = [self.quotes[d.isoformat()] for d in days]
        sources = tuple(sorted({s for q in quotes for s in q.sources}))
        mean = sum(q.value for q in quotes) / Decimal(len(quotes))
        return Rate(mean, self.unit, days[-1], "average", sources)


class RateBook:
    """The exchange rates of a lake, as known on a day.

    Parameters
    ----------
    lake
        Where the rates are.
    as_of
        The day; None for the newest.
    currencies
        Those that are to be converted, and the one they are converted into.

    Raises
    ------
    IntegrityError
        Where one office gives two rates for one period.
    """

    def __init__(self, lake: Lake, as_of: Days, currencies: Iterable[str]) -> None:
        wanted = sorted({*currencies, *_THROUGH})
        units = [f"{a}/{b}" for a in wanted for b in wanted if a != b]
        table = lake.series(as_of).filter(
            _.key == "exchange_rate", _.freq.isin(["D", "M"]), _.unit.isin(units)
        )
        names = ("freq", "office", "publisher", "unit", "period", "value", "source")
        rows = lake.execute(table.select(*names).order_by(*names)).to_pylist()
        #: By frequency and who says so: the quotes of each unit.
        self._books: dict[tuple[str, str, str], dict[str, _Quotes]] = {}
        for r in rows:
            book = self._books.setdefault((r["freq"], r["office"], r["publisher"]), {})
            quotes = book.setdefault(r["unit"], {})
            had = quotes.setdefault(r["period"], _Quote(r["value"], (r["source"],)))
            if had.value != r["value"]:
                raise IntegrityError(
                    f"{r['office']} gives two rates {r['unit']} for {r['period']}, {had.value} and "
                    f"{r['value']}: leave one of them out of the lake"
                )

    def rates(
        self, currency: str, to: str, kind: Kind, periods: Iterable[tuple[int, int]]
    ) -> dict[tuple[int, int], Rate]:
        """The rates of periods, by the one way that has most of them.

        Parameters
        ----------
        currency, to
            ISO 4217 codes.
        kind
            ``average`` or ``end``.
        periods
            First month and number of months of each.

        Returns
        -------
        dict
            Without the periods for which there is no rate.
        """
        asked = sorted(set(periods))
        best: dict[tuple[int, int], Rate] = {}
        for way in self._ways(currency, to):
            rate = way.average if kind == "average" else way.end
            found = {p: r for p in asked if (r := rate(*p)) is not None}
            if len(found) > len(best):
                best = found
        return best

    def _ways(self, currency: str, to: str) -> Iterator[_Way]:
        """Official monthly averages first, then daily rates, then through a third currency."""
        books = sorted(self._books.items(), key=lambda item: (item[0][0] != "M", *item[0][1:]))
        for (freq, *_who), book in books:
            for unit in (f"{currency}/{to}", f"{to}/{currency}"):
                if unit in book:
                    yield _Way(unit, freq, book[unit])
        for (freq, *_who), book in books:
            for middle in (m for m in _THROUGH if m not in (currency, to)):
                ours, theirs = _against(book, currency, middle), _against(book, to, middle)
                if crossed := _crossed(ours, theirs):
                    # The more of it there is to the other, the more of its digits are told.
                    more = next(iter(crossed.values())).value >= 1
                    unit = f"{currency}/{to}" if more else f"{to}/{currency}"
                    yield _Way(unit, freq, crossed if more else _crossed(theirs, ours))


def _against(book: Mapping[str, _Quotes], currency: str, middle: str) -> _Quotes:
    """How much of a currency there is to another, whichever way round it is quoted."""
    if quotes := book.get(f"{currency}/{middle}"):
        return quotes
    turned = book.get(f"{middle}/{currency}", {})
    return {p: _Quote(1 / q.value, q.sources) for p, q in turned.items() if q.value}


def _crossed(ours: _Quotes, theirs: _Quotes) -> _Quotes:
    """Of each period that both have, one rate over the other."""
    return {
        p: _Quote(q.value / theirs[p].value, tuple(sorted({*q.sources, *theirs[p].sources})))
        for p, q in ours.items()
        if p in theirs and theirs[p].value
    }


def _mean(values: list[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(_PLACES)


def _end(month: int) -> dt.date:
    return Period(month, 1).end


def _covers(days: list[dt.date], month: int) -> bool:
    """Whether days with a rate reach through a whole month, holidays apart."""
    before = dt.date(month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
    after = _end(month) + dt.timedelta(days=1)
    edges = [before, *days, after]
    return all((b - a).days <= CLOSED + 1 for a, b in itertools.pairwise(edges))


def newest(day: dt.date) -> Days:
    """The day as a lake takes it: the one that stands for "now" is none."""
    return None if day == NEWEST else day
