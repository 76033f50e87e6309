"""Tables nearest to a given one with given sums: GRAS, which keeps signs, and least squares."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import IntegrityError

Array: TypeAlias = NDArray[np.float64]

#: Rounds of scaling, and the gap relative to all flows at which it stops.
_ROUNDS, _CLOSE = 5000, 1e-12
#: Multipliers run away where there is no solution.
_RUNAWAY = 1e40


def gras(cells: Array, rows: Array, columns: Array) -> tuple[Array, int]:
    """Scale rows and columns to given sums, each cell keeping its sign.

    Parameters
    ----------
    cells
        ``(n, m)``, cells below zero among them.
    rows, columns
        Wanted sums.

    Returns
    -------
    tuple
        The table, x = r p s where a cell is above zero and −|x| / (r s) where it is below, and the
        rounds it took.

    Raises
    ------
    IntegrityError
        For a sum that no signs allow, and where scaling does not come to an end.

    Notes
    -----
    Junius, T. and J. Oosterhaven (2003), The solution of updating or regionalizing a matrix with
    both positive and negative entries, Economic Systems Research 15, 87–96, with the target
    function of Lenzen, M., R. Wood and B. Gallego (2007), ibid. 19, 461–465.
    """
    up, down = np.maximum(cells, 0.0), np.maximum(-cells, 0.0)
    s = np.ones(len(columns))
    size = np.abs(cells).sum()
    for turn in range(1, _ROUNDS + 1):
        r = _multiplier(up @ s, down @ (1 / s), rows)
        s = _multiplier(r @ up, (1 / r) @ down, columns)
        if not (np.isfinite(r).all() and np.isfinite(s).all() and max(r.max(), s.max()) < _RUNAWAY):
            break
        found = up * r[:, None] * s - down / (r[:, None] * s)
        if max(_gap(found.sum(1), rows), _gap(found.sum(0), columns)) <= _CLOSE * size:
            return found, turn
    raise IntegrityError(
        f"scaling (GRAS) did not come to an end in {turn} rounds: the zeros of the table leave "
        "no solution. Use balance='residual' or 'least-squares'"
    )


def _gap(have: Array, wanted: Array) -> float:
    return float(np.abs(have - wanted).max(initial=0.0))


def _multiplier(up: Array, down: Array, wanted: Array) -> Array:
    """r with up · r − down / r = wanted, above zero; one where a line is empty and none wanted."""
    root = np.sqrt(wanted**2 + 4 * up * down)
    # Of two ways to write the root, the one that does not cancel.
    low = np.divide(2 * down, root - wanted, out=np.zeros_like(up), where=root - wanted > 0)
    high = np.divide(wanted + root, 2 * up, out=np.zeros_like(up), where=up > 0)
    r = np.where((up > 0) & ((wanted >= 0) | (down == 0)), high, low)
    empty = (up == 0) & (down == 0)
    bad = ((r <= 0) & ~empty & (wanted != 0)) | (empty & (np.abs(wanted) > 0))
    if bad.any():
        line = int(np.flatnonzero(bad)[0])
        raise IntegrityError(
            f"no cell of line {line + 1} has the sign of the sum wanted, {wanted[line]:.6g}: use "
            "balance='residual'"
        )
    return np.where(empty, 1.0, np.where(r > 0, r, 1e-12))


def least_squares(cells: Array, rows: Array, columns: Array) -> Array:
    """The table with given sums whose cells are off by the least squares, relative to their size.

    Parameters
    ----------
    cells, rows, columns
        As :func:`gras` has them; cells of zero stay zero, others may change sign.

    Raises
    ------
    IntegrityError
        Where the cells that are not zero cannot come to these sums.

    Notes
    -----
    Minimises Σ (x − a)² / |a|: Friedlander, D. (1961), A technique for estimating a contingency
    table, Journal of the Royal Statistical Society A 124, 412–420; the least squares of Stone, R.,
    D. G. Champernowne and J. E. Meade (1942), Review of Economic Studies 9, 111–125, with the
    variance of a cell in proportion to its size. One linear system for the columns' multipliers.
    """
    weight = np.abs(cells)
    by_row, by_column = weight.sum(1), weight.sum(0)
    off_row, off_column = rows - cells.sum(1), columns - cells.sum(0)
    share = np.divide(weight, by_row[:, None], out=np.zeros_like(weight), where=by_row[:, None] > 0)
    system = np.diag(by_column) - weight.T @ share
    # The system has one rank less for each block of the table; the least multipliers will do.
    mu = np.linalg.lstsq(system, off_column - share.T @ off_row, rcond=1e-12)[0]
    lam = np.divide(off_row - weight @ mu, by_row, out=np.zeros_like(by_row), where=by_row > 0)
    found = cells + weight * (lam[:, None] + mu)
    gap = max(_gap(found.sum(1), rows), _gap(found.sum(0), columns))
    if gap > 1e-9 * weight.sum():
        raise IntegrityError(
            f"no table with these zeros has these sums: {gap:.6g} is left over. Use "
            "balance='residual'"
        )
    return np.asarray(found)
