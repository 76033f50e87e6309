"""Copying a lake into the database that is its engine, ahead of the first question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from boeki.errors import InputError
from boeki.lake import tables
from boeki.lake.database import DatabaseEngine
from boeki.lake.disk import on_disk
from boeki.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Copied:
    """What of a table a database has.

    Attributes
    ----------
    table
        ``flows`` or ``series``.
    rows
        How many rows the lake has on disk, every vintage counted; the database has them all.
    copied
        How many of them were copied just now.
    """

    table: str
    rows: int
    copied: int

    def to_dict(self) -> dict[str, Any]:
        """The columns of a table."""
        return asdict(self)


def copy(
    lake: Lake, *, anew: bool = False, progress: Callable[[int], None] | None = None
) -> tuple[Copied, ...]:
    """Copy what the database that a lake is asked through does not have yet.

    Parameters
    ----------
    lake
        A lake with a place, and a database as its engine.
    anew
        Drop what was copied before, of every lake, and copy all. That frees the room of files that
        the lake has put together with others since.
    progress
        Called with the rows of every file that was copied.

    Returns
    -------
    tuple of Copied
        One a table.

    Raises
    ------
    InputError
        Where the engine reads the files of a lake by itself.
    LakeError
        Where the lake has no place, or the database cannot be written to.
    """
    engine = lake.engine
    if not isinstance(engine, DatabaseEngine):
        raise InputError(
            f"{engine.name} reads the files of a lake by itself, and nothing is to be copied: name "
            "a database, as in `boeki --engine postgresql://host/database lake copy`"
        )
    disk = on_disk(lake)
    if anew:
        engine.remove_copies()
        lake.reread()
    engine.watch = progress
    try:
        found = {name: disk.delta.snapshot(name) for name in tables.STORED}
        return tuple(
            Copied(name, seen.rows, engine.copy(name, seen.files, disk.place))
            for name, seen in found.items()
        )
    finally:
        engine.watch = None


def size(lake: Lake) -> int:
    """How many rows a lake has on disk."""
    disk = on_disk(lake)
    return sum(disk.delta.snapshot(name).rows for name in tables.STORED)
