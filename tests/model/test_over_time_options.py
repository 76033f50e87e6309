"""Paths with other utility, spreads, capital, news, diffusion, pushed research, retaliation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from boeki.errors import InputError, NotSolved
from boeki.model import simulate
from boeki.model.over_time import Capital, Flywheel, flywheel_stability, simulate_path, timed
from boeki.model.over_time.equations import PathEquations
from boeki.model.scenario import Scenario
from boeki.world import embedded_world
from boeki.world.world import World
from tests.model.worlds import mixed, symmetric

RISE = {"productivity": {"countries": "C1", "sectors": "S1", "change": 0.2}}
ALL = {"productivity": {"countries": "all", "change": 0.2}}
OPTIONS: list[dict[str, Any]] = [
    {"aversion": 2.0},
    {"aversion": 0.5, "reading": "income"},
    {"spread": 0.02},
    {"spread": 0.02, "aversion": 2.0, "reading": "income"},
    {"capital": Capital()},
    {"capital": Capital(), "balance": "fixed"},
    {"capital": Capital(adjustment=0.8), "spread": 0.01, "aversion": 2.0},
    {"flywheel": Flywheel(psi=0.05, diffusion=0.2, across=0.5), "capital": Capital()},
    {"flywheel": Flywheel(psi=0.05, diffusion=0.2, across=0.5, levels=[[5.0]] + [[1.0]] * 4)},
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("by_use", [False, True])
def test_without_shocks_all_stays_for_ever(options: dict[str, Any], by_use: bool) -> None:
    world = mixed(by_use=by_use)
    path = simulate_path(world, periods=12, **options)
    for name in ("wage", "real_wage", "consumption", "employment", "technology", "capital"):
        made = getattr(path, name)
        assert made == pytest.approx(np.ones_like(made), abs=1e-10)
    assert path.net_foreign_assets == pytest.approx(np.zeros((12, 5)), abs=1e-9)
    assert path.policy_cost == pytest.approx(np.zeros((12, 5)), abs=1e-10)


@pytest.mark.parametrize("options", OPTIONS)
def test_markets_clear_and_budgets_close(options: dict[str, Any]) -> None:
    world, beta = mixed(), 0.92
    path = simulate_path(world, timed(RISE, start=2, end=6), periods=60, discount=beta, **options)
    assert max(max(e.residuals.values()) for e in path.equilibria) < 1e-9
    assert path.balance.sum(1) == pytest.approx(np.zeros(60), abs=1e-9)
    if options.get("balance") == "fixed":
        return
    # Assets grow by the bond's interest and by what is saved; the last period lasts for ever.
    before = np.zeros(5)
    if options.get("reading") == "income":
        before = world.deficit / (1 - beta) - world.deficit
    assets = path.net_foreign_assets + before
    saved = path.balance + (world.deficit if options.get("reading") != "income" else 0)
    interest = path.bond_price[:-1] / path.bond_price[1:]
    assert assets[1:] == pytest.approx(assets[:-1] * interest[:, None] + saved[1:], abs=1e-8)
    assert assets[-1] == pytest.approx(-saved[-1] * beta / (1 - beta), abs=1e-8)


@pytest.mark.parametrize(("aversion", "spread"), [(2.0, 0.0), (0.5, 0.0), (1.0, 0.03), (2.0, 0.02)])
def test_euler_equations_against_all_periods_solved_at_once(aversion: float, spread: float) -> None:
    """Two countries, two sectors, from the equations in levels, by SciPy."""
    from scipy.optimize import root

    periods, beta, until = 25, 0.94, 5
    alpha, theta = np.array([0.45, 0.55]), np.array([4.0, 6.0])
    share = np.array([[[0.8, 0.7], [0.25, 0.15]], [[0.2, 0.3], [0.75, 0.85]]])
    values, vectors = np.linalg.eig((share * alpha).sum(2))
    gdp = np.real(vectors[:, np.argmin(np.abs(values - 1))])
    gdp = gdp / gdp.sum()
    world = World.from_arrays(
        ("A", "B"), ("x", "y"), trade_share=share, expenditure=gdp[:, None] * alpha,
        trade_elasticity=theta, tolerance=1e-9,
    )  # fmt: skip
    made = np.ones((periods, 2, 2))
    made[:until, 0, 0] = 1.3

    def gap(z: np.ndarray) -> np.ndarray:
        own, spent = np.exp(z[:periods]) * gdp[0], np.exp(z[periods:]) * gdp[0]
        earned, paid = np.stack([own, 1 - own], 1), np.stack([spent, 1 - spent], 1)
        clears, price = np.empty(periods), np.empty((periods, 2))
        for t in range(periods):
            power = share * (((earned[t] / gdp)[:, None] / made[t]) ** -theta)[:, None, :]
            index = power.sum(0)
            price[t] = (index ** (-alpha / theta)).prod(1)
            sold = (power / index * paid[t][None, :, None] * alpha).sum((1, 2))
            clears[t] = sold[0] / own[t] - 1
        real = paid / gdp / price
        # The return of the bond is what the Euler equation of country B asks for; A's must too.
        assets, wealth = np.zeros((periods, 2)), np.zeros(2)
        euler = np.empty(periods - 1)
        for t in range(periods):
            assets[t] = wealth + earned[t] - paid[t]
            if t + 1 < periods:
                growth = (real[t + 1] / real[t]) ** aversion * price[t + 1] / price[t] / beta
                returns = growth * np.exp(spread * assets[t] / gdp)
                euler[t] = returns[0] / returns[1] - 1
                wealth = assets[t] * returns[1]
        last = assets[-1, 0] + (earned[-1] - paid[-1])[0] * beta / (1 - beta)
        return np.concatenate([clears, euler, [last]])

    found = root(gap, np.zeros(2 * periods), method="hybr", options={"xtol": 1e-13})
    assert np.abs(found.fun).max() < 1e-11, found.message
    rise = {"productivity": {"countries": "A", "sectors": "x", "change": 0.3}}
    path = simulate_path(
        world, timed(rise, end=until - 1), periods=periods, discount=beta, aversion=aversion,
        spread=spread,
    )  # fmt: skip
    assert path.wage[:, 0] == pytest.approx(np.exp(found.x[:periods]), rel=1e-8)
    spent = path.gdp[:, 0] - path.balance[:, 0]
    assert spent == pytest.approx(np.exp(found.x[periods:]) * gdp[0], rel=1e-8)


def test_saving_of_a_passing_gain_in_closed_form() -> None:
    # Without costs of trade and with one sector who spends is nothing to prices: wages follow
    # w_n L_n ∝ (A_n L_n)^(θ/(1+θ)) … and λ is the mean of incomes by β^t.
    theta, beta, periods = 4.0, 0.9, 30
    gdp = np.array([0.3, 0.7])
    world = World.from_arrays(
        ("A", "B"), ("goods",), trade_share=np.tile(gdp[:, None, None], (1, 2, 1)),
        expenditure=gdp[:, None], trade_elasticity=theta,
    )  # fmt: skip
    rise = {"productivity": {"countries": "A", "change": 0.5}}
    path = simulate_path(world, timed(rise, end=2), periods=periods, discount=beta)
    power = gdp * np.array([1.5, 1.0]) ** (theta / (1 + theta))
    high = power[0] / power.sum()
    earned = np.where(np.arange(periods) < 3, high, gdp[0])
    lasts = (1 - beta**3) * high + beta**3 * gdp[0]
    assert path.gdp[:, 0] == pytest.approx(earned, rel=1e-10)
    assert path.balance[:, 0] == pytest.approx(earned - lasts, abs=1e-10)
    forever = simulate_path(world, timed(rise), periods=periods, discount=beta)
    assert np.abs(forever.balance).max() < 1e-10


def test_capital_that_lasts_a_period_is_built_at_a_constant_rate() -> None:
    # Brock and Mirman (1972): with log utility and δ = 1, K′ = αβ Y, so K̂′ = Â K̂^α.
    alpha, beta, periods = 0.3, 0.9, 60
    path = simulate_path(
        symmetric(), [timed(ALL, start=2), timed(ALL, start=5, end=8)], periods=periods,
        discount=beta, capital=Capital(share=alpha, depreciation=1.0, adjustment=1.0),
    )  # fmt: skip
    stock, made = 1.0, []
    for t in range(periods):
        made.append(stock)
        product = 1.2 ** ((t >= 2) + (5 <= t <= 8))
        stock = product * stock**alpha
    assert path.capital[:30, 0] == pytest.approx(np.array(made)[:30], rel=1e-9)
    assert path.capital[:30, 1] == pytest.approx(np.array(made)[:30], rel=1e-9)
    product = np.array([1.2 ** ((t >= 2) + (5 <= t <= 8)) for t in range(30)])
    grown = product * np.array(made)[:30] ** alpha
    assert path.real_wage[:30, 0] == pytest.approx(grown, rel=1e-9)
    assert path.consumption[:30, 0] == pytest.approx(grown, rel=1e-9)


@pytest.mark.parametrize("balance", ["endogenous", "fixed"])
def test_capital_at_rest_follows_productivity(balance: Any) -> None:
    # At rest capital's return is given, so K̂ = Ŷ/P̂ and with it Â^(1/(1−α)), all countries alike.
    alpha = 0.33
    path = simulate_path(
        symmetric(inputs=0.4), timed(ALL), periods=300, balance=balance,
        capital=Capital(share=alpha),
    )  # fmt: skip
    # With inputs of the same good, value added per bundle rises by Â^(1/γ).
    assert path.capital[-1] == pytest.approx(np.full(2, 1.2 ** (1 / 0.6 / (1 - alpha))), rel=1e-4)
    assert (np.diff(path.capital[:60, 0]) > 0).all()


def test_investment_goods_may_be_others_than_those_consumed() -> None:
    world = mixed()
    goods = np.zeros((5, 4))
    goods[:, 3] = 1.0
    rise = {"productivity": {"countries": "all", "sectors": "S3", "change": 0.3}}
    own = simulate_path(world, timed(rise), periods=80, capital=Capital(share=0.1, goods=goods))
    all_goods = simulate_path(world, timed(rise), periods=80, capital=Capital(share=0.1))
    # Cheaper machines mean more of them.
    assert (own.capital[-1] > all_goods.capital[-1]).all()
    assert max(max(e.residuals.values()) for e in own.equilibria) < 1e-9


def test_a_surprise_is_what_would_have_come_at_the_start() -> None:
    flywheel = Flywheel(psi=0.05)
    late = simulate_path(
        mixed(), timed(RISE, start=5, end=9, known=5), periods=40, flywheel=flywheel
    )
    early = simulate_path(mixed(), timed(RISE, start=0, end=4), periods=35, flywheel=flywheel)
    for name in ("wage", "consumption", "technology", "net_foreign_assets", "bond_price"):
        before, after = getattr(late, name)[:5], getattr(late, name)[5:]
        flat = 0 if name == "net_foreign_assets" else 1
        if name != "bond_price":
            assert before == pytest.approx(np.full_like(before, flat), abs=1e-10), name
        assert after / after[0] == pytest.approx(
            getattr(early, name) / getattr(early, name)[0], rel=1e-8
        ), name


def test_what_is_announced_moves_saving_before_it_comes() -> None:
    path = simulate_path(mixed(), timed(RISE, start=5, end=9), periods=40)
    surprise = simulate_path(mixed(), timed(RISE, start=5, end=9, known=5), periods=40)
    assert path.balance_change[0, 1] < -1e-4  # the gain to come is spent from at once
    assert abs(surprise.balance_change[0, 1]) < 1e-10
    assert path.welfare[1] > surprise.welfare[1]


@pytest.mark.parametrize("across", [0.0, 0.7])
def test_knowledge_from_trade_at_rest_in_closed_form(across: float) -> None:
    # Alike countries push alike: shares stay, and with G the shares of inputs in each sector's
    # inputs log T̂ = κ log ρ + ε [(1 − c) I + c G] log T̂ at rest.
    draw = np.random.default_rng(3)
    home = draw.uniform(0.5, 0.9, 3)
    share = np.array([[home, 1 - home], [1 - home, home]])
    inputs = draw.dirichlet(np.ones(3), 3) * 0.5
    theta, psi, epsilon = np.array([3.0, 5.0, 8.0]), np.array([0.1, 0.05, 0.02]), 0.4
    world = World.from_arrays(
        ("A", "B"), ("x", "y", "z"), trade_share=share, expenditure=np.ones((2, 3)),
        input_share=np.stack([inputs, inputs]), trade_elasticity=theta, settle=True,
    )  # fmt: skip
    flywheel = Flywheel(psi=psi, research=1.5, diffusion=epsilon, across=across, depreciation=0.5)
    path = simulate_path(world, periods=120, flywheel=flywheel, balance="fixed")
    mixed_in = (1 - across) * np.eye(3) + across * inputs / inputs.sum(1, keepdims=True)
    rest = np.linalg.solve(np.eye(3) - epsilon * mixed_in, theta * psi * np.log(1.5))
    assert np.log(path.technology[-1]) == pytest.approx(np.stack([rest, rest]), rel=1e-9)


def test_who_loses_a_supplier_that_leads_loses_what_it_knows() -> None:
    ban = {"export_control": {"from": "C1", "to": "C2", "sectors": "S1", "volume": 0}}

    def learnt(levels: Any) -> float:
        wheel = Flywheel(psi=0.0, diffusion=0.5, levels=levels)
        path = simulate_path(mixed(), timed(ban), periods=30, flywheel=wheel)
        return float(path.technology[-1, 2, 1])

    leader = np.ones((5, 4))
    leader[1, 1] = 10.0
    assert learnt(None) == pytest.approx(1.0, abs=1e-10)
    # κ = 0: technology is what is known, H^ε. What the leader sold is gone from H; what is known
    # from its own makers falls with it, so that it comes to rest lower than that alone.
    before = mixed().trade_share[:, 2, 1] @ leader[:, 1]
    lost = (1 / before) ** 0.5
    assert 0.9 * lost < learnt(leader) < lost < 0.95


@pytest.mark.parametrize("by_use", [False, True])
def test_where_all_know_alike_nothing_is_learnt_from_trade_that_is_rationed(by_use: bool) -> None:
    ration = {"export_control": {"from": "C1", "to": "C2", "sectors": "S1", "volume": 0.5}}
    wheel = Flywheel(psi=0.0, diffusion=0.5, across=0.3)
    path = simulate_path(mixed(by_use=by_use), timed(ration), periods=6, flywheel=wheel)
    assert path.equilibria[0].solution.point.wedge[0] > 0.01
    assert np.abs(path.technology - 1).max() < 1e-9


def test_pushed_research_takes_labour_and_pays_in_technology() -> None:
    # One sector, alike countries: Ŷ/ŵ is labour at work, 1 − x.
    psi, theta, x, intensity = 0.1, 4.0, 0.02, 0.05
    push = {"research": {"countries": "all", "share_of_gdp": x}}
    path = simulate_path(
        symmetric(theta=theta), timed(push), periods=80,
        flywheel=Flywheel(psi=psi, intensity=intensity, depreciation=0.4),
    )  # fmt: skip
    rest = ((1 - x) + x / intensity) ** (theta * psi)
    assert path.technology[-1, :, 0] == pytest.approx([rest, rest], rel=1e-9)
    assert path.consumption[-1] == pytest.approx(np.full(2, (1 - x) * rest ** (1 / theta)))
    assert path.research_cost[0] == pytest.approx(x * path.gdp[0], rel=1e-10)
    # A rise of 40 % of research of 5 % of sales takes as much labour.
    more = {"research": {"countries": "all", "change": 0.4}}
    path = simulate_path(
        symmetric(theta=theta), timed(more), periods=80,
        flywheel=Flywheel(psi=psi, intensity=intensity, depreciation=0.4),
    )  # fmt: skip
    work = 1 / (1 + 0.4 * intensity)  # 1 − 0.4 r L, as what is sold is what labour at work makes
    assert path.technology[-1, 0, 0] == pytest.approx((1.4 * work) ** (theta * psi), rel=1e-8)


def test_what_policies_take_from_budgets() -> None:
    # A subsidy of 10 % on the price pays a ninth of what the producer gets for it, at cost.
    subsidies = {
        "production_subsidy": {"countries": "C1", "sectors": "S1", "rate": 0.1},
        "export_subsidy": {"from": "C2", "to": "C3", "sectors": "S0", "rate": 0.2},
    }
    path = simulate_path(mixed(), timed(subsidies, end=1), periods=5)
    now = path.equilibria[0]
    # Trade is at the border: 0.8 of what the producer gets of it is paid there.
    paid = 0.2 / 0.8 * now.trade[2, 3, 0]
    assert path.policy_cost[0, 2] == pytest.approx(paid, rel=1e-9)
    assert path.policy_cost[0, [0, 3, 4]] == pytest.approx(np.zeros(3), abs=1e-9)
    assert path.policy_cost[0, 1] == pytest.approx(0.1 / 0.9 * now.trade[1, :, 1].sum(), rel=1e-9)
    assert path.policy_cost[2:] == pytest.approx(np.zeros((3, 5)), abs=1e-9)


def test_retaliation_gives_back_what_was_imposed() -> None:
    war = {
        "tariff": {"from": "C1", "to": "C0", "sectors": "S1", "add": 0.2},
        "retaliation": {"by": "C1", "lag": 2, "share": 0.5},
    }
    written = [
        timed({"tariff": {"from": "C1", "to": "C0", "sectors": "S1", "add": 0.2}}),
        timed({"tariff": {"from": "C0", "to": "C1", "sectors": "S1", "add": 0.1}}, start=2),
    ]
    ruled = simulate_path(mixed(), timed(war), periods=6)
    assert ruled.real_wage == pytest.approx(
        simulate_path(mixed(), written, periods=6).real_wage, rel=1e-10
    )


def test_dates_in_a_scenario_are_periods_or_years() -> None:
    world = embedded_world()
    rise = {"countries": "JPN", "sectors": "machinery", "change": 0.2}
    by_year = Scenario.of({"productivity": {**rise, "start": 2016, "end": 2018}})
    by_period = timed({"productivity": rise}, start=2, end=4)
    assert simulate_path(world, timed(by_year), periods=8).real_wage == pytest.approx(
        simulate_path(world, by_period, periods=8).real_wage, rel=1e-12
    )


@pytest.mark.parametrize("phi", [1.0, 0.3])
@pytest.mark.parametrize("kappa", [0.5, 1.2])
def test_eigenvalue_of_two_alike_countries_in_closed_form(phi: float, kappa: float) -> None:
    # Sectors x and y, foreign goods at φ = d^−θ of home goods; A learns x as B learns y. A's labour
    # in x answers its log technology by 4φ/(1+φ)²: one without trade costs, where κ = 1 is the
    # threshold (Kucheryavyy, Lyn and Rodríguez-Clare 2023).
    home, delta = 1 / (1 + phi), 0.3
    share = np.repeat(np.array([[home, 1 - home], [1 - home, home]])[:, :, None], 2, axis=2)
    world = World.from_arrays(
        ("A", "B"), ("x", "y"), trade_share=share, expenditure=np.full((2, 2), 0.5),
        trade_elasticity=4.0,
    )  # fmt: skip
    flywheel = Flywheel(psi=kappa / 4, depreciation=delta)
    found = flywheel_stability(world, flywheel)
    expected = 1 - delta + delta * kappa * 4 * phi / (1 + phi) ** 2
    assert found.largest == pytest.approx(expected, rel=1e-8)
    assert found.at_rest == (expected < 1)
    push = {"productivity": {"countries": "A", "sectors": "x", "change": 0.05}}
    if found.at_rest:
        simulate_path(world, timed(push, end=1), periods=60, flywheel=flywheel)
    else:
        with pytest.raises(NotSolved, match=r"Lower psi"):
            simulate_path(world, timed(push, end=1), periods=60, flywheel=flywheel)


@pytest.mark.parametrize("leader", [1.0, 6.0])
def test_eigenvalues_by_iteration_against_differences(leader: float) -> None:
    world, psi, delta, epsilon = mixed(8, 6), 0.03, 0.3, 0.1
    levels = np.ones((8, 1))
    levels[2] = leader
    theta, step = world.trade_elasticity, 1e-5

    def learnt(logs: np.ndarray) -> np.ndarray:
        one = simulate(world, productivity=np.exp(logs / theta))
        before = np.where(world.output > 0, world.output, 1.0)
        after = np.where(world.output > 0, one.output, 1.0)
        new = theta * psi * np.log(after / before / one.wage[:, None])
        # What a country buys of a sector, at the technology of its origin.
        level = levels[:, None]
        known = np.log((one.trade_share * level * np.exp(logs)[:, None, :]).sum(0))
        known = known - np.log((world.trade_share * level).sum(0))
        new = np.where(world.output > 0, new, 0.0) + epsilon * known
        return (1 - delta) * logs + delta * new

    columns = []
    for at in range(48):
        logs = np.zeros(48)
        logs[at] = step
        high, low = (learnt(sign * logs.reshape(8, 6)).ravel() for sign in (1, -1))
        columns.append((high - low) / (2 * step))
    values = np.sort(np.abs(np.linalg.eigvals(np.stack(columns, axis=1))))[::-1]
    flywheel = Flywheel(psi=psi, depreciation=delta, diffusion=epsilon, levels=levels)
    found = flywheel_stability(world, flywheel, count=4)
    assert np.abs(found.eigenvalues) == pytest.approx(values[:4], rel=1e-5)


def test_one_period_at_a_time_comes_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    options: dict[str, Any] = {
        "periods": 12, "aversion": 2.0, "flywheel": Flywheel(psi=0.05), "capital": Capital(),
    }  # fmt: skip
    together = simulate_path(mixed(), timed(RISE, end=4), **options)
    monkeypatch.setattr(PathEquations, "_together", lambda *_: None)
    apart = simulate_path(mixed(), timed(RISE, end=4), **options)
    assert apart.consumption == pytest.approx(together.consumption, rel=1e-8)
    assert apart.capital == pytest.approx(together.capital, rel=1e-8)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"aversion": 0}, "aversion must be above 0"),
        ({"spread": -1}, "spread must be 0 or more"),
        ({"spread": 0.01, "balance": "fixed"}, "nobody borrows"),
        ({"capital": Capital(share=1.0)}, "capital's share"),
        ({"capital": Capital(depreciation=0)}, "depreciation of capital"),
        ({"capital": Capital(goods=np.ones((5, 4)))}, "must sum to 1"),
        ({"flywheel": Flywheel(psi=0.1, diffusion=-1)}, "diffusion of technology"),
        ({"flywheel": Flywheel(psi=0.1, across=2)}, "across is a share"),
    ],
)
def test_options_that_cannot_be_are_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        simulate_path(mixed(), timed(RISE), **options)


def test_a_country_that_would_invest_more_than_it_spends_is_named() -> None:
    surplus = World.from_arrays(
        ("A", "B"), ("goods",), trade=np.array([[3.0, 2.0], [1.0, 3.0]])[:, :, None],
        trade_elasticity=4.0,
    )  # fmt: skip
    with pytest.raises(InputError, match="A would invest more than it spends"):
        simulate_path(surplus, capital=Capital(0.9, depreciation=1.0, adjustment=1.0))


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ({"research": {"countries": "C1", "share_of_gdp": 0.01}}, "needs to know how much"),
        (
            {
                "production_tax": {"countries": "C1", "sectors": "S1", "rate": 0.1},
                "production_subsidy": {"countries": "C1", "rate": 0.1},
            },
            "contradict each other in period 0: both are imposed on C1, S1",
        ),
        (
            {
                "export_control": {"from": "C1", "to": "C0", "sectors": "S1", "volume": 0},
                "export_subsidy": {"from": "C1", "to": "C0", "rate": 0.1},
            },
            "export_control and export_subsidy contradict",
        ),
        (
            {
                "export_control": {"from": "C1", "to": "C0", "sectors": "S1", "volume": 0},
                "export_tax": {"from": "C1", "to": "C0", "rate": -0.1},
            },
            "export_control and export_subsidy contradict",
        ),
        (
            {
                "labour": {"countries": "C1", "change": 0.1},
                "retaliation": {"by": "C1"},
            },
            "nothing that the scenario imposes",
        ),
        ({"labour": {"countries": "C1", "change": 0.1, "start": 2014}}, "has no year"),
        ({"labour": {"countries": "C1", "change": 0.1, "start": 3, "known": 5}}, "surprise then"),
    ],
)
def test_scenarios_that_cannot_be_are_said(scenario: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        simulate_path(mixed(), timed(scenario), flywheel=Flywheel(psi=0.1))


def test_research_without_a_flywheel_or_a_sector_is_refused() -> None:
    push = {"research": {"countries": "C0", "sectors": "S2", "share_of_gdp": 0.01}}
    with pytest.raises(InputError, match="no flywheel"):
        simulate_path(mixed(), timed(push))
    with pytest.raises(InputError, match="C0 makes no S2"):
        simulate_path(mixed(), timed(push), flywheel=Flywheel(psi=0.1, intensity=0.03))
    most = {"research": {"countries": "C1", "share_of_gdp": 1.2}}
    with pytest.raises(NotSolved, match="takes all labour of C1"):
        simulate_path(mixed(), timed(most), flywheel=Flywheel(psi=0.1, intensity=0.03))


def test_who_does_not_look_ahead_lives_in_the_static_model() -> None:
    # As β → 0 only the first period's budget counts: spending is income and what is received.
    path = simulate_path(mixed(), timed(RISE, end=3), periods=6, discount=1e-9)
    once = simulate(mixed(), RISE)
    assert path.real_wage[0] == pytest.approx(once.real_wage, rel=1e-7)
    assert path.consumption[0] == pytest.approx(once.welfare, rel=1e-7)
