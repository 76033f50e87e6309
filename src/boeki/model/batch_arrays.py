"""Functions on arrays as problems solved together need them, of NumPy and of JAX."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np


class NumpyArrays:
    """NumPy, with SciPy's sparse matrices."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def errstate(self) -> AbstractContextManager[Any]:
        """A context to calculate in."""
        return nullcontext()

    def put(self, cells: Any, slot: int, value: Any) -> Any:
        """``cells[:, slot] = value``."""
        cells[:, slot] = value
        return cells

    def correction(self, cells: Sequence[Any], shape: tuple[int, ...]) -> Any:
        """What the cells that differ add to the sums over trade shares."""
        return _Sparse(*_places(cells, shape))


class JaxArrays:
    """JAX in float64, on the device that it finds."""

    def __init__(self) -> None:
        import jax
        import jax.numpy

        self._jax: Any = jax
        self._jnp: Any = jax.numpy

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jnp, name)

    def ascontiguousarray(self, cells: Any) -> Any:
        """Memory is JAX's own matter."""
        return cells

    def errstate(self) -> AbstractContextManager[Any]:
        """Numbers of 64 bits, here alone."""
        return self._jax.enable_x64(True)  # type: ignore[no-any-return]

    def put(self, cells: Any, slot: int, value: Any) -> Any:
        """``cells[:, slot] = value``."""
        return cells.at[:, slot].set(value)

    def correction(self, cells: Sequence[Any], shape: tuple[int, ...]) -> Any:
        """What the cells that differ add to the sums over trade shares."""
        return _Scattered(self._jnp, *_places(cells, shape))


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


class _Sparse:
    def __init__(self, rows: Any, columns: Any, reach: Any, landed: Any, shape: Any) -> None:
        from scipy.sparse import csr_matrix

        square = (int(np.prod(shape)),) * 2
        # Both are sorted by row once: each cell is there once.
        order = csr_matrix((np.arange(len(rows), dtype=np.int32), (rows, columns)), shape=square)
        places = order.data, order.indices, order.indptr
        self._reach = csr_matrix((reach[places[0]], *places[1:]), shape=square)
        self._landed = csr_matrix((landed[places[0]], *places[1:]), shape=square)
        self._shape = shape

    def forth(self, cells: Any) -> tuple[Any, Any]:
        flat = cells.reshape(-1)
        return (self._reach @ flat).reshape(self._shape), (self._landed @ flat).reshape(self._shape)

    def back(self, cells: Any) -> Any:
        return (self._landed.T @ cells.reshape(-1)).reshape(self._shape)


class _Scattered:
    def __init__(
        self, jnp: Any, rows: Any, columns: Any, reach: Any, landed: Any, shape: Any
    ) -> None:
        self._rows, self._columns = jnp.asarray(rows), jnp.asarray(columns)
        self._reach, self._landed = jnp.asarray(reach), jnp.asarray(landed)
        self._none, self._shape = jnp.zeros(int(np.prod(shape))), shape

    def forth(self, cells: Any) -> tuple[Any, Any]:
        sent = cells.reshape(-1)[self._columns]
        found = [self._none.at[self._rows].add(c * sent) for c in (self._reach, self._landed)]
        return found[0].reshape(self._shape), found[1].reshape(self._shape)

    def back(self, cells: Any) -> Any:
        sent = self._landed * cells.reshape(-1)[self._rows]
        return self._none.at[self._columns].add(sent).reshape(self._shape)
