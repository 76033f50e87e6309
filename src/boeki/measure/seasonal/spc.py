"""The text of a specification file, as X-13ARIMA-SEATS reads it.

U.S. Census Bureau, X-13ARIMA-SEATS Reference Manual, version 1.1, chapter 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from boeki.errors import InputError
from boeki.measure.seasonal.regressors import Regressor
from boeki.measure.seasonal.series import Floats, TimeSeries
from boeki.measure.seasonal.spec import Spec, orders, outlier_dates
from boeki.terms.periods import Period

#: Tables that hold seasonal factors, the adjusted series, trend and irregular.
TABLES = {"seats": ("s10", "s11", "s12", "s13"), "x11": ("d10", "d11", "d12", "d13")}
#: SEATS needs so many years of forecasts, and makes them if it is not told to.
_SEATS_YEARS = 3
#: Regressors reach so many periods further: SEATS lengthens the forecasts of long models.
_SPARE = 24


@dataclass(frozen=True, slots=True)
class Script:
    """A specification file.

    Attributes
    ----------
    text
        All of it.
    shown
        The same without data, for people.
    horizon
        Periods that are forecast.
    """

    text: str
    shown: str
    horizon: int


def write(series: TimeSeries, spec: Spec, values: Floats) -> Script:
    """Write a specification for one series.

    Parameters
    ----------
    series
        What is adjusted.
    spec
        How.
    values
        Its values as they are given to the program, shape ``(periods,)``.

    Raises
    ------
    InputError
        Where the specification does not fit the series: logarithms of what is not positive, an
        outlier outside it, regressors that are too short.
    """
    _check(series, spec)
    wanted = series.freq if spec.forecasts is None else spec.forecasts
    horizon = max(wanted, _SEATS_YEARS * series.freq) if spec.method == "seats" else wanted
    regressors = _regressors(series, spec, horizon)
    blocks = [
        _series(series, values),
        f"transform{{\n  function={spec.transform}\n}}",
        _regression(series, spec, regressors, len(values) + horizon + _SPARE),
        "automdl{}" if spec.arima == "auto" else f"arima{{\n  model={orders(spec.arima)}\n}}",
        "estimate{\n  save=mdl\n}",
        "check{\n  save=acf\n}",
        _outlier(spec, series),
        f"forecast{{\n  maxlead={horizon}\n" + ("  save=fct\n}" if horizon else "}"),
        _method(spec),
    ]
    text = "\n".join(filter(None, blocks)) + "\n"
    return Script(text, _without_data(text, series), horizon)


def _check(series: TimeSeries, spec: Spec) -> None:
    if spec.transform == "log" and (low := np.flatnonzero(series.values <= 0)).size:
        at = series.period(int(low[0]))
        raise InputError(
            f"{series.name} is {series.values[low[0]]:g} in {at}: only positive values have "
            "logarithms; set the transformation to none, or to auto"
        )
    for outlier in spec.outliers:
        _kind, first, last = outlier_dates(outlier)
        for period in filter(None, (first, last)):
            if not 0 <= series.place(period) < len(series.values):
                raise InputError(
                    f"the outlier {outlier} lies outside of {series.name}, "
                    f"{series.first} to {series.last}"
                )


def _regressors(series: TimeSeries, spec: Spec, horizon: int) -> tuple[Regressor, ...]:
    """The user-defined regressors: working days, lunar new year, the user's own."""
    from boeki.measure.seasonal import calendars

    first, last = str(series.first), str(series.period(len(series.values) - 1 + horizon + _SPARE))
    out: list[Regressor] = []
    if spec.calendar and spec.holidays == "separate":
        out.append(calendars.holiday_regressor(spec.calendar, first, last))
    elif spec.calendar and spec.trading_days != "none":
        single = spec.trading_days in ("td1coef", "td1nolpyear")
        out += calendars.trading_day_regressors(spec.calendar, first, last, single=single)
    if spec.lunar_new_year:
        out += calendars.lunar_new_year_regressors(spec.lunar_new_year, first, last)
    return (*out, *spec.regressors)


def _series(series: TimeSeries, values: Floats) -> str:
    data = "\n".join(f"  {v!r}" for v in values.tolist())
    return (
        f'series{{\n  title="{_title(series.name)}"\n  start={_dot(series.first)}\n'
        f"  period={series.freq}\n  missingcode={_not_in(values)!r}\n  data=(\n{data}\n  )\n}}"
    )


