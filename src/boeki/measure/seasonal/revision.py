"""Revision policies: what is chosen and estimated anew when a figure is added.

European Statistical System, ESS guidelines on seasonal adjustment (2015 and 2024 editions), part 4,
general revision policy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

import numpy as np

from boeki.errors import InputError, UnknownTerm
from boeki.measure.seasonal.adjustment import Adjusted, adjust
from boeki.measure.seasonal.binary import TIMEOUT
from boeki.measure.seasonal.series import Floats, TimeSeries
from boeki.measure.seasonal.spec import MOST_FORECASTS, SeasonalFilter, Spec, TradingDays
from boeki.terms.periods import Period

Revision = Literal["concurrent", "partial", "forward"]


@dataclass(frozen=True, slots=True)
class Revised:
    """A series adjusted under a revision policy.

    Attributes
    ----------
    policy, reference
        The policy, and the last period of the data that model, outliers, filters and calendar
        regressors were chosen by.
    run
        The run that the figures are of: of all periods, and of those to the reference under
        ``forward``.
    series
        All of the original.
    adjusted, factors
        Shape ``(periods,)``: the adjusted series, seasonal and calendar factors together.
    projected
        How many periods at the end have forecast factors.
    control
        Under ``forward``: what partial concurrent adjustment gives, shape ``(periods,)``.
        Controlled current adjustment asks for this comparison.
    """

    policy: Revision
    reference: Period
    run: Adjusted
    series: TimeSeries
    adjusted: Floats
    factors: Floats
    projected: int = 0
    control: Floats | None = None

    @property
    def trend(self) -> Floats:
        """The trend; no number where factors were forecast, shape ``(periods,)``."""
        return np.concatenate([self.run.trend, np.full(self.projected, np.nan)])

    @property
    def difference_from_control(self) -> float | None:
        """The largest difference from partial concurrent adjustment among periods with forecast
        factors, as a part of the adjusted series' mean size; None under other policies.
        """
        if self.control is None or not self.projected:
            return None
        apart = np.abs(self.adjusted - self.control)[-self.projected :]
        return float(np.max(apart) / np.mean(np.abs(self.control)))


def adjust_under(
    series: TimeSeries,
    spec: Spec,
    policy: Revision = "concurrent",
    reference: str | Period | None = None,
    *,
    timeout: float = TIMEOUT,
) -> Revised:
    """Adjust a series under a revision policy.

    Parameters
    ----------
    series, spec
        What is adjusted, and how.
    policy
        ``concurrent``: all is chosen and estimated with all data. ``partial`` (partial concurrent
        adjustment): transformation, model, filters, outliers and calendar regressors are those
        chosen by data to the reference; coefficients and factors are estimated with all data.
        ``forward`` (controlled current adjustment): factors of the periods after the reference are
        those forecast from it, and the result is compared with partial concurrent adjustment.
    reference
        The last period of the data that choices are made by; None for the end of the last whole
        calendar year before the last period.
    timeout
        Seconds a run may take.

    Raises
    ------
    InputError
        For a reference outside the series, with less than three years before it, or from which the
        factors would have to be forecast too far.
    NotAdjusted
        Where the program fails.
    """
    if policy not in get_args(Revision):
        raise UnknownTerm("revision policy", policy, get_args(Revision))
    if policy == "concurrent":
        run = adjust(series, spec, timeout=timeout)
        return Revised(policy, series.last, run, series, run.adjusted, run.factors)
    given = Period.parse(reference) if isinstance(reference, str) else reference
    until = given or _last_year(series)
    known = series.until(until)
    after = len(series.values) - len(known.values)
    if after > MOST_FORECASTS:
        raise InputError(f"factors of {after} periods after {until} cannot be forecast")
    chosen = adjust(known, _reaching(spec, series, after), timeout=timeout)
    again = adjust(series, fixed(chosen), timeout=timeout)
    if policy == "partial":
        return Revised(policy, until, again, series, again.adjusted, again.factors)
    factors = np.concatenate([chosen.factors, chosen.forecast_factors[:after]])
    values = series.values / factors if chosen.multiplicative else series.values - factors
    # To the reference the run's own figures: division would change their last digits.
    values[: len(known.values)] = chosen.adjusted
    return Revised(policy, until, chosen, series, values, factors, after, again.adjusted)


def fixed(chosen: Adjusted) -> Spec:
    """The specification that repeats what a run chose, and chooses nothing more.

    Parameters
    ----------
    chosen
        A run with automatic choices.

    Returns
    -------
    Spec
        With its transformation, model, filters, outliers and regressors; coefficients are
        estimated again.
    """
    model, spec, x11 = chosen.model, chosen.spec, chosen.spec.method == "x11"
    # The program keeps or drops user-defined regressors together.
    user = bool(model.user)
    trading: TradingDays = "none"
    if spec.calendar and user and spec.holidays == "sundays" and spec.trading_days != "none":
        # The leap year, and what X-13 made itself, is among the variables where it was kept.
        six = spec.trading_days in ("auto", "td", "tdnolpyear")
        trading = "tdnolpyear" if six else "td1nolpyear"
    found = chosen.diagnostics
    return replace(
        spec,
        transform="log" if found.log else "none",
        arima=found.arima,
        trading_days=trading,
        calendar=spec.calendar if user else "",
        easter="none",
        lunar_new_year=spec.lunar_new_year if user else None,
        regressors=spec.regressors if user else (),
        variables=model.variables,
        outliers=(),
        find_outliers=(),
        critical_value=None,
        outlier_span=("", ""),
        seasonal_filter=_filter(found.seasonal_filter, spec) if x11 else "",
        trend_filter=(spec.trend_filter or found.trend_filter) if x11 else None,
    )


def _filter(chosen: str, spec: Spec) -> SeasonalFilter:
    return (
        spec.seasonal_filter
        if spec.seasonal_filter not in ("", "msr")
        else cast(SeasonalFilter, f"s{chosen}")
    )


def _reaching(spec: Spec, series: TimeSeries, after: int) -> Spec:
    """The specification with forecasts that reach the last period.

    X-11's factors depend on how far the series is extended, so that no more is forecast than was
    asked for or is needed.
    """
    asked = series.freq if spec.forecasts is None else spec.forecasts
    return replace(spec, forecasts=max(asked, after))


def _last_year(series: TimeSeries) -> Period:
    """The last period of the last calendar year that ended before the last period."""
    year = series.last.first // 12
    return Period((year * 12) - series.step, series.step, series.last.kind)
