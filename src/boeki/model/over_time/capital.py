"""Capital: built from goods, used with labour, and worth what it will earn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, NotSolved
from boeki.model.over_time.tridiagonal import tridiagonal
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

_STEPS, _CLOSE, _LONGEST = 60, 1e-12, 0.5


@dataclass(frozen=True, eq=False)
class Capital:
    """K′ = (1 − δ) K + δ^(1−μ) I^μ K^(1−μ): capital that accumulates from investment.

    The baseline is at rest: what it invests follows from the share of capital, δ, μ and β.

    Attributes
    ----------
    share
        α of capital in value added, one number or ``(country,)``.
    depreciation
        δ, by period.
    adjustment
        μ: 1 where investment becomes capital one for one; below, the faster the dearer.
    goods
        Shares of sectors in investment, ``(country, sector)``; None for those of final spending.
    """

    share: Any = 0.33
    depreciation: float = 0.06
    adjustment: float = 0.55
    goods: Any = None

    def shares(self, world: World) -> Array:
        """α by country.

        Raises
        ------
        InputError
            For shares not from 0 to below 1, δ or μ not above 0 and at most 1.
        """
        try:
            wide = np.broadcast_to(np.asarray(self.share, dtype=np.float64), world.gdp.shape)
        except (TypeError, ValueError):
            raise InputError("capital's share must be one number, or one a country") from None
        if not (np.isfinite(wide) & (wide >= 0) & (wide < 1)).all():
            raise InputError("capital's share in value added is from 0 to below 1")
        for name in ("depreciation", "adjustment"):
            if not 0 < getattr(self, name) <= 1:
                raise InputError(f"{name} of capital is above 0, and at most 1")
        return np.array(wide)

    def composition(self, world: World) -> Array:
        """Shares of sectors in investment, ``(sector, country)``.

        Raises
        ------
        InputError
            For shares that are below 0 or do not sum to 1.
        """
        if self.goods is None:
            return np.ascontiguousarray(world.final_share.T)
        shares = np.asarray(self.goods, dtype=np.float64)
        if shares.shape != world.final_share.shape or not (shares >= 0).all():
            raise InputError(
                f"goods of investment must be shares of the shape {world.final_share.shape}, "
                "(country, sector)"
            )
        if np.abs(shares.sum(1) - 1).max() > 1e-6:
            raise InputError("shares of goods in investment must sum to 1 in every country")
        return np.ascontiguousarray(shares.T / shares.sum(1))

    def invested(self, discount: float) -> float:
        """Investment over what capital earns, at rest."""
        return self.depreciation / self.rest_return(discount)

    def investment(self, stock: Array) -> Array:
        """I over the baseline's, ``(period, country)``, that makes capital what it is.

        Parameters
        ----------
        stock
            Capital over the baseline's at the start of each period; the last period lasts.
        """
        following = np.vstack([stock[1:], stock[-1:]])
        return np.asarray(stock * self._ratio(following / stock))

    def _ratio(self, growth: Array) -> Array:
        """I / K over δ, as a function of K′ / K."""
        new = (growth - (1 - self.depreciation)) / self.depreciation
        if (new <= 0).any():
            raise NotSolved(
                "capital would have to fall faster than it wears out: investment cannot be "
                "negative. Raise the adjustment cost (a lower adjustment), or soften the shock"
            )
        return np.asarray(new ** (1 / self.adjustment))

    def rest_return(self, discount: float) -> float:
        """What capital earns over its price, at rest."""
        return (1 / discount - 1) / self.adjustment + self.depreciation

    def plan(
        self, stock: Array, earned: Array, price: Array, bond: Array, alpha: Array,
        discount: float,
    ) -> Array:  # fmt: skip
        """Capital that is worth its price in every period.

        Parameters
        ----------
        stock
            With which capital earns what it earns, ``(period, country)``; the first is given.
        earned
            What it earns over the baseline's, ``(period, country)``.
        price
            Of investment over the baseline's, ``(period, country)``.
        bond
            Price in the first period of the numeraire in each, ``(period, country)``.
        alpha
            Capital's share, ``(country,)``.
        discount
            β, with which the baseline is at rest.

        Returns
        -------
        numpy.ndarray
            ``(period, country)``, the first as given.

        Notes
        -----
        Newton's method on the Euler equations, all countries at once; a country's own capital
        lowers what it earns by the exponent α − 1 (Ravikumar, Santacreu and Sposi 2019, Journal
        of International Economics 119, in changes).
        """
        logs, rate = np.log(stock), self.rest_return(discount) * earned / stock
        found = logs.copy()
        for _ in range(_STEPS):
            euler = self.euler(
                found, rate * np.exp((alpha - 1) * (found - logs)), price, bond, alpha
            )
            move = -tridiagonal(*euler.slopes, euler.gap)
            move *= min(1.0, _LONGEST / max(float(np.abs(move).max()), 1e-300))
            found[1:] += self._held(found, move)
            if not np.isfinite(move).all():
                break
            if np.abs(move).max() <= _CLOSE:
                return np.asarray(np.exp(found))
        raise NotSolved(
            "no investment makes capital worth its price on this path: soften the shock"
        )

    def _held(self, logs: Array, move: Array) -> Array:
        """A move, made small enough that capital never falls faster than it wears out."""
        part = 1.0
        least = np.log(1 - self.depreciation)
        for _ in range(60):
            moved = logs.copy()
            moved[1:] += part * move
            if (np.diff(moved, axis=0) > least * (1 - 1e-9)).all():
                break
            part /= 2
        return part * move

    def euler(
        self, logs: Array, returns: Array, price: Array, bond: Array, alpha: Array
    ) -> CapitalEuler:
        """Gaps of q_t P_t Φ₁ = q_t+1 (r_t+1 − P_t+1 Φ₂), and their slopes in K of t, t+1, t+2.

        Parameters
        ----------
        logs
            Of capital, ``(period, country)``.
        returns
            r: what a unit of it earns, ``(period, country)``.
        price, bond, alpha
            As :meth:`plan` takes them.
        """
        delta, mu = self.depreciation, self.adjustment
        # The last period's capital stays: its growth is one and has no slope.
        growth = np.vstack([np.exp(np.diff(logs, axis=0)), np.ones_like(logs[:1])])
        new = (growth - (1 - delta)) / delta
        first = new ** (1 / mu - 1) / mu
        first_slope = (1 / mu - 1) / mu * new ** (1 / mu - 2) * growth / delta
        # −Φ₂ = K′/K Φ₁ − δ new^(1/μ): what capital saves of next period's investment.
        saved = growth * first - delta * new ** (1 / mu)
        saved_slope = growth * first_slope
        discount = bond[1:] / bond[:-1]
        gap = price[:-1] * first[:-1] - discount * (returns[1:] + price[1:] * saved[1:])
        moving = np.ones((len(growth) - 1, 1))
        moving[-1] = 0.0
        before = -price[:-1] * first_slope[:-1]
        after = -discount * price[1:] * saved_slope[1:] * moving
        here = price[:-1] * first_slope[:-1] - discount * (alpha - 1) * returns[1:] - after
        return CapitalEuler(gap, (before, here, after), first, saved, discount)


@dataclass(frozen=True, eq=False)
class CapitalEuler:
    """The Euler equations of capital at a plan.

    Attributes
    ----------
    gap
        ``(period − 1, country)``.
    slopes
        In the logarithm of capital of the period, of the next and of the one after.
    first, saved
        Φ₁ and −Φ₂, ``(period, country)``.
    discount
        Of the next period's numeraire in each, ``(period − 1, country)``.
    """

    gap: Array
    slopes: tuple[Array, Array, Array]
    first: Array
    saved: Array
    discount: Array
