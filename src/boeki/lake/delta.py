"""The tables of a lake on Delta Lake, through delta-rs.

The Parquet files of a snapshot are read by their addresses, so that an engine needs no Delta
extension of its own. Every write is one commit on top of a snapshot that the writer has seen: where
another got in between, the commit is refused and the writer looks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from boeki.errors import LakeError
from boeki.lake import tables
from boeki.lake.place import Place, plainly

#: Tables that pulls write, with their columns.
SCHEMAS: dict[str, dict[str, str]] = {
    **tables.STORED,
    "documents": {**tables.DOCUMENTS, **tables.PULLED},
    "fetches": tables.FETCHES,
    "quarantine": tables.QUARANTINE,
    "pulls": tables.PULLS,
}
#: The counter by which two writers notice each other.
_TURN = "boeki"
_TRIES = 20
#: As many as DuckDB looks at together. Of larger groups a question about one country reads more
#: that it does not need.
_ROWS_A_GROUP = 122_880
#: Longer texts may be cut off in the statistics of a file.
_LONG = 30


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a snapshot.

    Attributes
    ----------
    address, office, year
        Where it is, and its folder.
    rows
        How many it has.
    revised
        Whether any of them is a revision.
    links
        How many of them say which other row they replace.
    ended
        How many of them say until when they stood.
    largest
        No value in it is larger than this, whatever its sign; None where that is not known.
    constants
        Columns of text that have one value in all rows, with the value.
    """

    address: str
    office: str | None
    year: int | None
    rows: int
    revised: bool
    links: int
    ended: int
    largest: float | None
    constants: dict[str, str]

    @property
    def linked(self) -> bool:
        """Whether any row says which other it replaces."""
        return self.links > 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a table at one version; version -1 where it has none yet."""

    version: int
    files: tuple[DataFile, ...]
    turn: int = 0

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(f.rows for f in self.files)


class DeltaTables:
    """The Delta tables of a lake."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def address(self, name: str) -> str:
        """Where a table is."""
        return self.place.of(name)

    def _open(self, name: str) -> Any:
        """The Delta table; None where nothing was ever written to it."""
        from deltalake import DeltaTable
        from deltalake.exceptions import TableNotFoundError

        try:
            with plainly(f"read the table {name} of the lake at {self.place.shown}"):
                return DeltaTable(self.address(name))
        except LakeError as error:
            if isinstance(error.__cause__, TableNotFoundError):
                return None
            raise

    def snapshot(self, name: str, version: int | None = None) -> Snapshot:
        """The files that make up a table now, or at a version."""
        found = self._open(name)
        if found is None:
            return Snapshot(-1, ())
        with plainly(f"read the table {name} of the lake at {self.place.shown}"):
            if version is not None:
                found.load_as_version(version)
            return self._seen(found, name)

    def version(self, name: str) -> int:
        """The newest version of a table; -1 where it has none."""
        found = self._open(name)
        return -1 if found is None else int(found.version())

    def _seen(self, found: Any, name: str) -> Snapshot:
        files = _files(found, self.place.folder / name if self.place.is_local else None)
        return Snapshot(found.version(), files, found.transaction_version(_TURN) or 0)

    def read(self, name: str, **where: str) -> pa.Table:
        """The rows of a small table, or those of them in which columns have these values."""
        found = self._open(name)
        schema = arrow_schema(name)
        if found is None:
            return schema.empty_table()
        with plainly(f"read the table {name} of the lake at {self.place.shown}"):
            if self.place.is_local and not where:
                return _whole(found, self.place.folder / name, schema)
            only = [(column, "=", value) for column, value in where.items()]
            rows: pa.Table = found.to_pyarrow_table(
                filters=only or None, filesystem=self._own(name)
            )
            return rows.select(schema.names).cast(schema)

    def _own(self, name: str) -> Any:
        """The folder of a table as pyarrow reads it; None in an object store, for delta-rs's way.

        That one is written in Python: its threads may still let go of files when Python ends, and
        pyarrow then ends the process with an abort.
        """
        if not self.place.is_local:
            return None
        from pyarrow.fs import LocalFileSystem, SubTreeFileSystem

        return SubTreeFileSystem(self.address(name), LocalFileSystem())

    def append(self, name: str, rows: pa.Table) -> None:
        """Append rows to one of the small tables, whatever others append meanwhile."""
        from deltalake import write_deltalake
        from deltalake.exceptions import CommitFailedError

        if not rows.num_rows:
            return
        # Made first: two that make a table by appending to it refuse one another.
        self._create(name)
        with plainly(f"write to the table {name} of the lake at {self.place.shown}"):
            for left in range(_TRIES - 1, -1, -1):
                try:
                    write_deltalake(self.address(name), rows, mode="append")
                    break
                except CommitFailedError:
                    # Nothing was written. In an object store two may still make it at once.
                    if not left:
                        raise

    def append_news(
        self, name: str, news: Callable[[Snapshot], pa.RecordBatchReader | None]
    ) -> Snapshot:
        """Append what is new with regard to a snapshot, and to no other.

        Parameters
        ----------
        name
            ``flows``, ``series`` or another table.
        news
            Given the newest snapshot, the rows that it lacks; None where it lacks none. It is
            called again where another writer's commit came first.

        Returns
        -------
        Snapshot
            The one that the rows were appended to.
        """
        self._create(name)
        return self._commit(name, news, mode="append")

    def rewrite(
        self,
        name: str,
        office: str,
        year: int,
        rows: Callable[[Snapshot], pa.RecordBatchReader | None],
    ) -> Snapshot:
        """Write one folder anew.

        Parameters
        ----------
        name, office, year
            The table and the folder.
        rows
            Given the newest snapshot, all rows of the folder; None where it may stay as it is. It
            is called again where another writer's commit came first.

        Returns
        -------
        Snapshot
            The one that the rows were read from.
        """
        quoted = office.replace("'", "''")
        only = f"office = '{quoted}' AND year = {year}"
        return self._commit(name, rows, mode="overwrite", predicate=only)

    def _commit(
        self, name: str, news: Callable[[Snapshot], pa.RecordBatchReader | None], **how: Any
    ) -> Snapshot:
        """Write on top of a snapshot, and of no other."""
        from deltalake import CommitProperties, Transaction, WriterProperties, write_deltalake
        from deltalake.exceptions import CommitFailedError

        for _try in range(_TRIES):
            seen = self._open(name)
            with plainly(f"write to the table {name} of the lake at {self.place.shown}"):
                snapshot = self._seen(seen, name)
                rows = news(snapshot)
                if rows is None:
                    return snapshot
                turn = Transaction(_TURN, snapshot.turn + 1)
                try:
                    write_deltalake(
                        seen,
                        rows,
                        partition_by=_partitions(name),
                        writer_properties=WriterProperties(
                            compression="ZSTD", max_row_group_size=_ROWS_A_GROUP
                        ),
                        commit_properties=CommitProperties(app_transactions=[turn]),
                        **how,
                    )
                except CommitFailedError:
                    continue
                return snapshot
        raise LakeError(
            f"the table {name} of the lake at {self.place.shown} was written to by others "
            f"{_TRIES} times while this pull tried; run it again"
        )

    def _create(self, name: str) -> None:
        """Make the table where there is none; another may make it at the same time."""
        from deltalake import DeltaTable
        from deltalake.exceptions import DeltaError

        if self._open(name) is not None:
            return
        with plainly(f"make the table {name} of the lake at {self.place.shown}"):
            try:
                DeltaTable.create(
                    self.address(name),
                    arrow_schema(name),
                    mode="ignore",
                    partition_by=_partitions(name),
                )
            except DeltaError:
                if self._open(name) is None:
                    raise

    def versions(self, name: str) -> list[dict[str, Any]]:
        """The commits of a table, newest first."""
        found = self._open(name)
        return [] if found is None else list(found.history())

    def compact(self, name: str) -> dict[str, Any]:
        """Put small files together; every row stays, and so does every older version."""
        found = self._open(name)
        if found is None:
            return {}
        with plainly(f"compact the table {name} of the lake at {self.place.shown}"):
            return dict(found.optimize.compact())

    def vacuum(self, name: str, hours: int, *, dry_run: bool) -> list[str]:
        """Remove files that no version younger than so many hours needs.

        A file goes only when its rows stand in another: rows are never deleted, so no vintage is
        ever lost with it.
        """
        found = self._open(name)
        if found is None:
            return []
        with plainly(f"clean the table {name} of the lake at {self.place.shown}"):
            return list(
                found.vacuum(
                    retention_hours=hours, dry_run=dry_run, enforce_retention_duration=False
                )
            )


