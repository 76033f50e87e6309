"""Growth rates against what Japan's Ministry of Finance and the press published, and identities."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import BadPeriod, InputError, NoFigure, UnknownTerm
from boeki.measure.levels import FISCAL_YEARS, fiscal_year, growth_of, measure_growth
from boeki.terms.periods import FISCAL_START

from ...handmade import flow, lake_of, month

BN = Decimal(10) ** 9
AMOUNTS = st.decimals(min_value=1, max_value=10**9, places=2)


ALL = ["yoy", "mom", "ytd", "fytd", "sum12", "mean3"]


@pytest.fixture(scope="module")
def grown(lake):
    """Growth of Japan's trade in every way over all years, each series read once."""

    @cache
    def of(measure, product="TOTAL"):
        found = measure_growth(measure, "JPN", product=product, kinds=ALL, lake=lake)
        return found, {r["period"]: r for r in found.records()}

    return of


def only(answer, period):
    (row,) = [r for r in answer.records() if r["period"] == period]
    return row


# --- against the outside --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "product", "period", "column", "published"),
    [
        # Japan Customs, press release of 18 December 2024, and its final figures (d41ma, d51ma).
        ("exports", "TOTAL", "2024-11", "yoy", 3.8),
        ("imports", "TOTAL", "2024-11", "yoy", -3.7),
        ("balance", "TOTAL", "2024-11", "yoy", -85.2),
        ("exports", "semiconductor_equipment", "2024-11", "yoy", 32.1),
        ("exports", "semiconductor_equipment", "2024-11", "mom", -8.2),
        # Nihon Kaiji Shimbun: "55 %増の3429億円".
        ("exports", "semiconductor_equipment", "2024-08", "yoy", 55.2),
        # Xinhua, 23 January 2025: the year 2024, chip equipment +27.2 %.
        ("exports", "semiconductor_equipment", "2024-12", "ytd_yoy", 27.2),
        ("exports", "semiconductor_equipment", "2024-12", "sum12_yoy", 27.2),
        # Reuters, 22 April 2015: exports +8.5 % in the year to March.
        ("exports", "TOTAL", "2015-03", "yoy", 8.5),
    ],
)
def test_growth_is_what_was_published(grown, measure, product, period, column, published):
    _found, rows = grown(measure, product)
    assert round(rows[period][column], 1) == published


@pytest.mark.parametrize(
    ("measure", "period", "kind", "billions"),
    [
        # Japan Customs, d41ma: the years 2023, 2024 and 2025 in billions of yen.
        ("exports", "2024-12", "ytd", "107087.5"),
        ("imports", "2024-12", "ytd", "112716"),
        ("exports", "2023-12", "sum12", "100873"),
        ("imports", "2023-12", "sum12", "110395"),
        ("balance", "2025-12", "ytd", "-2930"),
        # Fox News / AP, 22 April 2015: fiscal 2014 in deficit by 9.1 tn; final 9.1 too.
        ("balance", "2015-03", "fytd", "-9100"),
    ],
)
def test_sums_are_the_published_years(grown, measure, period, kind, billions):
    _found, rows = grown(measure)
    places = Decimal(billions).as_tuple().exponent
    step = Decimal(100) if kind == "fytd" else Decimal(1).scaleb(min(int(places), 0))
    assert (rows[period][kind] / BN / step).quantize(Decimal(1)) * step == Decimal(billions)


def test_a_fiscal_year_to_date_begins_in_april_and_says_so(grown):
    found, rows = grown("exports")
    march, april = rows["2024-03"], rows["2024-04"]
    assert (march["fiscal_year"], april["fiscal_year"]) == ("FY2023", "FY2024")
    assert april["fytd"] == april["value"] != april["ytd"]
    assert found.about["fiscal_source"].startswith("Public Finance Act")


