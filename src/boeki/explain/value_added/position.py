"""How far sectors are from final use, and from primary inputs.

Antràs, P., D. Chor, T. Fally and R. Hillberry (2012), Measuring the upstreamness of production and
trade flows, American Economic Review 102(3); Fally, T. (2012), Production staging; Miller, R. E.
and U. Temurshoev (2017), Output upstreamness and input downstreamness of industries/countries in
world production, International Regional Science Review 40(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable


def output_upstreamness(table: InputOutputTable) -> Array:
    """Stages between a sector and final use, U = (I − Δ)⁻¹ 1 with Δ_ij = z_ij / x_i.

    Parameters
    ----------
    table
        Of the world, or national: then exports and imports are taken to be used like what is made
        at home, Δ_ij = z_ij / (x_i − e_i).

    Returns
    -------
    ndarray
        ``(n,)``, at least 1; NaN without output.
    """
    made = table.output > 0
    # x̂⁻¹ B x: the Leontief inverse serves, for Δ = x̂⁻¹ A x̂.
    if table.exports is None:
        stages = table.leontief.solve(table.output)
        return np.divide(stages, table.output, out=np.full_like(stages, np.nan), where=made)
    return _national(table)


def _national(table: InputOutputTable) -> Array:
    assert table.exports is not None  # only national tables come here
    sold = table.output - table.exports
    share = np.divide(
        table.intermediate, sold[:, None], out=np.zeros_like(table.intermediate),
        where=sold[:, None] > 0,
    )  # fmt: skip
    stages = np.linalg.solve(np.eye(len(share)) - share, np.ones(len(share)))
    return np.where(table.output > 0, stages, np.nan)


def input_downstreamness(table: InputOutputTable) -> Array:
    """Stages between primary inputs and a sector, D = 1 (I − A)⁻¹.

    Returns
    -------
    ndarray
        ``(n,)``, at least 1; NaN without output. Fally's N is the same in a closed economy.
    """
    stages = table.leontief.solve_left(np.ones_like(table.output))
    return np.where(table.output > 0, stages, np.nan)
