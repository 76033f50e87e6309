"""Margins: over time they add up; against the world they are those of the paper's formulas."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain.hummels_klenow import (
    explain_margins_against_world,
    hummels_klenow,
    over_markets,
)
from boeki.explain.margins import explain_margins
from tests.handmade import Row, document, flow, lake_of

NAN = float("nan")


def of(reporter: str, partner: str, product: str, year: int, value: Any, kg: Any = None) -> Row:
    """A row as BACI has it: exports, of HS 2017, in dollars."""
    return flow(
        str(year), value, reporter=reporter, partner=partner, product=product, freq="A",
        classification="HS2017", currency="USD", source="office/a",
        quantity=None if kg is None else Decimal(kg), unit=None if kg is None else "kg",
    )  # fmt: skip


def parts(answer: Any) -> dict[str, Decimal]:
    return {r["part"]: r["effect"] for r in answer.records()}


# --- over time ----------------------------------------------------------------------------------

TIME = (
    of("ZAF", "USA", "100110", 2019, 100, 10), of("ZAF", "USA", "100110", 2020, 180, 12),
    of("ZAF", "DEU", "100110", 2019, 20), of("ZAF", "DEU", "100110", 2020, 25),
    of("ZAF", "CHN", "100110", 2020, 7, 1),  # a new partner for a known product
    of("ZAF", "DEU", "270900", 2019, 4, 1),
    of("ZAF", "USA", "270900", 2019, 5, 1), of("ZAF", "USA", "270900", 2020, 5, 1),
    of("ZAF", "USA", "848620", 2020, 11, 1),  # a new product
    of("ZAF", "CHN", "848620", 2020, 2, 1),  # the same, to a new partner: a new product
    of("ZAF", "FRA", "100110", 2019, 3, 1),  # a lost partner
    of("ZAF", "USA", "010121", 2019, 1, 1),  # a lost product
)  # fmt: skip


def test_the_change_by_margin_by_hand() -> None:
    answer = explain_margins(
        "ZAF", "2020", vs="2019", lake=lake_of(TIME, documents=[document("office/a")])
    )
    assert parts(answer) == {
        "Price of what is traded in both": 55,
        "Volume of what is traded in both": 25,
        "Traded in both, no common quantity": 5,
        "New products": 13,
        "Known products to new partners": 7,
        "Lost products": -1,
        "Kept products, lost partners": -3,
        "Lost pairs of kept product and partner": -4,
    }
    assert answer.about["change"] == sum(parts(answer).values()) == 97
    assert answer.about["extensive"] == 12
    # Whatever has a price and a volume, and what has neither.
    kept = {r["part"]: r["pairs"] for r in answer.records()}
    both = kept["Price of what is traded in both"] + kept["Traded in both, no common quantity"]
    assert f"{both} pairs were traded in both periods" in answer.notes[0]


def test_margins_of_the_trade_with_one_partner() -> None:
    answer = explain_margins(
        "ZAF", "2020", vs="2019", partner="USA",
        lake=lake_of(TIME, documents=[document("office/a")]),
    )  # fmt: skip
    found = parts(answer)
    # Of the USA's rows alone: 180 + 5 + 11 after 100 + 5 + 1.
    assert answer.about["change"] == sum(found.values()) == 90
    assert found.pop("New products") == 11
    assert found.pop("Lost products") == -1
    assert set(found) == {"Price of what is traded in both", "Volume of what is traded in both"}


def test_products_alone() -> None:
    answer = explain_margins(
        "ZAF", "2020", vs="2019", by_partner=False,
        lake=lake_of(TIME, documents=[document("office/a")]),
    )  # fmt: skip
    found = parts(answer)
    assert found["New products"] == 13
    assert found["Lost products"] == -1
    assert sum(found.values()) == 97
    assert not any("partner" in name for name in found)


@settings(max_examples=30, deadline=None)
@given(
    cells=st.dictionaries(
        st.tuples(st.sampled_from(["1", "2"]), st.sampled_from("abc"), st.sampled_from("xyz")),
        st.tuples(st.decimals("0.001", 10**9, places=3), st.none() | st.integers(1, 99)),
        min_size=2,
    ).filter(lambda d: len({k[0] for k in d}) == 2),
    method=st.sampled_from(["bennet", "montgomery"]),
)
def test_margins_add_up_to_the_last_digit(cells: Any, method: str) -> None:
    data = [
        {"period": t, "product": p, "partner": m, "value": v, "quantity": q, "unit": "kg"}
        for (t, p, m), (v, q) in cells.items()
    ]
    answer = explain_margins(period="2", vs="1", data=data, method=method)
    wanted = sum(v if t == "2" else -v for (t, _p, _m), (v, _q) in cells.items())
    assert sum(parts(answer).values()) == wanted
    assert answer.about["residual"] == 0
    one_sided = sum(
        v if t == "2" else -v
        for (t, p, m), (v, _q) in cells.items()
        if ({"1": "2", "2": "1"}[t], p, m) not in cells
    )
    assert answer.about["extensive"] == one_sided


def test_margins_that_cannot_be_had() -> None:
    held = lake_of(TIME, documents=[document("office/a")])
    with pytest.raises(NoFigure, match="in 2018, so the change to 2019 cannot be explained"):
        explain_margins("ZAF", "2019", lake=held)
    with pytest.raises(UnknownTerm, match="unknown method"):
        explain_margins("ZAF", "2020", method="guess", lake=held)


# --- against the world --------------------------------------------------------------------------


def test_margins_of_a_market_by_hand() -> None:
    """Of goods of 50, 30 and 20, a country sells 5 and 3 of the first two, the first at twice the
    price: EM = 80/100, IM = 8/80; both have the shares 5/8 and 3/8, so P = 2^(5/8).
    """
    found = hummels_klenow([5, 3, 0], [50, 30, 20], [2, 1, NAN], [1, 1, 1])
    assert found.extensive == pytest.approx(0.8)
    assert found.intensive == pytest.approx(0.1)
    assert found.price == pytest.approx(2**0.625)
    assert found.quantity == pytest.approx(0.1 / 2**0.625)
    assert (found.covered, found.priced) == (1, 1)


def test_goods_of_the_country_alone_are_not_compared() -> None:
    found = hummels_klenow([5, 5], [50, 0], [NAN, NAN], [1, NAN])
    assert found.covered == 0.5
    assert found.priced == 0
    assert math.isnan(found.price)


@settings(max_examples=40, deadline=None)
@given(
    own=hnp.arrays(float, 5, elements=st.just(0.0) | st.floats(0.01, 100)),
    reference=hnp.arrays(float, 5, elements=st.floats(0.1, 100)),
)
def test_extensive_times_intensive_is_the_share(own: Any, reference: Any) -> None:
    if not (own > 0).any():
        own[0] = 1.0
    found = hummels_klenow(own, reference, [1] * 5, [2] * 5)
    assert found.extensive * found.intensive == pytest.approx(own.sum() / reference.sum())
    assert found.price == pytest.approx(0.5)
    assert 0 < found.extensive <= 1


def test_markets_by_hand() -> None:
    # Shares of the markets: 3/4 and 1/4 of the one's, a half and a half of the others' exports.
    # L(3/4, 1/2) = (1/4)/ln(3/2), L(1/4, 1/2) = (1/4)/ln 2.
    weights = np.array([0.25 / math.log(1.5), 0.25 / math.log(2)])
    wanted = np.exp(weights / weights.sum() @ np.log([0.5, 0.2]))
    assert over_markets([0.5, 0.2], [30, 10], [500, 500]) == pytest.approx(wanted)


WORLD = (
    of("ZAF", "USA", "100110", 2020, 5, 5), of("ZAF", "USA", "270900", 2020, 3, 3),
    of("KOR", "USA", "100110", 2020, 20, 40), of("JPN", "USA", "100110", 2020, 30, 60),
    of("KOR", "USA", "270900", 2020, 30, 30), of("JPN", "USA", "848620", 2020, 20, 1),
    of("ZAF", "DEU", "100110", 2020, 2), of("KOR", "DEU", "270900", 2020, 9, 1),
    of("KOR", "ZAF", "270900", 2020, 99, 1),  # what the country itself buys is no market of its
)  # fmt: skip


def frame() -> pd.DataFrame:
    columns = ["reporter", "partner", "product", "period", "value", "quantity", "unit"]
    rows = [[r[c] for c in columns] for r in WORLD]
    made = pd.DataFrame(rows, columns=columns)
    made["quantity"] = made["quantity"].astype(float)
    return made


@pytest.mark.parametrize("source", ["lake", "frame"])
def test_a_country_against_the_rest_of_the_world(source: str) -> None:
    asked: dict[str, Any] = {"data": frame(), "currency": "USD"}
    if source == "lake":
        asked = {"lake": lake_of(WORLD, documents=[document("office/a")])}
    answer = explain_margins_against_world("ZAF", "2020", **asked)
    rows = {r["partner"]: r for r in answer.records()}
    assert list(rows) == ["USA", "DEU"]
    # As in the market by hand: the others' price of the first good is 50/100.
    assert rows["USA"]["extensive"] == pytest.approx(0.8)
    assert rows["USA"]["price"] == pytest.approx(2**0.625)
    assert rows["DEU"]["extensive"] is None
    assert rows["DEU"]["note"] == "no good in common with the other exporters"
    assert answer.about["intensive"] == pytest.approx(0.1)
    assert answer.about["exporters"] == 2
    assert any("Compared: 80.0 % of the exports" in n for n in answer.notes)


def test_units_that_differ_give_no_price() -> None:
    rows = [
        of("ZAF", "USA", "100110", 2020, 5, 5) | {"unit": "units"},
        of("KOR", "USA", "100110", 2020, 20, 40),
    ]
    answer = explain_margins_against_world(
        "ZAF", "2020", lake=lake_of(rows, documents=[document("office/a")])
    )
    assert answer.records()[0]["price"] is None
    assert answer.records()[0]["priced"] == 0
    assert answer.records()[0]["intensive"] == 0.25


def test_worlds_that_cannot_be_had() -> None:
    held = lake_of(WORLD, documents=[document("office/a")])
    with pytest.raises(NoFigure, match="no exports of Germany by product and partner for 2020"):
        explain_margins_against_world("DEU", "2020", lake=held)
    with pytest.raises(InputError, match="lacks the column reporter"):
        explain_margins_against_world("ZAF", data=frame().drop(columns="reporter"))
    with pytest.raises(InputError, match="of ZAF and of other countries"):
        explain_margins_against_world("ZAF", data=frame()[:2])
    with pytest.raises(InputError, match="no good in common"):
        hummels_klenow([1, 0], [0, 1], [1, 1], [1, 1])


def test_the_sample_of_baci(shared: Path, tmp_path: Path) -> None:
    """Exports of South Africa against Afghanistan's, the other exporter of the sample, against
    sums by pandas over the very file.
    """
    from boeki import Query, open_lake, pull

    path = shared / "data" / "baci_sample" / "BACI_HS17_Y2020_sample_AFG_ZAF.csv"
    place = open_lake(tmp_path / "lake", make=True)
    named = tmp_path / "BACI_HS17_Y2020_V202201.csv"
    named.write_bytes(path.read_bytes())
    assert not pull(place, "baci", Query(options={"path": str(named)})).failed
    answer = explain_margins_against_world("ZAF", "2020", lake=place, partner="ARE")
    told = pd.read_csv(path)
    arab = told[told.j == 784].pivot_table(index="k", columns="i", values="v", aggfunc="sum")
    shared_goods = arab[arab[710].notna() & arab[4].notna()]
    (row,) = answer.records()
    assert row["extensive"] == pytest.approx(shared_goods[4].sum() / arab[4].sum())
    assert row["intensive"] == pytest.approx(shared_goods[710].sum() / shared_goods[4].sum())
    assert row["covered"] == pytest.approx(shared_goods[710].sum() / arab[710].sum() * 100)
