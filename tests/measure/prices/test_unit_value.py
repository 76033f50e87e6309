"""Unit values and terms of trade, against what the office published."""

from __future__ import annotations

import pytest

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.measure.prices.terms_of_trade import terms_of_trade
from boeki.measure.prices.unit_value import unit_value
from tests.handmade import flow, lake_of, stated


def test_crude_oil_in_november_2024(lake: Lake) -> None:
    """Japan Customs, trade statistics: value −29.7 %, volume −17.0 %; unit value −15.3 %."""
    (row,) = unit_value("JPN", "crude_oil", start="2024-11", end="2024-11", lake=lake).records()
    told = [round(row[f"{c}_yoy"], 1) for c in ("value", "quantity", "unit_value")]
    assert told == [-29.7, -17.0, -15.3]
    assert row["unit_value"] == pytest.approx(row["value"] / row["quantity"])


def test_semiconductor_equipment_in_november_2024(lake: Lake) -> None:
    """Official time series d51ma: value +32.1 %, kilograms +12.5 %, unit value +17.5 %."""
    answer = unit_value("JPN", "JP-PC:70131", "export", start="2024-11", end="2024-11", lake=lake)
    (row,) = answer.records()
    told = [round(row[f"{c}_yoy"], 1) for c in ("value", "quantity", "unit_value")]
    assert told == [32.1, 12.5, 17.5]
    assert answer.column("unit_value").unit == "JPY/t"


def test_a_quarter_is_value_over_quantity_and_no_mean_of_months() -> None:
    rows = [
        flow(f"2024-0{m}", 100 * m, product="70131", quantity=q, unit="t")
        for m, q in ((1, 1), (2, 1), (3, 8))
    ]
    (row,) = unit_value("JPN", "semiconductor_equipment", "export", freq="Q", lake=lake_of(rows),
                        start="2024-Q1", end="2024-Q1").records()  # fmt: skip
    assert row["unit_value"] == 60
    assert row["unit_value_yoy"] is None
    assert row["note"] == "no figure a year before"


def test_a_month_without_a_quantity_has_no_unit_value() -> None:
    rows = [
        flow("2024-01", 100, product="70131", quantity=5, unit="t"),
        flow("2024-02", 100, product="70131"),
    ]
    found = unit_value("JPN", "semiconductor_equipment", "export", lake=lake_of(rows),
                       start="2024-01", end="2024-02").records()  # fmt: skip
    assert [r["unit_value"] for r in found] == [20, None]
    assert found[1]["note"] == "no quantity"


def test_of_each_partner() -> None:
    rows = [
        flow("2024-01", value, product="70131", quantity=10, unit="t", partner=partner)
        for partner, value in (("USA", 100), ("CHN", 50), ("ASIA", 50))
    ]
    answer = unit_value("JPN", "semiconductor_equipment", "export", by_partner=True,
                        lake=lake_of(rows))  # fmt: skip
    assert {r["partner"]: r["unit_value"] for r in answer.records()} == {"USA": 10, "CHN": 5}


def test_what_has_no_unit_value(lake: Lake) -> None:
    with pytest.raises(InputError, match="all goods together have no quantity"):
        unit_value("JPN", "TOTAL", lake=lake)
    with pytest.raises(NoFigure, match="no quantity of imports of Japan, petroleum_products"):
        unit_value("JPN", "petroleum_products", lake=lake)
    with pytest.raises(InputError, match="has no code of its own among exports"):
        unit_value("JPN", "crude_oil", "export", lake=lake)


def test_terms_of_trade_from_official_indexes(lake: Lake) -> None:
    """Press release: unit values 154.9 (+3.9 %) and 171.0 (+1.6 %), export volume 103.7."""
    answer = terms_of_trade("JPN", lake=lake)
    last = answer.records()[-1]
    assert last["period"] == "2024-11"
    assert last["terms_of_trade"] == pytest.approx(154.9 / 171.0 * 100)
    assert last["yoy"] == pytest.approx((1.039 / 1.016 - 1) * 100)
    assert last["income_terms"] == pytest.approx(154.9 / 171.0 * 103.7)
    assert "states" in last["note"]


def test_terms_of_trade_of_years(lake: Lake) -> None:
    """The release's yearly indexes: 2022 130.4 and 166.9, 2023 139.5 and 163.4."""
    found = {r["period"]: r for r in terms_of_trade("JPN", freq="A", lake=lake).records()}
    assert found["2023"]["yoy"] == pytest.approx(
        (139.5 / 163.4) / (130.4 / 166.9) * 100 - 100
    )  # fmt: skip
    assert found["2023"]["note"] == ""


def test_terms_of_trade_from_computed_indexes() -> None:
    rows = [
        flow(f"20{year}-01", price * 10, product="70131", flow="export", quantity=10, unit="t")
        for year, price in ((23, 10), (24, 12))
    ] + [
        flow(f"20{year}-01", price * 5, product="30301", flow="import", quantity=5, unit="kl")
        for year, price in ((23, 10), (24, 15))
    ]
    answer = terms_of_trade("JPN", basis="computed", freq="M", start="2023-01", end="2024-01",
                            lake=lake_of(rows))  # fmt: skip
    last = answer.records()[-1]
    assert last["terms_of_trade"] == pytest.approx(120 / 150 * 100)
    assert last["yoy"] == pytest.approx(-20)
    assert any("Exports FOB, imports CIF" in n for n in answer.notes)


def test_of_several_base_years_the_newest_alone_is_taken() -> None:
    rows = [
        stated("2024-01", value, key=f"{flow_}_unit_value_index", unit=unit)
        for unit, numbers in (("2015=100", (150, 100)), ("2020=100", (120, 100)))
        for flow_, value in zip(("export", "import"), numbers, strict=True)
    ]
    (row,) = terms_of_trade("JPN", lake=lake_of(series=rows)).records()
    assert row["terms_of_trade"] == 120
    assert row["yoy"] is None


def test_terms_of_trade_that_cannot_be_had(lake: Lake) -> None:
    with pytest.raises(NoFigure, match="it holds 2023-12 to 2024-11"):
        terms_of_trade("JPN", start="2010-01", end="2010-12", lake=lake)
    with pytest.raises(NoFigure, match="no official unit value indexes of Germany"):
        terms_of_trade("DEU", lake=lake)
    with pytest.raises(UnknownTerm, match="unknown basis"):
        terms_of_trade("JPN", basis="guessed", lake=lake)
    with pytest.raises(InputError, match="only computed indexes"):
        terms_of_trade("JPN", formula="fisher", lake=lake)
