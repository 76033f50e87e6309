"""Every measure on every engine, on small lakes of which the right answers are known."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from ibis import _

from boeki.lake import Lake
from boeki.measure import (
    change,
    contribution,
    observations,
    rank,
    record,
    share,
    since,
    stated,
    streak,
)
from boeki.measure.breakdown import break_down
from boeki.measure.conversion import convert
from boeki.measure.table import measure_series
from tests.handmade import JANUARY_2020, document, flow, month
from tests.handmade import stated as said

#: A percentage is computed in binary floating point, which has some sixteen digits.
CLOSE = {"rel": 1e-12, "abs": 1e-9}


def of(lake: Lake, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of an expression, in order."""
    return sorted(tuple(r[c] for c in columns) for r in lake.execute(table).to_pylist())


def monthly(lake: Lake, measure: str = "exports", **how: Any) -> Any:
    return lake.keep(observations(lake, measures=[measure], **how).filter(_.measure == measure))


def test_a_balance_is_exports_minus_imports_to_the_last_digit(lake_of: Any) -> None:
    lake = lake_of(
        [flow("2024-01", "9007199254740993.001"), flow("2024-01", "0.002", flow="import")]
    )
    for measure, value in (
        ("balance", Decimal("9007199254740992.999")),
        ("trade", Decimal("9007199254740993.003")),
    ):
        (row,) = lake.execute(monthly(lake, measure)).to_pylist()
        assert (row["value"], row["resolution"]) == (value, Decimal(2))
        assert len(row["rows"]) == 2
        assert row["sources"] == ["office"]


def test_a_sum_stands_only_where_every_month_does(lake_of: Any) -> None:
    lake = lake_of([flow(month(m), 10**m) for m in (0, 1, 2, 4, 5, 6)])
    table = observations(lake, measures=["exports"], windows=[3]).filter(_.months == 3)
    assert of(lake, table, "month", "value") == [
        (JANUARY_2020, Decimal(111)),
        (JANUARY_2020 + 4, Decimal(1_110_000)),
    ]
    (first, _second) = sorted(lake.execute(table).to_pylist(), key=lambda r: r["month"])
    names = {r["period"]: r["row"] for r in lake.execute(lake.flows()).to_pylist()}
    assert first["rows"] == [names[month(m)] for m in (0, 1, 2)]


def test_a_unit_value_is_the_exact_quotient_to_six_places(lake_of: Any) -> None:
    # 29003180000000 / 9000 = 3222575555.555…: of so large a float the sixth place is noise.
    pairs = [("29003180000", 9), ("110935514000", 31), ("0.001", 3), ("1", "0.003"), ("7", 7)]
    lake = lake_of(
        [
            flow(month(m), value, quantity=Decimal(quantity), unit="units")
            for m, (value, quantity) in enumerate(pairs)
        ]
    )
    found = of(lake, monthly(lake, "export_price"), "month", "value")
    exact = [
        Decimal(round(Fraction(value) / Fraction(quantity) * 10**6)).scaleb(-6)
        for value, quantity in pairs
    ]
    assert [value for _month, value in found] == exact


def test_growth_and_difference(lake_of: Any) -> None:
    lake = lake_of([flow("2023-01", 80), flow("2024-01", 100), flow("2024-02", 50)])
    table = monthly(lake)
    yoy = of(lake, change(table), "month", "yoy_difference", "yoy_growth", "yoy_base")
    assert yoy[1] == (2024 * 12, Decimal(20), pytest.approx(25.0, **CLOSE), Decimal(80))
    assert yoy[2][1:] == (None, None, None)
    mom = of(lake, change(table, "mom"), "month", "mom_growth")
    assert mom[2][1] == pytest.approx(-50.0, **CLOSE)


def test_growth_from_nil_is_undefined_and_no_error(lake_of: Any) -> None:
    lake = lake_of([flow("2023-01", 0), flow("2024-01", 100)])
    found = of(lake, change(monthly(lake)), "month", "yoy_difference", "yoy_growth")
    assert found[1] == (2024 * 12, Decimal(100), None)


