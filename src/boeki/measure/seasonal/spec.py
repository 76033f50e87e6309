"""What X-13ARIMA-SEATS is asked to do with a series."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from boeki.errors import InputError, UnknownTerm
from boeki.measure.seasonal.regressors import LunarNewYear, Regressor
from boeki.terms.periods import Period

Method = Literal["seats", "x11"]
Transform = Literal["auto", "log", "none"]
TradingDays = Literal["auto", "none", "td", "tdnolpyear", "td1coef", "td1nolpyear"]
Holidays = Literal["sundays", "separate"]
SeasonalFilter = Literal["", "msr", "s3x1", "s3x3", "s3x5", "s3x9", "s3x15", "stable", "x11default"]

_ARIMA = re.compile(r"\(\s*(\d)\s+(\d)\s+(\d)\s*\)(?:\s*\(\s*(\d)\s+(\d)\s+(\d)\s*\))?")
_OUTLIER = re.compile(r"(AO|LS|TC|SO|RP|QI|QD|TL)(\d{4}-(?:\d\d|Q\d))(?:/(\d{4}-(?:\d\d|Q\d)))?")
#: Outliers that last from one period to another.
_SPANS = ("RP", "QI", "QD", "TL")
_FOUND = ("ao", "ls", "tc")
#: Regression variables in X-13's own words: nothing that could end the list they stand in.
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9.\-]*(?:\[[0-9]+\])?")
#: What X-13 can forecast at most.
MOST_FORECASTS = 120
_EASTER = range(1, 26)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A specification of X-13ARIMA-SEATS.

    What is not said is left to the program's automatic choice, as the ESS guidelines advise for
    series that nobody looks at one by one.

    Attributes
    ----------
    method
        ``seats`` (signals extracted by the ARIMA model) or ``x11`` (moving averages).
    transform
        ``log`` for a multiplicative decomposition, ``none`` for an additive one, ``auto`` to
        choose by AICC.
    arima
        ``auto``, or the orders: ``(0 1 1)(0 1 1)``.
    trading_days
        ``td`` (six contrasts of weekdays with Sunday, and the leap year), ``td1coef`` (weekdays
        with weekends, and the leap year), either with ``nolpyear`` for no leap year; ``auto`` to
        keep them only if they lower the AICC; ``none``.
    calendar
        Area whose public holidays are taken into account; empty for none. With it, trading days
        are regressors made by :func:`boeki.measure.seasonal.calendars.trading_day_regressors`, and
        ``auto`` is the six contrasts with Sunday, tested together.
    holidays
        Of the calendar: ``sundays``, or ``separate`` for a regressor of their own beside X-13's
        trading days, as Japanese offices do.
    easter
        Days before Easter on which the level of activity changes, 1 to 25; ``auto`` to test for
        1, 8 and 15; ``none``.
    lunar_new_year
        Windows around the lunar new year; None for no such effect. Tested by AICC together with
        the calendar's regressors where ``trading_days`` is ``auto``.
    outliers
        Given ones: ``AO2020-04``, ``LS2008-Q4``, ``TC2011-03``, ``RP2008-09/2009-02``.
    find_outliers
        Types that are searched for: ``ao`` (additive), ``ls`` (level shift), ``tc`` (temporary
        change); empty for none.
    critical_value
        The t-value from which an outlier is one; None to let its number follow from the length.
    outlier_span
        First and last period searched; empty for an open end.
    seasonal_filter, trend_filter
        Of X-11: the seasonal moving average, and the length of Henderson's filter; empty and None
        for automatic ones.
    approximate
        Whether SEATS may take a near model where the one chosen has no admissible decomposition
        (NOADMISS); else such a series is not adjusted. What it took is told.
    forecasts
        Periods forecast, up to 120; None for one year.
    regressors
        Regressors of the user's own.
    variables
        More regression variables, in X-13's own words: ``easter[8]``, ``lpyear``, ``const``.

    Raises
    ------
    InputError, UnknownTerm, BadPeriod
        On making one, for what X-13 would refuse.
    """

    method: Method = "seats"
    transform: Transform = "auto"
    arima: str = "auto"
    trading_days: TradingDays = "auto"
    calendar: str = ""
    holidays: Holidays = "sundays"
    easter: int | Literal["auto", "none"] = "auto"
    lunar_new_year: LunarNewYear | None = None
    outliers: tuple[str, ...] = ()
    find_outliers: tuple[str, ...] = ("ao", "ls")
    critical_value: float | None = None
    outlier_span: tuple[str, str] = ("", "")
    seasonal_filter: SeasonalFilter = ""
    trend_filter: int | None = None
    approximate: bool = True
    forecasts: int | None = None
    regressors: tuple[Regressor, ...] = ()
    variables: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        _one_of("method", self.method, get_args(Method))
        _one_of("transformation", self.transform, get_args(Transform))
        _one_of("kind of trading days", self.trading_days, get_args(TradingDays))
        _one_of("way to treat holidays", self.holidays, get_args(Holidays))
        _one_of("seasonal filter", self.seasonal_filter, get_args(SeasonalFilter))
        for kind in self.find_outliers:
            _one_of("type of outlier", kind, _FOUND)
        self._check_numbers()
        self._check_words()

    def _check_numbers(self) -> None:
        if self.easter not in ("auto", "none") and self.easter not in _EASTER:
            raise InputError(f"Easter's window is 1 to 25 days, auto or none, not {self.easter!r}")
        if self.forecasts is not None and not 0 <= self.forecasts <= MOST_FORECASTS:
            raise InputError(f"0 to {MOST_FORECASTS} periods can be forecast, not {self.forecasts}")
        if self.critical_value is not None and self.critical_value <= 0:
            raise InputError(
                f"a critical value is a positive t-value, not {self.critical_value}: 3.5 finds "
                "more outliers, 4.5 fewer"
            )
        length = self.trend_filter
        if length is not None and (length % 2 == 0 or not 3 <= length <= 101):
            raise InputError(f"Henderson's filter has an odd length of 3 to 101, not {length}")

    def _check_words(self) -> None:
        if self.method == "seats" and (self.seasonal_filter or self.trend_filter):
            raise InputError("filters are X-11's: SEATS derives its own from the model")
        if self.arima != "auto":
            orders(self.arima)
        for outlier in self.outliers:
            outlier_dates(outlier)
        for bound in filter(None, self.outlier_span):
            Period.parse(bound)
        for variable in self.variables:
            if not _VARIABLE.fullmatch(variable):
                raise InputError(f"{variable!r} is no regression variable of X-13")
        names = [r.name for r in self.regressors]
        if len(set(names)) < len(names):
            raise InputError(f"two regressors have one name: {', '.join(sorted(names))}")

    def with_(self, **changes: Any) -> Spec:
        """Another one that differs in what is named."""
        return replace(self, **changes)


def orders(arima: str) -> str:
    """The orders of an ARIMA model as X-13 writes them.

    Raises
    ------
    InputError
        Where they are none.
    """
    match = _ARIMA.fullmatch(arima.strip())
    if not match:
        raise InputError(f"{arima!r} is no ARIMA model: write (0 1 1)(0 1 1), or auto")
    p, d, q, *seasonal = match.groups()
    return f"({p} {d} {q})" + (f"({' '.join(seasonal)})" if seasonal[0] is not None else "")


def outlier_dates(outlier: str) -> tuple[str, Period, Period | None]:
    """Type, first and last period of an outlier: ``RP2008-09/2009-02``.

    Raises
    ------
    InputError
        Where it is none.
    """
    match = _OUTLIER.fullmatch(outlier.strip().upper())
    if not match or (match[3] is not None) != (match[1] in _SPANS):
        raise InputError(
            f"{outlier!r} is no outlier: write AO2020-04, LS2008-11, TC2011-03, or a ramp "
            "RP2008-09/2009-02"
        )
    return match[1], Period.parse(match[2]), Period.parse(match[3]) if match[3] else None


def _one_of(sort: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise UnknownTerm(sort, str(given), [k for k in known if k])
