"""ClickHouse as an engine: a server, spoken to over HTTP, or embedded in this process (chdb).

Neither needs a driver: a server takes questions and rows, and gives answers, as Arrow streams.
"""

from __future__ import annotations

import datetime as dt
import importlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import ibis
import pyarrow as pa

from boeki.errors import InputError, LakeError, MissingExtra
from boeki.lake.database import Connection, DatabaseEngine
from boeki.lake.known import NEWEST

if TYPE_CHECKING:
    from ibis.backends.sql.compilers.clickhouse import ClickHouseCompiler

_TYPES = {
    "VARCHAR": "String",
    "MAP(VARCHAR, VARCHAR)": "Map(String, String)",
    "SMALLINT": "Int16",
    "INTEGER": "Int32",
    "BIGINT": "Int64",
    "UBIGINT": "UInt64",
    "DOUBLE": "Float64",
    "BOOLEAN": "Bool",
    "DATE": "Date32",
}
#: What an answer depends on.
_SETTINGS = {
    # What has no match is null, and not nought.
    "join_use_nulls": "1",
    "decimal_check_overflow": "1",
    "output_format_arrow_string_as_string": "1",
    "output_format_arrow_use_64_bit_indexes_for_dictionary": "0",
    "session_timezone": "UTC",
}
#: Its dates end there: the day stands for the one that means "now".
_LAST = dt.date(2299, 12, 31)
_TIMEOUT = 3600.0


class ClickHouseEngine(DatabaseEngine):
    """ClickHouse, 24.8 or newer.

    Parameters
    ----------
    address
        ``clickhouse://user@host:8123/database`` for a server's HTTP port, with ``?secure=true``
        for TLS; ``chdb`` for one in this process, which is empty at first, or ``chdb:///folder``
        for one that keeps what is copied. A password is better given as CLICKHOUSE_PASSWORD.

    Raises
    ------
    MissingExtra
        Where chdb is asked for and not installed.
    LakeError
        Where the server cannot be reached.

    Examples
    --------
    >>> from boeki.lake import open_lake
    >>> from boeki.lake.clickhouse import ClickHouseEngine
    >>> lake = open_lake(engine=ClickHouseEngine("clickhouse://db/trade"))  # doctest: +SKIP
    """

    name = "clickhouse"
    has_maps = True

    def __init__(self, address: str) -> None:
        here = address.startswith("chdb")
        way: Connection = _Embedded(address) if here else _Server(address)
        super().__init__(way)
        self._compiler = _compiler()

    def compile(self, expression: Any) -> str:
        """The SQL of an expression."""
        query = self._compiler.to_sqlglot(expression.unbind())
        return str(query.sql(dialect=self._compiler.dialect))

    def quoted(self, name: str) -> str:
        """A name as SQL."""
        return f'"{name}"'

    def create(self, name: str, columns: dict[str, str], *, lasting: bool) -> None:
        """Make an empty table, unless it is there."""
        body = ", ".join(f"{self.quoted(c)} {_type(c, t)}" for c, t in columns.items())
        first = "file" if "file" in columns else "tuple()"
        kind = f"MergeTree ORDER BY {first}" if lasting else "Memory"
        self.connection.run(
            f"CREATE TABLE IF NOT EXISTS {self.quoted(name)} ({body}) ENGINE = {kind}"
        )

    def create_as(self, name: str, query: str) -> None:
        """Make a table of the rows of a query."""
        self.connection.run(f"CREATE TABLE {self.quoted(name)} ENGINE = Memory AS {query}")

    def create_view(self, name: str, query: str) -> None:
        """Make a view."""
        self.connection.run(f"CREATE VIEW {self.quoted(name)} AS {query}")

    def table(self, name: str, rows: pa.Table) -> ibis.Table:
        """A small table, from memory."""
        return super().table(name, _exchanged(rows, NEWEST, _LAST))

    def typed(self, found: pa.Table, schema: pa.Schema) -> pa.Table:
        """Rows with the types that were asked for, "now" as the day that it is elsewhere, and nulls
        for lists that are not there: a list of boeki's always has something in it.
        """
        out = _exchanged(super().typed(found, schema), _LAST, NEWEST)
        for place, field in enumerate(schema):
            if pa.types.is_list(field.type):
                out = out.set_column(place, field, _filled(out.column(place)))
        return out


