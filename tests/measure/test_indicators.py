"""Indicators on tables made by hand, against plain loops and closed forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis import _

from boeki.errors import UnknownFiscalYear, UnknownTerm
from boeki.lake import Lake
from boeki.measure import change, contribution, observations, rank, record, share, since, streak
from boeki.measure.levels import read_line
from boeki.measure.table import measure_series
from tests.handmade import DAY, JANUARY_2020, document, flow, lake_of, month, rows_of, stated

#: A percentage is computed in binary floating point, which has some sixteen digits.
CLOSE = {"rel": 1e-12, "abs": 1e-9}

#: Each example builds a lake and runs queries, so that a few must do.
FEW = settings(max_examples=8, deadline=None)

#: Partners stand for unrelated series, so that one lake tests several.
PARTNERS = ("USA", "CHN", "KOR", "DEU", "FRA", "AUS")
MONEY = st.integers(1, 10**13)
#: Months to values: some months are missing.
SERIES = st.dictionaries(st.integers(0, 30), MONEY, min_size=1, max_size=24)
SIGNED = st.dictionaries(st.integers(0, 30), st.integers(-3, 3), min_size=1, max_size=24)
SEVERAL = st.lists(SERIES, min_size=1, max_size=len(PARTNERS))
SEVERAL_SIGNED = st.lists(SIGNED, min_size=1, max_size=len(PARTNERS))


def exported(series: list[dict[int, int]], **other: Any) -> list[dict[str, Any]]:
    return [
        flow(month(m), value, partner=partner, **other)
        for partner, values in zip(PARTNERS, series, strict=False)
        for m, value in values.items()
    ]


def balances(series: list[dict[int, int]]) -> list[dict[str, Any]]:
    """Exports and imports with these balances."""
    up = [{m: 10 + v for m, v in values.items()} for values in series]
    down = [dict.fromkeys(values, 10) for values in series]
    return exported(up) + exported(down, flow="import")


def monthly(lake: Lake, measure: str = "exports", **how: Any) -> ibis.Table:
    table = observations(lake, measures=[measure], **how)
    return lake.keep(table.filter(_.measure == measure))


def by_place(rows: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Rows by partner and month, January 2020 being 0."""
    found = {(r["partner"], r["month"] - JANUARY_2020): r for r in rows}
    assert len(found) == len(rows)
    return found


def places(series: list[dict[int, int]]) -> dict[tuple[str, int], int]:
    return {
        (partner, m): value
        for partner, values in zip(PARTNERS, series, strict=False)
        for m, value in values.items()
    }


# --- observations -------------------------------------------------------------------------------


@FEW
@given(SEVERAL, SEVERAL)
def test_balance_and_trade_stand_where_both_flows_do(
    exports: list[dict[int, int]], imports: list[dict[int, int]]
) -> None:
    lake = lake_of(exported(exports) + exported(imports, flow="import"))
    up, down = places(exports), places(imports)
    both = up.keys() & down.keys()
    for measure, sign in (("balance", -1), ("trade", 1)):
        found = by_place(rows_of(lake, monthly(lake, measure)))
        values = {place: int(r["value"]) for place, r in found.items()}
        assert values == {place: up[place] + sign * down[place] for place in both}


@FEW
@given(SEVERAL)
def test_no_figure_appears_that_was_not_given(series: list[dict[int, int]]) -> None:
    lake = lake_of(exported(series))
    given_values = places(series)
    table = change(change(monthly(lake)), "mom")
    found = by_place(rows_of(lake, table))
    assert {place: int(r["value"]) for place, r in found.items()} == given_values
    for (partner, m), row in found.items():
        for base, back in (("yoy", 12), ("mom", 1)):
            past = given_values.get((partner, m - back))
            assert row[f"{base}_base"] == past
            assert (row[f"{base}_difference"] is None) == (past is None)
            assert (row[f"{base}_growth"] is None) == (past is None)


@FEW
@given(SEVERAL, st.sampled_from([2, 3, 6, 12]))
def test_a_sum_stands_only_where_every_month_does(
    series: list[dict[int, int]], months: int
) -> None:
    lake = lake_of(exported(series))
    known = places(series)
    expected = {}
    for partner, m in known:
        window = [(partner, m + n) for n in range(months)]
        if all(place in known for place in window):
            expected[partner, m] = sum(known[place] for place in window)
    table = monthly(lake, windows=[months]).filter(_.months == months)
    found = by_place(rows_of(lake, table))
    assert {place: int(r["value"]) for place, r in found.items()} == expected
    assert all(len(r["rows"]) == len(set(r["rows"])) == months for r in found.values())


