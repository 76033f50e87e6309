"""What holds of every equilibrium, whatever the shocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.model import simulate
from boeki.world.world import World
from tests.model.worlds import mixed

VARIANTS = {
    "plain": {},
    "by use": {"by_use": True},
    "scale economies": {"psi": 0.05},
}
#: Everything that a scenario can impose, at once.
SHOCKS = {
    "tariff": {"from": "C1", "to": "C2", "rate": 0.4},
    "trade_cost": {"from": "C3", "to": "all", "change": 0.1},
    "export_control": [
        {"from": "C2", "to": "C4", "sectors": "S1", "volume": 0.3},
        {"from": "C2", "to": "C0", "sectors": "S1", "volume": 0},
    ],
    "export_tax": {"from": "C4", "to": "C1", "sectors": "S0", "rate": 0.1},
    "export_subsidy": {"from": "C0", "to": "C3", "sectors": "S1", "rate": 0.1},
    "productivity": {"countries": "C1", "sectors": "S3", "change": 0.2},
    "preference": {"countries": "all", "sectors": "S1", "change": 0.3},
    "production_tax": {"countries": "C3", "sectors": "S0", "rate": 0.05},
    "production_subsidy": {"countries": "C2", "sectors": "S3", "rate": 0.1},
    "labour": {"countries": "C4", "change": 0.05},
    "transfer": {"from": "C1", "to": "C3", "share_of_gdp": 0.02},
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("deficits", ["world", "gdp"])
def test_no_shock_gives_ones(variant: str, deficits: str) -> None:
    world = mixed(**VARIANTS[variant])
    found = simulate(world, deficits=deficits)
    for name in ("wage", "price", "real_wage", "welfare", "unit_cost", "employment", "quantity"):
        assert getattr(found, name) == pytest.approx(np.ones_like(getattr(found, name)), abs=1e-11)
    assert found.trade == pytest.approx(world.trade, rel=1e-10, abs=1e-13)
    assert found.welfare_linear == pytest.approx(np.zeros(5), abs=1e-11)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("deficits", ["world", "gdp"])
def test_all_markets_clear_with_every_kind_of_shock(variant: str, deficits: str) -> None:
    found = simulate(mixed(**VARIANTS[variant]), SHOCKS, deficits=deficits)
    assert max(found.residuals.values()) < 1e-10
    # The accounts, in the arrays that users read.
    world, here = found.world, np.arange(5)
    assert found.gdp.sum() == pytest.approx(world.gdp.sum(), rel=1e-12)
    assert found.trade_share.sum(0) == pytest.approx(np.ones((5, 4)), abs=1e-10)
    assert (found.trade_share >= 0).all()
    spent = np.einsum("nks,nk->ns", world.input_share, found.output)
    assert found.expenditure.sum(1) == pytest.approx(spent.sum(1) + found.income, rel=1e-10)
    assert found.deficit == pytest.approx(found.imports - found.exports)
    assert found.balance.sum(1) == pytest.approx(-found.deficit, rel=1e-9, abs=1e-12)
    duty = found.expenditure * found.trade_share - found.trade
    assert duty.sum((0, 2)) == pytest.approx(found.tariff_revenue, rel=1e-9, abs=1e-13)
    assert found.trade[2, 0, 1] == 0
    assert found.market_share.sum(0) == pytest.approx(np.ones(4))
    assert found.trade[here, here].min() >= 0


def test_a_ration_holds_the_volume_and_its_rent_goes_to_the_origin() -> None:
    control = {"export_control": {"from": "C2", "to": "C4", "sectors": "S1", "volume": 0.3}}
    world = mixed(tariffs=False)
    found = simulate(world, control)
    price = np.exp(found.solution.point.wedge[0])
    volume = found.trade[2, 4, 1] / world.trade[2, 4, 1] / found.unit_cost[2, 1] / price
    assert volume == pytest.approx(0.3, rel=1e-9)
    rent = found.solution.point.export_revenue * found.solution.problem.base.size
    assert rent[2] == pytest.approx(found.trade[2, 4, 1] * (1 - 1 / price), rel=1e-9)
    assert np.delete(rent, 2) == pytest.approx(np.zeros(4), abs=1e-15)


def test_a_ration_above_trade_does_nothing() -> None:
    control = {"export_control": {"from": "C2", "to": "C4", "sectors": "S1", "volume": 1.5}}
    found = simulate(mixed(), control)
    assert found.welfare == pytest.approx(np.ones(5), abs=1e-10)


@settings(max_examples=15, deadline=None)
@given(factor=st.floats(1e-6, 1e9), seed=st.integers(0, 50))
def test_the_currency_does_not_matter(factor: float, seed: int) -> None:
    world = mixed(seed=seed)
    large = replace(world, expenditure=factor * world.expenditure, deficit=factor * world.deficit)
    shock = {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}}
    one, other = simulate(world, shock), simulate(large, shock)
    assert other.welfare == pytest.approx(one.welfare, rel=1e-10)
    assert other.trade == pytest.approx(factor * one.trade, rel=1e-9, abs=1e-12 * factor)


def test_more_labour_everywhere_changes_no_real_wage() -> None:
    found = simulate(mixed(), labour=np.full(5, 3.0))
    assert found.real_wage * 3 == pytest.approx(np.full(5, 3.0), rel=1e-10)


@pytest.mark.parametrize("variant", VARIANTS)
def test_names_and_their_order_do_not_matter(variant: str) -> None:
    world = mixed(**VARIANTS[variant])
    c, s = np.array([3, 0, 4, 1, 2]), np.array([2, 0, 3, 1])
    moved = relabelled(world, c, s)
    shock = dict(SHOCKS)
    one, other = simulate(world, shock), simulate(moved, shock)
    assert other.welfare == pytest.approx(one.welfare[c], rel=1e-9)
    assert other.trade == pytest.approx(one.trade[np.ix_(c, c, s)], rel=1e-8, abs=1e-12)


def relabelled(world: World, c: np.ndarray, s: np.ndarray) -> World:
    pairs, cells = np.ix_(c, c, s), np.ix_(c, s)
    uses = {}
    if world.input_trade_share is not None and world.final_trade_share is not None:
        uses = {
            "input_trade_share": world.input_trade_share[pairs],
            "final_trade_share": world.final_trade_share[pairs],
        }
    return replace(
        world, countries=tuple(world.countries[n] for n in c),
        sectors=tuple(world.sectors[k] for k in s), trade_share=world.trade_share[pairs],
        expenditure=world.expenditure[cells], tariff=world.tariff[pairs],
        value_added_share=world.value_added_share[cells],
        input_share=world.input_share[np.ix_(c, s, s)], final_share=world.final_share[cells],
        deficit=world.deficit[c], trade_elasticity=world.trade_elasticity[s],
        scale_elasticity=world.scale_elasticity[s], **uses,
    )  # fmt: skip


def test_two_steps_end_where_one_does() -> None:
    world = mixed(balanced=True)
    first = {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}}
    second = {"trade_cost": {"from": "C3", "to": "C0", "change": 0.2}}
    once = simulate(world, {**first, **second})
    middle = simulate(world, first)
    twice = simulate(middle.as_world(), second)
    assert middle.welfare * twice.welfare == pytest.approx(once.welfare, rel=1e-9)
    assert twice.trade == pytest.approx(once.trade, rel=1e-8, abs=1e-12)


def test_trade_in_value_added_adds_up_to_value_added() -> None:
    found = simulate(mixed(), {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}})
    made = found.value_added_trade
    assert made.sum(1) == pytest.approx(found.gdp, rel=1e-10)
    assert (made >= 0).all()


def test_the_start_does_not_matter() -> None:
    world = mixed()
    shock = {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}}
    far = simulate(world, {"trade_cost": {"from": "all", "to": "all", "change": 1.0}})
    one, other = simulate(world, shock), simulate(world, shock, start=far)
    assert other.welfare == pytest.approx(one.welfare, rel=1e-10)
