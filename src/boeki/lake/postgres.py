"""PostgreSQL as an engine.

Money is ``numeric`` there, which is exact; texts are compared by their bytes (the collation "C"),
as DuckDB compares them. The driver is Arrow's own (ADBC).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyarrow as pa

from boeki.errors import LakeError, MissingExtra
from boeki.lake.database import DatabaseEngine

if TYPE_CHECKING:
    from ibis.backends.sql.compilers.postgres import PostgresCompiler

_TYPES = {
    "VARCHAR": 'text COLLATE "C"',
    "MAP(VARCHAR, VARCHAR)": "text",
    "UBIGINT": "numeric(20,0)",
    "DOUBLE": "double precision",
}
_SETTINGS = (
    "SET datestyle TO ISO",
    "SET timezone TO 'UTC'",
    # To compile a question takes longer than to answer it.
    "SET jit TO off",
    # What is dropped need not be there.
    "SET client_min_messages TO warning",
    # Sums of months are windows over lists, which Ibis cannot put together there; and what it makes
    # of sorting a list takes no window.
    "CREATE AGGREGATE pg_temp.boeki_together(anycompatiblearray) "
    "(sfunc = array_cat, stype = anycompatiblearray)",
    "CREATE FUNCTION pg_temp.boeki_sorted(text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS "
    """$$ SELECT ARRAY(SELECT x FROM unnest($1) AS t(x) ORDER BY x COLLATE "C") $$""",
    "CREATE FUNCTION pg_temp.boeki_distinct(text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS "
    """$$ SELECT ARRAY(SELECT DISTINCT x COLLATE "C" FROM unnest($1) AS t(x)) $$""",
)


class PostgresEngine(DatabaseEngine):
    """PostgreSQL, 14 or newer.

    Parameters
    ----------
    address
        ``postgresql://user@host:5432/database``, as libpq takes it. A password is better given as
        PGPASSWORD or in ``~/.pgpass`` than here.

    Raises
    ------
    MissingExtra
        Where the driver is not installed.
    LakeError
        Where the database cannot be reached.

    Examples
    --------
    >>> from boeki.lake import open_lake
    >>> from boeki.lake.postgres import PostgresEngine
    >>> lake = open_lake(engine=PostgresEngine("postgresql://db/trade"))  # doctest: +SKIP
    """

    name = "postgresql"
    with_views = " CASCADE"

    def __init__(self, address: str) -> None:
        super().__init__(_Adbc(address))
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
        body = ", ".join(f"{self.quoted(c)} {_TYPES.get(t, t)}" for c, t in columns.items())
        kind = "" if lasting else "TEMP "
        self.connection.run(f"CREATE {kind}TABLE IF NOT EXISTS {self.quoted(name)} ({body})")

    def create_as(self, name: str, query: str) -> None:
        """Make a table of the rows of a query."""
        self.connection.run(f"CREATE TEMP TABLE {self.quoted(name)} AS {query}")
        self.copied(name)

    def create_view(self, name: str, query: str) -> None:
        """Make a view."""
        self.connection.run(f"CREATE TEMP VIEW {self.quoted(name)} AS {query}")

    def copied(self, table: str) -> None:
        """Have the rows counted: without that, joins are planned as if there were none."""
        self.connection.run(f"ANALYZE {self.quoted(table)}")


class _Adbc:
    """A connection through Arrow's driver."""

    forgets = True

    def __init__(self, address: str) -> None:
        try:
            import adbc_driver_postgresql.dbapi as driver
        except ImportError:
            raise MissingExtra("postgres", "the PostgreSQL engine") from None
        parts = urlsplit(address)
        host = parts.hostname or "this machine"
        self.shown = f"PostgreSQL at {host}{parts.path}"
        self._error = driver.Error
        try:
            self._connection = driver.connect(address, autocommit=True)
        except driver.Error as error:
            # What libpq says names no password.
            said = " ".join(str(error).split())[:300]
            raise LakeError(f"cannot reach {self.shown}: {said}") from error
        for setting in _SETTINGS:
            self.run(setting)

    def run(self, statement: str) -> None:
        with self._plainly("write to"), self._connection.cursor() as cursor:
            cursor.execute(statement)

    def read(self, query: str) -> pa.Table:
        with self._plainly("read"), self._connection.cursor() as cursor:
            cursor.execute(query)
            found: pa.Table = cursor.fetch_arrow_table()
            return found

    def insert(self, table: str, rows: pa.RecordBatchReader, *, lasting: bool) -> None:
        with self._plainly("write to"), self._connection.cursor() as cursor:
            cursor.adbc_ingest(table, rows, mode="append", temporary=not lasting)

    @contextmanager
    def _plainly(self, doing: str) -> Iterator[None]:
        """Turn the driver's errors into plain words, without the question that they repeat."""
        try:
            yield
        except self._error as error:
            said = " ".join(str(error).partition("Query was:")[0].split())[:500]
            raise LakeError(f"cannot {doing} {self.shown}: {said}") from error

    def close(self) -> None:
        self._connection.close()


