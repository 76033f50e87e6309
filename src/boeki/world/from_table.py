"""The baseline that an input–output table of the world gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, IntegrityError
from boeki.world.tariff import tariff_array
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.world.table import InputOutputTable

Array: TypeAlias = NDArray[np.float64]

#: Rounds of the input–output series, and the change, relative to all output, that ends it.
_ROUNDS, _CLOSE = 5000, 1e-16
#: Adjustments below this share of world output are rounding.
_ROUNDING = 1e-12


def world_from_table(
    table: InputOutputTable,
    *,
    trade_elasticity: Any,
    tariff: Any = 0.0,
    scale_elasticity: Any = 0.0,
    by_use: bool = False,
    notes: Sequence[str] = (),
) -> World:
    """Make the baseline of the model of an inter-country table.

    Parameters
    ----------
    table
        Of the world: all areas, ``(n, n)`` inputs and ``(n, m)`` final use. Parts of an area are
        added up; a sector that an area does not have is made by nobody there.
    trade_elasticity
        θ: one number, ``(sector,)``, the name of a published set, or what
        :func:`boeki.world.elasticities` gives for the table's sectors.
    tariff
        ``(origin, destination, sector)`` or what broadcasts to it, 0.05 is 5 %; or a data frame
        with the columns origin, destination, sector and value. The flows of such tables are at
        basic prices, net of tariffs; tariffs on inputs come out of what the table leaves to
        value added, which includes taxes less subsidies on products.
    scale_elasticity
        ψ, likewise; with a published set that has one, leave it out to take it from there.
    by_use
        Whether the origins of inputs and of final use stay apart.
    notes
        More to say of the data.

    Returns
    -------
    World
        Its notes tell each adjustment and how large it is.

    Raises
    ------
    InputError
        For a national table, and for elasticities that cannot be mapped.
    IntegrityError
        For inputs that leave no output.

    Notes
    -----
    Final use of all categories together that is below zero, as inventories that are drawn down
    leave it, is put at zero, and so are inputs below zero; inputs above output are cut to
    output. Output is then solved anew with all input coefficients held, so that every row and
    column adds up: the way of Costinot, A. and A. Rodríguez-Clare (2014), Trade Theory with
    Numbers, Handbook of International Economics 4, online appendix. With it, home sales are
    never below zero: output is never below exports.
    """
    if table.national:
        raise InputError("a national table has no partners: give an inter-country table")
    whole = table.aggregated(parts=True)
    areas, sectors = whole.areas, whole.sectors
    flows = _Flows(whole, tariff_array(tariff, areas, sectors))
    theta, psi, origin = _elasticities(trade_elasticity, scale_elasticity, sectors)
    given: dict[str, Any] = flows.arrays(by_use)
    return World.from_arrays(
        areas, sectors, **given, trade_elasticity=theta, scale_elasticity=psi,
        year=table.year, currency=table.currency, unit=table.unit, source=table.source,
        elasticity_source=origin, notes=(*table.notes, *flows.notes, *notes),
    )  # fmt: skip


class _Flows:
    """Flows in full blocks, ``(origin, sector)`` by ``(destination, sector)``, made to add up."""

    def __init__(self, table: InputOutputTable, tariff: Array) -> None:
        self.notes: list[str] = []
        self.areas, self.sectors, self.tariff = table.areas, table.sectors, tariff
        count = len(self.areas) * len(self.sectors)
        where = {name: at for at, name in enumerate(self.sectors)}
        places = np.array([where[s] for s in table.row_sectors], dtype=np.int64)
        rows = table.home * len(self.sectors) + places
        self.inputs = np.zeros((count, count))
        self.inputs[np.ix_(rows, rows)] = table.intermediate
        self.final = np.zeros((count, len(self.areas)))
        self.final[rows] = table.final_by_area
        self.output = np.zeros(count)
        self.output[rows] = table.output
        self._settle()

    def _settle(self) -> None:
        world = self.output.sum()
        self._tell_exports(world)
        before, cut = self.output.copy(), 0.0
        cut += self._no_negatives(self.inputs, "inputs", world)
        cut += self._no_negatives(self.final, "final use, all categories together,", world)
        per_output = np.divide(1.0, self.output, out=np.zeros_like(self.output), where=before > 0)
        self.inputs *= per_output
        cut += self._no_excess(world)
        self.output = self._solved(before)
        self.inputs *= self.output
        moved = self.output - before
        if cut > _ROUNDING:
            worst = int(np.abs(moved).argmax())
            self.notes.append(
                "Output was then solved anew with input coefficients held: it moved by "
                f"{100 * np.abs(moved).sum() / world:.2g} % in all, most in {self._name(worst)}, "
                f"from {before[worst]:.6g} to {self.output[worst]:.6g}."
            )

    def _no_negatives(self, cells: Array, what: str, world: float) -> float:
        below = cells < 0
        size = -float(cells[below].sum()) / world
        if size > _ROUNDING:
            worst = np.unravel_index(int(cells.argmin()), cells.shape)
            self.notes.append(
                f"{int(below.sum())} cells of {what} below zero, {100 * size:.2g} % of world "
                f"output, put at zero; the largest, {cells.min():.6g}, of what "
                f"{self._name(int(worst[0]))} sells."
            )
        cells[below] = 0.0
        return size

    def _no_excess(self, world: float) -> float:
        """Cut inputs, with tariffs on them, to output; coefficients stand in ``inputs``."""
        share = self._bought().sum(2).ravel()
        over = share > 1
        size = float(((share - 1) * self.output)[over].sum()) / world
        if over.any():
            self.inputs[:, over] /= share[over]
            worst = int(share.argmax())
            self.notes.append(
                f"Inputs above output in {int(over.sum())} sectors, {100 * size:.2g} % of world "
                f"output, cut to it; the most in {self._name(worst)}, {100 * share[worst]:.4g} %."
            )
        return size

    def _solved(self, start: Array) -> Array:
        sold = self.final.sum(1)
        output: Array = start
        for _ in range(_ROUNDS):
            following: Array = sold + self.inputs @ output
            change = np.abs(following - output).max()
            output = following
            if change <= _CLOSE * output.sum():
                return output
        raise IntegrityError(
            "inputs use up all output: the coefficients of the table leave nothing for final use"
        )

    def _tell_exports(self, world: float) -> None:
        home = np.repeat(np.arange(len(self.areas)), len(self.sectors))
        sold = self.inputs.reshape(len(home), len(self.areas), -1).sum(2) + self.final
        exports = sold.sum(1) - sold[np.arange(len(home)), home]
        short = exports - self.output
        over = short > _ROUNDING * world
        if over.any():
            worst = int(short.argmax())
            self.notes.append(
                f"Exports above gross output in {int(over.sum())} sectors, "
                f"{100 * short[over].sum() / world:.2g} % of world output: output is raised to "
                f"them; the most in {self._name(worst)}, by {short[worst]:.6g}."
            )

    def _name(self, row: int) -> str:
        area, sector = divmod(row, len(self.sectors))
        return f"{self.areas[area]} {self.sectors[sector]}"

    def _blocks(self) -> Array:
        """A view: ``(origin, input sector, destination, using sector)``."""
        n, s = len(self.areas), len(self.sectors)
        return np.asarray(self.inputs.reshape(n, s, n, s))

    def _bought(self) -> Array:
        """Inputs with tariffs from all origins, ``(country, using sector, input sector)``."""
        net = np.einsum("osdk->dks", self._blocks())
        if not self.tariff.any():
            return np.ascontiguousarray(net)
        duty = np.einsum("osdk,ods->dks", self._blocks(), self.tariff, optimize=True)
        return np.asarray(net + duty)

    def arrays(self, by_use: bool) -> dict[str, Any]:
        """What a world is made of."""
        n, s = len(self.areas), len(self.sectors)
        as_inputs = np.einsum("osdk->ods", self._blocks())
        as_final = self.final.reshape(n, s, n).transpose(0, 2, 1)
        output = self.output.reshape(n, s)
        share = np.divide(
            self._bought(), output[:, :, None], out=np.zeros((n, s, s)),
            where=output[:, :, None] > 0,
        )  # fmt: skip
        value_added = 1 - share.sum(2)
        # What is left where inputs were cut to output is rounding.
        value_added[value_added < _ROUNDING] = 0.0
        out: dict[str, Any] = {
            "trade": as_inputs + as_final, "tariff": self.tariff, "input_share": share,
            "value_added_share": value_added,
        }  # fmt: skip
        if by_use:
            paid = 1 + self.tariff
            out["input_trade_share"] = as_inputs * paid
            out["final_trade_share"] = as_final * paid
        return out


def _elasticities(trade: Any, scale: Any, sectors: Sequence[str]) -> tuple[Any, Any, str]:
    from boeki.world.elasticities import Elasticities, elasticities

    found = elasticities(trade, sectors) if isinstance(trade, str) else trade
    if not isinstance(found, Elasticities):
        return trade, scale, "given by the user"
    if found.sectors != tuple(sectors):
        raise InputError(
            f"these elasticities are for {', '.join(found.sectors[:4])} …, the table has "
            f"{', '.join(sectors[:4])} …: map the set to the table's sectors"
        )
    own = found.scale_elasticity
    no_scale = np.isscalar(scale) and scale == 0
    return found.trade_elasticity, own if no_scale and own is not None else scale, found.source
