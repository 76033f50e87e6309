"""Compiled sums give what NumPy's give."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from boeki.errors import BoekiError, MissingExtra, UnknownTerm
from boeki.model import backends
from boeki.model.exact_hat import at_baseline, follow, point_of
from boeki.model.home_links import home_links
from boeki.model.many import Task, solve_many
from boeki.model.problem import Problem
from boeki.model.shocks import Shocks, problem_of
from boeki.model.simulate import simulate
from boeki.model.solve import solve
from boeki.model.turn import answered, difference, gap_size, step_of
from boeki.model.uncertainty import simulate_ensemble
from boeki.world import embedded_world
from tests.model.worlds import mixed

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="needs boeki[fast]")


def shocked(**options: Any) -> Problem:
    world, draw = mixed(**options), np.random.default_rng(3)
    countries, sectors = world.expenditure.shape
    tariff = world.tariff + 0.3 * (draw.random(world.tariff.shape) < 0.3)
    tariff[np.arange(countries), np.arange(countries)] = 0
    cost = np.ones(tariff.shape)
    cost[1, 4, 1], cost[4, 1, 2] = 1.3, np.inf
    inputs = world.input_share * draw.uniform(0.9, 1.05, world.input_share.shape)
    return problem_of(
        world,
        Shocks(
            tariff=tariff, trade_cost=cost, labour=draw.uniform(0.9, 1.1, countries),
            productivity=np.exp(draw.normal(0, 0.1, (countries, sectors))), input_share=inputs,
            preference=draw.uniform(0.5, 1.5, (countries, sectors)), deficits="gdp",
            production_tax=draw.uniform(-0.1, 0.2, (countries, sectors)),
        ),
    )  # fmt: skip


@needs_numba
@pytest.mark.parametrize("options", [{}, {"by_use": True}, {"tariffs": False}])
def test_problems_are_those_of_numpy(options: dict[str, Any]) -> None:
    world, draw = mixed(**options), np.random.default_rng(4)
    countries = len(world.countries)
    tariff = world.tariff + 0.3 * (draw.random(world.tariff.shape) < 0.3)
    tariff[:, :, 1] = world.tariff[:, :, 1]
    tariff[np.arange(countries), np.arange(countries)] = 0
    for given in (tariff, np.array(world.tariff), np.asfortranarray(tariff), 0.1):
        if np.ndim(given) == 0:
            given = np.full(tariff.shape, given) * (1 - np.eye(countries))[:, :, None]
        fast, slow = (problem_of(world, Shocks(tariff=given), name) for name in ("numba", "numpy"))
        assert np.allclose(fast.reach, slow.reach, rtol=1e-14, atol=0)
        assert np.allclose(fast.landed, slow.landed, rtol=1e-14, atol=0)
        assert fast.taxed == slow.taxed
        assert (fast.cells is None) == (slow.cells is None)
        if fast.cells is not None and slow.cells is not None:
            assert np.array_equal(np.sort(fast.cells), np.sort(slow.cells))


@needs_numba
@pytest.mark.parametrize("saving", [False, True])
@pytest.mark.parametrize("psi", [0.0, 0.05])
@pytest.mark.parametrize("by_use", [False, True])
def test_one_turn_is_that_of_numpy(by_use: bool, psi: float, saving: bool) -> None:
    problem = shocked(by_use=by_use, psi=psi)
    if saving:
        none = np.zeros(5)
        share = np.array([0.1, 0.3, 0.2, 0.25, 0.15])
        problem = replace(problem, spending_share=share, transfer=none, deficit_share=none)
    start = at_baseline(problem).vector()
    vector = start + np.random.default_rng(0).normal(0, 0.1, start.size)
    point = point_of(problem, vector)
    # Nothing is sold where nothing is made: these have no output to move.
    point.output[problem.base.output == 0] = 0.0
    step = step_of(problem, "numba")
    made = step(step.vector_of(point))[: vector.size]
    assert type(step).__name__ == "CompiledStep"
    gap = difference(follow(problem, point).following, point)
    asked = vector + answered(home_links(problem.base), gap).vector()
    # Home links are kept in numbers half as long, and summed in another order.
    assert np.abs(made - asked).max() < 1e-6 * np.abs(asked - vector).max()
    assert step.gap_size == pytest.approx(gap_size(gap), rel=1e-12)


@needs_numba
@pytest.mark.parametrize("options", [{}, {"by_use": True}, {"psi": 0.05}, {"tariffs": False}])
def test_equilibria_are_those_of_numpy(options: dict[str, Any]) -> None:
    problem = shocked(**options)
    fast, slow = solve(problem, backend="numba"), solve(problem)
    assert np.abs(fast.point.vector() - slow.point.vector()).max() < 1e-10
    assert gap_size(difference(follow(problem, fast.point).following, fast.point)) < 1e-11


@needs_numba
def test_what_is_not_compiled_is_solved_by_numpy() -> None:
    world = embedded_world()
    tax = {"export_tax": {"from": "JPN", "sectors": "machinery", "rate": 0.1}}
    ration = {"export_control": {"from": "JPN", "to": "CHN", "sectors": "machinery", "volume": 0.5}}
    for scenario in (tax, ration):
        fast = simulate(world, scenario, backend="numba")
        assert np.abs(fast.welfare - simulate(world, scenario).welfare).max() < 1e-10


@needs_numba
def test_many_in_threads_are_those_of_processes() -> None:
    world = mixed(12, 6)
    tasks = [Task(world, Shocks(productivity=np.full((12, 6), 1 + k / 100))) for k in range(20)]
    tasks.append(Task(world, Shocks(labour=np.full(12, -1.0))))
    fast, slow = (
        list(solve_many(tasks, ("wage", "price"), count=21, backend=name))
        for name in ("numba", "numpy")
    )
    assert isinstance(fast[-1], BoekiError)
    assert str(fast[-1]) == str(slow[-1])
    for one, other in zip(fast[:-1], slow[:-1], strict=True):
        assert isinstance(one, dict)
        assert isinstance(other, dict)
        assert np.abs(one["price"] - other["price"]).max() < 1e-10


@needs_numba
def test_draws_are_those_of_numpy() -> None:
    shock = {"tariff": {"from": "CHN", "to": "USA", "rate": 0.25}}
    fast, slow = (
        simulate_ensemble(None, shock, draws=10, backend=name).draws["welfare"]
        for name in ("numba", "numpy")
    )
    assert np.abs(fast - slow).max() < 1e-9


def test_compiled_sums_are_taken_where_they_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda name: object())
    assert backends.best_backend(266_805, 1000) == "numba"
    assert backends.best_backend(266_805, None) == "numba"
    assert backends.best_backend(4096, 1000) == "numpy"
    assert backends.best_backend(266_805, 10) == "numpy"
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    assert backends.best_backend(266_805, 1000) == "numpy"
    with pytest.raises(MissingExtra, match=r"boeki\[fast\]"):
        simulate(embedded_world(), backend="numba")
    with pytest.raises(UnknownTerm, match="unknown backend 'cuda'"):
        simulate(embedded_world(), backend="cuda")
