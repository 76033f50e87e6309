"""Statistics of revisions against closed forms, another program, and processes of known truth."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.api import OLS, add_constant

from boeki.errors import InputError
from boeki.measure.revisions.hac import bandwidth, regress
from boeki.measure.revisions.interval import empirical, normal, share_crossing
from boeki.measure.revisions.statistics import bias, news, noise, persistence, sizes


def test_sizes_by_hand():
    # R = 1, −1, 3, 1: mean 1, mean absolute 1.5, mean square 3.
    found = sizes(np.array([10.0, 20, 30, 40]), np.array([11.0, 19, 33, 41]))
    assert (found.n, found.mean, found.mean_absolute) == (4, 1.0, 1.5)
    assert found.root_mean_square == pytest.approx(np.sqrt(3))
    assert found.relative_mean_absolute == pytest.approx(6 / 100)
    assert (found.smallest, found.median, found.largest) == (-1.0, 1.0, 3.0)
    # Parts of the mean square add up to it (Theil 1966); the mean's is 1²/3.
    assert found.bias_share == pytest.approx(1 / 3)
    assert found.bias_share + found.slope_share + found.disturbance_share == pytest.approx(1)


def test_newey_west_is_that_of_statsmodels():
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(80), rng.normal(size=80)])
    y = x @ [1.0, 0.5] + np.convolve(rng.normal(size=82), [1, 0.6, 0.3], "valid")
    lags = bandwidth(80)
    own = regress(y, x, np.arange(80))
    theirs = OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
    assert own.coefficients == pytest.approx(theirs.params, rel=1e-10)
    assert own.covariance == pytest.approx(theirs.cov_params(), rel=1e-10)
    # Newey & West (1994): ⌊4 (n/100)^(2/9)⌋.
    assert (bandwidth(100), bandwidth(20)) == (4, 2)


def test_a_gap_in_time_is_no_neighbourhood():
    rng = np.random.default_rng(6)
    x, y = np.ones((40, 1)), rng.normal(size=40)
    near = regress(y, x, np.arange(40))
    far = regress(y, x, np.arange(40) * 50)
    white = OLS(y, x).fit(cov_type="HC1")
    assert far.covariance == pytest.approx(white.cov_params(), rel=1e-10)
    assert near.covariance != pytest.approx(white.cov_params(), rel=1e-3)


def test_bias_is_the_t_of_the_mean():
    rng = np.random.default_rng(7)
    r = rng.normal(0.4, 1, 60)
    found = bias(r, np.arange(60))
    fit = OLS(r, np.ones(60)).fit(
        cov_type="HAC", cov_kwds={"maxlags": bandwidth(60), "use_correction": True}, use_t=True
    )
    assert found.t == pytest.approx(fit.tvalues[0], rel=1e-10)
    assert found.p == pytest.approx(fit.pvalues[0], rel=1e-8)
    assert bias(r[:4], np.arange(4)).p is None
    assert bias(np.ones(20), np.arange(20)).p is None


def test_news_is_a_wald_test_of_mincer_and_zarnowitz():
    rng = np.random.default_rng(8)
    p = rng.normal(100, 10, 50)
    l = p + rng.normal(0, 2, 50)  # noqa: E741
    fit = OLS(l, add_constant(p)).fit(
        cov_type="HAC", cov_kwds={"maxlags": bandwidth(50), "use_correction": True}, use_t=True
    )
    test = fit.f_test("const = 0, x1 = 1")
    found = news(p, l, np.arange(50))
    assert found.f == pytest.approx(float(test.fvalue), rel=1e-6)
    assert found.p == pytest.approx(float(test.pvalue), rel=1e-6)
    assert found.slope == pytest.approx(fit.params[1])


# Mankiw & Shapiro (1986): if revisions are news, L = P + ε with ε foretold by nothing known; if
# they are noise, P = L + ε. A test of five percent rejects the true one in about five percent of
# samples (a few more in small samples with Newey–West), and the false one nearly always.
@pytest.mark.parametrize("truth", ["news", "noise"])
def test_processes_of_known_truth(truth):
    rng = np.random.default_rng(9)
    rejected = {"news": 0, "noise": 0}
    rounds, n = 200, 120
    for _ in range(rounds):
        first = rng.normal(0, 2, n)
        second = first + rng.normal(0, 1.5, n)
        p, l = (first, second) if truth == "news" else (second, first)  # noqa: E741
        rejected["news"] += news(p, l, np.arange(n)).p < 0.05
        rejected["noise"] += noise(p, l, np.arange(n)).p < 0.05
    other = {"news": "noise", "noise": "news"}[truth]
    assert rejected[truth] / rounds < 0.15
    assert rejected[other] / rounds > 0.95


def test_persistence_of_consecutive_revisions():
    # 1, 2, …: all but the gap's pair; correlation of a rising line with itself is 1.
    found = persistence(np.arange(10.0), np.arange(10))
    assert found.pairs == 9
    assert persistence(np.arange(3.0), np.array([0, 5, 9])).correlation is None


def test_order_statistics_cover_what_they_say():
    # Wilks: of n = 9 past values, the next lies between the smallest and the largest with 8/10.
    past = np.arange(9.0)
    found = empirical(past, 0.8)
    assert (found.low, found.high, found.coverage) == (0.0, 8.0, pytest.approx(0.8))
    few = empirical(past[:3], 0.8)
    assert few.coverage == pytest.approx(0.5)
    rng = np.random.default_rng(10)
    draws = rng.standard_t(3, (4000, 20))
    inside = [
        (i := empirical(d[:19], 0.8)).low <= d[19] <= i.high for d in draws
    ]  # fmt: skip
    assert np.mean(inside) == pytest.approx(0.8, abs=0.02)


def test_the_normal_interval_is_student_s():
    # n = 4, mean 2.5, s = 1.2910, t(0.9; 3) = 1.6377 (any table): 2.5 ± 1.6377 s √1.25.
    found = normal(np.array([1.0, 2, 3, 4]), 0.8)
    assert (found.low, found.high) == pytest.approx((0.1362, 4.8638), abs=5e-4)
    assert empirical(np.array([1.0])) is None
    with pytest.raises(InputError, match=r"0\.8 for 80 %"):
        normal(np.array([1.0, 2]), 80)


def test_shares_that_cross():
    assert share_crossing(-5.0, np.array([-1.0, 2.0, 3.0, -4.0])) == 0.5
    assert share_crossing(10.0, np.array([9.0, 11.0, 12.0]), base=9.5) == pytest.approx(1 / 3)
