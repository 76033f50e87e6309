"""Expenditure that agrees with given shares and deficits, for accounts that do not add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import IntegrityError
from boeki.world.output_series import output_series

Array: TypeAlias = NDArray[np.float64]

#: The change, relative to all output, that ends the input–output series.
_CLOSE = 1e-16


@dataclass
class Accounts:
    """The accounts of a world on their way to adding up; axes as :class:`boeki.world.World`."""

    trade_share: Array
    expenditure: Array
    tariff: Array
    value_added_share: Array
    input_share: Array
    final_share: Array
    deficit: Array
    input_trade_share: Array | None = None
    final_trade_share: Array | None = None

    @property
    def trade(self) -> Array:
        """Sales net of tariffs."""
        return self.trade_share * self.expenditure / (1 + self.tariff)

    @property
    def input_expenditure(self) -> Array:
        """Spending on inputs."""
        return np.asarray(np.einsum("nks,nk->ns", self.input_share, self.trade.sum(1)))

    @property
    def income(self) -> Array:
        """Value added, tariff revenue and deficit."""
        trade = self.trade
        value_added = (self.value_added_share * trade.sum(1)).sum(1)
        return np.asarray(value_added + (trade * self.tariff).sum((0, 2)) + self.deficit)

    @property
    def gap(self) -> Array:
        """Expenditure less inputs and final spending."""
        return self.expenditure - self.input_expenditure - self.final_share * self.income[:, None]


def settled(accounts: Accounts) -> None:
    """Let expenditure follow from all shares, deficits and the world's value added, in place.

    Output is linear in the countries' final spending, X = α E through the input–output series;
    E then solves one linear equation a country: final spending is income. The nearest E is taken
    where trade does not tie all countries together.

    Raises
    ------
    IntegrityError
        Where no spending above zero does it.
    """
    to_inputs, to_final = accounts.input_trade_share, accounts.final_trade_share
    if to_inputs is None or to_final is None:
        to_inputs = to_final = accounts.trade_share
    net = 1 / (1 + accounts.tariff)
    sell_inputs, sell_final = _by_sector(to_inputs * net), _by_sector(to_final * net)
    count = accounts.deficit.size
    # One column for one unit of final spending by each country, (sector, country, column).
    final = np.einsum("ns,nj->snj", accounts.final_share, np.eye(count))
    first = sell_final @ final
    # Where the series has no end, the check of spending below says so.
    output, inputs, _ = output_series(first, accounts.input_share, sell_inputs, close=_CLOSE)
    value_added = np.einsum("ns,snj->nj", accounts.value_added_share, output)
    revenue = np.einsum(
        "ns,snj->nj", (to_inputs * net * accounts.tariff).sum(0), inputs
    ) + np.einsum("ns,snj->nj", (to_final * net * accounts.tariff).sum(0), final)
    earned = float((accounts.value_added_share * accounts.trade.sum(1)).sum())
    spending = _spending(value_added, revenue, accounts.deficit, accounts.income, earned)
    if (spending <= 0).any():
        raise IntegrityError(
            "no spending above zero agrees with these shares and deficits: deficits are too large"
        )
    bought_inputs, bought_final = (inputs @ spending).T, (final @ spending).T
    accounts.expenditure = bought_inputs + bought_final
    if accounts.input_trade_share is not None:
        paid = bought_inputs * to_inputs + bought_final * to_final
        total = accounts.expenditure
        accounts.trade_share = np.divide(
            paid, total, out=np.array(accounts.trade_share), where=total > 0
        )


def _by_sector(cells: Array) -> Array:
    return np.ascontiguousarray(cells.transpose(2, 0, 1))


def _spending(
    value_added: Array, revenue: Array, deficit: Array, start: Array, earned: float
) -> Array:
    """Final spending that is income, the nearest to the start, with the world's value added."""
    budget = np.eye(deficit.size) - value_added - revenue
    scale = np.abs(start) + 1e-300
    system = np.vstack([budget * scale, (value_added.sum(0) * scale)[None]])
    target = np.append(deficit, earned)
    weight = 1 / np.append(scale, earned)
    found = start
    for _ in range(3):
        left = target - np.append(budget @ found, value_added.sum(0) @ found)
        step = np.linalg.lstsq(system * weight[:, None], left * weight, rcond=1e-13)[0]
        found = found + step * scale
    return found
