"""Looking after a lake on disk: small files put together, files that nothing needs cleared away.

No figure and no vintage is ever touched by this, and neither are raw bytes.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from boeki.errors import InputError, IntegrityError
from boeki.lake.delta import SCHEMAS
from boeki.lake.disk import on_disk
from boeki.lake.place import Place, plainly
from boeki.lake.settle import settle
from boeki.lake.store import Lake

#: A week: nothing that reads a lake holds on to an older version for longer.
RETENTION = 168
#: What runs leave behind in the working folder, and that is no more than the rest of a run. Files
#: by which processes take turns with a host, and copies of raw bytes, stay.
_LEFT_BEHIND = ("fetching/*.part", "fetching/*.whole", "keeping/*.part", "raw/*.part",
                "staged/*.part", "spill/*")  # fmt: skip
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Vacuumed:
    """What a vacuum removed, or would.

    Attributes
    ----------
    dry_run
        Nothing was removed yet.
    files
        Table to the files that no version of the last so many hours needs.
    abandoned
        Files that broken-off runs left, with their paths.
    """

    dry_run: bool
    files: dict[str, tuple[str, ...]]
    abandoned: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many files that is."""
        return sum(map(len, self.files.values())) + len(self.abandoned)

    def to_dict(self) -> dict[str, Any]:
        """Nested plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Compacted:
    """A table before and after its small files were put together."""

    table: str
    files_before: int
    files_after: int
    rows: int

    def to_dict(self) -> dict[str, Any]:
        """The columns of a table."""
        return asdict(self)


def vacuum(lake: Lake, *, hours: int = RETENTION, dry_run: bool = True) -> Vacuumed:
    """Remove files that no recent version of a table needs, and what broken-off runs left.

    Parameters
    ----------
    lake
        A lake with a place.
    hours
        Files that a version of so many hours ago still needed stay.
    dry_run
        Only tell.

    Raises
    ------
    InputError
        For less than one hour: what is being read or written just now would go.
    IntegrityError
        Where a file was to go that the newest version needs. Nothing is removed then.
    LakeError
        Where the lake has no place, or cannot be written to.
    """
    if hours < 1:
        raise InputError(
            f"{hours} hours are too few: what is being read just now would go. Give 1 or more"
        )
    disk = on_disk(lake)
    files = {name: tuple(disk.delta.vacuum(name, hours, dry_run=True)) for name in SCHEMAS}
    for name, going in files.items():
        needed = {Path(f.address).name for f in disk.delta.snapshot(name).files}
        if wanted := needed & {Path(f).name for f in going}:
            raise IntegrityError(
                f"the table {name} still needs {min(wanted)}, which was to be removed: nothing "
                "was. Please report this"
            )
    abandoned = _abandoned(disk.place)
    if not dry_run:
        for name, going in files.items():
            if going:
                disk.delta.vacuum(name, hours, dry_run=False)
        with plainly(f"clean the working folder {disk.place.working}"):
            for path in abandoned:
                with suppress(FileNotFoundError):  # another run has just taken it
                    path.unlink()
    return Vacuumed(dry_run, {n: f for n, f in files.items() if f}, tuple(map(str, abandoned)))


def _abandoned(place: Place) -> list[Path]:
    """Files in the working folder that nothing has written to for a day."""
    now = time.time()
    with plainly(f"look at the working folder {place.working}"):
        return sorted(
            path
            for pattern in _LEFT_BEHIND
            for path in place.working.glob(pattern)
            if path.is_file() and now - path.stat().st_mtime > _DAY
        )


def optimize(lake: Lake) -> tuple[Compacted, ...]:
    """Put the small files of each table together, and replaced rows apart from those that stand.

    Both make reading faster. Every row stays, and so does every older version until a vacuum.

    Raises
    ------
    LakeError
        Where the lake has no place, or cannot be written to.
    IntegrityError
        Where a table has other rows afterwards without anything having been appended.
    """
    delta = on_disk(lake).delta
    out = []
    for name in SCHEMAS:
        before = delta.snapshot(name)
        if before.version < 0:
            continue
        for folder in {(f.office, f.year) for f in before.files if f.linked}:
            settle(lake.connection, delta, name, folder)
            lake.reread()
        delta.compact(name)
        after = delta.snapshot(name)
        if after.rows < before.rows:
            raise IntegrityError(
                f"the table {name} had {before.rows} rows and has {after.rows} after its files "
                f"were put together: version {before.version} has them all. Please report this"
            )
        out.append(Compacted(name, len(before.files), len(after.files), after.rows))
    return tuple(out)
