"""Seasonal adjustment of one series by X-13ARIMA-SEATS."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from boeki.measure.seasonal.binary import TIMEOUT, NotAdjusted, Output, execute
from boeki.measure.seasonal.diagnostics import Diagnostics, read_diagnostics
from boeki.measure.seasonal.series import Floats, TimeSeries, read_series
from boeki.measure.seasonal.spc import TABLES, Script, write
from boeki.measure.seasonal.spec import Spec
from boeki.measure.seasonal.tables import Model, agree, date_of, read_model, read_table

if TYPE_CHECKING:
    import pandas as pd

#: The program loses digits of numbers far from 1; powers of a thousand bring them near.
_WELL_SCALED = (1e-3, 1e8)
_STOCHASTIC = (
    "SEATS took a transitory component near a trading-day frequency out of the adjusted series; it "
    "stands among the calendar factors. Trading-day regressors would describe it better."
)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A seasonally adjusted series.

    All arrays but the forecasts have the shape ``(periods,)``, in the unit of the series. Factors
    are ratios around 1 where :attr:`Diagnostics.mode` is multiplicative, and amounts around 0
    where it is additive.

    Attributes
    ----------
    series
        What was adjusted.
    seasonal
        Seasonal factors.
    calendar
        Factors of trading days and holidays, and of a transitory component where SEATS took one
        out of the adjusted series; a warning says so.
    adjusted
        The series without both.
    trend, irregular
        The trend-cycle; what is left: a factor or an amount, as the seasonal is.
    forecast, forecast_low, forecast_high
        Of the original series, shape ``(horizon,)``, with the ends of the 95 % interval.
    forecast_factors
        Seasonal and calendar factors of the forecast periods, together: what forward factors are.
    diagnostics, model, warnings
        What the program says of its work.
    spec, text
        The specification, and its text as the program read it, without data.
    version
        Of the program.
    scale
        What values were divided by before the program saw them; likelihoods are of that scale.
    """

    series: TimeSeries
    seasonal: Floats
    calendar: Floats
    adjusted: Floats
    trend: Floats
    irregular: Floats
    forecast: Floats
    forecast_low: Floats
    forecast_high: Floats
    forecast_factors: Floats
    diagnostics: Diagnostics
    model: Model
    warnings: tuple[str, ...]
    spec: Spec
    text: str
    version: str
    scale: float

    @property
    def original(self) -> Floats:
        """What was adjusted."""
        return self.series.values

    @property
    def multiplicative(self) -> bool:
        """Whether factors multiply."""
        return self.diagnostics.mode == "multiplicative"

    @property
    def factors(self) -> Floats:
        """Seasonal and calendar factors together."""
        return _together(self.seasonal, self.calendar, multiplicative=self.multiplicative)

    @property
    def adjusted_forecast(self) -> Floats:
        """The forecast, seasonally adjusted; shape ``(horizon,)``."""
        if self.multiplicative:
            return self.forecast / self.forecast_factors
        return self.forecast - self.forecast_factors

    def to_pandas(self) -> pd.DataFrame:
        """A data frame with an index of periods."""
        import pandas as pd

        names = ("original", "adjusted", "seasonal", "calendar", "trend", "irregular")
        index = pd.PeriodIndex(
            [p.replace("-Q", "Q") for p in self.series.periods()],
            freq="M" if self.series.freq == 12 else "Q",
        )
        return pd.DataFrame({name: getattr(self, name) for name in names}, index=index)


def adjust(
    series: TimeSeries | pd.Series | Sequence[float] | Floats,
    spec: Spec | None = None,
    *,
    start: str | None = None,
    freq: int | None = None,
    name: str | None = None,
    timeout: float = TIMEOUT,
) -> Adjusted:
    """Adjust a series for its seasonal pattern, trading days and holidays.

    Parameters
    ----------
    series
        Months or quarters without a gap, three years of them at least: a pandas series with an
        index of periods, dates or texts, or plain values with ``start``.
    spec
        How; None to leave all to X-13ARIMA-SEATS' automatic choice, with SEATS.
    start, freq
        Of plain values: the first period (``2007-01``, ``2007-Q1``), and 12 or 4.
    name
        Of the series, for messages.
    timeout
        Seconds after which a run is given up.

    Returns
    -------
    Adjusted
        Components and diagnostics.

    Raises
    ------
    InputError
        For a series or a specification that cannot be used.
    NotAdjusted
        Where the program reports an error. There is never a number from a run that failed.
    MissingExtra
        Without ``boeki[seasonal]``.

    Notes
    -----
    U.S. Census Bureau, X-13ARIMA-SEATS, version 1.1; Findley, Monsell, Bell, Otto & Chen (1998),
    New capabilities and methods of the X-12-ARIMA seasonal-adjustment program, Journal of Business
    & Economic Statistics 16; Gómez & Maravall (1996), Programs TRAMO and SEATS, Banco de España.
    """
    data, how = read_series(series, start, freq, name), spec or Spec()
    scale = _scale(data.values)
    script = write(data, how, data.values / scale)
    endings = (*TABLES[how.method], "s14", "td", "hol", "fct", "mdl", "acf", "udg")
    output = execute(script.text, endings, data.name, timeout)
    return _read(data, how, script, output, scale)


