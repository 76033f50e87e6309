"""Sums of trade that the world's baseline and its equilibria both ask for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

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


class Traded:
    """What sums of ``trade``, ``(origin, destination, sector)``, give; home is no trade."""

    if TYPE_CHECKING:

        @cached_property
        def trade(self) -> Array:
            """Sales net of tariffs: what takes these sums has it."""

    @cached_property
    def exports(self) -> Array:
        """Exports net of tariffs, ``(country,)``, in the currency."""
        return np.asarray(self.exports_by_sector.sum(1))

    @cached_property
    def imports(self) -> Array:
        """Imports net of tariffs, ``(country,)``, in the currency."""
        return np.asarray(self.imports_by_sector.sum(1))

    @cached_property
    def exports_by_sector(self) -> Array:
        """Exports net of tariffs, ``(country, sector)``, in the currency."""
        return exports_by_sector(self.trade)

    @cached_property
    def imports_by_sector(self) -> Array:
        """Imports net of tariffs, ``(country, sector)``, in the currency."""
        return imports_by_sector(self.trade)

    @cached_property
    def market_share(self) -> Array:
        """Share of a country in the world's exports of a sector, ``(country, sector)``."""
        return market_share(self.exports_by_sector)
