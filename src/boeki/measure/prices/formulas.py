"""Bilateral price index formulas: two periods, the same products in both.

Each is a pure function of prices and quantities of the base period, ``p0`` and ``q0``, and of the
current one, ``p1`` and ``q1``, all ``(product,)`` and above zero. A quantity index is the same
formula with the roles of prices and quantities exchanged.

Names and formulas follow the Producer Price Index Manual (IMF 2004), chapters 15 to 17, and Balk
(2008), *Price and Quantity Index Numbers*, chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boeki.errors import UnknownTerm

Array = NDArray[np.float64]
Formula = Callable[[Array, Array, Array, Array], float]


def logarithmic_mean(a: Array, b: Array) -> Array:
    """L(a, b) = (a − b) / ln(a/b), and a where both are the same; of positive numbers.

    Near a = b the quotient loses its digits, so there the series in z = (a − b)/(a + b) is taken:
    ln(a/b) = 2 artanh z.
    """
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    z = (a - b) / (a + b)
    close = np.abs(z) < 1e-4
    safe = np.where(close, 0.5, z)
    plain = (a + b) / 2 * safe / np.arctanh(safe)
    near = (a + b) / 2 / (1 + z**2 / 3 + z**4 / 5)
    return np.where(close, near, plain)


def laspeyres(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Σ p1 q0 / Σ p0 q0."""
    return float(p1 @ q0 / (p0 @ q0))


def paasche(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Σ p1 q1 / Σ p0 q1."""
    return float(p1 @ q1 / (p0 @ q1))


def fisher(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Geometric mean of Laspeyres and Paasche (Fisher 1922)."""
    return float(np.sqrt(laspeyres(p0, p1, q0, q1) * paasche(p0, p1, q0, q1)))


def marshall_edgeworth(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Σ p1 (q0 + q1) / Σ p0 (q0 + q1)."""
    return float(p1 @ (q0 + q1) / (p0 @ (q0 + q1)))


def walsh(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Σ p1 √(q0 q1) / Σ p0 √(q0 q1) (Walsh 1901)."""
    q = np.sqrt(q0 * q1)
    return float(p1 @ q / (p0 @ q))


def _shares(p: Array, q: Array) -> Array:
    value = p * q
    return np.asarray(value / value.sum())


def _geometric(weights: Array, p0: Array, p1: Array) -> float:
    return float(np.exp(weights @ np.log(p1 / p0)))


def geometric_laspeyres(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Π (p1/p0)^s0, with base period value shares s0."""
    return _geometric(_shares(p0, q0), p0, p1)


def geometric_paasche(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Π (p1/p0)^s1, with current period value shares s1."""
    return _geometric(_shares(p1, q1), p0, p1)


def tornqvist(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Π (p1/p0)^½(s0 + s1) (Törnqvist 1936)."""
    return _geometric((_shares(p0, q0) + _shares(p1, q1)) / 2, p0, p1)


def palgrave(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Σ s1 p1/p0."""
    return float(_shares(p1, q1) @ (p1 / p0))


def sato_vartia(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Π (p1/p0)^w, w = L(s0, s1) / Σ L(s0, s1) (Sato 1976, Vartia 1976)."""
    return _geometric(sato_vartia_weights(_shares(p0, q0), _shares(p1, q1)), p0, p1)


def sato_vartia_weights(s0: Array, s1: Array) -> Array:
    """Logarithmic means of shares, scaled so that they add up to one."""
    means = logarithmic_mean(s0, s1)
    return np.asarray(means / means.sum())


def montgomery_vartia(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """Π (p1/p0)^w, w = L(v0, v1) / L(Σ v0, Σ v1) (Montgomery 1937, Vartia 1976)."""
    v0, v1 = p0 * q0, p1 * q1
    whole = logarithmic_mean(np.asarray(v0.sum()), np.asarray(v1.sum()))
    return _geometric(logarithmic_mean(v0, v1) / whole, p0, p1)


def stuvel(p0: Array, p1: Array, q0: Array, q1: Array) -> float:
    """A + √(A² + V1/V0), A = ½(P_L − Q_L), of the Laspeyres indexes (Stuvel 1957)."""
    half = (laspeyres(p0, p1, q0, q1) - laspeyres(q0, q1, p0, p1)) / 2
    return float(half + np.sqrt(half**2 + p1 @ q1 / (p0 @ q0)))


@dataclass(frozen=True, slots=True)
class IndexFormula:
    """A formula with what is written of it.

    Attributes
    ----------
    function
        Of ``p0, p1, q0, q1``.
    name, formula
        As it is called, and in one line of plain text.
    reversible
        Whether it meets the time reversal test P(0,1) · P(1,0) = 1, which GEKS needs.
    """

    function: Formula
    name: str
    formula: str
    reversible: bool


#: Every formula by its name in options.
FORMULAS: dict[str, IndexFormula] = {
    "laspeyres": IndexFormula(laspeyres, "Laspeyres", "P = Σ p1·q0 / Σ p0·q0", False),
    "paasche": IndexFormula(paasche, "Paasche", "P = Σ p1·q1 / Σ p0·q1", False),
    "fisher": IndexFormula(fisher, "Fisher", "P = √(Laspeyres · Paasche)", True),
    "tornqvist": IndexFormula(tornqvist, "Törnqvist", "ln P = Σ ½(s0 + s1)·ln(p1/p0)", True),
    "walsh": IndexFormula(walsh, "Walsh", "P = Σ p1·√(q0·q1) / Σ p0·√(q0·q1)", True),
    "marshall-edgeworth": IndexFormula(
        marshall_edgeworth, "Marshall–Edgeworth", "P = Σ p1·(q0+q1) / Σ p0·(q0+q1)", True
    ),
    "sato-vartia": IndexFormula(
        sato_vartia, "Sato–Vartia", "ln P = Σ w·ln(p1/p0), w = L(s0,s1)/ΣL(s0,s1)", True
    ),
    "montgomery-vartia": IndexFormula(
        montgomery_vartia, "Montgomery–Vartia", "ln P = Σ L(v0,v1)·ln(p1/p0) / L(V0,V1)", True
    ),
    "geometric-laspeyres": IndexFormula(
        geometric_laspeyres, "geometric Laspeyres", "ln P = Σ s0·ln(p1/p0)", False
    ),
    "geometric-paasche": IndexFormula(
        geometric_paasche, "geometric Paasche", "ln P = Σ s1·ln(p1/p0)", False
    ),
    "palgrave": IndexFormula(palgrave, "Palgrave", "P = Σ s1·p1/p0", False),
    "stuvel": IndexFormula(stuvel, "Stuvel", "P = A + √(A² + V1/V0), A = ½(P_L − Q_L)", True),
}


def find_formula(name: str) -> IndexFormula:
    """A formula by its name in options.

    Raises
    ------
    UnknownTerm
        Where there is none of this name.
    """
    folded = name.strip().casefold().replace("_", "-").replace("ö", "o")
    if folded not in FORMULAS:
        raise UnknownTerm("index formula", name, FORMULAS)
    return FORMULAS[folded]
