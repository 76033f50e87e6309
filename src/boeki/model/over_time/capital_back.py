"""Capital followed back: what plans of it, and the investment they take, owe to what it earns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.over_time.capital import Capital
from boeki.model.over_time.tridiagonal import transposed, tridiagonal

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CapitalShift:
    """Derivatives in the logarithms of what a plan of capital takes, all ``(period, country)``.

    Attributes
    ----------
    stock, earned, price, bond
        Capital, what it earns, the price of investment, and the bond's price.
    """

    stock: Array
    earned: Array
    price: Array
    bond: Array


class CapitalBack:
    """The transpose of :class:`boeki.model.over_time.capital.Capital`'s plan and investment.

    Parameters
    ----------
    capital
        Which.
    stock, earned, price, bond, alpha, discount
        What was planned, and with what, as the plan takes them.
    """

    def __init__(
        self, capital: Capital, stock: Array, earned: Array, price: Array, bond: Array,
        alpha: Array, discount: float,
    ) -> None:  # fmt: skip
        self.alpha, self.price = alpha, price
        self.returns = capital.rest_return(discount) * earned / stock
        self.euler = capital.euler(np.log(stock), self.returns, price, bond, alpha)
        self.slopes = transposed(*self.euler.slopes)
        # I / K = δ new^(1/μ), new = (K′/K − 1 + δ) / δ: the last period's capital stays.
        growth = np.ones_like(stock)
        growth[:-1] = stock[1:] / stock[:-1]
        new = (growth - (1 - capital.depreciation)) / capital.depreciation
        self.growing = growth / (capital.adjustment * capital.depreciation * new)
        self.growing[-1] = 0.0

    def plan(self, to_planned: Array) -> CapitalShift:
        """From derivatives in the logarithm of capital planned, ``(period − 1, country)``."""
        euler, price = self.euler, self.price
        to_gap = -tridiagonal(*self.slopes, to_planned)
        to_price, to_earned, to_bond, to_stock = (np.zeros_like(price) for _ in range(4))
        to_earned[1:] = -to_gap * euler.discount * self.returns[1:]
        to_stock[1:] = -self.alpha * to_earned[1:]
        # Capital of the first period is given, to the plan too.
        to_stock[0] = to_gap[0] * euler.slopes[0][0]
        saved = -to_gap * euler.discount * price[1:] * euler.saved[1:]
        to_price[:-1] = to_gap * price[:-1] * euler.first[:-1]
        to_price[1:] += saved
        to_discount = to_earned[1:] + saved
        to_bond[1:] = to_discount
        to_bond[:-1] -= to_discount
        return CapitalShift(to_stock, to_earned, to_price, to_bond)

    def investment(self, to_invested: Array) -> Array:
        """In the logarithm of capital, from that of investment, ``(period, country)``."""
        following = to_invested * self.growing
        out = to_invested - following
        out[1:] += following[:-1]
        return np.asarray(out)
