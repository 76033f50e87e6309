"""Runs, records and ranks against what was published, and by hand."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, UnknownTerm
from boeki.measure.levels import (
    TIES,
    measure_ranks,
    measure_records,
    measure_runs,
    rank_values,
)
from boeki.measure.levels.records import record_against, since
from boeki.measure.levels.runs import runs

from ...handmade import flow, lake_of, month

BN = Decimal(10) ** 9


@pytest.fixture(scope="module")
def recorded(lake):
    """Records of Japan's exports and balance over all years, by period."""

    @cache
    def of(measure):
        found = measure_records(measure, "JPN", lake=lake)
        return {r["period"]: r for r in found.records()}

    return of


@pytest.fixture(scope="module")
def deficits(lake):
    return measure_runs("balance", "JPN", lake=lake).records()


def span(rows, first, last):
    return [r for period, r in rows.items() if first <= period <= last]


def test_five_deficits_in_a_row_to_november_2024(recorded):
    # Japan Customs, final figures in bn yen: 2024-06 +215.4, −640.5, −745.6, −333.6, −500.0,
    # −120.8, 2024-12 +120.3.
    rows = span(recorded("balance"), "2024-06", "2024-12")
    official = ["215.4", "-640.5", "-745.6", "-333.6", "-500.0", "-120.8", "120.3"]
    assert [(r["value"] / BN).quantize(Decimal("0.1")) for r in rows] == [*map(Decimal, official)]
    assert [r["run"] for r in rows] == [1, -1, -2, -3, -4, -5, 1]
    assert {r["run_from"] for r in rows[1:6]} == {"2024-07"}


def test_the_longest_run_of_deficits_is_the_one_that_ended_in_march_2015(deficits):
    # Reuters, 22 April 2015: the first surplus since June 2012.
    first = deficits[0]
    assert (first["from"], first["to"], first["sign"]) == ("2012-07", "2015-02", "deficit")
    assert first["length"] == 32


def test_a_run_adds_up_to_its_months(recorded, deficits):
    (row,) = [r for r in deficits if r["from"] <= "2024-11" <= r["to"]]
    rows = span(recorded("balance"), "2024-07", "2024-11")
    assert row["total"] == sum(r["value"] for r in rows)
    assert (row["largest_in"], row["length"]) == ("2024-08", 5)


def test_november_2024_is_a_november_record_of_exports(recorded):
    # Ministry of Finance: exports of November 2024 were the highest of any November since 1979.
    row = recorded("exports")["2024-11"]
    assert (row["month_record"], row["month_record_holder"]) == ("high", "2022-11")
    assert row["month_record_margin"] == row["value"] - row["month_record_before"] > 0
    assert (row["record"], row["month_rank"]) == ("", 1)


def test_since_is_the_last_period_at_least_as_high():
    values = {0: Decimal(5), 1: Decimal(3), 2: Decimal(4)}
    assert since(Decimal(4), values) == 2
    assert since(Decimal(5), values) == 0
    assert since(Decimal(6), values) is None
    assert since(Decimal(3), values, higher=False) == 1


def test_a_record_names_its_margin_and_its_holder():
    values = {0: Decimal(5), 1: Decimal(5), 2: Decimal(4)}
    assert record_against(Decimal(7), values) == ("high", Decimal(2), 1)
    assert record_against(Decimal(1), values) == ("low", Decimal(-3), 2)
    assert record_against(Decimal(5), values) == ("", None, None)


def test_no_record_is_called_over_a_gap():
    values = [*range(1, 40)]
    rows = [flow(month(i), v) for i, v in enumerate(values) if i != 30]
    found = measure_records("exports", "JPN", lake=lake_of(rows)).records()
    by_period = {r["period"]: r for r in found}
    assert by_period[month(29)]["record"] == "high"
    assert by_period[month(35)]["record"] == ""
    assert "without a gap" in by_period[month(35)]["note"]
    assert by_period[month(10)]["record"] == ""
    # The last figure known to be as low is that of the month before; where that is missing, a lower
    # one may have been there.
    assert by_period[month(32)]["lowest_since"] == month(31)
    assert by_period[month(31)]["lowest_since"] is None
    assert "since then is not all known" in by_period[month(31)]["note"]


