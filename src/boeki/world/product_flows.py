"""What is known of the trade in one product, as flows that fit into a sector of a world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, UnknownTerm
from boeki.world.cross_entropy import bounded_ras

if TYPE_CHECKING:
    import pandas as pd

    from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]
Method = Literal["weights", "cross-entropy"]

_FLOW = ("origin", "destination", "value")
_LAKE = ("reporter", "partner", "flow", "value")


@dataclass
class ProductFlows:
    """Sales of the product net of tariffs, ``(origin, destination)``, home sales included."""

    net: Array
    notes: list[str] = field(default_factory=list)


def product_flows(
    world: World,
    sector: str,
    trade: pd.DataFrame,
    *,
    values: Literal["money", "share"],
    unit: float,
    output: Mapping[str, float] | None,
    purchases: Mapping[str, float] | None,
    method: Method,
) -> ProductFlows:
    """Flows of the product, none above the sector's own.

    Parameters
    ----------
    world, sector
        Where they must fit.
    trade, values, unit, output, purchases, method
        As :func:`boeki.world.zoom` has them.

    Raises
    ------
    InputError, IntegrityError
        For data that do not fit.
    """
    if method not in ("weights", "cross-entropy"):
        raise UnknownTerm("method", method, ("weights", "cross-entropy"))
    if purchases and method == "weights":
        raise InputError("purchases are met by method='cross-entropy' only: choose it")
    parent = world.trade[:, :, world.sector(sector)]
    scale = unit / world.unit
    given, seen = _given(world, trade, values, scale, parent)
    out = ProductFlows(given)
    if source := getattr(trade, "attrs", {}).get("source"):
        out.notes.append(f"Trade in the product: {source}.")
    made = {k: v * scale for k, v in _checked(world, output, "output").items()}
    spent = {k: v * scale for k, v in _checked(world, purchases, "purchases").items()}
    _cap(out, parent, world, f"{sector} as a whole")
    _home(out, parent, made, seen, world)
    _cap(out, parent, world, f"{sector} as a whole")
    if method == "cross-entropy":
        _fit(out, parent, made, spent, world)
    elif made:
        _tell_output(out, made, world)
    return out


def _given(
    world: World, trade: pd.DataFrame, values: str, scale: float, parent: Array
) -> tuple[Array, Array]:
    """Flows as given, and which home sales are among them."""
    frame = directed(trade)
    if values not in ("money", "share"):
        raise UnknownTerm("sort of values", values, ("money", "share"))
    cells = np.asarray(frame["value"], dtype=np.float64)
    if not np.isfinite(cells).all() or (cells < 0).any():
        raise InputError("trade in the product has gaps or is below zero: mend the figures")
    count = len(world.countries)
    out, seen = np.zeros((count, count)), np.zeros(count, dtype=bool)
    for origin, destination, value in zip(
        frame["origin"], frame["destination"], cells, strict=True
    ):
        o, d = world.country(str(origin)), world.country(str(destination))
        out[o, d] += value * (parent[o, d] if values == "share" else scale)
        seen[o] |= o == d
    return out, seen


def directed(trade: pd.DataFrame) -> pd.DataFrame:
    """Rows of origin and destination; of rows as the lake has them exports go before imports.

    Raises
    ------
    InputError
        For a table with other columns.
    """
    if set(_FLOW) <= set(trade.columns):
        return trade[list(_FLOW)]
    if not set(_LAKE) <= set(trade.columns):
        raise InputError(
            "trade in the product needs the columns origin, destination and value, or reporter, "
            f"partner, flow and value; it has {', '.join(map(str, trade.columns))}"
        )
    import pandas as pd

    sales, buys = (trade[trade["flow"] == kind] for kind in ("export", "import"))
    first = pd.DataFrame(
        {"origin": sales["reporter"], "destination": sales["partner"], "value": sales["value"]}
    )
    second = pd.DataFrame(
        {"origin": buys["partner"], "destination": buys["reporter"], "value": buys["value"]}
    )
    told = set(zip(first["origin"], first["destination"], strict=True))
    pairs = zip(second["origin"], second["destination"], strict=True)
    return pd.concat([first, second[[pair not in told for pair in pairs]]], ignore_index=True)


def _checked(world: World, given: Mapping[str, float] | None, what: str) -> dict[str, float]:
    out = {}
    for name, value in (given or {}).items():
        world.country(name)
        if not (np.isfinite(value) and value >= 0):
            raise InputError(f"{what} of {name} is {value}: give what is at or above zero")
        out[name] = float(value)
    return out


def _cap(flows: ProductFlows, parent: Array, world: World, what: str) -> None:
    over = flows.net - parent
    bad = over > 1e-9 * max(float(parent.max()), 1e-300)
    if bad.any():
        o, d = np.unravel_index(int(over.argmax()), over.shape)
        flows.notes.append(
            f"{int(bad.sum())} flows were above those of {what} and were cut to them, by "
            f"{over[bad].sum():.4g} in all; the most from {world.countries[o]} to "
            f"{world.countries[d]}, {flows.net[o, d]:.4g} to {parent[o, d]:.4g}."
        )
    flows.net = np.minimum(flows.net, parent)


def _home(
    flows: ProductFlows,
    parent: Array,
    output: Mapping[str, float],
    seen: Array,
    world: World,
) -> None:
    """Home sales: as given, output less exports, or the share that the product has in exports."""
    abroad = ~np.eye(len(seen), dtype=bool)
    exports, all_exports = (flows.net * abroad).sum(1), (parent * abroad).sum(1)
    share = np.divide(exports, all_exports, out=np.zeros_like(exports), where=all_exports > 0)
    proxies = []
    for n, name in enumerate(world.countries):
        if seen[n]:
            continue
        if name in output:
            flows.net[n, n] = max(output[name] - exports[n], 0.0)
        else:
            flows.net[n, n] = share[n] * parent[n, n]
            proxies.append(name)
    if proxies:
        flows.notes.append(
            "Home sales by proxy, the product's share in the country's exports of the sector: "
            f"{', '.join(proxies)}."
        )


def _fit(
    flows: ProductFlows,
    parent: Array,
    output: Mapping[str, float],
    purchases: Mapping[str, float],
    world: World,
) -> None:
    rows, columns = (
        np.array([sums.get(name, np.nan) for name in world.countries])
        for sums in (output, purchases)
    )
    if not np.isnan(rows).any() and not np.isnan(columns).any():
        ratio = rows.sum() / columns.sum()
        if abs(ratio - 1) > 1e-9:
            flows.notes.append(f"Purchases were scaled by {ratio:.6g} to come to output in all.")
        columns = columns * ratio
    before = flows.net
    flows.net = bounded_ras(before, parent, rows, columns)
    moved = np.abs(flows.net - before).sum() / max(before.sum(), 1e-300)
    flows.notes.append(
        f"Flows were fitted to output of {len(output)} and purchases of {len(purchases)} countries "
        f"by least cross-entropy: {100 * moved:.3g} % of them moved."
    )


def _tell_output(flows: ProductFlows, output: Mapping[str, float], world: World) -> None:
    sold = flows.net.sum(1)
    off = {name: sold[world.country(name)] - value for name, value in output.items()}
    name = max(off, key=lambda k: abs(off[k]))
    if abs(off[name]) > 1e-6 * max(sold.sum(), 1e-300):
        flows.notes.append(
            f"Sales do not come to the output given where exports alone exceed it or the sector is "
            f"too small; the most in {name}, by {off[name]:+.4g}. method='cross-entropy' moves "
            "exports too."
        )
