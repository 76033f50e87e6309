"""Contributions to the growth of GDP: exact sums over every way of linking."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, UnknownTerm
from boeki.explain.growth_accounting import explain_growth
from boeki.explain.national_accounts import lake_accounts

from ..handmade import lake_of, stated

SIGNS = {"consumption": 1, "exports": 1, "imports": -1}
YEARS = (2020, 2021, 2022, 2023)
#: Contributions are floats: their sum is exact to what they carry.
FLOAT = 1e-8


def quarters():
    return [(y, q) for y in YEARS for q in range(1, 5)]


def linked(prices, quantities):
    """Accounts whose volumes are linked by annual overlap, from prices and quantities.

    Value is p · q. A quarter's volume is its quantity at the mean prices of the year before over
    that year's mean value, times the mean volume of that year; the first year is at its own prices.
    """
    value = {(n, t): prices[n][t] * quantities[n][t] for n in SIGNS for t in quarters()}
    yearly = {(n, y): sum(value[n, (y, q)] for q in range(1, 5)) for n in SIGNS for y in YEARS}
    amount = {(n, y): sum(quantities[n][y, q] for q in range(1, 5)) for n in SIGNS for y in YEARS}
    price = {key: yearly[key] / amount[key] for key in yearly}
    total = {y: sum(s * yearly[n, y] for n, s in SIGNS.items()) for y in YEARS}
    volume, mean = {}, {}
    for name in (*SIGNS, "gdp"):
        for y in YEARS:
            base = max(y - 1, YEARS[0])
            for q in range(1, 5):
                at_old = {n: quantities[n][y, q] * price[n, base] for n in SIGNS}
                real = sum(s * at_old[n] for n, s in SIGNS.items()) if name == "gdp" else (
                    at_old[name])  # fmt: skip
                worth = total[base] if name == "gdp" else yearly[name, base]
                link = mean[name, y - 1] / (worth / 4) if y > YEARS[0] else 1.0
                volume[name, (y, q)] = real * link
            mean[name, y] = sum(volume[name, (y, q)] for q in range(1, 5)) / 4
    for t in quarters():
        value["gdp", t] = sum(s * value[n, t] for n, s in SIGNS.items())
    return [
        {"period": f"{y}-Q{q}", "component": n, "value": value[n, (y, q)],
         "volume": volume[n, (y, q)]}
        for n in (*SIGNS, "gdp") for y, q in quarters()
    ]  # fmt: skip


def drawn(data, low, high):
    return {t: data.draw(st.floats(low, high)) for t in quarters()}


@pytest.mark.parametrize("base", ["previous", "yoy"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_quarters_linked_by_annual_overlap_add_up(base, data):
    prices = {n: drawn(data, 0.5, 2) for n in SIGNS}
    # GDP stays above 0 whatever is drawn.
    ranges = {"consumption": (60, 100), "exports": (5, 30), "imports": (5, 10)}
    quantities = {n: drawn(data, *ranges[n]) for n in SIGNS}
    table = linked(prices, quantities)
    found = [r for r in explain_growth(table, base=base).records() if r["period"] >= "2022-Q1"]
    assert len(found) == 8
    for row in found:
        parts = row["consumption"] + row["exports"] + row["imports"]
        assert parts == pytest.approx(row["gdp"], abs=FLOAT)
        assert row["residual"] == pytest.approx(0, abs=FLOAT)
        assert row["net_exports"] == pytest.approx(row["exports"] + row["imports"], abs=FLOAT)


def test_a_component_that_does_not_move_adds_nothing():
    # Exports stay at 10 a quarter while their price doubles each year: the change of weights must
    # not look like a contribution.
    prices = {n: dict.fromkeys(quarters(), 1.0) for n in SIGNS}
    prices["exports"] = {(y, q): 2.0 ** (y - 2020) for y, q in quarters()}
    quantities = {n: dict.fromkeys(quarters(), 10.0) for n in SIGNS}
    quantities["consumption"] = {(y, q): 90.0 + 4 * (y - 2020) + q for y, q in quarters()}
    for base in ("previous", "yoy"):
        for row in explain_growth(linked(prices, quantities), base=base).records():
            if row["exports"] is not None:
                assert row["exports"] == pytest.approx(0, abs=FLOAT)


def annual(**volumes):
    """Accounts of 2023 and 2024 with prices of 2023 equal to 1, so that values are volumes then."""
    rows = []
    for name, (before, after) in volumes.items():
        rows += [
            {"period": "2023", "component": name, "value": before, "volume": before},
            {"period": "2024", "component": name, "value": after, "volume": after},
        ]
    return rows


def test_a_year_by_hand():
    # GDP 100 → 103: exports +4 (4 pp), imports +6 (−6 pp), consumption +5 (5 pp).
    table = annual(gdp=(100, 103), exports=(20, 24), imports=(20, 26), consumption=(100, 105))
    for formula in ("chain", "simple", "fisher"):
        (row,) = explain_growth(table, formula=formula).records()
        assert row["gdp"] == pytest.approx(3)
        assert (row["exports"], row["imports"]) == pytest.approx((4, -6))
        assert (row["net_exports"], row["domestic_demand"]) == pytest.approx((-2, 5))
        assert row["residual"] == pytest.approx(0, abs=FLOAT)


def test_domestic_demand_is_what_trade_leaves_where_it_is_not_given():
    found = explain_growth(annual(gdp=(100, 103), exports=(20, 24), imports=(20, 26)))
    (row,) = found.records()
    assert (row["domestic_demand"], row["residual"]) == (pytest.approx(5), None)
    assert any("what net exports leave" in note for note in found.notes)


def test_imports_are_allotted_where_their_content_is_given():
    table = annual(gdp=(100, 103), exports=(20, 24), imports=(20, 26), consumption=(100, 105))
    (row,) = explain_growth(table, import_content={"exports": 0.3, "consumption": 0.1}).records()
    # 4 · 0.7, 5 · 0.9, and −6 + 4 · 0.3 + 5 · 0.1 for imports beyond that.
    assert row["exports_net"] == pytest.approx(2.8)
    assert row["consumption_net"] == pytest.approx(4.5)
    assert row["import_content"] == pytest.approx(-4.3)
    total = row["exports_net"] + row["consumption_net"] + row["import_content"]
    assert total == pytest.approx(row["gdp"])


def test_annual_rates_of_quarters():
    table = [
        {"period": p, "component": n, "volume": v, "value": v}
        for n, (a, b) in {"gdp": (100, 101), "exports": (20, 21), "imports": (20, 20)}.items()
        for p, v in (("2024-Q1", a), ("2024-Q2", b))
    ]
    (row,) = explain_growth(table, formula="simple", annualise=True).records()
    assert row["gdp"] == pytest.approx(4.060401)
    assert row["exports"] == pytest.approx(4.060401)


def test_a_missing_component_is_null_with_its_reason():
    table = annual(gdp=(100, 103), exports=(20, None), imports=(20, 26), consumption=(100, 105))
    (row,) = explain_growth(table).records()
    assert (row["exports"], row["net_exports"], row["residual"]) == (None, None, None)
    assert row["note"] == "exports: no volume in 2024"


def test_quarters_of_the_first_years_are_null_with_their_reason():
    prices = {n: dict.fromkeys(quarters(), 1.0) for n in SIGNS}
    quantities = {n: dict.fromkeys(quarters(), 10.0) for n in SIGNS}
    rows = explain_growth(linked(prices, quantities)).records()
    assert "quarters of 2019 are not all there" in rows[0]["note"]


def test_a_frame_with_an_index_is_read():
    frame = pd.DataFrame(annual(gdp=(100, 103), exports=(20, 24), imports=(20, 26)))
    (row,) = explain_growth(frame.set_index("period")).records()
    assert row["net_exports"] == pytest.approx(-2)


def test_series_of_a_lake_are_evidence():
    keys = {"gdp": (100, 103), "exports": (20, 24), "imports": (20, 26)}
    rows = [
        stated(str(year), v, key=f"{n}_{kind}", freq="A", dimensions={})
        for n, pair in keys.items()
        for year, v in zip((2023, 2024), pair, strict=True)
        for kind in ("value", "volume")
    ]
    lake = lake_of(series=rows)
    table = {
        kind: lake_accounts(lake, "JPN", {n: f"{n}_{kind}" for n in keys})
        for kind in ("value", "volume")
    }
    found = explain_growth(table)
    assert found.records()[0]["net_exports"] == pytest.approx(-2)
    assert (found.sources, len(found.rows)) == (("office",), 12)


@pytest.mark.parametrize(
    ("table", "asked", "error"),
    [
        ([], {}, InputError),
        ([{"period": "2024", "component": "gdp"}], {}, InputError),
        (annual(gdp=(100, 103), exports=(1, 1)), {}, InputError),
        (annual(gdp=(0, 103), exports=(1, 1), imports=(1, 1)), {}, InputError),
        (annual(gdp=(1, 2), exports=(1, 1), imports=(1, 1), residual=(1, 1)), {}, InputError),
        (annual(gdp=(1, 2), exports=(1, 1), imports=(1, 1)), {"formula": "magic"}, UnknownTerm),
        (annual(gdp=(1, 2), exports=(1, 1), imports=(1, 1)), {"base": "mom"}, UnknownTerm),
        (annual(gdp=(1, 2), exports=(1, 1), imports=(1, 1)), {"formula": "fisher"}, InputError),
        (
            annual(gdp=(1, 2), exports=(1, 1), imports=(1, 1)),
            {"import_content": {"exports": 0.3}},
            InputError,
        ),
        (
            annual(gdp=(1, 2), exports=(1, 1), imports=(1, 1)),
            {"import_content": {"exports": 30, "domestic_demand": 20}},
            InputError,
        ),
        (
            annual(gdp=(1, 2), exports=(1, 1), imports=(1, 1)) * 2,
            {},
            InputError,
        ),
        (
            annual(gdp=(1, 2), exports=(1, 1), imports=(1, 1)),
            {"annualise": True, "base": "yoy"},
            InputError,
        ),
    ],
)
def test_what_cannot_be_explained_is_refused(table, asked, error):
    with pytest.raises(error):
        explain_growth(table, **asked)
