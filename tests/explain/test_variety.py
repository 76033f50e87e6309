"""Variety: exact for the preferences that the formula is made for, and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from boeki.errors import InputError
from boeki.explain.feenstra import broda_weinstein, feenstra_index
from boeki.explain.variety import explain_variety
from tests.handmade import Row, document, flow, lake_of

NAN = float("nan")


def test_a_new_variety_by_hand() -> None:
    """Two varieties of 50 each; then the same at 40 each, and a third for 20, at the same prices:
    λ1/λ0 = 0.8, and with σ = 3 the correction is √0.8.
    """
    found = feenstra_index([50, 50, 0], [50, 50, NAN], [40, 40, 20], [40, 40, 4], 3)
    assert found.conventional == pytest.approx(1)
    assert found.lambda_ratio == pytest.approx(0.8)
    assert found.exact == pytest.approx(0.8**0.5)
    assert found.common == 2


def test_the_closer_substitutes_are_the_less_a_new_one_is_worth() -> None:
    values = ([50, 50, 0], [50, 50, NAN], [40, 40, 20], [40, 40, 4])
    corrections = [feenstra_index(*values, sigma).correction for sigma in (1.5, 2, 3, 10, 100)]
    assert corrections == sorted(corrections)
    assert corrections[1] == pytest.approx(0.8)


@settings(max_examples=60, deadline=None)
@given(
    prices=hnp.arrays(float, (2, 5), elements=st.floats(0.5, 5)),
    taste=hnp.arrays(float, 5, elements=st.floats(0.2, 2)),
    spending=hnp.arrays(float, 2, elements=st.floats(1, 1000)),
    sigma=st.floats(1.5, 8),
    lost=st.sets(st.sampled_from([1, 2])),
    new=st.sets(st.sampled_from([3, 4])),
)
def test_exact_for_ces_with_varieties_that_come_and_go(
    prices: Any, taste: Any, spending: Any, sigma: float, lost: set[int], new: set[int]
) -> None:
    """The index is the ratio of the unit cost functions [Σ_{I_t} b p^(1−σ)]^(1/(1−σ)) over the
    varieties of each period (Feenstra 1994, proposition 1).
    """
    there = np.ones((2, 5), dtype=bool)
    there[1, sorted(lost)] = False
    there[0, sorted(new)] = False
    terms = np.where(there, taste * prices ** (1 - sigma), 0.0)
    cost = terms.sum(axis=1) ** (1 / (1 - sigma))
    values = terms / terms.sum(axis=1)[:, None] * spending[:, None]
    quantities = np.where(there, values / prices, NAN)
    found = feenstra_index(values[0], quantities[0], values[1], quantities[1], sigma)
    assert found.exact == pytest.approx(cost[1] / cost[0], rel=1e-8)


def test_goods_are_put_together_with_logarithmic_weights() -> None:
    # Equal shares in the base; 3/4 and 1/4 after it.
    index, weights = broda_weinstein([2.0, 0.5], [10, 10], [30, 10])
    first = 0.25 / np.log(1.5)
    second = 0.25 / np.log(2)
    assert weights == pytest.approx([first / (first + second), second / (first + second)])
    assert index == pytest.approx(2 ** (weights[0] - weights[1]))


def of(partner: str, product: str, year: int, value: int, kg: int | None) -> Row:
    return flow(
        str(year), value, reporter="USA", partner=partner, product=product, freq="A",
        flow="import", classification="HS2017", currency="USD", source="office/a",
        quantity=kg, unit=None if kg is None else "kg",
    )  # fmt: skip


ROWS = (
    of("JPN", "848620", 2019, 50, 50), of("KOR", "848620", 2019, 50, 50),
    of("JPN", "848620", 2020, 40, 40), of("KOR", "848620", 2020, 40, 40),
    of("NLD", "848620", 2020, 20, 4),
    of("JPN", "270900", 2019, 30, 30), of("JPN", "270900", 2020, 60, 30),
    of("CHL", "100110", 2019, 5, 1), of("PER", "100110", 2020, 5, 1),
    of("CHL", "740311", 2019, 9, None), of("CHL", "740311", 2020, 9, None),
    of("DEU", "870323", 2020, 9, 1),
)  # fmt: skip


def asked(**more: Any) -> Any:
    told = {"vs": "2019", "sigma": 3.0, "lake": lake_of(ROWS, documents=[document("office/a")])}
    return explain_variety("USA", "2020", **told | more)


def test_imports_by_good() -> None:
    answer = asked()
    found = {r["product"]: r for r in answer.records()}
    assert found["848620"]["exact_index"] == pytest.approx(0.8**0.5)
    assert found["848620"]["varieties_after"] == 3
    assert found["270900"]["conventional_index"] == pytest.approx(2)
    assert found["270900"]["correction"] == 1
    for code, why in (
        ("100110", "no country supplies it in both periods"),
        ("740311", "no country supplies it in both periods with a quantity"),
        ("870323", "bought in one of the periods only"),
    ):
        assert found[code]["exact_index"] is None
        assert why in found[code]["note"]
    index, weights = broda_weinstein([0.8**0.5, 2], [100, 30], [100, 60])
    assert answer.about["exact_index"] == pytest.approx(index)
    assert answer.about["correction"] == pytest.approx(0.8 ** (weights[0] / 2))
    assert sum(r["weight"] or 0 for r in answer.records()) == pytest.approx(100)
    assert any("3 goods without an index" in n for n in answer.notes)


def test_elasticities_by_code() -> None:
    found = {r["product"]: r for r in asked(sigma={"84": 2, "8486": 5}).records()}
    assert found["848620"]["sigma"] == 5
    assert found["848620"]["correction"] == pytest.approx(0.8**0.25)
    assert found["270900"]["note"] == "no σ is given for it"


@pytest.mark.parametrize("sigma", [1.0, 0.5, -2.0, NAN])
def test_an_elasticity_of_one_or_less_is_none(sigma: float) -> None:
    with pytest.raises(InputError, match="must be above 1"):
        asked(sigma=sigma)
    with pytest.raises(InputError, match="must be above 1"):
        asked(sigma={"84": sigma})
    with pytest.raises(InputError, match="must be above 1"):
        feenstra_index([1], [1], [1], [1], sigma)


def test_what_has_no_common_variety() -> None:
    with pytest.raises(InputError, match="take fewer digits"):
        feenstra_index([1, 0], [1, NAN], [0, 1], [NAN, 1], 3)
    with pytest.raises(InputError, match="below zero"):
        feenstra_index([-1], [1], [1], [1], 3)
    with pytest.raises(InputError, match="no good has a variety"):
        asked(products=["100110"])
