"""What a country's links with itself do to a first guess: most of the way to the equilibrium.

A step of the map passes a price or an order on by one link. Most links end at home, where they can
be followed to the end at once: through the Leontief inverses of each country's own purchases and
sales at the baseline, and through what its wage does to both. What is left to iterate is trade.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from boeki.model.baseline import Baseline

Array: TypeAlias = NDArray[np.float64]

#: A country whose wage bill hardly answers its wage is moved no faster than this.
_LEAST = 0.25


@dataclass(frozen=True, eq=False)
class HomeLinks:
    """Linear answers of a country to itself; all per country.

    Attributes
    ----------
    price, output
        Inverses ``(country, sector, sector)``: prices to gaps in prices, output to gaps in output.
    price_to_wage, output_to_wage
        ``(sector, country)``.
    wage_bill
        Share of a sector in the wage bill, ``(sector, country)``.
    slope
        By how much the gap of the wage bill falls as the wage rises, ``(country,)``.
    """

    price: NDArray[np.float32]
    output: NDArray[np.float32]
    price_to_wage: Array
    output_to_wage: Array
    wage_bill: Array
    slope: Array
    goods: int

    def answer(self, wage: Array, price: Array, output: Array) -> tuple[Array, Array, Array]:
        """Moves of wages, prices and output that close the gaps given, as far as home goes."""
        sectors = self.wage_bill.shape[0]
        sold = _through(self.output, output)
        move = (wage + (self.wage_bill * (sold - output)).sum(0)) / self.slope
        prices = [
            _through(self.price, price[:sectors]) + self.price_to_wage * move,
            price[sectors:] + self.price_to_wage * move if self.goods > sectors else price[:0],
        ]
        return move, np.concatenate(prices), sold + self.output_to_wage * move

    def answer_back(self, wage: Array, price: Array, output: Array) -> tuple[Array, Array, Array]:
        """The transpose of :meth:`answer`."""
        sectors = self.wage_bill.shape[0]
        pull = wage + (self.output_to_wage * output).sum(0)
        pull = pull + (self.price_to_wage * price[:sectors]).sum(0)
        if self.goods > sectors:
            pull = pull + (self.price_to_wage * price[sectors:]).sum(0)
        pull = pull / self.slope
        sold = _back(self.output, output + self.wage_bill * pull) - self.wage_bill * pull
        prices = np.concatenate([_back(self.price, price[:sectors]), price[sectors:]])
        return pull, prices, sold


def _through(inverse: NDArray[np.floating], cells: Array) -> Array:
    by_country = np.ascontiguousarray(cells.T, dtype=inverse.dtype)
    return np.asarray(np.matmul(inverse, by_country[:, :, None])[:, :, 0].T, dtype=np.float64)


def _back(inverse: NDArray[np.floating], cells: Array) -> Array:
    by_country = np.ascontiguousarray(cells.T, dtype=inverse.dtype)
    return np.asarray(np.matmul(by_country[:, None, :], inverse)[:, 0, :].T, dtype=np.float64)


_made: WeakKeyDictionary[Baseline, HomeLinks] = WeakKeyDictionary()


def home_links(base: Baseline) -> HomeLinks:
    """The links of a baseline, worked out once for each."""
    if base not in _made:
        _made[base] = _make(base)
    return _made[base]


def _make(base: Baseline) -> HomeLinks:
    found = base.kin.found
    if "home links" not in found:
        found["home links"] = _alike(base)
    alike: _Alike = found["home links"]
    output_to_wage = _through(alike.output, alike.demand - base.theta[:, None] * alike.abroad)
    slope = np.maximum(1 - (alike.wage_bill * output_to_wage).sum(0), _LEAST)
    return HomeLinks(
        alike.price, alike.output, alike.price_to_wage, output_to_wage, alike.wage_bill, slope,
        base.shape[0],
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Alike:
    """What does not depend on elasticities.

    Attributes
    ----------
    price, output, price_to_wage, wage_bill
        As :class:`HomeLinks` has them.
    demand, abroad
        By how much the orders of a sector rise with its country's wage, ``(sector, country)``, and
        by how much they fall for each unit of θ.
    """

    price: NDArray[np.float32]
    output: NDArray[np.float32]
    price_to_wage: Array
    wage_bill: Array
    demand: Array
    abroad: Array


def _alike(base: Baseline) -> _Alike:
    _, sectors, countries = base.shape
    here = np.arange(countries)
    bought = base.share[:sectors, here, here]
    sold_share, abroad = _sales(base)
    inputs = base.input_share
    spending = base.input_spending + base.final_spending
    once: Array = np.eye(sectors)
    price = _inverse(once - bought.T[:, :, None] * inputs)
    uses = (inputs * base.output.T[:, :, None]).transpose(0, 2, 1)
    uses = uses / np.maximum(spending.T, 1e-300)[:, :, None]
    output = _inverse(once - sold_share.T[:, :, None] * uses)
    price_to_wage = _through(price, bought * base.value_added_share)
    cost_to_wage = base.value_added_share + _through(inputs, price_to_wage)
    spent_to_wage = base.final_spending / np.maximum(spending, 1e-300) * (base.gdp / base.income)
    wage_bill = base.value_added_share * base.output / base.gdp
    # Half as long numbers are read twice as fast, and exact enough for a guess.
    short = price.astype(np.float32), output.astype(np.float32)
    return _Alike(
        *short, price_to_wage, wage_bill, sold_share * spent_to_wage, abroad * cost_to_wage
    )


def _inverse(matrices: Array) -> Array:
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)


def _sales(base: Baseline) -> tuple[Array, Array]:
    """Share of a sector's sales that stays at home, and that its own price does not hold."""
    sectors, countries = base.output.shape
    here = np.arange(countries)
    spent = np.concatenate([base.input_spending, base.final_spending])
    spent = spent if base.by_use else base.input_spending + base.final_spending
    paid = base.landed * spent[:, :, None]
    total = np.maximum(base.output, 1e-300)
    home = paid[:, here, here]
    held = (paid * base.share).sum(1)
    if base.by_use:
        home, held = home[:sectors] + home[sectors:], held[:sectors] + held[sectors:]
    return home / total, 1 - held / total
