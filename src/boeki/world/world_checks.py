"""Whether a world is one: shapes, gaps, signs, shares that sum to one, accounts that add up."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, IntegrityError

if TYPE_CHECKING:
    from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

#: Shares sum to one up to rounding of what is published with eight digits or more.
_SHARES = 1e-8
#: Accounts of a finished world, as a share of the country's expenditure.
_ACCOUNTS = 1e-6
#: Names of axes by how an array is laid out.
_AXES = {
    "trade": "ods", "trade_share": "ods", "tariff": "ods", "input_trade_share": "ods",
    "final_trade_share": "ods", "expenditure": "ns", "value_added_share": "ns",
    "final_share": "ns", "input_share": "nks", "deficit": "n", "trade_elasticity": "s",
    "scale_elasticity": "s",
}  # fmt: skip
_WORDS = {
    "ods": "(origin, destination, sector)", "ns": "(country, sector)", "n": "(country,)",
    "nks": "(country, using sector, input sector)", "s": "(sector,)",
}  # fmt: skip


def shaped(name: str, value: object, countries: tuple[str, ...], sectors: tuple[str, ...]) -> Array:
    """An array in its full shape, without gaps.

    Raises
    ------
    InputError
        Where it is of another shape, not of numbers, or has gaps.
    """
    axes = _AXES[name]
    sizes = {"o": len(countries), "d": len(countries), "n": len(countries)}
    shape = tuple(sizes.get(axis, len(sectors)) for axis in axes)
    try:
        cells = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is not an array of numbers: {error}") from None
    # Elasticities, tariffs and the like may be one number for all; flows may not.
    if cells.shape != shape and name in {"tariff", "trade_elasticity", "scale_elasticity"}:
        with contextlib.suppress(ValueError):
            cells = np.broadcast_to(cells, shape)
    if cells.shape != shape:
        raise InputError(
            f"{name} has the shape {cells.shape}; with {len(countries)} countries and "
            f"{len(sectors)} sectors it must be {shape}, {_WORDS[axes]}"
        )
    refuse(name, ~np.isfinite(cells), countries, sectors, "has a gap or an infinite value in")
    return cells


def refuse(
    name: str,
    bad: NDArray[np.bool_],
    countries: tuple[str, ...],
    sectors: tuple[str, ...],
    what: str,
    then: str = "",
) -> None:
    """Refuse an array with bad cells, naming the first and how many there are.

    Raises
    ------
    InputError
        Where a cell is bad.
    """
    if not bad.any():
        return
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    count = int(bad.sum())
    more = f" and {count - 1} more" if count > 1 else ""
    raise InputError(f"{name} {what} {_cell(_AXES[name], first, countries, sectors)}{more}{then}")


def _cell(
    axes: str, at: tuple[int, ...], countries: tuple[str, ...], sectors: tuple[str, ...]
) -> str:
    names = [(sectors if axis in "ks" else countries)[i] for axis, i in zip(axes, at, strict=True)]
    if axes == "ods":
        return f"{names[0]} → {names[1]}, {names[2]}"
    if axes == "nks":
        return f"{names[0]}, {names[2]} used by {names[1]}"
    return ", ".join(names)


def check_world(world: World) -> None:
    """Refuse what is no world.

    Raises
    ------
    InputError, IntegrityError
        Naming country and sector.
    """
    _check_names(world.countries, "country", 1)
    _check_names(world.sectors, "sector", 1)
    for name in _AXES:
        value = getattr(world, name, None)
        if value is not None and name != "trade":
            shaped(name, value, world.countries, world.sectors)
    check_signs(world, world.countries, world.sectors)
    _check_shares(world)
    _check_accounts(world)


def _check_names(names: tuple[str, ...], sort: str, least: int) -> None:
    if len(names) < least:
        raise InputError(f"a world needs at least one {sort}")
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise InputError(f"the {sort} {twice[0]!r} is there twice: give each a name of its own")


def check_signs(world: object, countries: tuple[str, ...], sectors: tuple[str, ...]) -> None:
    """Refuse negative flows and shares, tariffs of −100 %, elasticities at or below zero.

    Raises
    ------
    InputError
        Naming country and sector.
    """
    for name in _AXES:
        value = getattr(world, name, None)
        if value is None or name == "deficit":
            continue
        if name == "trade_elasticity":
            bad, what = value <= 0, "must be above zero; it is not in"
        elif name == "tariff":
            bad, what = value <= -1, "must be above −1 (−100 %); it is not in"
        else:
            bad, what = value < 0, "is negative in"
        refuse(name, bad, countries, sectors, what)


def _check_shares(world: World) -> None:
    names = world.countries, world.sectors
    for name in ("trade_share", "input_trade_share", "final_trade_share"):
        share = getattr(world, name)
        if share is None:
            continue
        off = np.abs(share.sum(0) - 1)
        if off.max() > _SHARES:
            n, s = np.unravel_index(int(off.argmax()), off.shape)
            raise IntegrityError(
                f"{name}: the shares of all origins in what {world.countries[n]} spends on "
                f"{world.sectors[s]} sum to {share.sum(0)[n, s]:.6g}, not to 1"
            )
    for name, total in (
        ("value_added_share with input_share", world.value_added_share + world.input_share.sum(2)),
        ("final_share", world.final_share.sum(1)[:, None] + np.zeros((1, len(world.sectors)))),
    ):
        off = np.abs(total - 1)
        if off.max() > _SHARES:
            n, s = np.unravel_index(int(off.argmax()), off.shape)
            where = names[0][n] if name == "final_share" else f"{names[0][n]}, {names[1][s]}"
            raise IntegrityError(f"{name} sums to {total[n, s]:.6g} in {where}, not to 1")
    if (world.input_trade_share is None) != (world.final_trade_share is None):
        raise InputError("give both input_trade_share and final_trade_share, or neither")


def _check_accounts(world: World) -> None:
    home = np.einsum("nns,ns->n", world.trade_share, world.expenditure)
    spent = world.expenditure.sum(1)
    for n, name in enumerate(world.countries):
        if spent[n] <= 0:
            raise InputError(f"{name} spends nothing on any sector: leave it out")
        if world.gdp[n] <= 0:
            raise InputError(f"{name} has no value added in any sector: leave it out")
        if home[n] <= 0:
            raise InputError(
                f"{name} has no domestic sales in any sector: put home sales, gross output less "
                "exports, on the diagonal of the trade"
            )
    gap = accounts_gap(world) / spent[:, None]
    worst = int(np.abs(gap).argmax())
    n, s = divmod(worst, len(world.sectors))
    if np.abs(gap[n, s]) > _ACCOUNTS:
        raise IntegrityError(gap_words(world.countries[n], world.sectors[s], float(gap[n, s])))
    if world.by_use:
        _check_uses(world)


def gap_words(country: str, sector: str, gap: float) -> str:
    """How accounts that do not add up are told."""
    return (
        f"the accounts of {country} do not add up in {sector}: expenditure is off what inputs and "
        f"final use come to by {100 * gap:+.3g} % of all that {country} spends; leave out "
        "final_share and deficit to take them from the trade, or settle=True to hold all shares "
        "and let expenditure follow"
    )


def accounts_gap(world: World) -> Array:
    """Expenditure less inputs and final spending, ``(country, sector)``, in the currency."""
    return world.expenditure - world.input_expenditure - world.final_expenditure


def _check_uses(world: World) -> None:
    assert world.input_trade_share is not None
    assert world.final_trade_share is not None
    inputs = world.input_expenditure
    spent = world.expenditure * world.trade_share
    parts = inputs * world.input_trade_share + world.final_expenditure * world.final_trade_share
    gap = np.abs(spent - parts) / np.maximum(world.expenditure.sum(1)[:, None], 1e-300)
    if gap.max() > _ACCOUNTS:
        o, d, s = np.unravel_index(int(gap.argmax()), gap.shape)
        raise IntegrityError(
            f"trade shares by use do not average to trade_share in {world.countries[o]} → "
            f"{world.countries[d]}, {world.sectors[s]}"
        )
