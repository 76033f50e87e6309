"""Saving followed back: what spending weights and budgets owe to prices and incomes."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.linearised import Linearised, Outcome
from boeki.model.over_time.equations import PathEquations, own_income
from boeki.model.over_time.saving import Household, lasting

Array: TypeAlias = NDArray[np.float64]


class SavingBack:
    """The transpose of the household's plan, without a spread, and of the spending it means.

    Parameters
    ----------
    equations
        Of the path, solved.
    at
        The static equations made linear, by period.
    """

    def __init__(self, equations: PathEquations, at: list[Linearised]) -> None:
        economy = equations.economy
        household = economy.household
        assert household is not None
        self.household: Household = household
        self.at = at
        prices = np.stack(
            [
                (a.problem.final_share * a.point.price[-a.problem.base.theta.size :]).sum(0)
                for a in at
            ]
        )
        self.own = np.stack([own_income(a.problem, a.point, a.flows) for a in at])
        self.basket = household.basket(equations.weight, prices)
        self.total = np.stack([a.flows.income.sum() for a in at])
        self.sum = self.basket.sum(1)
        level = self.total / self.sum
        self.bond = household.bond_price(level)
        self.worth = lasting(household.discount, len(at)) * self.bond
        self.unit = self.basket * np.exp(-equations.weight) * level[:, None]
        available = self.own + economy.given
        earned = (self.worth[:, None] * available).sum(0) + equations.start.wealth
        cost = (self.worth[:, None] * self.unit).sum(0)
        self.available, self.earned, self.cost = available, earned, cost
        spent = household.consumption * earned / cost
        self.part = spent / spent.sum()
        self.curve = 1 - 1 / household.aversion
        self.to_weight = np.zeros_like(earned)
        self.to_own = np.zeros_like(self.own)
        self.to_price = np.zeros_like(self.own)

    def from_plan(self, to_plan: Array) -> None:
        """From the weights that follow to incomes, prices and the weights they follow from."""
        sigma = self.household.aversion
        to_plan = to_plan - to_plan.sum() * self.part
        to_earned, to_cost = to_plan / self.earned, -to_plan / self.cost
        to_unit = to_cost * self.worth[:, None] * self.unit
        to_bond = (self.available @ to_earned) + (self.unit @ to_cost)
        to_bond = to_bond * self.worth
        # log q_t = t log β − σ (log m_t − log m_0).
        to_level = to_unit.sum(1) - sigma * to_bond
        to_level[0] += sigma * to_bond.sum()
        self.to_own = to_earned * self.worth[:, None] + (to_level / self.total)[:, None]
        self.to_price = self.curve * to_unit
        to_basket = -(to_level / self.sum)[:, None] * self.basket
        self.to_price = self.to_price + self.curve * to_basket
        self.to_weight = to_basket.sum(0)

    def outcome(self, t: int) -> Outcome:
        """What the plan owes to incomes of a period."""
        return Outcome(own=self.to_own[t])

    def from_share(self, t: int, to_share: Array) -> Array:
        """From shares in spending to the weights; and to prices, ``(country,)``, which is all."""
        share = self.basket[t] / self.sum[t]
        to_basket = share * (to_share - share @ to_share)
        self.to_weight = self.to_weight + to_basket
        return np.asarray(self.to_price[t] + self.curve * to_basket)
