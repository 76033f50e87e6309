"""The technology flywheel: sales pay for research, research raises technology, technology sells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Flywheel:
    """T̂′ = (1 − δ) T̂ + δ (ρ̂ Ŷ / ŵ)^κ, Â = T̂^(1/θ), by country and sector.

    Its rest point is the static model with scale economies ψ = κ / θ.

    Attributes
    ----------
    psi
        Scale elasticities that the rest point has, ``(sector,)`` or one number: κ = θ ψ. None
        takes those of the world.
    depreciation
        δ, how much of technology is renewed in a period, from 0 to 1.
    research
        ρ̂, research over sales over the baseline's, by period, ``(period, country, sector)`` or
        anything that extends to it; None for one.
    """

    psi: Any = None
    depreciation: float = 0.15
    research: Any = None

    def kappa(self, world: World) -> Array:
        """κ = θ ψ, ``(sector,)``.

        Raises
        ------
        InputError
            For ψ below zero, or δ not from 0 to 1.
        """
        psi = world.scale_elasticity if self.psi is None else self.psi
        try:
            wide = np.broadcast_to(np.asarray(psi, dtype=np.float64), world.trade_elasticity.shape)
        except (TypeError, ValueError):
            raise InputError("psi of the flywheel must be one number, or one a sector") from None
        if not (np.isfinite(wide) & (wide >= 0)).all():
            raise InputError("psi of the flywheel must be 0 or more in every sector")
        if not 0 < self.depreciation <= 1:
            raise InputError("depreciation of technology is a share: above 0, and at most 1")
        return np.asarray(world.trade_elasticity * wide)

    def turned(self, technology: Array, effort: Array, kappa: Array) -> Array:
        """Technology of the next period, ``(sector, country)``, from sales over wages ρ̂ Ŷ / ŵ."""
        new = effort ** kappa[:, None]
        return np.asarray((1 - self.depreciation) * technology + self.depreciation * new)

    def efforts(self, world: World, periods: int) -> Array:
        """ρ̂ by period, ``(period, sector, country)``."""
        shape = (periods, *world.expenditure.shape)
        try:
            given = np.broadcast_to(1.0 if self.research is None else self.research, shape)
        except ValueError:
            raise InputError(
                f"research must be numbers of the shape {shape}, (period, country, sector)"
            ) from None
        if not (np.isfinite(given) & (given > 0)).all():
            raise InputError("research must be above 0 in every period, country and sector")
        return np.ascontiguousarray(np.asarray(given, dtype=np.float64).transpose(0, 2, 1))