def _compiler() -> PostgresCompiler:
    """Ibis's compiler for PostgreSQL, where what it makes means something else than on DuckDB
    mended.
    """
    import ibis.expr.datatypes as dt
    import sqlglot.expressions as sge
    from ibis.backends.sql.compilers.postgres import PostgresCompiler
    from ibis.expr.operations import ArrayFlatten

    class Compiler(PostgresCompiler):  # type: ignore[misc]
        __slots__ = ()

        UNSUPPORTED_OPS = tuple(
            o for o in PostgresCompiler.UNSUPPORTED_OPS if o is not ArrayFlatten
        )

        def visit_Hash(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
            # hashtext() has 32 bits: of a hundred thousand series two would share a number.
            return self.f.hashtextextended(self.cast(arg, dt.string), 0)

        def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:  # noqa: N802
            if op.arg.dtype.is_boolean() and to.is_integer():
                # Of a boolean it makes no other whole number than one of 32 bits.
                arg = self.cast(arg, dt.int32)
            return super().visit_Cast(op, arg=arg, to=to)

        def visit_Round(self, op: Any, *, arg: Any, digits: Any) -> Any:  # noqa: N802
            if not op.arg.dtype.is_floating() or digits is not None:
                return super().visit_Round(op, arg=arg, digits=digits)
            # Halves go away from nought, and nothing is lost on the way through a decimal.
            whole = self.f.trunc(arg)
            left = self.f.abs(arg - whole) >= sge.convert(0.5)
            return self.cast(whole + self.if_(left, self.f.sign(arg), 0), op.dtype)

        def visit_ArrayCollect(  # noqa: N802
            self, op: Any, *, arg: Any, where: Any, order_by: Any, include_null: Any, distinct: Any
        ) -> Any:
            if not op.arg.dtype.is_array():
                return super().visit_ArrayCollect(
                    op, arg=arg, where=where, order_by=order_by, include_null=include_null,
                    distinct=distinct,
                )  # fmt: skip
            # Lists of unlike lengths make no list of lists there: they are put together at once.
            return sge.Anonymous(this="pg_temp.boeki_together", expressions=[arg])

        def visit_MapGet(self, op: Any, *, arg: Any, key: Any, default: Any) -> Any:  # noqa: N802
            # A map is kept as the text of a JSON object.
            found = self.f.jsonb_extract_path_text(self.cast(arg, dt.JSON(binary=True)), key)
            return found if op.default.dtype.is_null() else self.f.coalesce(found, default)

        def visit_ArraySort(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
            return sge.Anonymous(this="pg_temp.boeki_sorted", expressions=[arg])

        def visit_ArrayDistinct(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
            return sge.Anonymous(this="pg_temp.boeki_distinct", expressions=[arg])

        def visit_ArrayFlatten(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
            return arg

    return Compiler()