def _exchanged(rows: pa.Table, day: dt.date, other: dt.date) -> pa.Table:
    """Rows with another day wherever one day stands."""
    import pyarrow.compute as pc

    for place, field in enumerate(rows.schema):
        if pa.types.is_date(field.type):
            column = rows.column(place)
            is_it = pc.equal(column, pa.scalar(day, field.type))
            column = pc.if_else(is_it, pa.scalar(other, field.type), column)
            rows = rows.set_column(place, field, column)
    return rows


def _filled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lists, with nulls for those that have nothing in them."""
    import pyarrow.compute as pc

    if pc.all(pc.greater(pc.list_value_length(column), 0)).as_py():
        return column
    values = [v or None for v in column.to_pylist()]
    return pa.chunked_array([pa.array(values, column.type)])


def _type(column: str, kind: str) -> str:
    """A type; all but maps and what tables are sorted by can be null."""
    name = _TYPES.get(kind) or kind.replace("DECIMAL", "Decimal")
    return name if name.startswith("Map") or column == "file" else f"Nullable({name})"


class _Server:
    """A server's HTTP port."""

    forgets = False

    def __init__(self, address: str) -> None:
        import httpx

        parts = urlsplit(address)
        asked = {k: v[-1] for k, v in parse_qs(parts.query).items()}
        secure = asked.pop("secure", "false").casefold() in ("true", "1")
        if asked:
            raise InputError(f"a ClickHouse address takes ?secure=true, and no {', '.join(asked)}")
        database = parts.path.strip("/") or "default"
        port = parts.port or (8443 if secure else 8123)
        self.shown = f"ClickHouse at {parts.hostname}/{database}"
        user = unquote(parts.username or os.environ.get("CLICKHOUSE_USER") or "default")
        password = unquote(parts.password or os.environ.get("CLICKHOUSE_PASSWORD") or "")
        self._client = httpx.Client(
            base_url=f"{'https' if secure else 'http'}://{parts.hostname or 'localhost'}:{port}",
            headers={"X-ClickHouse-User": user, "X-ClickHouse-Key": password},
            # A reply is held back until it is whole, so that an error midway is told as one.
            params={**_SETTINGS, "database": database, "wait_end_of_query": "1"},
            timeout=httpx.Timeout(_TIMEOUT, connect=10),
        )
        self._error = httpx.HTTPError
        self.read("SELECT 1 AS one")

    def run(self, statement: str) -> None:
        self._ask("write to", statement.encode())

    def read(self, query: str) -> pa.Table:
        return _arrow(self._ask("read", f"{query} FORMAT ArrowStream".encode()))

    def insert(self, table: str, rows: pa.RecordBatchReader, *, lasting: bool) -> None:
        self._ask("write to", _stream(rows), query=f'INSERT INTO "{table}" FORMAT ArrowStream')

    def _ask(self, doing: str, content: bytes | Iterator[bytes], **params: str) -> bytes:
        try:
            reply = self._client.post("/", content=content, params=params)
        except self._error as error:
            raise LakeError(f"cannot reach {self.shown}: {error}") from error
        if reply.status_code != 200:
            said = " ".join(reply.text.split())[:500]
            raise LakeError(f"cannot {doing} {self.shown}: {said}")
        return reply.content

    def close(self) -> None:
        self._client.close()


class _Embedded:
    """ClickHouse in this process."""

    forgets = False

    def __init__(self, address: str) -> None:
        try:
            chdb: Any = importlib.import_module("chdb")
        except ImportError:
            raise MissingExtra("chdb", "ClickHouse in this process") from None
        folder = unquote(urlsplit(address).path) if "://" in address else ""
        self.shown = f"ClickHouse in {folder}" if folder else "ClickHouse in this process"
        try:
            self._connection = chdb.connect(folder or _own_folder())
        except RuntimeError as error:
            # A process has one, in one folder.
            said = " ".join(str(error).split())[:300]
            raise LakeError(f"cannot open {self.shown}: {said}") from error
        for name, value in _SETTINGS.items():
            self.run(f"SET {name} = '{value}'")

    def run(self, statement: str) -> None:
        self._ask("write to", statement, "Null")

    def read(self, query: str) -> pa.Table:
        return _arrow(self._ask("read", query, "ArrowStream").bytes())

    def insert(self, table: str, rows: pa.RecordBatchReader, *, lasting: bool) -> None:
        with tempfile.TemporaryDirectory(prefix="boeki-") as folder:
            path = Path(folder) / "rows.arrow"
            with path.open("wb") as file:
                file.writelines(_stream(rows))
            names = ", ".join(f'"{name}"' for name in rows.schema.names)
            self.run(
                f'INSERT INTO "{table}" ({names}) '
                f"SELECT {names} FROM file('{path}', 'ArrowStream')"
            )

    def _ask(self, doing: str, query: str, form: str) -> Any:
        try:
            return self._connection.query(query, form)
        except RuntimeError as error:
            said = " ".join(str(error).split())[:500]
            raise LakeError(f"cannot {doing} {self.shown}: {said}") from error

    def close(self) -> None:
        self._connection.close()


