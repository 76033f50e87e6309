"""The lake: canonical tables read through Ibis, as of any day.

A lake has the figures that the package ships, in memory, and those that were pulled, on Delta Lake
where it has a place. Both are read as one.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from boeki.errors import LakeError
from boeki.lake import tables
from boeki.lake.aboard import Aboard
from boeki.lake.asked import chain, narrowed, said, together
from boeki.lake.cells import Cells
from boeki.lake.coding import Codes, codes_of
from boeki.lake.delta import DataFile, DeltaTables, Snapshot, as_table
from boeki.lake.engine import DuckEngine, Engine
from boeki.lake.known import DATED, NEEDED, Days, known, on_days, standing
from boeki.lake.later import Later
from boeki.lake.place import Place, plainly
from boeki.lake.raw import RawBytes
from boeki.lake.rows import read_csv

if TYPE_CHECKING:
    from boeki.lake.settle import Folder

#: Two lakes on one engine must not take each other's tables.
_KEPT = itertools.count()
#: Rows of folders without revisions, of those in which every row says until when it stands, of the
#: others, and aboard; None where there are no such folders.
Shown = tuple[ibis.Table | None, ibis.Table | None, ibis.Table | None, ibis.Table]
_DOCUMENTS = {**tables.DOCUMENTS, **tables.PULLED}


@dataclass(frozen=True, slots=True)
class Folders:
    """Offices that have folders of each kind, and rows aboard."""

    settled: frozenset[str]
    dated: frozenset[str]
    moving: frozenset[str]
    aboard: frozenset[str]


class Lake:
    """Official figures with every vintage.

    Open one with :func:`open_lake`. Tables are Ibis expressions; nothing is computed until it is
    asked for.

    Parameters
    ----------
    place
        Where pulled figures are; None for a lake in memory only.
    engine
        What runs expressions; None for DuckDB.

    Examples
    --------
    >>> from boeki.lake import open_lake
    >>> lake = open_lake()
    >>> int(lake.flows().filter(ibis._.period == "2024-11").count().execute()) > 100
    True
    """

    def __init__(self, place: Place | None = None, engine: Engine | None = None) -> None:
        self._backend = ibis.duckdb.connect()
        self._duck = DuckEngine(self._backend)
        self.engine: Engine = engine or self._duck
        self.place = place
        self.delta = DeltaTables(place) if place else None
        self.raw = RawBytes(place) if place else None
        self._folders: dict[str, Folders] = {}
        self._codes: dict[tuple[str, str, str], Codes | None] = {}
        self._configure()
        for name, columns in {
            "documents": _DOCUMENTS,
            "products": tables.PRODUCTS,
        }.items():
            body = ", ".join(f'"{column}" {sort}' for column, sort in columns.items())
            self._sql(f"CREATE TABLE {name} ({body})")
        self._aboard = Aboard(self.connection)
        self._later = Later(self.engine)
        self._documents_seen = -1
        self.refresh_documents()

    def _configure(self) -> None:
        if limit := os.environ.get("BOEKI_MEMORY"):
            self._sql("SET memory_limit = '" + limit.replace("'", "") + "'")
        if self.place:
            spill = str(self.place.spill()).replace("'", "''")
            self._sql(f"SET temp_directory = '{spill}'")
            # Which of equal rows comes first means nothing here, and keeping it costs memory.
            self._sql("SET preserve_insertion_order = false")

    @property
    def connection(self) -> Any:
        """The DuckDB connection in which the lake does its own work."""
        return self._backend.con

    def _sql(self, statement: str) -> Any:
        with self._plainly():
            return self._backend.con.execute(statement)

    # -- writing ----------------------------------------------------------------------------------

    def load(self, folder: Path) -> None:
        """Take aboard the tables of a folder: ``documents.csv``, ``flows.csv``, ``series.csv``.

        Raises
        ------
        IntegrityError
            Where a row names a document that neither ``documents.csv`` nor the lake has, or says
            otherwise than a row of the same name. Nothing is appended then.
        """
        try:
            self._aboard.load(folder)
        finally:
            self._forget()

    def load_products(self, path: Path) -> None:
        """Take aboard the codes of a classification, from a CSV file."""
        self._sql(f"INSERT INTO products {read_csv(path, tables.PRODUCTS)}")

    def append(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Append rows to those in memory; those that are already there add nothing.

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
        try:
            return self._aboard.append(table, rows)
        finally:
            self._forget()

    def reread(self) -> None:
        """Read the tables anew when they are next asked for, as another has written to them."""
        self._forget()

    def _forget(self) -> None:
        """Let what was read of the tables be read anew."""
        for name in ("documents", "all_flows", "all_series", "_shown", "_snapshots"):
            self.__dict__.pop(name, None)
        self._codes.clear()

    # -- the lake on disk -------------------------------------------------------------------------

    def deliver(
        self,
        table: str,
        staged: str,
        *,
        watch: Callable[[dt.date], None] | None = None,
        whole: bool = False,
    ) -> int:
        """Append to the lake's place what is new in a delivery.

        Parameters
        ----------
        table
            ``flows`` or ``series``.
        staged
            SQL for its rows, as :func:`stored_rows` makes it; sound, and each figure once a source
            and day.
        watch, whole
            As :class:`boeki.lake.news.News` has them.

        Returns
        -------
        int
            How many rows were new.

        Raises
        ------
        LakeError
            Where the lake has no place, or it cannot be written to. Nothing is appended then.
        IntegrityError
            Where a figure has two values for one source and day. Nothing is appended then.
        """
        from boeki.lake.news import News

        assert self.delta is not None, "only a lake with a place is delivered to"  # narrows
        news = News(self._backend.con, table, staged, self.delta.place, watch=watch, whole=whole)
        self.delta.append_news(table, news)
        if news.revised:
            self._settle(table, news.folders)
        self._forget()
        return news.added

    def _settle(self, table: str, folders: Collection[Folder]) -> None:
        """Write folders anew of which much was revised."""
        from boeki.lake.settle import due, settle

        assert self.delta is not None  # narrows
        for folder in due(self.delta.snapshot(table), folders):
            # The delivery is in the lake; this makes reading faster, and the next one tries again.
            with suppress(LakeError):
                settle(self._backend.con, self.delta, table, folder)

    def add_document(
        self, row: Mapping[str, Any], name: Callable[[Mapping[str, Mapping[str, Any]]], str]
    ) -> str:
        """Append the document of a pull, unless the lake has it.

        Parameters
        ----------
        row
            Its columns but for ``source``.
        name
            What it is called, given those that the lake has. It is asked again where another pull
            has added some in between.

        Returns
        -------
        str
            Its name.

        Raises
        ------
        LakeError
            Where the lake cannot be written to.
        """
        assert self.delta is not None, "only a lake with a place is added to"  # narrows
        new: list[dict[str, Any]] = []

        def lacking(snapshot: Snapshot) -> pa.RecordBatchReader | None:
            self._see_documents(snapshot.version)
            new[:] = [{**row, "source": name(self.documents)}]
            held = new[0]["source"] in self.documents
            return None if held else as_table("documents", new).to_reader()

        snapshot = self.delta.append_news("documents", lacking)
        (document,) = new
        if document["source"] not in self.documents:
            self._insert_documents(as_table("documents", new))
            self._documents_seen = snapshot.version + 1
        return str(document["source"])

    def refresh_documents(self) -> None:
        """See the documents that other pulls have added since."""
        if self.delta:
            self._see_documents(self.delta.version("documents"))

    def _see_documents(self, version: int) -> None:
        if self.delta and version != self._documents_seen:
            self._insert_documents(self.delta.read("documents"))
            self._documents_seen = version

    def _insert_documents(self, rows: pa.Table) -> None:
        self._backend.con.register("given", rows)
        names = ", ".join(_DOCUMENTS)
        self._sql(
            f"INSERT INTO documents SELECT DISTINCT ON (source) {names} FROM given "
            "WHERE source NOT IN (SELECT source FROM documents) ORDER BY source, retrieved"
        )
        self._backend.con.unregister("given")
        self.__dict__.pop("documents", None)

    # -- reading ----------------------------------------------------------------------------------

    @cached_property
    def all_flows(self) -> ibis.Table:
        """Every vintage of every row of ``flows``, with ``row``, a name for each."""
        return self._whole("flows")

    @cached_property
    def all_series(self) -> ibis.Table:
        """Every vintage of every row of ``series``, with ``row``, a name for each."""
        return self._whole("series")

    @cached_property
    def products(self) -> ibis.Table:
        """The codes of the classifications aboard, by flow: code, level, parent, term, name."""
        if self.engine is self._duck:
            return self._backend.table("products")
        return self.engine.table("products", self.connection.sql("FROM products").to_arrow_table())

    @cached_property
    def documents(self) -> Mapping[str, Mapping[str, Any]]:
        """The documents that rows come from, by key."""
        table = self._sql("SELECT * FROM documents ORDER BY source")
        names = [d[0] for d in table.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in table.fetchall()}

    def flows(
        self,
        as_of: Days = None,
        *,
        stand_in: bool = False,
        columns: Sequence[str] = (),
        office: str | None = None,
        years: tuple[int, int] | None = None,
    ) -> ibis.Table:
        """``flows`` as it was known on a day: of each figure the newest row published by then.

        Parameters
        ----------
        as_of
            The day; None for everything that is known now. Several days give the table once for
            each.
        stand_in
            Where nothing was published by the day, let the oldest row stand in, marked in the
            column ``stand_in``. Without it such figures are left out.
        columns
            Only these; empty for all. An expression is put together faster from fewer.
        office, years
            Only the figures of this office, and from the first of these years to the last.

        Returns
        -------
        ibis.Table
            The columns of ``flows``, with ``as_of`` (:data:`NEWEST` for "now") and ``stand_in``.
        """
        only = {"office": office, "year": years}
        return self._known("flows", as_of, stand_in, columns, said(only))

    def series(self, as_of: Days = None, *, stand_in: bool = False) -> ibis.Table:
        """``series`` as it was known on a day; parameters as in :meth:`flows`."""
        return self._known("series", as_of, stand_in, (), {})

    def _whole(self, table: str) -> ibis.Table:
        parts = [p for p in self._shown[table] if p is not None]
        return ibis.union(*parts) if len(parts) > 1 else parts[0]

    def _known(
        self,
        table: str,
        as_of: Days,
        stand_in: bool,
        columns: Sequence[str],
        only: Mapping[str, Any],
    ) -> ibis.Table:
        shown = self._shown[table]
        if "office" in only:
            shown = self._of_office(table, only["office"])
        # Where no row was ever replaced, nothing need be known of it but its day.
        day = () if as_of is None else ("published",)
        needed = (day, NEEDED if stand_in else DATED, NEEDED, NEEDED)
        settled, dated, moving, aboard = (
            None if part is None else narrowed(part, columns, what, only)
            for part, what in zip(shown, needed, strict=True)
        )
        chained = [shown[2]]
        if stand_in and dated is not None:
            # What came after a day is looked for among all rows of a figure.
            moving, dated = together([dated, moving]), None
            chained.append(shown[1])
        replaced = together([chain(part, only) for part in chained])
        parts = known(moving, replaced, aboard, as_of, stand_in=stand_in)
        if dated is not None:
            parts.insert(0, standing(dated, as_of))
        if settled is not None:
            parts.insert(0, on_days(settled, as_of, stand_in=stand_in))
        if columns:
            wanted = (*columns, "as_of", "stand_in")
            parts = [p if p.columns == wanted else p.select(*wanted) for p in parts]
        return ibis.union(*parts) if len(parts) > 1 else parts[0]

    def _of_office(self, table: str, office: str) -> Shown:
        """The parts of a table that have rows of an office."""
        settled, dated, moving, aboard = self._shown[table]
        folders = self._folders[table]
        settled = settled if office in folders.settled else None
        dated = dated if office in folders.dated else None
        moving = moving if office in folders.moving else None
        # Where no row at all is of the office, an empty table still says so.
        pulled = any(part is not None for part in (settled, dated, moving))
        return settled, dated, moving, aboard if office in folders.aboard or not pulled else None

    @cached_property
    def _shown(self) -> dict[str, Shown]:
        """Of each table the rows of folders by what must be looked at, and those aboard."""
        with self._plainly():
            shown = {name: self._show(name) for name in tables.STORED}
        # After the rows: the documents of a pull are written before its rows are, so that none of
        # the rows seen here lacks its own.
        self.refresh_documents()
        return shown

    @cached_property
    def _snapshots(self) -> dict[str, Snapshot]:
        """The files of each table as the lake reads them."""
        return {
            n: self.delta.snapshot(n) if self.delta else Snapshot(-1, ()) for n in tables.STORED
        }

    def _show(self, table: str) -> Shown:
        files = self._snapshots[table].files
        both = set(self._sql(f"SELECT DISTINCT office, year FROM {table}_aboard").fetchall())
        revised = {(f.office, f.year) for f in files if f.revised}
        linked = {(f.office, f.year) for f in files if f.linked} | both

        def kind(file: DataFile) -> str:
            folder = file.office, file.year
            return "moving" if folder in linked else "dated" if folder in revised else "settled"

        groups: dict[str, list[DataFile]] = {"settled": [], "dated": [], "moving": []}
        for file in files:
            groups[kind(file)].append(file)
        offices = {name: frozenset(f.office or "" for f in group) for name, group in groups.items()}
        self._folders[table] = Folders(
            **offices, aboard=frozenset(office for office, _year in both)
        )
        settled, dated, moving = (
            self._view(f"{table}_{name}", table, group) if group else None
            for name, group in groups.items()
        )
        return settled, dated, moving, self._view(f"{table}_moored", table, None)

    def _view(self, view: str, table: str, files: list[Any] | None) -> ibis.Table:
        """Rows of files, or those aboard, under a name."""
        shown = self._duck.show(view, table, files or (), self.place, files is None)
        if self.engine is self._duck:
            return shown
        rows = self.connection.sql(f"FROM {table}_aboard").to_arrow_table()
        return self.engine.show(
            view, table, files or (), self.place, rows if files is None else None
        )

    def vintages(self) -> tuple[dt.date, ...]:
        """Every day on which some row was published, in order."""
        days = self._sql(
            f"SELECT published FROM {self._everything('flows')} UNION "
            f"SELECT published FROM {self._everything('series')} ORDER BY 1"
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
        from boeki.lake.holdings import holdings

        return holdings(self)

    def _everything(self, table: str) -> str:
        """SQL for every row of a table."""
        shown = zip(("settled", "dated", "moving", "moored"), self._shown[table], strict=True)
        views = [f"FROM {table}_{name}" for name, part in shown if part is not None]
        return f"({' UNION ALL '.join(views)})"

    def kinds(
        self, table: str, columns: Sequence[str], **where: str
    ) -> set[tuple[str, ...]] | None:
        """Which values columns have together, where that can be told without reading any rows.

        Parameters
        ----------
        table
            ``flows`` or ``series``.
        columns
            Columns of text.
        where
            Only rows in which columns have these values.

        Returns
        -------
        set of tuple of str or None
            None where a file has several values of a column, so that its rows must be read.
        """
        found: set[tuple[str, ...]] = set()
        for file in self._snapshots[table].files:
            has = file.constants
            if any(c in has and has[c] != value for c, value in where.items()):
                continue
            if not {*columns, *where} <= set(has):
                return None
            found.add(tuple(has[c] for c in columns))
        only = [f"{c} = ?" for c in where] or ["true"]
        names = ", ".join(columns)
        aboard = self._backend.con.execute(
            f"SELECT DISTINCT {names} FROM {table}_aboard WHERE {' AND '.join(only)}",
            list(where.values()),
        ).fetchall()
        return found | set(aboard)

    def size(self, table: str, office: str) -> int:
        """How many rows of an office stand: those on disk, less those that another replaced."""
        of_office = [f for f in self._snapshots[table].files if f.office == office]
        return sum(f.rows - f.ended - f.links for f in of_office)

    def years(self, table: str, office: str) -> tuple[int, ...]:
        """The years of which an office has rows, in order."""
        pulled = {f.year for f in self._snapshots[table].files if f.office == office and f.year}
        aboard = self._backend.con.execute(
            f"SELECT DISTINCT year FROM {table}_aboard WHERE office = ?", [office]
        ).fetchall()
        return tuple(sorted(pulled | {year for (year,) in aboard}))

    def largest(self, table: str, office: str) -> float | None:
        """A size that no value of an office's rows goes beyond, without reading those on disk.

        Returns
        -------
        float or None
            Right to fifteen digits; None where it is not known.
        """
        sizes = [f.largest for f in self._snapshots[table].files if f.office == office]
        ((aboard,),) = self._backend.con.execute(
            f"SELECT max(abs(value)) FROM {table}_aboard WHERE office = ?", [office]
        ).fetchall()
        known = [float(aboard or 0), *(s for s in sizes if s is not None)]
        return max(known) if len(known) == len(sizes) + 1 else None

    def codes(self, table: str, office: str, columns: Sequence[str]) -> dict[str, Codes]:
        """The codes that an office uses in columns of text, with a number for each, as
        :func:`boeki.lake.coding.codes_of` tells them; looked up once. None on other engines than
        DuckDB: Spark is faster with the words.
        """
        if self.engine is not self._duck:
            return {}
        new = [c for c in columns if (table, office, c) not in self._codes]
        if new:
            parts = [p for p in self._of_office(table, office) if p is not None]
            rows = [p.filter(p.office == office).select(*new) for p in parts]
            whole = ibis.union(*rows) if len(rows) > 1 else rows[0]
            with self._plainly():
                found = codes_of(self.engine, whole, new)
            self._codes |= {(table, office, c): found.get(c) for c in new}
        told = {c: self._codes[table, office, c] for c in columns}
        return {c: codes for c, codes in told.items() if codes is not None}

    def query(self, statement: str) -> pa.Table:
        """Run SQL on DuckDB, in which ``{flows}`` and ``{series}`` stand for all rows."""
        whole = statement.replace("{flows}", self._everything("flows"))
        whole = whole.replace("{series}", self._everything("series"))
        with plainly(f"read the lake at {self.place.shown}" if self.place else "read the figures"):
            found: pa.Table = self.connection.sql(whole).to_arrow_table()
        return found

    def keep(self, expression: ibis.Table) -> ibis.Table:
        """Compute a table once and keep it for the life of the lake, for what is built on it."""
        name = f"kept_{next(_KEPT)}"
        with self._plainly():
            self._later.compute(expression)
            self.engine.keep(name, expression)
        return ibis.table(expression.schema(), name=name)

    def drop(self, table: ibis.Table) -> None:
        """Let go of a table that :meth:`keep` made."""
        self.engine.drop(table.get_name())

    def later(self, expression: ibis.Table, cells: Cells | None = None) -> ibis.Table:
        """A table that is computed when something built on it is first asked for, by itself, and
        kept as long as something is built on it. Of several, each has all memory for itself. Where
        it is sums over few cells, it may be told as such too, and comes faster.
        """
        return self._later.add(expression, cells)

    def execute(self, expression: Any) -> pa.Table:
        """Run an Ibis expression and return a pyarrow table."""
        with self._plainly():
            self._later.compute(expression)
            return self.engine.execute(expression)

    def _plainly(self) -> Any:
        return plainly(f"read the lake at {self.place.shown}" if self.place else "read the figures")
