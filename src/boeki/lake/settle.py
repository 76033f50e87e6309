"""Settling a folder: which rows were replaced, worked out once and written beside them.

A revision says which row it replaces, so that a pull need only append. Reading then takes a look at
every revision for every row. Where much was revised that costs more than the rows themselves; so
now and then the folder is written anew, each row with the day from which another stands in its
place, and those that still stand apart from those that do not. No row and no vintage is lost, and
what the figures were on any day stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from boeki.lake import tables
from boeki.lake.delta import DataFile
from boeki.lake.engine import dataset, scan
from boeki.lake.place import Place

_BATCH = 200_000


def settled_rows(
    connection: Any, table: str, files: Sequence[DataFile], place: Place
) -> pa.RecordBatchReader:
    """The rows of one folder with ``until`` filled in wherever another row stands in their place.

    Parameters
    ----------
    connection
        A DuckDB connection.
    table
        ``flows`` or ``series``.
    files
        All files of one office and year.
    place
        The lake.

    Returns
    -------
    pyarrow.RecordBatchReader
        Rows that still stand first, so that whoever asks for the newest reads nothing else.
    """
    if place.is_local:
        rows = scan(files)
    else:
        connection.register("settling", dataset(files, place))
        rows = "settling"
    columns = ", ".join(
        {
            "replaces": "CAST(NULL AS SMALLINT) AS replaces",
            "until": "least(r.until, n.until) AS until",
        }.get(name, f"r.{name}")
        for name in tables.STORED[table]
    )
    # Two rows may say that they replace the same one, where the second came late and lies between:
    # then the earlier of the two ends it.
    reader: pa.RecordBatchReader = connection.sql(
        f"SELECT {columns} FROM {rows} r LEFT JOIN (SELECT figure, replaces, "
        f"min(published) AS until FROM {rows} WHERE replaces IS NOT NULL GROUP BY ALL) n "
        "ON n.figure = r.figure AND n.replaces = r.revision "
        "ORDER BY least(r.until, n.until) IS NOT NULL, "
        + ", ".join(f"r.{name}" for name in _ORDER[table])
    ).to_arrow_reader(_BATCH)
    return reader


#: Rows that are asked for together lie together.
_ORDER = {
    "flows": ("flow", "reporter", "product", "partner", "month", "revision"),
    "series": ("key", "area", "month", "revision"),
}
