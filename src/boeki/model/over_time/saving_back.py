"""The household's plan followed back: what its weights owe to incomes, prices and the bond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.over_time.saving import Household, interest_of, lasting
from boeki.model.over_time.tridiagonal import transposed, tridiagonal

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PlanShift:
    """Derivatives in what a plan takes.

    Attributes
    ----------
    unit, bond
        In the logarithms of spending that a weight of one would mean, ``(period, country)``, and of
        the bond's price, ``(period,)``.
    available, wealth
        In what can be spent or saved, ``(period, country)``, and in wealth at the start,
        ``(country,)``.
    """

    unit: Array
    bond: Array
    available: Array
    wealth: Array


class SavingBack:
    """The transpose of :meth:`boeki.model.over_time.saving.Household.plan`, at its solution.

    Parameters
    ----------
    household
        Whose plan.
    weight
        What was planned, ``(1, country)`` or ``(period, country)``.
    unit, bond, available, wealth
        What it was planned with, as the plan takes them.
    """

    def __init__(
        self, household: Household, weight: Array, unit: Array, bond: Array, available: Array,
        wealth: Array,
    ) -> None:  # fmt: skip
        self.household = household
        self.unit, self.available = unit, available
        self.worth = lasting(household.discount, bond.size) * bond
        self.earned = (self.worth[:, None] * available).sum(0) + wealth
        self.cost = (self.worth[:, None] * unit).sum(0)
        self.interest = interest_of(bond)
        self.spent = unit * np.exp(weight)
        self.assets = self._assets(wealth)
        first = household.consumption * np.exp(weight[0])
        self.part = first / first.sum()
        self.slopes = transposed(*household.slopes(self.spent, self.interest))

    def _assets(self, wealth: Array) -> Array:
        """At the end of all periods but the last, ``(period − 1, country)``."""
        kept, start = [], wealth
        for saved, interest in zip((self.available - self.spent)[:-1], self.interest, strict=False):
            kept.append(start + saved)
            start = kept[-1] * interest
        return np.stack(kept)

    def back(self, to_weight: Array) -> PlanShift:
        """From derivatives in the weights, up to one factor, which is the bond's.

        Parameters
        ----------
        to_weight
            ``(1, country)`` or ``(period, country)``.
        """
        to_plan = to_weight.copy()
        to_plan[0] -= to_weight.sum() * self.part
        return self._by_period(to_plan) if self.household.spread else self._for_life(to_plan[0])

    def _for_life(self, to_plan: Array) -> PlanShift:
        worth = self.worth[:, None]
        to_earned, to_cost = to_plan / self.earned, -to_plan / self.cost
        to_bond = (self.available @ to_earned + self.unit @ to_cost) * self.worth
        return PlanShift(to_cost * worth * self.unit, to_bond, to_earned * worth, to_earned)

    def _by_period(self, to_plan: Array) -> PlanShift:
        """Spending, and assets with which the Euler equations hold, each in turn."""
        discount = self.household.discount
        to_assets = self._from_spent(to_plan / self.spent)
        euler = -tridiagonal(*self.slopes, to_assets)
        # The equations hold growth of the weights: a period's less that of the one before.
        to_plan = to_plan - np.diff(np.pad(euler, ((1, 1), (0, 0))), axis=0)
        to_spent = to_plan / self.spent
        to_interest = np.zeros_like(self.interest[:, 0])
        back = to_spent[1:] * self.assets
        back[-1] *= 1 - discount
        to_interest[:-1] = back.sum(1) * self.interest[:-1, 0]
        to_bond = to_interest.copy()
        to_bond[1:] -= to_interest[:-1]
        return PlanShift(-to_plan, to_bond, to_spent, to_spent[0])

    def _from_spent(self, to_spent: Array) -> Array:
        """In assets, which are kept from one period's spending for the next."""
        back = to_spent[1:] * self.interest[:-1]
        back[-1] *= 1 - self.household.discount
        return np.asarray(back - to_spent[:-1])