def _title(name: str) -> str:
    """A title without what would end it."""
    return re.sub(r"[^A-Za-z0-9 .,;:()+-]", " ", name)[:70].strip() or "series"


def _not_in(values: Floats) -> float:
    """A code for missing values that no value has: what X-13 takes for one, it would estimate."""
    return -float(10 ** (2 + len(str(int(np.max(np.abs(values)))))))


def _dot(period: Period) -> str:
    year, month = divmod(period.first, 12)
    return f"{year}.{month // 3 + 1}" if period.kind == "Q" else f"{year}.{month + 1:02d}"


def _regression(
    series: TimeSeries, spec: Spec, regressors: Sequence[Regressor], length: int
) -> str:
    variables = [*spec.variables, *map(_x13_outlier, spec.outliers)]
    tested: list[str] = []
    own = bool(spec.calendar) and spec.holidays == "sundays"
    if spec.trading_days == "auto":
        tested += ["lpyear"] if own else ["td"]
    elif spec.trading_days != "none":
        if not own:
            variables.append(spec.trading_days)
        elif "nolpyear" not in spec.trading_days:
            variables.append("lpyear")
    if spec.easter == "auto":
        tested.append("easter")
    elif spec.easter != "none":
        variables.append(f"easter[{spec.easter}]")
    if regressors and spec.trading_days == "auto":
        tested.append("user")
    if not (variables or tested or regressors):
        return ""
    lines = ["regression{", *_listed("variables", variables), *_listed("aictest", tested)]
    if regressors:
        lines += _user(series, regressors, length)
    return "\n".join([*lines, "  save=(td hol)", "}"])


def _user(series: TimeSeries, regressors: Sequence[Regressor], length: int) -> list[str]:
    columns = [r.between(series.first, length, series.step) for r in regressors]
    values = [repr(float(v)) for row in zip(*columns, strict=True) for v in row]
    return [
        *_listed("user", [r.name for r in regressors]),
        *_listed("usertype", [r.kind for r in regressors]),
        f"  start={_dot(series.first)}",
        *_listed("data", values),
    ]


def _listed(name: str, words: Iterable[str]) -> list[str]:
    """A list with one word a line: X-13 reads 133 characters of a line and no more."""
    shown = [f"    {word}" for word in words]
    return [f"  {name}=(", *shown, "  )"] if shown else []


def _x13_outlier(outlier: str) -> str:
    kind, first, last = outlier_dates(outlier)
    return f"{kind.lower()}{_dot(first)}" + (f"-{_dot(last)}" if last else "")


def _outlier(spec: Spec, series: TimeSeries) -> str:
    if not spec.find_outliers:
        return ""
    lines = ["outlier{", f"  types=({' '.join(spec.find_outliers)})"]
    if spec.critical_value is not None:
        lines.append(f"  critical={spec.critical_value!r}")
    if any(spec.outlier_span):
        bounds = [_dot(Period.parse(p)) if p else "" for p in spec.outlier_span]
        for bound in filter(None, spec.outlier_span):
            series.place(Period.parse(bound))
        lines.append(f"  span=({', '.join(bounds)})")
    return "\n".join([*lines, "}"])


def _method(spec: Spec) -> str:
    tables = (*TABLES[spec.method], "s14") if spec.method == "seats" else TABLES[spec.method]
    saved = f"  appendfcst=yes\n  save=({' '.join(tables)})"
    lines = [f"{spec.method}{{"]
    if spec.method == "seats" and spec.approximate:
        lines.append("  noadmiss=yes")
    if spec.method == "x11" and spec.transform != "auto":
        # Left alone, X-11 would multiply whatever the transformation.
        lines.append(f"  mode={'mult' if spec.transform == 'log' else 'add'}")
    if spec.seasonal_filter:
        lines.append(f"  seasonalma={spec.seasonal_filter}")
    if spec.trend_filter:
        lines.append(f"  trendma={spec.trend_filter}")
    return "\n".join([*lines, saved, "}"])


def _without_data(text: str, series: TimeSeries) -> str:
    """The text with the data named instead of listed."""
    said = f"  # data: {series.first} to {series.last}"
    return re.sub(r"  (?:missingcode=\S+\n  )?data=\(\n.*?\n  \)", said, text, flags=re.DOTALL)
