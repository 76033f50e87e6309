"""Solving the equations: acceleration first, Newton's method and small steps where it stalls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import NotSolved
from boeki.model.anderson import anderson
from boeki.model.backends import Backend, check_backend
from boeki.model.exact_hat import Point, at_baseline, follow, point_of
from boeki.model.forward_mode import push
from boeki.model.home_links import home_links
from boeki.model.linearised import linearise
from boeki.model.part_way import part_way
from boeki.model.problem import Problem
from boeki.model.slow_moves import slow_moves
from boeki.model.turn import answered, difference, gap_size, step_of

Array: TypeAlias = NDArray[np.float64]

#: Largest residual of any equation, in logarithms, of an answer.
TOLERANCE = 5e-12
#: Evaluations before acceleration gives way to Newton's method, and past steps that it mixes.
_MOST, _MEMORY = 150, 8
_NEWTON_STEPS, _HALVINGS = 40, 12
#: The smallest part of the shocks that is worth a step of its own.
_LEAST_PART = 1 / 256
#: Parts in which scale economies are brought in.
_SCALE_PARTS = 4


@dataclass(frozen=True, eq=False)
class Solution:
    """An equilibrium, and how it was found.

    Attributes
    ----------
    problem, point
        What was solved, and where it is solved.
    residual
        Largest residual of the map, in logarithms.
    evaluations
        How often the map was asked.
    path
        How it was found, in words.
    income
        Final spending in shares of the world's value added, ``(country,)``, where the way there
        tells it.
    """

    problem: Problem
    point: Point
    residual: float
    evaluations: int
    path: str
    income: Array | None = None


def solve(
    problem: Problem,
    start: Point | None = None,
    *,
    tolerance: float = TOLERANCE,
    backend: Backend = "numpy",
) -> Solution:
    """Find the equilibrium.

    Without scale economies it is looked for from the baseline, or from ``start``. With them the one
    is found that grows out of the equilibrium without them, as they are brought in bit by bit.

    Parameters
    ----------
    problem
        A baseline with shocks.
    start
        Where to begin, such as the solution of a problem that is much alike.
    tolerance
        Largest residual, in logarithms.
    backend
        ``numpy``; or ``numba`` (``boeki[fast]``), whose compiled sums are ready after the first
        second or two, and faster from some 50,000 cells of trade on.

    Raises
    ------
    UnknownTerm, MissingExtra
        For another backend, and one that is not installed.
    NotSolved
        Where no way leads to an equilibrium; never is a point returned that is none.
    """
    check_backend(backend)
    tally = _Tally(tolerance, backend)
    if not problem.psi.any():
        point, path = tally.find(problem, start or at_baseline(problem))
    elif start is not None:
        point, path = tally.find(problem, start)
    else:
        point, path = _grow(tally, problem)
    return Solution(problem, point, tally.residual, tally.evaluations, path, tally.income)


def _grow(tally: _Tally, problem: Problem) -> tuple[Point, str]:
    """The branch that scale economies grow from the equilibrium without them."""
    point, path = tally.find(replace(problem, psi=np.zeros_like(problem.psi)), at_baseline(problem))
    done, part = 0.0, 1 / _SCALE_PARTS
    while done < 1:
        upto = min(1.0, done + part)
        try:
            point, path = tally.find(replace(problem, psi=upto * problem.psi), point)
        except NotSolved:
            part /= 2
            if part < _LEAST_PART:
                raise NotSolved(
                    f"the equilibrium could be followed only to {100 * done:.0f} % of the scale "
                    "economies: beyond, the branch that grows from none ends. Lower "
                    "scale_elasticity: with θψ near 1 or above a sector may move to one country"
                ) from None
            continue
        done = upto
    return point, f"grown from no scale economies; {path}"


@dataclass
class _Tally:
    """Finds points, and counts what it takes."""

    tolerance: float
    backend: Backend = "numpy"
    evaluations: int = 0
    residual: float = np.inf
    income: Array | None = None

    def find(self, problem: Problem, start: Point) -> tuple[Point, str]:
        """A point that solves a problem, by the first way that gets there."""
        found = self._accelerated(problem, start)
        if found is not None:
            return found, "acceleration"
        found = self._newton(problem, start)
        if found is not None:
            return found, "Newton's method"
        return self._in_parts(problem), "small steps"

    def _accelerated(self, problem: Problem, start: Point, most: int = _MOST) -> Point | None:
        step = step_of(problem, self.backend)
        # Output follows wages and prices: these tell which mixture is best, at half the reading.
        tells = slice(0, start.wage.size + start.price.size)
        with np.errstate(all="ignore"):
            found = anderson(
                step, step.vector_of(start), tolerance=self.tolerance / 4, most=most,
                memory=_MEMORY, judged=tells, known=slow_moves(problem.base),
            )  # fmt: skip
        self.evaluations += found.evaluations
        # What home links make of a gap may be smaller than the gap itself.
        self.residual, self.income = step.gap_size, step.income
        if not found.converged or self.residual > self.tolerance:
            return None
        return step.point_of(found.point)

    def _newton(self, problem: Problem, start: Point) -> Point | None:
        point = start
        with np.errstate(all="ignore"):
            gap = _gap(problem, point)
            size = gap_size(gap)
            for _ in range(_NEWTON_STEPS):
                if not np.isfinite(size):
                    return None
                if size <= self.tolerance:
                    self.residual, self.income = size, None
                    return point
                move = newton_move(problem, point, gap)
                self.evaluations += 60
                moved = _searched(problem, point, move, size)
                if moved is None:
                    return None
                point, gap, size = moved
        return None

    def _in_parts(self, problem: Problem) -> Point:
        point, done, part = at_baseline(problem), 0.0, 0.25
        while done < 1:
            upto = min(1.0, done + part)
            here = part_way(problem, upto)
            found = self._accelerated(here, point) or self._newton(here, point)
            if found is None:
                part /= 2
                if part < _LEAST_PART:
                    raise NotSolved(_cannot(problem, point, done))
                continue
            point, done, part = found, upto, part * 1.5
        return point


def newton_move(problem: Problem, point: Point, gap: Point) -> Array:
    """The move that closes the gaps of the equations made linear at a point."""
    at, links = linearise(problem, point), home_links(problem.base)
    target = gap.vector()

    def step(vector: Array) -> Array:
        move = point_of(problem, vector)
        left = target - (vector - push(at, move).following.vector())
        return np.asarray(vector + answered(links, point_of(problem, left)).vector())

    tolerance = max(1e-13, 1e-3 * float(np.abs(target).max()))
    found = anderson(
        step, np.zeros_like(target), tolerance=tolerance, most=120, memory=60, longest=np.inf
    )
    return found.point


def _searched(
    problem: Problem, point: Point, move: Array, size: float
) -> tuple[Point, Point, float] | None:
    """The longest part of a move that makes the residual smaller."""
    part = min(1.0, 2.0 / max(float(np.abs(move).max()), 1e-300))
    for _ in range(_HALVINGS):
        moved = point_of(problem, point.vector() + part * move)
        gap = _gap(problem, moved)
        now = gap_size(gap)
        if now < (1 - 0.1 * part) * size:
            return moved, gap, now
        part /= 2
    return None


def _gap(problem: Problem, point: Point) -> Point:
    return difference(follow(problem, point).following, point)


def _cannot(problem: Problem, point: Point, done: float) -> str:
    with np.errstate(all="ignore"):
        flows = follow(problem, point)
    poorest = int((flows.income / problem.base.income).argmin())
    return (
        f"no equilibrium was found: the shocks could be followed to {100 * done:.0f} % of their "
        f"size. The income of country {poorest} falls most, to "
        f"{100 * flows.income[poorest] / problem.base.income[poorest]:.0f} % of what it was: a "
        "deficit or transfer that it cannot pay, or a market left without supply, has no "
        "equilibrium. Make the shocks smaller, or let deficits follow GDP"
    )
