"""Indices of structure against arithmetic by hand, and their identities."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from boeki.errors import InputError
from boeki.measure.structure.comparative_advantage import (
    balassa,
    relative_advantage,
    symmetric,
    vollrath,
)
from boeki.measure.structure.complementarity import overlap
from boeki.measure.structure.economic_complexity import complexity_indices
from boeki.measure.structure.fitness import fitness
from boeki.measure.structure.grubel_lloyd import aggregate, aquino, grubel_lloyd_index
from boeki.measure.structure.herfindahl_hirschman import concentration
from boeki.measure.structure.import_dependence import dependence
from boeki.measure.structure.market_share import shares
from boeki.measure.structure.proximity import densities, proximities
from boeki.measure.structure.theil import theil_index
from boeki.measure.structure.trade_intensity import intensity, kojima

AMOUNT = st.floats(1, 1e9)
VECTOR = st.lists(AMOUNT, min_size=1, max_size=12)
MATRIX = arrays(np.float64, st.tuples(st.integers(2, 5), st.integers(2, 6)), elements=AMOUNT)
#: Three countries, each of which exports what the next one does and something more.
NESTED = np.array([[1.0, 1, 1], [0, 1, 1], [0, 0, 1]])


def test_herfindahl_hirschman() -> None:
    # 0.5² + 0.3² + 0.2² = 0.38; (0.38 − 1/3)/(1 − 1/3) = 0.07; 1/0.38 = 2.631579
    c = concentration([50, 30, 20, 0])
    assert (c.index, c.normalised) == (pytest.approx(0.38), pytest.approx(0.07))
    assert (c.effective, c.lines, c.largest) == (pytest.approx(1 / 0.38), 3, 0.5)


@given(VECTOR)
def test_concentration_lies_between_equal_shares_and_one_line(values: list[float]) -> None:
    c = concentration(values)
    assert 1 / len(values) - 1e-12 <= c.index <= 1 + 1e-12
    assert 1 - 1e-9 <= c.effective <= len(values) + 1e-9


def test_theil_by_hand() -> None:
    # 3 and 1 of mean 2: (1.5 ln 1.5 + 0.5 ln 0.5)/2 = 0.130812; two of four lines active: ln 2.
    t = theil_index([3, 1], lines=4)
    assert t.intensive == pytest.approx((1.5 * math.log(1.5) + 0.5 * math.log(0.5)) / 2)
    assert t.intensive == pytest.approx(0.130812, abs=1e-6)
    assert t.extensive == pytest.approx(math.log(2))


@given(VECTOR, st.integers(0, 20))
def test_the_margins_of_theil_add_up_to_the_index_of_all_lines(
    values: list[float], inactive: int
) -> None:
    """Against the definition over all lines, where x ln x of nil is nil."""
    n = len(values) + inactive
    mean = sum(values) / n
    whole = sum(v / mean * math.log(v / mean) for v in values) / n
    t = theil_index([*values, *[0.0] * inactive])
    assert t.extensive + t.intensive == pytest.approx(whole, abs=1e-9)
    assert t.index == t.extensive + t.intensive


def test_balassa_by_hand() -> None:
    # (60/100) / (80/200) = 1.5; symmetric 0.5/2.5 = 0.2
    rca = balassa(np.array([[60.0, 40], [20, 80]]))
    assert rca[0] == pytest.approx([1.5, (40 / 100) / (120 / 200)])
    assert symmetric(rca)[0, 0] == pytest.approx(0.2)


@given(MATRIX)
def test_a_countrys_advantages_average_to_one(x: np.ndarray) -> None:
    """Weighted by the world's shares: Σ_p (share of p in the world) · RCA_cp = 1."""
    world = x.sum(axis=0) / x.sum()
    assert balassa(x) @ world == pytest.approx(np.ones(len(x)))


def test_vollrath_by_hand() -> None:
    # RXA = (60/40)/(20/80) = 6; RMP = (20/80)/(60/40) = 1/6; RTA = 6 − 1/6; RC = ln 36
    v = vollrath(np.array([[60.0, 40], [20, 80]]), np.array([[20.0, 80], [60, 40]]))
    assert v.rxa[0, 0] == pytest.approx(6)
    assert v.rmp[0, 0] == pytest.approx(1 / 6)
    assert v.rta[0, 0] == pytest.approx(6 - 1 / 6)
    assert v.rc[0, 0] == pytest.approx(math.log(36))


