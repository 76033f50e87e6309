"""GEKS: against another program, its transitivity, and its windows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from boeki.errors import InputError, UnknownTerm
from boeki.measure.prices import SPLICES, geks, price_index_numbers
from tests.measure.prices.ppi_manual import PRICES, QUANTITIES

#: Five products in three periods, prices and quantities 1 to 15.
SMALL = np.arange(1.0, 16.0).reshape(5, 3).T
#: As the R packages gpindex and IndexNumR compute it: tests of marberts/gpindexExtra.
OTHERS = {
    "tornqvist": [1, 1.107331768121160, 1.217529850588242],
    "fisher": [1, 1.106291370758592, 1.215570623328200],
    "walsh": [1, 1.105909525759052, 1.214852529874356],
}


@pytest.mark.parametrize("formula", OTHERS)
def test_the_numbers_of_another_program(formula: str) -> None:
    assert geks(SMALL, SMALL, formula) == pytest.approx(OTHERS[formula], rel=1e-13)


def test_of_two_periods_it_is_the_bilateral_index() -> None:
    bilateral = price_index_numbers(PRICES[:2], QUANTITIES[:2]).values
    assert geks(PRICES[:2], QUANTITIES[:2]) == pytest.approx(bilateral)


panels = st.integers(2, 5).flatmap(
    lambda t: st.tuples(*(hnp.arrays(float, (t, 3), elements=st.floats(0.1, 10)),) * 2)
)


@settings(max_examples=30, deadline=None)
@given(panel=panels, start=st.integers(0, 4))
def test_it_does_not_matter_from_which_period_one_looks(panel: Any, start: int) -> None:
    """Transitivity: P(s, t) from the index that starts anywhere is the same."""
    p, q = panel
    turned = np.roll(np.arange(len(p)), start)
    one, other = geks(p, q), geks(p[turned], q[turned])
    assert other / other[0] == pytest.approx(one[turned] / one[turned[0]], rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(panel=panels)
def test_prices_and_quantities_that_come_back_bring_the_index_back(panel: Any) -> None:
    """Where a chain drifts, GEKS does not: the last period is the first again."""
    p, q = (np.vstack([x, x[:1]]) for x in panel)
    assert geks(p, q)[-1] == pytest.approx(1, rel=1e-9)


def test_a_window_over_all_is_no_window() -> None:
    assert geks(PRICES, QUANTITIES, window=5) == pytest.approx(geks(PRICES, QUANTITIES))


@pytest.mark.parametrize("splice", SPLICES)
def test_windows_agree_where_the_true_index_is_transitive(splice: Any) -> None:
    """Prices in proportion throughout: every splice gives the common factor."""
    level = np.array([1.0, 2.0, 1.5, 3.0, 2.5, 4.0])
    p = level[:, None] * np.array([1.0, 5.0, 0.2])
    q = np.random.default_rng(3).uniform(1, 9, p.shape)
    assert geks(p, q, window=3, splice=splice) == pytest.approx(level)


def test_splices_by_hand() -> None:
    """Of a window of three, the fourth period is tied to what stands of the second and third."""
    old, new = geks(PRICES[:3], QUANTITIES[:3]), geks(PRICES[1:4], QUANTITIES[1:4])
    wanted = {
        "movement": old[2] * new[2] / new[1],
        "window": old[1] * new[2] / new[0],
        # The middle of three periods is the second of the window, the third of all.
        "half": old[2] * new[2] / new[1],
        "mean": np.sqrt(old[1] * new[2] / new[0] * old[2] * new[2] / new[1]),
    }
    for splice, number in wanted.items():
        found = geks(PRICES[:4], QUANTITIES[:4], window=3, splice=splice)  # type: ignore[arg-type]
        assert found[:3] == pytest.approx(old)
        assert found[3] == pytest.approx(number)


def test_what_cannot_be_asked() -> None:
    with pytest.raises(InputError, match="time reversal: laspeyres"):
        geks(PRICES, QUANTITIES, "laspeyres")
    with pytest.raises(InputError, match="a window of 6 periods does not fit 5"):
        geks(PRICES, QUANTITIES, window=6)
    with pytest.raises(UnknownTerm, match="unknown splice"):
        geks(PRICES, QUANTITIES, window=3, splice="glue")  # type: ignore[arg-type]
    nan = float("nan")
    with pytest.raises(InputError, match="periods 0 and 1 have no product in common"):
        geks([[1, nan], [nan, 1]], [[1, nan], [nan, 1]])