def test_converted_growth_stands_beside_growth_in_yen(lake):
    # Exports +3.8 % in yen; the Federal Reserve's averages are 149.8227 yen to the dollar in
    # November 2023 and 153.7126 in November 2024: (1 + 3.8 %) · 149.82 / 153.71 − 1 = +1.1 %.
    found = measure_growth("exports", "JPN", start="2024-11", end="2024-11", currency="USD",
                           kinds=["yoy"], lake=lake)  # fmt: skip
    (row,) = found.records()
    assert (round(row["yoy"], 1), round(row["original_yoy"], 1)) == (1.1, 3.8)
    assert (str(row["rate"]), row["rate_unit"]) == ("153.7126000", "JPY/USD")


# --- worked by hand -------------------------------------------------------------------------------


def test_annual_rates_of_adjusted_figures():
    # 1 % a month is 1.01^12 − 1 = 12.6825 % a year.
    values = {f"2024-{m:02d}": Decimal(100) * Decimal("1.01") ** m for m in range(1, 8)}
    found = growth_of(values, kinds=["annualised", "annualised3"], adjusted=True)
    last = only(found, "2024-07")
    assert last["annualised"] == pytest.approx(12.682503013)
    assert last["annualised3"] == pytest.approx(12.682503013)


def test_annual_rates_of_quarters():
    values = {"2024-Q1": 100, "2024-Q2": 101}
    found = growth_of(values, kinds=["annualised", "qoq"], adjusted=True)
    row = only(found, "2024-Q2")
    assert row["annualised"] == pytest.approx((1.01**4 - 1) * 100)
    assert row["qoq"] == pytest.approx(1.0)


def test_a_balance_that_changes_its_sign_has_no_growth():
    found = growth_of({"2023-01": -5, "2024-01": 5, "2025-01": 0, "2026-01": 2}, kinds=["yoy"])
    rows = {r["period"]: r for r in found.records() if r["value"] is not None}
    assert rows["2024-01"]["yoy"] is None
    assert rows["2024-01"]["yoy_difference"] == 10
    assert rows["2024-01"]["note"] == "yoy: the sign changes"
    assert rows["2025-01"]["yoy"] == -100
    assert rows["2026-01"]["note"] == "yoy: the base is nil"


def test_a_sum_with_a_gap_is_null_with_its_reason():
    values = {f"2024-{m:02d}": 1 for m in range(1, 13) if m != 5}
    found = growth_of(values, kinds=["ytd", "mean3"])
    april, june = only(found, "2024-04"), only(found, "2024-06")
    assert april["ytd"] == 4
    assert june["ytd"] is None
    assert june["note"].startswith("ytd, ")
    assert "2024-05 is missing" in june["note"]
    assert only(found, "2024-05")["value"] is None


def test_three_months_are_averaged_to_six_places():
    found = growth_of({"2024-01": 1, "2024-02": 1, "2024-03": 2}, kinds=["mean3"])
    assert only(found, "2024-03")["mean3"] == Decimal("1.333333")


def test_pandas_series_are_read_by_their_index():
    index = pd.period_range("2023-01", periods=24, freq="M")
    monthly = growth_of(pd.Series(range(1, 25), index=index), kinds=["yoy"])
    assert only(monthly, "2024-12")["yoy"] == pytest.approx(100.0)
    quarterly = pd.Series([1.0, 2, 3, 4, 5], index=pd.period_range("2023Q1", periods=5, freq="Q"))
    assert only(growth_of(quarterly, kinds=["yoy"]), "2024-Q1")["yoy"] == pytest.approx(400.0)
    dated = pd.Series([1.0, 2.0], index=pd.to_datetime(["2023-12-31", "2024-12-31"]))
    assert only(growth_of(dated, kinds=["yoy"]), "2024")["yoy"] == pytest.approx(100.0)


# --- identities -----------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.lists(AMOUNTS, min_size=25, max_size=40))
def test_sums_to_date_grow_by_the_month_and_years_by_what_comes_less_what_goes(values):
    found = growth_of({month(i): v for i, v in enumerate(values)}, kinds=["ytd", "sum12", "yoy"])
    rows = found.records()
    for i in range(12, len(rows)):
        assert rows[i]["sum12"] - rows[i - 1]["sum12"] == values[i] - values[i - 12]
        assert rows[i]["yoy_difference"] == values[i] - values[i - 12]
        begins = rows[i]["period"].endswith("-01")
        assert rows[i]["ytd"] == values[i] + (0 if begins else rows[i - 1]["ytd"])
        if rows[i]["period"].endswith("-12"):
            assert rows[i]["ytd"] == rows[i]["sum12"]


