"""Mirror flows: worked by hand, and what is never mixed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.measure.coherence import HUBS, asymmetry, measure_mirror, mirror_of, to_fob
from boeki.measure.coherence.asymmetry import margin_of

from ...handmade import document, flow, lake_of, stated

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=3)
OFFICES = [document("comtrade/2017"), document("us-census/2017"), document("eurostat/2017")]


def said(reporter, partner, which, value, period="2017", **other):
    """A row of Comtrade of a year, unless told otherwise."""
    row = {
        "reporter": reporter, "partner": partner, "flow": which, "classification": "HS2017",
        "freq": "A" if len(period) == 4 else "M", "currency": "USD", "source": "comtrade/2017",
    }  # fmt: skip
    return flow(period, value, **(row | other))


def both_ways(*more, **other):
    """A lake with two countries' words on their trade with each other."""
    rows = [
        said("CHN", "USA", "export", 400, **other),
        said("USA", "CHN", "import", 530, **other),
        said("USA", "CHN", "export", 100, **other),
        said("CHN", "USA", "import", 106, **other),
    ]
    return lake_of([*rows, *more], documents=OFFICES)


def way(answer, direction):
    (row,) = [r for r in answer.records() if r["direction"] == direction]
    return row


def test_both_directions_are_compared_as_they_are_valued():
    found = measure_mirror("USA", "China", "2017", lake=both_ways())
    east = way(found, "CHN → USA")
    assert (east["exports"], east["imports"], east["difference"]) == (400, 530, -130)
    # −130 in percent of (400 + 530) / 2.
    assert east["asymmetry"] == pytest.approx(-130 / 465 * 100)
    assert east["ratio"] == pytest.approx(1.325)
    assert east["imports_fob"] is None
    assert east["imports_basis"] == "cif"
    assert any("freight and insurance are in the difference" in note for note in found.notes)


def test_the_imfs_factor_takes_freight_and_insurance_out():
    # IMF, Direction of Trade Statistics Yearbook 2017: imports CIF are divided by 1.06.
    found = measure_mirror("USA", "CHN", "2017", cif_margin="imf", lake=both_ways())
    west, east = way(found, "USA → CHN"), way(found, "CHN → USA")
    assert (west["imports_fob"], west["difference"], west["asymmetry"]) == (100, 0, 0)
    assert west["ratio"] == pytest.approx(1.06)
    assert east["imports_fob"] == Decimal("500.000")
    assert east["imports_basis"] == "cif, less 6 %"


def test_an_importers_own_fob_value_comes_before_any_margin():
    own = said("USA", "CHN", "import", 505, valuation="customs")
    found = measure_mirror("USA", "CHN", "2017", cif_margin=10, lake=both_ways(own))
    east = way(found, "CHN → USA")
    assert (east["imports"], east["imports_fob"], east["difference"]) == (530, 505, -105)
    assert east["imports_basis"] == "fob, as reported"


def test_a_year_is_the_sum_of_its_months_only_where_all_are_there():
    months = [f"2017-{m:02d}" for m in range(1, 13)]
    rows = [said("CHN", "USA", "export", 1, p) for p in months]
    rows += [said("USA", "CHN", "import", 2, p) for p in months[:-1]]
    found = measure_mirror("USA", "CHN", "2017", lake=lake_of(rows, documents=OFFICES))
    east = way(found, "CHN → USA")
    assert (east["exports"], east["imports"]) == (12, None)
    assert east["note"] == "USA reports no imports"


def test_what_left_in_december_arrives_in_january():
    rows = [
        said("CHN", "USA", "export", 7, "2017-12"),
        said("USA", "CHN", "import", 8, "2018-01"),
        said("USA", "CHN", "import", 3, "2017-12"),
    ]
    lake = lake_of(rows, documents=OFFICES)
    assert way(measure_mirror("CHN", "USA", "2017-12", lake=lake), "CHN → USA")["imports"] == 3
    later = measure_mirror("CHN", "USA", "2017-12", lag=1, lake=lake)
    assert way(later, "CHN → USA")["imports"] == 8


def test_two_currencies_need_one_to_be_named():
    rates = [
        stated("2017", "0.8", key="exchange_rate", freq="A", unit="EUR/USD", dimensions={}),
        *(
            stated(f"2017-{m:02d}", "0.8", key="exchange_rate", unit="EUR/USD", dimensions={})
            for m in range(1, 13)
        ),
    ]
    rows = [
        said("DEU", "USA", "export", 80, currency="EUR", source="eurostat/2017"),
        said("USA", "DEU", "import", 110, source="us-census/2017"),
    ]
    lake = lake_of(rows, rates, documents=OFFICES)
    with pytest.raises(InputError, match="EUR and USD: name the currency"):
        measure_mirror("DEU", "USA", "2017", lake=lake)
    row = way(measure_mirror("DEU", "USA", "2017", currency="USD", lake=lake), "DEU → USA")
    # €80 at 0.80 euros to the dollar is $100.
    assert (row["exports"], row["imports"], row["difference"]) == (100, 110, -10)
    assert row["exports_rate"] == "0.8000000 EUR/USD (2017-12-31)"
    with pytest.raises(NoFigure, match="no official exchange rate"):
        measure_mirror("DEU", "USA", "2017", currency="JPY", lake=lake)


