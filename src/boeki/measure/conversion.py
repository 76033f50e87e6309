"""Figures in another currency, by official exchange rates of the very months of each figure.

The rate is stated beside each figure. The arithmetic is exact: a figure is multiplied with, or
divided by, the rate as it is stated, and rounded to three places, half to even.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import ibis
import pyarrow as pa
from ibis import _

from boeki.errors import InputError, UnknownTerm
from boeki.lake import Lake
from boeki.measure.rates import Kind, Rate, RateBook, newest
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.units import SYMBOLS

KINDS = ("average", "end")
#: What a figure has besides when it was converted.
ADDED = (
    "rate",
    "rate_unit",
    "rate_day",
    "rate_kind",
    "rate_source",
    "original_value",
    "original_unit",
)

_RATE = pa.decimal128(19, 7)
_LARGEST = Decimal(10) ** 8
_VALUE = "decimal(38, 6)"
_NUMBER = itertools.count()
#: A price of a kilogram is in dollars a kilogram; a rate of exchange is no amount of money.
_NO_MONEY = frozenset({"rate"})
_ROWS = pa.schema(
    [
        ("as_of_", pa.date32()),
        ("unit_", pa.string()),
        ("month_", pa.int32()),
        ("months_", pa.int32()),
        ("rate", _RATE),
        ("rate_unit", pa.string()),
        ("rate_day", pa.date32()),
        ("rate_kind", pa.string()),
        ("rate_source", pa.string()),
        ("over_", pa.bool_()),
        ("new_unit_", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class NoRate:
    """Figures that were not converted.

    Attributes
    ----------
    period, unit
        When, and in what they are.
    reason
        Why not.
    month
        First month of the period, counted from January of year 0.
    """

    period: str
    unit: str
    reason: str
    month: int


def convert(
    observations: ibis.Table, lake: Lake, to: str = "USD", *, rate: Kind = "average"
) -> ibis.Table:
    """Convert figures into another currency.

    Parameters
    ----------
    observations
        As :func:`boeki.measure.observations` gives them.
    lake
        Which has the exchange rates too; it keeps those used for its life.
    to
        ISO 4217 code.
    rate
        ``average`` of the months of each figure, or the rate of the ``end`` of its last month. An
        average is an office's own of the month, or the mean of its daily rates; over several
        months it is the mean of theirs.

    Returns
    -------
    ibis.Table
        With ``value``, ``unit`` and ``resolution`` in the new currency, and the columns of
        :data:`ADDED`. Growth that is computed from it is that of converted values. A figure
        without a rate for the whole of its period, and one that is no money, is left out;
        :func:`without_rate` names them.

    Raises
    ------
    UnknownTerm
        For a currency that no area has.
    InputError
        For another kind of rate.
    """
    rates, _lacking = _rates(observations, lake, to, rate)
    table = lake.engine.table(f"rates_{next(_NUMBER)}", rates)
    same = [
        observations.as_of == table.as_of_,
        observations.unit == table.unit_,
        observations.month == table.month_,
        observations.months == table.months_,
    ]
    money = observations.filter(_.measure.notin(sorted(_NO_MONEY)))
    joined = money.inner_join(table, same)
    converted = joined.mutate(original_value=_.value, original_unit=_.unit, unit=_.new_unit_)
    converted = apply_rate(apply_rate(converted, "value", 3), "resolution", 6)
    return converted.select(*observations.columns, *ADDED)


def without_rate(
    observations: ibis.Table, lake: Lake, to: str = "USD", *, rate: Kind = "average"
) -> tuple[NoRate, ...]:
    """The figures that :func:`convert` leaves out, one line a period and unit; same parameters."""
    return _rates(observations, lake, to, rate)[1]


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes of money that areas have."""
    return frozenset(a.currency for a in areas.areas() if a.currency) | frozenset(SYMBOLS)


def _rates(
    observations: ibis.Table, lake: Lake, to: str, kind: str
) -> tuple[pa.Table, tuple[NoRate, ...]]:
    """The rate of each period and unit, and the figures that have none."""
    if to not in currencies():
        raise UnknownTerm("currency", to, currencies())
    if kind not in KINDS:
        raise InputError(f"no such rate: {kind!r}; take average or end")
    asked = observations.select("as_of", "measure", "unit", "month", "months").distinct()
    figures = lake.execute(asked.order_by("as_of", "unit", "month", "months", "measure"))
    rows: list[dict[str, Any]] = []
    lacking: list[NoRate] = []
    by_day: dict[dt.date, dict[str, set[tuple[int, int]]]] = {}
    for f in figures.to_pylist():
        money = f["unit"].partition("/")[0]
        if f["measure"] in _NO_MONEY or money not in currencies():
            lacking.append(_lack(f, f["unit"], f"{f['measure']} in {f['unit']} is no money"))
        else:
            periods = by_day.setdefault(f["as_of"], {}).setdefault(f["unit"], set())
            periods.add((f["month"], f["months"]))
    for day, units in by_day.items():
        found, missing = _on_day(lake, day, units, to, kind)
        rows += found
        lacking += missing
    told = tuple(dict.fromkeys(lacking))
    return pa.Table.from_pylist(rows, schema=_ROWS), told


