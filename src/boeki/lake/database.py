"""Databases as engines: the rows of a lake are copied there once, and the same expressions run.

PostgreSQL reads no Parquet, and a ClickHouse server only what lies beside it. So each file of a
snapshot is copied into the database the first time that it is asked for. A file of a Delta table
never changes: a copy is as good as the file for ever, and a pull makes only its own files new.
"""

from __future__ import annotations

import itertools
import secrets
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

import ibis
import pyarrow as pa

from boeki.errors import LakeError
from boeki.lake import tables
from boeki.lake.delta import DataFile, arrow_schema
from boeki.lake.engine import ROW, dataset, scan
from boeki.lake.place import Place

#: More rows than this are copied only where one says so: it takes minutes, and room.
UNASKED = 1_000_000
_BATCH = 100_000
#: Names are taken from one counter, so that two lakes on one engine do not take each other's.
_NUMBER = itertools.count()

#: Which files have been copied. A copy is entered when all of its rows are there, so that one that
#: was broken off, or made twice at once, is never read.
FILES = {"file": "VARCHAR", "table_name": "VARCHAR", "number": "BIGINT", "rows": "BIGINT"}


class Connection(Protocol):
    """A way to a database."""

    #: Where it is, without a password.
    shown: str
    #: Whether what is made for a connection alone goes when it ends.
    forgets: bool

    def run(self, statement: str) -> None:
        """Run a statement that gives nothing back."""

    def read(self, query: str) -> pa.Table:
        """The rows of a query."""

    def insert(self, table: str, rows: pa.RecordBatchReader, *, lasting: bool) -> None:
        """Append rows to a table that has columns of these names; one that lasts, or was made for
        this connection alone.
        """

    def close(self) -> None:
        """Let go of it."""


