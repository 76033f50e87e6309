"""A pull: fetch → keep → parse → check → append, reply by reply.

Rows that come late, older than others of their figures, wait for the end of the pull.
Every step can be broken off and done again: bytes are kept under their hash before they are read,
rows are appended in one commit with regard to what the lake has, and that a reply was read to its
end is noted last. What was not finished is done again by the next pull, and adds nothing twice.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from boeki.errors import (
    BoekiError,
    InputError,
    LakeError,
    MissingExtra,
    MissingKey,
    SourceError,
    Unreachable,
)
from boeki.ingest.correct import unsaid
from boeki.ingest.dated import check_own, dated, own
from boeki.ingest.late import Aside, deliver, place
from boeki.ingest.part import Taken, take
from boeki.ingest.withdraw import States
from boeki.lake import Lake
from boeki.lake.delta import as_table
from boeki.lake.raw import NoBytes
from boeki.sources import get
from boeki.sources.base import Query, Raw, Request, Source
from boeki.sources.fetch import Fetched, Fetcher

#: A reply that came so recently is not asked for again: a pull that was broken off goes on.
FRESH = dt.timedelta(hours=1)
#: After so many replies in a row that did not come, the source is down.
_PATIENCE = 3
#: What the documents of a reply say, part by part.
_SAID = (
    "CREATE OR REPLACE TEMP TABLE said (name VARCHAR, source VARCHAR, figure BIGINT, "
    "published DATE)"
)


class Progress(Protocol):
    """Is told how a pull goes on."""

    def asked(self, request: Request, left: int) -> None:
        """A reply is being fetched; so many more are known to follow."""

    def came(self, size: int, whole: int | None) -> None:
        """So many bytes of it have come, of so many where the server says."""

    def done(self, reply: Reply) -> None:
        """A reply is finished with."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one reply.

    Attributes
    ----------
    name, address
        What was asked, without keys.
    state
        ``read``; ``unchanged`` where the lake had it already; ``failed``.
    sha256
        The hash of its bytes; empty where none came.
    taken
        Its parts, with the rows that were new and those that were refused.
    error
        Why it failed.
    """

    name: str
    address: str
    state: str
    sha256: str = ""
    taken: tuple[Taken, ...] = ()
    error: str = ""

    @property
    def added(self) -> int:
        """Rows that were new."""
        return sum(t.added for t in self.taken)

    @property
    def refused(self) -> int:
        """Rows and lines that went to quarantine."""
        return sum(t.refused for t in self.taken)

    @property
    def withdrawn(self) -> int:
        """Figures that an earlier state gave and this one leaves out."""
        return sum(t.withdrawn for t in self.taken)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought.

    Attributes
    ----------
    source
        The name of the source.
    replies
        In the order in which they came; those with rows older than what the lake had, last.
    """

    source: str
    replies: tuple[Reply, ...] = field(default=())

    @property
    def added(self) -> int:
        """Rows that were new."""
        return sum(r.added for r in self.replies)

    @property
    def refused(self) -> int:
        """Rows and lines that went to quarantine."""
        return sum(r.refused for r in self.replies)

    @property
    def withdrawn(self) -> int:
        """Figures that offices withdrew."""
        return sum(r.withdrawn for r in self.replies)

    @property
    def failed(self) -> tuple[Reply, ...]:
        """The replies that did not come or could not be read."""
        return tuple(r for r in self.replies if r.state == "failed")


