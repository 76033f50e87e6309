"""A smaller world: countries and sectors put together, with every account kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.world.table import renamed
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]


def aggregate_world(
    world: World,
    *,
    countries: Mapping[str, Sequence[str]] | None = None,
    sectors: Mapping[str, Sequence[str]] | None = None,
) -> World:
    """Put countries and sectors together.

    Parameters
    ----------
    world
        The larger world.
    countries, sectors
        Name of an aggregate to its members; what is in none stays as it is.

    Returns
    -------
    World
        Flows, output, value added, inputs, final spending, deficits and tariff revenue are sums.
        The tariff of an aggregate is its revenue over its trade net of tariffs, which is the mean
        of the members' weighted by that trade (the plain mean where none trades); tariffs between
        members stay, as a tariff on what the aggregate buys at home. θ is the mean weighted by
        trade across borders in the world, ψ the mean weighted by gross output.

    Raises
    ------
    UnknownTerm, InputError
        For members that are not there, or in two aggregates.
    """
    places = renamed(world.countries, countries or {}, "country of this world")
    kinds = renamed(world.sectors, sectors or {}, "sector of this world")
    new_countries, c = _matrix(world.countries, places)
    new_sectors, s = _matrix(world.sectors, kinds)
    net = _pairs(world.trade, c, s)
    paid = _pairs(world.trade * (1 + world.tariff), c, s)
    plain = _pairs(world.tariff, c, s) / _pairs(np.ones_like(world.tariff), c, s)
    tariff = np.divide(paid, net, out=1 + plain, where=net > 0) - 1
    spent = paid.sum(0)
    output = c.T @ world.output @ s
    inputs = np.einsum(
        "nks,na,kb,sc->abc", world.input_share * world.output[:, :, None], c, s, s, optimize=True
    )
    input_share = _over(inputs, output[:, :, None])
    final = c.T @ world.final_expenditure @ s
    uses = _by_use(world, c, s)
    return World(
        countries=new_countries, sectors=new_sectors,
        trade_share=_home_where_nothing(paid, spent), expenditure=spent, tariff=tariff,
        # Of what is made by nobody all is value added, as elsewhere.
        value_added_share=np.where(output > 0, 1 - input_share.sum(2), 1.0).clip(0),
        input_share=input_share, final_share=final / final.sum(1, keepdims=True),
        deficit=c.T @ world.deficit,
        trade_elasticity=_mean(world.trade_elasticity, _traded(world), s),
        scale_elasticity=_mean(world.scale_elasticity, world.output.sum(0), s),
        input_trade_share=uses[0], final_trade_share=uses[1],
        year=world.year, currency=world.currency, unit=world.unit, source=world.source,
        elasticity_source=world.elasticity_source,
        notes=(*world.notes, *_notes(world, countries or {}, sectors or {})),
    )  # fmt: skip


def _matrix(old: tuple[str, ...], new: Mapping[str, str]) -> tuple[tuple[str, ...], Array]:
    """New names, and the matrix of ones that adds old ones up into them."""
    kept = [new.get(name, name) for name in old]
    names = tuple(dict.fromkeys(kept))
    out = np.zeros((len(old), len(names)))
    out[np.arange(len(old)), [names.index(name) for name in kept]] = 1.0
    return names, out


def _pairs(cells: Array, c: Array, s: Array) -> Array:
    return np.asarray(np.einsum("ods,oa,db,sc->abc", cells, c, c, s, optimize=True))


def _over(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _home_where_nothing(paid: Array, spent: Array) -> Array:
    share = _over(paid, np.broadcast_to(spent, paid.shape))
    n, s = np.nonzero(spent <= 0)
    share[n, n, s] = 1.0
    return share


def _traded(world: World) -> Array:
    trade = world.trade.sum((0, 1)) - np.einsum("nns->s", world.trade)
    return np.asarray(trade)


def _mean(value: Array, weight: Array, s: Array) -> Array:
    """Means of groups; plain where a group has no weight."""
    weights = s * weight[:, None]
    empty = weights.sum(0) <= 0
    weights[:, empty] = s[:, empty]
    mean = (weights * value[:, None]).sum(0) / weights.sum(0)
    # What stays alone keeps its value to the last digit.
    alone = s.sum(0) == 1
    mean[alone] = (s * value[:, None]).sum(0)[alone]
    return np.asarray(mean)


def _by_use(world: World, c: Array, s: Array) -> tuple[Array | None, Array | None]:
    if world.input_trade_share is None or world.final_trade_share is None:
        return None, None
    out = []
    for share, spent in (
        (world.input_trade_share, world.input_expenditure),
        (world.final_trade_share, world.final_expenditure),
    ):
        paid = _pairs(share * spent, c, s)
        out.append(_home_where_nothing(paid, paid.sum(0)))
    return out[0], out[1]


def _notes(
    world: World, countries: Mapping[str, Sequence[str]], sectors: Mapping[str, Sequence[str]]
) -> list[str]:
    if not countries and not sectors:
        return []
    said = [
        f"{name}: {', '.join(members)}."
        for name, members in {**countries, **sectors}.items()
        if list(members) != [name]
    ]
    return [
        f"Aggregated from {len(world.countries)} countries and {len(world.sectors)} sectors: "
        "tariffs weighted by trade net of them, θ by trade across borders, ψ by output. "
        + " ".join(said)
    ]