def test_a_run_of_deficits_is_broken_by_a_missing_month(lake_of: Any) -> None:
    signs = {0: -1, 1: -1, 2: -1, 4: -1, 5: 0, 6: 3, 7: 3}
    lake = lake_of(
        [flow(month(m), 10 + s) for m, s in signs.items()]
        + [flow(month(m), 10, flow="import") for m in signs]
    )
    found = of(lake, streak(monthly(lake, "balance")), "month", "streak", "streak_open")
    assert [f[1] for f in found] == [-1, -2, -3, -1, 0, 1, 2]
    # What was in the third month is not known: the deficit of the fourth may be no first.
    assert [f[2] for f in found] == [True, True, True, True, False, False, False]


def test_a_run_of_rises_counts_known_growth_only(lake_of: Any) -> None:
    lake = lake_of([flow(month(m), 100 + m % 13) for m in range(15)])
    # 12 months later 100 + (m + 12) % 13: a fall by one, but for m = 0 (a rise by 12).
    found = of(lake, streak(change(monthly(lake)), "yoy_growth"), "month", "streak")
    assert [s for _month, s in found] == [None] * 12 + [1, -1, -2]


def test_what_a_record_is_held_against(lake_of: Any) -> None:
    lake = lake_of([flow(month(m), v) for m, v in enumerate([5, 3, 9, 4])])
    found = of(
        lake, record(monthly(lake)), "month", "series_high", "series_low", "series_count",
        "series_first", "month_high",
    )  # fmt: skip
    assert [f[1:] for f in found] == [
        (None, None, 0, None, None),
        (5, 5, 1, JANUARY_2020, None),
        (5, 3, 2, JANUARY_2020, None),
        (9, 3, 3, JANUARY_2020, None),
    ]


def test_since_when(lake_of: Any) -> None:
    lake = lake_of([flow(month(m), v) for m, v in enumerate([5, 3, 4, 9])])
    found = of(lake, since(monthly(lake)), "month", "higher_month", "lower_month")
    assert [f[1:] for f in found] == [
        (None, None),
        (JANUARY_2020, None),
        (JANUARY_2020, JANUARY_2020 + 1),
        (None, JANUARY_2020 + 2),
    ]


def partners(values: dict[str, int], period: str = "2024-01") -> list[dict[str, Any]]:
    return [flow(period, v, partner=p) for p, v in values.items()]


def test_ties_share_the_better_rank(lake_of: Any) -> None:
    lake = lake_of(partners({"USA": 4, "CHN": 3, "KOR": 3, "DEU": 1}))
    table = monthly(lake)
    found = {p: (r, n) for p, r, n in of(lake, rank(table, "partner"), "partner", "rank", "of")}
    assert found == {"USA": (1, 4), "CHN": (2, 4), "KOR": (2, 4), "DEU": (4, 4)}
    least = of(lake, rank(table, "partner", smallest_first=True), "rank", "partner")
    assert least[0] == (1, "DEU")


def test_shares_and_contributions(lake_of: Any) -> None:
    lake = lake_of(
        partners({"WLD": 200, "USA": 150, "CHN": 50}, "2023-01")
        + partners({"WLD": 240, "USA": 180, "CHN": 60})
    )
    now = lake.keep(change(monthly(lake)).filter(_.month == 2024 * 12))
    parts, whole = now.filter(_.partner != "WLD"), now.filter(_.partner == "WLD")
    found = of(lake, contribution(share(parts, whole), whole),
               "partner", "share", "contribution", "share_of_change")  # fmt: skip
    # 60/240, 10/200, 10/40; 180/240, 30/200, 30/40
    assert found == [
        ("CHN", *(pytest.approx(x, **CLOSE) for x in (25, 5, 25))),
        ("USA", *(pytest.approx(x, **CLOSE) for x in (75, 15, 75))),
    ]