def test_a_sum_names_every_document_in_it() -> None:
    later = DAY + dt.timedelta(days=30)
    rows = [flow(month(0), 1), flow(month(1), 2, source="series", published=later)]
    lake = lake_of([*rows, flow(month(2), 4)], documents=[document("series")])
    (row,) = rows_of(lake, monthly(lake, windows=[3]).filter(_.months == 3))
    assert (row["value"], row["published"]) == (7, later)
    assert row["sources"] == ["office", "series"]


def test_a_newer_annual_figure_replaces_the_sum_and_an_older_one_does_not() -> None:
    months = [flow(month(m), 10) for m in range(12)]
    for days, value in ((30, 125), (-30, 120)):
        year = flow("2020", 125, freq="A", published=DAY + dt.timedelta(days=days))
        found = measure_series("exports", "JPN", freq="A", lake=lake_of([*months, year]))
        assert [(r.period, r.value) for r in found.rows] == [("2020", value)]


def test_fiscal_years_are_the_reporters_own() -> None:
    values = {m: 2**m for m in range(30)}
    rows = [flow(month(m), v, reporter=r) for m, v in values.items() for r in ("JPN", "USA")]
    lake = lake_of(rows)
    # FY2020 runs from April 2020 in Japan and from October 2020 in the United States.
    for reporter, start in (("JPN", 3), ("USA", 9)):
        found = measure_series("exports", reporter, freq="FY", lake=lake)
        first = next(r for r in found.rows if r.period == "FY2020")
        assert first.value == sum(values[start + n] for n in range(12))


# The World Factbook: Germany's fiscal year is the calendar's, Thailand's begins in October.
@pytest.mark.parametrize(("reporter", "start"), [("DEU", 0), ("THA", 9), ("NZL", 6)])
def test_a_fiscal_year_is_never_taken_to_be_japans(reporter: str, start: int) -> None:
    values = {m: 2**m for m in range(30)}
    lake = lake_of([flow(month(m), v, reporter=reporter) for m, v in values.items()])
    found = measure_series("exports", reporter, freq="FY", lake=lake)
    first = next(r for r in found.rows if r.period == "FY2020")
    assert first.value == sum(values[start + n] for n in range(12))


def test_a_fiscal_year_that_is_not_known_is_refused() -> None:
    lake = lake_of([flow(month(m), 1, reporter="BOL") for m in range(30)])
    with pytest.raises(UnknownFiscalYear, match="fiscal year of Bolivia is not known"):
        measure_series("exports", "BOL", freq="FY", lake=lake)
    with pytest.raises(UnknownFiscalYear, match="months of FY2020"):
        measure_series("exports", "BOL", start="FY2020", lake=lake)


def test_volumes_and_unit_values_need_a_quantity() -> None:
    rows = [
        flow(month(0), 1000, quantity=Decimal(8), unit="t"),
        flow(month(1), 1000, quantity=Decimal(0), unit="t"),
        flow(month(2), 1000),
        flow(month(3), 900, quantity=Decimal(6), unit="t"),
    ]
    lake = lake_of(rows)
    volume = by_place(rows_of(lake, monthly(lake, "export_volume")))
    price = by_place(rows_of(lake, monthly(lake, "export_price")))
    # A quantity of nil is one that was not stated: no volume, and no price without end.
    assert {m: r["value"] for (_partner, m), r in volume.items()} == {0: 8, 3: 6}
    assert {m: r["value"] for (_partner, m), r in price.items()} == {0: 125, 3: 150}
    assert {r["unit"] for r in price.values()} == {"JPY/t"}


def test_adjusted_and_unadjusted_figures_are_never_mixed() -> None:
    rows = [flow(month(m), 100 + m) for m in range(13)]
    lake = lake_of([*rows, flow(month(12), 500, adjustment="sa")])
    plain = measure_series("exports", "JPN", lake=lake).rows[-1]
    assert (plain.value, plain.yoy) == (112, pytest.approx(12.0))
    adjusted = measure_series("exports", "JPN", adjusted=True, lake=lake).rows
    assert [(r.value, r.yoy, r.mom) for r in adjusted] == [(500, None, None)]


def test_two_sources_that_count_differently_are_never_put_in_one_table() -> None:
    rows = [
        stated(month(0), 10, dimensions={"association": "A"}),
        stated(month(1), 20, dimensions={"association": "B"}),
    ]
    found = measure_series("sales", "JPN", lake=lake_of(series=rows))
    assert [(found.basis, r.period, r.value) for r in found.rows] == [("A", "2020-01", 10)]


