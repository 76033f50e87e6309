"""Many problems solved together by JAX (``boeki[gpu]``), on the device that it finds.

All of a batch go round in one loop on the device until the last one is done: the host hands over
what differs from the baseline, and takes the points back.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.batch import MOST, Cells, Together, differences
from boeki.model.batch_steps import LONGEST, MEMORY, WORSE, mixture
from boeki.model.exact_hat import Point, at_baseline, point_of
from boeki.model.problem import Problem
from boeki.model.slow_moves import slow_moves
from boeki.model.solve import Solution

Array: TypeAlias = NDArray[np.float64]


class _State(NamedTuple):
    """Where a batch stands, as :class:`boeki.model.batch_steps.Steps` has it."""

    point: Any
    before: Any
    residual: Any
    changes: Any
    moves: Any
    gram: Any
    best: Any
    going: Any
    #: Of each problem: the largest gap where it was done, and at which evaluation.
    gap: Any
    done_at: Any
    evaluation: Any


def solve_on_device(
    problems: list[Problem], start: Point | None, tolerance: float
) -> list[Solution | None]:
    """What acceleration finds on the device; None where it finds nothing.

    Parameters
    ----------
    problems
        Of one baseline.
    start
        Where to begin.
    tolerance
        Largest residual, in logarithms.
    """
    jax, jnp = _jax()
    begin = (start or at_baseline(problems[0])).vector()
    with np.errstate(all="ignore"), jax.enable_x64(True):
        together = _laid(problems)
        points = jnp.asarray(np.tile(begin, (len(problems), 1)))
        known = slow_moves(problems[0].base)
        found_there = _loop()(
            together, points, tolerance, jnp.asarray(known.changes), jnp.asarray(known.steps)
        )
        points, gap, done_at = (np.asarray(part) for part in found_there)
    found: list[Solution | None] = []
    for problem, vector, size, at in zip(problems, points, gap, done_at, strict=True):
        done = at > 0
        point = point_of(problem, np.array(vector))
        words = "acceleration, on a device"
        found.append(Solution(problem, point, float(size), int(at), words) if done else None)
    return found


@lru_cache
def _jax() -> tuple[Any, Any]:
    import jax
    import jax.numpy

    return jax, jax.numpy


def _laid(problems: list[Problem]) -> Together:
    """Problems on the device: their trade shares made there, of the baseline's and what differs."""
    _, jnp = _jax()
    dense, base = _dense(), problems[0].base
    cells = [differences(problem, 1.0) for problem in problems]
    where, reach, landed = _padded([c for c in cells if c is not None], base.share.size)
    many = len(problems)
    parts = [
        _scattered()(jnp.asarray(before), where, more, many)
        for before, more in ((base.share, reach), (base.landed, landed))
    ]
    return Together.of(jnp, problems, dense(*parts))


def _padded(cells: list[Cells], size: int) -> tuple[Any, Array, Array]:
    """Places ``cell × problem`` of all that differs, as many as a power of two: few shapes."""
    many = len(cells)
    where = np.concatenate([c.flat * many + k for k, c in enumerate(cells)])
    reach, landed = (np.concatenate([getattr(c, n) for c in cells]) for n in ("reach", "landed"))
    room = 1 << max(int(where.size - 1).bit_length(), 8)
    # What is only there to fill up lies beyond the end, where it is dropped.
    where = np.pad(where, (0, room - where.size), constant_values=size * many)
    return where, np.pad(reach, (0, room - reach.size)), np.pad(landed, (0, room - landed.size))


@lru_cache
def _scattered() -> Any:
    jax, jnp = _jax()

    def scattered(before: Any, where: Any, more: Any, many: int) -> Any:
        wide = jnp.repeat(before.reshape(-1), many)
        return wide.at[where].add(more, mode="drop").reshape(*before.shape, many)

    return jax.jit(scattered, static_argnums=3)


