"""A line: the figures of one series by period, with what is known of each."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import TYPE_CHECKING, Any

from boeki.errors import InputError
from boeki.lake import Lake
from boeki.measure.rates import Kind
from boeki.measure.table import LENGTHS, Row, measure_series
from boeki.terms import areas, products
from boeki.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

#: What a user may hand over instead of asking the lake: period to value.
Values = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one series.

    Attributes
    ----------
    name
        ``Exports, Japan``; for headings.
    unit
        A currency, or what else they are in.
    freq
        ``M``, ``Q``, ``A`` or ``FY``.
    values
        First month (counted from January of year 0) to exact value. A missing period is not there.
    adjusted
        Whether they are seasonally adjusted.
    signed
        Whether they can be of either sign, as a balance can.
    additive
        Whether those of shorter periods add up to that of a longer one.
    about
        What was asked.
    found
        First month to the measured row, where they come out of a lake.
    notes
        What a reader must know.
    """

    name: str
    unit: str
    freq: str
    values: Mapping[int, Decimal]
    adjusted: bool = False
    signed: bool = False
    additive: bool = True
    about: Mapping[str, Any] = field(default_factory=dict)
    found: Mapping[int, Row] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def step(self) -> int:
        """Months that a period covers."""
        return LENGTHS[self.freq]

    def label(self, month: int) -> str:
        """A period as it is written, from its first month."""
        return period_name(month, self.freq)

    def months(self, start: str | None = None, end: str | None = None) -> list[int]:
        """First months of the periods of a span, in order, without gaps.

        Raises
        ------
        InputError
            Where none of them has a figure.
        """
        whose = str(self.about.get("reporter") or "") or None
        first, last = (bound(p, whose) for p in (start, end))
        low = first.first if first else min(self.values)
        high = last.last if last else max(self.values)
        phase = min(self.values) % self.step
        inside = [m for m in range(low, high + 1) if m % self.step == phase]
        known = [m for m in inside if m in self.values]
        if not known:
            raise InputError(
                f"{self.name}: no figure for {start or '…'} to {end or '…'}; there are "
                f"{self.label(min(self.values))} to {self.label(max(self.values))}"
            )
        # What lies before the first figure and after the last one is no gap.
        return [m for m in inside if known[0] <= m <= known[-1]]

    def evidence(self, months: Iterable[int]) -> dict[str, Any]:
        """Documents, rows and the newest day behind the figures of some periods."""
        rows = [self.found[m] for m in months if m in self.found]
        return {
            "sources": {s for r in rows for s in (*r.sources, *r.rate_source.split())},
            "evidence": [row for r in rows for row in r.rows],
            "published": max((r.published for r in rows), default=None),
        }

    def finality(self, months: Iterable[int]) -> tuple[str, ...]:
        """A line that says how final the figures of some periods are, where they are not alike."""
        counts: dict[str, int] = {}
        for row in (self.found[m] for m in months if m in self.found):
            counts[row.status] = counts.get(row.status, 0) + 1
        if len(counts) < 2:
            return ()
        said = ", ".join(f"{status}: {n}" for status, n in sorted(counts.items()))
        return (f"Not all figures are equally final ({said}).",)


def period_name(month: int, freq: str) -> str:
    """``2024-11``, ``2024-Q4``, ``2024``, ``FY2024``."""
    kinds: dict[str, Any] = {"M": "M", "Q": "Q", "A": "A", "FY": "FY"}
    return str(Period(month, LENGTHS[freq], kinds[freq]))


def bound(text: str | None, reporter: str | None = None) -> Period | None:
    """The first or last period of a span.

    Raises
    ------
    InputError
        For days.
    """
    if text is None:
        return None
    period = Period.parse(text, reporter)
    if period.days:
        raise InputError(f"figures are of whole months: write {Period(period.first, 1)}")
    return period


def read_line(
    measure: str,
    reporter: str,
    *,
    partner: str = "WLD",
    product: str = "TOTAL",
    start: str | None = None,
    end: str | None = None,
    freq: str = "M",
    as_of: dt.date | None = None,
    adjusted: bool = False,
    currency: str | None = None,
    rate: Kind = "average",
    lake: Lake | None = None,
) -> Line:
    """Read a line from the lake: all of it, for figures before ``start`` are compared with.

    Parameters are those of :func:`boeki.measure_series`; ``start`` and ``end`` only see to it that
    there is a figure between them.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError, NoFigure, NotYetPublished
        As :func:`boeki.measure_series` raises them.
    """
    from boeki.measure.observations import ADDITIVE

    asked: dict[str, Any] = {
        "partner": partner, "product": product, "freq": freq, "as_of": as_of, "adjusted": adjusted,
        "currency": currency, "rate": rate, "lake": lake,
    }  # fmt: skip
    measured = measure_series(measure, reporter, **asked)
    found = {_first(r.period, measured.reporter): r for r in measured.rows}
    if not _any_inside(found, start, end, measured.reporter):
        # It knows what to say.
        measure_series(measure, reporter, start=start, end=end, **asked)
    whose, whom = areas.get(measured.reporter), areas.get(measured.partner)
    with_whom = "" if measured.partner == "WLD" else f" with {whom.in_sentence}"
    what = "" if measured.product == "TOTAL" else f" of {products.name(measured.product).lower()}"
    return Line(
        f"{measure.replace('_', ' ').capitalize()}{what}, {whose.name}{with_whom}",
        measured.unit, freq, {m: r.value for m, r in found.items()},
        adjusted=adjusted, signed=measure == "balance", additive=measure in ADDITIVE,
        about={
            "measure": measure, "reporter": measured.reporter, "partner": measured.partner,
            "product": measured.product, "unit": measured.unit, "freq": freq,
            "basis": measured.basis, "adjusted": adjusted, "as_of": as_of,
            "currency": currency, "rate": rate if currency else None,
        },
        found=found, notes=(*_told(measured.unit, currency, rate), *measured.left_out),
    )  # fmt: skip