# --- change -------------------------------------------------------------------------------------


@FEW
@given(SEVERAL_SIGNED, st.sampled_from([("yoy", 12), ("mom", 1), ("qoq", 3)]))
def test_growth_of_a_balance(series: list[dict[int, int]], base: tuple[str, int]) -> None:
    name, back = base
    lake = lake_of(balances(series))
    found = by_place(rows_of(lake, change(monthly(lake, "balance"), name)))
    known = places(series)
    for (partner, m), row in found.items():
        past, now = known.get((partner, m - back)), known[partner, m]
        if past is None:
            assert row[f"{name}_growth"] is None
            assert row[f"{name}_difference"] is None
            continue
        assert row[f"{name}_difference"] == now - past
        if past == 0 or past * now < 0:
            assert row[f"{name}_growth"] is None
        else:
            assert row[f"{name}_growth"] == pytest.approx(100 * (now - past) / past, **CLOSE)


def test_growth_of_growth() -> None:
    # At a constant factor of 1.02 a month, growth on the year is 1.02^12 - 1 in every month.
    values = {m: Decimal(10**9) * Decimal("1.02") ** m for m in range(36)}
    lake = lake_of([flow(month(m), round(v, 3)) for m, v in values.items()])
    found = by_place(rows_of(lake, change(change(monthly(lake)), "mom")))
    for (_partner, m), row in found.items():
        if m >= 12:
            assert row["yoy_growth"] == pytest.approx(26.824179456, rel=1e-9)
        if m:
            assert row["mom_growth"] == pytest.approx(2, rel=1e-9)


def test_a_deficit_that_shrinks_falls_and_one_that_grows_rises() -> None:
    # A deficit of 813,869 that becomes one of 117,620 has changed by -85.5 % (Ministry of Finance,
    # release of 18 December 2024).
    series = [{0: -813_869, 12: -117_620, 24: -235_240, 36: 100, 48: 0}]
    up = [{m: 10**7 + v for m, v in s.items()} for s in series]
    down = [dict.fromkeys(s, 10**7) for s in series]
    lake = lake_of(exported(up) + exported(down, flow="import"))
    found = by_place(rows_of(lake, change(monthly(lake, "balance"))))
    growth = {m: r["yoy_growth"] for (_partner, m), r in found.items()}
    assert round(growth[12], 1) == -85.5
    assert growth[24] == pytest.approx(100)
    assert growth[36] is None
    assert growth[48] == pytest.approx(-100)


def test_another_base_is_refused() -> None:
    lake = lake_of([flow(month(0), 1)])
    with pytest.raises(UnknownTerm, match="base 'wow'"):
        change(monthly(lake), "wow")


# --- streaks ------------------------------------------------------------------------------------


def sign(value: int) -> int:
    return (value > 0) - (value < 0)


def run_to(values: Mapping[int, int], m: int, step: int = 1) -> tuple[int, bool]:
    """Length of the run of signs that ends in a month, and whether what was before is unknown."""
    own, length, at = sign(values[m]), 1, m
    while at - step in values and sign(values[at - step]) == own:
        length, at = length + 1, at - step
    return own * length, at - step not in values


@FEW
@given(SEVERAL_SIGNED)
def test_a_streak_as_a_plain_loop_counts_it(series: list[dict[int, int]]) -> None:
    lake = lake_of(balances(series))
    found = by_place(rows_of(lake, streak(monthly(lake, "balance"))))
    for partner, values in zip(PARTNERS, series, strict=False):
        for m in values:
            row = found[partner, m]
            assert (row["streak"], row["streak_open"]) == run_to(values, m)


@FEW
@given(SERIES)
def test_a_streak_of_rises_counts_known_growth_only(values: dict[int, int]) -> None:
    lake = lake_of(exported([values]))
    found = by_place(rows_of(lake, streak(change(monthly(lake)), "yoy_growth", "rises")))
    moves = {m: sign(v - values[m - 12]) for m, v in values.items() if m - 12 in values}
    for (_partner, m), row in found.items():
        if m in moves:
            assert (row["rises"], row["rises_open"]) == run_to(moves, m)
        else:
            assert row["rises"] is None


def test_a_missing_month_breaks_a_run() -> None:
    values = {0: -1, 1: -1, 2: -1, 4: -1, 5: -1}
    lake = lake_of(balances([values]))
    found = by_place(rows_of(lake, streak(monthly(lake, "balance"))))
    assert [found["USA", m]["streak"] for m in values] == [-1, -2, -3, -1, -2]
    assert [found["USA", m]["streak_open"] for m in values] == [True] * 5


