"""Seasonal adjustment by X-13ARIMA-SEATS, with the extra ``boeki[seasonal]``."""

from boeki.measure.seasonal.adjusted import measure_adjusted
from boeki.measure.seasonal.adjustment import Adjusted, adjust
from boeki.measure.seasonal.binary import NotAdjusted
from boeki.measure.seasonal.calendars import (
    holiday_regressor,
    lunar_new_year_regressors,
    trading_day_regressors,
)
from boeki.measure.seasonal.many import AdjustedMany, adjust_many
from boeki.measure.seasonal.regressors import LunarNewYear, Regressor, moving_holiday
from boeki.measure.seasonal.revision import Revised, adjust_under
from boeki.measure.seasonal.spec import Spec

__all__ = [
    "Adjusted",
    "AdjustedMany",
    "LunarNewYear",
    "NotAdjusted",
    "Regressor",
    "Revised",
    "Spec",
    "adjust",
    "adjust_many",
    "adjust_under",
    "holiday_regressor",
    "lunar_new_year_regressors",
    "measure_adjusted",
    "moving_holiday",
    "trading_day_regressors",
]