def test_what_a_source_states_and_no_full_stop_is_any_character(lake_of: Any) -> None:
    lake = lake_of(
        series=[
            said("2024-01", "12.5", key="exports.yoy", unit="%"),
            said("2024-01", 7, key="sales"),
        ]
    )
    assert of(lake, stated(lake), "measure", "base", "value") == [
        ("exports", "yoy", Decimal("12.500000"))
    ]
    assert of(lake, observations(lake), "measure", "value") == [("sales", Decimal(7))]


def test_the_newer_of_two_sources_is_the_figure(lake_of: Any) -> None:
    later = dt.date(2024, 3, 1)
    lake = lake_of(
        [flow("2024-01", 1, quantity=Decimal(2), unit="t"), flow("2024-01", 5, published=later)],
        [said("2024-01", 9, key="balance", dimensions={"association": "SEAJ"})],
    )
    assert of(lake, observations(lake, measures=["exports"]), "value", "published") == [
        (Decimal(5), later)
    ]
    assert of(lake, monthly(lake, "balance"), "basis", "value") == [("SEAJ", Decimal(9))]


def test_a_measured_series(lake_of: Any) -> None:
    lake = lake_of([flow(month(m), 100 + m) for m in range(26)])
    found = measure_series("exports", "JPN", start="2022-01", lake=lake)
    assert [(r.period, r.value, r.record) for r in found.rows] == [
        ("2022-01", Decimal(124), "series high"),
        ("2022-02", Decimal(125), "series high"),
    ]
    assert found.rows[0].yoy == pytest.approx((124 / 112 - 1) * 100, **CLOSE)
    assert found.rows[1].streak == 14


def test_a_breakdown(lake_of: Any) -> None:
    lake = lake_of(
        partners({"WLD": 200, "USA": 150, "CHN": 50}, "2023-01")
        + partners({"WLD": 240, "USA": 60, "CHN": 180})
    )
    found = break_down("exports", "JPN", "2024-01", by="partner", lake=lake)
    assert [(p.rank, p.code, p.value, p.share) for p in found.parts] == [
        (1, "CHN", Decimal(180), pytest.approx(75, **CLOSE)),
        (2, "USA", Decimal(60), pytest.approx(25, **CLOSE)),
    ]
    assert found.parts[1].contribution == pytest.approx(-45, **CLOSE)


def test_figures_in_another_currency_are_exact(lake_of: Any) -> None:
    rates = {"2024-01": Decimal("150.123456"), "2024-02": Decimal("150")}
    how = {"key": "exchange_rate", "unit": "JPY/USD", "dimensions": {"currency": "USD"}}
    lake = lake_of(
        [flow("2024-01", "90071992547409.001"), flow("2024-02", -7)],
        [said(period, value, **how) for period, value in rates.items()],
    )
    table = convert(monthly(lake), lake)
    with localcontext(prec=50):
        exact = [
            tuple((Decimal(x) / rate).quantize(Decimal(step), ROUND_HALF_EVEN)
                  for x, step in ((value, "0.001"), (1, "0.000001")))
            for value, rate in zip(("90071992547409.001", -7), rates.values(), strict=True)
        ]  # fmt: skip
    assert of(lake, table, "month", "value", "resolution", "unit") == [
        (2024 * 12 + n, *numbers, "USD") for n, numbers in enumerate(exact)
    ]


def test_a_month_that_two_offices_tell_is_added_up_once(lake_of: Any) -> None:
    lake = lake_of(
        [
            flow("2024-01", 100),
            flow("2024-01", 100, source="other"),
            flow("2024-02", 50),
            flow("2024-04", 7),
            flow("2024-05", 7),
            flow("2024-05", 7, source="other"),
            flow("2024-06", 7),
        ],
        documents=[document("other")],
    )
    table = observations(lake, measures=["exports"], windows=[3]).filter(_.months == 3)
    # No March: neither December to February nor February to April is whole.
    assert of(lake, table, "month", "value") == [(2024 * 12 + 3, Decimal(21))]
