"""Inversion, causes, ensembles, policies, and what random worlds do to the solver."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from boeki.errors import InputError, NotSolved, UnknownTerm
from boeki.model import Equilibrium, gradient, simulate
from boeki.model.causes import explain_causes, outcome_value
from boeki.model.inversion import invert, with_traces
from boeki.model.many import Task, solve_many
from boeki.model.outcomes import OutcomeOf
from boeki.model.policy import nash, optimal_policy
from boeki.model.shocks import Shocks, problem_of
from boeki.model.solve import solve
from boeki.model.uncertainty import simulate_ensemble
from boeki.world import read_table, world_from_table
from boeki.world.world import World
from tests.model.worlds import mixed

SHOCK = {
    "tariff": {"from": "C1", "to": "C2", "rate": 0.4},
    "trade_cost": {"from": "C3", "to": "C0", "change": 0.3},
    "productivity": {"countries": "C1", "sectors": "S3", "change": 0.3},
    "preference": {"countries": "C2", "sectors": "S1", "change": 0.5},
    "transfer": {"from": "C1", "to": "C3", "share_of_gdp": 0.03},
}


def given(shocks: Shocks) -> dict[str, object]:
    return {k: v for k, v in vars(shocks).items() if k != "deficits" and v is not None}


@pytest.mark.parametrize("psi", [0.0, 0.05])
def test_inversion_meets_the_second_world_exactly(psi: float) -> None:
    before = mixed(psi=psi)
    after = simulate(before, SHOCK).as_world()
    found = simulate(before, **given(invert(before, after)))
    assert found.trade_share == pytest.approx(after.trade_share, abs=1e-10)
    assert found.trade == pytest.approx(after.trade, rel=1e-8, abs=1e-12)
    assert found.income == pytest.approx(after.income, rel=1e-9)


def test_with_prices_inversion_finds_the_shocks_that_were() -> None:
    before = mixed()
    truth = simulate(before, SHOCK)
    found = invert(before, truth.as_world(), price=truth.price)
    expected = np.ones((5, 4))
    expected[1, 3] = 1.3
    assert found.productivity == pytest.approx(expected, rel=1e-8)
    cost = np.ones((5, 5, 4))
    cost[3, 0] = 1.3
    assert found.trade_cost == pytest.approx(cost, rel=1e-8)


def test_inversion_refuses_worlds_that_do_not_fit() -> None:
    world = mixed()
    with pytest.raises(InputError, match="same countries and sectors"):
        invert(world, mixed(countries=4))
    with pytest.raises(InputError, match="one trade share"):
        invert(mixed(by_use=True), mixed(by_use=True))
    opened = np.array(world.trade_share)
    opened[0, 1, 0] = 0.01
    later = World.from_arrays(
        world.countries, world.sectors, trade_share=opened / opened.sum(0),
        expenditure=world.expenditure, tariff=world.tariff, input_share=world.input_share,
        value_added_share=world.value_added_share, final_share=world.final_share,
        deficit=world.deficit, trade_elasticity=world.trade_elasticity, settle=True,
    )  # fmt: skip
    with pytest.raises(InputError, match="C0 with C1 in S0 begins from nothing"):
        invert(world, later)
    traced = with_traces(world, later)
    found = simulate(traced, **given(invert(traced, later)))
    assert found.trade_share == pytest.approx(later.trade_share, abs=1e-9)


def test_what_begins_and_ends_is_told_with_traces_of_both_years() -> None:
    world = mixed()
    final, inputs = np.array(world.final_share), np.array(world.input_share)
    # Of S3 nobody wants any more in C2, at home or as an input; and nobody else buys it there.
    final[2, 3], inputs[2, :, 3] = 0, 0
    share = np.array(world.trade_share)
    share[2, [0, 1, 3, 4], 3] = 0
    later = World.from_arrays(
        world.countries, world.sectors, trade_share=share / share.sum(0),
        expenditure=world.expenditure, tariff=world.tariff, input_share=inputs,
        value_added_share=1 - inputs.sum(2), final_share=final / final.sum(1, keepdims=True),
        deficit=world.deficit, trade_elasticity=world.trade_elasticity, settle=True,
    )  # fmt: skip
    assert later.output[2, 3] == 0
    first, last = with_traces(world, later), with_traces(later, world)
    found = simulate(first, **given(invert(first, last)))
    assert found.market_share == pytest.approx(later.market_share, abs=1e-6)
    assert found.gdp / found.gdp.sum() == pytest.approx(later.gdp / later.gdp.sum(), abs=1e-6)


def test_causes_are_told_of_wiod_from_1995_to_2011(shared: Path) -> None:
    folder = shared / "data" / "mrio" / "wiod2013"
    before, after = (
        world_from_table(read_table(folder / f"wiot_{year}.npz"), trade_elasticity=5.0)
        for year in (1995, 2011)
    )
    first, last = with_traces(before, after), with_traces(after, before)
    rows = explain_causes(first, last, "market_share", country="CHN", sector="c14").records()
    total = next(r["contribution"] for r in rows if r["cause"] == "total")
    n, s = before.country("CHN"), before.sector("c14")
    grown = after.market_share[n, s] - before.market_share[n, s]
    assert total == pytest.approx(100 * grown, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "of"),
    [("welfare", {"country": "C1"}), ("exports", {"country": "C1"}),
     ("market_share", {"country": "C1", "sector": "S3"})],
)  # fmt: skip
def test_causes_add_up_to_what_happened(name: str, of: dict[str, str]) -> None:
    before = mixed()
    truth = simulate(before, SHOCK)
    rows = explain_causes(before, truth.as_world(), name, price=truth.price, **of).records()
    parts = {r["cause"]: r["contribution"] for r in rows}
    total = parts.pop("total")
    asked = OutcomeOf(name, **of)
    happened = outcome_value(truth, asked) - outcome_value(simulate(before), asked)
    assert total == pytest.approx(100 * happened, rel=1e-7)
    assert sum(parts.values()) == pytest.approx(total, rel=1e-9)
    assert set(parts) == {"productivity", "trade costs", "tariffs", "demand", "deficits"}


def test_a_single_cause_is_all_of_it() -> None:
    before = mixed()
    truth = simulate(before, {"productivity": {"countries": "C1", "change": 0.1}})
    found = explain_causes(
        before,
        truth.as_world(),
        "welfare",
        country="C1",
        price=truth.price,
        causes=["productivity"],
    )
    shares = {r["cause"]: r["share"] for r in found.records()}
    assert shares["productivity"] == pytest.approx(100, abs=1e-6)
    assert shares["other"] == pytest.approx(0, abs=1e-6)
    with pytest.raises(UnknownTerm, match="unknown cause"):
        explain_causes(before, before, "welfare", country="C1", causes=["luck"])


def test_ensembles_are_the_same_for_the_same_seed_on_every_engine() -> None:
    world, shock = mixed(), {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}}
    done: list[int] = []
    one = simulate_ensemble(world, shock, draws=30, seed=4, progress=done.append)
    with ThreadPoolExecutor(2) as pool:
        other = simulate_ensemble(world, shock, draws=30, seed=4, engine=pool)
    assert one.draws["welfare"] == pytest.approx(other.draws["welfare"], rel=1e-12)
    assert sum(done) == 30
    assert not np.allclose(
        one.draws["welfare"], simulate_ensemble(world, shock, draws=30, seed=5).draws["welfare"]
    )
    # Each draw is the equilibrium at its own elasticities.
    from dataclasses import replace

    third = simulate(replace(world, trade_elasticity=one.trade_elasticity[3]), shock)
    assert one.draws["welfare"][3] == pytest.approx(third.welfare, rel=1e-9)


def test_draws_have_the_mean_and_the_error_asked_for() -> None:
    world = mixed()
    found = simulate_ensemble(world, {"labour": {"countries": "C1", "change": 0.1}}, draws=400,
                              elasticity_error=0.2 * world.trade_elasticity)  # fmt: skip
    drawn = found.trade_elasticity
    assert drawn.mean(0) == pytest.approx(world.trade_elasticity, rel=0.05)
    assert drawn.std(0) / drawn.mean(0) == pytest.approx(np.full(4, 0.2), rel=0.15)


def test_no_error_means_no_spread_and_trade_error_some() -> None:
    world, shock = mixed(), {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}}
    still = simulate_ensemble(world, shock, draws=3, elasticity_error=0)
    assert np.ptp(still.draws["welfare"], axis=0).max() < 1e-10
    assert still.draws["welfare"][0] == pytest.approx(still.central.welfare, rel=1e-10)
    moved = simulate_ensemble(world, shock, draws=12, elasticity_error=0, trade_error=0.2)
    assert np.ptp(moved.draws["welfare"], axis=0).max() > 1e-5
    row = moved.countries(0.5).records()[0]
    assert row["welfare_low"] < row["welfare_high"]


def test_an_ensemble_on_dask() -> None:
    pytest.importorskip("distributed", reason="needs boeki[dask]")
    world, shock = mixed(), {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}}
    code = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "from tests.model.worlds import mixed\n"
        "from boeki.model.uncertainty import simulate_ensemble\n"
        "if __name__ == '__main__':\n"
        f"    e = simulate_ensemble(mixed(), {shock!r}, draws=12, engine='dask')\n"
        "    print(repr(e.draws['welfare'].tolist()))\n"
    )
    import ast
    import subprocess

    root = Path(__file__).parents[2]
    script = root / ".pytest_cache" / "ensemble_on_dask.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(code)
    made = subprocess.run(
        [sys.executable, str(script)], cwd=root, env={"PYTHONPATH": str(root), "PATH": "/usr/bin"},
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-2000:]
    found = np.array(ast.literal_eval(made.stdout.strip().splitlines()[-1]))
    here = simulate_ensemble(world, shock, draws=12)
    assert found == pytest.approx(here.draws["welfare"], rel=1e-12)


def test_bad_ensembles() -> None:
    shock = {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}}
    with pytest.raises(InputError, match="at least two"):
        simulate_ensemble(mixed(), shock, draws=1)
    with pytest.raises(InputError, match="0 or more"):
        simulate_ensemble(mixed(), shock, elasticity_error=-1)
    with pytest.raises(InputError, match="one a sector"):
        simulate_ensemble(mixed(), shock, elasticity_error=[1, 2])
    with pytest.raises(InputError, match="no engine 'mpi'"):
        simulate_ensemble(mixed(), shock, engine="mpi")
    with pytest.raises(InputError, match="no result 'wellfare'"):
        simulate_ensemble(mixed(), shock, keep=["wellfare"])


def test_scenarios_that_have_no_equilibrium_say_so_among_those_that_have() -> None:
    world = mixed()
    debt = world.deficit.copy()
    debt[1] -= 3 * world.gdp[1]
    debt[0] += 3 * world.gdp[1]
    found = list(solve_many([Task(world, Shocks()), Task(world, Shocks(deficit=debt))]))
    assert isinstance(found[0], dict)
    assert found[0]["welfare"] == pytest.approx(np.ones(5), abs=1e-10)
    assert isinstance(found[1], NotSolved)


def small_and_large(theta: float, size: float = 1e-4) -> World:
    """A country too small to move the other's prices, with trade balanced."""
    share = np.array([[[0.6], [0.4 * size]], [[0.4], [1 - 0.4 * size]]])
    return World.from_arrays(
        ("small", "large"), ("goods",), trade_share=share, expenditure=[[size], [1.0]],
        trade_elasticity=theta,
    )  # fmt: skip


