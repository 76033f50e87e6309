"""Sums of trade that the world's baseline and its equilibria both ask for."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


def exports_by_sector(trade: Array) -> Array:
    """Sales abroad, ``(country, sector)``, of trade ``(origin, destination, sector)``."""
    return np.asarray(trade.sum(1) - np.einsum("nns->ns", trade))


def imports_by_sector(trade: Array) -> Array:
    """Purchases abroad, ``(country, sector)``, of trade ``(origin, destination, sector)``."""
    return np.asarray(trade.sum(0) - np.einsum("nns->ns", trade))


def market_share(exports: Array) -> Array:
    """Shares of countries in the world's exports, ``(country, sector)``; 0 where there are none."""
    total = exports.sum(0)
    return np.asarray(np.divide(exports, total, out=np.zeros_like(exports), where=total > 0))
