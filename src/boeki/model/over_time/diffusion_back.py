"""Diffusion followed back: what is known from trade owes to technology, costs and trade itself."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.linearised import Linearised, Outcome
from boeki.model.over_time.learning import Learning
from boeki.model.products import back, forth, inputs_of

Array: TypeAlias = NDArray[np.float64]


class DiffusionBack:
    """The transpose of :meth:`boeki.model.over_time.learning.Learning.known` in one period.

    Attributes
    ----------
    factor
        H^ε, ``(sector, country)``.

    Parameters
    ----------
    learning
        The law.
    at
        The static equations made linear.
    technology
        T̂ at the start of the period, ``(sector, country)``.
    """

    def __init__(self, learning: Learning, at: Linearised, technology: Array) -> None:
        self.at, self.across, self.technology = at, learning.across, technology
        self.sectors = at.problem.base.theta.size
        known = learning.known(technology, at.problem, at.point, at.flows)
        self.factor = np.exp(learning.diffusion * known)
        self.taught = at.flows.reached * (1.0 if learning.levels is None else learning.levels)
        self.total = forth(at.reach[: self.sectors], self.taught * technology)

    def back(self, to_known: Array) -> tuple[Outcome, Array]:
        """From log H to costs and prices, and to T̂, ``(sector, country)``.

        Prices of what is bought stand for the sums over origins that they are made of.
        """
        to_bought = self._from_inputs(to_known)
        to_taught = back(to_bought / self.total, self.at.reach[: self.sectors])
        to_price = np.zeros_like(self.at.point.price)
        to_price[: self.sectors] = self.at.problem.base.theta[:, None] * to_bought
        reached = to_taught * self.taught * self.technology
        return Outcome(reached=reached, price=to_price), to_taught * self.taught

    def _from_inputs(self, to_known: Array) -> Array:
        """In what is known of each sector, from what is known of those that inputs come from."""
        if not self.across:
            return to_known
        share = self.at.problem.input_share
        weight = share.sum(2).T
        through = self.across * to_known
        per_input = np.divide(through, weight, out=np.zeros_like(weight), where=weight > 0)
        kept = np.where(weight > 0, 0.0, through)
        return np.asarray((1 - self.across) * to_known + kept + inputs_of(share, per_input))

    def to_cells(self, to_known: Array) -> Array:
        """In the logarithm of what it takes to sell, ``(good, destination, origin)``."""
        to_bought = -self.at.problem.base.theta[:, None] * self._from_inputs(to_known) / self.total
        cells = np.zeros_like(self.at.reach)
        sold = (self.taught * self.technology)[:, None, :]
        cells[: self.sectors] = to_bought[:, :, None] * self.at.reach[: self.sectors] * sold
        return cells