def test_a_run_that_another_sign_precedes_is_known_whole() -> None:
    values = {0: 1, 1: -1, 2: -1, 4: 0, 5: -1}
    lake = lake_of(balances([values]))
    found = by_place(rows_of(lake, streak(monthly(lake, "balance"))))
    assert [found["USA", m]["streak"] for m in values] == [1, -1, -2, 0, -1]
    assert [found["USA", m]["streak_open"] for m in values] == [True, False, False, True, False]


def test_years_that_overlap_are_no_run() -> None:
    lake = lake_of(balances([dict.fromkeys(range(36), -1)]))
    table = monthly(lake, "balance", windows=[12]).filter(_.months == 12)
    found = by_place(rows_of(lake, streak(table)))
    # The year from March 2020, from March 2021: the second is the second, not the thirteenth.
    assert [found["USA", m]["streak"] for m in (2, 14)] == [-1, -2]


# --- records ------------------------------------------------------------------------------------


@FEW
@given(SEVERAL)
def test_a_record_as_a_plain_loop_finds_it(series: list[dict[int, int]]) -> None:
    lake = lake_of(exported(series))
    found = by_place(rows_of(lake, record(monthly(lake))))
    for partner, values in zip(PARTNERS, series, strict=False):
        for m in values:
            row = found[partner, m]
            for span, step in (("series", 1), ("month", 12)):
                before = {k: v for k, v in values.items() if k < m and (m - k) % step == 0}
                assert row[f"{span}_count"] == len(before)
                assert row[f"{span}_high"] == (max(before.values()) if before else None)
                assert row[f"{span}_low"] == (min(before.values()) if before else None)
                first = row[f"{span}_first"]
                assert first == (min(before) + JANUARY_2020 if before else None)


@FEW
@given(SEVERAL)
def test_since_when_as_a_plain_loop_finds_it(series: list[dict[int, int]]) -> None:
    lake = lake_of(exported(series))
    found = by_place(rows_of(lake, since(monthly(lake))))
    for partner, values in zip(PARTNERS, series, strict=False):
        for m, v in values.items():
            higher = [k for k in values if k < m and values[k] >= v]
            lower = [k for k in values if k < m and values[k] <= v]
            row = found[partner, m]
            assert row["higher_month"] == (max(higher) + JANUARY_2020 if higher else None)
            assert row["lower_month"] == (max(lower) + JANUARY_2020 if lower else None)


def records(values: Mapping[int, int]) -> dict[str, str]:
    lake = lake_of([flow(month(m), v) for m, v in values.items()])
    return {r.period: r.record for r in measure_series("exports", "JPN", lake=lake).rows}


def test_a_record_needs_two_years_without_a_gap() -> None:
    rising = {m: 100 + m for m in range(26)}
    found = records(rising)
    assert [p for p, said in found.items() if said == "series high"] == ["2022-01", "2022-02"]
    # With a month missing the series is no longer known to be complete.
    del rising[10]
    assert set(records(rising).values()) == {""}


def test_a_record_of_the_month_needs_three_of_that_month() -> None:
    values = dict.fromkeys(range(37), 100)
    values[9], values[36] = 300, 200
    found = records(values)
    # The largest January of four, though October 2020 was larger.
    assert {p: said for p, said in found.items() if said} == {"2023-01": "same-month high"}


def test_a_tie_is_no_record() -> None:
    assert set(records(dict.fromkeys(range(40), 100)).values()) == {""}


# --- ranks and shares ---------------------------------------------------------------------------

FULL = st.lists(st.integers(1, 4), min_size=2, max_size=len(PARTNERS))


@FEW
@given(FULL, st.booleans())
def test_a_rank_as_a_plain_loop_finds_it(values: list[int], smallest_first: bool) -> None:
    lake = lake_of(exported([{0: v} for v in values]))
    table = rank(monthly(lake), "partner", smallest_first=smallest_first)
    found = by_place(rows_of(lake, table))
    for partner, value in zip(PARTNERS, values, strict=False):
        better = [v for v in values if (v < value if smallest_first else v > value)]
        row = found[partner, 0]
        assert (row["rank"], row["of"]) == (1 + len(better), len(values))


def test_ties_share_the_better_rank() -> None:
    lake = lake_of(exported([{0: 9}, {0: 7}, {0: 7}, {0: 5}]))
    found = by_place(rows_of(lake, rank(monthly(lake), "partner")))
    assert [found[p, 0]["rank"] for p in PARTNERS[:4]] == [1, 2, 2, 4]


WHOLES = st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=len(PARTNERS))


