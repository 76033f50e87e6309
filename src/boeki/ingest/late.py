"""Vintages that come late: an older state of a figure, read after newer ones.

A lake keeps a row only where it says something new. January said 100 and March said so again: of
March there is no row. When February comes after that, and said 110, the row of March is missing. So
what later documents say of such figures is read once more, from the bytes that were kept, and
appended together with the late rows, in one commit. A pull puts its late rows aside and places all
of them at its end, so that no later document is read more than once for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from boeki.errors import BoekiError, IntegrityError
from boeki.ingest.correct import Readings
from boeki.ingest.kept import kept_reply
from boeki.ingest.stage import staged
from boeki.lake import Lake, tables
from boeki.lake.news import ReadOtherwise, brought
from boeki.lake.readings import number_of
from boeki.sources import get
from boeki.sources.base import Raw, Source

Watch = Callable[[dt.date], None]

#: What is gathered of later documents: rows as they are staged, and when their documents came.
_GATHERED = {
    table: {
        **{c: sort for c, sort in columns.items() if c not in tables.ALONE},
        "came": "BIGINT",
        "restated": "BOOLEAN",
    }
    for table, columns in tables.STORED.items()
}


class _Late(Exception):
    """Rows came late, and documents after them are to be read again."""


@dataclass
class Aside:
    """Late rows of a pull, checked and staged, until its end.

    Attributes
    ----------
    rows
        Table to documents to SQL.
    keep
        What holds the staged files until then.
    held
        How many deliveries were put aside.
    """

    rows: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    keep: ExitStack = field(default_factory=ExitStack)
    held: int = 0

    def put(self, table: str, name: str, rows: str) -> None:
        """Put rows of a document aside."""
        self.rows.setdefault(table, {}).setdefault(name, []).append(rows)
        self.held += 1

    def of(self, table: str) -> dict[str, str]:
        """Document to SQL for all that was put aside of it."""
        return {n: union(parts) for n, parts in self.rows.get(table, {}).items()}


def union(parts: list[str]) -> str:
    """SQL for several deliveries as one."""
    return " UNION ALL BY NAME ".join(f"({part})" for part in parts)


def dated(rows: str, raw: Raw) -> str:
    """SQL for rows with the moment at which their document came."""
    came = int(raw.retrieved.timestamp() * 1e6)
    return f"SELECT *, {came} AS came, false AS restated FROM ({rows})"


def deliver(lake: Lake, source: Source, table: str, name: str, rows: str) -> int | None:
    """Append what is new in the rows of one document; nothing where any of them comes late.

    Parameters
    ----------
    lake
        A lake with a place.
    source
        Where the rows come from.
    table
        ``flows`` or ``series``.
    name
        Their document.
    rows
        SQL for them.

    Returns
    -------
    int or None
        How many rows were new; None where some come late: they are to be placed.

    Raises
    ------
    LakeError
        Where the lake cannot be written to. Nothing of the rows is appended then.
    IntegrityError
        Where a later document can no longer be read.
    """
    placing = _Placing(lake, source, table, {name})

    def watch(_day: dt.date) -> None:
        if placing.lacking():
            raise _Late

    try:
        counts = placing.append(rows, watch)
        placing.make_good()
    except _Late:
        return None
    finally:
        placing.clear()
    return counts.get(name, 0)


def place(lake: Lake, source: Source, table: str, rows: Mapping[str, str]) -> dict[str, int]:
    """Append what is new in the rows of several documents, late or not.

    Parameters
    ----------
    lake, source, table
        As in :func:`deliver`.
    rows
        Document to SQL for its rows.

    Returns
    -------
    dict of str to int
        Document to how many of its rows were new.

    Raises
    ------
    LakeError, IntegrityError
        As in :func:`deliver`. Nothing of any document is appended then.
    """
    placing = _Placing(lake, source, table, set(rows))
    try:
        return placing.place(union(list(rows.values())))
    finally:
        placing.clear()


class _Placing:
    """Late rows and what later documents say of their figures.

    Tables of the connection: ``late`` as :class:`boeki.lake.news.News` makes it, ``sought``, the
    figures that were looked up, and ``gathered``, what later documents say of them.
    """

    def __init__(self, lake: Lake, source: Source, table: str, own: set[str]) -> None:
        self.lake, self.source, self.table = lake, source, table
        self._own, self._read = own, set[str]()
        self._readings = Readings(lake)
        self.clear()

    def _sql(self, statement: str) -> Any:
        return self.lake.connection.execute(statement)

    def _count(self, what: str) -> int:
        return int(self._sql(f"SELECT count(*) FROM {what}").fetchall()[0][0])

    def clear(self) -> None:
        """Let go of what was gathered."""
        self._sql("CREATE OR REPLACE TEMP TABLE sought (figure BIGINT)")
        columns = ", ".join(f'"{c}" {sort}' for c, sort in _GATHERED[self.table].items())
        self._sql(f"CREATE OR REPLACE TEMP TABLE gathered ({columns})")

    def place(self, rows: str) -> dict[str, int]:
        """Append rows together with what later documents say of their figures."""

        def watch(_day: dt.date) -> None:
            if self._unread():
                raise _Late

        while True:
            try:
                counts = self.append(union([rows, "FROM gathered"]), watch)
                break
            except _Late:
                self._gather()
        self.make_good()
        return counts

    def append(self, rows: str, watch: Watch) -> dict[str, int]:
        """Append rows, those that a document has otherwise by now as a later reading of it."""
        self._sql(
            "CREATE OR REPLACE TEMP TABLE late "
            "(figure BIGINT, published DATE, retrieved DATE, until DATE)"
        )
        while True:
            try:
                self.lake.deliver(self.table, self._readings.renamed(rows), watch=watch)
                return brought(self.lake.connection)
            except ReadOtherwise:
                self._readings.renew()

    def make_good(self) -> None:
        """Append what another pull found meanwhile to be no news, and is by now."""
        while self._unread():
            self._gather()
            self.append("FROM gathered", lambda _day: None)

    def lacking(self) -> dict[str, Mapping[str, Any]]:
        """The documents that may have repeated what stood before a late row."""
        gaps = self._sql("SELECT DISTINCT published, retrieved, until FROM late").fetchall()
        self.lake.refresh_documents()
        office = f"{self.source.about.office}/"
        return {
            name: document
            for name, document in self.lake.documents.items()
            if name.startswith(office)
            and document["sha256"]
            and number_of(name) == 1
            and name not in self._own
            and any(_within(document, *gap) for gap in gaps)
        }

    def _unread(self) -> bool:
        """Whether documents are to be read for late rows, or figures to be looked up in them."""
        lacking = set(self.lacking())
        return bool(lacking - self._read) or bool(
            lacking and self._count("late ANTI JOIN sought USING (figure)")
        )

    def _gather(self) -> None:
        """Read what later documents say of the late figures."""
        needed = self.lacking()
        self.clear()
        self._sql("INSERT INTO sought SELECT DISTINCT figure FROM late")
        for lines, names in _replies(self.lake, self.source, needed):
            try:
                self._read_again(lines, names)
            except BoekiError as error:
                raise IntegrityError(
                    f"older figures come after {', '.join(sorted(names))}, which has to be read "
                    f"once more so that it is known what it said of them, and that failed: {error}"
                ) from error
        self._read |= set(needed)

    def _read_again(self, lines: list[dict[str, Any]], names: set[str]) -> None:
        """Gather what documents say that were read from the same bytes."""
        left = set(names)
        for line in lines:
            if left:
                left -= self._take_from(
                    kept_reply(self.lake, line), _origin(self.source, line), left
                )
        if left:
            raise IntegrityError(f"no reply that the lake has kept gives {min(left)}")

    def _take_from(self, raw: Raw, origin: Source, names: set[str]) -> set[str]:
        """Gather what documents say of the figures sought; which of them a reply gives."""
        found = set[str]()
        for part in origin.parse(raw).parts:
            plain = f"{origin.about.office}/{part.document.name}"
            mine = {n for n in names if n == plain or n.startswith(f"{plain}+{raw.sha256[:8]}")}
            found |= mine
            for name in sorted(mine if part.table == self.table else ()):
                with staged(self.lake, origin.about, raw, part, name) as stage:
                    stage.check(part.identities)
                    self._sql(
                        "INSERT INTO gathered BY NAME SELECT * REPLACE (true AS restated) FROM "
                        f"({dated(stage.sound(), raw)}) SEMI JOIN sought USING (figure)"
                    )
        return found


def _within(
    document: Mapping[str, Any], published: dt.date, retrieved: dt.date, until: dt.date | None
) -> bool:
    """Whether a document spoke after a row and before the next."""
    after = (document["published"], document["retrieved"]) > (published, retrieved)
    return after and (until is None or document["published"] < until)


def _replies(
    lake: Lake, source: Source, documents: Mapping[str, Mapping[str, Any]]
) -> list[tuple[list[dict[str, Any]], set[str]]]:
    """The bytes that documents were read from, each once, as lines of ``fetches``: several requests
    may have brought the same.
    """
    assert lake.delta is not None, "rows are only delivered to a lake with a place"  # narrows
    lines: dict[Any, list[dict[str, Any]]] = {}
    for line in sorted(lake.delta.read("fetches").to_pylist(), key=lambda f: f["retrieved"]):
        lines.setdefault((line["sha256"], line["retrieved"].date()), []).append(line)
    chosen: dict[Any, set[str]] = {}
    for name, document in documents.items():
        chosen.setdefault((document["sha256"], document["retrieved"]), set()).add(name)
    office = source.about.office
    return [
        (
            [f for f in lines.get(key, ()) if _origin(source, f).about.office == office],
            names,
        )
        for key, names in sorted(chosen.items())
    ]


def _origin(source: Source, line: Mapping[str, Any]) -> Source:
    """The source that a reply is of."""
    return source if line["source_name"] == source.about.name else get(line["source_name"])
