"""What ties periods together, followed back: spending, saving, investment and capital."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.linearised import Linearised, Outcome, Shift, given
from boeki.model.over_time.capital_back import CapitalBack
from boeki.model.over_time.equations import PathEquations
from boeki.model.over_time.saving_back import SavingBack

Array: TypeAlias = NDArray[np.float64]


@dataclass(eq=False)
class Owed:
    """Derivatives of an outcome in what ties periods together, all ``(period, country)``.

    Attributes
    ----------
    income, own, earned
        In what countries spend, earn, and earn by work and capital.
    price, good_price
        In the logarithms of the prices of consumption and investment.
    invested
        In spending on investment.
    stock
        In the logarithm of capital at the start of each period.
    bond
        In the logarithm of the bond's price, ``(period, country)``: one for all has their sum.
    """

    income: Array
    own: Array
    earned: Array
    price: Array
    good_price: Array
    invested: Array
    stock: Array
    bond: Array

    @classmethod
    def nothing(cls, periods: int, countries: int) -> Owed:
        """Zeros."""
        return cls(*(np.zeros((periods, countries)) for _ in fields(cls)))

    def copy(self) -> Owed:
        """One to add to."""
        return Owed(*(getattr(self, f.name).copy() for f in fields(self)))


class TiesBack:
    """The transpose of all in a path's map that is not of one period.

    Parameters
    ----------
    equations
        Of the path, solved.
    at
        The static equations made linear, by period.
    direct
        What the outcome owes by itself.
    """

    def __init__(self, equations: PathEquations, at: list[Linearised], direct: Owed) -> None:
        economy, solved = equations.economy, equations.solved
        self.equations, self.economy, self.at, self.direct = equations, economy, at, direct
        self.shape = solved.income.shape
        self.income, self.invested = solved.income, solved.investment
        self.consumed = np.stack([equations.consumed(p) for p in equations.problems])
        self.mixes = economy.capital is not None and economy.goods is not equations.base.final_share
        self.rows = equations.shapes[0][0]
        if economy.household is not None:
            self._save(equations)
        if economy.capital is not None:
            self._build(equations, at)
        self.owed, self.wealth = direct.copy(), np.zeros(self.shape[1])
        self.to_weight = np.zeros((self.rows, self.shape[1]))

    def _save(self, equations: PathEquations) -> None:
        household, solved = self.economy.household, equations.solved
        assert household is not None
        weight = equations.weight
        self.basket = household.basket(weight, solved.price)
        self.sum = self.basket.sum(1, keepdims=True)
        self.free = (self.income - self.invested).sum(1, keepdims=True)
        self.level = self.free / self.sum
        self.unit = self.basket * np.exp(-weight) * self.level
        self.curve = 1 - 1 / household.aversion
        available = solved.earned + self.economy.given - self.invested
        self.saving = SavingBack(
            household, weight, self.unit, solved.bond[:, 0], available, equations.start.wealth
        )

    def _build(self, equations: PathEquations, at: list[Linearised]) -> None:
        capital, solved = self.economy.capital, equations.solved
        assert capital is not None
        sectors = equations.base.theta.size
        self.paid = np.stack([a.flows.earned for a in at])
        price = np.stack([(self.economy.goods * a.point.price[-sectors:]).sum(0) for a in at])
        self.capital = CapitalBack(
            capital, solved.stock[:-1], self.paid / equations.base.gdp, np.exp(price), solved.bond,
            self.economy.alpha, self.economy.discount,
        )  # fmt: skip

    def follow_back(self, to_tail: Array) -> None:
        """From the weights, capital and income that follow to what they follow from.

        Parameters
        ----------
        to_tail
            Derivatives in these, as the path's vector has them at its end.
        """
        self.owed = owed = self.direct.copy()
        self.to_weight = np.zeros((self.rows, self.shape[1]))
        ends = np.cumsum([rows * columns for rows, columns in self.equations.shapes])
        weight, stock, income = np.split(to_tail, ends[:-1])
        if self.economy.capital is not None:
            owed.income += income.reshape(self.shape) / self.income
            made = self.capital.plan(stock.reshape(-1, self.shape[1]))
            owed.stock += made.stock
            owed.earned += made.earned / self.paid
            owed.good_price += made.price
            owed.bond += made.bond
        if self.economy.household is not None:
            self._from_plan(weight.reshape(self.rows, -1))
        else:
            self._from_own_bond()
        # What is tied to a period's income is read from the map, not from the vector's end.
        self.in_period = (owed.income.copy(), owed.own.copy(), owed.earned.copy())
        owed.income[:] = 0.0

    def _from_plan(self, to_weight: Array) -> None:
        owed, household = self.owed, self.economy.household
        assert household is not None
        made = self.saving.back(to_weight)
        self.wealth = made.wealth
        to_bond = made.bond + owed.bond.sum(1)
        # log q_t = t log β − σ (log m_t − log m_0).
        to_level = made.unit.sum(1) - household.aversion * to_bond
        to_level[0] += household.aversion * to_bond.sum()
        owed.price += self.curve * made.unit
        owed.own += made.available
        owed.invested -= made.available
        self._from_level(to_level[:, None])

    def _from_level(self, to_level: Array) -> None:
        """From log m = log Σ (I − investment) − log Σ basket, ``(period, 1)``."""
        owed = self.owed
        owed.income += to_level / self.free
        owed.invested -= to_level / self.free
        self._from_basket(-to_level * self.basket / self.sum)

    def _from_basket(self, to_basket: Array) -> None:
        """From the logarithm of baskets, ``(period, country)``, to weights and prices."""
        self.owed.price += self.curve * to_basket
        self.to_weight += to_basket if self.rows > 1 else to_basket.sum(0, keepdims=True)

    def _from_own_bond(self) -> None:
        economy, owed = self.economy, self.owed
        to_bond = owed.bond.copy()
        to_bond[0] -= to_bond.sum(0)
        to_spent = -economy.aversion * to_bond / (self.income - self.invested)
        owed.income += to_spent
        owed.invested -= to_spent
        owed.price += (economy.aversion - 1) * to_bond

    def outcome(self, t: int) -> Outcome:
        """What all of it owes to a period's incomes."""
        income, own, earned = (each[t] for each in self.in_period)
        return Outcome(income=income, own=own, earned=earned)

    def spend_back(self, shifts: list[Shift], to_labour: Array) -> None:
        """From a period's shares in spending, its final shares and its bundle of factors.

        Parameters
        ----------
        shifts
            Derivatives in the shocks of each period.
        to_labour
            In the logarithm of what labour and capital make together, ``(period, country)``.
        """
        owed, economy = self.owed, self.economy
        owed.stock += economy.alpha * to_labour
        if economy.household is not None:
            share = np.stack([given(s.spending_share) for s in shifts])
            self._from_share(share)
        if self.mixes:
            final = np.stack([given(s.final_share) for s in shifts])
            to_part = (final * (economy.goods - self.consumed)).sum(1)
            owed.invested += to_part / self.income
            owed.income -= to_part * self.invested / self.income**2
        if economy.capital is not None:
            to_invested = owed.invested * self.invested
            owed.good_price += to_invested
            owed.stock += self.capital.investment(to_invested)

    def _from_share(self, to_share: Array) -> None:
        """Of spending, which is baskets at the world's level, and investment."""
        owed = self.owed
        total = self.income.sum(1, keepdims=True)
        spending = self.basket * self.level + self.invested
        share = spending / spending.sum(1, keepdims=True)
        to_spending = (to_share - (share * to_share).sum(1, keepdims=True)) / total
        to_basket = to_spending * self.basket * self.level
        owed.invested += to_spending
        self._from_basket(to_basket)
        self._from_level(to_basket.sum(1, keepdims=True))

    def to_price(self, t: int) -> Array:
        """In the logarithms of the prices of what is bought for good, ``(sector, country)``."""
        out = self.consumed[t] * self.owed.price[t]
        if self.economy.capital is not None:
            out = out + self.economy.goods * self.owed.good_price[t]
        return np.asarray(out)

    def to_tail(self) -> Array:
        """In weights, capital and income, as the path's vector has them at its end."""
        parts = [self.to_weight] if self.rows else []
        if self.economy.capital is not None:
            parts += [self.owed.stock[1:], self.owed.income * self.income]
        return np.concatenate([p.ravel() for p in parts]) if parts else np.empty(0)
