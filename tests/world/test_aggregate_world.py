"""A smaller world keeps every account of the larger one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, UnknownTerm
from boeki.world import World, world_from_table
from tests.explain.value_added.tables import random_table
from tests.world.worlds import random_world

COUNTRIES = {"north": ["C0", "C3"]}
SECTORS = {"goods": ["s0", "s2"]}


def holds(world: World) -> None:
    gap = world.expenditure - world.input_expenditure - world.final_expenditure
    assert np.abs(gap).max() < 1e-9 * world.expenditure.max()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_sums_are_sums(seed: int) -> None:
    world = random_world(seed)
    small = world.aggregate(countries=COUNTRIES, sectors=SECTORS)
    assert small.countries == ("north", "C1", "C2")
    assert small.sectors == ("goods", "s1")
    for name in ("gdp", "tariff_revenue", "deficit", "income"):
        old, new = getattr(world, name), getattr(small, name)
        assert new == pytest.approx([old[0] + old[3], old[1], old[2]], abs=1e-9)
    for name in ("output", "value_added", "expenditure", "final_expenditure", "input_expenditure"):
        old, new = getattr(world, name), getattr(small, name)
        assert new[0, 0] == pytest.approx(old[[0, 3]][:, [0, 2]].sum())
        assert new[2, 1] == pytest.approx(old[2, 1])
    # Sales of the north to C1 of goods; of members to each other at home.
    assert small.trade[0, 1, 0] == pytest.approx(world.trade[[0, 3], 1][:, [0, 2]].sum())
    assert small.trade[0, 0, 1] == pytest.approx(world.trade[np.ix_([0, 3], [0, 3], [1])].sum())
    holds(small)


def test_tariffs_are_revenue_over_trade_and_elasticities_weighted_means() -> None:
    world = random_world(5)
    small = world.aggregate(countries=COUNTRIES, sectors=SECTORS)
    net = world.trade[[0, 3], 1][:, [0, 2]]
    revenue = (net * world.tariff[[0, 3], 1][:, [0, 2]]).sum()
    assert small.tariff[0, 1, 0] == pytest.approx(revenue / net.sum())
    abroad = world.trade.sum((0, 1)) - np.einsum("nns->s", world.trade)
    theta = np.average(world.trade_elasticity[[0, 2]], weights=abroad[[0, 2]])
    psi = np.average(world.scale_elasticity[[0, 2]], weights=world.output.sum(0)[[0, 2]])
    assert small.trade_elasticity == pytest.approx([theta, world.trade_elasticity[1]])
    assert small.scale_elasticity == pytest.approx([psi, world.scale_elasticity[1]])
    assert "north: C0, C3" in small.notes[-1]


def test_nothing_put_together_is_the_same_world() -> None:
    world = random_world(2)
    same = world.aggregate()
    assert same.trade_share == pytest.approx(world.trade_share, abs=1e-14)
    assert same.tariff == pytest.approx(world.tariff, abs=1e-12)
    assert same.input_share == pytest.approx(world.input_share, abs=1e-14)
    assert same.notes == world.notes


def test_all_put_together_is_a_closed_economy() -> None:
    world = random_world(3)
    one = world.aggregate(countries={"WLD": world.countries}, sectors={"all": world.sectors})
    assert one.trade_share.tolist() == [[[1.0]]]
    assert one.deficit == pytest.approx([0], abs=1e-9)
    assert one.gdp.sum() == pytest.approx(world.gdp.sum())


def test_shares_by_use_are_put_together_by_use() -> None:
    table = random_table(4, areas=3, sectors=3, filled=0.8)
    world = world_from_table(table, trade_elasticity=4.0, by_use=True)
    small = world.aggregate(countries={"AB": ["A0", "A1"]}, sectors={"x": ["s1", "s2"]})
    other = world_from_table(
        table.aggregated(areas={"AB": ["A0", "A1"]}, sectors={"x": ["s1", "s2"]}),
        trade_elasticity=4.0, by_use=True,
    )  # fmt: skip
    assert small.countries == other.countries
    assert small.sectors == other.sectors
    for name in ("trade_share", "expenditure", "input_share", "final_share", "input_trade_share"):
        assert getattr(small, name) == pytest.approx(getattr(other, name), abs=1e-9), name


def test_pairs_that_do_not_trade_get_the_plain_mean_of_tariffs() -> None:
    world = random_world(1)
    share = world.trade_share.copy()
    share[0, 1], share[3, 1] = 0, 0
    world = World.from_arrays(
        world.countries, world.sectors, trade_share=share / share.sum(0),
        expenditure=world.expenditure, tariff=world.tariff, input_share=world.input_share,
        final_share=world.final_share, deficit=world.deficit, settle=True, trade_elasticity=4.0,
    )  # fmt: skip
    small = world.aggregate(countries=COUNTRIES)
    assert small.trade[0, 1].tolist() == [0, 0, 0]
    assert small.tariff[0, 1] == pytest.approx(world.tariff[[0, 3], 1].mean(0))


def test_bad_groups_are_refused() -> None:
    world = random_world(1)
    with pytest.raises(UnknownTerm, match="country of this world 'C9'"):
        world.aggregate(countries={"x": ["C9"]})
    with pytest.raises(InputError, match="two groups"):
        world.aggregate(sectors={"x": ["s1"], "y": ["s1"]})
    with pytest.raises(InputError, match="already"):
        world.aggregate(sectors={"s2": ["s0", "s1"]})
    assert replace(world, notes=()).aggregate().notes == ()
