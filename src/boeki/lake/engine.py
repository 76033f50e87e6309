"""Engines: what runs the expressions of a lake. DuckDB unless told otherwise, or Spark."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.operations as ops
import pyarrow as pa

from boeki.lake import tables
from boeki.lake.delta import DataFile, arrow_schema
from boeki.lake.place import Place

#: Rows that come at once: few enough to lie near the processor.
_BATCH = 20_000


class Engine(Protocol):
    """Runs Ibis expressions over the files of a lake."""

    name: str

    def show(
        self,
        view: str,
        table: str,
        files: Sequence[DataFile],
        place: Place | None,
        aboard: Any,
    ) -> ibis.Table:
        """Make rows of ``flows`` or ``series`` known under a name.

        Parameters
        ----------
        view
            The name.
        table
            ``flows`` or ``series``.
        files, place
            Parquet files of a snapshot, and the lake that has them.
        aboard
            Rows that lie in no file: those that the package ships.

        Returns
        -------
        ibis.Table
            With the columns of :data:`boeki.lake.tables.STORED`, and ``row``, a row's name.
        """

    def table(self, name: str, rows: pa.Table) -> ibis.Table:
        """Make a small table known under a name."""

    def keep(self, name: str, expression: ibis.Table) -> None:
        """Compute a table once and keep it under a name."""

    def drop(self, name: str) -> None:
        """Let go of a kept table."""

    def execute(self, expression: Any) -> pa.Table:
        """Run an expression."""


class DuckEngine:
    """DuckDB, in this process.

    Parameters
    ----------
    backend
        An Ibis backend whose connection has the tables ``flows_aboard`` and ``series_aboard``.
    """

    name = "duckdb"

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._connection = backend.con

    def show(
        self,
        view: str,
        table: str,
        files: Sequence[DataFile],
        place: Place | None,
        aboard: Any,
    ) -> ibis.Table:
        """Rows of a snapshot's files and of the table aboard, as a view."""
        columns = ", ".join(tables.STORED[table])
        parts = []
        if aboard:
            parts.append(f"SELECT {columns} FROM {table}_aboard")
        if files and place is not None:
            parts.append(f"SELECT {columns} FROM {self._scan(view, files, place)}")
        body = " UNION ALL ".join(parts)
        self._connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT *, {ROW} AS row FROM ({body})"
        )
        # Its columns are known: to have them told takes longer than many a question.
        return ops.DatabaseTable(view, schema=_schema(table), source=self._backend).to_expr()

    def _scan(self, view: str, files: Sequence[DataFile], place: Place) -> str:
        if place.is_local:
            return scan(files)
        # DuckDB reaches object stores only with an extension that it downloads when it first needs
        # it; a closed network has none of that. Arrow reads them, through delta-rs.
        self._connection.register(f"{view}_files", dataset(files, place))
        return f"{view}_files"

    def table(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> ibis.Table:
        """A table, copied into the database."""
        self._connection.register("given", rows)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM given")
        self._connection.unregister("given")
        return self._backend.table(name)

    def compile(self, expression: Any) -> str:
        """The SQL of an expression, with its steps left nested: fusing them takes Ibis longer than
        DuckDB takes to run them.
        """
        before = ibis.options.sql.fuse_selects
        ibis.options.sql.fuse_selects = False
        try:
            return str(self._backend.compile(expression))
        finally:
            ibis.options.sql.fuse_selects = before

    def keep(self, name: str, expression: ibis.Table) -> None:
        """Compute a table into a temporary one."""
        self._connection.execute(f'CREATE TEMP TABLE "{name}" AS {self.compile(expression)}')

    def drop(self, name: str) -> None:
        """Drop a temporary table."""
        self._connection.execute(f'DROP TABLE IF EXISTS "{name}"')

    def execute(self, expression: Any) -> pa.Table:
        """Run an expression."""
        # Not through Ibis's own reader of results: that imports pandas, which takes longer than
        # most questions do.
        return self._connection.sql(self.compile(expression)).to_arrow_table()

    def batches(self, expression: ibis.Table) -> pa.RecordBatchReader:
        """Run an expression, and have its rows as they come."""
        return self._connection.sql(self.compile(expression)).to_arrow_reader(_BATCH)


#: A row's name: its figure, and the document that it comes from. Computed only when asked for.
ROW = "printf('%016x', figure) || '-' || md5(source || '|' || published)[1:8]"


@cache
def _schema(table: str) -> ibis.Schema:
    return ibis.Schema.from_pyarrow(arrow_schema(table).append(pa.field("row", pa.string())))


def scan(files: Sequence[DataFile]) -> str:
    """SQL for the rows of a local snapshot's files, with the columns that their folders give."""
    listed = ", ".join(path_literal(f.address) for f in files)
    return (
        f"read_parquet([{listed}], hive_partitioning = true, "
        "hive_types = {'office': VARCHAR, 'year': INTEGER})"
    )


def path_literal(path: str | Path) -> str:
    """A path as an SQL literal that stands for this file alone: DuckDB takes paths for patterns."""
    plain = str(path).translate({ord(c): f"[{c}]" for c in "*?"})
    return "'" + plain.replace("'", "''") + "'"


def dataset(files: Sequence[DataFile], place: Place) -> Any:
    """The files of a snapshot as a pyarrow data set, with the columns that their folders give."""
    import pyarrow.dataset as ds

    kind = pa.schema([("office", pa.string()), ("year", pa.int32())])
    root = place.address.rstrip("/") + "/"
    return ds.dataset(
        [f.address.removeprefix(root) for f in files],
        filesystem=place.files,
        format="parquet",
        partitioning=ds.partitioning(kind, flavor="hive"),
    )
