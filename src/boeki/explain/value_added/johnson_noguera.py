"""Value-added exports: value added of one area in the final use of others.

Johnson, R. C. and G. Noguera (2012), Accounting for intermediates: production sharing and trade in
value added, Journal of International Economics 86(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable


def value_added_absorbed(table: InputOutputTable) -> Array:
    """Value added of each row by area of final use, v ⊙ BY.

    Returns
    -------
    ndarray
        ``(n, areas)``, in units of the table; rows add up to value added.
    """
    rates = table.per_output(table.value_added)
    return np.asarray(rates[:, None] * table.leontief.absorbed)


def value_added_exports(table: InputOutputTable, exporter: str) -> Array:
    """Value-added exports of an area by producing sector and destination.

    Returns
    -------
    ndarray
        ``(sectors, areas)``; nil at home.
    """
    out = value_added_absorbed(table)[table.rows(exporter)]
    out[:, table.place(exporter)] = 0.0
    return out
