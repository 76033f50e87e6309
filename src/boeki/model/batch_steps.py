"""Anderson's acceleration of many iterations side by side, each with a history of its own."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.anderson import Answers

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

WORSE, RIDGE, LONGEST, MEMORY = 1e3, 1e-15, 2.0, 10


class Steps:
    """Points ``(problem, unknown)`` that move to where their residuals vanish.

    As :func:`boeki.model.anderson.anderson`, with the small systems of all solved at once.

    Parameters
    ----------
    point
        Where to begin.
    judged
        Elements by whose residuals mixtures are chosen.
    known
        Answers known before, of each problem alike.
    """

    def __init__(self, point: Floats, judged: slice, known: Answers) -> None:
        many, size = point.shape
        self.point = point
        self._judged, self._first = judged, len(known.changes)
        rows = self._first + MEMORY
        self._changes = np.zeros((many, rows, known.changes.shape[1]))
        self._moves = np.zeros((many, rows, size))
        self._gram = np.zeros((many, rows, rows))
        told = slice(0, self._first)
        self._changes[:, told], self._moves[:, told] = known.changes, known.steps
        self._gram[:, told, told] = known.changes @ known.changes.T
        self._before: tuple[Floats, Floats] | None = None
        self._best = np.full(many, np.inf)
        self._kept = 0

    def move(self, residual: Floats, going: Bools, size: Floats) -> None:
        """One step of those that are going on; the others stay."""
        self._best = np.fmin(self._best, size)
        worse = going & (size > WORSE * self._best)
        self._forget(worse)
        seen = np.ascontiguousarray(residual[:, self._judged])
        if self._before is None:
            target = np.matmul(self._changes, seen[:, :, None])[:, :, 0]
        else:
            slot = self._first + self._kept % MEMORY
            change = residual - self._before[0]
            self._changes[:, slot] = change[:, self._judged]
            self._moves[:, slot] = change + self.point - self._before[1]
            self._kept += 1
            # Both products in one turn: histories are long, and read from far memory.
            pair = np.stack([self._changes[:, slot], seen], axis=2)
            both = np.matmul(self._changes, pair)
            self._gram[:, slot] = self._gram[:, :, slot] = both[:, :, 0]
            target = both[:, :, 1]
        move = residual - np.where(worse[:, None], 0.0, self._mixture(target))
        self._before = residual, self.point
        far = np.abs(move).max(1)
        move = move * np.where(far > LONGEST, LONGEST / far, 1.0)[:, None]
        self.point = self.point + np.where(going[:, None], move, 0.0)

    def keep(self, going: Bools) -> None:
        """Let the others leave."""
        self.point, self._changes = self.point[going], self._changes[going]
        self._moves, self._gram = self._moves[going], self._gram[going]
        if self._before is not None:
            self._before = self._before[0][going], self._before[1][going]
        self._best = self._best[going]

    def _forget(self, worse: Bools) -> None:
        """What those that went astray learnt on their way."""
        if worse.any():
            own = slice(self._first, None)
            self._changes[worse, own] = self._moves[worse, own] = 0.0
            self._gram[worse, own] = self._gram[worse, :, own] = 0.0

    def _mixture(self, target: Floats) -> Floats:
        have = self._first + min(self._kept, MEMORY)
        if not have:
            return np.zeros_like(self.point)
        gram, moves = self._gram[:, :have, :have], self._moves[:, :have]
        try:
            return np.asarray(mixture(np, gram, moves, target[:, :have]))
        except np.linalg.LinAlgError:
            return np.zeros_like(self.point)


def mixture(xp: Any, gram: Any, moves: Any, target: Any) -> Any:
    """Of each problem, the moves mixed so that their changes come nearest to its residual.

    Parameters
    ----------
    xp
        The module of arrays: NumPy, or JAX's.
    gram
        Products of changes with each other, ``(problem, step, step)``. A step that is not there has
        no products, and no weight.
    moves
        ``(problem, step, unknown)``.
    target
        Products of changes with residuals, ``(problem, step)``.
    """
    steps = gram.shape[-1]
    scale = 1 / xp.sqrt(xp.maximum(xp.diagonal(gram, axis1=1, axis2=2), 1e-300))
    system = gram * scale[:, :, None] * scale[:, None, :] + RIDGE * steps * xp.eye(steps)
    target = scale * target
    # A system without a number in it belongs to a problem that is left to be solved alone.
    sound = xp.isfinite(system).all((1, 2)) & xp.isfinite(target).all(1)
    system = xp.where(sound[:, None, None], system, xp.eye(steps))
    target = xp.where(sound[:, None], target, 0.0)
    weight = xp.linalg.solve(system, target[:, :, None])[:, :, 0] * scale
    return xp.matmul(weight[:, None, :], moves)[:, 0]
