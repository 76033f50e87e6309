"""Zoom into a product: one sector of a world becomes two, with every account kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, UnknownTerm
from boeki.world.cross_entropy import filling
from boeki.world.product_flows import Method, product_flows
from boeki.world.tariff import tariff_array
from boeki.world.world import World

if TYPE_CHECKING:
    import pandas as pd

Array: TypeAlias = NDArray[np.float64]

#: A user that is no sector.
FINAL = "final"


def zoom(
    world: World,
    sector: str,
    product: str,
    trade: pd.DataFrame,
    *,
    values: Literal["money", "share"] = "money",
    unit: float = 1.0,
    output: Mapping[str, float] | None = None,
    purchases: Mapping[str, float] | None = None,
    users: Mapping[str, float] | None = None,
    tariff: Any = None,
    trade_elasticity: float | None = None,
    scale_elasticity: float | None = None,
    method: Method = "weights",
) -> World:
    """Split a sector into a product and the rest, in every country.

    Parameters
    ----------
    world
        With common trade shares for inputs and final use.
    sector, product
        The sector that is split, which keeps its name for the rest, and the name of the product.
    trade
        Rows of origin, destination and value; or as the lake has them: reporter, partner, flow
        and value, where exports go before imports. A row from a country to itself is its home
        sales. Pairs without a row do not trade the product.
    values
        ``money``, in the currency of the world; or ``share`` of the sector's flow, for data of
        another year.
    unit
        How much of the currency a 1 is, of ``trade``, ``output`` and ``purchases``.
    output
        Country to its sales of the product, home sales included, net of tariffs.
    purchases
        Country to what it buys of the product, net of tariffs; needs ``cross-entropy``.
    users
        Using sector, or ``final``, to a weight: how much more intensively than the sector as a
        whole it uses the product. Users that are not named have the weight 1; with
        ``{"final": 1, "*": 0}`` all goes to final use as far as that reaches.
    tariff
        On the product, ``(origin, destination)``; left out, that of the sector.
    trade_elasticity, scale_elasticity
        Of the product; left out, those of the sector.
    method
        ``weights``: flows as given. ``cross-entropy``: the flows nearest to them that come to
        ``output`` and ``purchases``.

    Returns
    -------
    World
        With one sector more; aggregated again it is the old world. Its notes state every proxy.

    Raises
    ------
    UnknownTerm, InputError, IntegrityError
        For names that the world lacks, data below zero, tariffs that leave the rest a negative
        one, and sums that do not fit.

    Notes
    -----
    Weighted disaggregation: Wolsky, A. M. (1984), Disaggregating input–output models, Review of
    Economics and Statistics 66, 283–291, with his distinguishing parameters at zero but for
    ``users``. Sellers: flows of the product come out of the sector's flows, pair by pair. Buyers:
    each uses the product in proportion to its use of the sector, times its weight, never more.
    Technology: both parts have the sector's value added and inputs a unit of output.
    """
    s = world.sector(sector)
    if world.by_use:
        raise InputError("zoom needs common trade shares: make the world without by_use")
    if product in world.sectors:
        raise InputError(f"the world has a sector {product} already: give the product another name")
    flows = product_flows(
        world, sector, trade, values=values, unit=unit, output=output, purchases=purchases,
        method=method,
    )  # fmt: skip
    split = _Split(world, s, flows.net, _product_tariff(world, s, tariff))
    used = _allocated(world, s, split.spent, _weights(world, users))
    theta, psi = world.trade_elasticity[s], world.scale_elasticity[s]
    return World(
        countries=world.countries, sectors=_after(world.sectors, s, product),
        **split.trade(), **_uses(world, s, split, used),
        deficit=world.deficit,
        trade_elasticity=np.insert(world.trade_elasticity, s + 1, trade_elasticity or theta),
        scale_elasticity=np.insert(
            world.scale_elasticity, s + 1, psi if scale_elasticity is None else scale_elasticity
        ),
        year=world.year, currency=world.currency, unit=world.unit, source=world.source,
        elasticity_source=world.elasticity_source,
        notes=(*world.notes, *_notes(world, sector, product, flows.net, flows.notes)),
    )  # fmt: skip


def _after(names: tuple[str, ...], s: int, product: str) -> tuple[str, ...]:
    return (*names[: s + 1], product, *names[s + 1 :])


@dataclass
class _Split:
    """The product's flows beside those of the rest."""

    world: World
    s: int
    net: Array
    tariff: Array

    def __post_init__(self) -> None:
        whole = self.world.trade[:, :, self.s]
        paid = self.net * (1 + self.tariff)
        old = self.world.tariff[:, :, self.s]
        self.rest = whole - self.net
        # What is left over by rounding does not trade.
        self.rest[self.rest < 1e-13 * whole] = 0.0
        self.rest_tariff = np.divide(
            whole * (1 + old) - paid, self.rest, out=1 + old, where=self.rest > 0
        ) - 1  # fmt: skip
        low = (self.rest_tariff < -1e-9) & (old >= 0)
        if low.any():
            o, d = np.argwhere(low)[0]
            raise InputError(
                f"with this tariff on the product the rest of the sector would have one of "
                f"{100 * self.rest_tariff[o, d]:.3g} % in {self.world.countries[d]} on goods of "
                f"{self.world.countries[o]}: lower it there"
            )
        same = np.abs(self.rest_tariff - old) < 1e-12
        self.rest_tariff[same] = old[same]
        self.spent = paid.sum(0)
        self.rest_spent = (self.rest * (1 + self.rest_tariff)).sum(0)
        output = whole.sum(1)
        self.share = np.divide(self.net.sum(1), output, out=np.zeros_like(output), where=output > 0)

    def trade(self) -> dict[str, Array]:
        """Trade shares, expenditure and tariffs of all sectors."""
        old = self.world
        shares, spending, tariffs = [], [], []
        for net, tariff in ((self.rest, self.rest_tariff), (self.net, self.tariff)):
            paid = net * (1 + tariff)
            total = paid.sum(0)
            share = np.divide(paid, total, out=np.eye(len(total)), where=total > 0)
            shares.append(share)
            spending.append(total)
            tariffs.append(tariff)
        return {
            "trade_share": _two(old.trade_share, self.s, *shares),
            "expenditure": _two(old.expenditure, self.s, *spending),
            "tariff": _two(old.tariff, self.s, *tariffs),
        }


