"""Engines by name, as the environment and the command line give them."""

from __future__ import annotations

import re

from boeki.errors import UnknownTerm
from boeki.lake.engine import Engine

#: What can be asked for; the last three stand for addresses.
NAMES = ("duckdb", "spark", "local[2]", "spark://host:7077", "yarn")
_MASTER = re.compile(r"local(\[(\*|\d+)(,\d+)?\])?|(spark|k8s|mesos)://\S+|yarn")


def engine_of(text: str) -> Engine | None:
    """The engine of this name.

    Parameters
    ----------
    text
        ``duckdb``; ``spark`` for Spark on all cores of this machine; or a Spark master:
        ``local[2]``, ``spark://host:7077``, ``yarn``, ``k8s://…``.

    Returns
    -------
    Engine or None
        None for DuckDB, of which every lake has its own.

    Raises
    ------
    UnknownTerm
        For another name.
    MissingExtra, LakeError
        Where Spark is not installed, or does not start.
    """
    name = text.strip()
    if name.casefold() == "duckdb":
        return None
    if name.casefold() != "spark" and not _MASTER.fullmatch(name):
        raise UnknownTerm("engine", text, NAMES)
    from boeki.lake.spark import SparkEngine

    return SparkEngine(master="local[*]" if name.casefold() == "spark" else name)
