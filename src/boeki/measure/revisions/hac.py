"""Newey–West covariance in calendar time: observations that are missing leave a gap and do not
close up.

Revisions are known of some months and not of others. Neighbours in the list are then no neighbours
in time, which library routines take them for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Regression:
    """A least-squares regression with a covariance that stands autocorrelation.

    Attributes
    ----------
    coefficients
        ``(k,)``.
    covariance
        ``(k, k)``, Newey–West.
    residuals
        ``(n,)``.
    """

    coefficients: Floats
    covariance: Floats
    residuals: Floats


def bandwidth(n: int) -> int:
    """Lags of the Bartlett kernel for ``n`` observations: ⌊4 (n/100)^(2/9)⌋ (Newey & West 1994)."""
    return int(np.floor(4 * (n / 100) ** (2 / 9)))


def regress(y: Floats, x: Floats, at: Ints, lags: int | None = None) -> Regression:
    """Least squares with a Newey–West covariance.

    Cov = n/(n−k) · (X′X)⁻¹ [Γ₀ + Σ_l (1 − l/(L+1)) (Γ_l + Γ_l′)] (X′X)⁻¹, with Γ_l the sum of
    s_t s_{t−l}′ over the pairs that are ``l`` apart in time, s_t = x_t u_t.

    Parameters
    ----------
    y
        ``(n,)``.
    x
        ``(n, k)``, a column of ones among them where a constant is wanted.
    at
        ``(n,)`` Places in time, whole numbers; gaps stay gaps.
    lags
        Of the kernel; None for :func:`bandwidth`.

    Raises
    ------
    numpy.linalg.LinAlgError
        Where the columns of ``x`` are not independent.

    Notes
    -----
    Newey & West (1987), Econometrica 55; with gaps Parzen (1963) and Datta & Du (2012), Federal
    Reserve IFDP 1060.
    """
    n, k = x.shape
    inverse = np.linalg.inv(x.T @ x)
    coefficients = inverse @ x.T @ y
    residuals = y - x @ coefficients
    scores = _in_time(x * residuals[:, None], at)
    longest = bandwidth(n) if lags is None else lags
    middle = scores.T @ scores
    for lag in range(1, min(longest, len(scores) - 1) + 1):
        moved = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (longest + 1)) * (moved + moved.T)
    covariance = inverse @ middle @ inverse * n / max(n - k, 1)
    return Regression(coefficients, covariance, residuals)


def _in_time(values: Floats, at: Ints) -> Floats:
    """One row a point of time, zeros where there is no observation."""
    out = np.zeros((int(at.max() - at.min()) + 1, values.shape[1]))
    out[at - at.min()] = values
    return out


def autocorrelation(values: Floats, at: Ints, lag: int = 1) -> tuple[float | None, int]:
    """Correlation of values with those ``lag`` before, and of how many pairs.

    None where there are fewer than three pairs, or values that do not vary.
    """
    place = {int(t): v for t, v in zip(at, values, strict=True)}
    found = [(v, place[t - lag]) for t, v in place.items() if t - lag in place]
    if len(found) < 3:
        return None, len(found)
    now, before = np.array(found).T
    if np.ptp(now) == 0 or np.ptp(before) == 0:
        return None, len(found)
    return float(np.corrcoef(now, before)[0, 1]), len(found)
