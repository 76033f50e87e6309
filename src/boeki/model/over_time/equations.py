"""The equations of a path, all periods together, as one map whose fixed point is the path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import NotSolved
from boeki.model.anderson import anderson
from boeki.model.exact_hat import Flows, Point, at_baseline, follow, point_of
from boeki.model.home_links import home_links
from boeki.model.over_time.economy import Course, Economy, State
from boeki.model.problem import Problem
from boeki.model.solve import Solution, solve
from boeki.model.turn import answered, difference, gap_size

Array: TypeAlias = NDArray[np.float64]

_MOST, _MEMORY = 150, 12
#: Problems that are solved one by one for a start; with more of them the start is the baseline.
_FEW = 6
#: Technology that moves by less in a period is at rest.
_MOVING = 1e-8


@dataclass
class _Turn:
    """What one turn of the map found, period by period."""

    problems: list[Problem] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    following: list[Array] = field(default_factory=list)
    earned: list[Array] = field(default_factory=list)
    income: list[Array] = field(default_factory=list)
    wages: list[Array] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    technology: list[Array] = field(default_factory=list)


class PathEquations:
    """The map of points, saving and capital of all periods on what follows from them.

    Parameters
    ----------
    problems
        Of each period, with all shocks but what the path itself moves.
    economy
        What holds all along.
    start
        What the first period inherits.
    """

    def __init__(self, problems: list[Problem], economy: Economy, start: State) -> None:
        self.problems, self.economy, self.start = problems, economy, start
        self.base = problems[0].base
        self.links = home_links(self.base)
        self.periods, self.countries = len(problems), self.base.gdp.size
        sizes = [at_baseline(p).vector().size for p in problems]
        self.ends = np.cumsum([0, *sizes])
        self.turn = _Turn()
        self.rounds = 0
        self.gap = self.left = np.inf
        self.weight = np.zeros((1, self.countries))
        household = economy.household
        by_period = household is not None and household.spread > 0
        # Weights are one a country unless assets move them from period to period.
        rows = 0 if household is None else self.periods if by_period else 1
        moving = 0 if economy.capital is None else self.periods
        self.shapes = [(rows, self.countries)]
        self.shapes += [(max(moving - 1, 0), self.countries), (moving, self.countries)]

    def course(self, tolerance: float, progress: Callable[[int], None]) -> Course:
        """Solve.

        Raises
        ------
        NotSolved
            Where no way leads to a path.
        """
        self.progress = progress
        start = self._first_guess()
        with np.errstate(all="ignore"):
            found = self._together(start, tolerance)
            if found is None:
                found = self._one_by_one(start, tolerance)
            points, tail = found
            self._image(points, tail)
        if not self.gap <= 20 * tolerance:
            raise NotSolved(f"a period of the path keeps a gap of {self.gap:.1e}")
        self._check_rest()
        self.solved = self._course(tail)
        return self.solved

    def _together(self, start: Array, tolerance: float) -> tuple[list[Point | None], Array] | None:
        """All unknowns of all periods in one iteration."""
        cut = int(self.ends[-1])

        def step(vector: Array) -> Array:
            points, tail = self._points(vector), vector[cut:]
            image = np.empty_like(vector)
            image[cut:] = self._image(points, tail)
            for t, one in enumerate(self.turn.following):
                image[self.ends[t] : self.ends[t + 1]] = one
            return image

        try:
            found = anderson(step, start, tolerance=tolerance, most=_MOST, memory=_MEMORY)
        except NotSolved:
            # What a passing guess breaks, the slower way may not.
            return None
        if not found.converged or self.gap > 20 * tolerance:
            return None
        self.left = found.residual
        return self._points(found.point), found.point[cut:]

    def _one_by_one(self, start: Array, tolerance: float) -> tuple[list[Point | None], Array]:
        """Every period solved on its own for given saving and capital, which are then iterated."""
        cut = int(self.ends[-1])
        points: list[Point | None] = [None] * self.periods

        def step(tail: Array) -> Array:
            return self._image(points, tail, exactly=True)

        found = anderson(step, start[cut:], tolerance=tolerance, most=_MOST)
        if not found.converged:
            raise NotSolved(
                f"lifetime budgets could not be brought to close: a gap of {found.residual:.1e} "
                f"is left after {_MOST} rounds. Make the shocks smaller, or the path longer"
            )
        self.left = found.residual
        return points, found.point

    def _first_guess(self) -> Array:
        tail = np.zeros(sum(rows * columns for rows, columns in self.shapes))
        made: dict[int, Array] = {}
        distinct = {id(p): p for p in self.problems}
        for key, problem in distinct.items():
            made[key] = at_baseline(problem).vector()
            if len(distinct) <= _FEW and self._shocked(problem):
                try:
                    made[key] = solve(problem).point.vector()
                except NotSolved:
                    continue
        # What capital there is goes on, for a start.
        rows, columns = self.shapes[1]
        first = self.shapes[0][0] * columns
        tail[first : first + rows * columns] = np.tile(np.log(self.start.stock), rows)
        return np.concatenate([*(made[id(p)] for p in self.problems), tail])

    def _shocked(self, problem: Problem) -> bool:
        point = at_baseline(problem)
        return gap_size(difference(follow(problem, point).following, point)) > 1e-12

    def _points(self, vector: Array) -> list[Point | None]:
        return [
            point_of(problem, vector[self.ends[t] : self.ends[t + 1]])
            for t, problem in enumerate(self.problems)
        ]

    def _tail(self, tail: Array) -> tuple[Array, Array, Array]:
        """Weights, capital of all periods, and income, from the vector's end."""
        parts, at = [], 0
        for rows, columns in self.shapes:
            parts.append(tail[at : at + rows * columns].reshape(rows, columns))
            at += rows * columns
        weight = parts[0] if len(parts[0]) else np.zeros((1, self.countries))
        stock = np.vstack([self.start.stock, np.exp(parts[1])])
        if self.economy.capital is None:
            stock = np.ones((self.periods, self.countries))
        income = self.base.income * np.exp(parts[2])
        return weight, stock, income

    def _image(self, points: list[Point | None], tail: Array, *, exactly: bool = False) -> Array:
        """One turn: where points lead goes into ``turn``, where the tail leads is returned."""
        economy, capital = self.economy, self.economy.capital
        weight, stock, income = self._tail(tail)
        self.rounds += 1
        self.progress(1)
        known = [p or at_baseline(q) for p, q in zip(points, self.problems, strict=True)]
        prices = self._prices(known)
        invested = np.zeros((self.periods, self.countries))
        if capital is not None:
            invested = economy.invested * capital.investment(stock) * np.exp(prices[1])
        household = economy.household
        spending: Array | None = None
        if household is not None:
            spending = household.basket(weight, prices[0])
            if capital is not None:
                level = (income.sum(1) - invested.sum(1)) / spending.sum(1)
                spending = spending * level[:, None] + invested
        self.turn = turn = _Turn(technology=[self.start.technology])
        for t, problem in enumerate(self.problems):
            share = None if spending is None else spending[t] / spending[t].sum()
            final = None if capital is None else invested[t] / income[t]
            here = self._problem(t, problem, known[t], share, stock[t], final)
            self._period(t, here, known[t], exactly)
        if exactly:
            points[:] = turn.points
            prices = self._prices(turn.points)
        self.gap = max(turn.gaps)
        return self._following(weight, stock, prices, np.stack(turn.income))

    def _problem(
        self, t: int, problem: Problem, point: Point, share: Array | None, stock: Array,
        invested: Array | None,
    ) -> Problem:  # fmt: skip
        """A period's problem with what the path makes of technology, labour, capital, spending."""
        economy, learning = self.economy, self.economy.learning
        moved: dict[str, Any] = {}
        labour = problem.labour
        if learning is not None:
            learnt = np.log(self.turn.technology[t]) / self.base.theta[:, None]
            moved["productivity"] = problem.productivity + learnt
            labour = labour * learning.at_work(t, point, 1 - economy.alpha)
        if economy.capital is not None:
            labour = labour ** (1 - economy.alpha) * stock**economy.alpha
        if labour is not problem.labour:
            moved["labour"] = labour
        if share is not None:
            none = np.zeros_like(share)
            moved.update(spending_share=share, transfer=none, deficit_share=none)
        if invested is not None and economy.goods is not self.base.final_share:
            moved["final_share"] = self._mixed(problem, invested)
        return replace(problem, **moved) if moved else problem

    def _mixed(self, problem: Problem, invested: Array) -> Array:
        """Final shares where investment is this share of final spending."""
        return np.asarray((1 - invested) * self.consumed(problem) + invested * self.economy.goods)

    def consumed(self, problem: Problem) -> Array:
        """Shares of sectors in consumption, ``(sector, country)``."""
        economy = self.economy
        if economy.capital is None or economy.goods is self.base.final_share:
            return problem.final_share
        part = economy.invested / self.base.income
        return np.asarray((problem.final_share - part * economy.goods) / (1 - part))

    def _period(self, t: int, here: Problem, point: Point, exactly: bool) -> None:
        turn, learning = self.turn, self.economy.learning
        if exactly:
            point = solve(here, point).point
        flows = follow(here, point)
        gap = difference(flows.following, point)
        turn.problems.append(here)
        turn.points.append(point)
        turn.gaps.append(gap_size(gap))
        if not exactly:
            turn.following.append(point.vector() + answered(self.links, gap).vector())
        turn.earned.append(own_income(here, point, flows))
        turn.income.append(flows.income)
        turn.wages.append(flows.earned)
        technology = turn.technology[t]
        if learning is not None:
            technology = learning.turned(t, technology, here, point, flows)
        turn.technology.append(technology)

    def _prices(self, points: list[Point]) -> tuple[Array, Array]:
        """Logarithms of the prices of consumption and of investment, ``(period, country)``."""
        sectors = self.base.theta.size
        final = [p.price[-sectors:] for p in points]
        consumed = [self.consumed(p) for p in self.problems]
        price = np.stack([(c * f).sum(0) for c, f in zip(consumed, final, strict=True)])
        if self.economy.capital is None:
            return price, price
        return price, np.stack([(self.economy.goods * f).sum(0) for f in final])

    def _following(
        self, weight: Array, stock: Array, prices: tuple[Array, Array], income: Array
    ) -> Array:
        """Weights, capital and income that follow, as the end of a vector."""
        economy, capital, household = self.economy, self.economy.capital, self.economy.household
        earned = np.stack(self.turn.earned)
        invested = np.zeros_like(earned)
        if capital is not None:
            invested = economy.invested * capital.investment(stock) * np.exp(prices[1])
        self.invested, self.price = invested, prices[0]
        parts: list[Array] = []
        if household is not None:
            basket = household.basket(weight, prices[0])
            level = (income.sum(1) - invested.sum(1)) / basket.sum(1)
            bond = household.bond_price(level)
            unit = basket * np.exp(-weight) * level[:, None]
            plan = household.plan(
                unit, bond, earned + economy.given - invested, self.start.wealth, economy.held
            )
            self.bond = np.broadcast_to(bond[:, None], earned.shape)
            parts.append(self._centred(plan))
        else:
            self.bond = self._own_bond(income - invested, prices[0])
        if capital is not None:
            planned = capital.plan(
                stock, np.stack(self.turn.wages) / self.base.gdp, np.exp(prices[1]), self.bond,
                economy.alpha, economy.discount,
            )  # fmt: skip
            parts += [np.log(planned[1:]), np.log(income / self.base.income)]
        return np.concatenate([p.ravel() for p in parts]) if parts else np.empty(0)

    def _centred(self, plan: Array) -> Array:
        """Weights are known up to one factor, which is the bond's."""
        first = plan if plan.ndim == 1 else plan[0]
        consumption = self.base.income - self.economy.invested
        mean = (consumption * np.exp(first)).sum() / consumption.sum()
        return np.asarray(plan - np.log(mean))

    def _own_bond(self, consumption: Array, price: Array) -> Array:
        """Where nothing is lent abroad every country has its own interest."""
        economy = self.economy
        times = economy.discount ** np.arange(self.periods)
        level = consumption / (self.base.income - economy.invested)
        bond = times[:, None] * level**-economy.aversion * np.exp(price * (economy.aversion - 1))
        return np.asarray(bond / bond[0])

    def _check_rest(self) -> None:
        """Refuse technology that moves ever faster when nothing is imposed any more."""
        learning = self.economy.learning
        if learning is None or self.periods < 4:
            return
        steps = np.diff(np.log(np.stack(self.turn.technology[-4:])), axis=0)
        before, last = np.abs(steps[-2]), np.abs(steps[-1])
        same = all(p is self.problems[-1] for p in self.problems[-3:]) and learning.same(3)
        if same and last.max() > _MOVING and last.max() >= before.max():
            s, n = np.unravel_index(int(last.argmax()), last.shape)
            raise NotSolved(
                f"technology of {learning.countries[n]} in {learning.sectors[s]} moves by "
                f"{100 * last.max():.2g} % in the last period, faster than before: the flywheel "
                f"does not come to rest (κ = θψ is {learning.kappa[s]:.2f} there). Lower psi "
                "(flywheel_stability tells from where on), or lengthen a path that ends too early"
            )

    def _course(self, tail: Array) -> Course:
        turn = self.turn
        weight, stock, _ = self._tail(tail)
        self.weight = weight
        words = f"all {self.periods} periods together"
        solutions = tuple(
            Solution(problem, point, gap, self.rounds, words)
            for problem, point, gap in zip(turn.problems, turn.points, turn.gaps, strict=True)
        )
        shape = (self.periods, self.countries)
        return Course(
            solutions, np.stack(turn.technology), np.vstack([stock, stock[-1:]]),
            np.array(np.broadcast_to(weight, shape)), self.bond, np.stack(turn.earned),
            np.stack(turn.income), self.invested, self.price, max(self.gap, self.left),
            self.rounds,
        )  # fmt: skip


def own_income(problem: Problem, point: Point, flows: Flows) -> Array:
    """What countries earn, tariffs and taxes among it, without any deficit, ``(country,)``."""
    own = flows.earned + (flows.duty * flows.spending).sum(0)
    if problem.taxes_production:
        own = own + (problem.production_tax * flows.sold).sum(0)
    if problem.taxes_exports:
        own = own + point.export_revenue
    return np.asarray(own)
