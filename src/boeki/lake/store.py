"""The lake: canonical tables read through Ibis on DuckDB, as of any day."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import ibis
from ibis import _

from boeki.errors import IntegrityError
from boeki.lake import tables

#: What names a row: its key and the document that it comes from.
_NAMED_BY = {
    "flows": "reporter partner flow classification product freq period currency valuation system "
    "adjustment source published",
    "series": "key area dimensions freq period unit source published",
}

QUOTE = '"'

#: The day that stands for "all that is known now".
NEWEST = dt.date(9999, 12, 31)

#: A day, several, or None for now.
Days = dt.date | tuple[dt.date | None, ...] | None


class Lake:
    """Official figures with every vintage.

    Open one with :func:`open_lake`. Tables are Ibis expressions; nothing is computed until it is
    asked for.

    Examples
    --------
    >>> from boeki.lake import open_lake
    >>> lake = open_lake()
    >>> int(lake.flows().filter(ibis._.period == "2024-11").count().execute()) > 100
    True
    """

    def __init__(self) -> None:
        self._backend = ibis.duckdb.connect()
        self._number = itertools.count()
        for name, columns in {
            "documents": tables.DOCUMENTS,
            "products": tables.PRODUCTS,
            "flows": {**tables.ADDED, **tables.FLOWS},
            "series": {**tables.ADDED, **tables.SERIES, "publisher": "VARCHAR"},
        }.items():
            body = ", ".join(f'"{column}" {sort}' for column, sort in columns.items())
            self._sql(f"CREATE TABLE {name} ({body})")

    def _sql(self, statement: str) -> Any:
        return self._backend.con.execute(statement)

    # -- writing ----------------------------------------------------------------------------------

    def load(self, folder: Path) -> None:
        """Append the tables of a folder: ``documents.csv``, ``flows.csv``, ``series.csv``.

        Raises
        ------
        IntegrityError
            Where a row names a document that neither ``documents.csv`` nor the lake has, or says
            otherwise than a row of the same name. Nothing is appended then.
        """
        with self._all_or_nothing():
            self._append_documents(_read(folder / "documents.csv", tables.DOCUMENTS))
            self._append("flows", _read(folder / "flows.csv", tables.FLOWS))
            self._append("series", _read(folder / "series.csv", tables.SERIES))

    def append(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Append rows; those that are already there add nothing.

        Parameters
        ----------
        table
            ``documents``, ``flows`` or ``series``.
        rows
            Mappings with every column of the table.

        Returns
        -------
        int
            How many rows were new.

        Raises
        ------
        IntegrityError
            Where a row names a document that the lake does not have, or gives another value than
            the row of the same name: a revision has a day or a document of its own. Nothing is
            appended then.
        """
        columns = {
            "documents": tables.DOCUMENTS,
            "flows": tables.FLOWS,
            "series": tables.SERIES,
        }[table]
        lines = [[row[column] for column in columns] for row in rows]
        body = ", ".join(f'"{column}" {sort}' for column, sort in columns.items())
        marks = ", ".join("?" * len(columns))
        with self._all_or_nothing():
            before = self._count(table)
            self._sql(f"CREATE OR REPLACE TEMP TABLE incoming ({body})")
            if lines:
                self._backend.con.executemany(
                    f"INSERT INTO incoming VALUES ({marks})",  # noqa: S608
                    lines,
                )
            if table == "documents":
                self._append_documents("SELECT * FROM incoming")
            else:
                self._append(table, "SELECT * FROM incoming")
            return self._count(table) - before

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
        finally:
            self.__dict__.pop("documents", None)

    def _append_documents(self, select: str) -> None:
        self._sql(
            f"INSERT INTO documents SELECT DISTINCT ON (source) * FROM ({select}) "  # noqa: S608
            "WHERE source NOT IN (SELECT source FROM documents)"
        )

    def _append(self, table: str, select: str) -> None:
        named = ", ".join(f"coalesce(CAST(n.{c} AS VARCHAR), '')" for c in _NAMED_BY[table].split())
        issuer = ", d.publisher" if table == "series" else ""
        area = "reporter" if table == "flows" else "area"
        # A trade system that is not known is an empty text, so that it can be part of a key.
        whole = "n.* REPLACE (coalesce(n.system, '') AS system)" if table == "flows" else "n.*"
        self._sql(
            f"CREATE OR REPLACE TEMP TABLE named AS "  # noqa: S608
            f"SELECT md5(concat_ws('|', '{table}', {named}))[:12] AS row, "
            f"{tables.first_month(area)} AS month, {tables.length(area)} AS months, "
            f"{whole}{issuer} "
            f"FROM ({select}) n LEFT JOIN documents d USING (source)"
        )
        self._check_values(table)
        self._sql(
            f"INSERT INTO {table} SELECT DISTINCT ON (row) * FROM named "  # noqa: S608
            f"WHERE row NOT IN (SELECT row FROM {table})"
        )

    def _check_values(self, table: str) -> None:
        said = "SELECT row, value, source, period FROM"
        twice = self._sql(
            f"SELECT row, any_value(source), any_value(period), min(value), max(value) "  # noqa: S608
            f"FROM ({said} named UNION {said} {table} WHERE row IN (SELECT row FROM named)) "
            "GROUP BY row HAVING count(DISTINCT value) > 1 ORDER BY row LIMIT 1"
        ).fetchall()
        for row, source, period, low, high in twice:
            raise IntegrityError(
                f"{source} gives two values for row {row} of {period}, {low} and {high}: "
                "give a revision its own document or day"
            )

    def _count(self, table: str) -> int:
        return int(self._sql(f"SELECT count(*) FROM {table}").fetchall()[0][0])  # noqa: S608

    def _check_documents(self) -> None:
        orphan = self._sql(
            "SELECT source FROM (SELECT source FROM flows UNION SELECT source FROM series) "
            "WHERE source NOT IN (SELECT source FROM documents) ORDER BY source LIMIT 3"
        ).fetchall()
        if orphan:
            names = ", ".join(str(o[0]) for o in orphan)
            raise IntegrityError(
                f"rows come from documents that the lake does not have: {names}; "
                "add them to documents"
            )

    # -- reading ----------------------------------------------------------------------------------

    @cached_property
    def all_flows(self) -> ibis.Table:
        """Every vintage of every row of ``flows``."""
        return self._backend.table("flows")

    @cached_property
    def all_series(self) -> ibis.Table:
        """Every vintage of every row of ``series``."""
        return self._backend.table("series")

    @cached_property
    def products(self) -> ibis.Table:
        """The codes of the classifications aboard, by flow: code, level, parent, term, name."""
        return self._backend.table("products")

    @cached_property
    def documents(self) -> Mapping[str, Mapping[str, Any]]:
        """The documents that rows come from, by key."""
        table = self._sql("SELECT * FROM documents ORDER BY source")
        names = [d[0] for d in table.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in table.fetchall()}

    def flows(self, as_of: Days = None, *, stand_in: bool = False) -> ibis.Table:
        """``flows`` as it was known on a day: of each figure the newest row published by then.

        Parameters
        ----------
        as_of
            The day; None for everything that is known now. Several days give the table once for
            each.
        stand_in
            Where nothing was published by the day, let the oldest row stand in, marked in the
            column ``stand_in``. Without it such figures are left out.

        Returns
        -------
        ibis.Table
            The columns of ``flows``, with ``as_of`` (:data:`NEWEST` for "now") and ``stand_in``.
        """
        return known(self.all_flows, tables.flows.key, as_of, stand_in=stand_in)

    def series(self, as_of: Days = None, *, stand_in: bool = False) -> ibis.Table:
        """``series`` as it was known on a day; parameters as in :meth:`flows`."""
        return known(self.all_series, tables.series.key, as_of, stand_in=stand_in)

    def vintages(self) -> tuple[dt.date, ...]:
        """Every day on which some row was published, in order."""
        days = self._sql(
            "SELECT published FROM flows UNION SELECT published FROM series ORDER BY 1"
        ).fetchall()
        return tuple(d[0] for d in days)

    def holdings(self) -> list[dict[str, Any]]:
        """What is aboard, one line for each document and kind of figure.

        Returns
        -------
        list of dict
            ``figures``, ``reporter``, ``first`` and ``last`` period, ``rows``, ``published``, and
            the document's ``source``, ``publisher``, ``title``, ``standing``, ``url``, ``licence``.
        """
        kinds = (
            "SELECT reporter, CASE "
            "WHEN product = 'TOTAL' AND partner = 'WLD' THEN 'flows: all goods, world' "
            "WHEN product = 'TOTAL' THEN 'flows: all goods, by area' "
            "WHEN partner = 'WLD' THEN 'flows: commodities' "
            "ELSE 'flows: commodities, by area' END AS figures, period, source, published "
            "FROM flows UNION ALL "
            "SELECT area, 'series: ' || split_part(key, '.', 1), period, source, published "
            "FROM series"
        )
        found = self._sql(
            "SELECT k.figures, "  # noqa: S608
            "string_agg(DISTINCT k.reporter, ' ' ORDER BY k.reporter) AS reporter, "
            "min(k.period) AS first, max(k.period) AS last, count(*) AS rows, k.published, "
            "k.source, d.publisher, d.title, d.standing, d.url, d.licence "
            f"FROM ({kinds}) k JOIN documents d USING (source) "
            "GROUP BY ALL ORDER BY k.figures, k.published, k.source"
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _compiled(self, expression: Any) -> str:
        """The SQL of an expression, with its steps left nested: fusing them takes Ibis longer than
        DuckDB takes to run them.
        """
        before = ibis.options.sql.fuse_selects
        ibis.options.sql.fuse_selects = False
        try:
            return str(self._backend.compile(expression))
        finally:
            ibis.options.sql.fuse_selects = before

    def keep(self, expression: ibis.Table) -> ibis.Table:
        """Compute a table once and keep it for the life of the lake, for what is built on it."""
        name = f"kept_{next(self._number)}"
        self._sql(f'CREATE TEMP TABLE "{name}" AS {self._compiled(expression)}')
        return ibis.table(expression.schema(), name=name)

    def drop(self, table: ibis.Table) -> None:
        """Let go of a table that :meth:`keep` made."""
        self._sql(f'DROP TABLE IF EXISTS "{table.get_name()}"')

    def execute(self, expression: Any) -> Any:
        """Run an Ibis expression and return a pyarrow table."""
        # Not through Ibis's own reader of results: that imports pandas, which takes longer than
        # most questions do.
        return self._backend.con.sql(self._compiled(expression)).to_arrow_table()


def known(table: ibis.Table, key: tuple[str, ...], as_of: Days, *, stand_in: bool) -> ibis.Table:
    """Of each key the newest row published by a day; or, standing in, the oldest row after it."""
    days = as_of if isinstance(as_of, tuple) else (as_of,)
    # Sorted, so that the same question always compiles to the same SQL.
    asked = [ibis.date(d.isoformat()) for d in sorted({d or NEWEST for d in days})]
    table = table.mutate(as_of=ibis.array(asked).unnest())
    table = table.mutate(stand_in=_.published > _.as_of)
    if not stand_in:
        table = table.filter(~_.stand_in)
    day = _.published.epoch_seconds()
    newest_first = [
        _.stand_in.asc(),
        ibis.ifelse(_.stand_in, day, -day).asc(),
        _.retrieved.desc(),
        _.row.asc(),
    ]
    place = ibis.row_number().over(group_by=["as_of", *key], order_by=newest_first)
    return table.mutate(place_=place).filter(_.place_ == 0).drop("place_")


def _read(path: Path, columns: Mapping[str, str]) -> str:
    """SQL that reads a tidy CSV file with the types of a table; a map is JSON text in the file."""
    types = ", ".join(
        f"'{c}': '{'VARCHAR' if s.startswith('MAP') else s}'" for c, s in columns.items()
    )
    names = ", ".join(
        f'CAST(CAST("{c}" AS JSON) AS {s}) AS "{c}"' if s.startswith("MAP") else f'"{c}"'
        for c, s in columns.items()
    )
    quoted = str(path).replace("'", "''")
    how = f"header = true, auto_detect = false, delim = ',', quote = '{QUOTE}', escape = '{QUOTE}'"
    return f"SELECT {names} FROM read_csv('{quoted}', {how}, columns = {{{types}}})"  # noqa: S608


def embedded_folder() -> Path:
    """Where the figures that the package ships stand."""
    return Path(str(resources.files("boeki.data")))


def open_lake() -> Lake:
    """The lake of the figures that the package ships, in memory.

    Returns
    -------
    Lake
        With every embedded vintage.
    """
    lake = Lake()
    folder = Path(str(resources.files("boeki.terms"))) / "jp_pc.csv"
    lake._sql(f"INSERT INTO products {_read(folder, tables.PRODUCTS)}")
    lake.load(embedded_folder())
    return lake
