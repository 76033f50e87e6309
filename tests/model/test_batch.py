"""Problems solved together have the equilibria that they have alone."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from boeki.errors import InputError, MissingExtra, NotSolved
from boeki.model import backends, batch
from boeki.model.backends import Backend
from boeki.model.baseline import baseline_of, with_elasticities
from boeki.model.elasticity_errors import errors_of, set_for
from boeki.model.many import Task, solve_many
from boeki.model.problem import Problem
from boeki.model.shocks import Shocks, problem_of
from boeki.model.solve import Solution, solve
from boeki.model.uncertainty import simulate_ensemble
from boeki.world import elasticities, embedded_world
from boeki.world.world import World
from tests.model.worlds import mixed

pytest.importorskip("scipy", reason="problems are solved together with boeki[world]")


def some_shocks(world: World, seed: int) -> Shocks:
    """Tariffs, costs and an embargo in a few cells; productivity, labour and tastes everywhere."""
    draw = np.random.default_rng(seed)
    countries, sectors = world.expenditure.shape
    tariff, cost = np.array(world.tariff), np.ones(world.tariff.shape)
    tariff[2, 3] += draw.uniform(0, 0.5)
    cost[1, 4, 1], cost[2, 3, 0], cost[4, 1, 2] = 1.3, 0.8, np.inf
    return Shocks(
        tariff=tariff, trade_cost=cost,
        productivity=np.exp(draw.normal(0, 0.1, (countries, sectors))),
        labour=draw.uniform(0.9, 1.1, countries),
        preference=draw.uniform(0.5, 1.5, (countries, sectors)),
        deficits=("world", "gdp", "zero")[seed % 3],
    )  # fmt: skip


def problems(world: World, count: int = 6) -> list[Problem]:
    return [problem_of(world, some_shocks(world, seed)) for seed in range(count)]


def apart(found: Solution | NotSolved, problem: Problem) -> float:
    assert isinstance(found, Solution)
    return float(np.abs(found.point.vector() - solve(problem).point.vector()).max())


@pytest.mark.parametrize("by_use", [False, True])
def test_together_as_alone(by_use: bool) -> None:
    check_together("numpy", by_use)


@pytest.mark.skipif(find_spec("jax") is None, reason="needs boeki[gpu]")
def test_together_by_jax() -> None:
    """In a process of its own: where JAX runs, its threads do not let others fork."""
    code = (
        "from tests.model.test_batch import check_together\n"
        "check_together('jax', False)\ncheck_together('jax', True)"
    )
    root = Path(__file__).parents[2]
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=180,
        env={"PYTHONPATH": f"{root}:{root / 'tests'}", "PATH": "/usr/bin", "JAX_PLATFORMS": "cpu"},
        check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-2000:]


def check_together(backend: Backend, by_use: bool) -> None:
    asked = problems(mixed(by_use=by_use))
    found = batch.solve_together(asked, backend=backend)
    for solution, problem in zip(found, asked, strict=True):
        assert isinstance(solution, Solution)
        assert solution.problem is problem
        where = "on a device" if backend == "jax" else "with others"
        assert solution.path == f"acceleration, {where}"
        assert solution.residual <= 5e-12
        assert apart(solution, problem) < 1e-10


def test_other_elasticities_are_solved_together_too() -> None:
    world = mixed()
    draw = np.random.default_rng(3)
    asked = []
    for _ in range(20):
        theta = world.trade_elasticity * np.exp(draw.normal(0, 0.2, 4))
        asked.append(problem_of(with_elasticities(world, theta), some_shocks(world, 1)))
    assert all(p.base.share is asked[0].base.share for p in asked)
    for solution, problem in zip(batch.solve_together(asked), asked, strict=True):
        assert isinstance(solution, Solution)
        assert solution.path == "acceleration, with others"
        assert apart(solution, problem) < 1e-10


def test_those_that_take_long_outlast_the_others() -> None:
    """Most have no shock and leave at once; the rest go on with a smaller batch."""
    world = mixed()
    asked = [problem_of(world, Shocks())] * 5 + problems(world, 2)
    found = batch.solve_together(asked)
    assert [apart(f, p) < 1e-10 for f, p in zip(found, asked, strict=True)] == [True] * 7
    counts = [f.evaluations for f in found if isinstance(f, Solution)]
    assert max(counts[:5]) < min(counts[5:])


def test_what_cannot_be_together_is_solved_alone() -> None:
    world, scaled = mixed(), mixed(psi=0.05)
    tax, limit = np.zeros(world.tariff.shape), np.full(world.tariff.shape, np.inf)
    tax[2, 3], limit[2, 3, 1] = 0.1, 0.5
    asked = [
        *problems(world, 2),
        problem_of(world, Shocks(export_tax=tax)), problem_of(world, Shocks(volume_limit=limit)),
        problem_of(world, Shocks(production_tax=np.full((5, 4), -0.05))),
        problem_of(world, Shocks(input_share=0.9 * world.input_share)),
        problem_of(world, Shocks(tariff=world.tariff * 1.5)),
        *problems(scaled, 2),
    ]  # fmt: skip
    assert [batch.fits(p) for p in asked] == [True, True, *[False] * 4, True, False, False]
    found = batch.solve_together(asked)
    paths = [f.path for f in found if isinstance(f, Solution)]
    assert [p == "acceleration, with others" for p in paths] == [True, True, *[False] * 7]
    assert all(apart(f, p) < 1e-10 for f, p in zip(found, asked, strict=True))


def test_one_without_an_equilibrium_leaves_the_others_theirs() -> None:
    world = mixed()
    debt = world.deficit.copy()
    debt[1] -= 3 * world.gdp[1]
    debt[0] += 3 * world.gdp[1]
    asked = [problem_of(world, Shocks(deficit=debt)), *problems(world, 3)]
    found = batch.solve_together(asked)
    assert isinstance(found[0], NotSolved)
    assert all(apart(f, p) < 1e-10 for f, p in zip(found[1:], asked[1:], strict=True))


def test_the_cells_told_are_all_that_differ() -> None:
    for by_use in (False, True):
        for problem in problems(mixed(by_use=by_use), 3):
            assert problem.cells is not None
            same = np.ones(problem.reach.size, dtype=bool)
            same[problem.cells] = False
            assert (problem.reach.ravel()[same] == problem.base.share.ravel()[same]).all()
            assert (problem.landed.ravel()[same] == problem.base.landed.ravel()[same]).all()
            assert len(np.unique(problem.cells)) == len(problem.cells)


def test_a_large_world_in_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    sys.modules.pop("worlds", None)
    from worlds import gravity_world, tariff_shocks

    world = gravity_world(12, 9)
    shocks = [tariff_shocks(world, seed) for seed in range(40)]
    found = list(solve_many((Task(world, s) for s in shocks), ("wage", "trade"), count=40))
    from boeki.model.equilibrium import Equilibrium

    for results, shock in zip(found, shocks, strict=True):
        alone = Equilibrium(world, solve(problem_of(world, shock)))
        assert isinstance(results, dict)
        assert results["wage"] == pytest.approx(alone.wage, rel=1e-9)
        assert results["trade"] == pytest.approx(alone.trade, rel=1e-9, abs=1e-12)


def test_worlds_of_other_elasticities_share_all_but_these() -> None:
    world = mixed()
    other = with_elasticities(world, 2 * world.trade_elasticity)
    assert other.trade_share is world.trade_share
    assert other.trade_elasticity == pytest.approx(2 * world.trade_elasticity)
    assert baseline_of(other).theta == pytest.approx(2 * baseline_of(world).theta)
    with pytest.raises(InputError, match="4 numbers above 0"):
        with_elasticities(world, -world.trade_elasticity)


def test_backends_that_there_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="unknown backend 'cupy'"):
        batch.solve_together([], backend="cupy")  # type: ignore[arg-type]
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"boeki\[gpu\]"):
        list(solve_many([], backend="jax"))
    monkeypatch.setattr(batch, "find_spec", lambda name: None)
    asked = problems(mixed(), 2)
    found = batch.solve_together(asked)
    assert all(apart(f, p) < 1e-10 for f, p in zip(found, asked, strict=True))
    assert all(isinstance(f, Solution) and f.path == "acceleration" for f in found)


def test_standard_errors_as_published() -> None:
    """Caliendo and Parro (2015), Table 1, 99 % sample: textiles 8.10 (1.28), services none."""
    world = embedded_world()
    found = set_for(world, "caliendo_parro_2015")
    textiles, services = world.sectors.index("textiles"), world.sectors.index("services")
    assert found.trade_elasticity[textiles] == 8.10
    assert found.trade_elasticity[services] == world.trade_elasticity[services]
    assert errors_of(world, found)[textiles] == 1.28
    assert errors_of(world, found)[services] == 0.25 * world.trade_elasticity[services]
    drawn = simulate_ensemble(
        world, {"tariff": {"from": "CHN", "to": "USA", "rate": 0.25}}, draws=8,
        elasticity_error=found, scale_economies=False,
    )  # fmt: skip
    assert drawn.central.world.trade_elasticity == pytest.approx(found.trade_elasticity)
    assert "services" in drawn.about["error_assumed"]
    assert "textiles" not in drawn.about["error_assumed"]
    # A world that names the set as its source has the errors without being told.
    assert errors_of(drawn.central.world, None)[textiles] == 1.28
    with pytest.raises(InputError, match="not the world's"):
        simulate_ensemble(
            world, {"tariff": {"from": "CHN", "to": "USA", "rate": 0.25}}, draws=8,
            elasticity_error=elasticities("caliendo_parro_2015", ["textiles"]),
        )  # fmt: skip
