"""One way to a world, whatever file it stands in."""

from __future__ import annotations

from pathlib import Path

from boeki.errors import InputError
from boeki.world.world import World


def open_world(path: str | Path | None = None) -> World:
    """The world that a file holds.

    Parameters
    ----------
    path
        boeki's own ``.parquet``; KITE's initial conditions, ``.rds`` or ``.npz``; a folder of
        Caliendo and Parro's data; None for the one that comes with the package.

    Raises
    ------
    InputError
        For files that hold none of these. An input–output table becomes a world by
        :func:`boeki.world.world_from_table`, which needs elasticities.
    """
    if path is None:
        from boeki.world.embedded import embedded_world

        return embedded_world()
    place = Path(path)
    kind = place.suffix.lower()
    if place.is_dir():
        from boeki.world.caliendo_parro import read_caliendo_parro

        return read_caliendo_parro(place).world
    if kind in {".rds", ".npz"} and place.is_file():
        from boeki.world.kite import read_kite

        return read_kite(place)
    if kind == ".parquet":
        from boeki.world.world_file import read_world

        return read_world(place)
    raise InputError(
        f"{place} is no world: give a .parquet file that boeki wrote, KITE's .rds or .npz, or a "
        "folder of Caliendo and Parro's data; make one of an input–output table first "
        "(boeki world make, boeki.world.world_from_table)"
    )