def parts_and_whole(pairs: list[tuple[int, int]]) -> tuple[Lake, ibis.Table, ibis.Table]:
    """Partners in January 2020 and 2021, and the world, of which they are all the parts."""
    rows = exported([{0: past, 12: now} for past, now in pairs])
    rows += [
        flow(month(0), sum(p for p, _now in pairs)),
        flow(month(12), sum(n for _past, n in pairs)),
    ]
    lake = lake_of(rows)
    table = lake.keep(change(monthly(lake)))
    return lake, table.filter(_.partner != "WLD"), table.filter(_.partner == "WLD")


@FEW
@given(WHOLES)
def test_shares_of_all_parts_make_up_the_whole(pairs: list[tuple[int, int]]) -> None:
    lake, parts, whole = parts_and_whole(pairs)
    found = by_place(rows_of(lake, share(parts, whole)))
    for m in (0, 12):
        at = [r for (_partner, k), r in found.items() if k == m]
        assert sum(r["share"] for r in at) == pytest.approx(100, **CLOSE)
        assert sum(r["value"] for r in at) == at[0]["whole"]


@FEW
@given(WHOLES)
def test_contributions_add_up_to_the_change(pairs: list[tuple[int, int]]) -> None:
    lake, parts, whole = parts_and_whole(pairs)
    found = [r for r in rows_of(lake, contribution(parts, whole)) if r["month"] % 12 == 0]
    now = [r for r in found if r["month"] == JANUARY_2020 + 12]
    total = next(r for r in rows_of(lake, whole) if r["month"] == JANUARY_2020 + 12)
    # In currency to the last digit, in percent as far as floating point goes.
    assert sum(r["yoy_difference"] for r in now) == total["yoy_difference"]
    size = sum(abs(r["contribution"]) for r in now)
    assert sum(r["contribution"] for r in now) == pytest.approx(
        total["yoy_growth"], rel=1e-12, abs=1e-9 + 1e-12 * size
    )
    if total["yoy_difference"]:
        assert all(r["share_of_change"] is not None for r in now)
    else:
        assert all(r["share_of_change"] is None for r in now)


def test_a_part_of_no_whole_has_no_share() -> None:
    lake = lake_of([*exported([{0: 5, 1: 6}]), flow(month(0), 20)])
    table = monthly(lake)
    found = rows_of(lake, share(table.filter(_.partner != "WLD"), table.filter(_.partner == "WLD")))
    assert [(r["month"] - JANUARY_2020, r["share"]) for r in found] == [(0, 25.0)]


# --- vintages -----------------------------------------------------------------------------------


def test_growth_compares_what_was_known_on_one_day() -> None:
    first, later = DAY, DAY + dt.timedelta(days=60)
    rows = [
        flow(month(0), 100, published=first),
        flow(month(12), 110, published=first),
        flow(month(0), 200, published=later),
        flow(month(12), 210, published=later),
    ]
    lake = lake_of(rows)
    for day, growth in ((first, 10.0), (later, 5.0), (None, 5.0)):
        row = measure_series("exports", "JPN", as_of=day, lake=lake).rows[-1]
        assert row.yoy == pytest.approx(growth)


def test_one_question_for_several_days_answers_each() -> None:
    first, later = DAY, DAY + dt.timedelta(days=60)
    lake = lake_of(
        [
            flow(month(0), 100, published=first),
            flow(month(12), 110, published=first),
            flow(month(12), 150, published=later),
        ]
    )
    table = lake.keep(observations(lake, (first, later), measures=["exports"]))
    found = rows_of(lake, change(table).filter(_.month == JANUARY_2020 + 12))
    assert {r["as_of"]: round(r["yoy_growth"]) for r in found} == {first: 10, later: 50}


def test_a_series_whose_unit_changes_says_what_is_left_out() -> None:
    rows = [
        flow(month(m), 1000, quantity=Decimal(8), unit="kg" if m < 6 else "t") for m in range(12)
    ]
    found = measure_series("export_volume", "JPN", lake=lake_of(rows))
    assert (found.unit, len(found.rows), found.missing) == ("kg", 6, ())
    assert found.unlike == {"t": tuple(month(m) for m in range(6, 12))}
    assert found.to_dict()["unlike"]["t"][0] == "2020-07"
    assert found.left_out == (
        "Left out, as they are in t: 2020-07, 2020-08, 2020-09, 2020-10, 2020-11, 2020-12.",
    )
    money = [flow(month(m), 1000, currency="JPY" if m < 6 else "USD") for m in range(12)]
    line = read_line("exports", "JPN", lake=lake_of(money))
    assert any("as they are in USD" in note for note in line.notes)