def _whole(found: Any, folder: Path, schema: pa.Schema) -> pa.Table:
    """All rows of an open Delta table without folders of its own.

    Not through pyarrow's data sets: these load pandas, which takes longer than most questions do.
    """
    from pyarrow.parquet import ParquetFile

    parts = []
    for path in _actions(found)["path"].to_pylist():
        with ParquetFile(folder / unquote(path)) as file:
            parts.append(file.read(schema.names).select(schema.names).cast(schema))
    return pa.concat_tables(parts) if parts else schema.empty_table()


def _files(found: Any, folder: Path | None) -> tuple[DataFile, ...]:
    """The data files of an open Delta table, in order of their addresses; ``folder`` is its own
    where it is local.
    """
    actions = _actions(found).to_pylist()
    if folder:
        # The log has them as parts of a URL, and the URL of a folder is not its path.
        addresses = {_tail(a["path"]): str(folder / unquote(a["path"])) for a in actions}
    else:
        addresses = {_tail(a): a for a in found.file_uris()}
    files = [
        DataFile(
            address=addresses[_tail(a["path"])],
            office=a.get("partition.office"),
            year=a.get("partition.year"),
            rows=int(a["num_records"] or 0),
            # A file without statistics is taken for one with revisions.
            revised=a.get("max.revision") is None or a["max.revision"] > 0,
            links=_links(a),
            ended=_ended(a),
            largest=_largest(a),
            constants=_constants(a),
        )
        for a in actions
    ]
    return tuple(sorted(files, key=lambda f: f.address))


