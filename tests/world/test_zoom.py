"""A product split out of a sector: aggregated again it is the old world."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, IntegrityError, UnknownTerm
from boeki.world import World, world_from_table, zoom
from tests.explain.value_added.tables import random_table
from tests.world.worlds import random_world

#: Rounding of sums over countries, sectors and origins, relative to the largest.
ROUNDING = 1e-12


def shares_of(world: World, sector: str, seed: int) -> pd.DataFrame:
    """The product as a random share of each flow of the sector, pairs abroad only."""
    rng = np.random.default_rng(seed)
    rows = [
        (o, d, rng.uniform(0, 0.6) * (rng.random() < 0.8))
        for o in world.countries
        for d in world.countries
        if o != d
    ]
    return pd.DataFrame(rows, columns=["origin", "destination", "value"])


def same_accounts(old: World, new: World) -> None:
    for name in (
        "trade", "expenditure", "output", "value_added", "final_expenditure", "input_expenditure",
        "tariff_revenue", "deficit", "gdp", "tariff", "input_share", "final_share",
        "value_added_share", "trade_share",
    ):  # fmt: skip
        first, second = getattr(old, name), getattr(new, name)
        size = max(np.abs(first).max(), 1.0)
        assert np.abs(first - second).max() < ROUNDING * size, name


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_aggregated_again_it_is_the_old_world(seed: int) -> None:
    world = random_world(seed)
    fine = zoom(world, "s1", "chips", shares_of(world, "s1", seed), values="share")
    assert fine.sectors == ("s0", "s1", "chips", "s2")
    again = fine.aggregate(sectors={"s1": ["s1", "chips"]})
    same_accounts(world, again)
    assert again.trade_elasticity == pytest.approx(world.trade_elasticity)
    gap = fine.expenditure - fine.input_expenditure - fine.final_expenditure
    assert np.abs(gap).max() < ROUNDING * fine.expenditure.max()


def test_a_zoom_into_a_zoom() -> None:
    world = random_world(8)
    fine = zoom(world, "s1", "equipment", shares_of(world, "s1", 1), values="share")
    finer = zoom(fine, "equipment", "lithography", shares_of(fine, "equipment", 2), values="share")
    assert finer.sectors == ("s0", "s1", "equipment", "lithography", "s2")
    same_accounts(world, finer.aggregate(sectors={"s1": ["s1", "equipment", "lithography"]}))


def money(world: World, rows: list[tuple[str, str, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["origin", "destination", "value"])


def test_flows_are_those_given_and_home_sales_by_proxy() -> None:
    world = random_world(5)
    whole = world.trade[:, :, 1]
    value = 0.25 * whole[0, 1]
    # In full currency: the world counts in millions.
    fine = zoom(world, "s1", "chips", money(world, [("C0", "C1", value * 1e6)]))
    chips = fine.trade[:, :, fine.sector("chips")]
    assert chips[0, 1] == pytest.approx(value)
    # The product's share in exports of the sector holds for home sales too.
    exports = whole[0].sum() - whole[0, 0]
    assert chips[0, 0] == pytest.approx(value / exports * whole[0, 0])
    assert chips[2].sum() == 0
    assert "Home sales by proxy" in fine.notes[-1]


def test_output_gives_home_sales() -> None:
    world = random_world(5)
    value = 0.1 * world.trade[0, 1, 1]
    made = value + 0.5 * world.trade[0, 0, 1]
    trade = money(world, [("C0", "C1", value), ("C1", "C1", 0.3 * world.trade[1, 1, 1])])
    fine = zoom(world, "s1", "chips", trade, unit=1e6, output={"C0": made})
    chips = fine.trade[:, :, fine.sector("chips")]
    assert chips[0].sum() == pytest.approx(made)
    assert chips[1, 1] == pytest.approx(0.3 * world.trade[1, 1, 1])


def test_rows_as_the_lake_has_them_take_exports_first() -> None:
    world = random_world(5)
    value = 0.1 * world.trade[0, 1, 1]
    back = 0.2 * world.trade[1, 0, 1]
    rows = pd.DataFrame(
        [
            ("C0", "C1", "export", value), ("C1", "C0", "import", 5 * value),
            ("C0", "C1", "import", back),
        ],
        columns=["reporter", "partner", "flow", "value"],
    )  # fmt: skip
    fine = zoom(world, "s1", "chips", rows, unit=1e6)
    chips = fine.trade[:, :, fine.sector("chips")]
    assert chips[0, 1] == pytest.approx(value)
    assert chips[1, 0] == pytest.approx(back)


def test_what_is_more_than_the_sector_sells_is_cut_and_told() -> None:
    world = random_world(5)
    trade = money(world, [("C0", "C1", 2 * world.trade[0, 1, 1])])
    fine = zoom(world, "s1", "chips", trade, unit=1e6)
    assert fine.trade[0, 1, fine.sector("s1")] == 0
    assert "1 flows were above those of s1 as a whole" in " ".join(fine.notes)
    same_accounts(world, fine.aggregate(sectors={"s1": ["s1", "chips"]}))


def test_users_may_be_weighted() -> None:
    world = random_world(6)
    trade = shares_of(world, "s1", 3)
    trade["value"] *= 0.1
    plain = zoom(world, "s1", "chips", trade, values="share")
    at, other = plain.sector("chips"), plain.sector("s0")
    # Unweighted, each user has the same share of the product in what it buys of the sector.
    whole = world.input_share[:, :, 1] * world.output
    mine = plain.input_share[:, :, at] * plain.output
    ratio = mine[:, other] / whole[:, 0]
    spent = plain.expenditure[:, at] / world.expenditure[:, 1]
    assert ratio == pytest.approx(spent)
    final = zoom(world, "s1", "chips", trade, values="share", users={"final": 1, "*": 0})
    bought = final.final_expenditure[:, at]
    possible = np.minimum(final.expenditure[:, at], world.final_expenditure[:, 1])
    assert bought == pytest.approx(possible)
    same_accounts(world, final.aggregate(sectors={"s1": ["s1", "chips"]}))
    twice = zoom(world, "s1", "chips", trade, values="share", users={"s0": 2})
    used = twice.input_share[:, other, at] * twice.output[:, other]
    free = used / whole[:, 0] < 1 - 1e-9
    rest = twice.final_expenditure[:, at] / world.final_expenditure[:, 1]
    assert (used / whole[:, 0])[free] == pytest.approx(2 * rest[free])
    same_accounts(world, twice.aggregate(sectors={"s1": ["s1", "chips"]}))


def test_its_own_tariff_and_elasticities() -> None:
    world = random_world(6)
    trade = shares_of(world, "s1", 3)
    trade["value"] *= 0.1
    free = np.zeros((4, 4))
    fine = zoom(
        world, "s1", "chips", trade, values="share", tariff=free, trade_elasticity=3.0,
        scale_elasticity=0.2,
    )  # fmt: skip
    at = fine.sector("chips")
    assert fine.tariff[:, :, at].max() == 0
    assert fine.trade_elasticity[at] == 3
    assert fine.scale_elasticity[at] == 0.2
    assert fine.tariff_revenue == pytest.approx(world.tariff_revenue)
    same = fine.aggregate(sectors={"s1": ["s1", "chips"]})
    traded = world.trade > 0
    assert same.tariff[traded] == pytest.approx(world.tariff[traded], abs=1e-12)
    with pytest.raises(InputError, match="lower it there"):
        zoom(world, "s1", "chips", trade, values="share", tariff=free + 40 * (1 - np.eye(4)))


def test_least_cross_entropy_meets_output_and_purchases() -> None:
    world = random_world(9)
    trade = shares_of(world, "s1", 5)
    first = zoom(world, "s1", "chips", trade, values="share")
    prior = first.trade[:, :, first.sector("chips")]
    output = dict(zip(world.countries, prior.sum(1) * [1.1, 0.9, 1.0, 1.05], strict=True))
    purchases = dict(zip(world.countries, prior.sum(0) * [0.95, 1.0, 1.1, 1.0], strict=True))
    fine = zoom(
        world, "s1", "chips", _with_home(trade, prior, world), values="money", unit=1e6,
        output=output, purchases=purchases, method="cross-entropy",
    )  # fmt: skip
    chips = fine.trade[:, :, fine.sector("chips")]
    assert chips.sum(1) == pytest.approx(list(output.values()))
    ratio = sum(output.values()) / sum(purchases.values())
    assert chips.sum(0) == pytest.approx([ratio * v for v in purchases.values()])
    # First-order condition of least cross-entropy: log x / prior is a row's plus a column's
    # effect, so that ratios of ratios are one, where no flow is at its bound.
    inside = (chips < world.trade[:, :, 1] * (1 - 1e-9)) & (prior > 0)
    log = np.where(inside, np.log(np.maximum(chips, 1e-300) / np.maximum(prior, 1e-300)), np.nan)
    assert inside.all(axis=None) or inside.sum() > 6
    for a in range(4):
        for b in range(4):
            crossed = log[a, a] - log[a, b] - log[b, a] + log[b, b]
            assert np.isnan(crossed) or abs(crossed) < 1e-8
    same_accounts(world, fine.aggregate(sectors={"s1": ["s1", "chips"]}))


def _with_home(trade: pd.DataFrame, prior: np.ndarray[Any, Any], world: World) -> pd.DataFrame:
    names = world.countries
    return pd.DataFrame(
        [(o, d, prior[i, j]) for i, o in enumerate(names) for j, d in enumerate(names)],
        columns=["origin", "destination", "value"],
    )


def test_what_does_not_fit_is_refused() -> None:
    world = random_world(5)
    trade = money(world, [("C0", "C1", 1.0)])
    for match, call in (
        ("unknown country of this world 'C9'", {"trade": money(world, [("C9", "C1", 1.0)])}),
        ("below zero", {"trade": money(world, [("C0", "C1", -1.0)])}),
        ("gaps", {"trade": money(world, [("C0", "C1", np.nan)])}),
        ("needs the columns", {"trade": pd.DataFrame({"x": [1]})}),
        ("a sector s2 already", {"product": "s2"}),
        ("unknown sector", {"sector": "s9"}),
        ("cross-entropy", {"purchases": {"C0": 1.0}}),
        ("unknown method", {"method": "magic"}),
        ("unknown user", {"users": {"s9": 1.0}}),
        ("at or above zero", {"users": {"s0": -1.0}}),
        ("output of C0 is -1", {"output": {"C0": -1.0}}),
    ):
        given: dict[str, Any] = {"sector": "s1", "product": "chips", "trade": trade} | call
        with pytest.raises(InputError, match=match):
            zoom(world, **given)
    with pytest.raises(IntegrityError, match="no more than"):
        zoom(
            world, "s1", "chips", trade, unit=1e6, method="cross-entropy",
            output={"C0": 1e12},
        )  # fmt: skip
    table = random_table(4, areas=3, sectors=3, filled=0.8)
    with pytest.raises(InputError, match="common trade shares"):
        zoom(
            world_from_table(table, trade_elasticity=4.0, by_use=True), "s1", "chips",
            pd.DataFrame(columns=["origin", "destination", "value"]),
        )  # fmt: skip
    assert issubclass(UnknownTerm, InputError)
