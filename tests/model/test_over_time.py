"""Paths: saving, the flywheel, and what must hold at every date."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from boeki.errors import InputError, NotSolved, UnknownTerm
from boeki.model import simulate
from boeki.model.over_time import Flywheel, simulate_path, timed
from boeki.world import embedded_world
from boeki.world.world import World
from tests.model.worlds import mixed

RISE = {"productivity": {"countries": "C1", "sectors": "S1", "change": 0.2}}


@pytest.mark.parametrize("reading", ["transfers", "income"])
@pytest.mark.parametrize("flywheel", [None, Flywheel(psi=0.05)])
def test_without_shocks_all_stays_for_ever(reading: Any, flywheel: Flywheel | None) -> None:
    world = mixed()
    path = simulate_path(world, periods=12, reading=reading, flywheel=flywheel)
    for name in ("wage", "real_wage", "consumption", "employment", "technology"):
        made = getattr(path, name)
        assert made == pytest.approx(np.ones_like(made), abs=1e-10)
    assert path.balance == pytest.approx(np.tile(-world.deficit, (12, 1)), abs=1e-11)
    assert path.net_foreign_assets == pytest.approx(np.zeros((12, 5)), abs=1e-10)


@pytest.mark.parametrize("reading", ["transfers", "income"])
def test_markets_clear_and_budgets_close_at_every_date(reading: Any) -> None:
    world, beta = mixed(), 0.9
    path = simulate_path(
        world, timed(RISE, start=3, end=8), periods=30, discount=beta, reading=reading,
        flywheel=Flywheel(psi=0.05),
    )  # fmt: skip
    assert max(max(e.residuals.values()) for e in path.equilibria) < 1e-9
    assert path.balance.sum(1) == pytest.approx(np.zeros(30), abs=1e-10)
    # What each saves over its life comes to what it saved before, at the prices of the time.
    price = path.bond_price.copy()
    price[-1] /= 1 - beta
    given = np.tile(world.deficit, (30, 1))
    if reading == "income":
        # Income on assets is worth the same in every period of the baseline's prices.
        given = given * (path.discount ** np.arange(30) / path.bond_price)[:, None]
    left = (price[:, None] * (path.balance + given)).sum(0)
    assert np.abs(left / world.gdp).max() < 1e-8


def test_a_passing_gain_is_saved_and_a_lasting_one_is_spent() -> None:
    # A study on a world table of 44 countries found a surplus near 1 % of GDP while a rise of 20 %
    # in one sector of Japan lasted five years, and −0.2 % after; of a lasting rise none.
    world = embedded_world()
    n = world.country("JPN")
    rise = {"productivity": {"countries": "JPN", "sectors": "machinery", "change": 0.2}}
    before = -world.deficit[n] / world.gdp[n]
    passing = simulate_path(world, timed(rise, end=4), periods=40).balance_of_gdp[:, n] - before
    lasting = simulate_path(world, timed(rise), periods=40).balance_of_gdp[:, n] - before
    assert 0.005 < passing[0] < 0.015
    assert passing[:5] == pytest.approx(np.full(5, passing[0]), rel=1e-6)
    assert -0.004 < passing[5] < -0.001
    assert passing[5:] == pytest.approx(np.full(35, passing[5]), rel=1e-6)
    assert np.abs(lasting).max() < 0.0005


def test_a_longer_path_does_not_move_its_first_years() -> None:
    short = simulate_path(mixed(), timed(RISE, end=4), periods=15)
    long = simulate_path(mixed(), timed(RISE, end=4), periods=45)
    assert long.balance[:15] == pytest.approx(short.balance, rel=1e-6, abs=1e-9)
    assert long.welfare == pytest.approx(short.welfare, rel=1e-9)


def test_with_deficits_held_each_period_is_the_static_model() -> None:
    path = simulate_path(mixed(), timed(RISE, start=1, end=2), periods=4, balance="fixed")
    once = simulate(mixed(), RISE)
    assert path.real_wage[1] == pytest.approx(once.real_wage, rel=1e-10)
    assert path.real_wage[3] == pytest.approx(np.ones(5), abs=1e-10)


@pytest.mark.parametrize("depreciation", [0.3, 1.0])
def test_the_flywheel_comes_to_rest_at_the_scale_economies(depreciation: float) -> None:
    path = simulate_path(
        mixed(), timed(RISE), periods=150, balance="fixed",
        flywheel=Flywheel(psi=0.05, depreciation=depreciation),
    )  # fmt: skip
    rest = simulate(mixed(), RISE, scale_economies=0.05)
    assert path.real_wage[-1] == pytest.approx(rest.real_wage, rel=1e-10)
    assert path.employment[-1] == pytest.approx(rest.employment, rel=1e-9)


def test_research_wins_markets_and_fades_when_it_ends() -> None:
    world = embedded_world()
    n, s = world.country("JPN"), world.sector("semiconductor_equipment")
    push = np.ones((40, 16, 16))
    push[:10, n, s] = 1.5
    path = simulate_path(world, periods=40, flywheel=Flywheel(psi=0.1, research=push))
    share = path.market_share[:, n, s]
    assert (np.diff(share[:11]) > 0).all()
    assert share[10] > 1.02 * share[0]
    assert share[-1] < share[10]


def test_against_all_periods_solved_at_once() -> None:
    """Two countries, two sectors, 40 periods, stacked, from the equations in levels by SciPy."""
    from scipy.optimize import fsolve

    periods, beta, shock_until = 40, 0.94, 6
    alpha, labour = np.array([0.45, 0.55]), np.array([0.6, 0.4])
    theta = np.array([4.0, 6.0])
    share = np.array(
        [[[0.8, 0.7], [0.25, 0.15]], [[0.2, 0.3], [0.75, 0.85]]]
    )  # (origin, destination, sector)
    # Wages with which the observed shares clear the market, given spending: income by shares.
    flow = (share * alpha).sum(2)
    values, vectors = np.linalg.eig(flow)
    spent = np.real(vectors[:, np.argmin(np.abs(values - 1))])
    gdp = spent / spent.sum()
    world = World.from_arrays(
        ("A", "B"), ("x", "y"), trade_share=share, expenditure=gdp[:, None] * alpha,
        trade_elasticity=theta, tolerance=1e-9,
    )  # fmt: skip
    del labour
    made = np.ones((periods, 2, 2))
    made[:shock_until, 0, 0] = 1.3
    weight = beta ** np.arange(periods)
    weight[-1] /= 1 - beta

    def shares(wage: np.ndarray, t: int) -> np.ndarray:
        power = share * ((wage[:, None] / made[t]) ** -theta)[:, None, :]
        return power / power.sum(0)

    def gap(z: np.ndarray) -> np.ndarray:
        rich = np.array([z[-1], (1 - z[-1] * gdp[0]) / gdp[1]])
        out = np.empty(periods + 1)
        earned = np.empty(periods)
        for t in range(periods):
            own = np.exp(z[t]) * gdp[0]
            wage = np.array([own, 1 - own]) / gdp
            sold = (shares(wage, t) * (rich * gdp)[None, :, None] * alpha).sum((1, 2))
            out[t] = sold[0] / own - 1
            earned[t] = own
        out[-1] = (weight * (earned - rich[0] * gdp[0])).sum() / weight.sum()
        return out

    start = np.append(np.zeros(periods), 1.0)
    root, _, good, words = fsolve(gap, start, xtol=1e-13, full_output=True)
    assert good == 1, words
    rise = {"productivity": {"countries": "A", "sectors": "x", "change": 0.3}}
    path = simulate_path(
        world, timed(rise, end=shock_until - 1), periods=periods, discount=beta, tolerance=1e-11
    )
    assert path.wage[:, 0] == pytest.approx(np.exp(root[:-1]), rel=1e-8)
    assert path.spending_weight[0, 0] == pytest.approx(root[-1], rel=1e-8)
    surplus = np.exp(root[:-1]) * gdp[0] - root[-1] * gdp[0]
    assert path.balance[:, 0] == pytest.approx(surplus, rel=1e-6, abs=1e-9)


def test_a_table_by_period() -> None:
    path = simulate_path(mixed(), timed(RISE, end=4), periods=10)
    rows = path.countries("C1").records()
    assert len(rows) == 10
    assert rows[0]["balance_change"] > 0 > rows[9]["balance_change"]
    assert "Permanent consumption: C1" in path.countries("C1").notes[-2]


def test_what_cannot_be_is_said() -> None:
    world = mixed()
    with pytest.raises(InputError, match="discount factor"):
        simulate_path(world, timed(RISE), discount=1.0)
    with pytest.raises(InputError, match="beyond the 10 periods"):
        simulate_path(world, timed(RISE, start=12), periods=10)
    with pytest.raises(InputError, match="deficits follow from saving"):
        simulate_path(world, timed({"deficit": {"countries": "C1", "amount": 1}}))
    with pytest.raises(InputError, match="is none"):
        timed(RISE, start=5, end=2)
    with pytest.raises(UnknownTerm, match="unknown balance"):
        simulate_path(world, timed(RISE), balance="free")  # type: ignore[arg-type]
    with pytest.raises(UnknownTerm, match="unknown reading"):
        simulate_path(world, timed(RISE), reading="debt")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="at least two"):
        simulate_path(world, timed(RISE), periods=1)
    with pytest.raises(InputError, match="psi of the flywheel must be 0"):
        simulate_path(world, timed(RISE), flywheel=Flywheel(psi=-0.1))
    with pytest.raises(InputError, match="depreciation"):
        simulate_path(world, timed(RISE), flywheel=Flywheel(psi=0.1, depreciation=0))
    with pytest.raises(InputError, match="research of the flywheel must be numbers"):
        simulate_path(world, timed(RISE), flywheel=Flywheel(psi=0.1, research=np.ones(3)))


def test_technology_beyond_all_bounds_is_an_error_that_says_where() -> None:
    push = np.ones((20, 5, 4))
    push[:, 1, 1] = 1e30
    with pytest.raises(NotSolved, match="technology of C1 in S1 explodes in period 1"):
        simulate_path(mixed(), periods=20, flywheel=Flywheel(psi=0.5, research=push))


def test_a_flywheel_that_explodes_is_told_from_budgets_that_do_not_close() -> None:
    rise = {"productivity": {"countries": "JPN", "sectors": "machinery", "change": 0.2}}
    with pytest.raises(NotSolved, match=r"a deviation grows 1\.\d+ times in a period, fastest in"):
        simulate_path(None, timed(rise, end=4), flywheel=Flywheel(psi=0.5))


def test_a_deficit_with_dates_where_deficits_are_held() -> None:
    """A deficit of ten years, then balance: each period is the static model of its deficit."""
    world = mixed()
    deficit = {"deficit": {"countries": "C1", "share_of_gdp": 0.05}}
    path = simulate_path(world, timed(deficit, start=1, end=3), periods=6, balance="fixed")
    static = simulate(world, deficit)
    none = simulate(world)
    for period, expected in enumerate([none, static, static, static, none, none]):
        assert path.real_wage[period] == pytest.approx(expected.real_wage, rel=1e-9)
    assert path.balance[2, 1] / world.gdp.sum() == pytest.approx(
        -0.05 * world.gdp[1] / world.gdp.sum(), rel=1e-9
    )
    wheel = Flywheel(psi=0.05, depreciation=0.4)
    learnt = simulate_path(
        world, timed(deficit, start=1, end=3), periods=40, balance="fixed", flywheel=wheel
    )
    # Who buys more than it sells sells less of its own, and knows less for a while.
    assert learnt.technology[4, 1].min() < 1 - 1e-4
    assert learnt.technology[-1, 1] == pytest.approx(1.0, abs=1e-6)
