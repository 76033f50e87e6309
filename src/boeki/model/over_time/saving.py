"""Saving: what households spend over their lives, given what they earn and what the bond costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import NotSolved
from boeki.model.over_time.tridiagonal import tridiagonal

Array: TypeAlias = NDArray[np.float64]

_STEPS, _CLOSE = 80, 1e-13


def lasting(discount: float, periods: int) -> Array:
    """How often each period counts at the prices of its own time: the last lasts for ever."""
    times = np.ones(periods)
    times[-1] /= 1 - discount
    return times


@dataclass(frozen=True, eq=False)
class Household:
    """Households of all countries; amounts are in shares of the world's value added.

    Attributes
    ----------
    consumption
        Of the baseline, ``(country,)``.
    gdp
        Of the baseline, ``(country,)``.
    discount
        β, by period.
    aversion
        σ, the inverse of the elasticity of substitution between periods; 1 is log utility.
    spread
        φ: by how much assets of one year's GDP lower the return that a country saves at. The
        difference is paid at home, so that it moves plans but no resources.
    countries
        Names, for messages.
    """

    consumption: Array
    gdp: Array
    discount: float
    aversion: float = 1.0
    spread: float = 0.0
    countries: tuple[str, ...] = ()

    def basket(self, weight: Array, price: Array) -> Array:
        """Spending up to what is the same for all countries in a period, ``(period, country)``.

        Parameters
        ----------
        weight
            Logarithm of each country's weight, ``(country,)`` or ``(period, country)``.
        price
            Logarithm of the price of consumption, ``(period, country)``.
        """
        return np.asarray(self.consumption * np.exp(weight + (1 - 1 / self.aversion) * price))

    def bond_price(self, level: Array) -> Array:
        """Price in the first period of the numeraire in each, from spending over baskets."""
        price = self.discount ** np.arange(level.size) * level**-self.aversion
        return np.asarray(price / price[0])

    def plan(self, basket: Array, bond: Array, income: Array, wealth: Array, held: Array) -> Array:
        """The logarithm of the weights with which lifetime budgets close.

        Parameters
        ----------
        basket
            Spending that a weight of one would mean, ``(period, country)``.
        bond
            Its price, ``(period,)``.
        income
            What can be spent or saved, ``(period, country)``.
        wealth
            At the start, ``(country,)``, in the numeraire of the first period.
        held
            Assets at which there is no spread, ``(country,)``.

        Returns
        -------
        numpy.ndarray
            ``(country,)``, or ``(period, country)`` where there is a spread.

        Raises
        ------
        NotSolved
            Where a country earns less than nothing over its life.
        """
        worth = (lasting(self.discount, bond.size) * bond)[:, None]
        earned, cost = (worth * income).sum(0) + wealth, (worth * basket).sum(0)
        if (earned <= 0).any():
            raise NotSolved(
                f"{self.countries[int(earned.argmin())]} earns less than nothing over its life: "
                "it has no plan. Soften what takes its income"
            )
        weight = np.log(earned / cost)
        if not self.spread:
            return np.asarray(weight)
        return self._with_spread(basket, bond, income, wealth, held)

    def _with_spread(
        self, basket: Array, bond: Array, income: Array, wealth: Array, held: Array
    ) -> Array:
        """Weights by period where assets move the return: Newton's method on the Euler equations.

        The unknowns are assets at the end of all periods but the last, which lasts.
        """
        interest = interest_of(bond)
        pull = self.pull
        assets = np.tile(held, (bond.size - 1, 1))
        spent = self._spent(assets, interest, income, wealth)
        for _ in range(_STEPS):
            weight = np.log(spent / basket)
            gap = np.diff(weight, axis=0) + pull * (assets - held)
            move = -tridiagonal(*self.slopes(spent, interest), gap)
            assets, following = self._moved(assets, move, interest, income, wealth)
            done = np.abs(following / spent - 1).max() <= _CLOSE
            spent = following
            if done:
                return np.asarray(np.log(spent / basket))
        raise NotSolved(
            "no plan closes the lifetime budgets with this spread: lower it, or soften the shocks"
        )

    @property
    def pull(self) -> Array:
        """By how much assets slow the growth of spending, ``(country,)``."""
        return np.asarray(self.spread / (self.aversion * self.gdp))

    def slopes(self, spent: Array, interest: Array) -> tuple[Array, Array, Array]:
        """Slopes of the Euler equations in the assets before, of their own period and after.

        Parameters
        ----------
        spent
            ``(period, country)``.
        interest
            As :func:`interest_of` has it.
        """
        # Spending falls by what is kept, and rises by what was kept with its interest.
        kept, back = -1 / spent, interest[:-1] / spent[1:]
        back[-1] *= 1 - self.discount
        before = -np.vstack([interest[-1:], interest[:-2]]) / spent[:-1]
        return before, back - kept[:-1] + self.pull, kept[1:]

    def _moved(
        self, assets: Array, move: Array, interest: Array, income: Array, wealth: Array
    ) -> tuple[Array, Array]:
        """The longest part of a move with which all spend more than nothing."""
        part = 1.0
        for _ in range(60):
            moved = assets + part * move
            spent = self._spent(moved, interest, income, wealth)
            if (spent > 0).all():
                return moved, spent
            part /= 2
        raise NotSolved("no plan leaves every country something to spend in every period")

    def _spent(self, assets: Array, interest: Array, income: Array, wealth: Array) -> Array:
        """What is left to spend, ``(period, country)``."""
        start = np.vstack([wealth, assets * interest[:-1]])
        kept = np.vstack([assets, self.discount * start[-1:]])
        return np.asarray(start + income - kept)


def interest_of(bond: Array) -> Array:
    """Interest from each period to the next, one and more, ``(period, 1)``; one from the last."""
    return np.asarray(np.append(bond[:-1] / bond[1:], 1.0)[:, None])


def net_foreign_assets(bond: Array, balance: Array, wealth: Array) -> Array:
    """Assets at the end of each period, ``(period, country)``, in the numeraire of the period.

    Parameters
    ----------
    bond
        Price in the first period of the numeraire in each, ``(period,)``.
    balance
        What is saved, ``(period, country)``.
    wealth
        At the start, ``(country,)``.
    """
    return np.asarray((wealth + np.cumsum(bond[:, None] * balance, axis=0)) / bond[:, None])
