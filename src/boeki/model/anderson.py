"""Anderson's acceleration of a fixed-point iteration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

#: A residual that grows by so much is not worth its history.
_WORSE = 1e3
#: Keeps the small system of past steps solvable when they are nearly alike.
_RIDGE = 1e-15


@dataclass(frozen=True, eq=False)
class Answers:
    """What a map makes of moves: all that mixing asks for.

    Attributes
    ----------
    changes
        Of its residuals, where they are judged, ``(move, judged)``.
    steps
        The moves with these changes, ``(move, unknown)``.
    """

    changes: Array
    steps: Array


@dataclass(frozen=True, eq=False)
class Fixed:
    """Where an iteration ended.

    Attributes
    ----------
    point
        The last point.
    residual
        Largest difference between it and its image.
    evaluations
        How often the map was asked.
    converged
        Whether the residual came to the tolerance.
    answers
        To the last moves.
    """

    point: Array
    residual: float
    evaluations: int
    converged: bool
    answers: Answers


def anderson(
    step: Callable[[Array], Array],
    start: Array,
    *,
    tolerance: float,
    most: int = 400,
    memory: int = 10,
    longest: float = 2.0,
    judged: slice = slice(None),
    known: Answers | None = None,
) -> Fixed:
    """Find a fixed point of a map, each step the best mixture of the steps before.

    Parameters
    ----------
    step
        The map of points ``(n,)`` on points.
    start
        ``(n,)``.
    tolerance
        Largest residual that counts as none.
    most
        Evaluations after which to give up.
    memory
        Past steps that are mixed.
    longest
        The largest move of any element in one step: points are logarithms.
    judged
        Elements by whose residuals mixtures are chosen: all, or some that tell of the others.
    known
        Answers of a map much like this one, for the same elements judged: mixed with those of the
        steps before. Where they know fewer elements than there are, the last ones are not moved.

    Notes
    -----
    Type II of Anderson (1965), Journal of the ACM 12, as Walker and Ni (2011), SIAM Journal on
    Numerical Analysis 49, write it.
    """
    first = 0 if known is None else len(known.changes)
    changes = np.empty((first + memory, start[judged].size))
    steps = np.empty((first + memory, start.size))
    gram = np.zeros((first + memory, first + memory))
    if known is not None:
        changes[:first], steps[:first] = known.changes, 0.0
        steps[:first, : known.steps.shape[1]] = known.steps
        gram[:first, :first] = known.changes @ known.changes.T
    point, kept, best = start, 0, np.inf
    before_residual = before_point = start

    def ended(size: float, evaluation: int, converged: bool) -> Fixed:
        own = slice(first, first + min(kept, memory))
        return Fixed(point, size, evaluation, converged, Answers(changes[own], steps[own]))

    for evaluation in range(1, most + 1):
        residual = step(point) - point
        size = max(float(residual.max()), -float(residual.min()))
        if not np.isfinite(size):
            return ended(np.inf, evaluation, False)
        if size <= tolerance:
            return ended(size, evaluation, True)
        best = min(best, size)
        worse = size > _WORSE * best
        if worse:
            kept = 0
        elif evaluation > 1:
            slot = first + kept % memory
            change = residual - before_residual
            changes[slot] = change[judged]
            # What a step of the map would have made of the change.
            np.add(change, point - before_point, out=steps[slot])
            kept += 1
            have = first + min(kept, memory)
            gram[slot, :have] = gram[:have, slot] = changes[:have] @ changes[slot]
        move, have = residual, first + min(kept, memory)
        if have and not worse:
            target = changes[:have] @ residual[judged]
            move = residual - _mixture(gram[:have, :have], steps[:have], target)
        far = max(float(move.max()), -float(move.min()))
        if far > longest:
            move = move * (longest / far)
        before_residual, before_point = residual, point
        point = point + move
    return ended(size, most, False)


def _mixture(gram: Array, steps: Array, target: Array) -> Array:
    """The steps mixed so that their changes come nearest to what has these products with them."""
    scale = 1 / np.sqrt(np.maximum(np.diagonal(gram), 1e-300))
    system = gram * scale[:, None] * scale
    system.flat[:: len(system) + 1] += _RIDGE * len(system)
    try:
        weight = np.linalg.solve(system, scale * target) * scale
    except np.linalg.LinAlgError:
        return np.zeros(steps.shape[1])
    return np.asarray(weight @ steps)
