"""Nowcasts: rules by hand, a process of known truth, and no look into the future."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from boeki.cli.main import cli
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.measure.nowcast import measure_nowcast
from boeki.measure.nowcast.backtest import FACTOR, diebold_mariano, end_of
from boeki.measure.nowcast.dynamic_factor import NotEstimated, estimate, growth_on_year
from boeki.measure.nowcast.rules import first_days, last_growth, mean_growth, same_month
from boeki.terms.periods import Period
from tests.handmade import document, flow, lake_of, month

START = 2020 * 12


def test_rules_by_hand():
    known = dict.fromkeys(range(12), 100.0) | {12: 110.0, 13: 120.0, 14: 130.0}
    assert same_month(known, 15) == 100.0
    # The newest month grew by 30 %, the newest three from 300 to 360.
    assert last_growth(known, 15) == pytest.approx(130.0)
    assert mean_growth(known, 15) == pytest.approx(120.0)
    assert first_days(known, {3: 20.0, 15: 25.0}, 15) == pytest.approx(125.0)
    assert first_days(known, {15: 25.0}, 15) is None
    assert last_growth({0: 5.0}, 15) is None
    assert mean_growth({k: v for k, v in known.items() if k != 13}, 15) is None


def test_diebold_and_mariano_by_hand():
    rng = np.random.default_rng(3)
    one, other = rng.normal(0, 1, 40), rng.normal(0, 1.5, 40)
    d = one**2 - other**2
    # One step ahead: t of the mean with the n in the variance, times √((n − 1) / n).
    t = d.mean() / np.sqrt(d.var() / 40) * np.sqrt(39 / 40)
    assert diebold_mariano(one, other) == pytest.approx(2 * stats.t.sf(abs(t), 39))
    assert diebold_mariano(one, one) is None
    assert diebold_mariano(one[:5], other[:5]) is None


def factor_panel(seed: int, n: int = 200) -> tuple[dict[str, dict[int, float]], np.ndarray]:
    rng = np.random.default_rng(seed)
    f = np.zeros(n)
    for t in range(1, n):
        f[t] = 0.8 * f[t - 1] + rng.normal()
    loads = (("y", 1.0), ("a", 0.9), ("b", -0.7))
    panel = {
        name: {START + t: float(5 + 3 * (load * f[t] + 0.3 * rng.normal())) for t in range(n)}
        for name, load in loads
    }
    return panel, 5 + 3 * f


def test_the_factor_model_finds_the_factor_behind_a_missing_month():
    errors, naive = [], []
    for seed in range(4):
        panel, truth = factor_panel(seed)
        last = START + 199
        del panel["y"][last]
        said = estimate(panel, last).growth(panel, last)
        errors.append(said - truth[-1])
        naive.append(panel["y"][last - 1] - truth[-1])
    # What the other series say of the month leaves an error of some 0.3 · 3 / √2; the month before
    # one of about 3.
    assert np.sqrt(np.mean(np.square(errors))) < 1.2
    assert np.sqrt(np.mean(np.square(naive))) > 2


def test_a_model_that_cannot_be_estimated_says_why():
    panel, _truth = factor_panel(1)
    with pytest.raises(NotEstimated, match="name indicators"):
        estimate({"y": panel["y"]}, START + 199)
    short = {k: dict(list(v.items())[:30]) for k, v in panel.items()}
    with pytest.raises(NotEstimated, match="48 months"):
        estimate(short, START + 29)


def test_growth_needs_positive_figures():
    assert growth_on_year({0: 100.0, 12: 110.0, 1: 0.0, 13: 5.0}) == {
        12: pytest.approx(100 * np.log(1.1))
    }


def office(count: int = 90, parts: bool = False, poison: bool = False):
    """A lake whose office releases each month 18 days after its end, and corrects it later."""
    rng = np.random.default_rng(11)
    rows, days = [], set()
    drift = np.cumsum(rng.normal(0, 0.01, count))
    for i in range(count):
        value = round(1000 * np.exp(0.003 * i + drift[i]) * (1 + 0.1 * np.sin(i)))
        at = end_of(START + i) + dt.timedelta(18)
        told = [(value, at, "provisional")]
        if poison:
            # The correction comes a year later and is of another order.
            told.append((value * 10, at + dt.timedelta(365), "final"))
        for v, day, status in told:
            rows.append(flow(month(i), v, published=day, status=status, source=f"office/{day}"))
            rows.append(flow(month(i), v, flow="import", published=day, status=status,
                             source=f"office/{day}"))  # fmt: skip
            days.add(f"office/{day}")
        if parts:
            first = Period(START + i, 1)
            at = end_of(START + i) + dt.timedelta(-5)
            span = f"{first}-01/{first}-20"
            rows.append(flow(span, round(value * 0.6), freq="D", published=at,
                             source=f"office/{at}"))  # fmt: skip
            days.add(f"office/{at}")
    return lake_of(rows, documents=[document(d) for d in days])


def said(found):
    return {r["method"]: r for r in found.records()}


def test_the_first_days_foretell_a_month_that_keeps_their_share():
    found = said(measure_nowcast("exports", "JPN", indicators=(), lake=office(90, parts=True),
                                 period=month(89), tests=12))  # fmt: skip
    bridge = found["first 20 days"]
    # The days are six tenths of every month, so the bridge is right but for rounding.
    assert bridge["rmse"] < 0.2
    assert bridge["best"]
    assert bridge["ratio"] < 0.2
    assert bridge["p"] < 0.05
    assert bridge["low"] <= bridge["value"] <= bridge["high"]
    assert "not told for both" in found["first 10 days"]["note"]
    assert found[FACTOR]["value"] is None or found[FACTOR]["n"] > 0


def test_nothing_of_the_future_is_used():
    # Corrections by a factor of ten come a year after each release. A nowcast made in between does
    # not know them, neither for its figures nor for those that it is tried on.
    day = end_of(START + 60) + dt.timedelta(18)
    asked = {"indicators": ("imports",), "tests": 10, "as_of": day}
    clean = measure_nowcast("exports", "JPN", lake=office(61), **asked)
    dirty = measure_nowcast("exports", "JPN", lake=office(90), **asked)
    for one, other in zip(clean.records(), dirty.records(), strict=True):
        assert one == other
    assert dirty.published <= day


def test_a_trial_knows_no_more_than_its_day():
    lake = office(70, poison=True)
    found = measure_nowcast("exports", "JPN", indicators=(), tests=24, period=month(70),
                            history=True, lake=lake)  # fmt: skip
    naive = [r for r in found.records() if r["method"] == "same month"]
    by_month = {r["period"]: r for r in naive}
    # By the day of the trial, the month of the year before had been corrected tenfold, and the
    # month itself is what was published first.
    row = by_month[month(60)]
    assert row["day"] == end_of(START + 60) + dt.timedelta(19)
    assert row["nowcast"] > 5 * row["actual"]


def test_figures_without_a_first_release_are_said_to_be_assumed(lake):
    found = measure_nowcast("exports", "JPN", tests=8, lake=lake)
    assert any("count as known 20 days" in n for n in found.notes)
    assert any("Least error out of sample" in n for n in found.notes)
    rows = said(found)
    # x(t−12) of the ministry's file: September 2025.
    assert rows["same month"]["growth"] == pytest.approx(0)
    assert rows["same month"]["n"] == 8
    assert rows["dynamic factor"]["value"] > 0
    assert found.sources


@pytest.mark.parametrize(
    ("asked", "error", "text"),
    [
        ({"measure": "balance"}, InputError, "exports and its imports"),
        ({"measure": "gdp"}, UnknownTerm, "gdp"),
        ({"tests": 3}, InputError, "8 or more"),
        ({"level": 80}, InputError, "0.8 for 80"),
        ({"period": "2031-01"}, InputError, "cannot be nowcast"),
        ({"period": "2025-Q1"}, InputError, "of a month"),
        ({"indicators": ("weather",)}, UnknownTerm, "weather"),
        ({"reporter": "KOR"}, NoFigure, "holds no"),
    ],
)
def test_questions_that_have_no_answer(asked, error, text):
    told = {"measure": "exports", "reporter": "JPN"} | asked
    with pytest.raises(error, match=text):
        measure_nowcast(**told, lake=office(60))


def test_too_short_a_past():
    with pytest.raises(InputError, match="fewer than 8"):
        measure_nowcast("exports", "JPN", lake=lake_of([flow(month(i), 5) for i in (0, 24, 25)]))
    lake = lake_of([flow(month(0), Decimal(-5))])
    with pytest.raises(InputError, match="positive"):
        measure_nowcast("exports", "JPN", lake=lake)


def test_the_command():
    run = CliRunner().invoke(cli, ["measure", "nowcast", "exports", "JPN", "--tests", "8", "--csv"])
    assert run.exit_code == 0, run.output
    assert run.stdout.startswith("method,value,growth,low,high")