def _on_day(
    lake: Lake, day: dt.date, units: Mapping[str, set[tuple[int, int]]], to: str, kind: Any
) -> tuple[list[dict[str, Any]], list[NoRate]]:
    """Rates as known on a day."""
    moneys = {unit.partition("/")[0] for unit in units}
    book = RateBook(lake, newest(day), {*moneys, to}) if moneys - {to} else None
    rows: list[dict[str, Any]] = []
    lacking: list[NoRate] = []
    for unit, periods in units.items():
        money = unit.partition("/")[0]
        rates = book.rates(money, to, kind, periods) if book and money != to else {}
        for months, month in sorted((n, m) for m, n in periods):
            rate = rates.get((month, months))
            if money == to:
                rows.append(_row(day, unit, month, months, to, None))
            # A span of days has no months, and so no rate.
            elif rate is None or not 0 < rate.value < _LARGEST:
                what = "average" if kind == "average" else "month's end"
                reason = f"no official rate between {money} and {to} for the whole of it ({what})"
                lacking.append(_lack({"month": month, "months": months}, unit, reason))
            else:
                rows.append(_row(day, unit, month, months, to, rate))
    return rows, lacking


def _row(
    day: dt.date, unit: str, month: int, months: int, to: str, rate: Rate | None
) -> dict[str, Any]:
    money, slash, per = unit.partition("/")
    over = rate is not None and rate.unit == f"{money}/{to}"
    return {
        "as_of_": day,
        "unit_": unit,
        "month_": month,
        "months_": months,
        "rate": rate.value if rate else Decimal(1),
        "rate_unit": rate.unit if rate else f"{to}/{to}",
        "rate_day": rate.day if rate else None,
        "rate_kind": rate.kind if rate else "none",
        "rate_source": " ".join(rate.sources) if rate else "",
        "over_": over,
        "new_unit_": f"{to}{slash}{per}",
    }


def _lack(figure: Mapping[str, Any], unit: str, reason: str) -> NoRate:
    month, months = figure["month"], figure["months"]
    one = Period(month, 1)
    span = Period.between(one, one.shift(months - 1)) if months > 1 else one
    return NoRate(str(span), unit, reason, month)


def apply_rate(table: ibis.Table, amount: str, places: int) -> ibis.Table:
    """Multiply a column with a rate, or divide it by one: exact, rounded half to even.

    No product needs more than 38 digits, which is what decimals have on every engine: whole units
    and what they leave are taken apart. Only the first guesses of a quotient are floats.

    Parameters
    ----------
    table
        With ``rate``, a decimal of seven places above 0, and ``over_``, whether to divide by it.
    amount
        Its column: a decimal of six places below 10^18.
    places
        How many decimals are kept: at most six.
    """
    one = ibis.literal(Decimal(1)).cast("decimal(19, 7)")
    t = table.mutate(
        size_=_[amount].abs(),
        times_=ibis.ifelse(_.over_, one, _.rate),
        by_=ibis.ifelse(_.over_, _.rate, one),
    )
    t = t.mutate(whole_=_.size_.floor().cast("decimal(18, 0)"))
    part = (_.size_ - _.whole_.cast(_VALUE)).cast("decimal(7, 6)")
    product = (_.whole_ * _.times_).cast("decimal(37, 10)") + (part * _.times_).cast(
        "decimal(20, 10)"
    )
    t = t.mutate(product_=product.cast("decimal(37, 10)"))
    t = t.mutate(units_=_guess(_.product_, _.by_))
    left = (_.product_ - _taken(_.units_, 18, _.by_, 34)).cast("decimal(20, 10)")
    t = t.mutate(steps_=(left * _decimal(10**places, 7, 0)).cast("decimal(27, 10)"))
    t = t.mutate(guess_=_guess(_.steps_, _.by_))
    t = t.mutate(over_by_=_.steps_ - _taken(_.guess_, 12, _.by_, 26))
    # The float may be one off where the quotient is a whole number, or nearly.
    t = t.mutate(off_=ibis.ifelse(_.over_by_ < 0, -1, ibis.ifelse(_.over_by_ >= _.by_, 1, 0)))
    t = t.mutate(count_=_.guess_ + _.off_, rest_=_.over_by_ - _taken(_.off_, 2, _.by_, 26))
    up = (_.rest_ * 2 > _.by_) | ((_.rest_ * 2 == _.by_) & (_.count_ % 2 != 0))
    t = t.mutate(count_=ibis.ifelse(up, _.count_ + 1, _.count_))
    step = _decimal(Decimal(1).scaleb(-places), 18, 6)
    total = _.units_.cast(_VALUE) + (_.count_.cast("decimal(18, 0)") * step).cast(_VALUE)
    t = t.mutate(total_=total)
    signed = ibis.ifelse(_[amount] < 0, -_.total_, _.total_).cast(_VALUE)
    return t.mutate(**{amount: signed}).select(*table.columns)


def _guess(amount: Any, by: Any) -> Any:
    return (amount.cast("float64") / by.cast("float64")).floor().cast("int64")


def _taken(count: Any, digits: int, by: Any, room: int) -> Any:
    return (count.cast(f"decimal({digits}, 0)") * by).cast(f"decimal({room}, 7)")


def _decimal(value: Decimal | int, digits: int, places: int) -> Any:
    # From text: of a decimal literal Ibis keeps three places on DuckDB.
    return ibis.literal(f"{Decimal(value):f}").cast(f"decimal({digits}, {places})")
