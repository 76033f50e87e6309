"""Nowcasts of past months as they would have been made, and how far they were off."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from boeki.measure.nowcast.dynamic_factor import Fitted, NotEstimated, estimate, growth_on_year
from boeki.measure.nowcast.knowledge import Input
from boeki.measure.nowcast.rules import NAIVE, first_days
from boeki.terms.periods import Period

FACTOR = "dynamic factor"
#: First days of a month that an office tells of before the month is over.
DAYS = (10, 20)


@dataclass
class Nowcaster:
    """All methods, for one target and its indicators.

    Attributes
    ----------
    target, indicators
        What is nowcast, and what may help.
    lag
        Days after a month's end at which a figure is taken as known of which the lake has no first
        release.
    refit
        The factor model is estimated anew after so many months, and applied to newer data in
        between.
    why
        Method to the reason why it gave nothing, the last one.
    assumed, known
        How many figures of the target were known by assumption only, and how many in all, over all
        days.
    """

    target: Input
    indicators: Sequence[Input]
    lag: int
    refit: int = 12
    why: dict[str, str] = field(default_factory=dict)
    assumed: int = 0
    known: int = 0
    _fitted: tuple[int, Fitted] | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of all methods."""
        return (*NAIVE, *(f"first {d} days" for d in DAYS), FACTOR)

    def nowcast(self, month: int, day: dt.date) -> dict[str, float]:
        """What each method says of a month, with what was known on a day.

        Parameters
        ----------
        month, day
            The month counted from year 0, and the day.
        """
        known, assumed = self.target.known(day, self.lag)
        # The month itself is what is asked for, whether it was out by then or not.
        known = {m: v for m, v in known.items() if m < month}
        self.assumed, self.known = self.assumed + assumed, self.known + len(known)
        out: dict[str, float] = {}
        for name, (rule, _said) in NAIVE.items():
            self._take(out, name, rule(known, month), "the months it needs are not known")
        parts = {d: self.target.first_days(d, day) for d in DAYS}
        for d, part in parts.items():
            said = first_days(known, part, month)
            self._take(out, f"first {d} days", said, f"the first {d} days were not told for both "
                       f"{Period(month, 1)} and {Period(month - 12, 1)}")  # fmt: skip
        try:
            out[FACTOR] = self._factor(known, parts, month, day)
        except NotEstimated as why:
            self.why[FACTOR] = str(why)
        return out

    def _take(self, out: dict[str, float], name: str, value: float | None, why: str) -> None:
        if value is None:
            self.why[name] = why
        else:
            out[name] = value

    def _factor(
        self,
        known: Mapping[int, float],
        parts: Mapping[int, Mapping[int, float]],
        month: int,
        day: dt.date,
    ) -> float:
        if month - 12 not in known or known[month - 12] <= 0:
            raise NotEstimated("the year before is not known")
        panel = {self.target.name: growth_on_year(known)}
        if not panel[self.target.name]:
            raise NotEstimated("the target has no growth on the year")
        for i in self.indicators:
            told, _assumed = i.known(day, self.lag)
            panel[i.name] = growth_on_year({m: v for m, v in told.items() if m <= month})
        for d, part in parts.items():
            panel[f"first {d} days"] = growth_on_year({m: v for m, v in part.items() if m <= month})
        if self._fitted is None or month - self._fitted[0] >= self.refit:
            self._fitted = month, estimate(panel, month)
        return known[month - 12] * float(np.exp(self._fitted[1].growth(panel, month) / 100))


@dataclass(frozen=True, slots=True)
class Tried:
    """One month nowcast as of a day, and what it came to.

    Attributes
    ----------
    month, day
        Which, and when.
    actual
        The figure as it was first published, or the newest where the first is not aboard.
    said
        Method to what it said.
    """

    month: int
    day: dt.date
    actual: float
    said: Mapping[str, float]


