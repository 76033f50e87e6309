"""Cases whose answer is known in closed form, or by another program."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from boeki.model import simulate
from boeki.world.variants import one_sector_world, without_inputs
from boeki.world.world import World
from tests.model.worlds import mixed, symmetric


@pytest.mark.parametrize("cost", [0.7, 1.3, 3.0])
@pytest.mark.parametrize("inputs", [0.0, 0.4])
def test_symmetric_countries_gain_as_their_home_shares_say(cost: float, inputs: float) -> None:
    # Arkolakis, Costinot and Rodríguez-Clare (2012), American Economic Review 102: real wages rise
    # by (π̂_home)^(−1/θ), and with inputs by that to the power of 1 / value-added share.
    home, theta = 0.8, 4.0
    world = symmetric(home, theta, inputs)
    abroad = np.array([[1, cost], [cost, 1]])[:, :, None]
    found = simulate(world, trade_cost=abroad)
    share = home / (home + (1 - home) * cost**-theta)
    gain = (share / home) ** (-1 / (theta * (1 - inputs)))
    assert found.trade_share[0, 0, 0] == pytest.approx(share, rel=1e-10)
    assert found.real_wage == pytest.approx([gain, gain], rel=1e-10)
    assert found.welfare == pytest.approx([gain, gain], rel=1e-10)


def test_symmetric_tariffs() -> None:
    # Wages are alike, so the home price is the wage and shares follow the tariff alone; income is
    # the wage and what the tariff takes in of what is spent.
    home, theta, tariff = 0.8, 4.0, 0.5
    world = symmetric(home, theta)
    found = simulate(world, tariff=np.array([[0, tariff], [tariff, 0]])[:, :, None])
    share = home / (home + (1 - home) * (1 + tariff) ** -theta)
    price = (share / home) ** (1 / theta)
    income = 1 / (1 - (1 - share) * tariff / (1 + tariff))
    assert found.price[:, 0] == pytest.approx([price, price], rel=1e-10)
    assert found.welfare == pytest.approx([income / price] * 2, rel=1e-10)


def autarky_formula(world: World) -> np.ndarray:
    """Real wage of autarky over today's, Costinot and Rodríguez-Clare (2014), equation 29.

    Π over s and k of λ_k^(α_s a_sk / θ_k), a the elements of the Leontief inverse of input shares.
    """
    sectors = len(world.sectors)
    home = np.einsum("nns->ns", world.trade_share)
    inverse = np.linalg.inv(np.eye(sectors) - world.input_share)
    power = np.einsum("ns,nsk->nk", world.final_share, inverse) / world.trade_elasticity
    return np.asarray(np.exp((power * np.log(home)).sum(1)))


def no_trade(world: World) -> np.ndarray:
    away = 1 - np.eye(len(world.countries))
    return np.where(away[:, :, None] > 0, np.inf, 1.0) + np.zeros_like(world.tariff)


def test_the_way_to_autarky_is_the_formula() -> None:
    world = mixed(tariffs=False, balanced=True, sectors=2)
    found = simulate(world, trade_cost=no_trade(world))
    assert found.real_wage == pytest.approx(autarky_formula(world), rel=1e-10)
    assert found.exports == pytest.approx(np.zeros(5), abs=1e-15)


def test_autarky_on_the_world_input_output_table_is_the_formula(shared: Path) -> None:
    from boeki.world import read_table, world_from_table

    table = read_table(shared / "data" / "mrio" / "wiod2013" / "wiot_2008.npz")
    world = world_from_table(table, trade_elasticity=5.0)
    # Those of which some country makes nothing for itself go with a neighbour: autarky needs each.
    small = {"c4-5": ["c4", "c5"], "c8-9": ["c8", "c9"], "c19-20": ["c19", "c20"],
             "c34-35": ["c34", "c35"]}  # fmt: skip
    world = world.aggregate(sectors=small)
    balanced = simulate(world, deficits="zero").as_world()
    found = simulate(balanced, trade_cost=no_trade(balanced))
    assert found.real_wage == pytest.approx(autarky_formula(balanced), rel=1e-9)


# Costinot and Rodríguez-Clare (2014), Handbook of International Economics 4, Table 4.1: gains from
# trade in one sector, θ = 5, in percent of real income today.
ONE_SECTOR = {"JPN": 1.7, "USA": 1.8, "DEU": 4.5, "CAN": 3.8, "MEX": 3.3, "KOR": 4.3}


def test_one_sector_gains_from_trade(shared: Path) -> None:
    from boeki.world import read_table, world_from_table

    table = read_table(shared / "data" / "mrio" / "wiod2013" / "wiot_2008.npz")
    world = world_from_table(table, trade_elasticity=5.0)
    one = one_sector_world(without_inputs(world), trade_elasticity=5.0)
    found = simulate(one, trade_cost=no_trade(one), deficits="zero")
    home = np.einsum("nns->n", one.trade_share)
    for country, gain in ONE_SECTOR.items():
        n = one.country(country)
        assert round(100 * float(1 - home[n] ** (1 / 5)), 1) == gain
        assert 100 * (1 - float(found.real_wage[n])) == pytest.approx(
            100 * (1 - home[n] ** (1 / 5)), rel=1e-9
        )


@pytest.mark.parametrize("psi", [0.05, 0.15])
def test_scale_economies_agree_with_a_direct_solution(psi: float) -> None:
    """Two countries, two sectors, solved in levels from the model's equations by SciPy."""
    from scipy.optimize import fsolve

    draw = np.random.default_rng(7)
    labour, alpha = np.array([1.0, 2.0]), np.array([0.4, 0.6])
    theta, skill = np.array([4.0, 5.0]), draw.uniform(0.8, 1.2, (2, 2))
    distance = np.array([[1.0, 1.5], [1.5, 1.0]])

    def shares(wage: np.ndarray, work: np.ndarray, cost: np.ndarray) -> np.ndarray:
        # (origin, destination, sector); unit cost w / (A L^ψ).
        unit = wage[:, None] / (skill * work**psi)
        power = (unit[:, None, :] * cost[:, :, None]) ** -theta
        return power / power.sum(0)

    def levels(cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        def gap(z: np.ndarray) -> np.ndarray:
            wage, work = np.array([1.0, np.exp(z[0])]), np.exp(z[1:].reshape(2, 2))
            income = wage * labour
            sold = (shares(wage, work, cost) * (income[:, None] * alpha)[None]).sum(1)
            full = np.log(work.sum(1) / labour)
            return np.concatenate([np.log(sold / (wage[:, None] * work)).ravel()[:3], full])

        start = np.concatenate([[0.0], np.log(labour[:, None] * alpha).ravel()])
        root, _, good, words = fsolve(gap, start, xtol=1e-13, full_output=True)
        assert good == 1, words
        return np.array([1.0, np.exp(root[0])]), np.exp(root[1:].reshape(2, 2))

    cheaper = np.array([[1.0, 1.2], [1.3, 1.0]])
    before, after = levels(distance), levels(cheaper)
    income = before[0] * labour
    world = World.from_arrays(
        ("A", "B"), ("x", "y"), trade_share=shares(*before, distance),
        expenditure=income[:, None] * alpha, trade_elasticity=theta, scale_elasticity=psi,
        tolerance=1e-9,
    )  # fmt: skip
    found = simulate(world, trade_cost=(cheaper / distance)[:, :, None])
    assert found.trade_share == pytest.approx(shares(*after, cheaper), rel=1e-8)
    assert found.employment == pytest.approx(after[1] / before[1], rel=1e-8)
    wages = after[0] / before[0]
    assert found.wage[1] / found.wage[0] == pytest.approx(wages[1] / wages[0], rel=1e-8)
    assert "grown from no scale economies" in found.solution.path
