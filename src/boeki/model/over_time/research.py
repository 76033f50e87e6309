"""Research that scenarios push, and what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.model.baseline import Baseline
from boeki.model.over_time.flywheel import Flywheel
from boeki.model.over_time.learning import Learning
from boeki.model.over_time.timed import Dated
from boeki.model.scenario import cells_of
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]


def learning_of(
    world: World, flywheel: Flywheel, base: Baseline, dated: Sequence[Dated], first: int,
    periods: int,
) -> Learning:  # fmt: skip
    """The flywheel with all research that scenarios push, from a period on to the last.

    A push of a share of GDP goes to the sectors named by what research each has; a change goes to
    each alike. Either takes labour worth as much away from production.

    Parameters
    ----------
    world, base
        The baseline.
    flywheel
        What is pushed.
    dated
        What is imposed and known.
    first, periods
        From this period on, to the last.

    Raises
    ------
    InputError
        Where a country has none of what is pushed, or cuts all of it.
    """
    effort = flywheel.efforts(world, periods)[first:]
    pushed, busy = np.zeros_like(effort), np.zeros((len(effort), base.gdp.size))
    more = np.ones_like(effort)
    pushes = [one for one in dated if one.statement.kind == "research"]
    for one in pushes:
        holds = np.array([one.holds(t) for t in range(first, periods)])
        _push(world, flywheel, base, one, holds, (more, pushed, busy))
    if (more <= 0).any():
        raise InputError("research cannot be cut by all there is: a change above −100 %")
    dear = np.zeros_like(effort)
    if (more != 1).any():
        paid = flywheel.intensities(world) * base.output / base.gdp
        dear = np.where(more == 1, 0.0, (more - 1) * paid)
    return Learning(
        flywheel.kappa(world), flywheel.renewed(world), effort * more, pushed, busy, dear,
        flywheel.diffusion, flywheel.across, world.countries, world.sectors,
        None if flywheel.intensity is None else flywheel.intensities(world), flywheel.leads(world),
    )  # fmt: skip


def _check_known(world: World, intensity: Array, at: NDArray[np.bool_]) -> None:
    unknown = np.argwhere(at & np.isnan(intensity))
    if unknown.size:
        s, n = unknown[0].tolist()
        raise InputError(
            f"research over sales of {world.sectors[s]} in {world.countries[n]} is not known: "
            "push research in sectors where it is, or give the flywheel an intensity"
        )


def _push(
    world: World, flywheel: Flywheel, base: Baseline, one: Dated, holds: NDArray[np.bool_],
    into: tuple[Array, Array, Array],
) -> None:  # fmt: skip
    more, pushed, busy = into
    at = np.zeros(base.output.shape, dtype=bool)
    for country, sector in cells_of(world, [one.statement], "research"):
        at[sector, country] = True
    size = one.statement.size
    _check_known(world, flywheel.intensities(world), at)
    if one.statement.how == "change":
        more[np.ix_(holds, *map(np.arange, at.shape))] *= np.where(at, 1 + size, 1.0)
        return
    if size < 0:
        raise InputError("share_of_gdp of research must be 0 or more: cut research by change")
    paid = np.where(at, flywheel.intensities(world) * base.output, 0.0)
    for n in np.flatnonzero(at.any(0)).tolist():
        if paid[:, n].sum() <= 0:
            names = ", ".join(world.sectors[s] for s in np.flatnonzero(at[:, n]))
            raise InputError(
                f"{world.countries[n]} makes no {names} in the baseline: there is no research to "
                "add to, and the model has nothing to say on what a beginning would bring"
            )
        pushed[holds, :, n] += size * base.gdp[n] / paid[:, n].sum() * at[:, n]
        busy[holds, n] += size
