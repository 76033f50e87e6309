"""Spark: the same expressions over the same files, on a laptop's cores or on a cluster.

Spark reads the Parquet files of a snapshot by their addresses, so it needs no Delta package of its
own. What is small, the figures that the package ships among it, is handed to it from memory.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import warnings
import weakref
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from boeki.cores import cores
from boeki.errors import InputError, LakeError, MissingExtra
from boeki.lake.delta import DataFile, arrow_schema
from boeki.lake.place import Place

if TYPE_CHECKING:
    from ibis.backends.sql.compilers.pyspark import PySparkCompiler

#: A row's name, the same text as :data:`boeki.lake.engine.ROW` gives.
ROW = (
    "concat(lpad(lower(hex(figure)), 16, '0'), '-', "
    "substring(md5(concat(source, '|', cast(published AS string))), 1, 8))"
)

#: What an answer depends on, so it is set whatever the session says otherwise.
_EXACT = {
    # Without it a number too large for its type becomes a null.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
}
#: What pyspark says when it is imported: of its ways through pandas, of which boeki takes none, and
#: of how it compares versions.
_OF_NO_CONCERN = ("PySpark does not yet fully support pandas", "distutils Version classes")
#: Names are taken from one counter, so that two lakes on one engine do not take each other's.
_NUMBER = itertools.count()


class SparkEngine:
    """Spark, in a session of one's own or one that is given.

    Parameters
    ----------
    session
        A ``SparkSession``. It is used as it is and never stopped: boeki works in a session beside
        it, with the same settings, and puts no table and no setting into it. None to use the one
        that is active in this process, or to start one where there is none.
    master
        Where to start one: ``local[*]`` for all cores of this machine, ``spark://host:7077``.

    Raises
    ------
    MissingExtra
        Where pyspark is not installed.
    LakeError
        Where Java is not installed, or Spark does not start.
    InputError
        For a session of Spark Connect.

    Examples
    --------
    >>> from boeki.lake import open_lake
    >>> from boeki.lake.spark import SparkEngine
    >>> lake = open_lake(engine=SparkEngine(master="local[2]"))  # doctest: +SKIP
    """

    name = "spark"

    def __init__(self, session: Any = None, master: str = "local[*]") -> None:
        with warnings.catch_warnings():
            for message in _OF_NO_CONCERN:
                warnings.filterwarnings("ignore", message)
            try:
                from pyspark.sql import SparkSession
            except ImportError:
                raise MissingExtra("spark", "the Spark engine") from None
            given = session or SparkSession.getActiveSession()
            self._started = None if given else _start(master)
            self.session = _beside(given or self._started)
            self._backend = ibis.pyspark.connect(self.session)
        self._backend.compiler = _compiler()
        self._unused: list[str] = []

    def close(self) -> None:
        """Stop Spark where this engine started it."""
        if self._started is not None:
            self._started.stop()
            self._started = None

    def show(
        self,
        view: str,
        table: str,
        files: Sequence[DataFile],
        place: Place | None,
        aboard: Any,
    ) -> ibis.Table:
        """Rows of a snapshot's files and of the table aboard, as a view."""
        schema = arrow_schema(table)
        parts = []
        if aboard is not None:
            parts.append(self._frame(aboard.select(schema.names).cast(schema)))
        if files and place is not None:
            parts.append(self._scan(table, files, place))
        whole = parts[0] if len(parts) == 1 else parts[0].unionByName(parts[1])
        columns = ibis.Schema.from_pyarrow(schema.append(pa.field("row", pa.string())))
        return self._view(view, whole.selectExpr("*", f"{ROW} AS row"), columns)

    def _scan(self, table: str, files: Sequence[DataFile], place: Place) -> Any:
        """The files of a snapshot, with the columns that their folders give."""
        schema = arrow_schema(table)
        root = "file://" if place.is_local else ""
        reader = self.session.read.schema(_spark_schema(schema))
        reader = reader.option("basePath", root + place.of(table))
        # An address is an address, also where the folder has a bracket or a star in its name.
        reader = reader.option("__globPaths__", "false")
        return reader.parquet(*[root + f.address for f in files]).select(*schema.names)

    def table(self, name: str, rows: pa.Table) -> ibis.Table:
        """A small table, from memory."""
        return self._view(name, self._frame(rows), ibis.Schema.from_pyarrow(rows.schema))

    def _frame(self, rows: pa.Table) -> Any:
        """Rows handed to Spark once; it keeps them in its own form."""
        lists = [_plain(rows.column(c)) for c in rows.schema.names]
        frame = self.session.createDataFrame(
            list(zip(*lists, strict=True)), _spark_schema(rows.schema), verifySchema=False
        )
        return frame.persist()

    def _view(self, name: str, frame: Any, schema: ibis.Schema) -> ibis.Table:
        """A view that lives as long as some expression is built on it."""
        self._tidy()
        unique = f"{name}_{next(_NUMBER)}"
        frame.createOrReplaceTempView(unique)
        table = ibis.table(schema, name=unique)
        # Not dropped at once: that would talk to Spark amid whatever is being said to it.
        weakref.finalize(table.op(), self._unused.append, unique)
        return table

    def _tidy(self) -> None:
        """Drop the views on which nothing is built any more."""
        while self._unused:
            self.drop(self._unused.pop())

    def compile(self, expression: Any) -> str:
        """The SQL of an expression."""
        return str(self._backend.compile(expression))

    def keep(self, name: str, expression: ibis.Table) -> None:
        """Compute a table once, in memory and on disk where that is too small."""
        frame = self.session.sql(self.compile(expression)).persist()
        frame.createOrReplaceTempView(name)

    def drop(self, name: str) -> None:
        """Let go of a kept table."""
        self.session.table(name).unpersist()
        self.session.catalog.dropTempView(name)

    def execute(self, expression: Any) -> pa.Table:
        """Run an expression."""
        frame = self.session.sql(self.compile(expression))
        return _collected(frame).cast(expression.as_table().schema().to_pyarrow())


