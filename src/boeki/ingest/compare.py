"""The rows of one reply beside what a lake has of them, row by row.

A lake keeps a row only where it says something new. A row that is not there must therefore have
been said before: the newest row of its figure by then has the same value and status.
"""

from __future__ import annotations

from typing import Any

from boeki.errors import BoekiError, LakeError
from boeki.ingest.correct import replaced
from boeki.ingest.stage import staged
from boeki.lake import Lake, tables
from boeki.lake.disk import on_disk
from boeki.lake.findings import Finding
from boeki.lake.news import STATE
from boeki.lake.readings import document_sql, number_of
from boeki.lake.selection import text
from boeki.sources.base import About, Part, Raw, Source

_HOW = "`boeki pull {} --offline --again` reads the bytes once more"
_SORTS = {
    "other": "rows say something else in the lake than in the bytes",
    "missing": "rows of the bytes are missing in the lake",
    "late": "rows of the bytes are missing in the lake, which knows another state of that day",
}


def compare(lake: Lake, source: Source, raw: Raw) -> tuple[list[Finding], int]:
    """Parse a reply again, and look for each of its rows in the lake.

    Parameters
    ----------
    lake
        A lake with a place.
    source
        Whose reply it is.
    raw
        Its bytes, and what was asked.

    Returns
    -------
    findings, number of rows compared
    """
    about, where = source.about, f"{source.about.name} {raw.request.name}"
    seen = _Seen(lake, about, raw)
    try:
        for part in source.parse(raw).parts:
            seen.look(part)
    except LakeError:
        raise
    except BoekiError as error:
        said = f"it was read before and cannot be read now: {type(error).__name__}: {error}"
        return [*seen.findings, Finding("error", "rows", where, said)], seen.rows
    return [*seen.findings, *seen.extra(), *seen.refusals()], seen.rows


class _Seen:
    """What was found so far in the parts of one reply."""

    def __init__(self, lake: Lake, about: About, raw: Raw) -> None:
        self.lake, self.about, self.raw = lake, about, raw
        self.findings: list[Finding] = []
        self.rows = 0
        self._refused: dict[str, int] = {}
        self._tables: set[tuple[str, str]] = set()
        self._sql(
            "CREATE OR REPLACE TEMP TABLE said (name VARCHAR, source VARCHAR, figure BIGINT, "
            "published DATE)"
        )

    def _sql(self, statement: str) -> Any:
        return self.lake.connection.execute(statement)

    def look(self, part: Part) -> None:
        """Compare the rows of a part."""
        source = self._document(part)
        if not source:
            name = f"{self.about.office}/{part.document.name}"
            self._found("error", name, "the lake does not have this document of the reply", 1)
            return
        with staged(self.lake, self.about, self.raw, part, source) as stage:
            stage.check(part.identities)
            sound = f"({stage.sound()})"
            self.rows += int(
                self._sql(
                    f"INSERT INTO said SELECT '{part.table}', source, figure, published "
                    f"FROM {sound}"
                ).fetchall()[0][0]
            )
            faults = list(part.faults)
            refused = len(stage.refused()) + len(faults)
            chosen = self._folders(sound)
            self._set_aside(part.table, sound, chosen)
        self._refused[source] = self._refused.get(source, 0) + refused
        self._tables.add((part.table, source))
        self._compare(part.table, source, chosen)

    def _folders(self, sound: str) -> str:
        """SQL that chooses the folders of rows."""
        found = self._sql(f"SELECT DISTINCT office, year FROM {sound} ORDER BY ALL").fetchall()
        each = [f"(office = {text(o)} AND year = {y})" for o, y in found]
        return f"({' OR '.join(each) or 'false'})"

    def _set_aside(self, table: str, sound: str, chosen: str) -> None:
        """As the table ``wanted``, all rows of figures of which the lake has one row otherwise, or
        none, or several rows. Of the others, which are most, there is nothing to tell.
        """
        same = " AND ".join(f"h.{c} IS NOT DISTINCT FROM w.{c}" for c in STATE[table])
        odd = self.lake.query(
            f"SELECT DISTINCT w.figure FROM {sound} w WHERE NOT EXISTS (FROM ("
            f"FROM {{{table}}} ANTI JOIN {table}_aboard USING (figure, source, published) "
            f"WHERE {chosen} AND revision = 0) h WHERE h.figure = w.figure "
            f"AND h.source = w.source AND h.published = w.published AND {same}) "
            f"OR w.figure IN (SELECT figure FROM {{{table}}} WHERE {chosen} AND revision > 0)"
        )
        self.lake.connection.register("odd", odd)
        self._sql(
            f"CREATE OR REPLACE TEMP TABLE wanted AS FROM {sound} SEMI JOIN odd USING (figure)"
        )
        self.lake.connection.unregister("odd")

    def _document(self, part: Part) -> str:
        """The name under which the lake has a part's document; empty where it has it not."""
        name, day = f"{self.about.office}/{part.document.name}", self.raw.retrieved.date()
        known = [
            d
            for s, d in self.lake.documents.items()
            if d["sha256"] == self.raw.sha256
            and number_of(s) == 1
            and (s == name or s.startswith(f"{name}+"))
        ]
        # Of one reply that came several times, the document of the same day.
        known.sort(key=lambda d: (d["retrieved"] != day, len(d["source"]), d["source"]))
        return str(known[0]["source"]) if known else ""

    def _compare(self, table: str, source: str, chosen: str) -> None:
        """Errors for the rows that the lake has otherwise or not at all, with one of each sort."""
        for row in self.lake.query(_odd(table, chosen)).to_pylist():
            such = row["such"]
            state = "" if such["had"] is None else f"{such['had']} in the lake, "
            said = f"{_SORTS[row['sort']]}, such as {such['which']} {such['period']}: "
            self._found("error", source, f"{said}{state}{such['said']} read", row["n"])

    def extra(self) -> list[Finding]:
        """Rows that the lake has of a document and the bytes do not say."""
        out = []
        for table, source in sorted(self._tables):
            found = self.lake.query(
                "SELECT count(*) AS n, any_value(period) AS period "
                f"FROM ({replaced(table, source)})"
            ).to_pylist()[0]
            if found["n"]:
                said = f"rows that the bytes do not give, such as one of {found['period']}"
                out.append(self._finding("error", source, said, found["n"]))
        return out

    def refusals(self) -> list[Finding]:
        """Documents of which other rows would be refused now than were then."""
        delta = on_disk(self.lake).delta
        out = []
        for source, now in sorted(self._refused.items()):
            then = delta.read("quarantine", sha256=self.raw.sha256, source=source).num_rows
            if then != now:
                said = f"{then} rows and lines were refused when it came, {now} would be now"
                out.append(self._finding("warning", source, said, abs(now - then)))
        return out

    def _found(self, severity: Any, where: str, said: str, count: int) -> None:
        self.findings.append(self._finding(severity, where, said, count))

    def _finding(self, severity: Any, where: str, said: str, count: int) -> Finding:
        message = f"{said}. {_HOW.format(self.about.name)}"
        return Finding(severity, "rows", where, message, count)


