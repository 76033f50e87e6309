"""What a forecast could reach that knew more: demand, deficits, trade costs as they turned out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, NotSolved, UnknownTerm
from boeki.model.equilibrium import Equilibrium
from boeki.model.inversion import CAUSES, invert, only, with_traces
from boeki.model.simulate import simulate
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]
#: Kinds of shocks that may be fed. Productivity is left out: it is the answer itself.
KNOWN = tuple(cause for cause in CAUSES if cause != "productivity")

_ROUNDS, _CLOSE = 120, 1e-7


def known_shares(
    before: World,
    after: World,
    known: Sequence[str],
    *,
    scale_elasticity: Array | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Array]:
    """Market shares with growth known, and one kind of shock more each time.

    Parameters
    ----------
    before, after
        Worlds of two years.
    known
        Of ``demand``, ``deficits``, ``tariffs``, ``trade costs``, as
        :func:`boeki.model.invert` finds them; fed one after the other, in this order.
    scale_elasticity
        ψ of technology at rest, ``(sector,)``; none where left out.
    progress
        Called with 1 for every equilibrium.

    Returns
    -------
    dict
        ``growth, demand`` … to shares in world exports, ``(country, sector)``.

    Raises
    ------
    InputError, UnknownTerm
        For what is not known, or said twice.
    NotSolved
        Where no growth of labour gives the later year's GDP.
    """
    for name in known:
        if name not in KNOWN:
            raise UnknownTerm("knowledge", name, KNOWN)
    if len(set(known)) < len(known):
        raise InputError("what is known is named once")
    # Without scale economies: these do not touch any shock but productivity, which is not fed.
    flat = replace(before, scale_elasticity=np.zeros(len(before.sectors)))
    start = with_traces(flat, after)
    shocks = invert(start, with_traces(after, flat))
    if scale_elasticity is not None:
        start = replace(start, scale_elasticity=np.asarray(scale_elasticity))
    made = {}
    for count in range(1, len(known) + 1):
        fed = only(shocks, frozenset(known[:count]))
        arrays = {name: value for name, value in vars(fed).items() if value is not None}
        made[", ".join(("growth", *known[:count]))] = _grown(start, after, arrays, progress)
    return made


def _grown(
    start: World, after: World, arrays: dict[str, Array], progress: Callable[[int], None] | None
) -> Array:
    """Shares where GDP has grown as it did, by labour."""
    found: Equilibrium | None = None

    def solve(labour: Array) -> tuple[Array, Array]:
        nonlocal found
        given: dict[str, Any] = {**arrays, "labour": np.exp(labour)}
        found = simulate(start, start=found, **given)
        return found.gdp, found.market_share

    return shares_with_growth(start, after, solve, progress)


def shares_with_growth(
    before: World,
    after: World,
    solve: Callable[[Array], tuple[Array, Array]],
    progress: Callable[[int], None] | None,
) -> Array:
    """Market shares with the labour that gives countries the GDP of a later year.

    Parameters
    ----------
    before, after
        The worlds of the two years.
    solve
        GDP, ``(country,)``, and shares, ``(country, sector)``, of the logarithm of labour.
    progress
        Called with 1 for every solution.

    Raises
    ------
    NotSolved
        Where no growth of labour gives it.
    """
    size = before.gdp / before.gdp.sum()
    wanted = np.log(after.gdp / after.gdp.sum() / size)
    labour = np.array(wanted)
    for _ in range(_ROUNDS):
        # The world's labour is held: with a flywheel all countries together are not free to grow.
        labour = labour - np.log(size @ np.exp(labour))
        gdp, shares = solve(labour)
        if progress is not None:
            progress(1)
        gap = wanted - np.log(gdp / gdp.sum() / size)
        if np.abs(gap).max() <= _CLOSE:
            return np.asarray(shares)
        labour = labour + gap
    raise NotSolved(
        f"no growth of labour gives the GDP of {after.year}: a gap of {np.abs(gap).max():.1e} is "
        "left"
    )
