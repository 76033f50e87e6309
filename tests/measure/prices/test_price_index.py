"""Indexes from a lake: which figures go into them, which do not, and what is said of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.measure.prices import price_index
from boeki.measure.prices.panel import panel_of
from boeki.measure.prices.panel_lake import Goods, read_panel
from boeki.terms.periods import Period
from tests.handmade import Row, document, flow, lake_of


def of(product: str, period: str, value: Any, quantity: Any = None, **other: Any) -> Row:
    """A row of South African exports, of HS 2017."""
    told = {
        "reporter": "ZAF", "partner": "USA", "classification": "HS2017", "currency": "USD",
        "freq": "A", "source": "office/a", "product": product,
        "quantity": None if quantity is None else Decimal(quantity),
        "unit": None if quantity is None else "kg",
    }  # fmt: skip
    return flow(period, value, **told | other)


def lake(*rows: Row) -> Lake:
    return lake_of(rows, documents=[document("office/a"), document("another/a")])


def index(held: Lake, **asked: Any) -> Any:
    told = {"start": "2020", "end": "2021", "freq": "A", "lake": held}
    return price_index("ZAF", "export", **told | asked)


TWO = (
    of("100110", "2020", 100, 10), of("100110", "2021", 240, 12),
    of("270900", "2020", 300, 20), of("270900", "2021", 200, 20),
)  # fmt: skip


def test_an_index_of_two_products_by_hand() -> None:
    found = index(lake(*TWO)).records()
    # Prices 10 → 20 and 15 → 10; Laspeyres (200 + 200)/400, Paasche (240 + 200)/(120 + 300).
    fisher = (1.0 * 440 / 420) ** 0.5
    assert found[1]["price"] == pytest.approx(100 * fisher)
    assert found[1]["value"] == pytest.approx(110)
    assert found[1]["volume"] == pytest.approx(110 / fisher)
    assert [r["compared"] for r in found] == [2, 2]
    assert index(lake(*TWO), formula="laspeyres").records()[1]["price"] == pytest.approx(100)


def test_partners_are_added_up_unless_they_are_kept_apart() -> None:
    rows = (
        of("100110", "2020", 100, 10), of("100110", "2020", 300, 10, partner="DEU"),
        of("100110", "2021", 100, 10), of("100110", "2021", 900, 30, partner="DEU"),
    )  # fmt: skip
    # Each price is what it was; only the dearer market buys more: a unit value sees a rise.
    assert index(lake(*rows)).records()[1]["price"] == pytest.approx(100 * (1000 / 40) / (400 / 20))
    apart = index(lake(*rows), by_partner=True).records()[1]
    assert apart["price"] == pytest.approx(100)
    assert apart["compared"] == 2
    germany = index(lake(*rows), by_partner=True, partner="DEU").records()[1]
    assert (germany["compared"], germany["value"]) == (1, pytest.approx(300))


def test_the_worlds_own_figures_come_before_a_sum() -> None:
    world = [of("100110", y, 500, 10, partner="WLD") for y in ("2020", "2021")]
    panel = read_panel(lake(*TWO, *world), Goods("ZAF"), [Period.year(2020), Period.year(2021)])
    assert {c.item.product: c.value for c in panel.cells} == {"100110": 500}
    assert not any("added up" in n for n in panel.notes)
    alone = read_panel(lake(*TWO), Goods("ZAF"), [Period.year(2020)])
    assert any("its partners are added up" in n for n in alone.notes)


def test_groups_of_countries_do_not_count_twice() -> None:
    rows = [*TWO, of("100110", "2020", 900, 90, partner="ASIA")]
    panel = read_panel(lake(*rows), Goods("ZAF", by_partner=True), [Period.year(2020)])
    assert {c.item.partner for c in panel.cells} == {"USA"}


def test_units_of_one_kind_go_together_and_others_do_not() -> None:
    rows = (
        of("100110", "2020", 100, 1000), of("100110", "2021", 200, 1, unit="t"),
        of("870321", "2020", 100, 10, unit="units"), of("870321", "2021", 100, 10, unit="kg"),
    )  # fmt: skip
    answer = index(lake(*rows))
    assert answer.records()[1]["price"] == pytest.approx(200)
    assert answer.records()[1]["compared"] == 1
    assert any("not the same throughout for 1 product (870321)" in n for n in answer.notes)


def test_what_has_no_quantity_is_told_and_has_no_price() -> None:
    rows = (*TWO, of("999999", "2020", 600), of("999999", "2021", 440, 0))
    answer = index(lake(*rows))
    assert answer.records()[0]["share"] == pytest.approx(40)
    assert answer.records()[1]["share"] == pytest.approx(50)
    assert any("known for 40 to 50 % of the value" in n for n in answer.notes)
    with pytest.raises(InputError, match="no product has a quantity"):
        index(lake(*rows), products=["999999"])


def test_months_are_added_up_only_where_all_are_there() -> None:
    months = [
        of("100110", f"{year}-{m:02d}", 10 * (year - 2019), 1, freq="M")
        for year in (2020, 2021)
        for m in range(1, 13)
    ]
    whole = index(lake(*months)).records()
    assert whole[1]["price"] == pytest.approx(200)
    answer = index(lake(*months[:-1]), start="2020")
    assert [r["period"] for r in answer.records()] == ["2020"]
    assert any("No figures, or not of all goods, for 1 of the periods (2021)" in n
               for n in answer.notes)  # fmt: skip


def test_a_month_of_which_the_lake_has_a_few_goods_only_is_not_taken_for_whole() -> None:
    rows = [of(f"{n:06d}", "2021", 5, 1) for n in range(1, 11)] + [of("000001", "2020", 5, 1)]
    answer = index(lake(*rows), base="2021")
    assert [r["period"] for r in answer.records()] == ["2021"]
    with pytest.raises(InputError, match="the base 2020 is none of the periods"):
        index(lake(*rows), base="2020")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"source": "another/a"}, "several kinds of office"),
        ({"classification": "HS2022"}, "several kinds of classification"),
        ({"currency": "EUR"}, "several kinds of currency"),
        ({"valuation": "cif"}, "several kinds of valuation"),
        ({"product": "1001"}, "several levels"),
    ],
)
def test_figures_that_do_not_go_together(other: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        index(lake(*TWO, of("100110", "2021", 1, 1, partner="DEU") | other))


def test_what_cannot_be_asked() -> None:
    with pytest.raises(NoFigure, match="the lake holds no exports of South Africa"):
        index(lake(*TWO), start="1990", end="1991")
    with pytest.raises(UnknownTerm, match="unknown flow 'exports'"):
        price_index("ZAF", "exports", start="2020", end="2021", lake=lake(*TWO))
    with pytest.raises(UnknownTerm, match="unknown link"):
        index(lake(*TWO), link="tight")
    with pytest.raises(InputError, match="a window is of GEKS only"):
        index(lake(*TWO), window=3)
    with pytest.raises(InputError, match="lies before the first"):
        index(lake(*TWO), start="2021", end="2020")
    with pytest.raises(InputError, match="1001 contains 100110"):
        index(lake(*TWO), products=["1001", "100110"])


def test_only_what_was_published_by_a_day() -> None:
    late = dt.date(2024, 6, 1)
    rows = (*TWO, of("100110", "2021", 480, 12, published=late))
    assert index(lake(*rows)).records()[1]["price"] > 110
    before = index(lake(*rows), as_of=dt.date(2024, 3, 1)).records()[1]["price"]
    assert before == pytest.approx(index(lake(*TWO)).records()[1]["price"])


# --- tables of one's own ------------------------------------------------------------------------

FRAME = pd.DataFrame(
    {
        "period": ["2020", "2020", "2021", "2021"],
        "product": ["wheat", "oil", "wheat", "oil"],
        "value": [100, 300, 240, 200],
        "quantity": [10.0, 20.0, 12.0, 20.0],
        "unit": ["kg"] * 4,
    }
)


def test_a_data_frame_gives_what_a_lake_of_the_same_figures_gives() -> None:
    mine = price_index(data=FRAME).records()
    theirs = index(lake(*TWO)).records()
    assert [r["price"] for r in mine] == pytest.approx([r["price"] for r in theirs])


def test_a_span_of_years_takes_the_months_of_a_frame() -> None:
    months = FRAME.assign(period=["2020-11", "2020-11", "2021-02", "2021-02"])
    assert [r["period"] for r in price_index(data=months, end="2020").records()] == ["2020-11"]
    assert [r["period"] for r in price_index(data=months, start="2021").records()] == ["2021-02"]
    with pytest.raises(InputError, match="it has 2020-11 to 2021-02"):
        price_index(data=months, start="2022")
    # What is no period sorts as a text.
    named = FRAME.assign(period=["before", "before", "later", "later"])
    assert [r["period"] for r in price_index(data=named, start="c").records()] == ["later"]


def test_periods_without_a_product_in_common_are_named() -> None:
    apart = FRAME.assign(product=["wheat", "oil", "gas", "coal"])
    with pytest.raises(InputError, match="periods 2020 and 2021 have no product in common"):
        price_index(data=apart, link="geks")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": [1, 2, 3, -4]}, "row 4: the value -4 is below zero"),
        ({"value": [1, 2, 3, None]}, "row 4 has no value"),
        ({"value": ["1", "2", "3", "many"]}, "row 4: the value 'many' is no number"),
        ({"product": ["a", "b", "c", None]}, "row 4 has no product"),
        ({"quantity": [1, 2, 3, float("inf")]}, "row 4: the quantity inf"),
    ],
)
def test_cells_that_cannot_be_read(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        panel_of(FRAME.assign(**change))


def test_a_frame_without_a_column_or_a_row() -> None:
    with pytest.raises(InputError, match="lacks the column product"):
        panel_of(FRAME.drop(columns="product"))
    with pytest.raises(InputError, match="no rows"):
        panel_of(FRAME[:0])


# --- the embedded figures -----------------------------------------------------------------------


def test_official_indexes_stand_beside_those_computed(lake: Lake) -> None:
    """Of the press release of 18 December 2024: exports 103.7 and 154.9, imports 95.7 and 171.0."""
    wanted = {"export": (103.7, 154.9), "import": (95.7, 171.0)}
    for flow_, (volume, price) in wanted.items():
        answer = price_index("JPN", flow_, start="2023-11", end="2024-11", lake=lake)
        last = answer.records()[-1]
        assert (last["official_volume"], last["official_price"]) == (volume, price)
        # About half of Japan's trade has quantities; the rest is in no index of unit values.
        assert 40 < last["share"] < 60
        assert answer.column("official_price").unit == "2020=100"
        assert last["compared"] == {"export": 22, "import": 28}[flow_]
    assert any("Unit values stand for prices" in n for n in answer.notes)
    assert answer.rows


def test_codes_that_contain_one_another_do_not_count_twice(lake: Lake) -> None:
    # Cars and thermal coal are in; motor vehicles and coal, which contain them, are not.
    parts = {"export": ({"7050301"}, {"70503", "705"}), "import": ({"3010105"}, {"30101", "3"})}
    for flow_, (inside, outside) in parts.items():
        panel = read_panel(lake, Goods("JPN", flow_), [Period.month(2024, 11)])
        products = {c.item.product for c in panel.cells}
        assert inside <= products
        assert not products & outside
        assert panel.value("2024-11") < panel.totals["2024-11"]
