"""The sums that the equations are made of, as products of arrays."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


def twice(cells: Array, two: bool) -> Array:
    """Sectors as goods: once for each use."""
    return np.concatenate([cells, cells]) if two else cells


def once(cells: Array, two: bool) -> Array:
    """Goods of both uses together."""
    half = len(cells) // 2
    return cells[:half] + cells[half:] if two else cells


def forth(cells: Array, by_origin: Array) -> Array:
    """Sums over origins, ``(good, destination)``."""
    return np.asarray(np.matmul(cells, by_origin[:, :, None])[:, :, 0])


def back(by_destination: Array, cells: Array) -> Array:
    """Sums over destinations, ``(good, origin)``."""
    return np.asarray(np.matmul(by_destination[:, None, :], cells)[:, 0, :])


def over_sectors(one: Array, other: Array) -> Array:
    """Sums of products over sectors, ``(country,)``."""
    return np.asarray(np.einsum("sn,sn->n", one, other))


def inputs_of(shares: Array, output: Array) -> Array:
    """Spending on each input, of output by using sector."""
    # BLAS multiplies by what lies together in memory only.
    by_country = np.ascontiguousarray(output.T)
    return np.asarray(np.matmul(by_country[:, None, :], shares)[:, 0, :].T)


def uses_of(shares: Array, prices: Array) -> Array:
    """Sums over inputs, by using sector."""
    by_country = np.ascontiguousarray(prices.T)
    return np.asarray(np.matmul(shares, by_country[:, :, None])[:, :, 0].T)
