"""Whether a table adds up, and what is done where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, IntegrityError

Array: TypeAlias = NDArray[np.float64]

WAYS = ("refuse", "output", "residual", "ras")
#: Rows that a message names.
_NAMED = 5
#: Rounds of scaling, and the gap relative to all output at which it stops.
_ROUNDS, _CLOSE = 1000, 1e-12


@dataclass
class State:
    """A table on its way to balance; ``residual`` is what final use at home must take."""

    intermediate: Array
    final: Array
    output: Array
    residual: Array | None = None
    notes: list[str] = field(default_factory=list)


def check_shapes(intermediate: Array, final: Array, labels: Sequence[str]) -> None:
    """Refuse arrays that are no table.

    Raises
    ------
    InputError
        For unlike shapes, and for gaps or infinite cells.
    """
    rows = len(labels)
    if intermediate.shape != (rows, rows) or final.shape[0] != rows:
        raise InputError(
            f"intermediate has the shape {intermediate.shape} and final {final.shape}: "
            f"with {rows} rows they must be ({rows}, {rows}) and ({rows}, columns of final use)"
        )
    for name, cells in (("intermediate", intermediate), ("final", final)):
        bad = np.flatnonzero(~np.isfinite(cells).all(axis=1))
        if bad.size:
            raise InputError(
                f"{name} has gaps or infinite cells in {_names(labels, bad)}: fill them with the "
                "figures or with zeros"
            )


def balanced(
    intermediate: Array,
    final: Array,
    output: Array | None,
    exports: Array | None,
    labels: Sequence[str],
    *,
    how: str,
    tolerance: float,
    columns: Array | None = None,
) -> State:
    """Make rows add up to output.

    Parameters
    ----------
    intermediate, final, output, exports
        The flows; output None for the sums of the rows.
    labels
        Names of the rows, for messages.
    how, tolerance
        As :func:`boeki.world.input_output_table` has them.
    columns
        Value added, where it is known: ``ras`` then holds the inputs of each sector to output less
        value added.

    Raises
    ------
    InputError
        For output below zero, inputs of a sector without output, or an unknown way.
    IntegrityError
        For rows that do not add up, and for scaling that does not come to an end.
    """
    if how not in WAYS:
        raise InputError(f"{how!r} is no way to balance a table: give {', '.join(WAYS)}")
    sums = intermediate.sum(1) + final.sum(1) + (0.0 if exports is None else exports)
    state = State(intermediate, final, sums if output is None else output)
    gaps = sums - state.output
    off = _off(gaps, state.output, tolerance)
    if off.size and how == "refuse":
        raise IntegrityError(
            f"{off.size} of {len(labels)} rows do not add up to output, the worst: "
            f"{_gaps(labels, off, gaps, state.output)}. Correct the figures, or say what to do "
            "with the gap: balance='residual' books it as final use at home, 'output' takes the "
            "sums as output, 'ras' scales rows and columns"
        )
    if output is not None and np.abs(gaps).max(initial=0.0) > 0:
        _apply(state, sums, gaps, how, exports, columns)
    _check_output(state, labels)
    return state


def _apply(
    state: State, sums: Array, gaps: Array, how: str, exports: Array | None, columns: Array | None
) -> None:
    share = np.abs(gaps).sum() / max(state.output.sum(), 1e-300)
    said = f"Rows are off output by {100 * share:.2g} % of it in all"
    if share < 1e-15:
        return
    if how == "output":
        state.output = sums
        state.notes.append(f"{said}: the sums of the rows are taken as output.")
    elif how == "residual":
        state.residual = -gaps
        state.notes.append(f"{said}: the gap is booked as final use at home, category residual.")
    elif how == "ras":
        rounds = _ras(state, exports, columns)
        state.notes.append(f"{said}: flows were scaled (RAS, {rounds} rounds) until they add up.")
    else:
        state.residual = -gaps
        state.notes.append(f"{said}, as rounding leaves it: booked as final use at home.")


def _ras(state: State, exports: Array | None, columns: Array | None) -> int:
    """Scale rows to output, and columns of inputs to output less value added (Stone 1961)."""
    if (state.intermediate < 0).any() or (state.final < 0).any():
        raise InputError("balance='ras' cannot scale negative cells: use balance='residual'")
    z, f = state.intermediate.copy(), state.final.copy()
    rows = state.output - (0.0 if exports is None else exports)
    inputs = z.sum(0) if columns is None else state.output - columns
    uses = f.sum(0) * (rows.sum() - inputs.sum()) / max(f.sum(), 1e-300)
    for turn in range(1, _ROUNDS + 1):
        scale = _ratio(rows, z.sum(1) + f.sum(1))
        z, f = z * scale[:, None], f * scale[:, None]
        z, f = z * _ratio(inputs, z.sum(0)), f * _ratio(uses, f.sum(0))
        if np.abs(z.sum(1) + f.sum(1) - rows).max() < _CLOSE * rows.sum():
            state.intermediate, state.final = z, f
            return turn
    raise IntegrityError(
        f"scaling did not come to an end in {_ROUNDS} rounds: the zeros of the table leave no "
        "solution. Use balance='residual'"
    )


def _ratio(wanted: Array, have: Array) -> Array:
    return np.divide(wanted, have, out=np.ones_like(have), where=have != 0)


def _check_output(state: State, labels: Sequence[str]) -> None:
    below = np.flatnonzero(state.output < 0)
    if below.size:
        raise InputError(f"output is below zero in {_names(labels, below)}: correct the figures")
    idle = state.output == 0
    fed = np.flatnonzero(idle)
    fed = fed[np.abs(state.intermediate[:, fed]).sum(0) > 0]
    if fed.size:
        raise InputError(
            f"{_names(labels, fed)}: inputs but no output. Give output, or drop the inputs"
        )
    if idle.any():
        names = _names(labels, np.flatnonzero(idle))
        state.notes.append(f"No output in {names}: their coefficients are taken as zero.")


def signs(
    intermediate: Array, final: Array, value_added: Array, labels: Sequence[str]
) -> list[str]:
    """Notes on cells below zero, which are left as they are."""
    notes = []
    for name, cells in (("inputs", intermediate), ("final use", final)):
        if count := int((cells < 0).sum()):
            worst = np.argsort(cells.min(axis=1))[:_NAMED]
            worst = worst[cells.min(axis=1)[worst] < 0]
            notes.append(
                f"{count} cells of {name} are below zero, worst in {_names(labels, worst)}."
            )
    below = np.flatnonzero(value_added < 0)
    if below.size:
        notes.append(f"Value added is below zero in {_names(labels, below)}.")
    return notes


def _off(gaps: Array, output: Array, tolerance: float) -> NDArray[np.int64]:
    floor = np.maximum(np.abs(output), 1e-6 * np.abs(output).sum())
    off = np.flatnonzero(np.abs(gaps) > tolerance * floor)
    return off[np.argsort(-np.abs(gaps[off]))]


def _gaps(labels: Sequence[str], rows: NDArray[np.int64], gaps: Array, output: Array) -> str:
    return ", ".join(f"{labels[i]} {gaps[i]:+.6g} of {output[i]:.6g}" for i in rows[:_NAMED])


def _names(labels: Sequence[str], rows: NDArray[np.int64]) -> str:
    more = f" and {rows.size - _NAMED} more" if rows.size > _NAMED else ""
    return ", ".join(labels[i] for i in rows[:_NAMED]) + more