def pull(
    lake: Lake,
    source: Source | str,
    query: Query,
    *,
    fetcher: Fetcher | None = None,
    progress: Progress | None = None,
    offline: bool = False,
    again: bool = False,
    fresh: dt.timedelta = FRESH,
) -> Pulled:
    """Bring what a source says into the lake.

    Parameters
    ----------
    lake
        A lake with a place.
    source
        From where: the name of a source, as ``boeki sources`` lists them, or one of your own.
    query
        What is wanted of it; its option ``published`` says when a file of the user's own was
        published, where it does not say so itself.
    fetcher
        Gets bytes; None for the usual one.
    progress
        Is told how it goes on.
    offline
        Ask nobody: read again what the lake has kept.
    again
        Read replies once more that were read to the end before.
    fresh
        A reply that came less than so long ago is not asked for again.

    Returns
    -------
    Pulled
        What became of each reply. One that fails does not keep the others away.

    Raises
    ------
    UnknownTerm
        Where there is no source of this name.
    InputError, MissingKey, MissingExtra
        Where the query cannot be put to the source.
    LakeError
        Where the lake has no place or cannot be written to. What was read before stays.
    """
    if lake.place is None:
        raise LakeError(
            "these figures are in memory only: say where to keep pulled ones, with --lake or "
            "BOEKI_LAKE"
        )
    asked = get(source) if isinstance(source, str) else source
    query, day = dated(query, asked.about, offline=offline)
    run = _Run(lake, asked, fetcher, progress, offline, again, fresh, day)
    return Pulled(asked.about.name, tuple(run.replies(query)))


