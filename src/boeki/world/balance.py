"""Whether a table adds up, and what is done where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, IntegrityError
from boeki.world.adjust import gras, least_squares

Array: TypeAlias = NDArray[np.float64]

WAYS = ("refuse", "output", "residual", "ras", "gras", "least-squares")
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
        Value added, where it is known: ``ras``, ``gras`` and ``least-squares`` then hold the inputs
        of each sector to output less value added.

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
            "sums as output, 'ras' and 'gras' scale rows and columns, 'least-squares' moves cells "
            "least"
        )
    if output is not None and np.abs(gaps).max(initial=0.0) > 0:
        _apply(state, sums, gaps, how, exports, columns, labels)
    _check_output(state, labels)
    return state


def _apply(
    state: State,
    sums: Array,
    gaps: Array,
    how: str,
    exports: Array | None,
    columns: Array | None,
    labels: Sequence[str],
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
    elif how in {"ras", "gras", "least-squares"}:
        before = np.hstack([state.intermediate, state.final])
        way = _fitted(state, before, how, exports, columns)
        after = np.hstack([state.intermediate, state.final])
        state.notes.append(
            f"{said}: flows were {way} until they add up. {_moved(before, after, labels)}"
        )
    else:
        state.residual = -gaps
        state.notes.append(f"{said}, as rounding leaves it: booked as final use at home.")


def _fitted(
    state: State, before: Array, how: str, exports: Array | None, columns: Array | None
) -> str:
    """Fit flows to output by row, and inputs by column to output less value added."""
    count = len(state.output)
    rows = state.output - (0.0 if exports is None else exports)
    inputs = before[:, :count].sum(0) if columns is None else state.output - columns
    final = before[:, count:].sum(0)
    total = final.sum()
    uses = final * (rows.sum() - inputs.sum()) / (total if total else 1e-300)
    wanted = np.append(inputs, uses)
    if how == "ras":
        found, way = _ras(before, rows, wanted)
    elif how == "gras":
        found, turns = gras(before, rows, wanted)
        way = f"scaled, keeping signs (GRAS, {turns} rounds),"
    else:
        found, way = least_squares(before, rows, wanted), "moved by least squares"
        flipped = int((found * before < 0).sum())
        way += f" ({flipped} cells changed sign)" if flipped else ""
    state.intermediate, state.final = found[:, :count], found[:, count:]
    return way


def _moved(before: Array, after: Array, labels: Sequence[str]) -> str:
    """By how much flows were moved, in all and at most."""
    change = np.abs(after - before)
    i, j = divmod(int(change.argmax()), change.shape[1])
    to = labels[j] if j < len(labels) else f"column {j - len(labels) + 1} of final use"
    return (
        f"{100 * change.sum() / np.abs(before).sum():.2g} % of all flows moved; the most from "
        f"{labels[i]} to {to}, from {before[i, j]:.6g} to {after[i, j]:.6g}."
    )


def _ras(cells: Array, rows: Array, columns: Array) -> tuple[Array, str]:
    """Scale rows and columns (Stone 1961)."""
    if (cells < 0).any():
        raise InputError("balance='ras' cannot scale negative cells: use balance='gras'")
    found = cells.copy()
    for turn in range(1, _ROUNDS + 1):
        found *= _ratio(rows, found.sum(1))[:, None]
        found *= _ratio(columns, found.sum(0))
        if np.abs(found.sum(1) - rows).max() < _CLOSE * rows.sum():
            return found, f"scaled (RAS, {turn} rounds)"
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
