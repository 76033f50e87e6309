"""Figures in memory: those that the package ships, and rows given by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from boeki.errors import IntegrityError
from boeki.lake import tables
from boeki.lake.rows import SAME_ROW, read_csv, stored_rows


class Aboard:
    """The rows of a lake that lie in no file, in the tables ``flows_aboard`` and ``series_aboard``.

    Parameters
    ----------
    connection
        A DuckDB connection that has the tables ``documents`` and ``products``.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        for table, columns in tables.STORED.items():
            body = ", ".join(f'"{column}" {sort}' for column, sort in columns.items())
            self._sql(f"CREATE TABLE {table}_aboard ({body})")

    def _sql(self, statement: str) -> Any:
        return self._connection.execute(statement)

    def load(self, folder: Path) -> None:
        """See :meth:`boeki.lake.Lake.load`."""
        with self._all_or_nothing():
            self._append_documents(read_csv(folder / "documents.csv", tables.DOCUMENTS))
            self._take_aboard("flows", read_csv(folder / "flows.csv", tables.FLOWS))
            self._take_aboard("series", read_csv(folder / "series.csv", tables.SERIES))

    def append(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """See :meth:`boeki.lake.Lake.append`."""
        columns = {
            "documents": tables.DOCUMENTS,
            "flows": tables.FLOWS,
            "series": tables.SERIES,
        }[table]
        lines = [[row[column] for column in columns] for row in rows]
        body = ", ".join(f'"{column}" {sort}' for column, sort in columns.items())
        marks = ", ".join("?" * len(columns))
        kept = "documents" if table == "documents" else f"{table}_aboard"
        with self._all_or_nothing():
            before = self._count(kept)
            self._sql(f"CREATE OR REPLACE TEMP TABLE incoming ({body})")
            if lines:
                self._connection.executemany(
                    f"INSERT INTO incoming VALUES ({marks})",
                    lines,
                )
            if table == "documents":
                self._append_documents("SELECT * FROM incoming")
            else:
                self._take_aboard(table, "SELECT * FROM incoming")
            return self._count(kept) - before

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Undo what was written where something in it fails."""
        self._sql("BEGIN TRANSACTION")
        try:
            yield
            self._check_documents()
        except BaseException:
            self._sql("ROLLBACK")
            raise
        else:
            self._sql("COMMIT")

    def _append_documents(self, select: str) -> None:
        names = ", ".join(tables.DOCUMENTS)
        self._sql(
            f"INSERT INTO documents ({names}) SELECT DISTINCT ON (source) {names} "
            f"FROM ({select}) WHERE source NOT IN (SELECT source FROM documents)"
        )

    def _take_aboard(self, table: str, select: str) -> None:
        """Append rows to those in memory, each marked as one of several, so that it is compared
        with whatever a pull has brought.
        """
        staged = stored_rows(table, select).replace(
            "SELECT ", f"SELECT {', '.join(f'{v} AS {c}' for c, v in tables.ALONE.items())}, ", 1
        )
        self._sql(f"CREATE OR REPLACE TEMP TABLE named AS {staged}")
        self._check_values(table)
        names = ", ".join(tables.STORED[table])
        same = ", ".join(SAME_ROW)
        self._sql(
            f"INSERT INTO {table}_aboard SELECT DISTINCT ON ({same}) {names} FROM named "
            f"ANTI JOIN {table}_aboard USING ({same})"
        )

    def _check_values(self, table: str) -> None:
        same = ", ".join(SAME_ROW)
        said = f"SELECT {same}, value, period FROM"
        twice = self._sql(
            f"SELECT source, any_value(period), min(value), max(value) "
            f"FROM ({said} named UNION {said} {table}_aboard SEMI JOIN named USING ({same})) "
            f"GROUP BY {same} HAVING count(DISTINCT value) > 1 ORDER BY {same} LIMIT 1"
        ).fetchall()
        for source, period, low, high in twice:
            raise IntegrityError(
                f"{source} gives two values for one figure of {period}, {low} and {high}: "
                "give a revision its own document or day"
            )

    def _count(self, table: str) -> int:
        return int(self._sql(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def _check_documents(self) -> None:
        orphan = self._sql(
            "SELECT source FROM (SELECT source FROM flows_aboard UNION "
            "SELECT source FROM series_aboard) "
            "WHERE source NOT IN (SELECT source FROM documents) ORDER BY source LIMIT 3"
        ).fetchall()
        if orphan:
            names = ", ".join(str(o[0]) for o in orphan)
            raise IntegrityError(
                f"rows come from documents that the lake does not have: {names}; "
                "add them to documents"
            )