def _compiler() -> PySparkCompiler:
    """Ibis's compiler for Spark, where what it makes means something else than on DuckDB mended."""
    from ibis.backends.sql.compilers.pyspark import PySparkCompiler
    from ibis.expr.operations import Hash

    class Compiler(PySparkCompiler):  # type: ignore[misc]
        __slots__ = ()

        # Spark's own hash() has 32 bits: of a hundred thousand series two would share a number.
        SIMPLE_OPS = {Hash: "xxhash64"}  # noqa: RUF012

        def visit_StringSplit(self, op: Any, *, arg: Any, delimiter: Any) -> Any:  # noqa: N802
            # Spark splits at a regular expression, in which a full stop is any character.
            return self.f.anon.split(arg, self.f.concat(r"\Q", delimiter, r"\E"))

    return Compiler()


def _spark_schema(schema: pa.Schema) -> Any:
    from ibis.backends.pyspark.datatypes import PySparkSchema

    return PySparkSchema.from_ibis(ibis.Schema.from_pyarrow(schema))


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """The values of a column as Spark takes them from Python."""
    values = column.to_pylist()
    if pa.types.is_map(column.type):
        return [None if v is None else dict(v) for v in values]
    return list(values)


def _collected(frame: Any) -> pa.Table:
    """The rows of a frame by way of Arrow, each value as Spark has it."""
    if hasattr(frame, "toArrow"):
        return frame.toArrow()
    # Spark 3.5 has this without a public name; its way through pandas makes floats of integers.
    from pyspark.sql.pandas.types import to_arrow_schema

    return pa.Table.from_batches(frame._collect_as_arrow(), to_arrow_schema(frame.schema))


def _start(master: str) -> Any:
    """A session with what suits one user at one machine; a cluster's settings are left alone."""
    from pyspark.sql import SparkSession

    _find_java()
    builder = SparkSession.builder.appName("boeki").master(master)
    settings = _local(master) if master.startswith("local") else {"spark.log.level": "ERROR"}
    for key, value in {**_QUIET, **settings}.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise LakeError(
            f"Spark does not start at {master}: {' '.join(str(error).split())[:300]}. "
            "See that Java is 17 or newer, and that the master can be reached"
        ) from error


_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def _local(master: str) -> dict[str, str]:
    """Settings for this machine alone: nothing listens to the network, few and small tasks."""
    asked = master.removeprefix("local").strip("[]").partition(",")[0] or "1"
    count = cores() if asked == "*" else int(asked)
    log = Path(str(resources.files("boeki.lake"))) / "spark-log.properties"
    return {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.pyspark.python": sys.executable,
        "spark.pyspark.driver.python": sys.executable,
        "spark.sql.shuffle.partitions": str(count),
        "spark.driver.extraJavaOptions": f'-Dlog4j2.configurationFile="{log.as_uri()}"',
    }


def _find_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and shutil.which("java", path=str(Path(home) / "bin")))):
        raise LakeError(
            "Spark needs Java, and there is none: `java` is not on the PATH and JAVA_HOME names no "
            "folder that has it. Install Java 17, or use the engine duckdb"
        )


def _beside(session: Any) -> Any:
    """A session with the settings of another, in which boeki can do as it needs to."""
    if not hasattr(session, "_jsparkSession"):
        raise InputError(
            "this is a session of Spark Connect, and boeki needs a classic one: "
            "start it with SparkSession.builder.master(...)"
        )
    own = session.newSession()
    for key in (row.key for row in session.sql("SET").collect()):
        value = session.conf.get(key)
        if own.conf.get(key, None) != value:
            own.conf.set(key, value)
    for key, value in _EXACT.items():
        own.conf.set(key, value)
    return own
