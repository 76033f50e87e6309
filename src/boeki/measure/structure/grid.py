"""A matrix of trade with the names of its rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from boeki.errors import UnknownTerm

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Grid:
    """Values by two keys.

    Attributes
    ----------
    values
        ``(row, column)``, float64; zero where nothing is traded.
    rows, columns
        Their names, sorted.
    """

    values: NDArray[np.float64]
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    @classmethod
    def of(cls, rows: Any, columns: Any, values: NDArray[np.float64]) -> Grid:
        """Put values in their places; those of one place are added up.

        Parameters
        ----------
        rows, columns
            The place of each value, by name: texts, or an Arrow array of them.
        values
            ``(entry,)``.
        """
        (names, at), (heads, across) = coded(rows), coded(columns)
        shape = len(names), len(heads)
        place = at * shape[1] + across
        flat: NDArray[np.float64] = np.zeros(shape[0] * shape[1])
        flat += np.bincount(place, weights=values, minlength=flat.size)
        return cls(flat.reshape(shape), names, heads)

    def row(self, name: str) -> NDArray[np.float64]:
        """The values of a row.

        Raises
        ------
        UnknownTerm
            Where there is none of this name.
        """
        found: NDArray[np.float64] = self.values[self.place(name)]
        return found

    def place(self, name: str) -> int:
        """The number of a row.

        Raises
        ------
        UnknownTerm
            Where there is none of this name.
        """
        if name not in self.rows:
            raise UnknownTerm("country of these figures", name, self.rows)
        return self.rows.index(name)

    def aligned(self, rows: Sequence[str], columns: Sequence[str]) -> Grid:
        """The same values under given names; zero where this grid has none."""
        out = np.zeros((len(rows), len(columns)))
        mine = _places(self.rows), _places(self.columns)
        at, own_at = _shared(rows, mine[0])
        across, own_across = _shared(columns, mine[1])
        out[np.ix_(at, across)] = self.values[np.ix_(own_at, own_across)]
        return Grid(out, tuple(rows), tuple(columns))

    def kept(self, rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> Grid:
        """Some rows and columns of it."""
        return Grid(
            self.values[np.ix_(rows, columns)],
            tuple(n for n, keep in zip(self.rows, rows, strict=True) if keep),
            tuple(n for n, keep in zip(self.columns, columns, strict=True) if keep),
        )


def coded(
    column: pa.ChunkedArray | pa.Array | Sequence[str],
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The names in a column, sorted, and the number of each entry's name."""
    array = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([pa.array(column)])
    whole = array.cast(pa.string()).combine_chunks().dictionary_encode()
    names = whole.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    found: NDArray[np.int64] = place[np.asarray(whole.indices)]
    return tuple(names[i] for i in order), found


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}


def _shared(wanted: Sequence[str], mine: dict[str, int]) -> tuple[Any, Any]:
    """Where wanted names stand, and where they stand in the grid, of those that it has."""
    both = [(i, mine[name]) for i, name in enumerate(wanted) if name in mine]
    return [i for i, _ in both], [j for _, j in both]
