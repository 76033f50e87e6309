"""Conversion: by which rate, of which days, to the last digit; and what is left out and named."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.cli.main import cli
from boeki.errors import InputError, IntegrityError, NoFigure, UnknownTerm
from boeki.ingest import pull
from boeki.lake import Lake, open_lake
from boeki.measure import change, observations
from boeki.measure.conversion import ADDED, apply_rate, convert, currencies, without_rate
from boeki.measure.table import measure_series
from boeki.sources import get
from boeki.sources.base import Query

from ..handmade import DAY, document, flow, lake_of, rows_of, stated
from ..sources.japan import SPECIMENS

THREE = Decimal("0.001")


def rate(period, value, unit="JPY/USD", **other):
    """A rate of exchange, of a month or a day."""
    freq = "D" if len(period) == 10 else "M"
    given_ = {"key": "exchange_rate", "unit": unit, "dimensions": {}, "freq": freq} | other
    return stated(period, value, **given_)


def days(month, value, last=31, unit="JPY/USD", **other):
    """A rate of every day of a month up to the last."""
    return [rate(f"{month}-{d:02d}", value, unit, **other) for d in range(1, last + 1)]


def converted(lake, to="USD", kind="average", measures=("exports",), windows=(), as_of=None):
    table = observations(lake, as_of, measures=measures, windows=windows)
    found = rows_of(lake, convert(table, lake, to, rate=kind))
    return sorted(found, key=lambda r: (r["months"], r["month"], r["as_of"]))


# --- against the outside --------------------------------------------------------------------------


def test_japans_exports_in_dollars():
    # November 2024: exports of ¥9,152,002,655 thousand (Japan Customs, d41ma as of September 2026),
    # 153.7126 yen to the dollar on average (Federal Reserve H.10 through FRED).
    (row,) = measure_series("exports", "JPN", start="2024-11", end="2024-11", currency="USD").rows
    assert row.value == (Decimal(9_152_002_655_000) / Decimal("153.7126")).quantize(THREE)
    assert (row.rate, row.rate_unit) == (Decimal("153.7126"), "JPY/USD")
    assert (row.rate_day, row.rate_kind) == (dt.date(2024, 11, 30), "average")
    assert row.rate_source == "frb-h10/usd-jpy@2026-07"
    assert (row.original_value, row.original_unit) == (9_152_002_655_000, "JPY")


@pytest.fixture(scope="module")
def daily(tmp_path_factory):
    """A lake with the reference rates of the ECB for August and September 2023."""
    lake = open_lake(tmp_path_factory.mktemp("daily") / "lake", make=True)
    path = str(SPECIMENS / "ecb-fx" / "eurofxref-hist.zip")
    assert not pull(lake, get("ecb-fx"), Query(names=("hist",), options={"path": path})).failed
    return lake


@pytest.mark.parametrize(
    ("month", "yen"),
    # Federal Reserve H.10 through FRED, monthly averages of noon rates in New York.
    [("2023-08", "144.7804"), ("2023-09", "147.8450")],
)
def test_crossed_daily_rates_agree_with_another_office(daily, month, yen):
    # The ECB fixes its rates at 14:15 in Frankfurt: the two differ by what a morning brings.
    measured = measure_series("exports", "JPN", start=month, end=month, currency="EUR", lake=daily)
    (row,) = measured.rows
    dollars = measure_series("exports", "JPN", start=month, end=month, currency="USD", lake=daily)
    assert dollars.rows[0].rate == Decimal(yen)
    assert (row.rate_unit, row.rate_day.day) == ("JPY/EUR", {"2023-08": 31, "2023-09": 29}[month])
    # H.10 has 0.9166 euros to the dollar in August 2023 and 0.9370 in September.
    euros = {"2023-08": Decimal("0.9166"), "2023-09": Decimal("0.9370")}[month]
    assert float(row.rate * euros) == pytest.approx(float(yen), rel=0.0015)


def test_the_average_of_a_month_is_the_mean_of_its_days(daily):
    # ECB: 158.99 … 156.85 yen to the euro in August 2023; 23 days, of mean 157.956087.
    (row,) = measure_series(
        "exports", "JPN", start="2023-08", end="2023-08", currency="EUR", lake=daily
    ).rows
    yen = """156.85 156.88 156.24 156.11 156.21 156.55 157.35 158.43 158.97 158.68 159.04 159.07
             158.88 158.11 159.15 158.7 157.28 157.96 157.75 158.35 158.93 159.15 158.49"""
    rates = [Decimal(r) for r in yen.split()]
    assert row.rate == (sum(rates) / len(rates)).quantize(Decimal("0.0000001"))


def test_the_rate_at_the_end_is_that_of_the_last_day(daily):
    # ECB: 158.10 yen to the euro on 29 September 2023, a Friday; the 30th had no rate.
    (row,) = measure_series(
        "exports", "JPN", start="2023-09", end="2023-09", currency="EUR", rate="end", lake=daily
    ).rows
    assert (row.rate, row.rate_day, row.rate_kind) == (
        Decimal("158.1"),
        dt.date(2023, 9, 29),
        "end",
    )


def test_a_currency_that_is_quoted_against_the_euro_alone_is_crossed(daily):
    # H.10 has 7.2486 yuan and 144.7804 yen to the dollar in August 2023.
    (row,) = measure_series(
        "exports", "JPN", start="2023-08", end="2023-08", currency="CNY", lake=daily
    ).rows
    assert row.rate_unit == "JPY/CNY"
    assert float(row.rate) == pytest.approx(144.7804 / 7.2486, rel=0.0015)
    # July and October are not whole in the file.
    with pytest.raises(NoFigure, match="no average"):
        measure_series("exports", "JPN", start="2023-07", end="2023-07", currency="CNY", lake=daily)


# --- to the last digit ----------------------------------------------------------------------------


AMOUNTS = st.decimals(-(10**16), 10**16, places=3, allow_nan=False)
RATES = st.decimals(Decimal("0.01"), 90_000_000, places=7, allow_nan=False)
CASES = st.lists(st.tuples(AMOUNTS, RATES, st.booleans()), min_size=1)
#: The largest amount that a table of observations has: eighteen digits in whole units.
MOST = Decimal(10) ** 17


@pytest.fixture(scope="module")
def bare():
    return Lake()


def by_hand(amount, r, over):
    # Enough digits for the exact product, and for a quotient far beyond its third place.
    with localcontext(prec=60):
        return (amount / r if over else amount * r).quantize(THREE, ROUND_HALF_EVEN)


@settings(max_examples=30, deadline=None)
@given(CASES)
def test_an_amount_over_or_times_a_rate_is_exact_and_rounded_half_to_even(bare, cases):
    held = [c for c in cases if abs(by_hand(*c)) < MOST]
    types = [pa.decimal128(38, 6), pa.decimal128(19, 7), pa.bool_()]
    columns = list(zip(*held, strict=True)) or [(), (), ()]
    arrays = [pa.array(c, t) for c, t in zip(columns, types, strict=True)]
    rows = pa.table([*arrays, pa.array(range(len(held)))], ["amount", "rate", "over_", "number"])
    done = apply_rate(bare.engine.table("cases", rows), "amount", 3)
    found = bare.execute(done.order_by("number")).column("amount").to_pylist()
    assert found == [by_hand(*c) for c in held]


@pytest.mark.parametrize(
    ("amount", "value", "unit", "wanted"),
    [
        # Halves go to the even neighbour, whichever side of nought they are.
        ("0.005", "2", "AUD/USD", "0.002"),
        ("0.007", "2", "AUD/USD", "0.004"),
        ("-0.005", "2", "AUD/USD", "-0.002"),
        ("0.005", "0.5", "USD/AUD", "0.002"),
        ("0.007", "0.5", "USD/AUD", "0.004"),
        ("-0.007", "0.5", "USD/AUD", "-0.004"),
        ("0", "3", "AUD/USD", "0"),
        # A third has no end, two thirds are rounded up.
        ("1", "3", "AUD/USD", "0.333"),
        ("2", "3", "AUD/USD", "0.667"),
        ("99999999999999999", "1", "AUD/USD", "99999999999999999"),
        ("99999999999999999", "7", "AUD/USD", "14285714285714285.571"),
    ],
)
def test_halves_thirds_and_the_largest(amount, value, unit, wanted):
    figure = stated("2020-01", amount, key="balance", unit="AUD")
    lake = lake_of([], [figure, rate("2020-01", value, unit)])
    (row,) = converted(lake, measures=["balance"])
    assert row["value"] == Decimal(wanted)


# --- which rate -----------------------------------------------------------------------------------


def test_a_quarter_is_converted_by_the_mean_of_its_months():
    months = [f"2020-{m:02d}" for m in (1, 2, 3)]
    rates = [rate(m, r) for m, r in zip(months, (100, 110, 121), strict=True)]
    lake = lake_of([flow(m, 331) for m in months], rates)
    *_, quarter = converted(lake, windows=[3])
    # (100 + 110 + 121) / 3
    assert (quarter["months"], quarter["rate"]) == (3, Decimal("110.3333333"))
    assert quarter["value"] == (Decimal(993) / Decimal("110.3333333")).quantize(THREE)
    assert quarter["rate_day"] == dt.date(2020, 3, 31)


def test_a_quarter_without_a_rate_for_each_month_is_left_out_and_named():
    months = [f"2020-{m:02d}" for m in (1, 2, 3)]
    lake = lake_of([flow(m, 331) for m in months], [rate(months[0], 100), rate(months[2], 121)])
    table = observations(lake, measures=["exports"], windows=[3])
    assert [(r["months"], r["month"] % 12) for r in converted(lake, windows=[3])] == [
        (1, 0),
        (1, 2),
    ]
    named = without_rate(table, lake)
    assert [(n.period, n.unit) for n in named] == [("2020-02", "JPY"), ("2020-01/2020-03", "JPY")]
    assert "between JPY and USD" in named[0].reason


@pytest.mark.parametrize(
    ("held", "whole"),
    [
        (range(1, 32), True),
        # As many days as there are around Easter may be closed; one more may not.
        ([*range(1, 10), *range(14, 32)], True),
        ([*range(1, 10), *range(15, 32)], False),
        (range(5, 32), True),
        (range(6, 32), False),
        (range(1, 28), True),
        (range(1, 27), False),
    ],
)
def test_a_month_with_a_hole_has_no_average(held, whole):
    lake = lake_of([flow("2020-01", 100)], [rate(f"2020-01-{d:02d}", 100) for d in held])
    assert len(converted(lake)) == whole
    assert len(without_rate(observations(lake, measures=["exports"]), lake)) == (not whole)


def test_the_end_of_a_month_needs_its_end_alone():
    lake = lake_of([flow("2020-01", 100)], [rate("2020-01-02", 100), rate("2020-01-29", 110)])
    (row,) = converted(lake, kind="end")
    assert (row["rate"], row["rate_day"]) == (110, dt.date(2020, 1, 29))
    early = lake_of([flow("2020-01", 100)], [rate("2020-01-20", 100)])
    assert not converted(early, kind="end")


def test_an_official_average_comes_before_one_of_ours():
    lake = lake_of([flow("2020-01", 100)], [rate("2020-01", 101), *days("2020-01", 100)])
    assert [r["rate"] for r in converted(lake)] == [101]


def test_one_way_serves_all_periods():
    # Two offices: of the one with more of the periods, all rates are taken, and none of the other.
    other = document("other", "Another Office")
    rates = [rate("2020-01", 100, source="other"), rate("2020-02", 100), rate("2020-03", 100)]
    figures = [flow(f"2020-{m:02d}", 100) for m in (1, 2, 3)]
    lake = lake_of(figures, rates, [other])
    assert [r["month"] % 12 for r in converted(lake)] == [1, 2]


def test_through_a_third_currency_only_by_one_office():
    rates = [rate("2020-01", 150, "JPY/EUR"), rate("2020-01", Decimal("1.2"), "USD/EUR")]
    lake = lake_of([flow("2020-01", 1000)], rates)
    (row,) = converted(lake)
    assert (row["rate"], row["rate_unit"], row["value"]) == (125, "JPY/USD", 8)
    two = [rates[0], rates[1] | {"source": "other"}]
    apart = lake_of([flow("2020-01", 1000)], two, [document("other", "Another Office")])
    assert not converted(apart)


def test_two_rates_of_one_office_for_one_month_are_never_chosen_between():
    rates = [rate("2020-01", 100), rate("2020-01", 101, area="USA")]
    with pytest.raises(IntegrityError, match="two rates JPY/USD for 2020-01"):
        converted(lake_of([flow("2020-01", 100)], rates))


def test_rates_are_those_known_on_the_day():
    later = {"published": dt.date(2024, 6, 30), "retrieved": dt.date(2024, 6, 30)}
    lake = lake_of(
        [flow("2020-01", 100)],
        [
            rate("2020-01", 100, source="bank/first"),
            rate("2020-01", 200, source="bank/later", **later),
        ],
        [document("bank/first"), document("bank/later")],
    )
    then, now = (converted(lake, as_of=d)[0] for d in (DAY, dt.date(2024, 7, 1)))
    assert (then["rate"], now["rate"]) == (100, 200)
    assert not converted(lake, as_of=DAY - dt.timedelta(days=1))
    both = converted(lake, as_of=(DAY, dt.date(2024, 7, 1)))
    assert [r["rate"] for r in both] == [100, 200]


# --- what is money --------------------------------------------------------------------------------


def test_what_is_in_the_currency_already_stays_as_it_is():
    lake = lake_of([flow("2020-01", 100, currency="USD")])
    (row,) = converted(lake)
    assert (row["value"], row["rate"], row["rate_kind"], row["rate_day"]) == (100, 1, "none", None)


def test_a_price_is_money_a_unit_and_a_volume_is_none():
    lake = lake_of(
        [flow("2020-01", 1000, product="70131", quantity=Decimal(4), unit="t")],
        [rate("2020-01", 100)],
    )
    prices = converted(lake, measures=["export_price"])
    (price,) = [r for r in prices if r["measure"] == "export_price"]
    assert (price["value"], price["unit"]) == (Decimal("2.5"), "USD/t")
    volumes = observations(lake, measures=["export_volume", "rate"])
    assert {r["measure"] for r in rows_of(lake, convert(volumes, lake))} == {"exports"}
    assert {n.reason for n in without_rate(volumes, lake)} == {
        "export_volume in t is no money",
        "rate in JPY/USD is no money",
    }


def test_growth_is_that_of_converted_values():
    figures = [flow("2020-01", 100), flow("2021-01", 120)]
    lake = lake_of(figures, [rate("2020-01", 100), rate("2021-01", 150)])
    table = convert(observations(lake, measures=["exports"]), lake)
    _, row = sorted(rows_of(lake, change(table, "yoy")), key=lambda r: r["month"])
    # From 1 to 0.8 dollars, though from 100 to 120 yen.
    assert row["yoy_growth"] == pytest.approx(-20)
    assert row["original_value"] == 120


def test_the_columns_are_the_observations_own_and_those_of_the_rate():
    lake = lake_of([flow("2020-01", 100)], [rate("2020-01", 100)])
    table = observations(lake, measures=["exports"])
    assert list(convert(table, lake).columns) == [*table.columns, *ADDED]


def test_a_figure_known_to_the_yen_is_known_to_its_worth():
    lake = lake_of([flow("2020-01", 100, resolution=Decimal(1000))], [rate("2020-01", 125)])
    assert converted(lake)[0]["resolution"] == 8


# --- measure --------------------------------------------------------------------------------------


def test_periods_without_a_rate_are_named_beside_those_without_a_figure():
    figures = [flow(f"2020-{m:02d}", 100) for m in (1, 2, 4)]
    lake = lake_of(figures, [rate(f"2020-{m:02d}", 100) for m in (1, 3, 4)])
    measured = measure_series("exports", "JPN", currency="USD", lake=lake)
    assert [r.period for r in measured.rows] == ["2020-01", "2020-04"]
    assert (measured.missing, measured.unconverted) == (("2020-03",), ("2020-02",))
    assert measured.to_dict()["unconverted"] == ["2020-02"]


def test_figures_that_nobody_converted_say_nothing_of_rates():
    plain = measure_series("exports", "JPN", start="2024-11", end="2024-11").to_dict()
    assert "unconverted" not in plain
    assert not set(plain["rows"][0]) & set(ADDED)


def test_a_source_in_the_currency_wanted_comes_before_a_converted_one():
    lake = lake_of(
        [flow("2020-01", 100), flow("2020-01", 7, currency="USD")], [rate("2020-01", 100)]
    )
    (row,) = measure_series("exports", "JPN", currency="USD", lake=lake).rows
    assert (row.value, row.rate_kind) == (7, "none")
    (yen,) = measure_series("exports", "JPN", lake=lake).rows
    assert yen.value == 100


@pytest.mark.parametrize(
    ("how", "error", "said"),
    [
        ({"currency": "DOLLAR"}, UnknownTerm, "currency"),
        ({"currency": "USD", "rate": "spot"}, InputError, "average or end"),
        ({"measure": "export_volume", "currency": "USD"}, InputError, "no amount of money"),
        ({"measure": "rate", "currency": "USD"}, InputError, "no amount of money"),
        ({"currency": "EUR"}, NoFigure, "boeki pull ecb-fx"),
        ({"currency": "USD", "rate": "end"}, NoFigure, "rate at the end"),
        # The snapshot of the rates aboard is of July 2026.
        ({"currency": "USD", "as_of": dt.date(2025, 1, 31)}, NoFigure, "by 2025-01-31"),
        ({"start": "2024-11-20"}, InputError, "write 2024-11"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_a_way_out(how, error, said):
    measure = how.pop("measure", "exports")
    with pytest.raises(error, match=said):
        measure_series(measure, "JPN", **{"start": "2024-11", "end": "2024-11"} | how)


def test_the_command_line():
    def run(*more):
        args = ["measure", "exports", "JPN", "--from", "2026-05", "--currency", "USD", *more]
        result = CliRunner().invoke(cli, args, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    first = next(csv.DictReader(io.StringIO(run("--csv"))))
    # H.10: 158.1530 yen to the dollar in May 2026.
    assert (first["rate"], first["rate_unit"], first["rate_day"]) == (
        "158.153",
        "JPY/USD",
        "2026-05-31",
    )
    shown = run()
    assert "158.15" in shown
    assert "JPY/USD; last days 2026-05-31 to 2026-06-30" in " ".join(shown.split())
    assert "No exchange rate for the whole of 2026-07, 2026-08" in " ".join(shown.split())
    refused = CliRunner().invoke(
        cli, ["measure", "exports", "JPN", "--at", "2024-11", "--currency", "USD"]
    )
    assert refused.exit_code == 2


def test_currencies_are_three_letters():
    assert {"JPY", "USD", "EUR", "CNY"} <= currencies()
    assert all(len(c) == 3 and c.isupper() for c in currencies())
