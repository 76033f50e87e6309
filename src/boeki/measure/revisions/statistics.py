"""How large revisions are, whether they lean to one side, and whether they could be foretold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from boeki.errors import MissingExtra
from boeki.measure.revisions.hac import Floats, Ints, autocorrelation, regress

#: Fewer revisions than this are too few for a t-statistic, and for a regression.
FEWEST_TESTED = 5
FEWEST_REGRESSED = 12


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large revisions R = L − P are, of earlier values P and later values L.

    Attributes
    ----------
    n
        How many.
    mean, median, mean_absolute, root_mean_square, smallest, largest
        In units of the values.
    standard_deviation
        None of a single one.
    relative_mean_absolute
        Σ|R| / Σ|P|; None where all P are 0.
    bias_share, slope_share, disturbance_share
        Parts of the mean squared revision that come from the mean (UM), from a regression of L on P
        whose slope is not one (UR), and the rest (UD). They add up to one. None of fewer than three
        revisions, or where nothing varies.
    """

    n: int
    mean: float
    median: float
    mean_absolute: float
    root_mean_square: float
    standard_deviation: float | None
    smallest: float
    largest: float
    relative_mean_absolute: float | None
    bias_share: float | None
    slope_share: float | None
    disturbance_share: float | None


def sizes(earlier: Floats, later: Floats) -> Sizes:
    """Measures of the size of revisions.

    Parameters
    ----------
    earlier, later
        ``(n,)`` Values of the same figures, n ≥ 1.

    Notes
    -----
    Di Fonzo (2005), OECD; OECD/Eurostat guidelines on revisions policy and analysis (2008). The
    relative mean absolute revision is over the earlier values, as in the quality indicators of the
    European Statistical System.
    """
    r = later - earlier
    whole = float(np.abs(earlier).sum())
    um, ur, ud = _theil(earlier, later)
    return Sizes(
        len(r), float(r.mean()), float(np.median(r)), float(np.abs(r).mean()),
        float(np.sqrt((r**2).mean())), float(r.std(ddof=1)) if len(r) > 1 else None,
        float(r.min()), float(r.max()), float(np.abs(r).sum()) / whole if whole else None,
        um, ur, ud,
    )  # fmt: skip


def _theil(p: Floats, l: Floats) -> tuple[float | None, float | None, float | None]:  # noqa: E741
    """MSR = R̄² + (σ_P − ρ σ_L)² + (1 − ρ²) σ_L² (Theil 1966; di Fonzo 2005), as shares."""
    r = l - p
    whole = float((r**2).mean())
    if len(r) < 3 or not whole or np.ptp(p) == 0 or np.ptp(l) == 0:
        return None, None, None
    rho = float(np.corrcoef(p, l)[0, 1])
    slope = (p.std() - rho * l.std()) ** 2
    rest = (1 - rho**2) * l.var()
    return float(r.mean()) ** 2 / whole, float(slope) / whole, float(rest) / whole


@dataclass(frozen=True, slots=True)
class Bias:
    """Whether the mean of revisions differs from nought.

    Attributes
    ----------
    standard_error, t, p
        Of the mean, Newey–West, against Student's t with n − 1 degrees of freedom; None of too few
        or of revisions that are all alike.
    """

    standard_error: float | None
    t: float | None
    p: float | None


def bias(revisions: Floats, at: Ints) -> Bias:
    """Test that revisions are nought on average.

    Parameters
    ----------
    revisions
        ``(n,)``.
    at
        ``(n,)`` Places in time, in periods.

    Raises
    ------
    MissingExtra
        Without ``boeki[nowcast]``.
    """
    n = len(revisions)
    if n < FEWEST_TESTED or np.ptp(revisions) == 0:
        return Bias(None, None, None)
    fit = regress(revisions, np.ones((n, 1)), at)
    error = float(np.sqrt(fit.covariance[0, 0]))
    # Strong negative autocorrelation can leave next to nothing of a long-run variance.
    if error <= 1e-12 * float(np.abs(revisions).max()):
        return Bias(error, None, None)
    t = float(fit.coefficients[0]) / error
    return Bias(error, t, 2 * float(distributions().t.sf(abs(t), n - 1)))


@dataclass(frozen=True, slots=True)
class Efficiency:
    """A regression y = a + b x and the test of a = 0 and b = 1.

    Attributes
    ----------
    intercept, slope
        a in units of the values, b.
    f, p
        Wald's statistic over two, against F(2, n − 2); None of too few figures, or where nothing
        is left to be explained.
    """

    intercept: float | None
    slope: float | None
    f: float | None
    p: float | None


_UNKNOWN = Efficiency(None, None, None, None)


def news(earlier: Floats, later: Floats, at: Ints) -> Efficiency:
    """Test that revisions are news: L = a + b P, a = 0 and b = 1.

    Rejected where the earlier figure itself foretells its revision (Mincer & Zarnowitz 1969;
    Mankiw & Shapiro 1986, where it is the hypothesis of an efficient forecast).

    Parameters
    ----------
    earlier, later
        ``(n,)`` Values of the same figures.
    at
        ``(n,)`` Places in time, in periods.

    Raises
    ------
    MissingExtra
        Without ``boeki[nowcast]``.
    """
    return _efficiency(later, earlier, at)


def noise(earlier: Floats, later: Floats, at: Ints) -> Efficiency:
    """Test that revisions take noise away: P = a + b L, a = 0 and b = 1.

    Rejected where the revision is related to the later figure: the earlier one did not err at
    random around it (Mankiw & Shapiro 1986). Parameters as in :func:`news`.
    """
    return _efficiency(earlier, later, at)


def _efficiency(y: Floats, x: Floats, at: Ints) -> Efficiency:
    n = len(y)
    if n < FEWEST_REGRESSED or np.ptp(x) == 0:
        return _UNKNOWN
    # In units near one, so that no digits are lost among trillions.
    scale = float(np.abs(x).max())
    design = np.column_stack([np.ones(n), x / scale])
    fit = regress(y / scale, design, at)
    a, b = (float(c) for c in fit.coefficients)
    if np.abs(fit.residuals).max() < 1e-12:
        return Efficiency(a * scale, b, None, None)
    gap = fit.coefficients - np.array([0.0, 1.0])
    wald = float(gap @ np.linalg.solve(fit.covariance, gap))
    if not np.isfinite(wald) or wald < 0:
        return Efficiency(a * scale, b, None, None)
    f = wald / 2
    return Efficiency(a * scale, b, f, float(distributions().f.sf(f, 2, n - 2)))


@dataclass(frozen=True, slots=True)
class Persistence:
    """Whether revisions follow one another: their autocorrelation, of so many pairs."""

    correlation: float | None
    pairs: int


def persistence(revisions: Floats, at: Ints) -> Persistence:
    """Autocorrelation of revisions of consecutive periods."""
    return Persistence(*autocorrelation(revisions, at))


def distributions() -> Any:
    """SciPy's distributions.

    Raises
    ------
    MissingExtra
        Without ``boeki[nowcast]``.
    """
    try:
        from scipy import stats
    except ImportError:
        raise MissingExtra("nowcast", "the test of a revision") from None
    return stats
