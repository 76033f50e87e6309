"""Inversion: the shocks that turn one year's world into another's, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.model.shocks import Shocks
from boeki.world.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

Array: TypeAlias = NDArray[np.float64]

#: Kinds of shocks that an inversion gives, and the arrays of each.
CAUSES: Mapping[str, tuple[str, ...]] = {
    "productivity": ("productivity", "labour"),
    "trade costs": ("trade_cost",),
    "tariffs": ("tariff",),
    "demand": ("final_share", "input_share"),
    "deficits": ("deficit",),
}


def invert(before: World, after: World, *, labour: Any = None, price: Any = None) -> Shocks:
    """Find the shocks that turn one world into another.

    Trade shares over home shares give the change of what it takes to reach a market over making it
    at home; of that, what differs between a pair's two directions is the cost of the two as
    sellers, and what they share is the pair's trade cost.

    Parameters
    ----------
    before, after
        The same countries and sectors in two years. Elasticities are those of ``before``.
    labour
        Labour force over that of before, ``(country,)``; left out it is held, and productivity has
        its growth as well.
    price
        Prices of what is bought over those of before, ``(country, sector)``, in terms of the
        world's GDP. Left out, trade costs are made as alike in both directions as trade shares
        allow, and the level of productivity in a sector is set so that its world price moves with
        the world's GDP; either way the second world is met exactly, in all its shares and amounts.

    Returns
    -------
    Shocks
        That :func:`boeki.model.simulate` takes as arrays: ``vars(shocks)``.

    Raises
    ------
    InputError
        For worlds of other countries or sectors, trade shares by use, or trade that begins from
        nothing, which changes cannot tell.

    Notes
    -----
    Head and Ries (2001), American Economic Review 91; Eaton, Kortum, Neiman and Romalis (2016),
    American Economic Review 106.
    """
    _check(before, after)
    theta = before.trade_elasticity
    grown = _ones(labour, (len(before.countries),), "labour")
    wage = after.gdp / after.gdp.sum() / (before.gdp / before.gdp.sum()) / grown
    with np.errstate(divide="ignore"):
        share = np.log(_ratio(after.trade_share, before.trade_share)) / theta
    tariff = np.log1p(after.tariff) - np.log1p(before.tariff)
    near = _nearest(before, after)
    n, s = np.indices(before.expenditure.shape)
    # P̂ = κ̂ ĉ π̂^(1/θ) of every seller; of the nearest one κ̂ is tariffs alone.
    offset = share[near, n, s] + tariff[near, n, s]
    if price is None:
        cost = _as_alike_as_can_be(before, after, share, tariff, offset)
    else:
        bought = np.log(_ones(price, before.expenditure.shape, "price"))
        cost = np.where(near == n, bought - offset, 0.0)
    bought = cost[near, s] + offset if price is None else bought
    trade_cost = np.exp(bought[None] - share - cost[:, None, :] - tariff)
    here = np.arange(len(before.countries))
    trade_cost[here, here] = np.where(near == n, 1.0, trade_cost[here, here])
    traded = (before.trade_share > 0) | (after.trade_share > 0)
    trade_cost = np.where(traded, trade_cost, 1.0)
    inputs = np.einsum("nks,ns->nk", after.input_share, bought)
    productivity = np.exp(after.value_added_share * np.log(wage)[:, None] + inputs - cost)
    scale = before.gdp.sum() / after.gdp.sum()
    # What is not made has no productivity.
    productivity = np.where((before.output > 0) & (after.output > 0), productivity, 1.0)
    if before.scale_elasticity.any():
        productivity = productivity / _scale_effects(before, after, wage, scale)
    return Shocks(
        tariff=np.array(after.tariff), trade_cost=trade_cost, productivity=productivity,
        labour=None if labour is None else grown, final_share=np.array(after.final_share),
        input_share=np.array(after.input_share), deficit=after.deficit * scale,
    )  # fmt: skip


def _check(before: World, after: World) -> None:
    if before.countries != after.countries or before.sectors != after.sectors:
        raise InputError(
            "both worlds must have the same countries and sectors, in the same order: aggregate "
            "them alike"
        )
    if before.by_use or after.by_use:
        raise InputError("inversion wants one trade share for all uses: common_shares(world)")
    new = (before.trade_share == 0) & (after.trade_share > 0)
    if new.any():
        o, d, s = (int(i) for i in np.argwhere(new)[0])
        count = int(new.sum())
        raise InputError(
            f"trade of {before.countries[o]} with {before.countries[d]} in {before.sectors[s]} "
            f"begins from nothing{f', and {count - 1} more' if count > 1 else ''}: changes cannot "
            "tell it. Aggregate countries or sectors, or give both worlds traces of each other "
            "(boeki.model.inversion.with_traces)"
        )


def with_traces(world: World, other: World, share: float = 1e-9) -> World:
    """The world with traces of trade and demand where another year has some and this one has none.

    What begins from nothing, or ends, cannot be told by changes: take both years with traces of
    each other.

    Parameters
    ----------
    world, other
        The same countries and sectors in two years.
    share
        Of the destination's spending on the sector, of final spending, and of output.
    """
    trade, begins = _traced(world.trade_share, other.trade_share, share)
    final, wanted = _traced(world.final_share, other.final_share, share)
    inputs, used = _traced(world.input_share, other.input_share, share)
    if begins + wanted + used == 0:
        return world
    added = world.value_added_share - (inputs - world.input_share).sum(2)
    return World.from_arrays(
        world.countries, world.sectors, trade_share=trade / trade.sum(0),
        expenditure=world.expenditure, tariff=world.tariff, input_share=inputs,
        value_added_share=added, final_share=final / final.sum(1, keepdims=True),
        deficit=world.deficit, trade_elasticity=world.trade_elasticity,
        scale_elasticity=world.scale_elasticity, settle=True, year=world.year,
        currency=world.currency, unit=world.unit, source=world.source,
        elasticity_source=world.elasticity_source,
        notes=(
            *world.notes,
            f"{begins} flows that the other year has stand at {share:g} of their market, and "
            f"{wanted + used} uses at {share:g} of spending",
        ),
    )  # fmt: skip


def _traced(here: Array, there: Array, share: float) -> tuple[Array, int]:
    new = (here <= 0) & (there > 0)
    return np.where(new, share, here), int(new.sum())


def _ones(given: Any, shape: tuple[int, ...], name: str) -> Array:
    if given is None:
        return np.ones(shape)
    cells = np.asarray(given, dtype=np.float64)
    if cells.shape != shape or not (cells > 0).all():
        raise InputError(f"{name} must be {shape} numbers above 0")
    return cells


def _ratio(after: Array, before: Array) -> Array:
    return np.divide(after, before, out=np.ones_like(after), where=before > 0)


def _nearest(before: World, after: World) -> NDArray[np.intp]:
    """The seller against which others are measured: home, or the largest where home sells none."""
    least = np.minimum(before.trade_share, after.trade_share)
    here = np.arange(len(before.countries))
    home = least[here, here] > 0
    largest = least.argmax(0)
    none = least.max(0) <= 0
    if none.any():
        n, s = (int(i) for i in np.argwhere(none)[0])
        raise InputError(
            f"nobody sells {before.sectors[s]} to {before.countries[n]} in both years: aggregate"
        )
    return np.where(home, here[:, None], largest)


def _as_alike_as_can_be(
    before: World, after: World, share: Array, tariff: Array, offset: Array
) -> Array:
    """Costs ĉ that leave the two directions of a pair as alike as can be, by sector."""
    cost, theta = np.zeros(before.expenditure.shape), before.trade_elasticity
    least = np.minimum(before.trade_share, after.trade_share)
    home = np.einsum("nns->ns", least) > 0
    for s in range(theta.size):
        both = (least[:, :, s] > 0) & home[:, s] & home[:, s, None]
        weight = (both & both.T).astype(float)
        np.fill_diagonal(weight, 0)
        # Trade cost of o → d less that of d → o is 2 (ĉ_d − ĉ_o) and this: least squares.
        bare = np.where(weight > 0, offset[None, :, s] - share[:, :, s] - tariff[:, :, s], 0.0)
        laplacian = np.diag(weight.sum(1)) - weight
        gap = (weight * (bare - bare.T)).sum(1) / 2
        cost[:, s] = np.linalg.lstsq(laplacian, gap, rcond=1e-12)[0]
        spent = after.expenditure[:, s]
        cost[:, s] -= (spent * (cost[:, s] + offset[:, s])).sum() / spent.sum()
    return cost


def _scale_effects(before: World, after: World, wage: Array, scale: float) -> Array:
    work = _ratio(after.value_added * scale, before.value_added) / wage[:, None]
    return np.asarray(work**before.scale_elasticity)


def only(shocks: Shocks, causes: frozenset[str]) -> Shocks:
    """Some kinds of the shocks of an inversion, by :data:`CAUSES`; the others stay at rest."""
    kept = {name for cause in causes for name in CAUSES[cause]}
    names = {name for arrays in CAUSES.values() for name in arrays}
    rest = {name: value for name, value in vars(shocks).items() if name not in names - kept}
    return Shocks(**rest)
