"""The flywheel followed back: what technology to come owes to sales and research of today."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.model.linearised import Linearised
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

    Parameters
    ----------
    learning
        The law, without diffusion.
    at
        The static equations made linear, by period.
    technology
        T̂ at the start of each period, ``(period, sector, country)``.
    """

    def __init__(self, learning: Learning, at: list[Linearised], technology: Array) -> None:
        self.learning, self.technology = learning, technology
        self.base = at[0].problem.base
        sales = [np.exp(a.point.output + a.problem.intensity - a.point.wage) for a in at]
        self.sales = np.stack(sales)
        self.work = np.stack([learning.at_work(t, a.point) for t, a in enumerate(at)])
        self.taken = np.stack(
            [learning.dear[t] * np.exp(a.point.output - a.point.wage) for t, a in enumerate(at)]
        )
        self.begin()

    def begin(self) -> None:
        """Nothing is owed to technology after the last period."""
        self.to_technology = np.zeros_like(self.technology[0])
        self.effort = np.zeros_like(self.sales)
        self.pushed = np.zeros_like(self.sales)
        self.busy = np.zeros_like(self.work)

    def turn_back(self, t: int, to_productivity: Array, to_labour: Array) -> tuple[Array, Array]:
        """One period back.

        Parameters
        ----------
        t
            The period.
        to_productivity, to_labour
            Derivatives in log Â and log L̂ of that period.

        Returns
        -------
        wage, output
            Derivatives in these, that come through research and the labour it takes.
        """
        learning, delta = self.learning, self.learning.depreciation[:, None]
        kappa = learning.kappa[:, None]
        total = learning.effort[t] * self.sales[t] + learning.pushed[t]
        to_total = self.to_technology * delta * kappa * total ** (kappa - 1)
        through = to_total * learning.effort[t] * self.sales[t]
        self.effort[t], self.pushed[t] = through, to_total
        to_work = to_labour / self.work[t]
        self.busy[t] = -to_work
        cost = to_work * self.taken[t]
        to_output = through - cost
        learnt = to_productivity / self.base.theta[:, None] / self.technology[t]
        self.to_technology = (1 - delta) * self.to_technology + learnt
        return -to_output.sum(0), to_output

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
