"""Index formulas: against the numbers of the manual, and against the axioms each is to meet."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from boeki.errors import InputError, UnknownTerm
from boeki.measure.prices import (
    FORMULAS,
    find_formula,
    price_index_numbers,
    quantity_index_numbers,
)
from boeki.measure.prices.formulas import logarithmic_mean
from tests.measure.prices.ppi_manual import INDEXES, LASPEYRES_LINK, PRICES, QUANTITIES

#: The manual prints four decimals; one of its numbers is a half of the last, rounded up.
PRINTED = 5.1e-5
EXACT = 1e-10

positive = st.floats(0.01, 100)


@st.composite
def two_periods(draw: Any) -> tuple[Any, ...]:
    n = draw(st.integers(1, 6))
    return tuple(draw(hnp.arrays(float, n, elements=positive)) for _ in range(4))


def value(name: str, p0: Any, p1: Any, q0: Any, q1: Any) -> float:
    return FORMULAS[name].function(p0, p1, q0, q1)


@pytest.mark.parametrize("name", FORMULAS)
def test_the_numbers_of_the_manual(name: str) -> None:
    found = price_index_numbers(PRICES, QUANTITIES, name).values
    assert found == pytest.approx(INDEXES[name], abs=PRINTED)


def test_the_specimen_is_the_published_table(shared: Path) -> None:
    folder = shared / "data" / "reference"
    for name, table in (("price6", PRICES), ("quantity6", QUANTITIES)):
        rows = list(csv.reader((folder / f"{name}.csv").read_text().splitlines()))[1:]
        read = np.array([r[1:] for r in rows], float).T
        np.testing.assert_allclose(read, table)
    told = json.loads((folder / "expected.json").read_text())
    said = told["price_index_PPI_Manual_ch19_base_t1"]
    for name, numbers in INDEXES.items():
        assert said[{"walsh": "walsh1"}.get(name, name.replace("-", "_"))] == numbers


def test_a_chain_is_the_product_of_its_links() -> None:
    chained = price_index_numbers(PRICES, QUANTITIES, "laspeyres", link="chained").values
    assert chained[2] / chained[1] == pytest.approx(LASPEYRES_LINK, abs=5e-8)
    assert chained[1] == pytest.approx(1.42)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=25, deadline=None)
@given(data=two_periods())
def test_same_prices_and_prices_in_proportion(name: str, data: tuple[Any, ...]) -> None:
    p0, _p1, q0, q1 = data
    # Stuvel's and Montgomery's indexes do not meet proportionality (Balk 2008, ch. 3).
    if name not in ("stuvel", "montgomery-vartia"):
        assert value(name, p0, 3 * p0, q0, q1) == pytest.approx(3, rel=EXACT)
    assert value(name, p0, p0, q0, q0) == pytest.approx(1, rel=EXACT)


@pytest.mark.parametrize("name", [n for n, f in FORMULAS.items() if f.reversible])
@settings(max_examples=25, deadline=None)
@given(data=two_periods())
def test_time_reversal(name: str, data: tuple[Any, ...]) -> None:
    p0, p1, q0, q1 = data
    there, back = value(name, p0, p1, q0, q1), value(name, p1, p0, q1, q0)
    assert there * back == pytest.approx(1, rel=1e-8)


@pytest.mark.parametrize("name", [n for n, f in FORMULAS.items() if not f.reversible])
def test_what_is_said_not_to_meet_time_reversal_does_not(name: str) -> None:
    p0, p1, q0, q1 = PRICES[0], PRICES[4], QUANTITIES[0], QUANTITIES[4]
    assert value(name, p0, p1, q0, q1) * value(name, p1, p0, q1, q0) != pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", ["fisher", "sato-vartia", "montgomery-vartia", "stuvel"])
@settings(max_examples=25, deadline=None)
@given(data=two_periods())
def test_factor_reversal(name: str, data: tuple[Any, ...]) -> None:
    p0, p1, q0, q1 = data
    price, quantity = value(name, p0, p1, q0, q1), value(name, q0, q1, p0, p1)
    assert price * quantity == pytest.approx(p1 @ q1 / (p0 @ q0), rel=1e-8)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=15, deadline=None)
@given(data=two_periods(), units=st.floats(0.001, 1000))
def test_the_unit_of_a_product_does_not_matter(
    name: str, data: tuple[Any, ...], units: float
) -> None:
    """Commensurability: the price of a tonne instead of a kilogram."""
    p0, p1, q0, q1 = data
    scale = np.ones(len(p0))
    scale[0] = units
    changed = value(name, p0 * scale, p1 * scale, q0 / scale, q1 / scale)
    assert changed == pytest.approx(value(name, p0, p1, q0, q1), rel=1e-8)


@settings(max_examples=30, deadline=None)
@given(
    prices=hnp.arrays(float, (2, 4), elements=st.floats(0.5, 5)),
    taste=hnp.arrays(float, 4, elements=st.floats(0.1, 2)),
    sigma=st.floats(1.2, 8),
)
def test_sato_vartia_is_the_cost_of_living_of_ces_preferences(
    prices: Any, taste: Any, sigma: float
) -> None:
    """Sato (1976): exact for a CES unit cost function c = [Σ b p^(1−σ)]^(1/(1−σ))."""
    cost = (taste * prices ** (1 - sigma)).sum(axis=1) ** (1 / (1 - sigma))
    quantities = taste * prices**-sigma * (cost**sigma)[:, None]
    found = price_index_numbers(prices, quantities, "sato-vartia").values[1]
    assert found == pytest.approx(cost[1] / cost[0], rel=1e-8)


@settings(max_examples=30, deadline=None)
@given(a=positive, b=positive)
def test_the_logarithmic_mean_lies_between_the_geometric_and_the_arithmetic(
    a: float, b: float
) -> None:
    mean = float(logarithmic_mean(np.array(a), np.array(b)))
    assert np.sqrt(a * b) * (1 - 1e-9) <= mean <= (a + b) / 2 * (1 + 1e-9)


@pytest.mark.parametrize("near", [0.0, 1e-12, 1e-7, 3e-4, 1e-3])
def test_the_logarithmic_mean_of_near_numbers(near: float) -> None:
    # By its series: L(1, 1+x) = 1 + x/2 − x²/12 + x³/24 − …
    wanted = 1 + near / 2 - near**2 / 12 + near**3 / 24
    found = float(logarithmic_mean(np.array(1.0), np.array(1 + near)))
    assert found == pytest.approx(wanted, abs=1e-13)


# --- what comes and goes ------------------------------------------------------------------------

NAN = float("nan")


def test_products_are_matched_and_never_have_a_price_of_zero() -> None:
    p = [[1.0, 2.0, NAN], [2.0, NAN, 7.0], [3.0, 4.0, 7.0]]
    q = [[10.0, 5.0, NAN], [10.0, NAN, 1.0], [10.0, 5.0, 2.0]]
    fixed = price_index_numbers(p, q)
    assert fixed.matched.tolist() == [2, 1, 2]
    assert fixed.values == pytest.approx([1, 2, 50 / 20])
    assert fixed.share_base == pytest.approx([1, 0.5, 1])
    assert fixed.share_current == pytest.approx([1, 20 / 27, 50 / 64])
    chained = price_index_numbers(p, q, link="chained")
    # From the second to the third, the first and the third product: 30 + 14 over 20 + 14 with the
    # quantities of the third, 30 + 7 over 20 + 7 with those of the second.
    assert chained.values[2] == pytest.approx(2 * np.sqrt((44 / 34) * (37 / 27)))


def test_nothing_in_common_is_no_index() -> None:
    p, q = [[1.0, NAN], [NAN, 2.0]], [[1.0, NAN], [NAN, 2.0]]
    assert np.isnan(price_index_numbers(p, q).values[1])
    with pytest.raises(InputError, match="the chain breaks"):
        price_index_numbers(p, q, link="chained", base=1)


@pytest.mark.parametrize(
    ("p", "q", "words"),
    [
        ([[1.0, 0.0]], [[1.0, 1.0]], "price 0.0 and the quantity 1.0: both must be above zero"),
        ([[1.0, -2.0]], [[1.0, 1.0]], "above zero"),
        ([[1.0, 2.0]], [[1.0, 0.0]], "quantity 0.0"),
        ([[1.0, NAN]], [[1.0, 1.0]], "without its price"),
        ([[1.0, 1.0]], [[1.0]], "shape"),
        ([1.0], [1.0], "one row a period"),
    ],
)
def test_numbers_that_no_index_can_be_made_of(p: Any, q: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        price_index_numbers(p, q)


def test_names_of_formulas_and_links() -> None:
    assert find_formula("Sato_Vartia").name == "Sato–Vartia"
    with pytest.raises(UnknownTerm, match="did you mean fisher"):
        find_formula("fischer")
    with pytest.raises(UnknownTerm, match="unknown link"):
        price_index_numbers(PRICES, QUANTITIES, link="loose")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no base period 9"):
        price_index_numbers(PRICES, QUANTITIES, base=9)


def test_quantity_index_is_the_price_index_with_the_roles_exchanged() -> None:
    # Laspeyres quantity index by hand: Σ p0 q1 / Σ p0 q0, all p0 being 1.
    found = quantity_index_numbers(PRICES, QUANTITIES, "laspeyres").values[1]
    assert found == pytest.approx(QUANTITIES[1].sum() / QUANTITIES[0].sum())
