"""Rows of a part in a file of their own, each with what is wrong with it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from boeki.errors import BoekiError, LakeError, NotAsExpected
from boeki.ingest.rules import reason
from boeki.lake import Lake
from boeki.lake.engine import path_literal
from boeki.lake.news import STATE
from boeki.lake.place import plainly
from boeki.lake.rows import stored_rows
from boeki.lake.tables import TABLES
from boeki.sources.base import About, Identity, Part, Raw
from boeki.terms import areas


@contextmanager
def staged(lake: Lake, about: About, raw: Raw, part: Part, name: str) -> Iterator[Stage]:
    """The rows of a part in a file of their own, each with what is wrong with it.

    Parameters
    ----------
    lake, about, raw, part
        As :func:`take` has them.
    name
        The document that its rows name.

    Raises
    ------
    SourceError
        Where the rows cannot be read to their end.
    LakeError
        Where they cannot be written.
    """
    assert lake.place is not None, "rows are only staged in a lake with a place"  # narrows
    folder = lake.place.working / "staged"
    path = folder / f"{uuid.uuid4().hex}.part"
    with plainly(f"stage rows in {folder}"):
        folder.mkdir(parents=True, exist_ok=True)
    stage = Stage(lake.connection, path, part.table)
    try:
        stage.fill(about, raw, part, name)
        yield stage
    finally:
        stage.clear()


class Stage:
    """Rows of a part in a Parquet file, and SQL over them."""

    def __init__(self, connection: Any, path: Path, table: str) -> None:
        self.connection, self.path, self.table = connection, path, table
        self.file = f"read_parquet({path_literal(path)})"
        self.rows = 0
        self.doubled = False
        # Several parts may be under way at once, each with tables of its own.
        self._broken, self._twice = f"broken_{path.stem}", f"twice_{path.stem}"

    def fill(self, about: About, raw: Raw, part: Part, name: str) -> None:
        """Write the rows, each with what is wrong with it."""
        self._register_areas()
        given = _Given(part.rows, raw.request.shown)
        self.connection.register("given_rows", given.rows)
        document = part.document
        day = f"CAST({_quoted(document.published.isoformat())} AS DATE)"
        told = {
            "source": _quoted(name),
            "published": day,
            "retrieved": f"CAST({_quoted(raw.retrieved.date().isoformat())} AS DATE)",
            "vintage": _quoted(document.vintage),
            "licence": _quoted(document.licence or about.licence),
        }
        if "published" in given.rows.schema.names:
            told["published"] = f"coalesce(published, {day})"
        columns = [
            f"{told[c]} AS {c}" if c in told else f'"{c}"' for c in TABLES[part.table].columns
        ]
        select = f"SELECT {', '.join(columns)} FROM given_rows"
        # By the day of its document a lake knows whether a row may be older than what it has.
        early = f"CASE WHEN published > {day} THEN 'published after its document was' END"
        judged = f"SELECT *, coalesce({reason(part.table)}, {early}) AS reason FROM ({select})"
        with given.plainly(), plainly("stage the rows that came"):
            self.connection.execute(
                f"COPY ({stored_rows(part.table, judged, judged=True)}) TO "
                f"{_quoted(str(self.path))} (FORMAT parquet, COMPRESSION zstd)"
            )
        self.connection.unregister("given_rows")
        self.rows = self._count(self.file)

    def clear(self) -> None:
        """Remove the file."""
        for table in (self._broken, self._twice):
            self._sql(f"DROP TABLE IF EXISTS {table}")
        self.path.unlink(missing_ok=True)

    def _register_areas(self) -> None:
        self.connection.register(
            "area_codes", pa.table({"code": sorted(a.code for a in areas.areas())})
        )

    def _count(self, what: str) -> int:
        return int(self.connection.execute(f"SELECT count(*) FROM {what}").fetchall()[0][0])

    def check(self, identities: tuple[Identity, ...]) -> None:
        """Find groups of rows that break an identity, and figures that are given two values."""
        self._sql(f"CREATE OR REPLACE TEMP TABLE {self._broken} (figure BIGINT, why VARCHAR)")
        for identity in identities:
            group = ", ".join(identity.group)
            # A column may be empty in a whole group, and the group is one all the same.
            same = " AND ".join(f"f.{c} IS NOT DISTINCT FROM g.{c}" for c in identity.group)
            self._sql(
                f"INSERT INTO {self._broken} SELECT figure, "
                f"{_quoted('not so: ' + identity.name)} FROM {self.file} f SEMI JOIN "
                f"(SELECT {group} FROM {self.file} WHERE reason IS NULL GROUP BY {group} "
                f"HAVING NOT ({identity.holds})) g ON ({same}) WHERE reason IS NULL"
            )
        # Looked for in the numbers alone first: of most deliveries no figure stands in them twice.
        self._sql(
            f"CREATE OR REPLACE TEMP TABLE {self._twice} AS SELECT figure, published "
            f"FROM {self.file} WHERE reason IS NULL GROUP BY ALL HAVING count(*) > 1"
        )
        self.doubled = self._count(self._twice) > 0
        if self.doubled:
            told = ", ".join(STATE[self.table])
            self._sql(
                f"INSERT INTO {self._broken} "
                "SELECT figure, 'the source gives it twice, differently' FROM "
                f"(SELECT DISTINCT figure, published, {told} FROM {self.file} "
                f"SEMI JOIN {self._twice} USING (figure, published) WHERE reason IS NULL) "
                "GROUP BY figure, published HAVING count(*) > 1"
            )

    def _sql(self, statement: str) -> Any:
        return self.connection.execute(statement)

    def sound(self) -> str:
        """SQL for the rows that are let in, each figure once a day."""
        sound = (
            f"SELECT * EXCLUDE (reason) FROM {self.file} ANTI JOIN {self._broken} USING (figure) "
            "WHERE reason IS NULL"
        )
        if not self.doubled:
            return sound
        twice = f"{self._twice} USING (figure, published)"
        return (
            f"{sound.replace('WHERE', f'ANTI JOIN {twice} WHERE')} "
            "UNION ALL SELECT DISTINCT ON (figure, published) * FROM "
            f"({sound.replace('WHERE', f'SEMI JOIN {twice} WHERE')})"
        )

    def refused(self) -> list[dict[str, Any]]:
        """The rows that are not let in, whole, each with the reason."""
        whole = ", ".join(TABLES[self.table].columns)
        found = self._sql(
            f"SELECT coalesce(s.reason, b.why) AS reason, to_json(struct_pack({_packed(whole)})) "
            f"AS content FROM {self.file} s LEFT JOIN "
            f"(SELECT figure, min(why) AS why FROM {self._broken} GROUP BY figure) b "
            "USING (figure) "
            "WHERE s.reason IS NOT NULL OR b.why IS NOT NULL"
        )
        return [{"reason": r, "content": c} for r, c in found.fetchall()]


def _packed(names: str) -> str:
    return ", ".join(f'{name} := s."{name}"' for name in names.split(", "))


def _quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


class _Given:
    """The rows of a part, and the error that ended a stream of them: DuckDB tells it as its own."""

    def __init__(self, rows: pa.Table | pa.RecordBatchReader, shown: str) -> None:
        self._error: BoekiError | None = None
        self.rows, self._shown = rows, shown
        if isinstance(rows, pa.RecordBatchReader):
            self.rows = pa.RecordBatchReader.from_batches(rows.schema, self._batches(rows))

    def _batches(self, rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        try:
            yield from rows
        except BoekiError as error:
            self._error = error
            raise
        except Exception as error:
            self._error = NotAsExpected(
                f"{self._shown} could not be read to its end: {error}. Nothing of it was taken"
            )
            raise

    @contextmanager
    def plainly(self) -> Iterator[None]:
        """Raise the error of the stream where there was one."""
        try:
            yield
        except LakeError as error:
            raise (self._error or error) from error
