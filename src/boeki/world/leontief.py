"""The Leontief inverse of a table, without computing the inverse.

With A the input coefficients, B = (I − A)⁻¹ gives the output that a unit of final use needs
(Leontief 1936; Miller & Blair 2009, chapter 2). Value added by origin and output by absorbing area
need B only times a few columns or rows: one factorisation of I − A serves them all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.errors import InputError, MissingExtra

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable

#: Columns of the inverse that are solved for at a time: a part of all, and at least so many.
_CHUNKS, _FEW = 8, 128


class Leontief:
    """I − A of a table, factored once.

    Parameters
    ----------
    table
        With n rows in some areas.

    Raises
    ------
    InputError
        Where the inputs of some sectors, with the inputs of their inputs and so on, exceed what
        they make, so that no output would do (the Hawkins–Simon condition).
    MissingExtra
        Without SciPy.
    """

    def __init__(self, table: InputOutputTable) -> None:
        try:
            from scipy.linalg import lapack
        except ImportError:
            raise MissingExtra("world", "computing with input–output tables") from None
        # Not the table itself, which holds this: both would stay in memory until Python looks for
        # circles, and a table of the world is large. The arrays are shared.
        self.table = replace(table)
        scale = np.zeros_like(table.output)
        np.divide(-1.0, table.output, out=scale, where=table.output > 0)
        matrix = np.empty_like(table.intermediate, order="F")
        np.multiply(table.intermediate, scale, out=matrix)
        matrix[np.diag_indices_from(matrix)] += 1.0
        self._lu, self._pivots, info = lapack.dgetrf(matrix, overwrite_a=True)
        unpivoted = bool((self._pivots == np.arange(len(self._pivots))).all())
        diagonal = np.diagonal(self._lu)
        # Without exchanged rows the pivots are the leading minors' ratios, all positive exactly
        # where the table is productive; with exchanged rows one must look at a solution.
        sound = info == 0 and (not unpivoted or bool((diagonal > 0).all()))
        if not sound or (not unpivoted and (self.solve(np.ones(len(diagonal))) < 0).any()):
            raise InputError(
                "the table is not productive: some sectors take more inputs than they make, "
                "counting the inputs of their inputs. Check output and inputs"
            )
        self._unpivoted = unpivoted

    def coefficients(self, rows: slice, columns: slice) -> Array:
        """A block of A, inputs per output."""
        scale = self.table.per_output(np.ones_like(self.table.output))[columns]
        return np.asarray(self.table.intermediate[rows, columns] * scale)

    def solve(self, right: Array) -> Array:
        """B times columns, ``(n,)`` or ``(n, k)``."""
        return self._solved(right, 0)

    def solve_left(self, left: Array) -> Array:
        """Rows times B, ``(n,)`` or ``(k, n)``."""
        return np.ascontiguousarray(self._solved(left.T, 1).T)

    def _solved(self, right: Array, transposed: int) -> Array:
        from scipy.linalg import lapack

        out, _info = lapack.dgetrs(self._lu, self._pivots, right, trans=transposed)
        return np.asarray(out).reshape(right.shape)

    def columns(self, rows: slice) -> Array:
        """The columns of B of some rows, ``(n, k)``."""
        right = np.zeros((len(self.table.output), rows.stop - rows.start), order="F")
        right[np.arange(rows.start, rows.stop), np.arange(right.shape[1])] = 1.0
        return self.solve(right)

    @cached_property
    def diagonal_blocks(self) -> dict[str, Array]:
        """The block of B of each area with itself."""
        out: dict[str, Array] = {}
        chunk: list[str] = []
        many = max(len(self.table.output) // _CHUNKS, _FEW)
        for area in self.table.areas:
            chunk.append(area)
            first, last = self.table.rows(chunk[0]).start, self.table.rows(area).stop
            if last - first >= many or area == self.table.areas[-1]:
                block = self._corner(first, last)
                for name in chunk:
                    rows = self.table.rows(name)
                    own = slice(rows.start - first, rows.stop - first)
                    out[name] = np.ascontiguousarray(block[own, own])
                chunk = []
        return out

    def _corner(self, first: int, last: int) -> Array:
        """B between some neighbouring rows and columns."""
        if not self._unpivoted:
            return self.columns(slice(first, last))[first:last]
        # Columns of the unit matrix are zero above `first`, so that substitution begins there, and
        # rows of the result above it are not asked for.
        from scipy.linalg import solve_triangular

        part: Any = self._lu[first:, first:]
        right = np.zeros((part.shape[0], last - first), order="F")
        right[np.arange(last - first), np.arange(last - first)] = 1.0
        half = solve_triangular(
            part, right, lower=True, unit_diagonal=True, overwrite_b=True, check_finite=False
        )
        whole = solve_triangular(part, half, overwrite_b=True, check_finite=False)
        return np.asarray(whole[: last - first])

    @cached_property
    def domestic(self) -> dict[str, Array]:
        """(I − A_ss)⁻¹ of each area: the inverse without trade in inputs."""
        out: dict[str, Array] = {}
        for area in self.table.areas:
            rows = self.table.rows(area)
            own = self.coefficients(rows, rows)
            out[area] = np.asarray(np.linalg.inv(np.eye(len(own)) - own))
        return out

    @cached_property
    def own_use(self) -> Array:
        """Output that each area needs for its use of its own final goods, L_rr Y_rr: ``(n,)``."""
        kept = self.table.final_by_area[np.arange(len(self.table.output)), self.table.home]
        return self._at_home(kept)

    @cached_property
    def export_output(self) -> Array:
        """Output that the exports of each area need at home, L_rr E_r: ``(n,)``."""
        return self._at_home(self.table.trade.sum(1))

    def _at_home(self, final: Array) -> Array:
        out = np.empty_like(final)
        for area in self.table.areas:
            rows = self.table.rows(area)
            out[rows] = self.domestic[area] @ final[rows]
        return out

    def by_area(self, row: Array) -> Array:
        """A row, such as value added per output, parted by area of origin: ``(areas, n)``."""
        out = np.zeros((len(self.table.areas), len(row)))
        out[self.table.home, np.arange(len(row))] = row
        return out

    @cached_property
    def origin(self) -> Array:
        """Value added of each area in a unit of final use of each row, VB: ``(areas, n)``."""
        return self.solve_left(self.by_area(self.table.per_output(self.table.value_added)))

    @cached_property
    def other_content(self) -> Array:
        """Taxes less subsidies on inputs and margins in a unit of final use, ``(n,)``."""
        return self.solve_left(self.table.per_output(self.table.other_inputs))

    @cached_property
    def absorbed(self) -> Array:
        """Output that the final use of each area needs, BY: ``(n, areas)``."""
        return self.solve(self.table.final_by_area)
