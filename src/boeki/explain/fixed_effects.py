"""Weighted least squares on exporter, importer and product effects, by normal equations.

Products, of which there are thousands, are eliminated from the normal equations: what is left is
a dense system of exporters and importers, solved exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

#: Eigenvalues of the scaled normal equations (at most 3) below this are nil.
_NIL = 1e-10
#: An effect that moves by more than this with what data leave open is not identified.
_OPEN = 1e-6


@dataclass(frozen=True, slots=True)
class Panel:
    """Growth of flows.

    Attributes
    ----------
    exporter, importer, product
        ``(flow,)``: numbers from 0.
    growth, weight
        ``(flow,)``; weights are above nil.
    """

    exporter: Places
    importer: Places
    product: Places
    growth: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects of weighted mean nil.

    Attributes
    ----------
    constant
        The weighted mean of growth.
    exporter, importer, product
        By number.
    identified
        ``(exporter,)``: whether its decomposition is determined by the data.
    r2
        The part of the weighted variance of growth that they account for.
    """

    constant: float
    exporter: Floats
    importer: Floats
    product: Floats
    identified: NDArray[np.bool_]
    r2: float


@dataclass(frozen=True, slots=True)
class Parts:
    """Each exporter's growth and its parts, all ``(exporter,)``.

    Attributes
    ----------
    weight
        Of its flows; nil where it has none.
    growth
        Weighted mean of its flows: constant + performance + geography + sectors + residual.
    performance, geography, sectors
        Its own effect, and those of its markets and products, weighted by its flows.
    residual
        Nil but for rounding, by the normal equations.
    """

    weight: Floats
    growth: Floats
    performance: Floats
    geography: Floats
    sectors: Floats
    residual: Floats


def fixed_effects(panel: Panel) -> Effects:
    """Regress growth on exporters, importers and products.

    Minimises Σ w (g − c − α_i − β_j − γ_k)² with Σ w α = Σ w β = Σ w γ = 0.
    """
    w = _Sums(panel)
    left = np.block([[np.diag(w.i), w.ij], [w.ij.T, np.diag(w.j)]])
    across = np.hstack([w.ik.T, w.jk.T])
    right = np.concatenate([w.g_i, w.g_j])
    inverse = _inverted(w.k)
    reduced = left - across.T @ (across * inverse[:, None])
    # In units of the weights, so that the tiny and the large are told from nil alike.
    scale = np.sqrt(_inverted(np.concatenate([w.i, w.j])))
    solution, null = _solved(reduced, right - across.T @ (inverse * w.g_k), scale)
    a, b = np.split(solution, [w.i.size])
    d = inverse * (w.g_k - across @ solution)
    whole = w.i.sum()
    centre = [float(s @ x / whole) for s, x in ((w.i, a), (w.j, b), (w.k, d))]
    alpha, beta, gamma = a - centre[0], b - centre[1], d - centre[2]
    fitted = sum(centre) + alpha[panel.exporter] + beta[panel.importer] + gamma[panel.product]
    return Effects(
        sum(centre), alpha, beta, gamma, _identified(w, null, across, inverse),
        _r2(panel, fitted),
    )  # fmt: skip


def contributions_of(panel: Panel, found: Effects) -> Parts:
    """Put each exporter's growth together from effects."""
    w = _Sums(panel)
    inverse = _inverted(w.i)
    growth = inverse * w.g_i
    geography, sectors = inverse * (w.ij @ found.importer), inverse * (w.ik @ found.product)
    performance = np.where(w.i > 0, found.exporter, 0.0)
    constant = np.where(w.i > 0, found.constant, 0.0)
    residual = growth - constant - performance - geography - sectors
    return Parts(w.i, growth, performance, geography, sectors, residual)


class _Sums:
    """Weights, and weighted growth, by one key and by two."""

    def __init__(self, panel: Panel) -> None:
        i, j, k, w = panel.exporter, panel.importer, panel.product, panel.weight
        sizes = [int(x.max()) + 1 for x in (i, j, k)]
        self.i, self.j, self.k = (_by(x, w, n) for x, n in zip((i, j, k), sizes, strict=True))
        growth = w * panel.growth
        self.g_i, self.g_j, self.g_k = (
            _by(x, growth, n) for x, n in zip((i, j, k), sizes, strict=True)
        )
        self.ij = _by_two(i, j, w, sizes[0], sizes[1])
        self.ik = _by_two(i, k, w, sizes[0], sizes[2])
        self.jk = _by_two(j, k, w, sizes[1], sizes[2])


def _by(place: Places, values: Floats, size: int) -> Floats:
    out: Floats = np.zeros(size)
    out += np.bincount(place, weights=values, minlength=size)
    return out


def _by_two(one: Places, other: Places, values: Floats, rows: int, columns: int) -> Floats:
    return _by(one * columns + other, values, rows * columns).reshape(rows, columns)


def _inverted(x: Floats) -> Floats:
    out: Floats = np.divide(1, x, out=np.zeros_like(x), where=x > 0)
    return out


def _solved(matrix: Floats, right: Floats, scale: Floats) -> tuple[Floats, Floats]:
    """The shortest solution of a singular system, and what may be added to it."""
    values, vectors = np.linalg.eigh(matrix * np.outer(scale, scale))
    nil = values < _NIL
    usable = vectors[:, ~nil]
    solution = scale * (usable @ ((usable.T @ (scale * right)) / values[~nil]))
    return solution, scale[:, None] * vectors[:, nil]


def _identified(w: _Sums, null: Floats, across: Floats, inverse: Floats) -> NDArray[np.bool_]:
    """Exporters whose parts stay the same whatever is added to the solution."""
    whole = w.i.sum()
    u, v = np.split(null, [w.i.size])
    t = -inverse[:, None] * (across @ null)
    size = np.maximum(np.abs(null).max(axis=0, initial=0), 1e-300)
    moves = [
        u - (w.i @ u) / whole,
        _inverted(w.i)[:, None] * (w.ij @ v) - (w.j @ v) / whole,
        _inverted(w.i)[:, None] * (w.ik @ t) - (w.k @ t) / whole,
    ]
    worst = np.max([np.abs(m / size).max(axis=1, initial=0) for m in moves], axis=0)
    found: NDArray[np.bool_] = worst < _OPEN
    return found


def _r2(panel: Panel, fitted: Floats) -> float:
    mean = np.average(panel.growth, weights=panel.weight)
    whole = float(panel.weight @ (panel.growth - mean) ** 2)
    return 1 - float(panel.weight @ (panel.growth - fitted) ** 2) / whole if whole else 1.0
