"""Satellite rows: jobs, hours, compensation or emissions by sector."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from boeki.errors import InputError

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable


@dataclass(frozen=True, eq=False)
class Satellite:
    """Something that goes with production, by row of a table.

    Attributes
    ----------
    name, unit
        ``jobs`` and ``persons``, say; ``unit`` empty for none.
    values
        ``(n,)``; NaN where it is not known.
    source
        The document.
    """

    name: str
    unit: str
    values: Array
    source: str = ""


def read_satellite(
    path: str | Path, table: InputOutputTable, column: str, *, unit: str = "", name: str = ""
) -> Satellite:
    """Read a satellite row from a CSV file with columns ``area``, ``sector`` and figures.

    Parameters
    ----------
    path
        The file.
    table
        Whose rows the figures go with; rows without a figure are not known, never nil.
    column
        The column of figures.
    unit, name
        As :class:`Satellite` has them; the name is the column's unless given.

    Raises
    ------
    InputError
        For a file that cannot be read, lacks the columns, names rows that the table does not have,
        or names a row twice.
    """
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype={"area": str, "sector": str})
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from None
    missing = [c for c in ("area", "sector", column) if c not in frame.columns]
    if missing:
        raise InputError(f"{path} lacks the columns {', '.join(missing)}")
    places = {
        key: at for at, key in enumerate(zip(table.row_parts, table.row_sectors, strict=True))
    }
    keys = list(zip(frame["area"], frame["sector"], strict=True))
    unknown = [f"{a} {s}" for a, s in keys if (a, s) not in places]
    if unknown:
        raise InputError(f"{path}: the table has no rows {', '.join(unknown[:5])}")
    if len(set(keys)) < len(keys):
        raise InputError(f"{path} has an area and sector twice: add its figures up")
    values = np.full(len(table.output), np.nan)
    values[[places[k] for k in keys]] = frame[column].to_numpy(dtype=float)
    return Satellite(name or column, unit, values, str(path))