def test_vollrath_is_undefined_where_nobody_else_sells() -> None:
    rxa = relative_advantage(np.array([[5.0, 3.3, 0.1], [0, 2, 4]]))
    assert np.isnan(rxa[0, 0])
    assert rxa[1, 0] == 0


def test_economic_complexity_by_hand() -> None:
    """M̃ has trace 49/36 and determinant 1/36, so its eigenvalues are 1, 1/4 and 1/9. The vector of
    1/4 is (2, −1, −4): mean −1, population standard deviation √6. So ECI = (3, 0, −3)/√6.

    Products' means over exporters: 2, (2 − 1)/2, (2 − 1 − 4)/3, i.e. 2, ½, −1: mean ½,
    deviations 3/2, 0, −3/2, so that PCI is the same.
    """
    found = complexity_indices(NESTED)
    wanted = [3 / math.sqrt(6), 0, -3 / math.sqrt(6)]
    assert found.countries == pytest.approx(wanted)
    assert found.products == pytest.approx(wanted)


@given(st.permutations(range(3)), st.permutations(range(3)))
def test_complexity_is_the_same_in_any_order(rows: list[int], columns: list[int]) -> None:
    found = complexity_indices(NESTED[np.ix_(rows, columns)])
    assert found.countries == pytest.approx(complexity_indices(NESTED).countries[rows], abs=1e-9)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[1, 0], [0, 1]], "share no product"),
        ([[1, 0], [1, 0]], "each product a country"),
        ([[1, 1, 0], [0, 1, 1], [1, 0, 1]], "equal"),
    ],
)
def test_complexity_that_is_not_determined_is_refused(matrix: list, words: str) -> None:
    with pytest.raises(InputError, match=words):
        complexity_indices(np.array(matrix, float))


def test_fitness_by_hand() -> None:
    """First F = (3, 2, 1)/2 and Q = (1, 1/2, 1/3)·18/11; then F = (3, 15/11, 6/11)·11/18, Q from
    1/(1/1.5), 1/(1/1.5 + 1) and 1/(1/1.5 + 1 + 2): 1.5, 0.6, 3/11, of mean 0.790909.
    """
    once, twice = fitness(NESTED, 1), fitness(NESTED, 2)
    assert once.countries == pytest.approx([1.5, 1, 0.5])
    assert once.products == pytest.approx([18 / 11, 9 / 11, 6 / 11])
    assert twice.countries == pytest.approx([11 / 6, 5 / 6, 1 / 3])
    mean = (1.5 + 0.6 + 3 / 11) / 3
    assert twice.products == pytest.approx([1.5 / mean, 0.6 / mean, 3 / 11 / mean])
    assert (twice.iterations, twice.converged) == (2, False)


def test_fitness_settles_or_says_that_it_did_not() -> None:
    m = np.array([[1.0, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 1]])
    assert fitness(m, 500).converged
    assert not fitness(m, 3).converged
    with pytest.raises(InputError, match="one iteration"):
        fitness(m, 0)


def test_grubel_lloyd_by_hand() -> None:
    # 1 − 0/20, 1 − 20/20, 1 − 20/40; in all 1 − (0 + 20 + 20)/80
    x, m = [10, 0, 30, 0], [10, 20, 10, 0]
    index = grubel_lloyd_index(x, m)
    assert index[:3] == pytest.approx([1, 0, 0.5])
    assert np.isnan(index[3])
    assert aggregate(x, m) == pytest.approx(0.5)


def test_aquino_by_hand() -> None:
    # ΣX = 80, ΣM = 20, half of both 50: X′ = (12.5, 37.5), M′ = (25, 25): 1 − 25/100
    assert aquino([20, 60], [10, 10]) == pytest.approx(0.75)
    assert aggregate([20, 60], [10, 10]) == pytest.approx(0.4)
    assert math.isnan(aquino([1], [0]))


@given(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=10))
def test_the_aggregate_is_the_weighted_mean_of_products(pairs: list[tuple[float, float]]) -> None:
    x, m = np.array(pairs).T
    weights = (x + m) / (x + m).sum()
    assert aggregate(x, m) == pytest.approx(float(weights @ grubel_lloyd_index(x, m)), abs=1e-9)