@lru_cache
def _dense() -> Any:
    """The class of sums over trade shares that all differ, known to JAX as a tree of arrays."""
    jax, _ = _jax()

    class Dense(NamedTuple):
        reach: Any
        landed: Any

        def forth(self, cells: Any) -> tuple[Any, Any]:
            """Over origins, ``(good, destination, problem)``."""
            wide = cells[:, None, :, :]
            return (self.reach * wide).sum(2), (self.landed * wide).sum(2)

        def back(self, cells: Any) -> Any:
            """Over destinations, ``(good, origin, problem)``."""
            return (self.landed * cells[:, :, None, :]).sum(1)

    names = [f for f in Together.__dataclass_fields__ if f not in ("xp", "shape")]
    jax.tree_util.register_dataclass(Together, data_fields=names, meta_fields=["xp", "shape"])
    return Dense


@lru_cache
def _loop() -> Any:
    """The whole iteration of a batch, compiled."""
    jax, jnp = _jax()

    def turn(together: Together, tolerance: Any, first: int, state: _State) -> _State:
        residual, gap = together.gaps(state.point)
        size, largest = jnp.abs(residual).max(1), jnp.abs(gap).max(1)
        evaluation = state.evaluation + 1
        done = state.going & (size <= tolerance / 4) & (largest <= tolerance)
        going = state.going & ~done & jnp.isfinite(size)
        best = jnp.fmin(state.best, size)
        worse = size > WORSE * best
        # Those that went astray forget what they learnt on their way, not what was known before.
        own = jnp.arange(first + MEMORY) >= first
        stay = 1.0 - worse[:, None] * own
        changes, moves = (c * stay[:, :, None] for c in (state.changes, state.moves))
        gram = state.gram * stay[:, :, None] * stay[:, None, :]
        # The first turn has none before it: what it would enter is nothing.
        slot, later = first + (state.evaluation - 1) % MEMORY, state.evaluation > 0
        change = jnp.where(later, residual - state.residual, 0.0)
        judged = slice(0, changes.shape[2])
        changes = changes.at[:, slot].set(change[:, judged])
        moves = moves.at[:, slot].set(jnp.where(later, change + state.point - state.before, 0.0))
        pair = jnp.stack([change[:, judged], residual[:, judged]], axis=2)
        both = jnp.matmul(changes, pair)
        gram = gram.at[:, slot].set(both[:, :, 0]).at[:, :, slot].set(both[:, :, 0])
        mixed = mixture(jnp, gram, moves, both[:, :, 1])
        move = residual - jnp.where(worse[:, None], 0.0, mixed)
        far = jnp.abs(move).max(1)
        move = move * jnp.where(far > LONGEST, LONGEST / far, 1.0)[:, None]
        return _State(
            state.point + jnp.where(going[:, None], move, 0.0), state.point, residual, changes,
            moves, gram, best, going, jnp.where(done, largest, state.gap),
            jnp.where(done, evaluation, state.done_at), evaluation,
        )  # fmt: skip

    def loop(
        together: Together, point: Any, tolerance: Any, changes: Any, steps: Any
    ) -> tuple[Any, Any, Any]:
        many, first = len(point), len(changes)
        told, room = slice(0, first), first + MEMORY

        def past(known: Any) -> Any:
            return jnp.zeros((many, room, known.shape[1])).at[:, told].set(known)

        start = _State(
            point, point, jnp.zeros_like(point), past(changes), past(steps),
            jnp.zeros((many, room, room)).at[:, told, told].set(changes @ changes.T),
            jnp.full(many, jnp.inf),
            jnp.ones(many, dtype=bool), jnp.full(many, jnp.inf),
            jnp.zeros(many, dtype=jnp.int32), jnp.asarray(0, dtype=jnp.int32),
        )  # fmt: skip
        ended = jax.lax.while_loop(
            lambda s: s.going.any() & (s.evaluation < MOST),
            lambda s: turn(together, tolerance, first, s), start,
        )  # fmt: skip
        return ended.point, ended.gap, ended.done_at

    return jax.jit(loop)
