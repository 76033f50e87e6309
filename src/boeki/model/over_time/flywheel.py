"""The technology flywheel: sales pay for research, research raises technology, technology sells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.world.elasticities import elasticities
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Flywheel:
    """T̂′ = (1 − δ) T̂ + δ (ρ̂ Ŷ / ŵ)^κ H^ε, Â = T̂^(1/θ), by country and sector.

    Its rest point, without diffusion, is the static model with scale economies ψ = κ / θ.

    Attributes
    ----------
    psi
        Scale elasticities that the rest point has, ``(sector,)`` or one number: κ = θ ψ. None
        takes those of the world.
    depreciation
        δ, how much of technology is renewed in a period, from 0 to 1; one number or ``(sector,)``.
    research
        ρ̂, research over sales over the baseline's, by period, ``(period, country, sector)`` or
        anything that extends to it; None for one. It costs nothing; what scenarios impose does.
    intensity
        Research over sales in the baseline, ``(country, sector)`` or anything that extends to it:
        :func:`boeki.research_intensity` has published ones. Asked for where a scenario pushes
        research: what that takes is labour.
    diffusion
        ε, by how much technology follows what is known from trade; 0 for not at all.
    across
        The part of what is known that comes from the sectors of inputs, from 0 to 1; the rest is
        from the own sector.
    levels
        T of the baseline, ``(country, sector)``, in any unit: who loses a supplier that leads loses
        what it knows. None takes all for alike, so that only what changes spreads.
    """

    psi: Any = None
    depreciation: Any = 0.15
    research: Any = None
    intensity: Any = None
    diffusion: float = 0.0
    across: float = 0.0
    levels: Any = None

    def kappa(self, world: World) -> Array:
        """κ = θ ψ, ``(sector,)``.

        Raises
        ------
        InputError
            For ψ below zero.
        """
        psi = world.scale_elasticity if self.psi is None else self.psi
        wide = _wide(psi, world.trade_elasticity.shape, "psi", "one number, or one a sector")
        if not (np.isfinite(wide) & (wide >= 0)).all():
            raise InputError("psi of the flywheel must be 0 or more in every sector")
        return np.asarray(world.trade_elasticity * wide)

    def renewed(self, world: World) -> Array:
        """δ, ``(sector,)``.

        Raises
        ------
        InputError
            For δ not from 0 to 1, and diffusion that is none.
        """
        wide = _wide(
            self.depreciation, world.trade_elasticity.shape, "depreciation",
            "one number, or one a sector",
        )  # fmt: skip
        if not ((wide > 0) & (wide <= 1)).all():
            raise InputError("depreciation of technology is a share: above 0, and at most 1")
        if not (np.isfinite(self.diffusion) and self.diffusion >= 0):
            raise InputError("diffusion of technology must be 0 or more")
        if not 0 <= self.across <= 1:
            raise InputError("across is a share of what is known: from 0 to 1")
        return wide

    def leads(self, world: World) -> Array | None:
        """T of the baseline, ``(sector, country)``; None where all are alike.

        Raises
        ------
        InputError
            For levels that are not above 0.
        """
        if self.levels is None:
            return None
        wide = _wide(
            self.levels, world.expenditure.shape, "levels", "one number, or (country, sector)"
        )
        if not (np.isfinite(wide) & (wide > 0)).all():
            raise InputError("levels of technology must be above 0 in every country and sector")
        return np.ascontiguousarray(wide.T)

    def efforts(self, world: World, periods: int) -> Array:
        """ρ̂ by period, ``(period, sector, country)``."""
        shape = (periods, *world.expenditure.shape)
        given = _wide(
            1.0 if self.research is None else self.research, shape, "research",
            f"numbers of the shape {shape}, (period, country, sector)",
        )  # fmt: skip
        if not (np.isfinite(given) & (given > 0)).all():
            raise InputError("research must be above 0 in every period, country and sector")
        return np.ascontiguousarray(given.transpose(0, 2, 1))

    def intensities(self, world: World) -> Array:
        """Research over sales in the baseline, ``(sector, country)``; nan where not known.

        Raises
        ------
        InputError
            Where there are none at all.
        """
        if self.intensity is None:
            raise InputError(
                "a push of research needs to know how much there is: give the flywheel intensity, "
                "research over sales by country and sector, such as boeki.research_intensity(world)"
            )
        given = _wide(
            self.intensity, world.expenditure.shape, "intensity",
            "one number, or (country, sector)",
        )  # fmt: skip
        if not (np.isnan(given) | (given > 0)).all():
            raise InputError("intensity of research must be above 0 wherever it is known")
        return np.ascontiguousarray(given.T)


def psi_of(world: World, given: str | float, sectors: Sequence[str] = ()) -> Array:
    """Scale elasticities, ``(sector,)``, of a number or of a published set.

    Parameters
    ----------
    world
        Whose sectors.
    given
        One number; or the name of a set that has scale elasticities, such as
        ``lashkaripour_lugovskyy_2023``.
    sectors
        In these alone; none elsewhere.

    Raises
    ------
    InputError, UnknownTerm
        For a set without scale elasticities, and sectors that there are not.
    """
    try:
        psi = np.full(len(world.sectors), float(given))
    except ValueError:
        found = elasticities(str(given), world.sectors, others=1.0)
        if found.scale_elasticity is None:
            raise InputError(
                f"{given} has no scale elasticities: give a number, or another set"
            ) from None
        psi = np.nan_to_num(found.scale_elasticity)
    places = [world.sector(name) for name in sectors]
    if places:
        psi[np.setdiff1d(np.arange(psi.size), places)] = 0.0
    return psi


def _wide(given: Any, shape: tuple[int, ...], name: str, words: str) -> Array:
    try:
        return np.array(np.broadcast_to(np.asarray(given, dtype=np.float64), shape))
    except (TypeError, ValueError):
        raise InputError(f"{name} of the flywheel must be {words}") from None
