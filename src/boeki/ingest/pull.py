"""A pull: fetch → keep → parse → check → append, reply by reply.

Every step can be broken off and done again: bytes are kept under their hash before they are read,
rows are appended in one commit with regard to what the lake has, and that a reply was read to its
end is noted last. What was not finished is done again by the next pull, and adds nothing twice.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
from boeki.ingest.part import Taken, take
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


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought.

    Attributes
    ----------
    source
        The name of the source.
    replies
        In the order in which they came.
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
        What is wanted of it.
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
    run = _Run(lake, asked, fetcher, progress, offline, again, fresh)
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
    ) -> None:
        assert lake.delta is not None  # narrows
        assert lake.raw is not None  # narrows
        assert lake.place is not None  # narrows
        self.lake, self.source, self.about = lake, source, source.about
        self.delta, self.raw = lake.delta, lake.raw
        self.progress, self.offline, self.again, self.fresh = progress, offline, again, fresh
        self.into = lake.place.working / "fetching"
        self._fetcher = fetcher
        mine = "source_name"
        self.kept = {
            row["request"]: row
            for row in sorted(self.delta.read("fetches").to_pylist(), key=lambda r: r["retrieved"])
            if row[mine] == self.about.name
        }
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
        """Every reply, those that others ask for included."""
        waiting = deque(self.source.requests(query))
        silent = 0
        while waiting:
            request = waiting.popleft()
            if self.progress:
                self.progress.asked(request, len(waiting))
            reply, more = self._one(request)
            waiting.extendleft(reversed(more))
            if self.progress:
                self.progress.done(reply)
            yield reply
            silent = silent + 1 if reply.error.startswith(Unreachable.__name__) else 0
            if silent >= _PATIENCE and waiting:
                raise Unreachable(
                    f"{self.about.title} did not answer {silent} times in a row; "
                    f"{len(waiting)} replies were not asked for. Run the same command later: "
                    "what came is kept"
                )

    def _one(self, request: Request) -> tuple[Reply, tuple[Request, ...]]:
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

    def _read(self, raw: Raw) -> tuple[Reply, tuple[Request, ...]]:
        """Parse bytes and take in what they say."""
        from importlib.metadata import version

        name = raw.request.name
        parsed = self.source.parse(raw)
        # Bytes that came before, and others since: the office went back to what it said first.
        back = (name, raw.sha256) in self.seen and self.finished.get(name) not in ("", raw.sha256)
        taken = tuple(take(self.lake, self.source, raw, part, back=back) for part in parsed.parts)
        self.delta.append(
            "pulls",
            as_table(
                "pulls",
                [
                    {
                        "source_name": self.about.name,
                        "request": name,
                        "sha256": raw.sha256,
                        "retrieved": raw.retrieved,
                        "finished": dt.datetime.now(dt.UTC),
                        "rows_read": sum(t.read for t in taken),
                        "rows_added": sum(t.added for t in taken),
                        "rows_refused": sum(t.refused for t in taken),
                        "more": len(parsed.more),
                        "version": version("boeki"),
                    }
                ],
            ),
        )
        self._finish(name, raw.sha256, len(parsed.more))
        return Reply(name, raw.request.shown, "read", raw.sha256, taken), parsed.more

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
            if dt.datetime.now(dt.UTC) - had["retrieved"] < self.fresh:
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
        return self._fetcher.fetch(
            request, self.about, self.into, progress=came, validators=validators
        )

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
