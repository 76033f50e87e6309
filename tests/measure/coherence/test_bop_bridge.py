"""The bridge from customs to the balance of payments, against the United States' published one."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.measure.coherence import bridge_of, measure_bop_bridge

from ...handmade import flow, lake_of, stated

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=3)


@pytest.mark.parametrize(
    ("census", "adjustments", "bop", "balances"),
    [
        # U.S. Census Bureau and BEA, FT-900 of September 2002, exhibit 5, millions of dollars:
        # January to December 2000, and January to September 2000.
        ((781_918, 1_218_022), (-9_924, 6_395), (771_994, 1_224_417), (-436_104, -452_423)),
        ((582_940, 904_714), (-7_402, 4_587), (575_538, 909_301), (-321_774, -333_763)),
    ],
)
def test_goods_of_the_united_states(census, adjustments, bop, balances):
    items = [{"item": "Net adjustments", "exports": adjustments[0], "imports": adjustments[1]}]
    rows = bridge_of(census, items, bop, unit="USD").records()
    assert [r["item"] for r in rows][2] == "Residual"
    assert [(r["exports"], r["imports"]) for r in rows[2:]] == [(0, 0), bop]
    assert (rows[0]["balance"], rows[-1]["balance"]) == balances


@given(
    st.tuples(AMOUNTS, AMOUNTS),
    st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=5),
    st.tuples(AMOUNTS, AMOUNTS),
)
def test_every_column_adds_up_to_the_last_digit(customs, amounts, bop):
    items = [{"item": "x", "kind": "coverage", "exports": x, "imports": m} for x, m in amounts]
    rows = bridge_of(customs, items, bop, unit="JPY").records()
    for column in ("exports", "imports", "balance"):
        assert sum(r[column] for r in rows[:-1]) == rows[-1][column]
    assert all(r["balance"] == r["exports"] - r["imports"] for r in rows)


def test_without_a_published_figure_the_end_is_an_estimate():
    items = pd.DataFrame({"item": ["Freight"], "kind": ["valuation"], "exports": [None],
                          "imports": [-6]})  # fmt: skip
    found = bridge_of((100, 106), items, unit="EUR")
    last = found.records()[-1]
    assert (last["item"], last["imports"], last["balance"]) == (
        "Balance-of-payments basis, estimated", 100, 0,
    )  # fmt: skip
    assert any("estimate" in note for note in found.notes)


def lake_with(*more):
    rows = [flow("2024-01", 10), flow("2024-01", 12, flow="import")]
    return lake_of(rows, more)


def test_figures_of_the_lake_are_taken_where_it_has_both():
    goods = [stated("2024-01", 11, key="bop_goods_exports"),
             stated("2024-01", "11.5", key="bop_goods_imports")]  # fmt: skip
    rows = measure_bop_bridge("JPN", "2024-01", lake=lake_with(*goods)).records()
    assert [r["item"] for r in rows] == ["Customs basis", "Residual", "Balance-of-payments basis"]
    assert (rows[1]["exports"], rows[1]["imports"]) == (1, Decimal("-0.5"))
    estimated = measure_bop_bridge("JPN", "2024-01", lake=lake_with(goods[0])).records()
    assert estimated[-1]["item"].endswith("estimated")


def test_what_does_not_fit_is_refused():
    other = [stated("2024-01", 1, key=k, unit="USD")
             for k in ("bop_goods_exports", "bop_goods_imports")]  # fmt: skip
    with pytest.raises(InputError, match="in USD, customs in JPY"):
        measure_bop_bridge("JPN", "2024-01", lake=lake_with(*other))
    with pytest.raises(UnknownTerm):
        bridge_of((1, 1), [{"item": "x", "kind": "magic", "exports": 1}], unit="JPY")
    with pytest.raises(InputError, match="no name"):
        bridge_of((1, 1), [{"item": "", "exports": 1}], unit="JPY")
    with pytest.raises(InputError, match="neither"):
        bridge_of((1, 1), [{"item": "x"}], unit="JPY")
    with pytest.raises(NoFigure):
        bridge_of((None, 1), [], unit="JPY")
    with pytest.raises(InputError, match="name a month"):
        measure_bop_bridge("JPN", "2024-01/2024-02", lake=lake_with())
