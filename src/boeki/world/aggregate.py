"""Smaller tables: rows and columns added up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable


def aggregated(
    table: InputOutputTable, areas: Mapping[str, str], sectors: Mapping[str, str], parts: bool
) -> InputOutputTable:
    """Add rows and columns up.

    Parameters
    ----------
    table
        The larger table.
    areas, sectors
        Member to the aggregate it goes into.
    parts
        Whether parts of areas are added up too.
    """
    keys = []
    for area, sector, part in zip(table.row_areas, table.row_sectors, table.row_parts, strict=True):
        whole = areas.get(area, area)
        kept = whole if parts or area in areas or part == area else part
        keys.append((whole, sectors.get(sector, sector), kept))
    heads = [
        (areas.get(a, a), c) for a, c in zip(table.final_areas, table.final_categories, strict=True)
    ]
    new, uses = _distinct_areas(keys), list(dict.fromkeys(heads))
    lines = list(zip(table.row_areas, table.row_sectors, table.row_parts, strict=True))
    if lines == new and uses == list(zip(table.final_areas, table.final_categories, strict=True)):
        return table
    rows, columns = _groups(keys, new), _groups(heads, uses)
    return replace(
        table,
        intermediate=rows(rows(table.intermediate), 1),
        final=columns(rows(table.final), 1),
        output=rows(table.output),
        value_added=rows(table.value_added),
        row_areas=tuple(k[0] for k in new),
        row_sectors=tuple(k[1] for k in new),
        row_parts=tuple(k[2] for k in new),
        final_areas=tuple(u[0] for u in uses),
        final_categories=tuple(u[1] for u in uses),
        exports=None if table.exports is None else rows(table.exports),
        imported_inputs=None if table.imported_inputs is None else rows(table.imported_inputs),
    )


def _distinct_areas(keys: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Distinct keys, those of an area side by side."""
    order = {area: at for at, area in enumerate(dict.fromkeys(k[0] for k in keys))}
    return sorted(dict.fromkeys(keys), key=lambda k: order[k[0]])


def _groups(old: Sequence[object], new: Sequence[object]) -> Callable[..., Array]:
    """What adds lines with old labels up into lines with new ones, along an axis."""
    places = {key: at for at, key in enumerate(new)}
    target = np.array([places[k] for k in old], dtype=np.int64)
    order = np.argsort(target, kind="stable")
    starts = np.searchsorted(target[order], np.arange(len(new)))

    def summed(cells: Array, axis: int = 0) -> Array:
        return np.asarray(np.add.reduceat(np.take(cells, order, axis), starts, axis))

    return summed
