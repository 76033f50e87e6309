"""A series as seasonal adjustment takes it: months or quarters without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

Freq = Literal[4, 12]
Floats = NDArray[np.float64]

#: X-13ARIMA-SEATS wants three whole years; with fewer no seasonal pattern can be told from chance.
LEAST_YEARS = 3
_KIND: dict[int, Literal["M", "Q"]] = {12: "M", 4: "Q"}


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """Consecutive months or quarters.

    Attributes
    ----------
    values
        Shape ``(periods,)``, all finite.
    first
        The first period.
    freq
        12 for months, 4 for quarters.
    name
        What it is, for messages.
    """

    values: Floats
    first: Period
    freq: Freq
    name: str = "series"

    @property
    def step(self) -> int:
        """Months in a period."""
        return 12 // self.freq

    @property
    def last(self) -> Period:
        """The last period."""
        return self.period(len(self.values) - 1)

    def period(self, place: int) -> Period:
        """The period at a place, counted from 0; places behind the end are forecasts."""
        return self.first.shift(place * self.step)

    def periods(self) -> tuple[str, ...]:
        """Every period, as it is written."""
        return tuple(str(self.period(i)) for i in range(len(self.values)))

    def place(self, period: Period) -> int:
        """The place of a period, counted from 0.

        Raises
        ------
        InputError
            For a period of another length.
        """
        if period.months != self.step or (period.first - self.first.first) % self.step:
            kind = "month" if self.freq == 12 else "quarter"
            raise InputError(f"{period} is no {kind}, as {self.name} has them")
        return (period.first - self.first.first) // self.step

    def until(self, period: Period) -> TimeSeries:
        """The series up to a period.

        Raises
        ------
        InputError
            Where the period is not in it, or leaves too little.
        """
        place = self.place(period)
        if not 0 <= place < len(self.values):
            raise InputError(
                f"{period} is not in {self.name}, which has {self.first} to {self.last}"
            )
        return checked(TimeSeries(self.values[: place + 1], self.first, self.freq, self.name))


def read_series(
    data: TimeSeries | pd.Series | Sequence[float] | Floats,
    start: str | None = None,
    freq: int | None = None,
    name: str | None = None,
) -> TimeSeries:
    """Take a series as people have it.

    Parameters
    ----------
    data
        A pandas series whose index has months or quarters (periods, dates, or texts such as
        ``2024-11`` and ``2024-Q4``), or plain values.
    start, freq
        Of plain values: the first period (``2007-01``, ``2007-Q1``), and 12 or 4; the frequency
        follows from the period where it is left out.
    name
        What it is, for messages.

    Raises
    ------
    InputError
        For a gap, a value that is no finite number, fewer than three years, an index without
        periods, periods out of order, or a missing start.
    BadPeriod
        For text that is no period.
    """
    if isinstance(data, TimeSeries):
        return checked(data)
    if hasattr(data, "index") and hasattr(data, "to_numpy"):
        return checked(_of_pandas(cast("pd.Series", data), start, name))
    if start is None:
        raise InputError("plain values need their first period: start='2007-01'")
    first = Period.parse(start)
    of_period = {"M": 12, "Q": 4}.get(first.kind)
    if of_period is None or (freq is not None and freq != of_period):
        raise InputError(f"{start} does not begin a series of frequency {freq or '12 or 4'}")
    values = _numbers(data, name or "series")
    return checked(TimeSeries(values, first, cast(Freq, of_period), name or "series"))


def checked(series: TimeSeries) -> TimeSeries:
    """The series, if it can be adjusted.

    Raises
    ------
    InputError
        As :func:`read_series` does.
    """
    bad = np.flatnonzero(~np.isfinite(series.values))
    if len(bad):
        raise InputError(
            f"{series.name} has no number for {_some([str(series.period(int(i))) for i in bad])}: "
            "fill the gap, or adjust the span after it"
        )
    least = LEAST_YEARS * series.freq
    if len(series.values) < least:
        raise InputError(
            f"{series.name} has {len(series.values)} periods, {series.first} to {series.last}: "
            f"seasonal adjustment needs at least {LEAST_YEARS} years ({least} periods)"
        )
    return series


def _of_pandas(data: pd.Series, start: str | None, name: str | None) -> TimeSeries:
    if start is not None:
        raise InputError("the series has periods of its own: leave start out")
    name = name or (str(data.name) if data.name is not None else "series")
    periods = [_period(label, data.index) for label in data.index]
    if not periods:
        raise InputError(f"{name} is empty")
    step = periods[0].months
    if step not in (1, 3):
        raise InputError(f"{name} has periods such as {periods[0]}: give months or quarters")
    for before, after in pairwise(periods):
        if after != before.shift(step):
            raise InputError(
                f"{name} goes from {before} to {after}: it must have every "
                f"{'month' if step == 1 else 'quarter'}, in order"
            )
    return TimeSeries(_numbers(data.to_numpy(), name), periods[0], cast(Freq, 12 // step), name)


def _period(label: Any, index: Any) -> Period:
    """The period that a label of an index names."""
    if isinstance(label, str):
        return Period.parse(label)
    # Periods say how long they are, dates do not: the index must.
    freq = str(getattr(label, "freqstr", None) or getattr(index, "freqstr", None) or "")
    if hasattr(label, "year") and hasattr(label, "month"):
        if freq.startswith(("Q", "BQ")):
            return Period.quarter(label.year, (label.month - 1) // 3 + 1)
        if freq.startswith(("M", "BM", "")) and not freq.startswith(("W", "D", "B", "A", "Y", "h")):
            return Period.month(label.year, label.month)
    raise InputError(
        f"the index has {label!r}, which is no month or quarter: "
        "give it a PeriodIndex of frequency 'M' or 'Q'"
    )


def _numbers(values: Any, name: str) -> Floats:
    try:
        out = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} has values that are no numbers") from None
    if out.ndim != 1:
        raise InputError(f"{name} has the shape {out.shape}: give one value a period")
    return out


def _some(words: list[str]) -> str:
    return ", ".join(words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")