@settings(max_examples=40, deadline=None)
@given(st.lists(AMOUNTS, min_size=13, max_size=13))
def test_twelve_monthly_changes_make_the_change_on_the_year(values):
    found = growth_of({month(i): v for i, v in enumerate(values)}, kinds=["yoy", "mom"])
    rows = found.records()
    factor = math.prod(1 + r["mom"] / 100 for r in rows[1:])
    assert rows[-1]["yoy"] == pytest.approx((factor - 1) * 100, rel=1e-6, abs=1e-6)


# --- what is refused ------------------------------------------------------------------------------


def test_annual_rates_of_unadjusted_figures_are_refused_unless_asked_for(lake):
    with pytest.raises(InputError, match="seasonally adjusted"):
        measure_growth("exports", "JPN", kinds=["annualised"], lake=lake)
    found = measure_growth("exports", "JPN", kinds=["annualised"], unadjusted=True, lake=lake)
    assert any("unadjusted figures, as asked" in note for note in found.notes)


def test_prices_are_not_added_up(lake):
    asked = {"product": "crude_oil", "lake": lake}
    with pytest.raises(InputError, match="do not add up"):
        measure_growth("import_price", "JPN", kinds=["ytd"], **asked)
    usual = measure_growth("import_price", "JPN", start="2024-11", end="2024-11", **asked)
    assert "ytd" not in usual.table.column_names
    # Japan Customs, November 2024: unit value of crude oil −15.3 %.
    assert round(usual.records()[0]["yoy"], 1) == -15.3


@pytest.mark.parametrize(
    ("kinds", "freq", "error"),
    [
        (["weekly"], "M", UnknownTerm),
        (["qoq"], "M", InputError),
        (["mom"], "Q", InputError),
        (["ytd"], "A", InputError),
        ([], "M", InputError),
    ],
)
def test_kinds_that_do_not_fit_are_refused(kinds, freq, error):
    values = {"M": {"2024-01": 1}, "Q": {"2024-Q1": 1}, "A": {"2024": 1}}
    with pytest.raises(error):
        growth_of(values[freq], kinds=kinds)


def test_no_fiscal_year_is_assumed():
    rows = [flow(month(i), 1, reporter="BOL") for i in range(24)]
    with pytest.raises(InputError, match="fiscal year of Bolivia"):
        measure_growth("exports", "BOL", kinds=["fytd"], lake=lake_of(rows))
    with pytest.raises(InputError, match="begins"):
        growth_of({"2024-01": 1}, kinds=["fytd"])
    with pytest.raises(InputError, match="no month"):
        fiscal_year("JPN", 13)
    with pytest.raises(InputError, match="whole quarters"):
        growth_of({"2024-Q1": 1}, kinds=["fytd"], fiscal_start=2)


def test_fiscal_years_agree_with_the_vocabulary():
    assert {c: FISCAL_YEARS[c].start for c in FISCAL_START} == FISCAL_START


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"2024-01": None},
        {"2024-01": "many"},
        {"2024-01": float("inf")},
        {"2024-01": 1, "2024-Q2": 2},
        {"2024-01": 1, " 2024-01": 2},
        {"2024-01/2024-02": 1},
    ],
)
def test_figures_that_cannot_be_read_are_refused(values):
    with pytest.raises(InputError):
        growth_of(values)


def test_periods_that_are_none_and_spans_without_figures(lake):
    with pytest.raises(BadPeriod):
        growth_of({"Spring": 1})
    with pytest.raises(InputError, match="there are 2024-01 to 2024-02"):
        growth_of({"2024-01": 1, "2024-02": 2}, start="2025-01")
    with pytest.raises(NoFigure, match="it holds"):
        measure_growth("exports", "JPN", start="2030-01", lake=lake)
    with pytest.raises(InputError, match="before the first"):
        measure_growth("exports", "JPN", start="2024-05", end="2024-01", lake=lake)
