"""Make an input–output table of arrays: checked, balanced, labelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from boeki.errors import InputError, UnknownTerm
from boeki.world import balance as balancing
from boeki.world.table import RESIDUAL, Array, InputOutputTable, side_by_side

Balance = Literal["refuse", "output", "residual", "ras", "gras", "least-squares"]


def input_output_table(
    intermediate: ArrayLike,
    final: ArrayLike,
    *,
    areas: Sequence[str],
    sectors: Sequence[str],
    output: ArrayLike | None = None,
    value_added: ArrayLike | None = None,
    final_areas: Sequence[str] | None = None,
    final_categories: Sequence[str] | None = None,
    part_of: Mapping[str, str] | None = None,
    exports: ArrayLike | None = None,
    imported_inputs: ArrayLike | None = None,
    currency: str = "USD",
    unit: float = 1.0,
    year: int | None = None,
    source: str = "",
    value_added_is: str = "value added as given",
    notes: Iterable[str] = (),
    balance: Balance = "refuse",
    tolerance: float = 1e-3,
) -> InputOutputTable:
    """Make a table of arrays, checked and balanced.

    Parameters
    ----------
    intermediate, final
        ``(n, n)`` and ``(n, m)``. Of a national table: domestic flows only.
    areas, sectors
        Either of each of the n rows, or the distinct ones, where the rows are all sectors of the
        first area, then all of the second, and so on.
    output
        ``(n,)``; None to take the sums of the rows.
    value_added
        ``(n,)``; None to take what output leaves after inputs, which then includes taxes less
        subsidies on inputs and margins.
    final_areas, final_categories
        Of each of the m columns; None where final use has as many columns for each area.
    part_of
        Areas in the rows that are parts of another: ``{"CN1": "CHN", "CN2": "CHN"}``.
    exports, imported_inputs
        ``(n,)``, of a national table.
    currency, unit, year, source, value_added_is, notes
        As :class:`InputOutputTable` has them.
    balance
        What is done where rows do not add up to output: ``refuse``; ``output`` takes their sums as
        output; ``residual`` books the gap as final use at home, in a category of its own; ``ras``
        scales rows and columns until both add up, ``gras`` likewise with cells below zero, which
        keep their signs; ``least-squares`` moves cells as little as can be for their size. The
        notes tell how much was moved.
    tolerance
        Gap that is taken for rounding, relative to the output of the row, or to a millionth of
        all output for small rows; ``refuse`` books such gaps like ``residual``.

    Raises
    ------
    InputError
        For arrays of other shapes, gaps, infinite cells, negative output, or inputs of a sector
        without output; the message names the worst rows.
    IntegrityError
        For rows that do not add up.
    """
    z, f = _matrix(intermediate, "intermediate"), _matrix(final, "final")
    if z.shape[0] != z.shape[1]:
        raise InputError(f"intermediate has the shape {z.shape}: it must be square")
    row_areas, row_sectors = _row_labels(areas, sectors, len(z))
    labels = [f"{a} {s}" for a, s in zip(row_areas, row_sectors, strict=True)]
    out_of = _vector(exports, len(z), "exports")
    x = _vector(output, len(z), "output")
    heads = _final_labels(row_areas, part_of or {}, f.shape[1], final_areas, final_categories)
    balancing.check_shapes(z, f, labels)
    state = balancing.balanced(
        z, f, x, out_of, labels, how=balance, tolerance=tolerance,
        columns=None if value_added is None else _vector(value_added, len(z), "value_added"),
    )  # fmt: skip
    if state.residual is not None:
        places = list(dict.fromkeys((part_of or {}).get(a, a) for a in row_areas))
        spread = np.zeros((len(z), len(places)))
        where = [places.index((part_of or {}).get(a, a)) for a in row_areas]
        spread[np.arange(len(z)), where] = state.residual
        state.final = np.hstack([state.final, spread])
        heads = (heads[0] + tuple(places), heads[1] + ("residual",) * len(places))
    imported = _vector(imported_inputs, len(z), "imported_inputs")
    if out_of is not None and imported is None:
        raise InputError("a national table needs imported_inputs, by using sector, beside exports")
    va = _vector(value_added, len(z), "value_added")
    said = value_added_is
    if va is None:
        va, said = state.output - state.intermediate.sum(0), RESIDUAL
        va = va - imported if imported is not None else va
    table = InputOutputTable(
        state.intermediate, state.final, state.output, va,
        tuple((part_of or {}).get(a, a) for a in row_areas), tuple(row_sectors), tuple(row_areas),
        *heads, currency, float(unit), year, source, said,
        (*notes, *state.notes, *balancing.signs(state.intermediate, state.final, va, labels)),
        out_of, imported,
    )  # fmt: skip
    _check_final_areas(table)
    return side_by_side(table)


def _matrix(values: ArrayLike, name: str) -> Array:
    out = np.asarray(values, dtype=float)
    if out.ndim != 2:
        raise InputError(f"{name} has the shape {out.shape}: it must be a matrix, seller by buyer")
    return out


def _vector(values: ArrayLike | None, rows: int, name: str) -> Array | None:
    if values is None:
        return None
    out = np.asarray(values, dtype=float)
    if out.shape != (rows,):
        raise InputError(f"{name} has the shape {out.shape}: it must have one value for each row")
    if not np.isfinite(out).all():
        raise InputError(f"{name} has gaps or infinite values: fill them, or leave {name} out")
    return out


def _row_labels(
    areas: Sequence[str], sectors: Sequence[str], rows: int
) -> tuple[list[str], list[str]]:
    """Labels of every row."""
    first, second = [str(a) for a in areas], [str(s) for s in sectors]
    if len(first) == len(second) == rows:
        pairs = list(zip(first, second, strict=True))
    elif len(first) * len(second) == rows:
        pairs = [(a, s) for a in first for s in second]
    else:
        raise InputError(
            f"{len(first)} areas and {len(second)} sectors do not label {rows} rows: give those of "
            "each row, or the distinct ones of a table in which each area has all sectors"
        )
    if len(set(pairs)) < rows:
        raise InputError("two rows have the same area and sector: add them up or name them apart")
    return [a for a, _ in pairs], [s for _, s in pairs]


def _final_labels(
    row_areas: Sequence[str],
    part_of: Mapping[str, str],
    columns: int,
    areas: Sequence[str] | None,
    categories: Sequence[str] | None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Area and category of each column of final use."""
    if areas is None:
        whole = list(dict.fromkeys(part_of.get(a, a) for a in row_areas))
        each, rest = divmod(columns, len(whole))
        if rest or not each:
            raise InputError(
                f"{columns} columns of final use cannot be dealt out to {len(whole)} areas: "
                "give final_areas"
            )
        names = tuple(categories or (f"final{i + 1}" if each > 1 else "final" for i in range(each)))
        if len(names) == each:
            return tuple(a for a in whole for _ in range(each)), names * len(whole)
        areas = [a for a in whole for _ in range(each)]
    kinds = tuple(categories) if categories else ("final",) * columns
    if len(areas) != columns or len(kinds) != columns:
        raise InputError(f"final use has {columns} columns: give an area and a category for each")
    return tuple(part_of.get(str(a), str(a)) for a in areas), kinds


def _check_final_areas(table: InputOutputTable) -> None:
    for area in table.final_areas:
        if area not in table.areas:
            raise UnknownTerm("area of final use", area, table.areas)