def test_a_gap_and_a_nil_end_a_run():
    found = runs({0: Decimal(1), 1: Decimal(2), 3: Decimal(3), 4: Decimal(0), 5: Decimal(-1)})
    assert [(r.months, r.length, r.total) for r in found] == [
        ((0, 1), 2, 3),
        ((3,), 1, 3),
        ((5,), -1, -1),
    ]
    assert [r.opens for r in found] == [True, True, False]


def test_runs_of_rises_are_of_changes_on_the_year(recorded):
    # Japan's exports fell in September 2024 (−1.7 % provisional), the first fall in ten months:
    # Reuters, 17 October 2024.
    rows = span(recorded("exports"), "2024-08", "2024-10")
    assert [r["run"] for r in rows] == [9, -1, 1]
    assert rows[0]["run_from"] == "2023-12"


NUMBERS = st.lists(st.integers(-5, 5), min_size=1, max_size=12)
#: Our names for ties, and those of pandas.
METHODS = {"competition": "min", "dense": "dense", "fractional": "average", "ordinal": "first"}


@settings(max_examples=60, deadline=None)
@given(NUMBERS, st.booleans())
def test_ranks_are_those_of_pandas(values, smallest_first):
    for ties, method in METHODS.items():
        wanted = pd.Series(values).rank(method=method, ascending=smallest_first).tolist()
        assert rank_values(values, ties=ties, smallest_first=smallest_first) == wanted


def test_the_rules_for_ties_do_what_they_say():
    assert {t: rank_values([9, 7, 7, 5], ties=t) for t in TIES} == {
        "competition": [1, 2, 2, 4],
        "dense": [1, 2, 2, 3],
        "fractional": [1, 2.5, 2.5, 4],
        "ordinal": [1, 2, 3, 4],
    }
    with pytest.raises(UnknownTerm):
        rank_values([1], ties="olympic")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=30))
def test_runs_take_every_period_that_is_not_nil_once(values):
    found = runs({i: Decimal(v) for i, v in enumerate(values)})
    assert [m for r in found for m in r.months] == [i for i, v in enumerate(values) if v]
    assert sum(r.total for r in found) == sum(values)
    assert all((values[m] > 0) == (r.sign > 0) for r in found for m in r.months)


def test_japans_largest_export_markets_in_november_2024(lake):
    # Press release of 18 December 2024: the United States before China.
    found = measure_ranks("exports", "JPN", "2024-11", lake=lake)
    rows = found.records()
    assert [(r["rank"], r["code"]) for r in rows[:2]] == [(1, "USA"), (2, "CHN")]
    assert [r["value"] for r in rows] == sorted((r["value"] for r in rows), reverse=True)


def test_places_a_year_before(lake):
    # Japan Customs, d61ma: miscellaneous manufactures overtook crude oil, which cost 29.7 % less.
    found = measure_ranks("imports", "JPN", "2024-11", by="product", lake=lake)
    rows = {r["code"]: r for r in found.records()}
    assert (rows["crude_oil"]["rank"], rows["crude_oil"]["rank_before"]) == (2, 1)
    assert found.sources == ("japan-customs/d61ma@2026-09",)
    # Of partners the lake has the one month.
    alone = measure_ranks("exports", "JPN", "2024-11", lake=lake)
    assert {r["rank_before"] for r in alone.records()} == {None}
    assert {r["note"] for r in alone.records()} == {"no figure a year before"}
    assert alone.sources


def test_a_run_of_no_periods_is_refused(lake):
    with pytest.raises(InputError):
        measure_runs("balance", "JPN", least=0, lake=lake)
    with pytest.raises(UnknownTerm):
        measure_runs("balance", "JPN", on="mood", lake=lake)
