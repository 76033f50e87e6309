"""One turn of the map with its home links: what is iterated."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.backends import Backend
from boeki.model.exact_hat import Point, follow, point_of
from boeki.model.home_links import HomeLinks, home_links
from boeki.model.problem import Problem

if TYPE_CHECKING:
    from boeki.model.compiled import CompiledStep

Array: TypeAlias = NDArray[np.float64]


class Step:
    """One turn of the map with its home links.

    Attributes
    ----------
    gap_size
        Largest gap of any equation at the last point, in logarithms.
    income
        Final spending there, in shares of the world's value added.
    """

    def __init__(self, problem: Problem, links: HomeLinks) -> None:
        self.problem, self.links = problem, links
        self.gap_size = np.inf
        self.income: Array | None = None

    def vector_of(self, point: Point) -> Array:
        """A point as a vector."""
        return point.vector()

    def point_of(self, vector: Array) -> Point:
        """The point in a vector."""
        return point_of(self.problem, vector)

    def __call__(self, vector: Array) -> Array:
        """The vector that follows, as acceleration takes it."""
        flows = follow(self.problem, point_of(self.problem, vector))
        gap, self.income = flows.following.vector() - vector, flows.income
        self.gap_size = float(np.abs(gap).max())
        return np.asarray(vector + answered(self.links, point_of(self.problem, gap)).vector())


def step_of(problem: Problem, backend: Backend = "numpy") -> Step | CompiledStep:
    """One turn of the map, compiled where that is asked for and knows all the problem has."""
    links = home_links(problem.base)
    if backend == "numba":
        from boeki.model.compiled import CompiledStep, fits_compiled

        if fits_compiled(problem):
            return CompiledStep(problem, links)
    return Step(problem, links)


def answered(links: HomeLinks, gap: Point) -> Point:
    """Moves that close the gaps of a point, as far as home goes."""
    wage, price, output = links.answer(gap.wage, gap.price, gap.output)
    return Point(wage, price, output, gap.export_revenue, gap.wedge)


def difference(left: Point, right: Point) -> Point:
    """One point less another."""
    return Point(
        left.wage - right.wage, left.price - right.price, left.output - right.output,
        left.export_revenue - right.export_revenue, left.wedge - right.wedge,
    )  # fmt: skip


def gap_size(gap: Point) -> float:
    """The largest gap of any equation, in logarithms."""
    return float(np.abs(gap.vector()).max())