def _odd(table: str, chosen: str) -> str:
    """SQL for the rows of ``wanted`` that the lake has otherwise or not at all: how many of each
    sort, and one of them.

    Parameters
    ----------
    table
        ``flows`` or ``series``.
    chosen
        SQL for the folders in which they lie.
    """
    state, day = STATE[table], "h.published, h.retrieved"
    columns = ", ".join(["figure", "source", "published", "retrieved", "revision", *state])
    packed = ", ".join(f"{c} := h.{c}" for c in state)

    def differ(one: str, other: str) -> str:
        return " OR ".join(f"{one}.{c} IS DISTINCT FROM {other}.{c}" for c in state)

    key = [c for c in tables.TABLES[table].key if c not in ("office", "period")]
    which = ", ".join(f"CAST(w.{c} AS VARCHAR)" for c in key)
    return (
        # Of each document what it was read to say last.
        "WITH held AS MATERIALIZED (SELECT DISTINCT ON (figure, document, published) * FROM "
        f"(SELECT {columns}, {document_sql()} AS document FROM {{{table}}} "
        "SEMI JOIN wanted USING (figure) "
        f"ANTI JOIN {table}_aboard USING (figure, source, published) WHERE {chosen}) "
        "ORDER BY figure, document, published, revision DESC), "
        # What another document of the same days replaced is read on no day.
        "present AS (SELECT 'other' AS sort, w.figure, w.published, h.value AS had FROM wanted w "
        "JOIN held h ON h.figure = w.figure AND h.document = w.source "
        f"AND h.published = w.published WHERE ({differ('w', 'h')}) AND NOT EXISTS (FROM held o "
        "WHERE o.figure = h.figure AND o.published = h.published AND o.retrieved = h.retrieved "
        "AND o.revision > h.revision)), "
        "missed AS (SELECT * FROM wanted w WHERE NOT EXISTS (FROM held h WHERE "
        "h.figure = w.figure AND h.document = w.source AND h.published = w.published)), "
        # Of several documents of one day, any may have said it before, or something else after.
        "unsaid AS (SELECT * FROM missed m WHERE NOT EXISTS (FROM held h WHERE "
        "h.figure = m.figure AND h.published = m.published AND h.retrieved = m.retrieved "
        f"AND NOT ({differ('m', 'h')})) AND NOT (EXISTS (FROM held h WHERE "
        "h.figure = m.figure AND h.published = m.published AND h.retrieved = m.retrieved) "
        "AND EXISTS (FROM held h WHERE h.figure = m.figure "
        f"AND ({day}) < (m.published, m.retrieved) AND NOT ({differ('m', 'h')})))), "
        "before AS (SELECT u.figure, u.published, "
        f"arg_max(struct_pack({packed}), ({day}, h.revision)) AS said FROM unsaid u "
        f"JOIN held h ON h.figure = u.figure AND ({day}) < (u.published, u.retrieved) "
        "GROUP BY ALL), "
        "absent AS (SELECT CASE WHEN b.said IS NULL THEN 'missing' ELSE 'late' END AS sort, "
        "u.figure, u.published, b.said.value AS had FROM unsaid u "
        "LEFT JOIN before b USING (figure, published) "
        f"WHERE b.said IS NULL OR {differ('u', 'b.said')}) "
        "SELECT sort, count(*) AS n, arg_min(struct_pack(period := w.period, had := o.had, "
        f"said := w.value, which := concat_ws(' ', {which})), (w.period, w.figure)) AS such "
        "FROM (FROM present UNION ALL FROM absent) o JOIN wanted w USING (figure, published) "
        "GROUP BY sort ORDER BY sort"
    )
