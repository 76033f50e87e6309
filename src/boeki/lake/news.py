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

#: What makes a row of a figure say something else than the row before it.
STATE = {
    "flows": ("value", "quantity", "unit", "weight", "status"),
    "series": ("value", "status"),
}
_BATCH = 200_000
#: The order of a figure's rows: by the day on which they were known, then as they came.
_PAST = "past AS (PARTITION BY figure ORDER BY published, retrieved, ours, nth, source)"


class News:
    """The rows of a delivery that a lake lacks.

    Parameters
    ----------
    connection
        A DuckDB connection.
    table
        ``flows`` or ``series``.
    staged
        SQL for the delivery: the columns of the table as it is stored, without ``revision``. No
        figure may stand in it twice with one source and day.
    place
        The lake.
    watch
        Called with the first day of rows that come between vintages of their figures; it may raise.
        The table ``late`` has their figures then.
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
        self.added = 0
        self._state = STATE[table]
        self._columns = list(tables.STORED[table])
        self._sql(f"CREATE OR REPLACE TEMP VIEW staged AS {staged}")
        self._folders = set(self._sql("SELECT DISTINCT office, year FROM staged").fetchall())

    def _sql(self, statement: str) -> Any:
        return self.connection.execute(statement)

    def __call__(self, snapshot: Snapshot) -> pa.RecordBatchReader | None:
        """The rows that a snapshot lacks; None where it lacks none."""
        self._see([f for f in snapshot.files if (f.office, f.year) in self._folders])
        # Figures that need comparing: those that the lake has, and those of which the delivery
        # itself brings several vintages.
        self._sql(
            "CREATE OR REPLACE TEMP TABLE compared AS "
            "SELECT figure FROM staged SEMI JOIN held USING (figure) UNION "
            "SELECT figure FROM staged GROUP BY figure HAVING count(*) > 1"
        )
        self._refuse_collisions()
        self._compare()
        if self._watch:
            self._look_between(self._watch)
        self.added = self._count("staged ANTI JOIN compared USING (figure)")
        self.added += self._count("changed")
        if not self.added:
            return None
        names = ", ".join(self._columns)
        alone = ", ".join(
            f"{tables.ALONE[c]} AS {c}" if c in tables.ALONE else c for c in self._columns
        )
        reader: pa.RecordBatchReader = self.connection.sql(
            f"SELECT {alone} FROM staged ANTI JOIN compared USING (figure) "
            f"UNION ALL SELECT {names} FROM changed"
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

    def _look_between(self, watch: Callable[[dt.date], None]) -> None:
        """Figures of which a row comes after one that the lake has: what later documents repeated
        of that one was no news, and is missing now.
        """
        self._sql(
            "CREATE OR REPLACE TEMP TABLE late AS SELECT c.figure, min(c.published) AS since "
            "FROM changed c WHERE EXISTS (FROM held h WHERE h.figure = c.figure "
            "AND h.published <= c.published) GROUP BY c.figure"
        )
        since = self._sql("SELECT min(since) FROM late").fetchall()[0][0]
        if since is not None:
            watch(since)

    def _compare(self) -> None:
        """Of the figures compared, the rows that say something new, as the table ``changed``."""
        names = ", ".join(c for c in self._columns if c not in tables.ALONE)
        before = " OR ".join(f"{c} IS DISTINCT FROM lag({c}) OVER past" for c in self._state)
        says = "true" if self._whole else f"row_number() OVER past = 1 OR {before}"
        self._sql(
            f"CREATE OR REPLACE TEMP TABLE changed AS WITH together AS ("
            f"SELECT {names}, 1 AS ours, NULL AS nth FROM staged "
            "SEMI JOIN compared USING (figure) "
            "ANTI JOIN held USING (figure, source, published) UNION ALL "
            f"SELECT {names}, 0 AS ours, revision AS nth FROM held "
            "SEMI JOIN compared USING (figure)), "
            f"judged AS (SELECT *, ({says}) AS says, "
            "count(*) FILTER (ours = 0) OVER (PARTITION BY figure) AS had FROM together "
            f"WINDOW {_PAST}), "
            # Rows of the lake have their numbers; ours go on from there, in their own order.
            "numbered AS (SELECT *, CAST(coalesce(nth, had + row_number() OVER (PARTITION BY "
            "figure, ours ORDER BY published, retrieved, source) - 1) AS SMALLINT) AS revision "
            "FROM judged WHERE ours = 0 OR says), "
            "placed AS (SELECT *, lag(revision) OVER past AS replaces, "
            f"lead(published) OVER past AS until FROM numbered WINDOW {_PAST}) "
            f"SELECT {names}, revision, replaces, until FROM placed WHERE ours = 1"
        )
        # The same name with something else to say is not a revision: it has no day of its own.
        other = " OR ".join(f"s.{c} IS DISTINCT FROM h.{c}" for c in self._state)
        said = [f"concat_ws(' ', {', '.join(f'{t}.{c}' for c in self._state)})" for t in "hs"]
        clash = self._sql(
            f"SELECT s.source, s.period, {', '.join(said)} FROM staged s JOIN held h "
            f"USING (figure, source, published) WHERE {other} LIMIT 1"
        ).fetchall()
        for source, period, had, now in clash:
            raise IntegrityError(
                f"{source} gives two values for one figure of {period}, {had} and {now}: "
                "give a revision its own document or day"
            )
