"""Sums over the trade shares of many problems: the baseline's, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def _places(cells: Sequence[Any], shape: tuple[int, ...]) -> tuple[Any, ...]:
    """Row (good, destination, problem) and column (good, origin, problem) of each, and its size."""
    many, countries = len(cells), shape[-1]
    rows, columns = [], []
    for k, cell in enumerate(cells):
        flat = cell.flat.astype(np.int32)
        row = flat // countries
        origin = flat - row * countries
        rows.append(row * many + k)
        columns.append((row // countries * countries + origin) * many + k)
    reach, landed = [c.reach for c in cells], [c.landed for c in cells]
    parts = [np.concatenate(part) for part in (rows, columns, reach, landed)]
    return (*parts, (shape[0], countries, many))


class Sparse:
    """Sums over the baseline's trade shares, and what the cells that differ add to them.

    Parameters
    ----------
    cells
        Those of each problem.
    share, landed
        The baseline's, ``(good, destination, origin)``.
    """

    def __init__(self, cells: Sequence[Any], share: Any, landed: Any) -> None:
        from scipy.sparse import csr_matrix

        rows, columns, more_reach, more_landed, shape = _places(cells, share.shape)
        square = (int(np.prod(shape)),) * 2
        # Both are sorted by row once: each cell is there once.
        order = csr_matrix((np.arange(len(rows), dtype=np.int32), (rows, columns)), shape=square)
        places = order.data, order.indices, order.indptr
        self._more_reach = csr_matrix((more_reach[places[0]], *places[1:]), shape=square)
        self._more_landed = csr_matrix((more_landed[places[0]], *places[1:]), shape=square)
        self._share, self._landed, self._shape = share, landed, shape

    def forth(self, cells: Any) -> tuple[Any, Any]:
        """Over origins, ``(good, destination, problem)``, with tariffs and without them."""
        flat = cells.reshape(-1)
        return (
            np.matmul(self._share, cells) + (self._more_reach @ flat).reshape(self._shape),
            np.matmul(self._landed, cells) + (self._more_landed @ flat).reshape(self._shape),
        )

    def back(self, cells: Any) -> Any:
        """Over destinations, ``(good, origin, problem)``."""
        more = (self._more_landed.T @ cells.reshape(-1)).reshape(self._shape)
        return np.matmul(np.swapaxes(self._landed, 1, 2), cells) + more
