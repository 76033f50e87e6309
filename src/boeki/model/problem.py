"""A baseline with shocks: everything that stays the same while the equations are solved."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.baseline import Baseline
from boeki.model.products import twice

Array: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Rations:
    """Pairs whose trade in a sector may not pass a volume, one entry for each.

    Attributes
    ----------
    sector, destination, origin
        Where, ``(r,)``.
    limit
        Logarithm of the volume allowed over the baseline's, ``(r,)``.
    before
        What the pair traded before at producers' costs, in shares of the world's value added.
    """

    sector: Index
    destination: Index
    origin: Index
    limit: Array
    before: Array


@dataclass(frozen=True, eq=False)
class Problem:
    """What one solution of the equations needs.

    Attributes
    ----------
    base
        The observed economy.
    reach
        ``(good, destination, origin)``: what each origin's share in spending would be, up to the
        price index, at the baseline's unit costs: π κ̂^−θ.
    landed
        The same of the value at the border: ``reach`` over 1 + tariff.
    received
        The same of what the producer is paid: ``landed`` over 1 + export tax; is ``landed`` itself
        where nothing is taxed.
    productivity
        Logarithm of Â, ``(sector, country)``.
    labour
        L̂, ``(country,)``.
    final_share, value_added_share, input_share
        As the baseline has them, after shocks to preferences and techniques.
    production_tax
        Ad valorem on unit cost, ``(sector, country)``; below 0 a subsidy.
    transfer
        Fixed part of the deficit, in shares of the world's value added, ``(country,)``.
    deficit_share
        Part of the deficit that follows a country's value added, as a share of it, ``(country,)``.
    psi
        Scale elasticities that hold, ``(sector,)``.
    spending_share
        Shares of the countries in the world's final spending, ``(country,)``, where these are
        given and deficits follow; None where deficits are given and spending follows. With them
        ``transfer`` and ``deficit_share`` are zero.
    rations
        Pairs with a limit to their trade, or None.
    cells
        Flat places in ``reach`` and ``landed`` outside of which both are the baseline's; None where
        these are not known.
    taxed
        Goods from the first to the last that pay a tariff anywhere, as a slice: outside of it
        ``landed`` is ``reach``.
    """

    base: Baseline
    reach: Array
    landed: Array
    received: Array
    productivity: Array
    labour: Array
    final_share: Array
    value_added_share: Array
    input_share: Array
    production_tax: Array
    transfer: Array
    deficit_share: Array
    psi: Array
    spending_share: Array | None = None
    rations: Rations | None = None
    cells: Index | None = None
    taxed: slice = field(default_factory=lambda: slice(None))

    @cached_property
    def scaled(self) -> bool:
        """Whether there are scale economies anywhere."""
        return bool(self.psi.any())

    @cached_property
    def minus_theta(self) -> Array:
        """−θ by good, ``(good, 1)``."""
        return -twice(self.base.theta[:, None], self.base.by_use)

    @cached_property
    def intensity(self) -> Array | float:
        """Logarithm of the change in labour per output that new techniques bring."""
        before, after = self.base.value_added_share, self.value_added_share
        if before is after:
            return 0.0
        ratio = np.divide(after, before, out=np.ones_like(after), where=(before > 0) & (after > 0))
        return np.asarray(np.log(ratio))

    @property
    def taxes_exports(self) -> bool:
        """Whether exporters' governments take or give anything at the border."""
        return self.received is not self.landed or self.rations is not None

    @cached_property
    def taxes_production(self) -> bool:
        """Whether production is taxed or subsidised anywhere."""
        return bool(self.production_tax.any())
