"""Output for given final spending: inputs, inputs of inputs, and on through the series."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

_ROUNDS = 5000


def output_series(
    sold: Array, input_share: Array, sell_inputs: Array, *, close: float
) -> tuple[Array, Array, bool]:
    """Sum the series of output = sold for final use + sold as inputs to output.

    Parameters
    ----------
    sold
        Sales for final use, ``(sector, country, column)``; each column is a case of its own.
    input_share
        Cost shares of inputs, ``(country, using sector, input sector)``.
    sell_inputs
        What each origin is paid of a destination's spending on inputs, ``(sector, origin,
        destination)``.
    close
        Change of a round, relative to the largest output, that ends the series.

    Returns
    -------
    output, inputs, done
        Output and spending on inputs, ``(sector, country, column)``; whether the series ended.
    """
    shares = input_share.transpose(0, 2, 1)
    output, inputs = sold, np.zeros_like(sold)
    for _ in range(_ROUNDS):
        inputs = np.matmul(shares, output.transpose(1, 0, 2)).transpose(1, 0, 2)
        following = sold + sell_inputs @ inputs
        change = np.abs(following - output).max()
        output = following
        if change <= close * np.abs(output).max():
            return output, inputs, True
    return output, inputs, False
