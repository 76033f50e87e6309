"""What is imposed on a baseline, as arrays; and the problem that it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, UnknownTerm
from boeki.model.backends import Backend, check_backend
from boeki.model.baseline import Baseline, baseline_of, turned, uses
from boeki.model.problem import Problem, Rations
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]
#: How countries' deficits answer.
Deficits = Literal["world", "gdp", "zero"]

_PAIR, _CELL, _COUNTRY = "(origin, destination, sector)", "(country, sector)", "(country,)"
_INPUT = "(country, using sector, input sector)"
_AXES = {
    "tariff": _PAIR, "trade_cost": _PAIR, "export_tax": _PAIR, "volume_limit": _PAIR,
    "productivity": _CELL, "preference": _CELL, "production_tax": _CELL, "final_share": _CELL,
    "input_share": _INPUT, "labour": _COUNTRY, "deficit": _COUNTRY,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shocks:
    """What is imposed, as arrays in the axes of the world; None leaves the baseline's.

    Attributes
    ----------
    tariff
        New tariffs, ad valorem, ``(origin, destination, sector)``.
    trade_cost
        Iceberg costs over the baseline's, ``(origin, destination, sector)``: 1.1 is 10 % more;
        infinity forbids the trade.
    export_tax
        Ad valorem on the producer's price, ``(origin, destination, sector)``; the origin's
        government takes it. Below 0 a subsidy, which it pays. The baseline has none.
    volume_limit
        Volume allowed over the baseline's, ``(origin, destination, sector)``; infinity where there
        is no limit. Licences are sold, and the origin's government takes what they bring. 0
        forbids.
    productivity
        Over the baseline's, ``(country, sector)``.
    labour
        Labour force over the baseline's, ``(country,)``.
    preference
        Weight of a sector in final spending over the baseline's, ``(country, sector)``; shares are
        brought back to a sum of 1.
    final_share
        New shares of final spending, ``(country, sector)``, sums to 1; instead of ``preference``.
    input_share
        New techniques: shares of inputs in output, ``(country, using sector, input sector)``; what
        they leave is value added.
    production_tax
        Ad valorem on unit costs, ``(country, sector)``; below 0 a subsidy. The baseline has none.
    deficit
        New deficits, in the world's currency, ``(country,)``; sums to 0.
    deficits
        How deficits answer: ``world`` holds them as shares of the world's value added, ``gdp`` as
        shares of the country's own, what is then left over in the world spread by value added;
        ``zero`` has none.
    """

    tariff: Any = None
    trade_cost: Any = None
    export_tax: Any = None
    volume_limit: Any = None
    productivity: Any = None
    labour: Any = None
    preference: Any = None
    final_share: Any = None
    input_share: Any = None
    production_tax: Any = None
    deficit: Any = None
    deficits: Deficits = "world"


def problem_of(world: World, shocks: Shocks, backend: Backend = "numpy") -> Problem:
    """A baseline with shocks, ready to be solved.

    Parameters
    ----------
    world, shocks
        Which.
    backend
        ``numba`` finds what is shocked by a compiled loop.

    Raises
    ------
    InputError
        For arrays of wrong shape, with gaps or out of range, and for a market left without supply;
        the message names countries and sector.
    UnknownTerm, MissingExtra
        For another way of deficits or backend, and for a backend that is not installed.
    """
    check_backend(backend)
    given = {name: _array(world, name, getattr(shocks, name)) for name in _AXES}
    _check(world, given)
    base = baseline_of(world)
    tariff = _Tariff.of(world, base, given["tariff"], backend)
    reach, landed, received, cells = _cells(base, given, tariff)
    final_share = _final_share(world, base, given["preference"], given["final_share"])
    psi = world.scale_elasticity
    techniques = _techniques(world, base, given["input_share"])
    used = base.used if techniques[1] is base.input_share else uses(techniques[1], base.output)
    if _check_supply(world, base, reach, landed, cells, (final_share > 0, used)):
        cells = None
    transfer, follows = _deficits(world, base, given["deficit"], shocks.deficits)
    return Problem(
        base, reach, landed, received,
        productivity=_logarithm(given["productivity"], base.output.shape),
        labour=np.ones(base.gdp.size) if given["labour"] is None else given["labour"],
        final_share=final_share,
        value_added_share=techniques[0], input_share=techniques[1],
        production_tax=(
            np.zeros(base.output.shape) if given["production_tax"] is None
            else turned(given["production_tax"])
        ),
        transfer=transfer, deficit_share=follows, psi=psi,
        rations=_rations(base, given["volume_limit"]), cells=cells,
        taxed=_taxed(base, tariff),
    )  # fmt: skip


def _array(world: World, name: str, value: Any) -> Array | None:
    if value is None:
        return None
    countries, sectors = len(world.countries), len(world.sectors)
    shape = {
        _PAIR: (countries, countries, sectors), _CELL: (countries, sectors),
        _COUNTRY: (countries,), _INPUT: (countries, sectors, sectors),
    }[_AXES[name]]  # fmt: skip
    try:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)
    except (TypeError, ValueError):
        raise InputError(
            f"{name} must be numbers of the shape {shape}, {_AXES[name]}, or of one that extends "
            f"to it; it has the shape {np.shape(value)}"
        ) from None


#: Of each array: the cells that are allowed, and how they are told.
_RANGE: dict[str, tuple[Callable[[Array], Any], str]] = {
    "tariff": (lambda x: np.isfinite(x) & (x > -1), "must be above −1 (−100 %)"),
    "trade_cost": (lambda x: x > 0, "must be above 0"),
    "export_tax": (lambda x: np.isfinite(x) & (x > -1), "must be above −1 (−100 %)"),
    "volume_limit": (lambda x: x >= 0, "must be 0 or more"),
    "productivity": (lambda x: np.isfinite(x) & (x > 0), "must be above 0"),
    "labour": (lambda x: np.isfinite(x) & (x > 0), "must be above 0"),
    "preference": (lambda x: np.isfinite(x) & (x >= 0), "must be 0 or more"),
    "final_share": (lambda x: np.isfinite(x) & (x >= 0), "must be 0 or more"),
    "input_share": (lambda x: np.isfinite(x) & (x >= 0), "must be 0 or more"),
    "production_tax": (lambda x: np.isfinite(x) & (x > -1), "must be above −1 (−100 %)"),
    "deficit": (lambda x: np.isfinite(x), "must be a number"),
}


def _check(world: World, given: dict[str, Array | None]) -> None:
    for name, value in given.items():
        if value is None:
            continue
        allowed, words = _RANGE[name]
        # The extremes tell most arrays good, at a fraction of the cost.
        if allowed(np.array([value.min(), value.max()])).all():
            continue
        good = allowed(value)
        at = tuple(int(i) for i in np.argwhere(~good)[0])
        raise InputError(f"{name} {words}; it is {value[at]:g} in {_named(world, name, at)}")
    for name in ("export_tax", "volume_limit", "trade_cost"):
        value = given[name]
        if value is None or name == "trade_cost":
            continue
        home = np.einsum("nns->ns", value)
        bad = home != 0 if name == "export_tax" else np.isfinite(home)
        if bad.any():
            n, s = (int(i) for i in np.argwhere(bad)[0])
            raise InputError(
                f"{name} is for trade between countries; it is {home[n, s]:g} for sales of "
                f"{world.countries[n]} at home in {world.sectors[s]}"
            )


def _named(world: World, name: str, at: tuple[int, ...]) -> str:
    if _AXES[name] == _PAIR:
        pair = f"{world.countries[at[0]]} → {world.countries[at[1]]}"
        return f"{pair}, {world.sectors[at[2]]}"
    if _AXES[name] == _INPUT:
        return f"{world.countries[at[0]]}, {world.sectors[at[2]]} in {world.sectors[at[1]]}"
    if _AXES[name] == _CELL:
        return f"{world.countries[at[0]]}, {world.sectors[at[1]]}"
    return world.countries[at[0]]


def _cells(
    base: Baseline, given: dict[str, Array | None], tariff: _Tariff | None
) -> tuple[Array, Array, Array, NDArray[np.intp] | None]:
    """The three sums' weights, and the cells that are shocked: only these are worked out."""
    shocked: list[NDArray[np.intp]] = []
    # As one array: from four megabytes on NumPy asks for larger pages, which are ready sooner.
    reach, landed = np.empty((2, *base.share.shape))
    reach[:], landed[:] = base.share, base.landed
    cost, tax, limit = given["trade_cost"], given["export_tax"], given["volume_limit"]
    if tariff is not None:
        tariff.put_on(reach, landed)
        shocked.append(tariff.at.flat)
    if cost is not None:
        at = _changed(base, cost != 1)
        factor = at.of(cost) ** -at.theta
        at.scale(reach, factor)
        at.scale(landed, factor)
        shocked.append(at.flat)
    if limit is not None and (limit == 0).any():
        at = _changed(base, limit == 0)
        at.scale(reach, 0.0)
        at.scale(landed, 0.0)
        shocked.append(at.flat)
    received = landed
    if tax is not None and tax.any():
        at = _changed(base, tax != 0)
        gross = 1 + at.of(tax)
        factor = gross**-at.theta
        at.scale(reach, factor)
        at.scale(landed, factor)
        shocked.append(at.flat)
        received = np.array(landed)
        at.scale(received, 1 / gross)
    if not shocked:
        return reach, landed, received, np.empty(0, np.intp)
    flat = shocked[0] if len(shocked) == 1 else np.unique(np.concatenate(shocked))
    if base.by_use:
        flat = np.concatenate([flat, flat + base.tariff.size])
    return reach, landed, received, flat


