"""Every flow that was moved when a table was made into a world, or balanced anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.answer import Answer, Column, Method, answer
from boeki.errors import InputError
from boeki.world.table import InputOutputTable

if TYPE_CHECKING:
    from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

METHOD = Method(
    "Adjustments of flows",
    "change = after − before; share = change / output of the world",
    "Costinot and Rodríguez-Clare (2014), Handbook of International Economics 4, online appendix; "
    "of tables, the way named in their notes",
    "explanation/baselines.md",
)
#: Changes below this share of the largest flow are rounding.
_ROUNDING = 1e-12


def adjustments(before: InputOutputTable, after: World | InputOutputTable) -> Answer:
    """Every flow that differs between a table and the world, or the table, made of it.

    Parameters
    ----------
    before
        The table as published, read with ``balance="residual"`` where its rows do not add up.
    after
        The world of :func:`boeki.world.world_from_table`, or the table balanced in another way.

    Returns
    -------
    Answer
        One row a flow of a sector from an origin to a destination, inputs and final use together,
        the largest change first.

    Raises
    ------
    InputError
        Where both have other countries or sectors.
    """
    first = before.aggregated(parts=True)
    names = first.areas, first.sectors
    if isinstance(after, InputOutputTable):
        last = after.aggregated(parts=True)
        others, flows = (last.areas, last.sectors), _flows(last)
    else:
        others, flows = (after.countries, after.sectors), after.trade
    if others != names:
        raise InputError("the two have other countries or sectors: compare what was made of one")
    old = _flows(first)
    change = flows - old
    world = float(first.output.sum())
    moved = np.argwhere(np.abs(change) > _ROUNDING * np.abs(old).max())
    order = sorted(map(tuple, moved), key=lambda at: -abs(change[at]))
    rows = [
        {
            "origin": names[0][o],
            "destination": names[0][d],
            "sector": names[1][s],
            "before": old[o, d, s] * before.unit,
            "after": flows[o, d, s] * before.unit,
            "change": change[o, d, s] * before.unit,
            "share": 100 * change[o, d, s] / world,
        }
        for o, d, s in order
    ]
    money = before.currency
    columns = [
        Column("origin", "origin"),
        Column("destination", "destination"),
        Column("sector", "sector"),
        Column("before", "flow as published", money),
        Column("after", "flow as adjusted", money),
        Column("change", "change", money),
        Column("share", "change, share of the world's output", "%", 5),
    ]
    total = 100 * float(np.abs(change).sum()) / world
    notes = [
        f"{len(rows)} of {old.size} flows moved, {total:.3g} % of the world's output in all.",
        *after.notes,
    ]
    return answer(
        "Adjustments of flows", rows, columns, METHOD, notes=notes, sources=[before.source]
    )


def _flows(table: InputOutputTable) -> Array:
    """Sales, inputs and final use together, ``(origin, destination, sector)``."""
    where = {name: at for at, name in enumerate(table.sectors)}
    out = np.zeros((len(table.areas), len(table.sectors), len(table.areas)))
    sold = table.inputs_by_area + table.final_by_area
    out[table.home, [where[s] for s in table.row_sectors]] = sold
    return out.transpose(0, 2, 1)
