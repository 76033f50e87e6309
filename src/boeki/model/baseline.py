"""The observed economy as the equations read it: arrays by sector first, ready to be multiplied."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Kin:
    """What baselines share that differ in elasticities alone.

    Attributes
    ----------
    theta
        Trade elasticities of the first of them.
    found
        What is worked out once for all of them, by name.
    """

    theta: Array
    found: dict[str, Any] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        # What was worked out is sooner worked out again than sent.
        return Kin, (self.theta,)


@dataclass(frozen=True, eq=False)
class Baseline:
    """A world with its axes turned, sector, destination, origin, so that every sum is a product.

    Goods are sectors, or, where trade shares are known by use, sectors as inputs and then once
    more for final use: G is S or 2 S.

    Attributes
    ----------
    share
        ``(good, destination, origin)``: shares in the destination's spending, tariffs included.
    landed
        ``(good, destination, origin)``: the same shares without the tariffs.
    tariff
        ``(sector, destination, origin)``, ad valorem.
    theta, psi
        Trade and scale elasticities, ``(sector,)``.
    value_added_share, output
        ``(sector, country)``; output in shares of the world's value added.
    input_share
        ``(country, using sector, input sector)``, share of gross output.
    final_share
        ``(sector, country)``.
    input_spending, final_spending
        ``(sector, country)``, in shares of the world's value added.
    gdp, deficit, income
        ``(country,)``, in shares of the world's value added.
    size
        The world's value added, in the world's currency.
    kin
        Those that differ from it in elasticities alone.
    """

    share: Array
    landed: Array
    tariff: Array
    theta: Array
    psi: Array
    value_added_share: Array
    input_share: Array
    final_share: Array
    output: Array
    input_spending: Array
    final_spending: Array
    gdp: Array
    deficit: Array
    income: Array
    size: float
    kin: Kin

    @cached_property
    def taxed(self) -> NDArray[np.bool_]:
        """Sectors that pay a tariff anywhere, ``(sector,)``."""
        return np.asarray((self.tariff != 0).any((1, 2)))

    @cached_property
    def active(self) -> NDArray[np.bool_] | None:
        """Where anything is made, ``(sector, country)``; None where everything is everywhere."""
        made = self.output > 0
        return None if made.all() else made

    @cached_property
    def used(self) -> NDArray[np.bool_]:
        """Sectors that a country buys as inputs, ``(sector, country)``."""
        return uses(self.input_share, self.output)

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """Where each cell of ``(origin, destination, sector)`` stands in ``(sector, …)``, flat."""
        shape = self.theta.size, self.gdp.size, self.gdp.size
        index = np.arange(self.theta.size * self.gdp.size**2, dtype=np.intp).reshape(shape)
        return np.ascontiguousarray(index.transpose(2, 1, 0)).reshape(-1)

    @cached_property
    def supplied(self) -> bool:
        """Whether somebody sells every good everywhere."""
        return bool((self.share.sum(2) > 0).all())

    @property
    def by_use(self) -> bool:
        """Whether goods for input and for final use are apart."""
        return len(self.share) == 2 * self.theta.size

    @property
    def shape(self) -> tuple[int, int, int]:
        """Goods, sectors, countries."""
        return self.share.shape[0], self.theta.size, self.gdp.size


_made: WeakKeyDictionary[World, Baseline] = WeakKeyDictionary()


def baseline_of(world: World) -> Baseline:
    """The arrays of a world, made once for each."""
    if world not in _made:
        _made[world] = _make(world)
    return _made[world]


def with_elasticities(world: World, theta: Array) -> World:
    """The same world with other trade elasticities, ``(sector,)``; all else is shared, not copied.

    Its baseline shares the arrays of the world's, too: what is read from memory for the one need
    not be read again for the other.
    """
    theta = np.array(theta, dtype=np.float64)
    if theta.shape != world.trade_elasticity.shape or not (np.isfinite(theta) & (theta > 0)).all():
        raise InputError(f"trade elasticities must be {len(world.sectors)} numbers above 0")
    theta.setflags(write=False)
    other = object.__new__(World)
    # No account holds an elasticity: what was checked of the world is true of this one.
    vars(other).update({**vars(world), "trade_elasticity": theta})
    _made[other] = replace(baseline_of(world), theta=theta)
    return other


def differs_in_elasticities(world: World, other: World) -> bool:
    """Whether two worlds share all but the trade elasticities."""
    return all(
        getattr(world, f.name) is getattr(other, f.name)
        for f in fields(World) if f.name != "trade_elasticity"
    )  # fmt: skip


def _make(world: World) -> Baseline:
    size = float(world.gdp.sum())
    if world.input_trade_share is not None and world.final_trade_share is not None:
        shares = np.concatenate([world.input_trade_share, world.final_trade_share], axis=2)
    else:
        shares = world.trade_share
    output = world.output / size
    share, tariff = by_sector(shares), by_sector(world.tariff)
    keep = np.tile(1 / (1 + tariff), (len(share) // len(tariff), 1, 1))
    return Baseline(
        share=share, landed=share * keep, tariff=tariff,
        theta=world.trade_elasticity, psi=world.scale_elasticity,
        value_added_share=turned(world.value_added_share),
        input_share=np.ascontiguousarray(world.input_share), final_share=turned(world.final_share),
        output=turned(output), input_spending=turned(world.input_expenditure / size),
        final_spending=turned(world.final_expenditure / size), gdp=world.gdp / size,
        deficit=world.deficit / size, income=world.income / size, size=size,
        kin=Kin(world.trade_elasticity),
    )  # fmt: skip


def uses(input_share: Array, output: Array) -> NDArray[np.bool_]:
    """Sectors that a country buys as inputs of what it makes, ``(sector, country)``."""
    return np.asarray(((input_share > 0) & (output.T > 0)[:, :, None]).any(1).T)


def by_sector(cells: Array) -> Array:
    """``(origin, destination, sector)`` as ``(sector, destination, origin)``."""
    return np.ascontiguousarray(cells.transpose(2, 1, 0))


def turned(cells: Array) -> Array:
    """``(country, sector)`` as ``(sector, country)``."""
    return np.ascontiguousarray(cells.T)