def _two(cells: Array, s: int, rest: Array, product: Array) -> Array:
    """The last axis with two for one."""
    parts = [cells[..., :s], rest[..., None], product[..., None], cells[..., s + 1 :]]
    return np.concatenate(parts, axis=-1)


def _product_tariff(world: World, s: int, tariff: Any) -> Array:
    if tariff is None:
        return np.array(world.tariff[:, :, s])
    cells = np.asarray(tariff, dtype=np.float64)
    if cells.ndim == 2:
        cells = cells[:, :, None]
    return tariff_array(cells, world.countries, ("product",))[:, :, 0]


def _weights(world: World, users: Mapping[str, float] | None) -> Array:
    """Of each using sector, and last of final use."""
    given = dict(users or {})
    known = (*world.sectors, FINAL)
    out = np.full(len(known), float(given.pop("*", 1.0)))
    for name, weight in given.items():
        if name not in known:
            raise UnknownTerm("user of the product", name, known)
        out[known.index(name)] = weight
    if not np.isfinite(out).all() or (out < 0).any():
        raise InputError("weights of users must be at or above zero")
    return out


def _allocated(world: World, s: int, spent: Array, weights: Array) -> Array:
    """What each user spends on the product, ``(country, user)``; never more than on the sector."""
    use = np.column_stack(
        [world.input_share[:, :, s] * world.output, world.final_expenditure[:, s]]
    )
    out = np.zeros_like(use)
    for n in range(len(use)):
        # Rounding of the accounts must not leave a rest.
        bound = use[n] * (world.expenditure[n, s] / max(use[n].sum(), 1e-300))
        named = bound[weights > 0].sum()
        out[n] = np.minimum(
            bound, bound * weights * filling(bound * weights, bound, min(spent[n], named))
        )
        if spent[n] > named:
            # Users of weight nil take what is more than the others use of the sector at all.
            rest = bound * (weights == 0)
            out[n] += rest * ((spent[n] - named) / max(rest.sum(), 1e-300))
    return out


def _uses(world: World, s: int, split: _Split, used: Array) -> dict[str, Array]:
    """Input, value-added and final shares of all sectors."""
    output = world.output
    inputs = world.input_share
    product = np.divide(used[:, :-1], output, out=np.zeros_like(output), where=output > 0)
    rows = _two(inputs, s, np.maximum(inputs[:, :, s] - product, 0.0), product)
    # Both parts have the technology of the whole.
    rows = np.concatenate([rows[:, : s + 1], rows[:, s : s + 1], rows[:, s + 1 :]], axis=1)
    value_added = _two(
        world.value_added_share, s, world.value_added_share[:, s], world.value_added_share[:, s]
    )
    final = world.final_share
    share = np.divide(used[:, -1], world.income)
    total = value_added + rows.sum(2)
    return {
        "input_share": rows / total[:, :, None],
        "value_added_share": value_added / total,
        "final_share": _two(final, s, np.maximum(final[:, s] - share, 0.0), share),
    }


def _notes(world: World, sector: str, product: str, net: Array, notes: list[str]) -> list[str]:
    whole = world.trade[:, :, world.sector(sector)]
    traded, of = net.sum() - np.trace(net), whole.sum() - np.trace(whole)
    return [
        f"{product} was split out of {sector} (weighted disaggregation, Wolsky 1984): "
        f"{100 * net.sum() / whole.sum():.4g} % of its output, {100 * traded / of:.4g} % of its "
        "trade. Proxies: value added and inputs a unit of output as in the sector; users in "
        "proportion to their use of it unless weighted.",
        *notes,
    ]