def backtest(
    caster: Nowcaster,
    months: Sequence[int],
    offset: int,
    actual: Mapping[int, float],
    progress: Callable[[int, int], None] | None = None,
) -> list[Tried]:
    """Nowcast past months, each with what was known so many days after its end.

    Parameters
    ----------
    caster
        What nowcasts.
    months
        Which, in order.
    offset
        Days after the end of a month; negative within it.
    actual
        What the months came to.
    progress
        Called with how many are done, and how many there are.
    """
    out = []
    for done, month in enumerate(months, 1):
        day = end_of(month) + dt.timedelta(offset)
        out.append(Tried(month, day, actual[month], caster.nowcast(month, day)))
        if progress:
            progress(done, len(months))
    return out


def end_of(month: int) -> dt.date:
    """The last day of a month counted from year 0."""
    year, place = divmod(month, 12)
    return dt.date(year, place + 1, calendar.monthrange(year, place + 1)[1])


@dataclass(frozen=True, slots=True)
class Score:
    """How far a method was off, out of sample.

    Attributes
    ----------
    n
        Months that it was tried on.
    mean, mae, rmse
        Mean, mean absolute and root mean square error, in percent of the actual figure.
    ratio
        Its root mean square error over the best naive rule's of the same months.
    p
        Of equal accuracy with that rule (Diebold & Mariano 1995, two-sided, with the correction of
        Harvey, Leybourne & Newbold 1997); None of the rule itself and of too few months.
    errors
        ``(n,)``, in percent of what was said.
    """

    n: int
    mean: float
    mae: float
    rmse: float
    ratio: float | None
    p: float | None
    errors: tuple[float, ...]


def scores(tried: Sequence[Tried], methods: Sequence[str]) -> dict[str, Score]:
    """Score each method that said something of two months at least."""
    out: dict[str, Score] = {}
    for name in methods:
        own = [t for t in tried if name in t.said]
        if len(own) < 2:
            continue
        error = np.array([100 * (t.said[name] / t.actual - 1) for t in own])
        rival, p = _rival(own, name)
        rmse = float(np.sqrt((error**2).mean()))
        moved = tuple(100 * (t.actual / t.said[name] - 1) for t in own)
        out[name] = Score(
            len(own), float(error.mean()), float(np.abs(error).mean()), rmse,
            None if rival is None or not rival else rmse / rival, p, moved,
        )  # fmt: skip
    return out


def _rival(tried: Sequence[Tried], name: str) -> tuple[float | None, float | None]:
    """Of the best naive rule on the same months: its root mean square error, and the test."""
    best: tuple[float, str] | None = None
    for rule in NAIVE:
        if all(rule in t.said for t in tried):
            error = [100 * (t.said[rule] / t.actual - 1) for t in tried]
            size = float(np.sqrt(np.mean(np.square(error))))
            best = min(best or (size, rule), (size, rule))
    if best is None:
        return None, None
    if best[1] == name:
        return best[0], None
    own, theirs = (
        np.array([100 * (t.said[m] / t.actual - 1) for t in tried]) for m in (name, best[1])
    )
    return best[0], diebold_mariano(own, theirs)


def diebold_mariano(one: np.ndarray, other: np.ndarray, horizon: int = 1) -> float | None:
    """p of equal squared errors of two forecasts.

    Parameters
    ----------
    one, other
        ``(n,)`` Errors of the same periods.
    horizon
        Steps ahead; autocovariances to horizon − 1 enter.

    Returns
    -------
    float or None
        None of fewer than 8 periods, or of errors that are the same.

    Notes
    -----
    Diebold & Mariano (1995), Journal of Business & Economic Statistics 13; Harvey, Leybourne &
    Newbold (1997), International Journal of Forecasting 13: t with n − 1 degrees of freedom.
    """
    from boeki.measure.revisions.statistics import distributions

    d = one**2 - other**2
    n = len(d)
    if n < 8 or np.ptp(d) == 0:
        return None
    centred = d - d.mean()
    gamma = [float(centred[k:] @ centred[: n - k]) / n for k in range(horizon)]
    spread = (gamma[0] + 2 * sum(gamma[1:])) / n
    if spread <= 0:
        return None
    small = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    t = d.mean() / np.sqrt(spread) * np.sqrt(small)
    return float(2 * distributions().t.sf(abs(t), n - 1))
