"""What past errors let expect of the next one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boeki.errors import InputError
from boeki.measure.revisions.hac import Floats
from boeki.measure.revisions.statistics import distributions

#: Fewer past errors than this are called a small sample wherever an interval stands on them.
SMALL = 20


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the next of so many alike is expected.

    Attributes
    ----------
    low, high
        Its ends.
    coverage
        The chance that the next lies between, from 0 to 1.
    n
        Of how many past ones.
    """

    low: float
    high: float
    coverage: float
    n: int


def check_level(level: float) -> None:
    """Refuse a level that is no chance.

    Raises
    ------
    InputError
        Unless it lies between 0 and 1.
    """
    if not 0 < level < 1:
        raise InputError(f"{level} is no level of an interval: write 0.8 for 80 %")


def empirical(past: Floats, level: float = 0.8) -> Interval | None:
    """An interval between two of the past values, whatever their distribution.

    Of n + 1 values that could have come in any order, the last lies between the k-th smallest and
    the k-th largest of the others with chance (n + 1 − 2k) / (n + 1) at least. k is the largest
    that reaches the level; where none does, the whole range stands, with the chance that it has.

    Parameters
    ----------
    past
        ``(n,)``.
    level
        The chance wanted.

    Returns
    -------
    Interval or None
        None of fewer than two. ``coverage`` is the chance that it really has, which in a small
        sample is far below the level.

    Notes
    -----
    Wilks (1941), Annals of Mathematical Statistics 12: order statistics as tolerance limits.
    """
    check_level(level)
    n = len(past)
    if n < 2:
        return None
    k = max(1, int(np.floor((n + 1) * (1 - level) / 2 + 1e-9)))
    ordered = np.sort(past)
    return Interval(float(ordered[k - 1]), float(ordered[n - k]), (n + 1 - 2 * k) / (n + 1), n)


def normal(past: Floats, level: float = 0.8) -> Interval | None:
    """An interval for the next value of a normal distribution with unknown mean and variance.

    x̄ ± t_{n−1} s √(1 + 1/n).

    Parameters
    ----------
    past
        ``(n,)``.
    level
        The chance wanted.

    Returns
    -------
    Interval or None
        None of fewer than two.

    Raises
    ------
    MissingExtra
        Without ``boeki[nowcast]``.
    """
    check_level(level)
    n = len(past)
    if n < 2:
        return None
    half = distributions().t.ppf((1 + level) / 2, n - 1) * past.std(ddof=1) * np.sqrt(1 + 1 / n)
    middle = float(past.mean())
    return Interval(middle - float(half), middle + float(half), level, n)


def share_crossing(value: float, moved: Floats, base: float = 0.0) -> float:
    """Share of the moved values that lie on another side of a base than the value does."""
    return float((np.sign(moved - base) != np.sign(value - base)).mean())
