"""The cells of trade that a shock changes, found and changed by loops that Numba compiles."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.compiled_sums import compiled

Array: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]


@compiled
def changed_cells(
    new: Array, old: Array, theta: Array
) -> tuple[Places, Places, Array, Array, Array, NDArray[np.bool_]]:
    """Where two arrays ``(origin, destination, sector)`` differ, and what stands there.

    Returns
    -------
    tuple
        Flat places in these axes and in ``(sector, destination, origin)``, θ there, what is new and
        what was; and for each sector whether any of the new is not 0.
    """
    origins, destinations, sectors = new.shape
    many = 0
    for i in range(origins):
        for n in range(destinations):
            for s in range(sectors):
                many += new[i, n, s] != old[i, n, s]
    # One place more than is kept: each cell is written, and kept by moving on, so that there is no
    # branch to be guessed wrong.
    here, flat, exponent = np.empty(many + 1, np.intp), np.empty(many, np.intp), np.empty(many)
    after, before = np.empty(many), np.empty(many)
    any_new = np.zeros(sectors, np.bool_)
    k = 0
    for i in range(origins):
        for n in range(destinations):
            first, row = (i * destinations + n) * sectors, k
            for s in range(sectors):
                here[k] = first + s
                k += new[i, n, s] != old[i, n, s]
            for at in range(row, k):
                s = here[at] - first
                flat[at] = (s * destinations + n) * origins + i
                exponent[at], after[at], before[at] = theta[s], new[i, n, s], old[i, n, s]
                any_new[s] |= after[at] != 0
    return here[:many], flat, exponent, after, before, any_new


@compiled
def scale_cells(
    cells: Array, others: Array, flat: Places, first: int, factor: Array, other_factor: Array
) -> None:
    """Multiply cells of two arrays, at flat places counted from ``first``."""
    for k in range(flat.size):
        cells[first + flat[k]] *= factor[k]
        others[first + flat[k]] *= other_factor[k]
