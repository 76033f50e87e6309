"""One plan of a path followed back: all its periods by one adjoint, and what it inherited."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, NotSolved
from boeki.model.anderson import anderson
from boeki.model.backward_mode import pull
from boeki.model.exact_hat import Point, point_of
from boeki.model.home_links import home_links
from boeki.model.linearised import Linearised, Outcome, Shift, given, linearise
from boeki.model.outcomes import OutcomeOf
from boeki.model.over_time.equations import PathEquations
from boeki.model.over_time.learning_back import LearningBack
from boeki.model.over_time.path_outcomes import path_outcome
from boeki.model.over_time.ties_back import TiesBack
from boeki.model.over_time.transition import TransitionPath
from boeki.model.problem import Problem

Array: TypeAlias = NDArray[np.float64]

#: Relative residual of the linear equations.
_CLOSE = 1e-10
_MOST, _MEMORY = 400, 40


@dataclass(frozen=True, eq=False)
class Inherited:
    """Derivatives in what a plan inherits: T̂, the logarithm of K̂, and wealth."""

    technology: Array
    stock: Array
    wealth: Array


@dataclass(frozen=True, eq=False)
class PlanGradient:
    """The derivatives of an outcome in the shocks of one plan.

    Attributes
    ----------
    first
        The period of the path in which it begins.
    labour
        In the logarithm of the labour force, ``(period, country)``.
    shifts, problems, learning
        What shocks of each period count, where, and what the flywheel owes to research.
    """

    first: int
    labour: Array
    shifts: tuple[Shift, ...] = field(repr=False)
    problems: tuple[Problem, ...] = field(repr=False)
    learning: LearningBack | None = field(repr=False)

    def stack(self, name: str) -> Array:
        """A shock's derivatives, by period."""
        return np.stack([getattr(s, name) for s in self.shifts])

    def pairs(self, name: str) -> Array:
        """Those by pair, both uses together, ``(period, origin, destination, sector)``."""
        sectors = self.problems[0].base.theta.size
        cells = self.stack(name)
        both = cells[:, :sectors] + cells[:, sectors:] if cells.shape[1] > sectors else cells
        return np.asarray(both.transpose(0, 3, 2, 1))

    def gross(self, over: str, under: str) -> Array:
        """1 and more, by what a tax drives apart, ``(period, origin, destination, sector)``."""
        out = []
        for problem in self.problems:
            high, low = getattr(problem, over), getattr(problem, under)
            ratio = np.divide(high, low, out=np.ones_like(high), where=low > 0)
            out.append(ratio[: problem.base.theta.size].transpose(2, 1, 0))
        return np.stack(out)

    def learnt(self) -> LearningBack:
        """What the flywheel owes.

        Raises
        ------
        InputError
            Where there is none.
        """
        if self.learning is None:
            raise InputError("this path has no flywheel: research moves nothing")
        return self.learning


