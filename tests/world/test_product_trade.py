"""Trade in a product out of a lake, between the countries of a world."""

from __future__ import annotations

from typing import Any

import pytest

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.world import embedded_world, product_trade, zoom
from tests.handmade import Row, flow, lake_of


def row(reporter: str, partner: str, value: int, kind: str = "export", **other: Any) -> Row:
    given = {"product": "848620", "currency": "USD"} | other
    return flow(
        "2016", value, reporter=reporter, partner=partner, flow=kind, classification="HS2012",
        freq="A", **given,
    )  # fmt: skip


@pytest.fixture
def lake() -> Lake:
    return lake_of(
        [
            row("JPN", "CHN", 900_000_000), row("JPN", "SGP", 50_000_000),
            row("JPN", "MYS", 30_000_000), row("JPN", "WLD", 5_000_000_000),
            row("CHN", "JPN", 999_000_000, "import"), row("CHN", "NLD", 400_000_000, "import"),
            row("FRA", "JPN", 20_000_000), row("FRA", "DEU", 7_000_000),
            row("FRA", "ITA", 8_000_000), row("JPN", "CHN", 1, product="848610"),
        ]
    )  # fmt: skip


def test_countries_come_to_those_of_the_world(lake: Lake) -> None:
    world = embedded_world()
    found = product_trade(lake, "HS2012:848620", 2016, world, members={"XEU": ["FRA", "ITA"]})
    cells = {(o, d): v for o, d, v in found.itertuples(index=False)}
    assert cells == {
        # What Japan says it sold goes before what China says it bought.
        ("JPN", "CHN"): 900e6, ("JPN", "ROW"): 80e6, ("NLD", "CHN"): 400e6,
        ("XEU", "JPN"): 20e6, ("XEU", "DEU"): 7e6,
    }  # fmt: skip
    few = product_trade(lake, "HS2012:848620", 2016, world, rest=None)
    assert set(few["origin"]) == {"JPN", "NLD"}
    assert set(few["destination"]) == {"CHN"}


def test_a_heading_adds_up_its_codes_and_zoom_takes_it(lake: Lake) -> None:
    world = embedded_world()
    found = product_trade(lake, "HS2012:8486", 2016, world)
    cells = {(o, d): v for o, d, v in found.itertuples(index=False)}
    assert cells["JPN", "CHN"] == 900e6 + 1
    fine = zoom(world, "machinery", "tools", found)
    at = fine.sector("tools")
    sold = fine.trade[fine.country("JPN"), fine.country("CHN"), at]
    assert sold == pytest.approx(900.000001)
    assert any("Trade in the product: HS2012:8486, 2016: office" in n for n in fine.notes)


def test_what_is_not_there_or_not_alike_is_told(lake: Lake) -> None:
    world = embedded_world()
    with pytest.raises(NoFigure, match="no trade in HS2012:854110 between countries in 2016"):
        product_trade(lake, "HS2012:854110", 2016, world)
    with pytest.raises(InputError, match="such as HS2017:848620"):
        product_trade(lake, "848620", 2016, world)
    with pytest.raises(UnknownTerm, match="unknown country"):
        product_trade(lake, "HS2012:848620", 2016, world, members={"XEU": ["ZZZ"]})
    yen = lake_of([row("JPN", "CHN", 5, currency="JPY")])
    with pytest.raises(InputError, match="is in JPY, the world counts in USD"):
        product_trade(yen, "HS2012:848620", 2016, world)


def test_figures_of_several_offices_are_not_added_up() -> None:
    from tests.handmade import document

    lake = lake_of(
        [row("JPN", "CHN", 5, source="a/x"), row("JPN", "CHN", 6, source="b/y")],
        documents=[document("a/x"), document("b/y")],
    )
    world = embedded_world()
    with pytest.raises(InputError, match="of a, b: name one of them as office"):
        product_trade(lake, "HS2012:848620", 2016, world)
    found = product_trade(lake, "HS2012:848620", 2016, world, office="b")
    assert found["value"].tolist() == [6]
