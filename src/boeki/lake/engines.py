"""Engines by name, as the environment and the command line give them."""

from __future__ import annotations

import re

from boeki.errors import UnknownTerm
from boeki.lake.engine import Engine

#: What can be asked for; most stand for addresses.
NAMES = (
    "duckdb",
    "spark",
    "local[2]",
    "spark://host:7077",
    "yarn",
    "postgresql://host/database",
    "clickhouse://host:8123/database",
    "chdb",
)
_MASTER = re.compile(r"local(\[(\*|\d+)(,\d+)?\])?|(spark|k8s|mesos)://\S+|yarn")


def engine_of(text: str) -> Engine | None:
    """The engine of this name.

    Parameters
    ----------
    text
        ``duckdb``; ``spark`` for Spark on all cores of this machine; or a Spark master:
        ``local[2]``, ``spark://host:7077``, ``yarn``, ``k8s://…``. Or a database, to which the
        lake is copied: ``postgresql://host/database``, ``clickhouse://host:8123/database``;
        ``chdb`` for ClickHouse in this process, ``chdb:///folder`` for one that keeps its copy.

    Returns
    -------
    Engine or None
        None for DuckDB, of which every lake has its own.

    Raises
    ------
    UnknownTerm
        For another name.
    MissingExtra, LakeError
        Where an engine is not installed, does not start, or cannot be reached.
    """
    name = text.strip()
    if name.casefold() == "duckdb":
        return None
    if name.startswith(("postgresql://", "postgres://")):
        from boeki.lake.postgres import PostgresEngine

        return PostgresEngine(name)
    if name == "chdb" or name.startswith(("clickhouse://", "chdb:///")):
        from boeki.lake.clickhouse import ClickHouseEngine

        return ClickHouseEngine(name)
    if name.casefold() != "spark" and not _MASTER.fullmatch(name):
        raise UnknownTerm("engine", text, NAMES)
    from boeki.lake.spark import SparkEngine

    return SparkEngine(master="local[*]" if name.casefold() == "spark" else name)