def _scale(values: Floats) -> float:
    """A power of a thousand by which values come near to 1; 1 where they are."""
    largest = float(np.max(np.abs(values)))
    low, high = _WELL_SCALED
    if largest == 0 or low <= largest < high:
        return 1.0
    return 1000.0 ** math.floor(math.log(largest, 1000))


def _read(data: TimeSeries, spec: Spec, script: Script, output: Output, scale: float) -> Adjusted:
    files = output.files
    diagnostics = read_diagnostics(files.get("udg", ""), files.get("acf", ""), data.freq)
    times = diagnostics.mode == "multiplicative"
    n, wanted = len(data.values), data.freq if spec.forecasts is None else spec.forecasts
    names = ("seasonal factors", "the adjusted series", "the trend", "the irregular")
    seasonal, adjusted, trend, irregular = (
        read_table(files.get(table, ""), what, date_of(data, 0))
        for table, what in zip(TABLES[spec.method], names, strict=True)
    )
    calendar = _calendar(files, data, n + wanted, multiplicative=times)
    if len(seasonal) < n + wanted or len(adjusted) < n:
        raise NotAdjusted(f"X-13ARIMA-SEATS wrote shorter tables than {data.name} is")
    values = data.values / scale
    factors = _together(seasonal[: n + wanted], calendar, multiplicative=times)
    warnings = output.warnings
    if "s14" in files and not agree(values, factors[:n], adjusted[:n], multiplicative=times):
        moved = read_table(files["s14"], "the transitory component", date_of(data, 0))
        if len(moved) >= n + wanted:
            calendar = _together(calendar, moved[: n + wanted], multiplicative=times)
            factors = _together(seasonal[: n + wanted], calendar, multiplicative=times)
            warnings = (*warnings, _STOCHASTIC)
    if not agree(values, factors[:n], adjusted[:n], multiplicative=times):
        raise NotAdjusted(
            f"the factors and the adjusted series of {data.name} do not make up the original: "
            "give a model and the calendar effects instead of automatic choices"
        )
    if changed := diagnostics.seats_change:
        warnings = (*warnings, changed)
    unit = 1.0 if times else scale
    return Adjusted(
        data, seasonal[:n] * unit, calendar[:n] * unit, adjusted[:n] * scale, trend[:n] * scale,
        irregular[:n] * unit, *_forecast(files, data, wanted, scale), factors[n:] * unit,
        diagnostics, read_model(files.get("mdl", "")), warnings, spec, script.shown,
        _version(diagnostics), scale,
    )  # fmt: skip


def _together(seasonal: Floats, calendar: Floats, *, multiplicative: bool) -> Floats:
    return seasonal * calendar if multiplicative else seasonal + calendar


def _calendar(
    files: dict[str, str], data: TimeSeries, length: int, *, multiplicative: bool
) -> Floats:
    """Factors of trading days (and leap years) and of holidays, forecasts included."""
    out = np.ones(length) if multiplicative else np.zeros(length)
    for table, what in (("td", "trading day factors"), ("hol", "holiday factors")):
        if table not in files:
            continue
        found = read_table(files[table], what, date_of(data, 0))
        if len(found) < length:
            raise NotAdjusted(f"X-13ARIMA-SEATS wrote a shorter table of {what} than was needed")
        out = _together(out, found[:length], multiplicative=multiplicative)
    return out


def _forecast(
    files: dict[str, str], data: TimeSeries, wanted: int, scale: float
) -> tuple[Floats, Floats, Floats]:
    if not wanted:
        return np.empty(0), np.empty(0), np.empty(0)
    first = date_of(data, len(data.values))
    table = read_table(files.get("fct", ""), "forecasts", first, 3)[:wanted] * scale
    if len(table) < wanted:
        raise NotAdjusted(f"X-13ARIMA-SEATS forecast only {len(table)} periods of {data.name}")
    return table[:, 0], table[:, 1], table[:, 2]


def _version(diagnostics: Diagnostics) -> str:
    raw = diagnostics.raw
    return f"X-13ARIMA-SEATS {raw.get('version', '?')} build {raw.get('build', '?')}"
