"""Indicators of structure over lakes: how figures are found, and what is never mixed."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boeki import Query, open_lake, pull
from boeki.errors import InputError, NoFigure
from boeki.lake import Lake
from boeki.measure.structure import (
    comparative_advantage,
    grubel_lloyd,
    herfindahl_hirschman,
    import_dependence,
    market_share,
    theil,
)
from boeki.measure.structure.reading import trade
from tests.handmade import DAY, flow
from tests.measure.structure.worlds import TRADE, lake_with, yearly

BOTH = [
    yearly("JPN", "USA", "848620", 60),
    yearly("JPN", "CHN", "870323", 40),
    yearly("KOR", "USA", "848620", 20),
    yearly("KOR", "USA", "870323", 80),
]


def test_the_pulled_world_adds_up_as_its_lines_do(world: Lake) -> None:
    wanted: dict[str, int] = defaultdict(int)
    for exporter, _importer, product, _before, value in TRADE:
        if product == "848620":
            wanted[exporter] += value * 1000
    rows = market_share(by="country", period=2020, product="848620", office="baci", lake=world)
    assert {r["code"]: r["exports"] for r in rows.records()} == wanted
    whole = sum(wanted.values())
    assert {r["code"]: r["share"] for r in rows.records()} == {
        c: pytest.approx(100 * v / whole) for c, v in wanted.items()
    }
    assert rows.sources == ("baci/BACI_HS17_Y2020_V202201",)
    assert len(rows.rows) == sum(t[2] == "848620" for t in TRADE)


def test_imports_of_a_reconciled_world_are_what_others_sold(world: Lake) -> None:
    answer = import_dependence("JPN", 2020, office="baci", lake=world)
    wanted = {p for _i, j, p, *_v in TRADE if j == "JPN"}
    rows = {r["code"]: r for r in answer.records()}
    assert set(rows) == wanted
    assert rows["870323"]["imports"] == 60_000
    assert (rows["870323"]["largest"], rows["870323"]["to_exports"]) == (
        "Germany", pytest.approx(60 / 180),
    )  # fmt: skip
    assert any("BACI reconciles" in n for n in answer.notes)
    assert answer.about["valuation"] == "fob"


def test_no_other_offices_exports_stand_in_for_imports() -> None:
    with pytest.raises(NoFigure, match="no imports of Japan"):
        grubel_lloyd("JPN", 2020, lake=lake_with(BOTH))


def test_a_stated_world_total_goes_before_a_sum_of_partners() -> None:
    rows = [*BOTH, yearly("JPN", "WLD", "848620", 75), yearly("JPN", "WLD", "870323", 40)]
    found = trade(2020, lake=lake_with(rows)).flows("export", "product").amounts()
    assert found == {
        ("JPN", "848620"): 75, ("JPN", "870323"): 40,
        ("KOR", "848620"): 20, ("KOR", "870323"): 80,
    }  # fmt: skip


def test_a_stated_total_of_all_goods_goes_before_a_sum_of_products() -> None:
    # A word of five letters must never be taken for a code of five digits.
    rows = [
        yearly("JPN", "USA", "84862", 60), yearly("JPN", "USA", "TOTAL", 100),
        yearly("KOR", "USA", "84862", 20),
    ]  # fmt: skip
    source = trade(2020, lake=lake_with(rows), digits=5)
    assert source.flows("export", "partner").amounts() == {("JPN", "USA"): 100, ("KOR", "USA"): 20}
    assert source.flows("export", "product").amounts() == {
        ("JPN", "84862"): 60, ("KOR", "84862"): 20,
    }  # fmt: skip


def test_totals_that_only_some_state_are_not_added_to_the_products_of_others() -> None:
    rows = [
        yearly("JPN", "USA", "848620", 60), yearly("JPN", "USA", "870323", 30),
        yearly("JPN", "USA", "TOTAL", 100), yearly("KOR", "USA", "848620", 7),
        yearly("KOR", "USA", "870323", 5),
    ]  # fmt: skip
    for digits in (None, 6):
        sold = trade(2020, lake=lake_with(rows), digits=digits).flows("export", "partner")
        assert sold.amounts() == {("JPN", "USA"): 100, ("KOR", "USA"): 12}


def test_groups_of_countries_are_no_partners() -> None:
    rows = [*BOTH, yearly("JPN", "ASIA", "870323", 40)]
    found = herfindahl_hirschman("JPN", 2020, lake=lake_with(rows)).records()[0]
    assert (found["index"], found["lines"]) == (pytest.approx(0.52), 2)


def test_partners_that_do_not_make_up_the_total_leave_bounds() -> None:
    rows = [
        yearly("JPN", "USA", "TOTAL", 50), yearly("JPN", "CHN", "TOTAL", 30),
        yearly("JPN", "WLD", "TOTAL", 100),
    ]  # fmt: skip
    answer = herfindahl_hirschman("JPN", 2020, lake=lake_with(rows))
    row = answer.records()[0]
    # Told: (50/80)² + (30/80)² = 0.53125, of 80 %: 0.34; the open 20 % adds 0 to 0.04.
    assert row["index"] == pytest.approx(0.53125)
    assert (row["covered"], row["low"], row["high"]) == (
        pytest.approx(80), pytest.approx(0.34), pytest.approx(0.38),
    )  # fmt: skip
    assert any("bounds" in n for n in answer.notes)


def test_partners_that_are_not_told_are_told_of() -> None:
    from boeki.terms.areas import areas

    secret = next(a.code for a in areas() if a.kind == "unspecified")
    rows = [yearly("JPN", "USA", "TOTAL", 75), yearly("JPN", secret, "TOTAL", 25)]
    answer = herfindahl_hirschman("JPN", 2020, lake=lake_with(rows))
    assert any("25 % is with partners that are not told" in n for n in answer.notes)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"source": "another/a"}, "office"),
        ({"classification": "HS2022"}, "classification"),
        ({"currency": "JPY"}, "currency"),
        ({"valuation": "cif"}, "valuation"),
        ({"product": "8486"}, "several levels"),
    ],
)
def test_figures_of_several_kinds_are_refused(other: dict[str, Any], words: str) -> None:
    told = {"product": "100590", **other}
    product = told.pop("product")
    rows = [*BOTH, yearly("DEU", "USA", product, 1, **told)]
    with pytest.raises(InputError, match=words):
        comparative_advantage("JPN", 2020, lake=lake_with(rows))


def test_the_level_may_be_named() -> None:
    rows = [*BOTH, yearly("JPN", "USA", "8486", 60), yearly("JPN", "USA", "TOTAL", 100)]
    answer = comparative_advantage("JPN", 2020, digits=6, lake=lake_with(rows))
    # (60/100)/(80/200)
    assert {r["code"]: r["rca"] for r in answer.records()}["848620"] == pytest.approx(1.5)


def test_only_what_was_published_by_a_day() -> None:
    late = dt.date(2024, 6, 1)
    rows = [*BOTH, yearly("JPN", "USA", "848620", 600, published=late)]
    lake = lake_with(rows)
    now = market_share("JPN", 2020, lake=lake).records()[0]
    then = market_share("JPN", 2020, as_of=DAY, lake=lake)
    assert now["exports"] == 600
    assert {r["code"]: r["exports"] for r in then.records()}["848620"] == 60
    assert then.published == DAY
    with pytest.raises(NoFigure, match="published by 2023-01-01"):
        market_share("JPN", 2020, as_of=dt.date(2023, 1, 1), lake=lake)


def monthly(number: int, partner: str, value: int) -> dict[str, Any]:
    return flow(f"2020-{number:02d}", value, partner=partner, source="office/a")


def test_a_year_is_added_up_from_all_its_months_only() -> None:
    rows = [monthly(n, p, v) for n in range(1, 13) for p, v in (("USA", 5), ("CHN", 5))]
    found = herfindahl_hirschman("JPN", 2020, lake=lake_with(rows)).records()[0]
    assert (found["value"], found["index"]) == (120, pytest.approx(0.5))
    with pytest.raises(NoFigure):
        herfindahl_hirschman("JPN", 2020, lake=lake_with(rows[:-2]))
    quarter = herfindahl_hirschman("JPN", "2020-Q1", lake=lake_with(rows[:6])).records()[0]
    assert quarter["value"] == 30


def test_trade_of_nil_is_no_line() -> None:
    rows = [*BOTH, yearly("JPN", "DEU", "848620", 0)]
    assert herfindahl_hirschman("JPN", 2020, lake=lake_with(rows)).records()[0]["lines"] == 2


def test_a_classification_says_how_many_lines_there_could_be() -> None:
    from boeki.terms import classifications

    row = theil("JPN", 2020, lake=lake_with(BOTH)).records()[0]
    six = [c for c in classifications.codes("HS2017") if len(c) == 6]
    assert row["lines"] == len(six)
    assert len(six) > 5000


# -- the figures that the package ships ---------------------------------------------------------


def test_japans_suppliers_have_shares_of_all_imports(lake: Lake) -> None:
    """China 2,344.1 bn yen of imports of 9,272.8 bn (Japan Customs, November 2024): 25.3 %. The
    partners that the release names make up less than the whole.
    """
    answer = market_share("CHN", "2024-11", by="country", market="JPN", told_by="market", lake=lake)
    row = answer.records()[0]
    assert row["code"] == "CHN"
    assert round(row["share"], 1) == 25.3
    assert any("make up" in n for n in answer.notes)


def test_products_that_only_one_list_of_japan_has_get_no_index(lake: Lake) -> None:
    rows = {r["code"]: r for r in grubel_lloyd("JPN", "2024-11", lake=lake).records()}
    assert rows["crude_oil"]["index"] is None
    assert rows["crude_oil"]["exports"] is None
    assert "no such line" in rows["crude_oil"]["note"]
    cars = rows["motor_vehicles"]
    x, m = float(cars["exports"]), float(cars["imports"])
    assert cars["index"] == pytest.approx(2 * min(x, m) / (x + m))


def test_japans_figures_alone_are_no_world(lake: Lake) -> None:
    with pytest.raises(NoFigure, match="one country only"):
        comparative_advantage("JPN", "2024-11", lake=lake)


# -- the sample of BACI ---------------------------------------------------------------------------


def test_the_sample_of_baci(shared: Path, tmp_path: Path) -> None:
    """Against sums by the csv module over the very file."""
    path = shared / "data" / "baci_sample" / "BACI_HS17_Y2020_sample_AFG_ZAF.csv"
    place = open_lake(tmp_path / "lake", make=True)
    # The sample has no name that says what it is: its columns are those of HS17 for 2020.
    named = tmp_path / "BACI_HS17_Y2020_V202201.csv"
    named.write_bytes(path.read_bytes())
    assert not pull(place, "baci", Query(options={"path": str(named)})).failed
    partners: dict[str, Decimal] = defaultdict(Decimal)
    products: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in csv.DictReader(path.read_text("utf-8").splitlines()):
        products[line["i"], line["k"]] += Decimal(line["v"])
        if line["i"] == "710":  # South Africa
            partners[line["j"]] += Decimal(line["v"])
    whole = sum(partners.values())
    row = herfindahl_hirschman("ZAF", 2020, office="baci", lake=place).records()[0]
    assert row["index"] == pytest.approx(float(sum((v / whole) ** 2 for v in partners.values())))
    assert (row["lines"], row["value"]) == (len(partners), whole * 1000)
    gold = {r["code"]: r for r in comparative_advantage("ZAF", 2020, lake=place).records()}[
        "710812"
    ]
    own = {i: sum(v for (c, _), v in products.items() if c == i) for i in ("4", "710")}
    world = (products["4", "710812"] + products["710", "710812"]) / sum(own.values())
    wanted = products["710", "710812"] / own["710"] / world
    assert gold["rca"] == pytest.approx(float(wanted))


def test_a_level_that_one_flow_does_not_have_is_named(lake: Lake) -> None:
    with pytest.raises(InputError, match="have no commodities of level 4: give 1, 2 or 3"):
        grubel_lloyd("JPN", "2024-11", level=4, lake=lake)
