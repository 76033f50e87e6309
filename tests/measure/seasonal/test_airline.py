"""The airline series, of which the program's results are published and were computed elsewhere."""

from __future__ import annotations

import json

import numpy as np
import pytest

from boeki.measure.seasonal import Spec, adjust
from tests.measure.seasonal.airline import AIRLINE, FIRST

#: The program was given no forecasts to save, so that nothing but its printed digits differs.
AUTOMATIC = {"easter": "auto", "trading_days": "auto", "find_outliers": ("ao", "ls")}


@pytest.fixture(scope="module")
def seats():
    return adjust(AIRLINE, Spec(method="seats", **AUTOMATIC), start=FIRST, name="airline")


@pytest.fixture(scope="module")
def x11():
    return adjust(AIRLINE, Spec(method="x11", **AUTOMATIC), start=FIRST, name="airline")


# The R package seasonal, tests/testthat/test-issues.R, to the digits that it prints.
def test_the_model_is_the_published_one(seats):
    found = seats.diagnostics
    assert (found.log, found.arima) == (True, "(0 1 1)(0 1 1)")
    assert found.outliers == ("AO1951.May",)
    published = {
        "Weekday": -0.002949699141,
        "Easter[1]": 0.01776737357,
        "AO1951.May": 0.1001558244,
        "Nonseasonal lag 1": 0.1156204139,
        "Seasonal lag 12": 0.4973600193,
    }
    for name, value in published.items():
        assert found.coefficient(name).value == pytest.approx(value, rel=1e-9), name


# X-13ARIMA-SEATS 1.1 build 62, run by itself; the R package prints the same AICC and BIC.
def test_criteria_are_of_the_original_series(seats):
    found = seats.diagnostics
    assert found.aicc == pytest.approx(947.3395, abs=5e-5)
    assert found.bic == pytest.approx(963.9133, abs=5e-5)
    assert found.log_likelihood == pytest.approx(-467.331, abs=5e-4)


@pytest.mark.parametrize("method", ["seats", "x11"])
def test_first_and_last_figure(method, request):
    published = {
        "seats": (122.713323405133, 487.544729897485),
        "x11": (121.720230114009, 491.878923656956),
    }
    adjusted = request.getfixturevalue(method).adjusted
    assert (adjusted[0], adjusted[-1]) == pytest.approx(published[method], rel=1e-12)


@pytest.mark.parametrize("method", ["seats", "x11"])
def test_every_table_to_the_printed_digits(method, request, shared):
    run = request.getfixturevalue(method)
    stem, tables = {"seats": ("air", "s"), "x11": ("airx11", "d")}[method]
    folder = shared / "data" / "reference" / "x13_airline"
    for number, name in ((10, "seasonal"), (11, "adjusted"), (12, "trend"), (13, "irregular")):
        lines = (folder / f"{stem}.{tables}{number}").read_text().splitlines()[2:]
        printed = np.array([float(line.split()[1]) for line in lines])
        assert getattr(run, name) == pytest.approx(printed[: len(AIRLINE)], rel=1e-12), name


def test_the_reference_is_what_is_written_here(seats, shared):
    text = (shared / "data" / "reference" / "expected.json").read_text(encoding="utf-8")
    printed = json.loads(text)["x13_airline"]
    assert seats.diagnostics.aicc == pytest.approx(printed["AICC"], abs=5e-5)
    assert seats.adjusted[-1] == pytest.approx(printed["seats_s11_last"], rel=1e-12)


@pytest.mark.parametrize("method", ["seats", "x11"])
def test_components_make_up_the_original(method, request):
    run = request.getfixturevalue(method)
    assert run.adjusted * run.factors == pytest.approx(np.array(AIRLINE), rel=1e-9)
    if method == "seats":
        # Outliers belong to the irregular (AO) and the trend (LS), so nothing is left over.
        assert run.trend * run.irregular == pytest.approx(run.adjusted, rel=1e-9)


def test_the_adjusted_series_has_no_seasonality_left(seats):
    assert seats.diagnostics.seasonality["original"].p < 0.01
    assert seats.diagnostics.seasonality["adjusted"].p > 0.99


# Monitoring and quality statistics lie between 0 and 3 by definition; below 1 is acceptable
# (Lothian & Morry 1978, A set of quality control statistics for X-11-ARIMA). The airline series is
# the textbook case of a good adjustment.
def test_x11_finds_its_own_adjustment_good(x11):
    found = x11.diagnostics
    assert found.identifiable_seasonality is True
    assert set(found.m_statistics) == {f"M{n:02d}" for n in range(1, 12)}
    assert all(0 <= v <= 3 for v in found.m_statistics.values())
    assert found.q is not None
    assert found.q < 1


def test_a_forecast_lies_in_its_interval(seats):
    assert len(seats.forecast) == 12
    assert (seats.forecast_low < seats.forecast).all()
    assert (seats.forecast < seats.forecast_high).all()
    assert seats.adjusted_forecast * seats.forecast_factors == pytest.approx(seats.forecast)