def _taxed(base: Baseline, tariff: _Tariff | None) -> slice:
    """Goods from the first to the last that pay a tariff, before or after the shock."""
    if base.by_use:
        return slice(None)
    pays = base.taxed
    if tariff is not None and not pays.all():
        pays = pays.copy()
        # Only what is shocked can begin to pay.
        if tariff.pays is None:
            pays[tariff.at.here[tariff.new != 0] % pays.size] = True
        else:
            pays |= tariff.pays
    places = np.flatnonzero(pays)
    return slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 0)


@dataclass(frozen=True, eq=False)
class _Cells:
    """Some cells of pairs: where they stand in the world's axes and in the problem's."""

    here: NDArray[np.intp]
    flat: NDArray[np.intp]
    theta: Array
    size: int

    def of(self, cells: Array) -> Array:
        """Their values in an array of the world's axes."""
        return cells.reshape(-1)[self.here]

    def scale(self, cells: Array, factor: Array | float) -> None:
        """Multiply them, for every use."""
        flat = cells.reshape(-1)
        for use in range(flat.size // self.size):
            flat[self.flat + use * self.size] *= factor


@dataclass(frozen=True, eq=False)
class _Tariff:
    """New tariffs: the cells where they are others, and what they are and were there.

    Those that a compiled loop found know which sectors pay any, and are put on by another.
    """

    at: _Cells
    new: Array
    old: Array
    pays: NDArray[np.bool_] | None = None

    @staticmethod
    def of(world: World, base: Baseline, tariff: Array | None, backend: Backend) -> _Tariff | None:
        if tariff is None:
            return None
        if backend == "numba":
            from boeki.model.compiled_cells import changed_cells

            read = [_to_read(cells) for cells in (tariff, world.tariff, base.theta)]
            here, flat, theta, new, old, pays = changed_cells(*read)
            return _Tariff(_Cells(here, flat, theta, tariff.size), new, old, pays)
        at = _changed(base, tariff != world.tariff)
        return _Tariff(at, at.of(tariff), at.of(world.tariff))

    def put_on(self, reach: Array, landed: Array) -> None:
        """Shares at other tariffs, and what of them comes to the border."""
        at, change = self.at, (1 + self.new) / (1 + self.old)
        factor = np.exp(-at.theta * np.log(change))
        if self.pays is None:
            at.scale(reach, factor)
            at.scale(landed, factor / change)
            return
        from boeki.model.compiled_cells import scale_cells

        for first in range(0, reach.size, at.size):
            scale_cells(
                reach.reshape(-1), landed.reshape(-1), at.flat, first, factor, factor / change
            )


def _to_read(cells: Array) -> Array:
    """The same cells, not to be written: Numba compiles anew for arrays that may be and may not."""
    view = np.ascontiguousarray(cells).view()
    view.setflags(write=False)
    return view


def _changed(base: Baseline, cells: NDArray[np.bool_]) -> _Cells:
    here = np.flatnonzero(cells)
    return _Cells(here, base.places[here], base.theta[here % base.theta.size], cells.size)


def _check_supply(
    world: World, base: Baseline, reach: Array, landed: Array, cells: NDArray[np.intp] | None,
    demand: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> bool:  # fmt: skip
    """Refuse markets without supply; where nobody buys, home stands for it: whether it does."""
    if base.supplied and cells is not None and (reach.reshape(-1)[cells] > 0).all():
        return False
    empty = reach.sum(2) <= 0
    if not empty.any():
        return False
    sectors = base.theta.size
    final, inputs = demand
    wanted = np.concatenate([inputs, final]) if base.by_use else inputs | final
    for good, n in np.argwhere(empty):
        if wanted[good, n]:
            raise InputError(
                f"{world.countries[n]} would have no supply of {world.sectors[good % sectors]}: "
                "all that sold it there are forbidden to, and it has none of its own. Leave one "
                "supplier, or ration it to a small volume"
            )
        reach[good, n, n] = landed[good, n, n] = 1.0
    return True


def _logarithm(value: Array | None, shape: tuple[int, ...]) -> Array:
    return np.zeros(shape) if value is None else np.log(turned(value))


def _final_share(
    world: World, base: Baseline, preference: Array | None, final_share: Array | None
) -> Array:
    if preference is not None and final_share is not None:
        raise InputError("give preference or final_share, not both")
    if final_share is not None:
        share = turned(final_share)
        off = np.abs(share.sum(0) - 1)
        if off.max() > 1e-8:
            n = int(off.argmax())
            raise InputError(
                f"final_share sums to {share.sum(0)[n]:.6g} in {world.countries[n]}, not to 1"
            )
    elif preference is not None:
        share = base.final_share * turned(preference)
    else:
        return base.final_share
    total = share.sum(0)
    if (total <= 0).any():
        raise InputError(
            f"preference leaves {world.countries[int(total.argmin())]} with no sector to spend on"
        )
    return np.asarray(share / total)


def _techniques(world: World, base: Baseline, input_share: Array | None) -> tuple[Array, Array]:
    """Shares of value added, and of inputs."""
    if input_share is None:
        return base.value_added_share, base.input_share
    left = 1 - input_share.sum(2)
    if left.min() < -1e-8:
        n, s = divmod(int(left.argmin()), left.shape[1])
        raise InputError(
            f"input_share sums to {input_share.sum(2)[n, s]:.6g} in {world.countries[n]}, "
            f"{world.sectors[s]}: inputs cannot be more than output"
        )
    return turned(np.maximum(left, 0.0)), np.ascontiguousarray(input_share)


def _deficits(world: World, base: Baseline, deficit: Array | None, how: str) -> tuple[Array, Array]:
    """The part that is fixed, and the part that follows GDP."""
    if how not in get_args(Deficits):
        raise UnknownTerm("way of deficits", how, get_args(Deficits))
    none = np.zeros(base.gdp.size)
    if how == "zero":
        if deficit is not None and deficit.any():
            raise InputError('deficits = "zero" leaves no room for deficits of its own')
        return none, none
    level = base.deficit if deficit is None else deficit / base.size
    if abs(level.sum()) > 1e-9:
        raise InputError(
            f"deficits sum to {level.sum() * base.size:.6g}, not to 0: what some countries "
            "receive others must pay"
        )
    level = level - level.sum() * base.gdp
    return (none, level / base.gdp) if how == "gdp" else (level, none)


def _rations(base: Baseline, limit: Array | None) -> Rations | None:
    if limit is None:
        return None
    turned_limit = limit.transpose(2, 1, 0)
    sectors = base.theta.size
    spent = np.concatenate([base.input_spending, base.final_spending])
    spent = spent if base.by_use else base.input_spending + base.final_spending
    flow = base.landed * spent[:, :, None]
    flow = flow[:sectors] + flow[sectors:] if base.by_use else flow
    at = np.nonzero(np.isfinite(turned_limit) & (turned_limit > 0) & (flow > 0))
    if not at[0].size:
        return None
    return Rations(at[0], at[1], at[2], np.log(turned_limit[at]), flow[at])


def changed(shocks: Shocks) -> tuple[str, ...]:
    """Names of what is imposed."""
    return tuple(f.name for f in fields(shocks) if getattr(shocks, f.name) is not None)