def line_of(
    values: Values | pd.Series,
    *,
    unit: str = "",
    name: str = "The series",
    adjusted: bool = False,
    signed: bool | None = None,
    additive: bool = True,
    reporter: str | None = None,
) -> Line:
    """Make a line of figures that the caller has.

    Parameters
    ----------
    values
        Period (``2024-11``, ``2024-Q4``, ``2024``, ``FY2024``, a date, or a pandas period) to
        value, all of one length. Empty values (None, NaN) are gaps.
    unit, name
        What they are in, and what they are, for headings.
    adjusted
        Whether they are seasonally adjusted.
    signed
        Whether they can be of either sign; None to see from the values.
    additive
        Whether they add up over time: a flow does, a price or a stock does not.
    reporter
        Whose fiscal years ``FY…`` means.

    Raises
    ------
    InputError, BadPeriod
        For what is no period or no number, periods given twice, and several lengths.
    """
    given = [(_period(k, reporter), exact(v, k)) for k, v in values.items()]
    if not given:
        raise InputError(f"{name}: there are no figures")
    kept = {p: v for p, v in given if v is not None}
    if len({p.first for p, _v in given}) < len(given):
        raise InputError(f"{name}: a period is there twice")
    freqs = {p.kind for p, _v in given}
    if len(freqs) > 1 or not freqs <= set(LENGTHS):
        raise InputError(f"{name}: periods of several lengths ({', '.join(sorted(freqs))})")
    if not kept:
        raise InputError(f"{name}: every value is empty")
    months = {p.first: v for p, v in kept.items()}
    freq: str = freqs.pop()
    if _dated(values) and freq == "M":
        freq = _spacing(sorted(months))
        # A date at the end of a quarter or a year stands for all of it.
        months = {m - m % LENGTHS[freq]: v for m, v in months.items()}
    either = signed if signed is not None else any(v < 0 for v in months.values())
    return Line(
        name, unit, freq, months, adjusted, either, additive,
        {"reporter": reporter, "unit": unit, "freq": freq, "adjusted": adjusted},
    )  # fmt: skip


def _first(period: str, reporter: str) -> int:
    return Period.parse(period, reporter).first


def _any_inside(months: Iterable[int], start: str | None, end: str | None, reporter: str) -> bool:
    first, last = bound(start, reporter), bound(end, reporter)
    if first and last and last.last < first.first:
        raise InputError(f"the last period, {last}, lies before the first, {first}")
    return any((not first or m >= first.first) and (not last or m <= last.last) for m in months)


def _told(unit: str, currency: str | None, rate: str) -> tuple[str, ...]:
    if not currency:
        return ()
    kind = "average" if rate == "average" else "rate at the end"
    return (
        f"Converted into {unit}, each period by the official {kind} of its own months; sums add up "
        "converted figures.",
    )


def _period(key: Any, reporter: str | None) -> Period:
    if isinstance(key, Period):
        return key
    if hasattr(key, "freqstr") and hasattr(key, "start_time"):
        day, kind = key.start_time, str(key.freqstr)[0]
        if kind not in "MQYA":
            raise InputError(f"figures are of months, quarters or years, not of {key.freqstr}")
        if kind == "Q":
            return Period.quarter(day.year, (day.month + 2) // 3)
        return Period.month(day.year, day.month) if kind == "M" else Period.year(day.year)
    if isinstance(key, dt.date):
        return Period.month(key.year, key.month)
    return Period.parse(str(key), reporter)


def _dated(values: Any) -> bool:
    return all(isinstance(k, dt.date) for k in values.keys())  # noqa: SIM118


def _spacing(months: list[int]) -> str:
    """How far apart dated figures lie: they have no length of their own."""
    gaps = [b - a for a, b in itertools.pairwise(months)]
    apart = reduce(math.gcd, gaps, 0)
    return "A" if apart and apart % 12 == 0 else "Q" if apart and apart % 3 == 0 else "M"


def exact(value: Any, key: Any) -> Decimal | None:
    """A number as it is written; None for a gap."""
    if value is None or value != value:  # NaN
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise InputError(f"{value!r} at {key} is no number") from None
    if not number.is_finite():
        raise InputError(f"{value!r} at {key} is no finite number")
    return number
