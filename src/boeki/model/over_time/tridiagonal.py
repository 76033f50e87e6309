"""Tridiagonal systems, many at once: what ties a period to the one before and the one after."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


def tridiagonal(before: Array, here: Array, after: Array, right: Array) -> Array:
    """Solve by elimination forth and back (Thomas), one system a column.

    Parameters
    ----------
    before, here, after
        Coefficients of the unknown of the row before, of its own and of the row after, ``(row,
        system)``; those that point beyond the ends are not read.
    right
        ``(row, system)``.
    """
    rows = len(here)
    upper, made = np.empty_like(here), np.empty_like(here)
    upper[0], made[0] = after[0] / here[0], right[0] / here[0]
    for k in range(1, rows):
        pivot = here[k] - before[k] * upper[k - 1]
        upper[k] = after[k] / pivot
        made[k] = (right[k] - before[k] * made[k - 1]) / pivot
    for k in range(rows - 2, -1, -1):
        made[k] -= upper[k] * made[k + 1]
    return made


def transposed(before: Array, here: Array, after: Array) -> tuple[Array, Array, Array]:
    """The coefficients of the transposed systems.

    Parameters
    ----------
    before, here, after
        As :func:`tridiagonal` takes them.
    """
    # What pointed beyond the ends is not read again.
    return np.roll(after, 1, axis=0), here, np.roll(before, -1, axis=0)
