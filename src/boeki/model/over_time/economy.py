"""What holds all along a path, what a period inherits, and what a solved path is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.over_time.capital import Capital
from boeki.model.over_time.learning import Learning
from boeki.model.over_time.saving import Household
from boeki.model.solve import Solution

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class State:
    """What a period inherits, all over the baseline's or in shares of the world's value added.

    Attributes
    ----------
    technology
        T̂, ``(sector, country)``.
    stock
        K̂, ``(country,)``.
    wealth
        Net foreign assets with the interest they bring, ``(country,)``.
    """

    technology: Array
    stock: Array
    wealth: Array


@dataclass(frozen=True, eq=False)
class Economy:
    """What holds all along a path.

    Attributes
    ----------
    household
        How countries save; None where deficits are held.
    capital, alpha, goods
        Capital, its share ``(country,)`` and shares of sectors in investment ``(sector, country)``;
        None, zeros and the final shares where there is none.
    invested
        Investment of the baseline, ``(country,)``.
    learning
        What becomes of technology; None where it stays.
    given
        What countries receive in every period, ``(country,)``: deficits that are transfers.
    held
        Assets of the baseline at the end of a period, ``(country,)``.
    discount, aversion
        β and σ.
    """

    household: Household | None
    capital: Capital | None
    alpha: Array
    goods: Array
    invested: Array
    learning: Learning | None
    given: Array
    held: Array
    discount: float
    aversion: float


@dataclass(frozen=True, eq=False)
class Course:
    """A solved path, by period.

    Attributes
    ----------
    solutions
        Of each period.
    technology
        T̂ at the start of each period, ``(period, sector, country)``, and one more at the end.
    stock
        K̂ at the start of each period, ``(period, country)``, and one more at the end.
    weight
        Logarithm of countries' weights, ``(period, country)``; zeros where deficits are held.
    bond
        Price in the first period of the numeraire in each, ``(period,)``.
    earned, income, investment
        What countries earn; what they spend; what of it on investment, ``(period, country)``.
    price
        Logarithm of the price of consumption, ``(period, country)``.
    residual
        Largest gap of any equation, in logarithms.
    rounds
        How often the map was asked.
    """

    solutions: tuple[Solution, ...]
    technology: Array
    stock: Array
    weight: Array
    bond: Array
    earned: Array
    income: Array
    investment: Array
    price: Array
    residual: float
    rounds: int