@pytest.mark.parametrize("theta", [2.0, 4.0, 8.0])
@pytest.mark.parametrize("instrument", ["tariff", "export_tax"])
def test_the_best_tariff_of_a_small_country(theta: float, instrument: str) -> None:
    # 1 / (σ − 1) = 1 / θ: Gros (1987), Journal of International Economics 23; by Lerner's symmetry
    # the same for a tax on exports.
    found = optimal_policy(small_and_large(theta), "small", instrument=instrument)
    assert found.rates["small"][0] == pytest.approx(1 / theta, rel=1e-3)
    assert found.gradient < 1e-6
    assert found.equilibrium.welfare[0] > 1


def test_no_tariff_nearby_is_better() -> None:
    world = mixed()
    found = optimal_policy(world, "C1")
    best = found.equilibrium.welfare[1]
    for s in range(4):
        for step in (-0.01, 0.01):
            tariff = np.array(world.tariff)
            others = [0, 2, 3, 4]
            tariff[others, 1] = found.rates["C1"]
            tariff[others, 1, s] += step
            assert simulate(world, tariff=tariff).welfare[1] < best + 1e-12


def test_nash_tariffs_are_best_answers() -> None:
    world = mixed()
    game = nash(world, ["C1", "C2"], uniform=True)
    here = game.equilibrium.welfare
    for country in ("C1", "C2"):
        n = world.country(country)
        for step in (-0.01, 0.01):
            tariff = np.array(world.tariff)
            for player, rates in game.rates.items():
                at = world.country(player)
                others = [k for k in range(5) if k != at]
                tariff[others, at] = rates + (step if player == country else 0.0)
            assert simulate(world, tariff=tariff).welfare[n] < here[n]
    assert game.rounds > 1
    assert game.gradient < 1e-4
    rows = game.table().records()
    assert {r["country"] for r in rows} == {"C1", "C2"}


