"""What a rise of exports adds at home: output, value added, jobs (type I multipliers).

Miller, R. E. and P. D. Blair (2009), Input–Output Analysis, 2nd edition, chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from boeki.world.satellite import Satellite
    from boeki.world.table import Array, InputOutputTable


@dataclass(frozen=True)
class Effects:
    """Effects of a rise of exports, by industry of the exporter, ``(sectors,)``.

    Attributes
    ----------
    exports
        The rise.
    output, direct
        Output it takes, in all, and the rise alone.
    value_added
        Value added in that output.
    imports
        Inputs bought abroad for that output.
    other
        Taxes less subsidies on inputs and margins.
    satellites
        Name of a satellite row to what goes with that output.
    """

    exports: Array
    output: Array
    direct: Array
    value_added: Array
    imports: Array
    other: Array
    satellites: dict[str, Array]


def export_effects(
    table: InputOutputTable,
    exporter: str,
    rise: Array,
    satellites: tuple[Satellite, ...] = (),
    *,
    feedback: bool = False,
) -> Effects:
    """Effects of a rise of exports at home.

    Parameters
    ----------
    table, exporter
        The table, and one of its areas.
    rise
        ``(sectors,)`` in any currency: the effects are in the same.
    satellites
        Per unit of the table's currency.
    feedback
        Whether what others buy at home to make its imported inputs counts too (the inverse of the
        world instead of the domestic one).
    """
    rows = table.rows(exporter)
    inverse = table.leontief.diagonal_blocks if feedback else table.leontief.domestic
    output = inverse[exporter] @ rise
    abroad = table.intermediate[:, rows].sum(0) - table.intermediate[rows, rows].sum(0)
    if table.imported_inputs is not None:
        abroad = table.imported_inputs
    made = table.output[rows]

    def per(row: Array) -> Array:
        return np.divide(row * output, made, out=np.zeros_like(made), where=made > 0)

    return Effects(
        rise, output, rise, per(table.value_added[rows]), per(abroad),
        per(table.other_inputs[rows]),
        {q.name: per(q.values[rows]) for q in satellites},
    )  # fmt: skip


def embodied(table: InputOutputTable, exporter: str, row: Array) -> Array:
    """What goes with the output that an area's exports need, by producing and exporting sector.

    Parameters
    ----------
    table, exporter
        The table, and one of its areas.
    row
        ``(n,)``: value added, jobs, compensation …

    Returns
    -------
    ndarray
        ``(sectors, sectors)``: q̂ L_ss ê, producing by exporting. With value added the sum is
        domestic value added in exports.
    """
    rows = table.rows(exporter)
    sales = table.trade[rows].sum(1) if table.exports is None else table.exports
    rates = table.per_output(row)[rows]
    return np.asarray(rates[:, None] * table.leontief.domestic[exporter] * sales)


def absorbed_abroad(table: InputOutputTable, exporter: str, row: Array) -> Array:
    """What goes with the output that final use abroad needs, q̂ Σ_{k≠s} B_s Y_k: ``(sectors,)``.

    Parameters
    ----------
    table, exporter
        The table, of the world, and one of its areas.
    row
        ``(n,)``; with value added the sum is value-added exports.
    """
    rows = table.rows(exporter)
    output = table.leontief.absorbed[rows]
    abroad = output.sum(1) - output[:, table.place(exporter)]
    return np.asarray(table.per_output(row)[rows] * abroad)
