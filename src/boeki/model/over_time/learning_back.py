"""The flywheel followed back: what technology to come owes to sales and research of today."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.model.linearised import Linearised, Outcome
from boeki.model.over_time.diffusion_back import DiffusionBack
from boeki.model.over_time.learning import Learning

Array: TypeAlias = NDArray[np.float64]


class LearningBack:
    """The transpose of technology's law, from the last period to the first.

    Attributes
    ----------
    effort
        Derivatives in log ρ̂, ``(period, sector, country)``.
    pushed, busy
        In research pushed over the baseline's, and in the labour it takes.
    to_technology
        In T̂ of the period that was come back to, ``(sector, country)``.

    Parameters
    ----------
    learning
        The law.
    at
        The static equations made linear, by period.
    technology
        T̂ at the start of each period, ``(period, sector, country)``.
    alpha
        Capital's share, ``(country,)``.
    """

    def __init__(
        self, learning: Learning, at: list[Linearised], technology: Array, alpha: Array
    ) -> None:
        self.learning, self.technology, self.rest = learning, technology, 1 - alpha
        self.at, self.base = at, at[0].problem.base
        sales = [np.exp(a.point.output + a.problem.intensity - a.point.wage) for a in at]
        self.sales = np.stack(sales)
        self.work = np.stack([learning.at_work(t, a.point, self.rest) for t, a in enumerate(at)])
        self.taken = np.stack(
            [learning.dear[t] * np.exp(a.point.output - a.point.wage) for t, a in enumerate(at)]
        )
        self.spread = None
        if learning.diffusion:
            self.spread = [DiffusionBack(learning, a, technology[t]) for t, a in enumerate(at)]
        self.owed: dict[int, Array] = {}
        self.begin()

    def begin(self) -> None:
        """Nothing is owed to technology after the last period."""
        self.to_technology = np.zeros_like(self.technology[0])
        self.effort = np.zeros_like(self.sales)
        self.pushed = np.zeros_like(self.sales)
        self.busy = np.zeros_like(self.work)
        self.to_known = np.zeros_like(self.technology[0])

    def before(self, t: int) -> Outcome:
        """What technology of the next period owes to a period's sales, costs and prices."""
        learning, kappa = self.learning, self.learning.kappa[:, None]
        to_new = self.to_technology * learning.depreciation[:, None]
        total = learning.effort[t] * self.sales[t] + learning.pushed[t]
        outcome = Outcome()
        to_taught: Array | float = 0.0
        if self.spread is not None:
            spread = self.spread[t]
            self.to_known = to_new * total**kappa * spread.factor * learning.diffusion
            to_new = to_new * spread.factor
            outcome, to_taught = spread.back(self.to_known)
        to_total = to_new * kappa * total ** (kappa - 1)
        through = to_total * learning.effort[t] * self.sales[t]
        self.effort[t], self.pushed[t] = through, to_total
        self.to_technology = (1 - learning.depreciation[:, None]) * self.to_technology + to_taught
        return outcome + Outcome(output=through, wage=-through.sum(0))

    def turn_back(self, t: int, to_productivity: Array, to_labour: Array) -> tuple[Array, Array]:
        """One period back, after :meth:`before`.

        Parameters
        ----------
        t
            The period.
        to_productivity
            Derivatives in log Â of that period, ``(sector, country)``.
        to_labour
            In the logarithm of labour that is not at research, ``(country,)``.

        Returns
        -------
        wage, output
            Derivatives in these, that come through the labour that research takes.
        """
        to_cost = -to_labour / (self.work[t] * self.rest)
        self.busy[t] = to_cost
        to_output = to_cost * self.taken[t]
        learnt = to_productivity / self.base.theta[:, None] / self.technology[t]
        self.to_technology = self.to_technology + learnt
        if t in self.owed:
            self.to_technology = self.to_technology + self.owed[t]
        return -to_output.sum(0), to_output

    def to_cells(self, t: int) -> Array | None:
        """In the logarithm of what it takes to sell, as :class:`Shift` has it; None for nothing."""
        if self.spread is None:
            return None
        return self.spread[t].to_cells(self.to_known)

    def to_wedge(self, t: int) -> Array | float:
        """In prices of licences, which keep knowledge out with the goods."""
        if self.spread is None or self.at[t].problem.rations is None:
            return 0.0
        rations, cells = self.at[t].problem.rations, self.spread[t].to_cells(self.to_known)
        assert rations is not None
        return np.asarray(cells[rations.sector, rations.destination, rations.origin])

    def push(self) -> Array:
        """In research pushed as a share of GDP, ``(period, sector, country)``, with its cost."""
        intensity = self.learning.intensity
        if intensity is None:
            raise InputError(
                "what a push of research costs needs the flywheel's intensity: research over sales"
            )
        paid = intensity * self.base.output
        gain = np.divide(
            self.pushed * self.base.gdp, paid, out=np.zeros_like(self.pushed),
            where=np.broadcast_to(paid > 0, self.pushed.shape),
        )  # fmt: skip
        gain[:, np.isnan(paid)] = np.nan
        return np.asarray(gain + self.busy[:, None, :])