class DatabaseEngine(ABC):
    """An engine in a database, to which the rows of a lake are copied.

    Parameters
    ----------
    connection
        A way to the database, in which boeki may make tables.
    """

    name: str
    #: Whether maps are given to it as such, or as JSON.
    has_maps = False
    #: How a table is dropped of which there are views.
    with_views = ""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        #: Told of every file that is copied, with its number of rows.
        self.watch: Callable[[int], None] | None = None
        self._mark = secrets.token_hex(4)
        self._unused: list[str] = []
        #: What must be said to be rid of what was made, by its name.
        self._made: dict[str, list[str]] = {}
        self._ready = False
        # At the latest when Python ends.
        self.close = weakref.finalize(self, _closed, connection, self._made)

    # -- what databases do each in its own way ----------------------------------------------------

    @abstractmethod
    def compile(self, expression: Any) -> str:
        """The SQL of an expression."""

    @abstractmethod
    def create(self, name: str, columns: dict[str, str], *, lasting: bool) -> None:
        """Make an empty table, unless it is there; lasting, or for this connection alone.

        Parameters
        ----------
        name, columns, lasting
            What to make; the columns with types of DuckDB's.
        """

    @abstractmethod
    def create_as(self, name: str, query: str) -> None:
        """Make a table of the rows of a query, for this connection alone."""

    @abstractmethod
    def create_view(self, name: str, query: str) -> None:
        """Make a view, for this connection alone."""

    @abstractmethod
    def quoted(self, name: str) -> str:
        """A name as SQL."""

    def copied(self, table: str) -> None:  # noqa: B027
        """What is to be done after rows were added to a table."""

    # -- the engine -------------------------------------------------------------------------------

    def show(
        self,
        view: str,
        table: str,
        files: Sequence[DataFile],
        place: Place | None,
        aboard: Any,
    ) -> ibis.Table:
        """Rows of a snapshot's files and of the table aboard."""
        columns = {**tables.STORED[table], "row": "VARCHAR"}
        names = ", ".join(self.quoted(c) for c in columns)
        parts, name = [], self._name(view)
        rid = [f"DROP VIEW IF EXISTS {self.quoted(name)}"]
        if aboard is not None:
            moored = self._name(f"{view}_aboard")
            rid.append(f"DROP TABLE IF EXISTS {self.quoted(moored)}")
            self.create(moored, columns, lasting=False)
            self.connection.insert(moored, self._named(aboard, table), lasting=False)
            self.copied(moored)
            parts.append(f"SELECT {names} FROM {self.quoted(moored)}")
        if files and place is not None:
            numbers = ", ".join(str(n) for n in sorted(self._numbers(table, files, place)))
            copy = self.quoted(f"boeki_{table}")
            parts.append(f"SELECT {names} FROM {copy} WHERE file IN ({numbers})")
        self.create_view(name, " UNION ALL ".join(parts))
        self._made[name] = rid
        return self._known(name, arrow_schema(table).append(pa.field("row", pa.string())))

    def table(self, name: str, rows: pa.Table) -> ibis.Table:
        """A small table, from memory."""
        unique = self._name(name)
        self.create(unique, _columns(rows.schema), lasting=False)
        self.connection.insert(unique, rows.to_reader(), lasting=False)
        self.copied(unique)
        self._made[unique] = [f"DROP TABLE IF EXISTS {self.quoted(unique)}"]
        return self._known(unique, rows.schema)

    def keep(self, name: str, expression: ibis.Table) -> None:
        """Compute a table once."""
        self._tidy()
        self.create_as(name, self.compile(expression))
        self._made[name] = [f"DROP TABLE IF EXISTS {self.quoted(name)}"]

    def drop(self, name: str) -> None:
        """Let go of a table that was made for this connection alone."""
        for statement in self._made.pop(name, ()):
            self.connection.run(statement)

    def execute(self, expression: Any) -> pa.Table:
        """Run an expression."""
        self._tidy()
        found = self.connection.read(self.compile(expression))
        return self.typed(found, expression.as_table().schema().to_pyarrow())

    def typed(self, found: pa.Table, schema: pa.Schema) -> pa.Table:
        """Rows as the database gives them, with the types that were asked for."""
        found = found.rename_columns(schema.names)
        columns = [as_type(c, f.type) for c, f in zip(found.columns, schema, strict=True)]
        return pa.Table.from_arrays(columns, schema=schema)

    def _known(self, name: str, schema: pa.Schema) -> ibis.Table:
        """An expression for a table or view that goes when nothing is built on it any more."""
        table = ibis.table(ibis.Schema.from_pyarrow(schema), name=name)
        # Not dropped at once: that would talk to the database amid whatever is being said to it.
        weakref.finalize(table.op(), self._unused.append, name)
        return table

    def _name(self, name: str) -> str:
        self._tidy()
        return f"boeki_{self._mark}_{name}_{next(_NUMBER)}"

    def _tidy(self) -> None:
        """Drop the views and tables on which nothing is built any more."""
        while self._unused:
            self.drop(self._unused.pop())

    # -- copies -----------------------------------------------------------------------------------

    def copy(self, table: str, files: Sequence[DataFile], place: Place) -> int:
        """Copy the files of a snapshot that the database has not yet.

        Returns
        -------
        int
            How many rows were copied.
        """
        self._prepare()
        have = self._have(table)
        lacking = [f for f in files if _file(f) not in have]
        for file in lacking:
            self._copy_file(table, file, place)
        if lacking:
            self.copied(f"boeki_{table}")
        return sum(f.rows for f in lacking)

    def remove_copies(self) -> None:
        """Drop every copy; who reads them meanwhile gets an error and no smaller answer."""
        for name in ("boeki_files", *(f"boeki_{table}" for table in tables.STORED)):
            self.connection.run(f"DROP TABLE IF EXISTS {self.quoted(name)}{self.with_views}")
        self._ready = False

    def _numbers(self, table: str, files: Sequence[DataFile], place: Place) -> list[int]:
        """The numbers under which the copies of files stand."""
        self._prepare()
        have = self._have(table)
        lacking = sum(f.rows for f in files if _file(f) not in have)
        if lacking > UNASKED:
            raise LakeError(
                f"{lacking:,} rows of {table} are not in {self.connection.shown} yet: "
                "`boeki --engine … lake copy` puts them there, which takes a while; "
                "after that only what a pull has brought is copied"
            )
        if lacking or len(have) < len(files):
            self.copy(table, files, place)
            have = self._have(table)
        return [have[_file(f)] for f in files]

    def _have(self, table: str) -> dict[str, int]:
        """The files that are copied, with their numbers."""
        found = self.connection.read(
            f"SELECT file, min(number) AS number FROM boeki_files WHERE table_name = '{table}' "
            "GROUP BY file"
        )
        return {str(r["file"]): int(r["number"]) for r in found.to_pylist()}

    def _copy_file(self, table: str, file: DataFile, place: Place) -> None:
        number = secrets.randbits(62)
        rows = self._read(table, file, place, number)
        self.connection.insert(f"boeki_{table}", rows, lasting=True)
        entry = {"file": [_file(file)], "table_name": [table], "number": [number],
                 "rows": [file.rows]}  # fmt: skip
        self.connection.insert("boeki_files", pa.table(entry).to_reader(), lasting=True)
        if self.watch:
            self.watch(file.rows)

    def _read(self, table: str, file: DataFile, place: Place, number: int) -> pa.RecordBatchReader:
        """The rows of a file with their names, and the number of the copy."""
        import duckdb

        reader = duckdb.connect()
        if place.is_local:
            source = scan([file])
        else:
            reader.register("given", dataset([file], place))
            source = "given"
        return self._rows(reader, table, source, f", CAST({number} AS BIGINT) AS file")

    def _named(self, rows: pa.Table, table: str) -> pa.RecordBatchReader:
        """Rows from memory with their names."""
        import duckdb

        reader = duckdb.connect()
        reader.register("given", rows)
        return self._rows(reader, table, "given", "")

    def _rows(self, reader: Any, table: str, source: str, more: str) -> pa.RecordBatchReader:
        """Rows as they are to be inserted."""
        columns = ", ".join(
            f"CAST(to_json({c}) AS VARCHAR) AS {c}"
            if kind.startswith("MAP") and not self.has_maps
            else c
            for c, kind in tables.STORED[table].items()
        )
        found = reader.sql(f"SELECT {columns}, {ROW} AS row{more} FROM {source}")
        batches: pa.RecordBatchReader = found.to_arrow_reader(_BATCH)
        return batches

    def _prepare(self) -> None:
        """Make the tables of copies where they are not yet."""
        if self._ready:
            return
        self.create("boeki_files", FILES, lasting=True)
        for table, columns in tables.STORED.items():
            self.create(
                f"boeki_{table}", {**columns, "row": "VARCHAR", "file": "BIGINT"}, lasting=True
            )
        self._ready = True


