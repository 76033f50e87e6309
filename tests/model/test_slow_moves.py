"""What is known of a baseline's slow moves saves turns, and changes no equilibrium."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from boeki.model.anderson import Answers, anderson
from boeki.model.baseline import baseline_of, with_elasticities
from boeki.model.exact_hat import at_baseline
from boeki.model.home_links import home_links
from boeki.model.shocks import Shocks, problem_of
from boeki.model.slow_moves import slow_moves
from boeki.model.solve import TOLERANCE
from boeki.model.turn import step_of
from tests.model.worlds import mixed


@pytest.mark.parametrize("by_use", [False, True])
def test_turns_are_saved_and_the_equilibrium_is_the_same(by_use: bool) -> None:
    world, draw = mixed(12, 6, by_use=by_use), np.random.default_rng(1)
    tariff = world.tariff + 0.1 * draw.random(world.tariff.shape)
    tariff[np.arange(12), np.arange(12)] = 0
    problem = problem_of(world, Shocks(tariff=tariff))
    start = at_baseline(problem)
    judged = slice(0, start.wage.size + start.price.size)
    known, nothing = (
        anderson(
            step_of(problem), start.vector(), tolerance=TOLERANCE, judged=judged, known=answers
        )
        for answers in (slow_moves(problem.base), None)
    )
    assert known.converged
    assert nothing.converged
    assert np.abs(known.point - nothing.point).max() < 1e-10
    assert known.evaluations <= 0.9 * nothing.evaluations


def test_a_linear_map_whose_slow_move_is_known_needs_two_turns() -> None:
    # x = 0.9 v (v·x) + b: one direction that is slow, and nothing else.
    draw = np.random.default_rng(2)
    slow, target = draw.normal(size=30), draw.normal(size=30)
    slow /= np.linalg.norm(slow)

    def step(x: np.ndarray) -> np.ndarray:
        return np.asarray(0.9 * slow * (slow @ x) + target)

    answers = Answers((-0.1 * slow)[None], (0.9 * slow)[None])
    found = anderson(step, np.zeros(30), tolerance=1e-12, longest=np.inf, known=answers)
    assert found.evaluations == 2
    exact = np.linalg.solve(np.eye(30) - 0.9 * np.outer(slow, slow), target)
    assert np.abs(found.point - exact).max() < 1e-12
    # The last elements are unknown to them, and still found.
    longer = np.concatenate([target, [1.0]])
    found = anderson(
        lambda x: np.concatenate([step(x[:30]), longer[30:] + 0.01 * x[:1]]),
        np.zeros(31), tolerance=1e-12, longest=np.inf, judged=slice(0, 30), known=answers,
    )  # fmt: skip
    assert found.converged
    assert found.point[30] == pytest.approx(1 + 0.01 * exact[0])


def test_baselines_that_differ_in_elasticities_share_what_does_not() -> None:
    world = mixed(8, 5)
    theta = world.trade_elasticity * np.linspace(0.5, 2, 5)
    kin, fresh = (
        baseline_of(with_elasticities(world, theta)),
        baseline_of(replace(world, trade_elasticity=theta)),
    )
    assert kin.kin is baseline_of(world).kin
    assert fresh.kin is not kin.kin
    one, other = home_links(kin), home_links(fresh)
    assert one.price is home_links(baseline_of(world)).price
    for name in ("price", "output", "price_to_wage", "output_to_wage", "wage_bill", "slope"):
        assert np.allclose(getattr(one, name), getattr(other, name), rtol=1e-5, atol=1e-7)
    assert not pickle.loads(pickle.dumps(kin)).kin.found
    # Whoever asks first, they are those of the world.
    asked_by_kin = slow_moves(kin)
    asked_by_itself = slow_moves(baseline_of(replace(world, trade_elasticity=theta / theta)))
    again = slow_moves(baseline_of(replace(world, trade_elasticity=world.trade_elasticity)))
    assert np.array_equal(asked_by_kin.steps, again.steps)
    assert not np.array_equal(asked_by_kin.steps, asked_by_itself.steps)


def test_answers_without_numbers_are_left_out() -> None:
    from boeki.model.slow_moves import _longest

    draw = np.random.default_rng(3)
    changes, steps = draw.normal(size=(9, 20)), draw.normal(size=(9, 25))
    changes[2, 3] = steps[2, 3] = steps[4, 24] = np.nan
    changes[6] *= 1e-12
    kept = _longest(Answers(changes, steps))
    assert kept.changes.shape == (6, 20)
    assert np.isfinite(kept.steps).all()
    # What is said of them holds: a mixture of moves has the mixture of their changes.
    sound = [0, 1, 3, 5, 7, 8]
    weight = np.linalg.lstsq(changes[sound].T, kept.changes.T, rcond=None)[0]
    assert np.allclose(steps[sound].T @ weight, kept.steps.T)
    none = _longest(Answers(np.empty((0, 20)), np.empty((0, 25))))
    assert none.changes.shape == (0, 20)
    found = anderson(
        lambda x: np.asarray(0.5 * x + 1.0), np.zeros(25), tolerance=1e-12, longest=np.inf,
        judged=slice(0, 20), known=none,
    )  # fmt: skip
    assert np.allclose(found.point, 2.0)