def _actions(found: Any) -> pa.Table:
    """What the log of an open Delta table says of its files. Here, too, pandas stays away:
    ``pyarrow.table`` would ask it whether this is a frame of its own.
    """
    return pa.RecordBatchReader.from_stream(found.get_add_actions(flatten=True)).read_all()


def _links(action: dict[str, Any]) -> int:
    """How many rows of a file say which others they replace; where nothing tells, all of them."""
    rows = int(action["num_records"] or 0)
    without = action.get("null_count.replaces")
    return max(rows, 1) if without is None else rows - int(without)


def _ended(action: dict[str, Any]) -> int:
    """How many rows of a file say until when they stood; where nothing tells, none."""
    without = action.get("null_count.until")
    return 0 if without is None else int(action["num_records"] or 0) - int(without)


def _largest(action: dict[str, Any]) -> float | None:
    """The size of the largest value of a file."""
    least, most = action.get("min.value"), action.get("max.value")
    return None if least is None or most is None else float(max(abs(least), abs(most)))


def _constants(action: dict[str, Any]) -> dict[str, str]:
    """Columns of which the statistics of a file show one value only."""
    found = {"office": action.get("partition.office")}
    for name, least in action.items():
        column = name.removeprefix("min.")
        if column == name or not isinstance(least, str) or len(least) >= _LONG:
            continue
        if action.get(f"max.{column}") == least and not action.get(f"null_count.{column}"):
            found[column] = least
    return {column: value for column, value in found.items() if value is not None}


def _partitions(name: str) -> list[str] | None:
    return list(tables.PARTITIONS) if name in tables.STORED else None


def _tail(path: str) -> str:
    """The file's own name, unique within a table."""
    return path.rsplit("/", 1)[-1]


_ARROW = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "BIGINT": pa.int64(),
    "TIMESTAMP": pa.timestamp("us", "UTC"),
    tables.MONEY: pa.decimal128(20, 3),
    tables.FINE: pa.decimal128(24, 6),
    "MAP(VARCHAR, VARCHAR)": pa.map_(pa.string(), pa.string()),
}


def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of a table of the lake."""
    return pa.schema([(column, _ARROW[sort]) for column, sort in SCHEMAS[name].items()])


def as_table(name: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table with the schema of a table of the lake."""
    return pa.Table.from_pylist(list(rows), schema=arrow_schema(name))
