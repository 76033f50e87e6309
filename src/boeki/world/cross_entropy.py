"""Tables nearest to a prior in cross-entropy, with given sums and upper bounds."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import IntegrityError

Array: TypeAlias = NDArray[np.float64]

#: Rounds of scaling, and the gap, relative to the largest sum, at which it stops.
_ROUNDS, _CLOSE = 20_000, 1e-13
#: Multipliers run away where there is no solution.
_RUNAWAY = 1e40


def bounded_ras(prior: Array, upper: Array, rows: Array, columns: Array) -> Array:
    """The table nearest to a prior that has given sums and stays below upper bounds.

    Parameters
    ----------
    prior, upper
        ``(n, m)``, both at or above zero; where the prior is zero, so is the result.
    rows, columns
        Wanted sums, ``(n,)`` and ``(m,)``; nan where any will do.

    Returns
    -------
    Array
        x = min(upper, r · prior · c): what minimises Σ x log(x / prior) with these sums and
        bounds. Without bounds it is RAS.

    Raises
    ------
    IntegrityError
        Where no table has these sums.

    Notes
    -----
    Golan, A., G. Judge and S. Robinson (1994), Recovering information from incomplete or partial
    multisectoral economic data, Review of Economics and Statistics 76, 541–549.
    """
    r, c = np.ones(len(rows)), np.ones(len(columns))
    fixed_rows, fixed_columns = np.flatnonzero(~np.isnan(rows)), np.flatnonzero(~np.isnan(columns))
    scale = max(np.nanmax(np.append(rows, 0.0)), np.nanmax(np.append(columns, 0.0)), 1e-300)
    for _ in range(_ROUNDS):
        for i in fixed_rows:
            r[i] = filling(prior[i] * c, upper[i], rows[i])
        for j in fixed_columns:
            c[j] = filling(prior[:, j] * r, upper[:, j], columns[j])
        if max(r.max(), c.max()) > _RUNAWAY or min(r[r > 0].min(), c[c > 0].min()) < 1 / _RUNAWAY:
            raise IntegrityError(
                "no table below the bounds has these sums: some rows and columns want more than "
                "their bounds let them share. Give sums that agree, or wider bounds"
            )
        found = np.minimum(upper, prior * r[:, None] * c)
        off = np.append(found.sum(1) - rows, found.sum(0) - columns)
        if not (np.abs(off[~np.isnan(off)]) > _CLOSE * scale).any():
            return found
    worst = float(np.nanmax(np.abs(off)))
    raise IntegrityError(
        f"no table below the bounds has these sums: {worst:.6g} is left over. Give sums that agree"
    )


def filling(weights: Array, upper: Array, target: float) -> float:
    """λ with Σ min(upper, λ · weights) = target.

    Raises
    ------
    IntegrityError
        Where even the upper bounds come to less.
    """
    held = weights > 0
    w, u = weights[held], upper[held]
    if target <= 0:
        return 0.0
    most = float(u.sum())
    if target > most * (1 + 1e-9):
        raise IntegrityError(f"{target:.6g} is wanted where no more than {most:.6g} fits")
    order = np.argsort(u / w)
    w, u = w[order], u[order]
    # Filled are those before k: λ is what is left of the target over the weight of the rest.
    full = np.concatenate([[0.0], np.cumsum(u)])
    rest = np.concatenate([np.cumsum(w[::-1])[::-1], [0.0]])
    at = full[:-1] + rest[:-1] * (u / w)
    k = min(int(np.searchsorted(at, target)), len(w) - 1)
    return float((target - full[k]) / rest[k])