@cache
def _own_folder() -> str:
    """A folder that lives as long as this process does; what is "in memory" has one too, and in the
    folder that one happens to be in.
    """
    folder = tempfile.mkdtemp(prefix="boeki-chdb-")
    # Before the connections, which end in turn before it goes.
    weakref.finalize(_own_folder, shutil.rmtree, folder, ignore_errors=True)
    return folder


def _stream(rows: pa.RecordBatchReader) -> Iterator[bytes]:
    """Rows as the bytes of an Arrow stream, batch by batch."""
    sink = _Sink()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)
            yield sink.taken()
    yield sink.taken()


class _Sink:
    """What a stream is written to, and taken out of again."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        out = b"".join(self._parts)
        self._parts.clear()
        return out

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""


def _arrow(content: bytes) -> pa.Table:
    # A query that finds no rows may give no bytes at all.
    return pa.ipc.open_stream(content).read_all() if content else pa.table({})


def _compiler() -> ClickHouseCompiler:
    """Ibis's compiler for ClickHouse, where what it makes means something else than on DuckDB
    mended.
    """
    import sqlglot.expressions as sge
    from ibis.backends.sql.compilers.clickhouse import ClickHouseCompiler
    from ibis.expr.operations import DenseRank, MinRank, NTile, RowNumber

    ranks = (DenseRank, MinRank, NTile, RowNumber)

    class Compiler(ClickHouseCompiler):  # type: ignore[misc]
        __slots__ = ()

        @staticmethod
        def _minimize_spec(op: Any, spec: Any) -> Any:
            # Within a frame of rows, equals get a rank each.
            return None if isinstance(op.func, ranks) else spec

        def visit_ExtractEpochSeconds(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
            # Its own way counts from 1970 only.
            days = self.f.toInt64(self.f.toInt32(arg))
            return (
                days * 86_400
                if op.arg.dtype.is_date()
                else super().visit_ExtractEpochSeconds(op, arg=arg)
            )

        def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:  # noqa: N802
            if dtype.is_date():
                # toDate() ends in 2149.
                return self.f.toDate32(min(value, _LAST).isoformat())
            if dtype.is_decimal():
                places = max(-int(value.as_tuple().exponent), dtype.scale or 0, 0)
                return self.f.toDecimal128(format(value, "f"), places)
            return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

        def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:  # noqa: N802
            if to.is_integer() and op.arg.dtype.is_numeric() and not op.arg.dtype.is_decimal():
                # A number too large for its type would become another one.
                return self.f.accurateCast(arg, self.type_mapper.to_string(to))
            if to.is_floating() and op.arg.dtype.is_decimal():
                # Its own way rounds twice where a number has more digits than a float.
                whole = self.f.toInt128(arg)
                short = self.f.abs(whole) < 2**53 // 10 ** (op.arg.dtype.scale or 0)
                parts = self.f.toFloat64(whole) + self.f.toFloat64(arg - whole)
                return self.if_(short, self.f.toFloat64(arg), parts)
            return super().visit_Cast(op, arg=arg, to=to)

        def visit_Round(self, op: Any, *, arg: Any, digits: Any) -> Any:  # noqa: N802
            if not op.arg.dtype.is_floating() or digits is not None:
                return super().visit_Round(op, arg=arg, digits=digits)
            # Halves go away from nought.
            whole = self.f.trunc(arg)
            left = self.f.abs(arg - whole) >= sge.convert(0.5)
            return whole + self.if_(left, self.f.sign(arg), 0)

    return Compiler()
