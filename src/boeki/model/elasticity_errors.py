"""Standard errors of trade elasticities: given, published, or a quarter where nobody knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.model.baseline import with_elasticities
from boeki.world.elasticities import Elasticities, elasticities, elasticity_sets
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

#: Of a trade elasticity without a published standard error.
UNKNOWN = 0.25


def set_for(world: World, name: str) -> Elasticities:
    """A published set for the sectors of a world, which keeps its own where the set has none."""
    found = elasticities(name, world.sectors, others=1.0)
    covered = np.array([bool(rows) for rows in found.from_rows])
    theta = np.where(covered, found.trade_elasticity, world.trade_elasticity)
    return replace(found, trade_elasticity=theta)


def with_set(world: World, given: Elasticities) -> World:
    """A world with the elasticities of a set.

    Raises
    ------
    InputError
        For elasticities of other sectors than the world's.
    """
    if given.sectors != world.sectors:
        raise InputError(
            f"the elasticities are of {len(given.sectors)} sectors that are not the world's "
            f"{len(world.sectors)}: ask for them with elasticities({given.name!r}, world.sectors)"
        )
    source = replace(world, elasticity_source=given.source)
    return with_elasticities(source, given.trade_elasticity)


def assumed(world: World, given: Any, error: Array) -> tuple[str, ...]:
    """Sectors whose error is a quarter of θ as none is published."""
    if given is not None and not isinstance(given, Elasticities):
        return ()
    quarter = np.isclose(error, UNKNOWN * world.trade_elasticity, rtol=1e-12)
    return tuple(s for s, on in zip(world.sectors, quarter, strict=True) if on)


def errors_of(world: World, given: Any) -> Array:
    """The standard error of each trade elasticity, ``(sector,)``.

    Raises
    ------
    InputError
        For errors below zero, or of other sectors than the world's.
    """
    theta = world.trade_elasticity
    if isinstance(given, Elasticities):
        if given.sectors != world.sectors:
            raise InputError(
                "standard errors of a published set are by sector: they say nothing of a world "
                "whose sectors were put together. Give elasticity_error as a number"
            )
        return np.where(np.isfinite(given.standard_error), given.standard_error, UNKNOWN * theta)
    if given is None:
        return _published(world)
    try:
        error = np.broadcast_to(np.asarray(given, dtype=np.float64), theta.shape)
    except (TypeError, ValueError):
        raise InputError(
            f"elasticity_error must be one number, or {theta.size} of them, one a sector"
        ) from None
    if not (np.isfinite(error).all() and (error >= 0).all()):
        raise InputError("elasticity_error must be 0 or more in every sector")
    return error


def _published(world: World) -> Array:
    """Errors of the set that the world says its elasticities are from, where they still are."""
    theta = world.trade_elasticity
    error = UNKNOWN * theta
    for name, source in elasticity_sets().items():
        if source not in world.elasticity_source:
            continue
        try:
            found = elasticities(name, world.sectors, others=1.0)
        except InputError:
            continue
        same = np.isclose(found.trade_elasticity, theta, rtol=1e-9)
        known = same & np.isfinite(found.standard_error)
        error = np.where(known, found.standard_error, error)
    return error
