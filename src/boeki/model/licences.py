"""Licences of rationed trade: what they cost, what they take from trade, and how that answers.

A pair that may trade less than it would pays for a licence: a price m ≥ 1 on top of the producer's,
just so high that trade is at its limit, or 1 where it is below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.problem import Problem

if TYPE_CHECKING:
    from boeki.model.exact_hat import Point
    from boeki.model.linearised import Linearised

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Licences:
    """What licences do to the sums over origins: a price m ≥ 1 on some pairs only."""

    problem: Problem
    good: NDArray[np.intp]
    entry: NDArray[np.intp]
    wedge: Array
    #: Reach, landed and received values of the cells without the licence, times ĉ^−θ.
    cells: tuple[Array, Array, Array]

    def add_to(self, index: Array, landed: Array) -> None:
        """Take the licences' bite off the sums."""
        rations = self.problem.rations
        assert rations is not None
        at = self.good, rations.destination[self.entry]
        bite = self._shrunk(0) - 1
        np.add.at(index, at, self.cells[0] * bite)
        np.add.at(landed, at, self.cells[1] * bite)

    def _shrunk(self, more: int) -> Array:
        theta = self.problem.base.theta[self.good % self.problem.base.theta.size]
        return np.asarray(np.exp(-(theta + more) * self.wedge[self.entry]))

    def sell(self, paid: Array, weight: Array, cost: Array) -> tuple[Array, Array]:
        """Correct what producers are paid; rents by origin, and the licences' next price."""
        rations = self.problem.rations
        assert rations is not None
        origin, destination = rations.origin[self.entry], rations.destination[self.entry]
        asked = weight[self.good, destination]
        after = self.cells[2] * asked * self._shrunk(1)
        lost = after - self.cells[2] * asked
        np.add.at(paid, (self.good, origin), lost)
        rent = np.zeros(self.problem.base.gdp.size)
        np.add.at(rent, origin, self.cells[1] * asked * (self._shrunk(0) - 1) - lost)
        flow = np.zeros_like(self.wedge)
        np.add.at(flow, self.entry, after)
        taxed = 1 + self.problem.production_tax[rations.sector, rations.origin]
        volume = np.log(flow / taxed / rations.before) - cost[rations.sector, rations.origin]
        theta = self.problem.base.theta[rations.sector]
        return rent, np.maximum(0.0, self.wedge + (volume - rations.limit) / (1 + theta))


def licences(problem: Problem, wedge: Array, reached: Array) -> Licences | None:
    rations = problem.rations
    if rations is None:
        return None
    sectors = problem.base.theta.size
    uses = 2 if problem.base.by_use else 1
    entry = np.tile(np.arange(rations.limit.size), uses)
    good = np.concatenate([rations.sector + use * sectors for use in range(uses)])
    at = good, rations.destination[entry], rations.origin[entry]
    cost = reached[rations.sector[entry], rations.origin[entry]]
    cells = (problem.reach[at] * cost, problem.landed[at] * cost, problem.received[at] * cost)
    return Licences(problem, good, entry, wedge, cells)


@dataclass(frozen=True, eq=False)
class LicenceBack:
    """How the prices of licences answer, backward."""

    at: Linearised
    to_volume: Array
    own: Array

    def add_to(self, reached: Array, weight: Array, cost: Array, rise: Array) -> None:
        """Pass the derivative in volumes on to costs, weights and taxes."""
        rations = self.at.problem.rations
        assert rations is not None
        s, n, i = rations.sector, rations.destination, rations.origin
        for good, part in self._parts():
            np.add.at(reached, (good, i), part)
            np.add.at(weight, (good, n), part / self.at.weight[good, n])
        np.add.at(cost, (s, i), -self.to_volume)
        taxed = 1 + self.at.problem.production_tax
        np.add.at(rise, (s, i), -self.to_volume / taxed[s, i])

    def _parts(self) -> list[tuple[NDArray[np.intp], Array]]:
        """Derivatives in the logarithm of the flow of each good."""
        rations = self.at.problem.rations
        assert rations is not None
        s, n, i = rations.sector, rations.destination, rations.origin
        sectors = self.at.problem.base.theta.size
        goods = [s + use * sectors for use in range(len(self.at.reach) // sectors)]
        flows = [
            self.at.received[g, n, i] * self.at.goods[g, i] * self.at.weight[g, n] for g in goods
        ]
        total = sum(flows, np.zeros_like(self.to_volume))
        return [(g, self.to_volume * f / total) for g, f in zip(goods, flows, strict=True)]

    def add_to_cells(self, cells: tuple[Array, Array, Array]) -> None:
        """Pass it on to costs, tariffs and export taxes of the pairs themselves."""
        rations = self.at.problem.rations
        assert rations is not None
        theta = self.at.problem.base.theta[rations.sector]
        for good, part in self._parts():
            spot = good, rations.destination, rations.origin
            cells[0][spot] -= theta * part
            cells[1][spot] -= part
            cells[2][spot] -= part

    def to_wedge(self, cells: tuple[Array, Array, Array]) -> Array:
        """The derivative in the licences' prices, which are costs and export taxes."""
        rations = self.at.problem.rations
        assert rations is not None
        sectors = self.at.problem.base.theta.size
        total = self.own
        for use in range(len(self.at.reach) // sectors):
            spot = rations.sector + use * sectors, rations.destination, rations.origin
            total = total + cells[0][spot] + cells[2][spot]
        return np.asarray(total)


def licence_back(at: Linearised, to: Point | None) -> LicenceBack | None:
    rations = at.problem.rations
    if rations is None:
        return None
    binding = at.flows.following.wedge > 0
    own = np.zeros_like(at.point.wedge) if to is None else np.where(binding, to.wedge, 0.0)
    theta = at.problem.base.theta[rations.sector]
    return LicenceBack(at, own / (1 + theta), own)
