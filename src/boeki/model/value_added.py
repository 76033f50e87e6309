"""Value added of one country in what another finally buys, of a world's shares."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import NotSolved
from boeki.world.output_series import output_series
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

_CLOSE = 1e-13


def value_added_trade(world: World) -> Array:
    """Trade in value added: who earns what of whose final spending.

    Output for the final spending of each destination is followed back through all inputs (Johnson
    and Noguera 2012, Journal of International Economics 86, equation 11), round by round.

    Parameters
    ----------
    world
        A baseline, or an equilibrium as one.

    Returns
    -------
    numpy.ndarray
        ``(origin, destination)``, in the currency; row sums are value added, and off the diagonal
        they are value-added exports.
    """
    to_inputs, to_final = world.input_trade_share, world.final_trade_share
    if to_inputs is None or to_final is None:
        to_inputs = to_final = world.trade_share
    net = 1 / (1 + world.tariff)
    sell_inputs = np.ascontiguousarray((to_inputs * net).transpose(2, 0, 1))
    final = (to_final * net * world.final_expenditure).transpose(2, 0, 1)
    output, _, done = output_series(final, world.input_share, sell_inputs, close=_CLOSE)
    if not done:
        raise NotSolved("inputs of inputs do not come to an end: an input share is 1 or more")
    return np.asarray(np.einsum("ns,snj->nj", world.value_added_share, output))