def _closed(connection: Connection, made: dict[str, list[str]]) -> None:
    """Drop what was made for a connection alone, and let go of it."""
    if not connection.forgets:
        with suppress(LakeError):
            for statement in itertools.chain.from_iterable(made.values()):
                connection.run(statement)
    connection.close()


def _file(file: DataFile) -> str:
    """The file's own name: it has a random number in it, which no other file has."""
    return file.address.replace("\\", "/").rsplit("/", 1)[-1]


def _columns(schema: pa.Schema) -> dict[str, str]:
    """Types of DuckDB's for those of a small table."""
    return {f.name: _DUCK.get(str(f.type)) or _duck_decimal(f.type) for f in schema}


_DUCK = {
    "string": "VARCHAR",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "uint64": "UBIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
}


def _duck_decimal(kind: pa.DataType) -> str:
    return f"DECIMAL({kind.precision},{kind.scale})"


def as_type(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """A column of a reply with the type that was asked for."""
    import pyarrow.compute as pc

    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([c.storage for c in column.chunks], column.type.storage_type)
    if pa.types.is_map(kind) and not pa.types.is_map(column.type):
        import json

        values = [None if t is None else list(json.loads(t).items()) for t in column.to_pylist()]
        return pa.chunked_array([pa.array(values, kind)])
    if pa.types.is_decimal(kind) and pa.types.is_string(column.type):
        # Zeros behind the last place are none of it.
        column = pc.replace_substring_regex(column, r"(\.\d*?)0+$", r"\1")
    return column.cast(kind)