def test_trade_intensity_by_hand() -> None:
    # 0.6 / (110/300) = 1.636364; without the exporter's own imports 0.6 / (110/(300 − 80)) = 1.2
    x = np.array([[0.0, 60, 40], [30, 0, 70], [50, 50, 0]])
    assert intensity(x)[0, 1] == pytest.approx(0.6 * 300 / 110)
    assert kojima(x)[0, 1] == pytest.approx(1.2)


@given(MATRIX)
def test_an_exporters_intensities_average_to_one(x: np.ndarray) -> None:
    """Weighted by the markets' sizes: Σ_j (x_wj/X_w) T_ij = 1."""
    assert intensity(x) @ (x.sum(axis=0) / x.sum()) == pytest.approx(np.ones(len(x)))


def test_overlap_by_hand() -> None:
    # shares (½, ½, 0) and (¼, ¼, ½): 1 − (¼ + ¼ + ½)/2 = ½
    found = overlap([50, 50, 0], [10, 10, 20])
    assert found.index == pytest.approx(50)
    assert found.common == pytest.approx([25, 25, 0])


@given(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=10))
def test_michaely_and_finger_kreinin_are_one_formula(pairs: list[tuple[float, float]]) -> None:
    """1 − Σ|a − b|/2 = Σ min(a, b), whichever way round."""
    a, b = np.array(pairs).T
    plain = 100 * (1 - np.abs(a / a.sum() - b / b.sum()).sum() / 2)
    assert overlap(a, b).index == pytest.approx(plain, abs=1e-9)
    assert overlap(b, a).index == pytest.approx(plain, abs=1e-9)


def test_proximity_and_density_by_hand() -> None:
    # Exporters of the products: 1, 2, 3; of both: 1, 1, 2. So ½, ⅓ and ⅔.
    phi = proximities(NESTED)
    assert phi == pytest.approx(np.array([[0, 1 / 2, 1 / 3], [1 / 2, 0, 2 / 3], [1 / 3, 2 / 3, 0]]))
    # The third country has the third product only: ⅓ of (½ + ⅓) lies near the first.
    assert densities(NESTED, phi)[:, 0] == pytest.approx([1, 1, 0.4])


def test_dependence_by_hand() -> None:
    # 0.6² + 0.4² = 0.52; 100 of 200 from outside; 100/50
    found = dependence({"CHN": Decimal(60), "USA": Decimal(40)}, Decimal(100), Decimal(50))
    assert found.concentration == pytest.approx(0.52)
    assert (found.largest, found.largest_share, found.suppliers) == ("CHN", pytest.approx(60), 2)
    assert (found.outside, found.to_exports) == (0.5, 2.0)
    assert dependence({"CHN": Decimal(1)}, None, Decimal(0)).to_exports is None


@given(MATRIX)
def test_market_shares_make_a_whole(x: np.ndarray) -> None:
    assert shares(x).sum(axis=0) == pytest.approx(np.full(x.shape[1], 100.0))


def test_nobody_has_a_share_of_nothing() -> None:
    assert np.isnan(shares(np.array([[1.0, 0], [1, 0]]))[:, 1]).all()


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: concentration(x),
        lambda x: theil_index(x),
        lambda x: grubel_lloyd_index(x, [1, 1]),
        lambda x: balassa(np.array([x, x])),
        lambda x: intensity(np.array([x, x])),
        lambda x: overlap(x, [1, 1]),
    ],
)
@pytest.mark.parametrize("bad", [[-1.0, 2.0], [math.nan, 1.0], [math.inf, 1.0]])
def test_what_is_no_trade_is_refused(compute, bad: list[float]) -> None:
    with pytest.raises(InputError):
        compute(bad)


@pytest.mark.parametrize("compute", [concentration, theil_index])
def test_nothing_has_no_concentration(compute) -> None:
    with pytest.raises(InputError, match="nil"):
        compute([0, 0])


def test_more_active_lines_than_there_can_be() -> None:
    with pytest.raises(InputError, match="2 lines are active"):
        theil_index([1, 1], lines=1)
