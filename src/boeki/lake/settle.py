"""Settling a folder: which rows were replaced, worked out once and written beside them.

A revision says which row it replaces, so that a pull need only append. Reading then takes a look at
every revision for every row. Where much was revised that costs more than the rows themselves; so
now and then the folder is written anew, each row with the day from which another stands in its
place, and those that still stand apart from those that do not. No row and no vintage is lost, and
what the figures were on any day stays the same. The end of a delivery does so where it is due, and
`boeki lake optimize` wherever there is anything to settle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import pyarrow as pa

from boeki.lake import tables
from boeki.lake.delta import DataFile, DeltaTables, Snapshot
from boeki.lake.engine import dataset, scan
from boeki.lake.place import Place

Folder = tuple[str | None, int | None]

_BATCH = 200_000
#: A folder is written anew when one row in so many is a revision that came since the last time: a
#: row of a revision is then written so often at the most, however many vintages there are.
_SHARE = 40
#: In smaller folders nothing is gained.
_LARGE = 20_000


def due(snapshot: Snapshot, folders: Collection[Folder]) -> list[Folder]:
    """Those of some folders that are large, and of which much was revised."""
    rows: Counter[Folder] = Counter()
    links: Counter[Folder] = Counter()
    for file in snapshot.files:
        folder = (file.office, file.year)
        if folder in folders:
            rows[folder] += file.rows
            links[folder] += file.links
    return [f for f, n in rows.items() if n >= _LARGE and links[f] * _SHARE >= n]


def settle(connection: Any, delta: DeltaTables, table: str, folder: Folder) -> None:
    """Write a folder anew, every row with the day from which another stands in its place.

    Parameters
    ----------
    connection
        A DuckDB connection.
    delta, table, folder
        The lake's tables, one of them, and an office and a year of it.

    Raises
    ------
    LakeError
        Where it cannot be written. The folder is as it was then.
    """
    office, year = folder
    if office is None or year is None:
        return

    def rows(snapshot: Snapshot) -> pa.RecordBatchReader | None:
        files = [f for f in snapshot.files if (f.office, f.year) == folder]
        if not any(f.linked for f in files):
            return None
        return settled_rows(connection, table, files, delta.place)

    delta.rewrite(table, office, year, rows)


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
        Rows that still stand first, so that whoever asks for the newest reads nothing else; then
        the others by the days between which they stood, so that whoever asks for one of these days
        reads little else.
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
        "CASE WHEN least(r.until, n.until) IS NOT NULL THEN r.published END, "
        "least(r.until, n.until), " + ", ".join(f"r.{name}" for name in _ORDER[table])
    ).to_arrow_reader(_BATCH)
    return reader


#: Rows that are asked for together lie together.
_ORDER = {
    "flows": ("flow", "reporter", "product", "partner", "month", "revision"),
    "series": ("key", "area", "month", "revision"),
}