def test_policies_that_there_are_not() -> None:
    with pytest.raises(UnknownTerm, match="unknown instrument"):
        optimal_policy(mixed(), "C1", instrument="quota")  # type: ignore[arg-type]
    with pytest.raises(UnknownTerm, match="unknown country"):
        optimal_policy(mixed(), "C9")
    with pytest.raises(InputError, match="named twice"):
        nash(mixed(), ["C1", "C1"])
    with pytest.raises(InputError, match="bounds"):
        optimal_policy(mixed(), "C1", bounds=(0.5, 0.1))


def test_bounds_hold() -> None:
    found = optimal_policy(mixed(), "C1", uniform=True, bounds=(0.0, 0.1))
    assert np.nanmax(found.rates["C1"]) == pytest.approx(0.1)


@pytest.mark.parametrize("seed", range(40))
def test_odd_worlds_are_solved(seed: int) -> None:
    """Zero pairs, θ from 1.5 to 20, tariffs to 300 %, deficits to 20 % of GDP."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
    try:
        from worlds import odd_shocks, odd_world
    finally:
        sys.path.pop(0)
    world = odd_world(seed)
    found = Equilibrium(world, solve(problem_of(world, odd_shocks(world, 1000 + seed))))
    assert max(found.residuals.values()) < 1e-10
    for name in ("welfare", "trade", "price", "employment"):
        assert np.isfinite(getattr(found, name)).all()


def test_gradients_at_odd_worlds_are_finite() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
    try:
        from worlds import odd_shocks, odd_world
    finally:
        sys.path.pop(0)
    for seed in range(8):
        world = odd_world(seed)
        found = Equilibrium(world, solve(problem_of(world, odd_shocks(world, 1000 + seed))))
        made = gradient(found, "welfare", country=world.countries[0])
        assert np.isfinite(made.tariff).all()
        assert np.isfinite(made.productivity).all()
