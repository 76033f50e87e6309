"""The map of :mod:`boeki.model.exact_hat` by sums that Numba compiles (``boeki[fast]``).

What governments take is one unknown more for each country, over its wages, behind the others: with
income known before tariffs are, trade is read once in a turn instead of twice. Exponentials and
logarithms are left to NumPy, which takes them many at once.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.compiled_sums import answer, costs, sales
from boeki.model.exact_hat import Point, follow, point_of
from boeki.model.home_links import HomeLinks
from boeki.model.problem import Problem

Array: TypeAlias = NDArray[np.float64]


class CompiledStep:
    """One turn of the map with its home links, for a problem that :func:`fits_compiled`.

    Attributes
    ----------
    gap_size
        Largest gap of any equation at the last point, in logarithms.
    income
        Final spending there, in shares of the world's value added.

    Parameters
    ----------
    problem
        Which.
    links
        Of its baseline.
    """

    def __init__(self, problem: Problem, links: HomeLinks) -> None:
        base = problem.base
        goods, _, countries = base.shape
        self.problem, self.links = problem, links
        self.labour = base.gdp * problem.labour
        self.log_tax = np.log1p(problem.production_tax)
        self.intensity = np.broadcast_to(problem.intensity, base.output.shape)
        self.price_at, self.output_at = countries, countries * (1 + goods)
        self.index = np.empty((goods, countries))
        self.taxed = problem.taxed.indices(goods)[:2]
        self.gap_size = np.inf
        self.income: Array | None = None

    def vector_of(self, point: Point) -> Array:
        """A point, and what governments take there."""
        base = self.problem.base
        vector = point.vector()
        if vector.any():
            return np.concatenate([vector, _revenue(self.problem, point)])
        return np.concatenate([vector, (base.income - base.gdp - base.deficit) / base.gdp])

    def point_of(self, vector: Array) -> Point:
        """The point in a vector."""
        return point_of(self.problem, vector[: -self.labour.size])

    def __call__(self, vector: Array) -> Array:
        """The vector that follows, as acceleration takes it."""
        problem, base, links = self.problem, self.problem.base, self.links
        countries, sectors = base.gdp.size, base.theta.size
        vector, taken = vector[:-countries], vector[-countries:]
        price = vector[self.price_at : self.output_at].reshape(-1, countries)
        output = vector[self.output_at :].reshape(sectors, countries)
        earned = np.exp(vector[:countries])
        earned *= self.labour
        level = earned.sum()
        earned /= level
        wage = vector[:countries] - np.log(level)
        made = np.exp(output)
        made *= base.output
        reached, inputs = costs(
            problem.input_share, price, made, output, wage, problem.value_added_share,
            problem.productivity, problem.psi, self.intensity, self.log_tax, base.theta,
        )  # fmt: skip
        np.exp(reached, out=reached)
        self.income = self._income(earned, taken)
        ratio, bill, revenue = sales(
            problem.reach, problem.landed, self.taxed, reached, inputs, made, earned,
            self.income, problem.final_share, problem.production_tax,
            problem.value_added_share, base.output, self.index,
        )  # fmt: skip
        move, self.gap_size = answer(
            vector, wage + np.log(bill), np.log(self.index), np.log(ratio), base.theta,
            links.price, links.output, links.price_to_wage, links.output_to_wage, links.wage_bill,
            links.slope,
        )  # fmt: skip
        self.gap_size = max(self.gap_size, float(np.abs(revenue - taken).max()))
        return np.concatenate([move, revenue])

    def _income(self, earned: Array, taken: Array) -> Array:
        """Wages, what the government takes, and the deficit."""
        problem, own = self.problem, self.problem.deficit_share
        income = earned * (1 + taken)
        if problem.spending_share is not None:
            return np.asarray(problem.spending_share * income.sum())
        return np.asarray(income + problem.transfer + earned * (own - own @ earned))


def _revenue(problem: Problem, point: Point) -> Array:
    """What tariffs and taxes bring over wages, at a point."""
    flows, sectors = follow(problem, point), problem.base.theta.size
    final = problem.final_share * flows.income
    taken = flows.duty[:sectors] * flows.inputs + flows.duty[-sectors:] * final
    taken += problem.production_tax * (problem.base.output * np.exp(point.output))
    return np.asarray(taken.sum(0) / flows.earned)


def fits_compiled(problem: Problem) -> bool:
    """Whether the compiled map knows all that a problem has: no taxes on exports, no licences."""
    return not problem.taxes_exports
