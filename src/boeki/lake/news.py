"""What is new in a delivery, with regard to what the lake has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from boeki.errors import IntegrityError
from boeki.lake import tables
from boeki.lake.delta import DataFile, Snapshot
from boeki.lake.engine import dataset, scan
from boeki.lake.place import Place
from boeki.lake.readings import WITHDRAWN, document_sql, number_sql

#: What makes a row of a figure say something else than the row before it.
STATE = {
    "flows": ("value", "quantity", "unit", "weight", "status"),
    "series": ("value", "status"),
}
_BATCH = 200_000
#: The order of a figure's rows: by the day on which they were known, then as they came.
_PAST = "past AS (PARTITION BY figure ORDER BY published, retrieved, ours, nth, came, source)"
#: What a delivery may say of its rows besides, and what holds where it does not.
_BESIDES = {"came": "CAST(0 AS BIGINT)", "restated": "false"}


class ReadOtherwise(IntegrityError):
    """A document says otherwise of figures than the lake has of it.

    The table ``otherwise`` has them: ``document``, ``figure``, ``published``.
    """


class News:
    """The rows of a delivery that a lake lacks.

    A document that was read before may be read otherwise by a mended parser. Such rows are news
    where they come under the name of a later reading, and an error where they do not. Where another
    document of the same two days has spoken after it, what it said is read on no day, and there is
    nothing to correct.

    Parameters
    ----------
    connection
        A DuckDB connection.
    table
        ``flows`` or ``series``.
    staged
        SQL for the delivery: the columns of the table as it is stored, without ``revision``. No
        figure may stand in it twice with one source and day. It may have two columns besides:
        ``came``, in which order documents of the same days came, and ``restated``: the row is of a
        document that was taken in before, and found to say nothing new then. A row without a value
        takes its figure out.
    place
        The lake.
    watch
        Called with the first day of rows that come between vintages of their figures; it may raise.
        The table ``late`` has them then: ``figure``, ``published``, ``retrieved``, and ``until``,
        the day of the row after.
    whole
        Take in rows that say nothing new as well.
    """

    def __init__(
        self,
        connection: Any,
        table: str,
        staged: str,
        place: Place,
        *,
        watch: Callable[[dt.date], None] | None = None,
        whole: bool = False,
    ) -> None:
        self.connection, self.table, self.place = connection, table, place
        self._watch, self._whole = watch, whole
        self.added = self.revised = 0
        self._state = STATE[table]
        self._columns = list(tables.STORED[table])
        besides = [c for c in connection.sql(staged).columns if c in _BESIDES]
        without = f" EXCLUDE ({', '.join(besides)})" if besides else ""
        told = {c: f"coalesce({c}, {v})" if c in besides else v for c, v in _BESIDES.items()}
        own = "".join(f", {v} AS {c}" for c, v in told.items())
        self._sql(
            f"CREATE OR REPLACE TEMP VIEW staged AS SELECT *{without}, "
            f"{document_sql()} AS document, {number_sql()} AS reading{own} FROM ({staged})"
        )
        self.folders = set(self._sql("SELECT DISTINCT office, year FROM staged").fetchall())

    def _sql(self, statement: str) -> Any:
        return self.connection.execute(statement)

    def __call__(self, snapshot: Snapshot) -> pa.RecordBatchReader | None:
        """The rows that a snapshot lacks; None where it lacks none."""
        self._see([f for f in snapshot.files if (f.office, f.year) in self.folders])
        # Figures that need comparing: those that the lake has, and those of which the delivery
        # itself brings several vintages.
        self._sql(
            "CREATE OR REPLACE TEMP TABLE compared AS "
            "SELECT figure FROM staged SEMI JOIN held USING (figure) UNION "
            "SELECT figure FROM staged GROUP BY figure HAVING count(*) > 1"
        )
        self._refuse_collisions()
        self._judge_readings()
        self._compare()
        if self._watch:
            self._look_between(self._watch)
        alone_too = "staged ANTI JOIN compared USING (figure) WHERE value IS NOT NULL"
        self.revised = self._count("changed")
        self.added = self._count(alone_too) + self.revised
        if not self.added:
            return None
        names = ", ".join(self._columns)
        alone = ", ".join(
            f"{tables.ALONE[c]} AS {c}" if c in tables.ALONE else c for c in self._columns
        )
        reader: pa.RecordBatchReader = self.connection.sql(
            f"SELECT {alone} FROM {alone_too} UNION ALL SELECT {names} FROM changed"
        ).to_arrow_reader(_BATCH)
        return reader

    def _count(self, what: str) -> int:
        return int(self._sql(f"SELECT count(*) FROM {what}").fetchall()[0][0])

    def _see(self, files: list[DataFile]) -> None:
        """The rows of the folders that the delivery touches, as the view ``held``."""
        if not files:
            columns = ", ".join(
                f"CAST(NULL AS {sort}) AS {name}"
                for name, sort in tables.STORED[self.table].items()
            )
            self._sql(f"CREATE OR REPLACE TEMP VIEW held AS SELECT {columns} WHERE false")
            return
        if self.place.is_local:
            rows = scan(files)
        else:
            self.connection.register("held_files", dataset(files, self.place))
            rows = "held_files"
        self._sql(f"CREATE OR REPLACE TEMP VIEW held AS SELECT * FROM {rows}")

    def _refuse_collisions(self) -> None:
        """Two figures must never share a number."""
        if not self._count("compared"):
            return
        key = tables.TABLES[self.table].key
        told = (
            f"concat_ws('|', {', '.join(tables.text(c, tables.STORED[self.table]) for c in key)})"
        )
        found = self._sql(
            f"SELECT figure, min(told), max(told) FROM (SELECT figure, {told} AS told FROM staged "
            f"SEMI JOIN compared USING (figure) UNION SELECT figure, {told} FROM held "
            "SEMI JOIN compared USING (figure)) GROUP BY figure HAVING count(DISTINCT told) > 1 "
            "LIMIT 1"
        ).fetchall()
        for number, one, other in found:
            raise IntegrityError(
                f"two figures have the same number {number:016x}: {one} and {other}. "
                "Please report this: nothing was appended"
            )

    def _judge_readings(self) -> None:
        """Which rows are of documents that the lake has already, as the table ``again``; and which
        of them say otherwise than it has, as the table ``anew``.
        """
        self._sql(
            "CREATE OR REPLACE TEMP TABLE again AS SELECT s.figure, s.source, s.document, "
            "s.published, h.retrieved, h.revision, s.reading > h.reading AS later, "
            f"({_differ('s', 'h', self._state)}) AS otherwise "
            f"FROM staged s JOIN ({self._last_readings()}) h USING (figure, document, published) "
            "WHERE NOT s.restated"
        )
        # What another document of the same days has replaced is read on no day.
        covered = (
            "EXISTS (FROM held o WHERE o.figure = a.figure AND o.published = a.published "
            "AND o.retrieved = a.retrieved AND o.revision > a.revision)"
        )
        said = self._count("again WHERE otherwise")
        self._sql(
            "CREATE OR REPLACE TEMP TABLE anew AS SELECT * FROM again a "
            f"WHERE otherwise AND {f'NOT {covered}' if said else 'false'}"
        )
        if self._count("anew WHERE NOT later"):
            self._refuse_contradictions()

    def _last_readings(self) -> str:
        """SQL for what documents were read to say last, of the figures compared."""
        had = (
            f"SELECT *, {document_sql()} AS document, {number_sql()} AS reading FROM held "
            "SEMI JOIN compared USING (figure)"
        )
        if not self._count("held WHERE contains(source, '~r')"):
            return had
        return (
            f"SELECT DISTINCT ON (figure, document, published) * FROM ({had}) "
            "ORDER BY figure, document, published, revision DESC"
        )

    def _refuse_contradictions(self) -> None:
        """Name what documents say otherwise, and refuse it under the name of the same reading."""
        self._sql(
            "CREATE OR REPLACE TEMP TABLE otherwise AS SELECT document, figure, published "
            "FROM anew WHERE NOT later"
        )
        ((source, period, had, now),) = self._sql(
            f"SELECT s.source, s.period, {_said('h', self._state)}, {_said('s', self._state)} "
            "FROM (FROM anew WHERE NOT later LIMIT 1) a "
            "JOIN staged s ON s.figure = a.figure AND s.source = a.source "
            "AND s.published = a.published "
            "JOIN held h ON h.figure = a.figure AND h.revision = a.revision "
            "LIMIT 1"
        ).fetchall()
        raise ReadOtherwise(
            f"{source} gives two values for one figure of {period}, {had} and {now}: "
            "give a revision its own document or day"
        )

    def _look_between(self, watch: Callable[[dt.date], None]) -> None:
        """Figures of which a row comes after one that the lake has: what later documents repeated
        of that one was no news, and is missing now.
        """
        self._sql(
            "CREATE OR REPLACE TEMP TABLE late AS "
            "SELECT c.figure, c.published, c.retrieved, c.until "
            "FROM changed c WHERE EXISTS (FROM held h WHERE h.figure = c.figure "
            "AND h.published <= c.published)"
        )
        since = self._sql("SELECT min(published) FROM late").fetchall()[0][0]
        if since is not None:
            watch(since)

    def _compare(self) -> None:
        """Of the figures compared, the rows that say something new, as the table ``changed``."""
        names = ", ".join(c for c in self._columns if c not in tables.ALONE)
        before = " OR ".join(f"{c} IS DISTINCT FROM lag({c}) OVER past" for c in self._state)
        # Nothing is taken out where nothing stood.
        new = f"(row_number() OVER past = 1 AND status <> '{WITHDRAWN}')"
        says = "true" if self._whole else f"{new} OR (row_number() OVER past > 1 AND ({before}))"
        ours = "1 AS ours, NULL AS nth, s.came"
        # A later reading came when its document did.
        came = {"retrieved": "a.retrieved"}
        own = ", ".join(came.get(c, f"s.{c}") for c in self._columns if c not in tables.ALONE)
        self._sql(
            "CREATE OR REPLACE TEMP TABLE changed AS WITH together AS ("
            f"SELECT {names}, {ours} FROM staged s SEMI JOIN compared USING (figure) "
            "ANTI JOIN again USING (figure, source, published) WHERE NOT restated UNION ALL "
            f"SELECT {own}, {ours} FROM staged s JOIN anew a USING (figure, source, published) "
            "WHERE a.later UNION ALL "
            f"SELECT {names}, {ours} FROM staged s SEMI JOIN compared USING (figure) "
            "ANTI JOIN held USING (figure, published, retrieved) WHERE restated UNION ALL "
            f"SELECT {names}, 0 AS ours, revision AS nth, 0 AS came FROM held "
            "SEMI JOIN compared USING (figure)), "
            f"judged AS (SELECT *, ({says}) AS says, "
            "count(*) FILTER (ours = 0) OVER (PARTITION BY figure) AS had FROM together "
            f"WINDOW {_PAST}), "
            # Rows of the lake have their numbers; ours go on from there, in their own order.
            "numbered AS (SELECT *, CAST(coalesce(nth, had + row_number() OVER (PARTITION BY "
            "figure, ours ORDER BY published, retrieved, came, source) - 1) AS SMALLINT) AS "
            "revision FROM judged WHERE ours = 0 OR says), "
            "placed AS (SELECT *, lag(revision) OVER past AS replaces, "
            f"lead(published) OVER past AS until FROM numbered WINDOW {_PAST}) "
            f"SELECT {names}, revision, replaces, until FROM placed WHERE ours = 1"
        )


def brought(connection: Any) -> dict[str, int]:
    """How many rows of each document the last delivery brought, its later readings among them."""
    found = connection.execute(
        f"SELECT {document_sql()}, count(*) FROM (SELECT source FROM staged "
        "ANTI JOIN compared USING (figure) WHERE value IS NOT NULL "
        "UNION ALL SELECT source FROM changed) GROUP BY ALL"
    ).fetchall()
    return dict(found)


def _differ(one: str, other: str, state: tuple[str, ...]) -> str:
    """SQL that is true where two rows say something else."""
    return " OR ".join(f"{one}.{c} IS DISTINCT FROM {other}.{c}" for c in state)


def _said(row: str, state: tuple[str, ...]) -> str:
    """SQL for what a row says, as text."""
    return f"concat_ws(' ', {', '.join(f'{row}.{c}' for c in state)})"
