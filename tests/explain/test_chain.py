"""Contributions to growth: published ones, and sums that must be exact."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.explain.chain import (
    annualised,
    fisher_contributions,
    fisher_price_index,
    import_adjusted,
    import_adjusted_demand,
    simple_contribution,
    weighted_contribution,
)

#: The tables print indexes to one decimal: a contribution can be off by 0.1 of its last digit.
PRINTED = 0.15

#: BEA, Survey of Current Business, July 1995, table 1: current dollars of 1982:III, chain-type
#: indexes of 1982:III and 1990:II, and the contribution to the change of GDP in percent of it.
BEA_1995 = {
    "Personal consumption": (2073.1, 81.6, 107.1, 63.7),
    "Durable goods": (235.2, 63.8, 109.2, 16.4),
    "Nondurable goods": (777.5, 86.2, 104.8, 16.5),
    "Services": (1060.4, 83.4, 108.0, 30.7),
    "Gross private domestic investment": (509.4, None, None, 21.9),
    "Nonresidential structures": (172.8, 104.2, 105.9, 0.3),
    "Producers' durable equipment": (232.2, 73.4, 110.4, 11.5),
    "Residential": (102.4, 53.1, 89.3, 6.8),
    "Exports": (279.0, 79.5, 139.7, 20.8),
    "Imports": (309.3, 62.5, 111.7, 23.9),
    "Federal": (268.0, 78.7, 99.6, 7.0),
    "State and local": (344.0, 83.8, 110.0, 10.5),
}


@pytest.mark.parametrize("name", [n for n, row in BEA_1995.items() if row[1]])
def test_contributions_to_the_growth_of_the_american_eighties(name):
    value, base, now, published = BEA_1995[name]
    growth = (108.4 / 82.0 - 1) * 100
    points = weighted_contribution(value, now, base, 3164.2)
    assert points / growth * 100 == pytest.approx(published, abs=PRINTED)


# Producer Price Index Manual (2004), tables 19.1 and 19.2: prices and quantities of six goods in
# five periods; and its Fisher price index in table 19.5.
PRICES = [
    (1.0, 1.2, 1.0, 0.8, 1.0), (1.0, 3.0, 1.0, 0.5, 1.0), (1.0, 1.3, 1.5, 1.6, 1.6),
    (1.0, 0.7, 0.5, 0.3, 0.1), (1.0, 1.4, 1.7, 1.9, 2.0), (1.0, 0.8, 0.6, 0.4, 0.2),
]  # fmt: skip
QUANTITIES = [
    (1.0, 0.8, 1.0, 1.2, 0.9), (1.0, 0.9, 1.1, 1.2, 1.2), (2.0, 1.9, 1.8, 1.9, 2.0),
    (1.0, 1.3, 3.0, 6.0, 12.0), (4.5, 4.7, 5.0, 5.6, 6.5), (0.5, 0.6, 0.8, 1.3, 2.5),
]  # fmt: skip
FISHER = (1.0, 1.4011, 1.2721, 1.1762, 1.0712)


def column(table, t):
    return [row[t] for row in table]


@pytest.mark.parametrize("t", range(1, 5))
def test_fisher_index_of_the_manual(t):
    p, p0 = column(PRICES, t), column(PRICES, 0)
    q, q0 = column(QUANTITIES, t), column(QUANTITIES, 0)
    assert fisher_price_index(p, p0, q, q0) == pytest.approx(FISHER[t], abs=5e-5)
    # The formula is symmetric: with prices and quantities changed round, contributions to the price
    # index come out, and add up to its change.
    assert math.fsum(fisher_contributions(q, q0, p, p0)) == pytest.approx(
        (FISHER[t] - 1) * 100, abs=5e-3
    )


POSITIVE = st.floats(0.1, 100)
FOURS = st.tuples(POSITIVE, POSITIVE, POSITIVE, POSITIVE)


@settings(max_examples=80, deadline=None)
@given(st.lists(FOURS, min_size=1, max_size=6))
def test_fisher_contributions_add_up(goods):
    p, p0, q, q0 = map(list, zip(*goods, strict=True))
    value, value0 = (math.fsum(a * b for a, b in zip(x, y, strict=True)) for x, y in
                     ((p, q), (p0, q0)))  # fmt: skip
    # The Fisher quantity index is value over the Fisher price index (it passes factor reversal).
    index = value / value0 / fisher_price_index(p, p0, q, q0)
    assert math.fsum(fisher_contributions(p, p0, q, q0)) == pytest.approx(
        (index - 1) * 100, rel=1e-9, abs=1e-9
    )


def test_a_simple_contribution():
    assert simple_contribution(110, 100, 500) == 2


def test_annual_rates_keep_proportions():
    # Growth of 1 % a quarter is 4.0604 % a year.
    found = annualised({"exports": 0.25, "rest": 0.75}, 1.0, 4)
    assert sum(found.values()) == pytest.approx(4.060401)
    assert found["exports"] / found["rest"] == pytest.approx(1 / 3)
    assert annualised({"a": 1.0, "b": -1.0}, 0.0, 4) == {"a": 1.0, "b": -1.0}


PARTS = st.dictionaries(st.sampled_from("abcd"), st.tuples(st.floats(-5, 5), st.floats(0, 1)),
                        min_size=1)  # fmt: skip


@given(PARTS, st.floats(-5, 5))
def test_import_adjusted_contributions_add_up(parts, imports):
    plain = {n: c for n, (c, _m) in parts.items()}
    content = {n: m for n, (_c, m) in parts.items()}
    found = import_adjusted(plain, imports, content)
    assert math.fsum(found.values()) == pytest.approx(math.fsum(plain.values()) + imports, abs=1e-9)


def test_imports_that_demand_drew_in_leave_nothing_over():
    # Exports add 2 points and contain 30 % imports, demand adds 1 with 10 %: imports take 0.7.
    found = import_adjusted(
        {"exports": 2, "domestic_demand": 1}, -0.7, {"exports": 0.3, "domestic_demand": 0.1}
    )
    assert found == pytest.approx({"exports": 1.4, "domestic_demand": 0.9, "import_content": 0})


def test_import_intensity_adjusted_demand():
    # Consumption 60 with 20 % imports (12) grows 10 %; exports 40 with 45 % (18) stay: weights 0.4
    # and 0.6, so 1.1^0.4 − 1 = 3.8860 %.
    found = import_adjusted_demand({"c": 10, "x": 0}, {"c": 0.2, "x": 0.45}, {"c": 60, "x": 40})
    assert found == pytest.approx((1.1**0.4 - 1) * 100)