def test_several_offices_are_never_mixed():
    national = said("USA", "CHN", "import", 525, source="us-census/2017")
    lake = both_ways(national)
    with pytest.raises(InputError, match="several kinds of office"):
        measure_mirror("USA", "CHN", "2017", lake=lake)
    one = measure_mirror("USA", "CHN", "2017", office="comtrade", lake=lake)
    assert way(one, "CHN → USA")["imports"] == 530
    two = measure_mirror(
        "USA", "CHN", "2017", office="us-census", partner_office="comtrade", lake=lake
    )
    assert way(two, "CHN → USA")["imports"] == 525
    assert two.about["offices"] == {"USA": "us-census", "CHN": "comtrade"}


def test_products_by_two_editions_are_refused():
    rows = [
        said("CHN", "USA", "export", 1, product="8486"),
        said("USA", "CHN", "import", 1, product="8486", classification="HS2012"),
    ]
    lake = lake_of(rows, documents=OFFICES)
    with pytest.raises(InputError, match="one classification first"):
        measure_mirror("CHN", "USA", "2017", product="8486", lake=lake)


def test_products_are_kept_apart_by_digits():
    rows = [
        said("CHN", "USA", "export", 3, product="84"),
        said("USA", "CHN", "import", 4, product="84"),
        said("CHN", "USA", "export", 5, product="85"),
        said("CHN", "USA", "export", 9, product="8501"),
    ]
    lake = lake_of(rows, documents=OFFICES)
    found = measure_mirror("CHN", "USA", "2017", digits=2, lake=lake)
    east = [r for r in found.records() if r["direction"] == "CHN → USA"]
    assert [(r["product"], r["exports"], r["imports"]) for r in east] == [
        ("84", 3, 4),
        ("85", 5, None),
    ]


def test_hubs_are_named_with_what_went_there():
    lake = both_ways(said("CHN", "HKG", "export", 279_000_000_000))
    notes = " ".join(measure_mirror("USA", "CHN", "2017", lake=lake).notes)
    assert "China's exports to Hong Kong were $279.000 bn" in notes
    rows = [said("JPN", "HKG", "export", 1), said("HKG", "JPN", "import", 1)]
    pair = measure_mirror("JPN", "HKG", "2017", lake=lake_of(rows, documents=OFFICES))
    assert f"Hong Kong is {HUBS['HKG']}." in pair.notes


def test_trade_systems_and_days_that_differ_are_told():
    rows = [
        said("CHN", "USA", "export", 1, system="general"),
        said("USA", "CHN", "import", 1, system="special", published=dt.date(2024, 5, 1)),
    ]
    notes = " ".join(
        measure_mirror("CHN", "USA", "2017", lake=lake_of(rows, documents=OFFICES)).notes
    )
    assert "China by the general and United States by the special trade system" in notes
    assert "United States 2024-05-01" in notes


def test_what_was_not_yet_published_is_not_compared():
    late = said("USA", "CHN", "import", 999, published=dt.date(2025, 1, 1))
    lake = both_ways(late)
    before = measure_mirror("USA", "CHN", "2017", as_of=dt.date(2024, 6, 1), lake=lake)
    assert way(before, "CHN → USA")["imports"] == 530
    assert way(measure_mirror("USA", "CHN", "2017", lake=lake), "CHN → USA")["imports"] == 999


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"partner": "USA"}, InputError),
        ({"period": []}, InputError),
        ({"period": "2017-01-01"}, InputError),
        ({"period": "FY2017"}, InputError),
        ({"cif_margin": "oecd"}, UnknownTerm),
        ({"cif_margin": -1}, InputError),
        ({"cif_margin": 150}, InputError),
        ({"period": "2010"}, NoFigure),
        ({"digits": 0}, InputError),
    ],
)
def test_questions_without_an_answer_are_refused(asked, error):
    with pytest.raises(error):
        measure_mirror(**({"reporter": "USA", "partner": "CHN", "period": "2017",
                           "lake": both_ways()} | asked))  # fmt: skip


def test_figures_that_the_caller_has():
    found = mirror_of({"2023": 100, "2024": 50}, {"2023": 106}, unit="USD", cif_margin=6)
    first, second = found.records()
    assert (first["imports_fob"], first["difference"]) == (100, 0)
    assert (second["imports"], second["note"]) == (None, "importer reports no imports")
    with pytest.raises(InputError, match="frequency"):
        mirror_of({"2023": 1}, {"2023-01": 1}, unit="USD")


@given(AMOUNTS, AMOUNTS)
def test_asymmetry_turns_round_with_the_two_sides(x, m):
    one, other = asymmetry(x, m), asymmetry(m, x)
    assert one.difference == -other.difference
    if one.percent is None:
        assert x == m == 0
    else:
        assert one.percent == pytest.approx(-other.percent)
        assert -200.000001 <= one.percent <= 200.000001
    if one.ratio and other.ratio:
        assert one.ratio * other.ratio == pytest.approx(1)


@given(AMOUNTS, st.decimals(min_value=0, max_value=99, places=2))
def test_a_margin_put_back_gives_the_cif_value(cif, margin):
    back = to_fob(cif, margin) * (1 + margin / 100)
    assert abs(back - cif) <= Decimal("0.001")


def test_flows_below_nil_are_refused():
    with pytest.raises(InputError):
        asymmetry(Decimal(-1), Decimal(1))
    assert margin_of(None) == (None, "")
    assert margin_of("7.5") == (Decimal("7.5"), "as given")


def test_what_one_side_alone_tells_has_no_picture():
    lake = lake_of([said("CHN", "USA", "export", 500)], documents=OFFICES)
    found = measure_mirror("USA", "CHN", "2017", lake=lake)
    row = way(found, "CHN → USA")
    assert (row["difference"], row["note"]) == (None, "USA reports no imports")
    assert found.chart is None
