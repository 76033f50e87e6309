"""What sales, research and trade make of technology, in the arrays' own axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import NotSolved
from boeki.model.exact_hat import Flows, Point
from boeki.model.licences import licences
from boeki.model.problem import Problem
from boeki.model.products import forth, twice, uses_of

Array: TypeAlias = NDArray[np.float64]

#: Technology above so many times the baseline's has exploded.
_MOST = 1e12


@dataclass(frozen=True, eq=False)
class Learning:
    """T̂′ = (1 − δ) T̂ + δ (ρ̂ Ŷ / ŵ + pushed)^κ H^ε.

    Attributes
    ----------
    kappa, depreciation
        κ = θ ψ and δ, ``(sector,)``.
    effort
        ρ̂, ``(period, sector, country)``.
    pushed
        Research beside what sales pay for, over the baseline's, ``(period, sector, country)``.
    busy
        Share of the labour force that this takes, ``(period, country)``.
    dear
        Share of the labour force that a rise of ρ̂ takes where sales over wages are the baseline's,
        ``(period, sector, country)``.
    diffusion, across
        ε, and the part of H that comes through inputs.
    countries, sectors
        Names, for messages.
    intensity
        Research over sales in the baseline, ``(sector, country)``; None where it is not known.
    levels
        T of the baseline, ``(sector, country)``; None where all are alike.
    """

    kappa: Array
    depreciation: Array
    effort: Array
    pushed: Array
    busy: Array
    dear: Array
    diffusion: float
    across: float
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    intensity: Array | None = None
    levels: Array | None = None

    def at_work(self, t: int, point: Point, labour_share: Array | float = 1.0) -> Array:
        """Share of the labour force that is left to produce, ``(country,)``.

        Parameters
        ----------
        t
            Period.
        point
            Of that period.
        labour_share
            Labour's share in value added, ``(country,)``: research is paid in labour alone.
        """
        cost = self.busy[t] + (self.dear[t] * np.exp(point.output - point.wage)).sum(0)
        busy = cost / labour_share
        if (busy >= 1).any():
            name = self.countries[int(busy.argmax())]
            raise NotSolved(f"research takes all labour of {name} in period {t}: plan less of it")
        return np.asarray(1 - busy)

    def same(self, periods: int) -> bool:
        """Whether nothing is pushed anew in the last so many periods."""
        arrays = (self.effort, self.pushed, self.busy, self.dear)
        return all((a[-periods:] == a[-1]).all() for a in arrays)

    def turned(
        self, t: int, technology: Array, problem: Problem, point: Point, flows: Flows
    ) -> Array:
        """Technology of the next period, ``(sector, country)``.

        Raises
        ------
        NotSolved
            Where it explodes; names country and sector.
        """
        sales = np.exp(point.output + problem.intensity - point.wage)
        new = (self.effort[t] * sales + self.pushed[t]) ** self.kappa[:, None]
        if self.diffusion:
            new = new * np.exp(self.diffusion * self.known(technology, problem, point, flows))
        delta = self.depreciation[:, None]
        following = (1 - delta) * technology + delta * new
        if not np.isfinite(following).all() or following.max() > _MOST:
            self._exploded(t, following)
        return np.asarray(following)

    def known(self, technology: Array, problem: Problem, point: Point, flows: Flows) -> Array:
        """log H, ``(sector, country)``: technology embodied in what is bought, by trade shares.

        Of the own sector, and by the part ``across`` of the sectors that inputs come from (Cai, Li
        and Santacreu 2022, American Economic Journal: Macroeconomics 14, along trade).
        """
        base = problem.base
        if self.levels is not None:
            technology = technology * self.levels
        sold = flows.reached * technology
        taught = forth(problem.reach, twice(sold, base.by_use))
        licence = licences(problem, point.wedge, sold)
        if licence is not None:
            licence.add_to(taught, np.zeros_like(taught))
        bought = np.log(taught / flows.index)[: base.theta.size]
        if self.levels is not None:
            before = forth(base.share, twice(self.levels, base.by_use))[: base.theta.size]
            bought = bought - np.log(before)
        return through_inputs(bought, problem.input_share, self.across)

    def _exploded(self, t: int, following: Array) -> None:
        s, n = np.unravel_index(int(np.nan_to_num(following, nan=np.inf).argmax()), following.shape)
        raise NotSolved(
            f"technology of {self.countries[n]} in {self.sectors[s]} explodes in period {t + 1}: "
            f"κ = θψ is {self.kappa[s]:.2f} there. Lower psi; at κ of 1 or above sales may feed on "
            "themselves without end"
        )


def through_inputs(bought: Array, input_share: Array, across: float) -> Array:
    """What is known of the own sector, mixed with what is known of those that inputs come from.

    Parameters
    ----------
    bought
        Of each sector, ``(sector, country)``.
    input_share
        ``(country, using sector, input sector)``.
    across
        The part that comes with inputs; all from the own sector where there are none.
    """
    if not across:
        return bought
    weight = input_share.sum(2).T
    through = uses_of(input_share, bought)
    through = np.divide(through, weight, out=np.array(bought), where=weight > 0)
    return np.asarray((1 - across) * bought + across * through)