class _Run:
    """One pull under way."""

    def __init__(
        self,
        lake: Lake,
        source: Source,
        fetcher: Fetcher | None,
        progress: Progress | None,
        offline: bool,
        again: bool,
        fresh: dt.timedelta,
        day: dt.date | None = None,
    ) -> None:
        assert lake.delta is not None  # narrows
        assert lake.raw is not None  # narrows
        assert lake.place is not None  # narrows
        self.lake, self.source, self.about = lake, source, source.about
        self.delta, self.raw = lake.delta, lake.raw
        self.progress, self.offline, self.again, self.fresh = progress, offline, again, fresh
        #: When files of the user's own were published, by the user.
        self.day = day
        self.into = lake.place.working / "fetching"
        self._fetcher = fetcher
        #: Rows that come late, and the replies that have them.
        self.aside = Aside()
        self.late: list[tuple[Raw, list[tuple[str, Taken]], int]] = []
        mine = "source_name"
        fetches = sorted(self.delta.read("fetches").to_pylist(), key=lambda r: r["retrieved"])
        own_fetches = [row for row in fetches if row[mine] == self.about.name]
        self.kept = {row["request"]: row for row in own_fetches}
        #: As of which day bytes were read.
        self.days = {(row["request"], row["sha256"]): row["modified"] for row in own_fetches}
        #: The bytes that were read last of each request, and all that ever were.
        self.finished: dict[str, str] = {}
        self.seen: set[tuple[str, str]] = set()
        for row in sorted(self.delta.read("pulls").to_pylist(), key=lambda r: r["finished"]):
            if row[mine] == self.about.name:
                self._finish(row["request"], row["sha256"], row["more"])

    def _finish(self, request: str, sha256: str, more: int) -> None:
        """Note that a reply was read to its end. One that asks for others is read again each time:
        by what it says they are found.
        """
        self.finished[request] = "" if more else sha256
        self.seen.add((request, sha256))

    def replies(self, query: Query) -> Iterator[Reply]:
        """Every reply, those that others ask for included; at the end those with late rows."""
        with self.aside.keep:
            try:
                yield from self._asked(query)
            except Unreachable:
                yield from self._placed()
                raise
            yield from self._placed()

    def _asked(self, query: Query) -> Iterator[Reply]:
        """The replies as they come, without those that are put aside."""
        waiting = deque(self.source.requests(query))
        if self.day is not None:
            check_own(waiting)
        silent = 0
        while waiting:
            request = waiting.popleft()
            if self.progress:
                self.progress.asked(request, len(waiting))
            reply, more = self._one(request)
            waiting.extendleft(reversed(more))
            if reply:
                yield self._done(reply)
            down = reply is not None and reply.error.startswith(Unreachable.__name__)
            silent = silent + 1 if down else 0
            if silent >= _PATIENCE and waiting:
                raise Unreachable(
                    f"{self.about.title} did not answer {silent} times in a row; "
                    f"{len(waiting)} replies were not asked for. Run the same command later: "
                    "what came is kept"
                )

    def _done(self, reply: Reply) -> Reply:
        if self.progress:
            self.progress.done(reply)
        return reply

    def _one(self, request: Request) -> tuple[Reply | None, tuple[Request, ...]]:
        try:
            raw = self._raw(request)
            if self.finished.get(request.name) == raw.sha256 and not self.again:
                return Reply(request.name, request.shown, "unchanged", raw.sha256), ()
            return self._read(raw)
        except NoBytes as error:
            return _failed(request, error), ()
        except (InputError, LakeError, MissingKey, MissingExtra):
            raise
        except BoekiError as error:
            return _failed(request, error), ()

    def _read(self, raw: Raw) -> tuple[Reply | None, tuple[Request, ...]]:
        """Parse bytes and take in what they say; no reply yet where some of it comes late."""
        name, held = raw.request.name, self.aside.held
        self.lake.connection.execute(_SAID)
        parsed = self.source.parse(raw)
        # Bytes that came before, and others since: the office went back to what it said first.
        seen = (name, raw.sha256) in self.seen
        back = seen and self.finished.get(name) not in ("", raw.sha256)
        states = States(self.lake, self.source, raw)
        taken: list[tuple[str, Taken]] = []
        for part in parsed.parts:
            one = take(self.lake, self.source, raw, part, self.aside, states=states, back=back)
            taken.append((part.table, one))
        if seen and self.again:
            taken = self._corrected(taken)
        if self.aside.held > held:
            self.late.append((raw, taken, len(parsed.more)))
            return None, parsed.more
        return self._finished(raw, [one for _table, one in taken], len(parsed.more)), parsed.more

    def _corrected(self, taken: list[tuple[str, Taken]]) -> list[tuple[str, Taken]]:
        """Take out what documents were once read to give, and do not."""
        told = dict.fromkeys((table, one.source) for table, one in taken)
        added: dict[tuple[str, str], int] = {}
        for table, document in told:
            if rows := unsaid(self.lake, table, document):
                kept = rows.removeprefix("FROM ")
                self.aside.keep.callback(self.lake.connection.execute, f"DROP TABLE {kept}")
                count = deliver(self.lake, self.source, table, document, rows)
                added[table, document] = count or 0
                if count is None:
                    self.aside.put(table, document, rows)
        return [
            (table, replace(one, added=one.added + added.pop((table, one.source), 0)))
            for table, one in taken
        ]

    def _placed(self) -> Iterator[Reply]:
        """Place what was put aside; the replies of which it is."""
        counts: dict[tuple[str, str], int] = {}
        wrong: dict[str, BoekiError] = {}
        for table in self.aside.rows:
            self._place(table, self.aside.of(table), counts, wrong)
        for raw, taken, more in self.late:
            errors = [wrong[one.source] for _table, one in taken if one.source in wrong]
            if errors:
                yield self._done(_failed(raw.request, errors[0]))
                continue
            whole = [
                replace(one, added=one.added + counts.pop((table, one.source), 0))
                for table, one in taken
            ]
            yield self._done(self._finished(raw, whole, more))

    def _place(
        self,
        table: str,
        rows: dict[str, str],
        counts: dict[tuple[str, str], int],
        wrong: dict[str, BoekiError],
    ) -> None:
        """Place documents together, or where that cannot be, each by itself."""
        try:
            found = place(self.lake, self.source, table, rows)
            counts |= {(table, name): found.get(name, 0) for name in rows}
        except LakeError:
            raise
        except BoekiError as error:
            if len(rows) == 1:
                wrong |= dict.fromkeys(rows, error)
                return
            days = self.lake.documents
            for name in sorted(rows, key=lambda n: days[n]["published"]):
                self._place(table, {name: rows[name]}, counts, wrong)

    def _finished(self, raw: Raw, taken: list[Taken], more: int) -> Reply:
        """Note that a reply was read to its end."""
        from importlib.metadata import version

        request = raw.request
        line = {
            "source_name": self.about.name,
            "request": request.name,
            "sha256": raw.sha256,
            "retrieved": raw.retrieved,
            "finished": dt.datetime.now(dt.UTC),
            "rows_read": sum(t.read for t in taken),
            "rows_added": sum(t.added for t in taken),
            "rows_refused": sum(t.refused for t in taken),
            "more": more,
            "version": version("boeki"),
        }
        self.delta.append("pulls", as_table("pulls", [line]))
        self._finish(request.name, raw.sha256, more)
        return Reply(request.name, request.shown, "read", raw.sha256, tuple(taken))

    def _raw(self, request: Request) -> Raw:
        """The bytes of a request: kept ones where they are fresh, or fetched and kept."""
        had = self.kept.get(request.name)
        if had and had["address"] != request.shown:
            had = None
        if self.offline:
            if had is None:
                raise SourceError(
                    f"the lake has no reply to {request.name} ({request.shown}): "
                    "pull it without --offline"
                )
            return _kept(request, had, self.raw.path(had["sha256"]))
        # Bytes that are gone or damaged are fetched anew, whatever the server thinks that we have.
        kept = self.raw.whole(had["sha256"]) if had else None
        known: dict[str, str] = {}
        if had and kept:
            told = self.day is not None and own(request)
            if dt.datetime.now(dt.UTC) - had["retrieved"] < self.fresh and not told:
                return _kept(request, had, kept)
            known = json.loads(had["validators"])
        fetched = self._fetch(request, known)
        if fetched.path is None:
            assert had is not None  # a server is told of validators
            assert kept is not None  # only where there is a reply
            return _kept(request, had, kept)
        try:
            self.raw.keep(fetched.path, fetched.sha256)
        finally:
            fetched.path.unlink(missing_ok=True)
        self._note(request, fetched)
        return Raw(
            request,
            self.raw.path(fetched.sha256),
            fetched.sha256,
            fetched.retrieved,
            fetched.modified,
        )

    def _fetch(self, request: Request, validators: Mapping[str, str]) -> Fetched:
        if self._fetcher is None:
            self._fetcher = Fetcher()
        came = self.progress.came if self.progress else None
        fetched = self._fetcher.fetch(
            request, self.about, self.into, progress=came, validators=validators
        )
        if self.day is None or not own(request):
            return fetched
        stands = self.days.get((request.name, fetched.sha256), self.day)
        if stands != self.day:
            assert fetched.path is not None, "a file of one's own is always copied"  # narrows
            fetched.path.unlink()
            raise InputError(
                f"{request.shown} was read before, as of {stands}, and a day once noted stays: "
                f"to have it as of {self.day}, pull it into another lake"
            )
        return replace(fetched, modified=self.day)

    def _note(self, request: Request, fetched: Fetched) -> None:
        """Note which bytes came, from where and when, before anything reads them."""
        asked = {
            "address": request.address,
            "params": dict(request.params),
            "media": request.media,
            "context": dict(request.context),
        }
        line = {
            "source_name": self.about.name,
            "request": request.name,
            "address": request.shown,
            "sha256": fetched.sha256,
            "size": fetched.size,
            "media": fetched.media,
            "retrieved": fetched.retrieved,
            "modified": fetched.modified,
            "validators": json.dumps(dict(fetched.validators)),
            "licence": self.about.licence,
            "asked": json.dumps(asked),
        }
        self.delta.append("fetches", as_table("fetches", [line]))
        self.kept[request.name] = line


def _failed(request: Request, error: BoekiError) -> Reply:
    said = f"{type(error).__name__}: {error}"
    return Reply(request.name, request.shown, "failed", error=said)


def _kept(request: Request, had: Mapping[str, Any], path: Path) -> Raw:
    """A reply that the lake has, as the line about it in ``fetches`` and its file."""
    return Raw(request, path, had["sha256"], had["retrieved"], had["modified"])
