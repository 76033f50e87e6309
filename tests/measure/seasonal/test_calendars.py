"""Regressors of the calendar against dates that others publish."""

from __future__ import annotations

import datetime as dt

import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.measure.seasonal import (
    LunarNewYear,
    Regressor,
    holiday_regressor,
    lunar_new_year_regressors,
    moving_holiday,
    trading_day_regressors,
)
from boeki.measure.seasonal.calendars import lunar_new_year_days


# Hong Kong Observatory, Gregorian-lunar calendar conversion tables, 1901 to 2100.
@pytest.mark.parametrize(
    "day", ["1985-02-20", "2000-02-05", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17"]
)
def test_new_year_s_day(day):
    assert dt.date.fromisoformat(day) in lunar_new_year_days()


def test_vietnam_s_new_year_of_1985_was_a_month_before_china_s():
    # The best known difference of the two calendars: 21 January against 20 February 1985.
    assert dt.date(1985, 1, 21) in lunar_new_year_days("vietnamese")


def _values(regressor, first, count):
    from boeki.terms.periods import Period

    return regressor.between(Period.parse(first), count, Period.parse(first).months)


def test_without_holidays_days_of_the_week_are_counted():
    # November 2024 began on a Friday: five Fridays and Saturdays, four of the other days. Nothing
    # of a month is left in the long run, so the contrasts of 28 years add up to nil.
    found = trading_day_regressors("", "2000-01", "2027-12")
    names = [r.name for r in found]
    assert names == ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    raw = [_values(r, "2024-11", 1)[0] for r in found]
    # Differences between regressors of one month do not depend on the means: those of a Gregorian
    # 28 years are the same for every day of the week.
    assert raw[4] - raw[0] == pytest.approx(1.0)
    assert raw[5] - raw[4] == pytest.approx(0.0)
    for regressor in found:
        assert sum(regressor.values) == pytest.approx(0.0, abs=1e-9)


def test_a_holiday_counts_as_a_sunday():
    # 4 November 2024, a Monday, was a holiday in place of Sunday the 3rd; the 23rd was a Saturday
    # (Cabinet Office of Japan, days of the Act on National Holidays).
    plain = trading_day_regressors("", "2000-01", "2027-12")
    japan = trading_day_regressors("JPN", "2000-01", "2027-12")
    at = (2024 - 2000) * 12 + 10
    mean_plain = sum(plain[0].values[i] for i in range(10, 336, 12))
    mean_japan = sum(japan[0].values[i] for i in range(10, 336, 12))
    assert (mean_plain, mean_japan) == pytest.approx((0.0, 0.0), abs=1e-9)
    # Centred on their own means, so that the difference between years is looked at: November 2023
    # lost a Friday (3rd) and a Thursday (23rd), and had no Monday off.
    now, before = japan[0].values[at], japan[0].values[at - 12]
    # Mondays less Sundays: 2024: 3 worked − (4 Sundays + 2 holidays); 2023: 4 − (4 + 2).
    assert now - before == pytest.approx((3 - 6) - (4 - 6))


def test_holidays_that_fall_on_days_of_work():
    # Japan lost 1 day of work in November 2024 (the 4th), 2 in November 2023 (the 3rd and 23rd).
    found = holiday_regressor("JPN", "2023-01", "2024-12")
    assert found.values[22] - found.values[10] == pytest.approx(1 - 2)


def test_a_window_is_shared_out_between_months():
    # New year's day was 10 February 2024: of the seven days before, 3 to 9 February, all lie in
    # February. In 2023 it was 22 January, so all lie in January.
    before, _during, _after = lunar_new_year_regressors(LunarNewYear(7, 7, 7), "2023-01", "2024-12")
    assert before.values[0] - before.values[12] == pytest.approx(1.0)
    assert before.values[13] - before.values[1] == pytest.approx(1.0)
    # 29 January 2025 and the six days after it: three in January, four in February.
    (during,) = lunar_new_year_regressors(LunarNewYear(0, 7, 0), "2023-01", "2025-12")
    assert during.values[24] - during.values[12] == pytest.approx(3 / 7)


def test_a_holiday_of_one_s_own():
    # Diwali: 12 November 2023, 1 November 2024, 20 October 2025 (Government of India, gazetted).
    days = [dt.date(2023, 11, 12), dt.date(2024, 11, 1), dt.date(2025, 10, 20)]
    found = moving_holiday("diwali", days, "2023-01", "2025-12", start=-3, length=4)
    # 29 to 31 October and 1 November 2024: three of four days in October.
    assert found.values[21] == pytest.approx(0.75 - (0 + 0.75 + 1) / 3)
    assert found.values[22] == pytest.approx(0.25 - (1 + 0.25 + 0) / 3)


# The package calls Bulgaria BLG and Bahrain BAH; ISO 3166 does not. Days of work lost in Bulgaria
# (Labour Code, article 154): in May 2024 the 1st, the 3rd (Good Friday), the 6th and the 24th; in
# May 2023 the 1st, the 8th (for Saturday the 6th) and the 24th.
def test_countries_are_named_as_iso_3166_names_them():
    found = holiday_regressor("BGR", "2023-01", "2024-12")
    assert found.values[16] - found.values[4] == pytest.approx(4 - 3)
    assert len(holiday_regressor("BHR", "2023-01", "2024-12").values) == 24


def test_what_is_not_known_is_said():
    with pytest.raises(UnknownTerm, match="public holidays"):
        trading_day_regressors("CSK", "2020-01", "2021-12")
    with pytest.raises(InputError, match="known for"):
        trading_day_regressors("JPN", "1900-01", "2021-12")
    with pytest.raises(InputError, match="span"):
        holiday_regressor("JPN", "2021-01", "2020-01")
    with pytest.raises(InputError, match="0 to 60 days"):
        LunarNewYear(0, 0, 0)
    with pytest.raises(InputError, match="no days"):
        moving_holiday("none", [], "2020-01", "2020-12")
    with pytest.raises(InputError, match="cannot name"):
        Regressor("9th", "td", "2020-01", (1.0,))
    with pytest.raises(InputError, match="no finite"):
        Regressor("gap", "td", "2020-01", (float("nan"),))
