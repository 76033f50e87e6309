"""The part of a lake that is on disk, for what only it can be asked."""

from __future__ import annotations

from dataclasses import dataclass

from boeki.errors import LakeError
from boeki.lake.delta import DeltaTables
from boeki.lake.place import Place
from boeki.lake.raw import RawBytes
from boeki.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Disk:
    """Where a lake is, its tables and its raw bytes."""

    place: Place
    delta: DeltaTables
    raw: RawBytes


def on_disk(lake: Lake) -> Disk:
    """The part of a lake that is on disk.

    Raises
    ------
    LakeError
        Where it is in memory only.
    """
    if lake.place is None or lake.delta is None or lake.raw is None:
        raise LakeError(
            "these figures are in memory only: say which lake is meant, with `boeki --lake DIR` or "
            "in BOEKI_LAKE"
        )
    return Disk(lake.place, lake.delta, lake.raw)
