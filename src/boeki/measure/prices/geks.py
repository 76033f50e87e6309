"""Multilateral price indexes: GEKS over all periods, or over a rolling window with a splice.

A chained index drifts where prices and quantities bounce. GEKS (Gini 1931; Éltető & Köves 1964;
Szulc 1964) compares each two periods by way of every other, and so does not depend on the order of
the periods: it is transitive. Ivancic, Diewert & Fox (2011) brought it to time series, with a
window that moves on so that published numbers are not revised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from boeki.errors import InputError, UnknownTerm
from boeki.measure.prices.formulas import Array, find_formula
from boeki.measure.prices.matched import checked, compare

Splice = Literal["mean", "movement", "window", "half"]


def geks(
    prices: ArrayLike,
    quantities: ArrayLike,
    formula: str = "fisher",
    *,
    window: int | None = None,
    splice: Splice = "mean",
    periods: Sequence[str] = (),
) -> Array:
    """Compute a GEKS price index.

    P(0, t) = Π_k [P(0, k) · P(k, t)]^(1/T), over the T periods k of the window.

    Parameters
    ----------
    prices, quantities
        ``(period, product)``; NaN in both where a product is lacking.
    formula
        ``fisher``, ``tornqvist`` (then also called CCDI) or another that meets the time reversal
        test.
    window
        Periods of a window; None for one window over all. A year and a period (13 months, 5
        quarters) is usual where goods are seasonal.
    splice
        How a new window is tied to what stands: its last change (``movement``), by its first
        period (``window``; Krsinich 2016), its middle one (``half``; de Haan 2015), or the
        geometric mean over all that both have (``mean``; Diewert & Fox 2022).
    periods
        What the periods are called, for messages; their numbers where it is left out.

    Returns
    -------
    ndarray
        ``(period,)``; 1 in the first.

    Raises
    ------
    UnknownTerm
        For a formula or a splice that is none.
    InputError
        For a formula that does not meet time reversal, a window that does not fit, or two periods
        of a window without any product in common.
    """
    chosen = find_formula(formula)
    if not chosen.reversible:
        raise InputError(f"GEKS needs a formula that meets time reversal: {formula} does not")
    if splice not in _SPLICES:
        raise UnknownTerm("splice", splice, _SPLICES)
    p, q = checked(prices, quantities)
    count = p.shape[0]
    width = count if window is None else window
    if not 2 <= width <= max(count, 2):
        raise InputError(f"a window of {width} periods does not fit {count} periods")
    names = list(periods) or [str(n) for n in range(count)]
    pairs = _pairs(p, q, chosen.function, width, names)
    index = np.ones(count)
    index[:width] = _window(pairs, 0, width)
    for last in range(width, count):
        start = last - width + 1
        new = _window(pairs, start, width)
        index[last] = _SPLICES[splice](index[start:last], new)
    return index


def _pairs(
    p: Array,
    q: Array,
    function: Callable[[Array, Array, Array, Array], float],
    width: int,
    names: Sequence[str],
) -> Array:
    """ln P(j, k) of every two periods that stand in one window, ``(period, period)``."""
    periods = p.shape[0]
    out = np.zeros((periods, periods))
    for j in range(periods):
        for k in range(j + 1, min(j + width, periods)):
            match = compare(p, q, j, k, function)
            if not match.products:
                raise InputError(
                    f"periods {names[j]} and {names[k]} have no product in common: take a shorter "
                    "window, or products that are traded throughout"
                )
            out[j, k] = np.log(match.index)
            out[k, j] = -out[j, k]
    return out


def _window(pairs: Array, start: int, width: int) -> Array:
    """The index of the periods of one window, 1 in its first."""
    inside = pairs[start : start + width, start : start + width]
    # mean over k of ln P(0, k) + ln P(k, t), with ln P(t, k) = −ln P(k, t)
    level = inside.mean(axis=0)
    return np.asarray(np.exp(level - level[0]))


def _mean_splice(old: Array, new: Array) -> float:
    return float(np.exp(np.mean(np.log(old * new[-1] / new[:-1]))))


_SPLICES: dict[str, Callable[[Array, Array], float]] = {
    "mean": _mean_splice,
    "movement": lambda old, new: float(old[-1] * new[-1] / new[-2]),
    "window": lambda old, new: float(old[0] * new[-1] / new[0]),
    # The middle of a window of w periods: the first ⌊w/2⌋ lie before it.
    "half": lambda old, new: float(old[len(new) // 2] * new[-1] / new[len(new) // 2]),
}
SPLICES = tuple(_SPLICES)
