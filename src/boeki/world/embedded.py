"""The small world that comes with the package."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from boeki.world.world import World


@lru_cache(maxsize=1)
def embedded_world() -> World:
    """The world economy of 2014 in 16 regions and 16 sectors, semiconductor equipment one of them.

    Returns
    -------
    World
        Its ``source`` and ``notes`` say where each figure is from, and which are proxies.

    Notes
    -----
    Made by ``scripts/embed_world.py`` from the World Input-Output Database (2016 release, year
    2014, with tariffs, as KITE calibrates it) and UN Comtrade.
    """
    from boeki.world.world_file import read_world

    with resources.as_file(resources.files("boeki.data").joinpath("world.parquet")) as path:
        return read_world(path)
