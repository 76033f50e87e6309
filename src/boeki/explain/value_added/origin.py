"""Where the value of exports, output or final use was added: VB times a flow (Leontief 1936)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from boeki.errors import UnknownTerm

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable

Flow = Literal["exports", "output", "final"]
FLOWS = ("exports", "output", "final")


def leontief_origin(table: InputOutputTable, flow: Flow = "exports") -> Array:
    """Value added of every row in a flow of every row, V B diag(flow).

    Parameters
    ----------
    table
        Of the world.
    flow
        ``exports``, ``output``, or ``final``: all final use of the row's goods.

    Returns
    -------
    ndarray
        ``(n, n)``, source by using row; columns add up to the flow, less other inputs. With
        ``output`` they do not: each input's value is in its users' output too.
    """
    return _rates(table)[:, None] * table.leontief.solve(np.diag(_flow(table, flow)))


def origin_of_exports(table: InputOutputTable, exporter: str, partner: str | None = None) -> Array:
    """Value added of every row in the exports of each sector of an area.

    Parameters
    ----------
    table, exporter
        The table, and one of its areas.
    partner
        The destination; None for all.

    Returns
    -------
    ndarray
        ``(n, sectors)``.
    """
    rows = table.rows(exporter)
    sales = table.trade[rows]
    to = sales.sum(1) if partner is None else sales[:, table.place(partner)]
    return np.asarray(_rates(table)[:, None] * table.leontief.columns(rows) * to)


def _rates(table: InputOutputTable) -> Array:
    return table.per_output(table.value_added)


def _flow(table: InputOutputTable, flow: str) -> Array:
    if flow == "exports":
        return np.asarray(table.trade.sum(1))
    if flow == "output":
        return table.output
    if flow == "final":
        return np.asarray(table.final.sum(1))
    raise UnknownTerm("flow", flow, FLOWS)
