"""What is new in a delivery, with regard to what the lake has."""

from __future__ import annotations

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
    """

    def __init__(self, connection: Any, table: str, staged: str, place: Place) -> None:
        self.connection, self.table, self.place = connection, table, place
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
        self.added = self._count("staged ANTI JOIN compared USING (figure)")
        self.added += self._count("changed")
        if not self.added:
            return None
        names = ", ".join(self._columns)
        alone = names.replace("revision", "CAST(0 AS SMALLINT) AS revision")
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

    def _compare(self) -> None:
        """Of the figures compared, the rows that say something new, as the table ``changed``."""
        names = ", ".join(c for c in self._columns if c != "revision")
        before = " OR ".join(f"{c} IS DISTINCT FROM lag({c}) OVER past" for c in self._state)
        self._sql(
            f"CREATE OR REPLACE TEMP TABLE changed AS WITH together AS ("
            f"SELECT {names}, 1 AS ours FROM staged SEMI JOIN compared USING (figure) "
            "ANTI JOIN held USING (figure, source, published) UNION ALL "
            f"SELECT {names}, 0 AS ours FROM held SEMI JOIN compared USING (figure)), "
            f"judged AS (SELECT *, (row_number() OVER past = 1 OR {before}) AS says, "
            "count(*) FILTER (ours = 0) OVER (PARTITION BY figure) AS had FROM together "
            "WINDOW past AS (PARTITION BY figure ORDER BY published, retrieved, ours, source)) "
            f"SELECT {names}, CAST(had + row_number() OVER (PARTITION BY figure "
            "ORDER BY published, retrieved, source) - 1 AS SMALLINT) AS revision "
            f"FROM judged WHERE ours = 1 AND says"
        )
        # The same name with another value is not a revision: it has no day of its own.
        clash = self._sql(
            "SELECT s.source, s.period, h.value, s.value FROM staged s JOIN held h "
            "USING (figure, source, published) WHERE s.value IS DISTINCT FROM h.value LIMIT 1"
        ).fetchall()
        for source, period, had, now in clash:
            raise IntegrityError(
                f"{source} gives two values for one figure of {period}, {had} and {now}: "
                "give a revision its own document or day"
            )
