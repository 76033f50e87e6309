"""Exact derivatives of equilibria by the implicit function theorem, forward and adjoint."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, NotSolved, UnknownTerm
from boeki.model.anderson import anderson
from boeki.model.backward_mode import pull
from boeki.model.equilibrium import Equilibrium
from boeki.model.exact_hat import Point, point_of
from boeki.model.forward_mode import push
from boeki.model.home_links import home_links
from boeki.model.linearised import Linearised, Outcome, Shift, linearise
from boeki.model.outcomes import OutcomeOf
from boeki.model.problem import Problem
from boeki.model.turn import answered

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]

#: Relative residual of the linear equations.
_CLOSE = 1e-11
_MOST, _MEMORY = 400, 60


@dataclass(frozen=True, eq=False)
class Gradient:
    """The derivatives of one outcome in all shocks, in the axes of the world.

    Attributes
    ----------
    equilibrium, outcome
        Of what, where.
    value
        The outcome there; logarithms and shares as :data:`boeki.model.outcomes.OUTCOMES` has them.
    evaluations
        Times that the linear equations were followed.
    """

    equilibrium: Equilibrium
    outcome: OutcomeOf
    value: float
    evaluations: int
    shift: Shift

    @cached_property
    def trade_cost(self) -> Array:
        """In the logarithm of iceberg costs, ``(origin, destination, sector)``."""
        return self._pairs(self.shift.cost)

    @cached_property
    def tariff(self) -> Array:
        """In tariffs, ad valorem, ``(origin, destination, sector)``: per 1, that is per 100 pp."""
        problem = self.equilibrium.solution.problem
        sectors = problem.base.theta.size
        gross = np.divide(
            problem.reach, problem.landed, out=np.ones_like(problem.reach), where=problem.landed > 0
        )[:sectors]
        both = self.trade_cost + self._pairs(self.shift.tariff)
        return np.asarray(both / gross.transpose(2, 1, 0))

    @cached_property
    def export_tax(self) -> Array:
        """In export taxes, ad valorem, ``(origin, destination, sector)``; below 0 for subsidies."""
        problem = self.equilibrium.solution.problem
        sectors = problem.base.theta.size
        gross = np.divide(
            problem.landed, problem.received,
            out=np.ones_like(problem.landed), where=problem.received > 0,
        )[:sectors]  # fmt: skip
        both = self.trade_cost + self._pairs(self.shift.export_tax)
        return np.asarray(both / gross.transpose(2, 1, 0))

    @cached_property
    def productivity(self) -> Array:
        """In the logarithm of productivity, ``(country, sector)``."""
        return _given(self.shift.productivity).T

    @cached_property
    def production_tax(self) -> Array:
        """In taxes on production, ad valorem, ``(country, sector)``; below 0 for subsidies."""
        return _given(self.shift.production_tax).T

    @cached_property
    def labour(self) -> Array:
        """In the logarithm of the labour force, ``(country,)``."""
        return _given(self.shift.labour)

    @cached_property
    def final_share(self) -> Array:
        """In shares of final spending, ``(country, sector)``; they must go on to sum to 1."""
        return _given(self.shift.final_share).T

    @cached_property
    def deficit(self) -> Array:
        """In deficits, per unit of the currency, ``(country,)``; they must go on to sum to 0."""
        return _given(self.shift.transfer) / self.equilibrium.solution.problem.base.size

    def _pairs(self, cells: Array | None) -> Array:
        cells = _given(cells)
        sectors = len(self.equilibrium.world.sectors)
        both = cells[:sectors] + cells[sectors:] if len(cells) > sectors else cells
        return both.transpose(2, 1, 0)

    def table(self, most: int = 50) -> Answer:
        """The shocks that move the outcome most, as a table.

        Parameters
        ----------
        most
            Rows; the largest stand first.
        """
        from boeki.model.gradient_table import gradient_table

        return gradient_table(self, most)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def gradient(equilibrium: Equilibrium, outcome: OutcomeOf | str, **of: str) -> Gradient:
    """The derivatives of one outcome in every shock, by one adjoint solution.

    Parameters
    ----------
    equilibrium
        Where; that of no shock is the baseline.
    outcome
        Its name (``welfare``, ``real_wage``, ``exports``, ``imports``, ``trade``,
        ``market_share``, ``balance``, ``output``), with ``country`` and, where it asks for them,
        ``sector`` and ``partner``.

    Raises
    ------
    UnknownTerm, InputError
        For outcomes that there are not.
    NotSolved
        Where the equations cannot be followed back: the equilibrium is at a fold.
    """
    asked = outcome if isinstance(outcome, OutcomeOf) else asked_outcome(outcome, of)
    solution = equilibrium.solution
    at = linearise(solution.problem, solution.point)
    measured = asked.at(equilibrium.world, at)
    start, _ = pull(at, measured.outcome)
    to, evaluations = _adjoint(at, start)
    _, shift = pull(at, replace(measured.outcome, following=to), shocks=True)
    shift = shift + measured.direct
    return Gradient(equilibrium, asked, measured.value, evaluations + 2, shift)


def asked_outcome(name: str, of: dict[str, str]) -> OutcomeOf:
    """An outcome by its name, and of what.

    Raises
    ------
    UnknownTerm
        For words that outcomes do not have.
    """
    for word in of:
        if word not in ("country", "sector", "partner"):
            raise UnknownTerm("part of an outcome", word, ("country", "sector", "partner"))
    return OutcomeOf(name, **of)


def _adjoint(at: Linearised, start: Point) -> tuple[Point, int]:
    """λ of λ = g + Mᵀ λ."""
    problem, links = at.problem, home_links(at.problem.base)
    target = start.vector()

    # Home links close gaps on their way forth; on the way back their transpose does.
    def step(vector: Array) -> Array:
        move, _ = pull(at, Outcome(following=point_of(problem, vector)))
        left = point_of(problem, target - vector + move.vector())
        wage, price, output = links.answer_back(left.wage, left.price, left.output)
        answer = Point(wage, price, output, left.export_revenue, left.wedge)
        return np.asarray(vector + answer.vector())

    return _linear(problem, step, target)


def forward(equilibrium: Equilibrium, shift: Shift) -> tuple[Point, Any]:
    """How the unknowns and what follows from them move with a small change of shocks.

    Parameters
    ----------
    equilibrium
        Where.
    shift
        The change of shocks, in the arrays' own axes.

    Returns
    -------
    tuple
        The change of the unknowns, and a :class:`boeki.model.linearised.Change`.
    """
    solution = equilibrium.solution
    at = linearise(solution.problem, solution.point)
    links = home_links(at.problem.base)
    none = point_of(at.problem, np.zeros(solution.point.vector().size))
    target = push(at, none, shift).following.vector()

    def step(vector: Array) -> Array:
        move = push(at, point_of(at.problem, vector)).following.vector()
        left = point_of(at.problem, target - vector + move)
        return np.asarray(vector + answered(links, left).vector())

    move, _ = _linear(at.problem, step, target)
    return move, push(at, move, shift)


def _linear(problem: Problem, step: Any, target: Array) -> tuple[Point, int]:
    scale = float(np.abs(target).max())
    if scale == 0:
        return point_of(problem, target), 0
    found = anderson(
        step, np.zeros_like(target), tolerance=_CLOSE * scale, most=_MOST, memory=_MEMORY,
        longest=np.inf,
    )  # fmt: skip
    if not found.converged:
        raise NotSolved(
            "the derivatives could not be worked out: the equations hardly determine the "
            f"equilibrium here (residual {found.residual:.1e})"
        )
    return point_of(problem, found.point), found.evaluations


def _given(cells: Array | None) -> Array:
    if cells is None:
        raise InputError("this derivative was not worked out")
    return cells
