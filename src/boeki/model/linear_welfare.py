"""Caliendo and Parro's linear welfare formula (2015, equation 16): terms and volume of trade."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]


def terms_of_trade(world: World, unit_cost: Array) -> Array:
    """Exports at the change of own costs less imports at that of the sellers', over income.

    Parameters
    ----------
    world
        The baseline.
    unit_cost
        ``(country, sector)``, over the baseline's.

    Returns
    -------
    numpy.ndarray
        ``(country,)``; 0.01 is 1 % of income.
    """
    trade, rise = _abroad(world.trade), unit_cost - 1
    gained = np.einsum("ods,os->o", trade, rise)
    paid = np.einsum("ods,os->d", trade, rise)
    return np.asarray((gained - paid) / world.income)


def volume_of_trade(world: World, unit_cost: Array, trade: Array) -> Array:
    """Tariffs on the change of the volume of imports, over income.

    Parameters
    ----------
    world
        The baseline.
    unit_cost
        ``(country, sector)``, over the baseline's.
    trade
        After the shocks, without tariffs, ``(origin, destination, sector)``.

    Returns
    -------
    numpy.ndarray
        ``(country,)``; 0.01 is 1 % of income.
    """
    before, after = _abroad(world.trade), _abroad(trade)
    change = np.divide(after, before, out=np.ones_like(before), where=before > 0) - 1
    volume = change - (unit_cost - 1)[:, None, :]
    return np.asarray((world.tariff * before * volume).sum((0, 2)) / world.income)


def _abroad(trade: Array) -> Array:
    away = 1 - np.eye(trade.shape[0])
    return np.asarray(trade * away[:, :, None])
