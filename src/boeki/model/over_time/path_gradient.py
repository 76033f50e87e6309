"""Exact derivatives of paths: one outcome in every policy of every period, by one adjoint."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, NotSolved
from boeki.model.anderson import anderson
from boeki.model.backward_mode import pull
from boeki.model.exact_hat import Point, point_of
from boeki.model.home_links import home_links
from boeki.model.linearised import Linearised, Outcome, Shift, linearise
from boeki.model.outcomes import OutcomeOf
from boeki.model.over_time.equations import PathEquations
from boeki.model.over_time.learning_back import LearningBack
from boeki.model.over_time.saving_back import SavingBack
from boeki.model.over_time.transition import TransitionPath

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]

#: Relative residual of the linear equations.
_CLOSE = 1e-10
_MOST, _MEMORY = 400, 40


@dataclass(frozen=True, eq=False)
class PathGradient:
    """The derivatives of one outcome of a path in all shocks of all periods.

    Attributes
    ----------
    path, outcome, period
        Of what; ``period`` None for what counts all along: permanent consumption.
    value
        The outcome.
    evaluations
        Times that the linear equations were followed.
    """

    path: TransitionPath
    outcome: OutcomeOf
    period: int | None
    value: float
    evaluations: int
    shifts: tuple[Shift, ...]
    learning: LearningBack | None

    def _stack(self, name: str) -> Array:
        return np.stack([getattr(s, name) for s in self.shifts])

    @cached_property
    def productivity(self) -> Array:
        """In the logarithm of productivity, ``(period, country, sector)``."""
        return self._stack("productivity").transpose(0, 2, 1)

    @cached_property
    def labour(self) -> Array:
        """In the logarithm of the labour force, ``(period, country)``."""
        return self._stack("labour")

    @cached_property
    def production_tax(self) -> Array:
        """In taxes on production, ad valorem, ``(period, country, sector)``."""
        return self._stack("production_tax").transpose(0, 2, 1)

    @cached_property
    def trade_cost(self) -> Array:
        """In the logarithm of iceberg costs, ``(period, origin, destination, sector)``."""
        return self._pairs("cost")

    @cached_property
    def tariff(self) -> Array:
        """In tariffs, ad valorem, ``(period, origin, destination, sector)``."""
        out = self.trade_cost + self._pairs("tariff")
        return out / self._gross("reach", "landed")

    @cached_property
    def export_tax(self) -> Array:
        """In export taxes, ad valorem, ``(period, origin, destination, sector)``."""
        out = self.trade_cost + self._pairs("export_tax")
        return out / self._gross("landed", "received")

    @cached_property
    def research(self) -> Array:
        """In the logarithm of ρ̂, as if it cost nothing, ``(period, country, sector)``."""
        return self._learnt().effort.transpose(0, 2, 1)

    @cached_property
    def research_push(self) -> Array:
        """In research pushed, as a share of GDP and paid for, ``(period, country, sector)``."""
        learnt = self._learnt()
        return np.asarray(learnt.push().transpose(0, 2, 1))

    def _learnt(self) -> LearningBack:
        if self.learning is None:
            raise InputError("this path has no flywheel: research moves nothing")
        return self.learning

    def _pairs(self, name: str) -> Array:
        sectors = len(self.path.world.sectors)
        cells = self._stack(name)
        both = cells[:, :sectors] + cells[:, sectors:] if cells.shape[1] > sectors else cells
        return np.asarray(both.transpose(0, 3, 2, 1))

    def _gross(self, over: str, under: str) -> Array:
        sectors = len(self.path.world.sectors)
        out = []
        for one in self.path.equilibria:
            problem = one.solution.problem
            high, low = getattr(problem, over), getattr(problem, under)
            ratio = np.divide(high, low, out=np.ones_like(high), where=low > 0)
            out.append(ratio[:sectors].transpose(2, 1, 0))
        return np.stack(out)

    def table(self, most: int = 50) -> Answer:
        """The shocks that move the outcome most, as a table."""
        from boeki.model.over_time.path_gradient_table import path_gradient_table

        return path_gradient_table(self, most)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def path_gradient(
    path: TransitionPath, outcome: str = "welfare", *, period: int | None = None, **of: str
) -> PathGradient:
    """The derivatives of one outcome of a path in every shock of every period.

    Parameters
    ----------
    path
        Solved, with log or CRRA utility, a flywheel or none; everything known from the start.
    outcome
        As :func:`boeki.gradient` names them; ``welfare`` without a period is the logarithm of
        permanent consumption.
    period
        In which it counts; for ``welfare`` alone it may be left out.
    of
        ``country`` and, where the outcome asks for them, ``sector`` and ``partner``.

    Raises
    ------
    InputError
        For a period outside of the path, and for paths with capital, a spread, diffusion or news,
        which have no derivatives yet.
    NotSolved
        Where the linear equations cannot be solved.
    """
    from boeki.model.derivatives import asked_outcome

    asked = asked_outcome(outcome, of)
    equations = _equations(path)
    if period is None and outcome != "welfare":
        raise InputError(f"{outcome} of which period? Only welfare counts all along")
    if period is not None and not 0 <= period < path.periods:
        raise InputError(f"period {period} is not of the path: 0 to {path.periods - 1}")
    adjoint = _Adjoint(path, equations, asked, period)
    return adjoint.gradient()


def _equations(path: TransitionPath) -> PathEquations:
    if len(path.plans) != 1:
        raise InputError("paths with news have no derivatives: let all be known from the start")
    equations: PathEquations = path.plans[0]
    economy, learning = equations.economy, equations.economy.learning
    if economy.capital is not None:
        raise InputError("paths with capital have no derivatives yet: leave capital out")
    if economy.household is not None and economy.household.spread:
        raise InputError("paths with a spread have no derivatives yet: leave the spread out")
    if learning is not None and learning.diffusion:
        raise InputError("paths with diffusion have no derivatives yet: leave diffusion out")
    return equations


class _Adjoint:
    """λ = g + Mᵀ λ for all periods together, with what saving and technology carry between them."""

    def __init__(
        self, path: TransitionPath, equations: PathEquations, asked: OutcomeOf, period: int | None
    ) -> None:
        self.path, self.asked, self.period = path, asked, period
        solutions = [e.solution for e in path.equilibria]
        self.at = [linearise(s.problem, s.point) for s in solutions]
        self.ends = np.cumsum([0, *(s.point.vector().size for s in solutions)])
        self.links = home_links(equations.base)
        self.outcomes, self.direct, self.value = self._measured()
        economy = equations.economy
        self.saving = None
        if economy.household is not None:
            self.saving = SavingBack(equations, self.at)
        self.learning = None
        if economy.learning is not None:
            technology = path.technology.transpose(0, 2, 1)
            self.learning = LearningBack(economy.learning, self.at, technology)
        self.countries = equations.base.gdp.size

    def _measured(self) -> tuple[list[Outcome], list[Shift], float]:
        """Of each period, what the outcome owes to it."""
        world, path = self.path.world, self.path
        if self.period is not None:
            measured = self.asked.at(world, self.at[self.period])
            outcomes = [Outcome() for _ in self.at]
            direct = [Shift() for _ in self.at]
            outcomes[self.period], direct[self.period] = measured.outcome, measured.direct
            return outcomes, direct, measured.value
        weights = path.weights(world.country(self.asked.country))
        each = [self.asked.at(world, at) for at in self.at]
        return (
            [one.outcome.times(w) for one, w in zip(each, weights, strict=True)],
            [Shift(final_share=w * _given(one.direct.final_share))
             for one, w in zip(each, weights, strict=True)],
            float(np.log(path.welfare[world.country(self.asked.country)])),
        )  # fmt: skip

    def gradient(self) -> PathGradient:
        """Solve, and follow to the shocks."""
        size = int(self.ends[-1]) + (self.countries if self.saving is not None else 0)
        first = self._image(np.zeros(size))
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
        self._image(found.point, shocks=True)
        return PathGradient(
            self.path, self.asked, self.period, self.value, found.evaluations + 2,
            tuple(a + b for a, b in zip(self.shifts, self.direct, strict=True)), self.learning,
        )  # fmt: skip

    def _image(self, vector: Array, *, shocks: bool = False) -> Array:
        """Derivatives in all unknowns, given those in what follows from them."""
        out = np.empty_like(vector)
        saving, learning = self.saving, self.learning
        if saving is not None:
            saving.from_plan(vector[self.ends[-1] :])
        self.shifts: list[Shift] = [Shift() for _ in self.at]
        if learning is not None:
            learning.begin()
        for t in range(len(self.at) - 1, -1, -1):
            at = self.at[t]
            cut = slice(self.ends[t], self.ends[t + 1])
            outcome = self.outcomes[t] + Outcome(following=point_of(at.problem, vector[cut]))
            if saving is not None:
                outcome = outcome + saving.outcome(t)
            # Research of a period takes labour of the same period and gives technology to the next.
            move, shift = pull(at, outcome, shocks=True, cells=shocks)
            if saving is not None:
                move = _with_prices(at, move, saving.from_share(t, _given(shift.spending_share)))
            if learning is not None:
                wage, output = learning.turn_back(
                    t, _given(shift.productivity), _given(shift.labour)
                )
                move = Point(
                    move.wage + wage, move.price, move.output + output, move.export_revenue,
                    move.wedge,
                )  # fmt: skip
            self.shifts[t] = shift
            out[cut] = move.vector()
        if saving is not None:
            out[self.ends[-1] :] = saving.to_weight
        return out


def _with_prices(at: Linearised, move: Point, to_price: Array) -> Point:
    """A move with derivatives in the logarithm of the price of consumption, ``(country,)``."""
    price = np.array(move.price)
    sectors = at.problem.base.theta.size
    price[-sectors:] += at.problem.final_share * to_price
    return Point(move.wage, price, move.output, move.export_revenue, move.wedge)


def _given(cells: Array | None) -> Array:
    assert cells is not None
    return cells
