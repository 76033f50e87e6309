"""What fetching is done with, how long it is gone on with, and what it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often a source is asked.

    Attributes
    ----------
    attempts
        The most times that one reply is asked for.
    total
        Seconds for one reply, waiting included.
    first_wait
        Seconds after the first failure; doubled after each further one, less a random part.
    longest_wait
        The most seconds between two attempts. A server that asks for more is told of in an error.
    connect, read
        Seconds to be connected, and for the next bytes to come.
    slowest, over
        The fewest bytes a second that are put up with, and the seconds over which that is seen.
    """

    attempts: int = 6
    total: float = 3_600.0
    first_wait: float = 1.0
    longest_wait: float = 120.0
    connect: float = 15.0
    read: float = 60.0
    slowest: float = 500.0
    over: float = 60.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A reply.

    Attributes
    ----------
    status
        ``new``, or ``unchanged`` where the server says that what is known still holds.
    path
        A file with its bytes in the folder that was given, to be moved or removed by the caller;
        None where it is unchanged.
    sha256, size
        Of its bytes; empty and 0 where it is unchanged.
    retrieved
        When it came, in UTC.
    modified
        The day that the server says it was last changed; None where it does not say.
    etag, media
        The server's mark and name for its kind; empty where it gives none.
    validators
        To be given the next time, so that what has not changed is not sent again.
    """

    status: Literal["new", "unchanged"]
    path: Path | None
    sha256: str
    size: int
    retrieved: dt.datetime
    modified: dt.date | None = None
    etag: str = ""
    media: str = ""
    validators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Means:
    """What fetching is done with; see :class:`boeki.sources.fetch.Fetcher`."""

    client: httpx.Client
    patience: Patience
    allowed: tuple[str, ...]
    clock: Callable[[], float]
    now: Callable[[], float]
    sleep: Callable[[float], None]
    jitter: Callable[[], float]

    def moment(self) -> dt.datetime:
        """The time, in UTC."""
        return dt.datetime.fromtimestamp(self.now(), dt.UTC)