class PlanBack:
    """λ = g + Mᵀ λ for all periods of a plan, with what ties them together.

    Attributes
    ----------
    value
        The outcome, where it is one of a period that the plan lives.
    evaluations
        Times that the linear equations were followed.

    Parameters
    ----------
    path, equations
        The path, and the plan as it was solved.
    asked, period
        The outcome; ``period`` None for permanent consumption.
    first, keep
        The period of the path in which the plan begins, and how many of it are lived.
    handed
        What the next plan owes to what it inherits from this one; None for the last.
    """

    def __init__(
        self, path: TransitionPath, equations: PathEquations, asked: OutcomeOf,
        period: int | None, first: int, keep: int, handed: Inherited | None,
    ) -> None:  # fmt: skip
        self.first, self.equations = first, equations
        solved, economy = equations.solved, equations.economy
        self.at: list[Linearised] = [linearise(s.problem, s.point) for s in solved.solutions]
        self.ends = equations.ends
        self.size = int(self.ends[-1]) + sum(rows * columns for rows, columns in equations.shapes)
        self.links = home_links(equations.base)
        self.sectors = equations.base.theta.size
        self.direct = path_outcome(path, asked, period, self.at, first, keep)
        self.value = self.direct.value
        self.learning = None
        if economy.learning is not None:
            self.learning = LearningBack(
                economy.learning, self.at, solved.technology[:-1], economy.alpha
            )
        self.of_wealth = np.zeros(equations.base.gdp.size)
        if handed is not None:
            self._owe(handed, keep)
        self.ties = TiesBack(equations, self.at, self.direct.owed)

    def _owe(self, handed: Inherited, keep: int) -> None:
        """What this plan hands on counts by what the next one makes of it."""
        solved, economy, owed = self.equations.solved, self.equations.economy, self.direct.owed
        if self.learning is not None:
            self.learning.owed[keep] = handed.technology
        owed.stock[keep] += handed.stock
        if economy.household is None:
            return
        # (W₀ + Σ q_t saved_t) / q_keep, in the bond's prices.
        bond = solved.bond[:, :1] / solved.bond[keep, 0]
        saved = solved.earned + economy.given - solved.income
        here = bond[:keep] * handed.wealth
        owed.own[:keep] += here
        owed.income[:keep] -= here
        owed.bond[:keep] += here * saved[:keep]
        wealth = bond[0] * self.equations.start.wealth + (bond * saved)[:keep].sum(0)
        owed.bond[keep] -= handed.wealth * wealth
        self.of_wealth = bond[0] * handed.wealth

    def gradient(self) -> PlanGradient:
        """Solve, and follow to the shocks.

        Raises
        ------
        NotSolved
            Where the linear equations cannot be solved.
        """
        first = self._image(np.zeros(self.size))
        scale = float(np.abs(first).max())

        def step(vector: Array) -> Array:
            left = self._image(vector) - vector
            out = vector + left
            for t, at in enumerate(self.at):
                cut = slice(self.ends[t], self.ends[t + 1])
                gap = point_of(at.problem, left[cut])
                wage, price, output = self.links.answer_back(gap.wage, gap.price, gap.output)
                moved = Point(wage, price, output, gap.export_revenue, gap.wedge)
                out[cut] = vector[cut] + moved.vector()
            return out

        found = anderson(
            step, first, tolerance=_CLOSE * scale, most=_MOST, memory=_MEMORY, longest=np.inf
        )
        if not found.converged:
            raise NotSolved(
                "the derivatives of the path could not be worked out (residual "
                f"{found.residual / scale:.1e}): it is close to where the flywheel explodes"
            )
        self.evaluations = found.evaluations + 2
        self._image(found.point, shocks=True)
        problems = tuple(at.problem for at in self.at)
        return PlanGradient(self.first, self.to_labour, tuple(self.shifts), problems, self.learning)

    def inherited(self) -> Inherited:
        """Derivatives in what the plan inherits, once they are worked out."""
        technology = np.zeros_like(self.equations.start.technology)
        if self.learning is not None:
            technology = self.learning.to_technology
        return Inherited(technology, self.ties.owed.stock[0], self.ties.wealth + self.of_wealth)

    def _image(self, vector: Array, *, shocks: bool = False) -> Array:
        """Derivatives in all unknowns, given those in what follows from them."""
        ties, learning = self.ties, self.learning
        ties.follow_back(vector[self.ends[-1] :])
        if learning is not None:
            learning.begin()
        moves: list[Point] = []
        self.shifts: list[Shift] = []
        self.to_labour = np.zeros_like(ties.income)
        bundle = np.zeros_like(ties.income)
        for t in range(len(self.at) - 1, -1, -1):
            at = self.at[t]
            cut = slice(self.ends[t], self.ends[t + 1])
            following = Outcome(following=point_of(at.problem, vector[cut]))
            outcome = self.direct.outcomes[t] + following + ties.outcome(t)
            if learning is not None:
                outcome = outcome + learning.before(t)
            move, shift = pull(at, outcome, shocks=True, cells=shocks)
            bundle[t] = given(shift.labour)
            rest = 1 - self.equations.economy.alpha
            self.to_labour[t] = rest * bundle[t] + self.direct.labour[t]
            if learning is not None:
                # Research of a period takes labour of the same period.
                wage, output = learning.turn_back(t, given(shift.productivity), self.to_labour[t])
                move = replace(
                    move, wage=move.wage + wage, output=move.output + output,
                    wedge=move.wedge + learning.to_wedge(t),
                )  # fmt: skip
                if shocks:
                    shift = shift + Shift(cost=learning.to_cells(t))
            moves.append(move)
            self.shifts.append(shift)
        moves, self.shifts = moves[::-1], self.shifts[::-1]
        ties.spend_back(self.shifts, bundle)
        return self._vector(moves)

    def _vector(self, moves: list[Point]) -> Array:
        out = np.empty(self.size)
        for t, move in enumerate(moves):
            price = np.array(move.price)
            price[-self.sectors :] += self.ties.to_price(t)
            out[self.ends[t] : self.ends[t + 1]] = replace(move, price=price).vector()
        out[self.ends[-1] :] = self.ties.to_tail()
        return out
