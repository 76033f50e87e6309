"""Withdrawals: figures that an office gave in one state of a table and leaves out of the next.

Absence says something only where a source calls its rows whole for what they are about. Then each
state is held against the one before it, and what it leaves out is taken out by a row without a
value, from the day of that state on.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from boeki.errors import InputError, IntegrityError, SourceError
from boeki.ingest.kept import kept_reply
from boeki.ingest.stage import Stage, staged
from boeki.lake import Lake, tables
from boeki.lake.news import STATE
from boeki.lake.raw import NoBytes
from boeki.lake.readings import WITHDRAWN, document_of, number_of
from boeki.lake.selection import text
from boeki.sources.base import Part, Raw, Source


@dataclass(frozen=True, slots=True)
class Told:
    """What one state of a table says.

    Attributes
    ----------
    part, stage
        Its part, and the rows of it.
    refused
        How many of its rows and lines could not be taken.
    name, raw
        Its document, and the bytes.
    """

    part: Part
    stage: Stage
    refused: int
    name: str
    raw: Raw


class Gone:
    """Figures that are taken out, as rows of a table of the connection."""

    def __init__(self, lake: Lake, table: str) -> None:
        self.lake, self.table, self.name = lake, table, f"gone_{uuid.uuid4().hex}"
        columns = {c: s for c, s in tables.STORED[table].items() if c not in tables.ALONE}
        body = ", ".join(f'"{c}" {sort}' for c, sort in columns.items())
        self._sql(f"CREATE TEMP TABLE {self.name} ({body})")

    def _sql(self, statement: str) -> Any:
        return self.lake.connection.execute(statement)

    @property
    def rows(self) -> str:
        """SQL for the rows."""
        return f"FROM {self.name}"

    def count(self, document: str) -> int:
        """How many of them a document leaves out."""
        found = self._sql(f"SELECT count(*) {self.rows} WHERE source = {text(document)}")
        return int(found.fetchall()[0][0])

    def clear(self) -> None:
        """Let go of the rows."""
        self._sql(f"DROP TABLE IF EXISTS {self.name}")

    def add(self, before: Told, after: Told) -> None:
        """What a state leaves out of what the one before it gave.

        Where more of its lines than before could not be taken, that is nothing: a line that is not
        understood may be the figure.
        """
        if after.refused > before.refused:
            return
        self._put(f"({before.stage.sound()})", after)

    def add_of_older(self, told: Told, office: str) -> None:
        """What a version leaves out of all that a lake has of older ones.

        Where lines of it could not be taken, that is nothing, as above.
        """
        if told.refused:
            return
        file, day = told.stage.file, text(told.part.document.published.isoformat())
        sets = " AND ".join(
            f"({', '.join(columns)}) IN (SELECT DISTINCT ({', '.join(columns)}) FROM {file})"
            for columns in told.part.whole
        )
        held = self.lake.query(
            f"SELECT DISTINCT ON (figure) * FROM {{{self.table}}} WHERE office = {text(office)} "
            f"AND published <= DATE {day} AND {sets} "
            f"AND figure NOT IN (SELECT figure FROM {file} WHERE figure IS NOT NULL) "
            "ORDER BY figure, published DESC, retrieved DESC, revision DESC"
        )
        name = f"{self.name}_held"
        self.lake.connection.register(name, held)
        # What was taken out before is not taken out again.
        self._put(
            f"(FROM {name} WHERE status <> {text(WITHDRAWN)} "
            f"AND vintage <> {text(told.part.document.vintage)})",
            told,
        )
        self.lake.connection.unregister(name)

    def _put(self, before: str, after: Told) -> None:
        """Rows that take out what SQL gives and a state leaves out."""
        own = dict.fromkeys((*STATE[self.table], "resolution"), "NULL")
        own |= {c: f"d.{c}" for c in ("source", "published", "retrieved", "vintage", "licence")}
        own["status"] = text(WITHDRAWN)
        stored = [c for c in tables.STORED[self.table] if c not in tables.ALONE]
        put = ", ".join(f"{own[c]} AS {c}" if c in own else f"o.{c}" for c in stored)
        about = " ".join(
            f"SEMI JOIN {after.stage.file} w{n} ON ("
            + " AND ".join(f"o.{c} IS NOT DISTINCT FROM w{n}.{c}" for c in columns)
            + ")"
            for n, columns in enumerate(after.part.whole)
        )
        self._sql(
            f"INSERT INTO {self.name} BY NAME SELECT {put} FROM {before} o "
            f"{about} "
            f"ANTI JOIN {after.stage.file} n ON (n.figure = o.figure) "
            f"CROSS JOIN (SELECT any_value(source) AS source, "
            f"DATE {text(after.part.document.published.isoformat())} AS published, "
            f"any_value(retrieved) AS retrieved, any_value(vintage) AS vintage, "
            f"any_value(licence) AS licence FROM {after.stage.file}) d"
        )


class States:
    """The states of one request that a lake has.

    Parameters
    ----------
    lake
        A lake with a place.
    source
        Whose request it is.
    raw
        The state that is read.
    """

    def __init__(self, lake: Lake, source: Source, raw: Raw) -> None:
        self.lake, self.source, self.raw = lake, source, raw

    def gone(self, told: Told) -> Gone:
        """What this state leaves out of the one before it, and the one after it of this.

        States whose bytes are gone or damaged, which verification tells, are passed over: bytes of
        another day must not keep this reply away.
        """
        out = Gone(self.lake, told.part.table)
        before, after = self._beside()
        if before:
            self._hold(out, before, told, older=True)
        if after:
            self._hold(out, after, told, older=False)
        return out

    def replaced(self, told: Told) -> Gone:
        """What this version leaves out of older ones.

        Raises
        ------
        InputError
            Where the lake has a newer one: what that leaves out would come back.
        """
        office, document = self.source.about.office, told.part.document
        version, table = document.vintage, document.name.replace(document.vintage, "")
        mine = {n: d for n, d in self.lake.documents.items() if n.startswith(f"{office}/")}
        for name, had in mine.items():
            bare = document_of(name).partition("+")[0].replace(had["vintage"], "")
            if had["vintage"] > version and bare == f"{office}/{table}":
                raise InputError(
                    f"the lake has {had['vintage']} of {table.rstrip('_')} already: the older "
                    f"{version} would bring back what that leaves out. Pull it into a lake of its "
                    "own"
                )
        out = Gone(self.lake, told.part.table)
        # Where there is no other version, nothing has to be looked for among many rows.
        if {had["vintage"] for had in mine.values()} - {version}:
            out.add_of_older(told, office)
        return out

    def _hold(self, out: Gone, raw: Raw, told: Told, *, older: bool) -> None:
        """Hold this state against another, as far as that can still be read."""
        with suppress(SourceError):
            self._hold_parts(out, raw, told, older=older)

    def _hold_parts(self, out: Gone, raw: Raw, told: Told, *, older: bool) -> None:
        for part in self.source.parse(raw).parts:
            name = self._document(part, raw)
            if part.table != told.part.table or not name or not (older or part.whole):
                continue
            with staged(self.lake, self.source.about, raw, part, name) as stage:
                stage.check(part.identities)
                refused = len(stage.refused()) + len(list(part.faults))
                other = Told(part, stage, refused, name, raw)
                if older:
                    out.add(other, told)
                else:
                    out.add(told, other)

    def _beside(self) -> tuple[Raw | None, Raw | None]:
        """The states that were read to their end before this one and after it."""
        assert self.lake.delta is not None, "only a lake with a place has states"  # narrows
        own, name = self.raw, self.source.about.name
        pulls = self.lake.delta.read("pulls", source_name=name, request=own.request.name)
        read = {(p["sha256"], p["retrieved"]) for p in pulls.to_pylist()}
        fetches = self.lake.delta.read("fetches", source_name=name, request=own.request.name)
        lines = [
            line
            for line in fetches.to_pylist()
            if (line["sha256"], line["retrieved"]) in read and line["sha256"] != own.sha256
        ]
        lines.sort(key=_when)
        here = own.day, own.retrieved
        earlier = [x for x in reversed(lines) if _when(x) < here]
        return self._first(earlier), self._first([x for x in lines if _when(x) > here])

    def _first(self, lines: list[dict[str, Any]]) -> Raw | None:
        """The first of some replies whose bytes are whole."""
        for line in lines:
            with suppress(IntegrityError, NoBytes):
                return kept_reply(self.lake, line)
        return None

    def _document(self, part: Part, raw: Raw) -> str:
        """The name under which the lake has a part's document; empty where it has it not."""
        plain = f"{self.source.about.office}/{part.document.name}"
        found = [
            name
            for name, d in self.lake.documents.items()
            if d["sha256"] == raw.sha256
            and number_of(name) == 1
            and (name == plain or name.startswith(f"{plain}+"))
        ]
        return min(found, key=len, default="")


def _when(line: Mapping[str, Any]) -> Any:
    """The order of states, as :attr:`boeki.sources.base.Raw.day` has it."""
    came = line["retrieved"]
    return min(line["modified"] or came.date(), came.date()), came
