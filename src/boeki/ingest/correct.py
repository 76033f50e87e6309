"""Corrections of reading: what a mended parser reads otherwise in bytes that were read before.

Rows stay as they are. What is read otherwise is appended under the name of a later reading of the
document, and stands from the document's own day. Rows that are not read at all any more, because
they were another figure's or are refused by now, are taken out by rows of that later reading: by
what stood before them, or by rows without a value where nothing did.
"""

from __future__ import annotations

import datetime as dt
import uuid
from importlib.metadata import version
from typing import Any

from boeki.lake import Lake, tables
from boeki.lake.news import STATE
from boeki.lake.readings import WITHDRAWN, document_sql, reading
from boeki.lake.selection import text


class Readings:
    """The later readings of documents that a delivery needs.

    Parameters
    ----------
    lake
        A lake with a place.
    """

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self._tried: set[str] = set()
        self._sql(
            "CREATE OR REPLACE TEMP TABLE reread (document VARCHAR, figure BIGINT, "
            "published DATE, name VARCHAR)"
        )

    def _sql(self, statement: str) -> Any:
        return self.lake.connection.execute(statement)

    def renamed(self, rows: str) -> str:
        """SQL for rows, those that a document has otherwise by now under a later reading."""
        if not self._tried:
            return rows
        return (
            f"SELECT s.* REPLACE (coalesce(r.name, s.source) AS source) FROM ({rows}) s "
            f"LEFT JOIN reread r ON r.document = {document_sql('s.source')} "
            "AND r.figure = s.figure AND r.published = s.published"
        )

    def renew(self) -> None:
        """Name the later readings of what the table ``otherwise`` has."""
        found = self._sql("SELECT DISTINCT document FROM otherwise ORDER BY ALL").fetchall()
        for (document,) in found:
            name = self.next_of(document)
            self._sql(
                "DELETE FROM reread r USING otherwise o WHERE r.document = o.document "
                f"AND r.figure = o.figure AND o.document = {text(document)}"
            )
            self._sql(
                f"INSERT INTO reread SELECT document, figure, published, {text(name)} "
                f"FROM otherwise WHERE document = {text(document)}"
            )

    def next_of(self, document: str) -> str:
        """The name of a document's newest reading by this boeki; the lake has it afterwards."""
        self.lake.refresh_documents()
        first = self.lake.documents[document]
        mark = f"boeki {version('boeki')} reads"
        note = (
            f"Correction of reading of {dt.datetime.now(dt.UTC):%Y-%m-%d}: {mark} the same bytes "
            "otherwise than they were read before. "
        )
        row = {**first, "note": note + (first["note"] or "")}
        del row["source"]

        def name(had: Any) -> str:
            number = 2
            while (free := reading(document, number)) in had and (
                free in self._tried or mark not in had[free]["note"]
            ):
                number += 1
            return free

        made = self.lake.add_document(row, name)
        self._tried.add(made)
        return made


def unsaid(lake: Lake, table: str, document: str) -> str:
    """SQL for what takes the place of rows that a document does not give any more; empty where it
    gives all that the lake has of it.

    Parameters
    ----------
    lake
        A lake with a place.
    table
        ``flows`` or ``series``.
    document
        Its name. The table ``said`` has what it gives: ``source``, ``figure``, ``published``.

    Returns
    -------
    str
        Rows of the document's next reading, as a pull stages them.
    """
    state = STATE[table]
    columns = [c for c in tables.STORED[table] if c not in tables.ALONE]
    rows = lake.query(replaced(table, document))
    if not rows.num_rows:
        return ""
    name = Readings(lake).next_of(document)
    kept = f"unsaid_{table}_{uuid.uuid4().hex}"
    lake.connection.register("unsaid_rows", rows)
    put = [
        f"{text(name)} AS source"
        if c == "source"
        else f"g.{c}"
        if c in ("published", "retrieved", "vintage", "licence")
        else f"{_empty(c)} AS {c}"
        if c in (*state, "resolution")
        else f"g.{c}"
        for c in columns
    ]
    lake.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {kept} AS SELECT {', '.join(put)} FROM unsaid_rows g"
    )
    lake.connection.unregister("unsaid_rows")
    return f"FROM {kept}"


def _empty(column: str) -> str:
    """SQL for a column of what stood before; that a figure was taken out where nothing did."""
    if column == "status":
        return f"coalesce(before_status, '{WITHDRAWN}')"
    return f"before_{column}"


def replaced(table: str, document: str) -> str:
    """SQL for the rows of a document that it does not give any more, and that say otherwise than
    what stood before them; with that, as ``before_value`` …

    Parameters
    ----------
    table
        ``flows`` or ``series``.
    document
        Its name. The table ``said`` has what it gives: ``source``, ``figure``, ``published``.
    """
    columns = [c for c in tables.STORED[table] if c not in tables.ALONE]
    told = (*STATE[table], "resolution")
    before = ", ".join(f"b.said.{c} AS before_{c}" for c in told)
    packed = ", ".join(f"{c} := p.{c}" for c in told)
    differ = " OR ".join(
        f"g.{c} IS DISTINCT FROM {_empty(c).replace('before_', 'b.said.')}" for c in STATE[table]
    )
    own, office = text(document), text(document.partition("/")[0])
    mine = f"office = {office} AND {document_sql()} = {own}"

    def given(row: str) -> str:
        return (
            f"EXISTS (FROM said s WHERE s.figure = {row}.figure "
            f"AND s.published = {row}.published AND s.source = {own})"
        )

    return (
        # Of figures that it gives on every day on which it did nothing is lost: most are such.
        f"WITH had AS MATERIALIZED (SELECT *, {document_sql()} AS document FROM {{{table}}} "
        f"ANTI JOIN {table}_aboard USING (figure, source, published) WHERE office = {office} "
        f"AND figure IN (SELECT figure FROM {{{table}}} f WHERE {mine} "
        f"AND NOT {given('f')})), "
        # Of each figure what the document was read to say last.
        f"last AS (SELECT DISTINCT ON (figure, published) * FROM had WHERE document = {own} "
        "ORDER BY figure, published, revision DESC), "
        # What it withdrew it never gave; what another document of its days replaced is not read.
        f"lost AS (SELECT * FROM last g WHERE NOT (g.status = '{WITHDRAWN}' "
        f"AND g.source = g.document) AND NOT {given('g')} "
        "AND NOT EXISTS (FROM had o WHERE o.figure = g.figure AND o.published = g.published "
        "AND o.retrieved = g.retrieved AND o.revision > g.revision)), "
        f"beside AS (SELECT g.figure, g.published, arg_max(struct_pack({packed}), "
        "(p.published, p.retrieved, p.revision)) AS said FROM lost g JOIN had p "
        "ON p.figure = g.figure AND p.document <> g.document "
        "AND (p.published, p.retrieved, p.revision) < (g.published, g.retrieved, g.revision) "
        "GROUP BY ALL) "
        f"SELECT {', '.join(f'g.{c}' for c in columns)}, {before} "
        f"FROM lost g LEFT JOIN beside b USING (figure, published) WHERE {differ}"
    )
