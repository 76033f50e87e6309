"""Levels and ratios."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.errors import InputError, UnknownTerm
from boeki.measure.levels import cover_ratio, measure_levels, normalised_balance, openness

from ...handmade import flow, lake_of

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=3)


def test_japan_in_november_2024(lake):
    # Japan Customs, final: exports 9,152,003, imports 9,272,812 mn yen; 98.7 %.
    (row,) = measure_levels("JPN", start="2024-11", end="2024-11", lake=lake).records()
    mn = Decimal(10) ** 6
    flows = (row["exports"] / mn, row["imports"] / mn, row["balance"] / mn)
    assert [v.quantize(Decimal(1)) for v in flows] == [9_152_003, 9_272_812, -120_810]
    assert row["cover_ratio"] == pytest.approx(9_152_003 / 9_272_812 * 100, abs=1e-4)
    assert row["total"] == row["exports"] + row["imports"]
    assert row["normalised_balance"] == pytest.approx(-120_810 / 18_424_815, abs=1e-7)


def test_openness_needs_gdp_in_the_same_money(lake):
    # Cabinet Office: nominal GDP of 2023 was ¥591.48 tn in its first estimate of 15 February 2024;
    # trade of 2023 was 100.873 + 110.395 tn: 35.7 %.
    gdp = {"2023": 591_480_000_000_000}
    asked = {"freq": "A", "start": "2023", "end": "2023", "gdp": gdp, "lake": lake}
    (row,) = measure_levels("JPN", gdp_unit="JPY", **asked).records()
    assert round(row["openness"], 1) == 35.7
    with pytest.raises(InputError, match="give both in one"):
        measure_levels("JPN", gdp_unit="USD", **asked)
    with pytest.raises(InputError, match="needs GDP"):
        measure_levels("JPN", levels=["openness"], lake=lake)


def test_one_flow_without_the_other_is_told():
    lake = lake_of([flow("2024-01", 3), flow("2024-02", 4), flow("2024-02", 2, flow="import")])
    january, february = measure_levels("JPN", lake=lake).records()
    assert (january["exports"], january["balance"], january["cover_ratio"]) == (3, None, None)
    assert "imports are missing" in january["note"]
    assert (february["balance"], february["cover_ratio"], february["note"]) == (2, 200.0, "")


@given(AMOUNTS, AMOUNTS)
def test_ratios_fit_together(x, m):
    balance = normalised_balance(x, m)
    if x + m:
        assert -1 <= balance <= 1
    else:
        assert balance is None
    if m:
        # (X − M) / (X + M) = (r − 1) / (r + 1) with r = X / M.
        r = cover_ratio(x, m) / 100
        assert balance == pytest.approx((r - 1) / (r + 1), abs=1e-9)
    else:
        assert cover_ratio(x, m) is None


def test_openness_of_nothing():
    assert openness(1, 1, 0) is None
    assert openness(1, 3, 8) == 50


def test_a_level_that_is_none_is_refused(lake):
    with pytest.raises(UnknownTerm):
        measure_levels("JPN", levels=["balanse"], lake=lake)
