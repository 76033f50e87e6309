"""Fetch the bytes of an official source: politely, whole, or not at all.

A reply is taken only when all of it has come and it is of the kind that was asked for. What a
server says is believed as far as it can be checked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

import httpx

from boeki.errors import InputError
from boeki.sources.base import About, Request
from boeki.sources.discretion import KeyedTransport, Keys, kept_from_logs
from boeki.sources.local import copy
from boeki.sources.partial import Part, part_name, sweep
from boeki.sources.patience import Fetched, Means, Patience, Progress
from boeki.sources.transfer import Transfer

__all__ = ["Fetched", "Fetcher", "Patience", "Progress"]


class Fetcher:
    """Fetches replies, for any number of threads.

    Parameters
    ----------
    allow_hosts
        Hosts that redirects may lead to, besides the one that is asked. They get no keys.
    patience
        How long and how often a source is asked.
    turns
        The folder by which processes take turns with a host; None for the one that is fetched into.
    clock, now, sleep, jitter
        Seconds that only grow, seconds since 1970, how to wait, and a number from 0 to 1.
    """

    def __init__(
        self,
        *,
        allow_hosts: Iterable[str] = (),
        patience: Patience | None = None,
        turns: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        patience = patience or Patience()
        client = httpx.Client(
            transport=KeyedTransport(),
            timeout=httpx.Timeout(patience.read, connect=patience.connect),
        )
        self._means = Means(client, patience, tuple(allow_hosts), clock, now, sleep, jitter)
        self._turns = turns

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._means.client.close()

    def fetch(
        self,
        request: Request,
        about: About,
        into: Path,
        *,
        progress: Progress | None = None,
        validators: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Fetch one reply, or copy a file of the user's own.

        Parameters
        ----------
        request
            What is wanted.
        about
            The source: how often it may be asked, and how large its replies may be.
        into
            The folder for the file.
        progress
            Called with the bytes that have come and the bytes that there will be, None where that
            is not known.
        validators
            What the reply before this one came with.

        Raises
        ------
        Unreachable
            Where the source did not answer, or not whole, however often it was asked.
        Refused
            Where it will not serve this, or leads to a host that is not allowed.
        NotAsExpected
            Where something else came than was asked for.
        Oversize
            Where there is more than ``about.most_bytes``.
        InputError
            For an address that is none, a file that is not there, or a key that cannot be one.
        LakeError
            Where the folder cannot be written.
        """
        told = progress or _silent
        scheme = request.address.partition("://")[0].lower() if "://" in request.address else ""
        if scheme not in ("", "http", "https"):
            raise InputError(f"{request.shown}: boeki fetches by https, http and from a local path")
        sweep(into)
        if not scheme:
            return copy(request, about, into, told, self._means.moment())
        keys = Keys(request.secrets, request.secret_headers)
        keys.check()
        part = Part(into, part_name(request.name, request.shown), about.most_bytes, request.shown)
        known = dict(validators or {})
        with kept_from_logs(keys):
            return Transfer(
                self._means, request, about, part, keys, told, known, self._turns or into
            ).run()


def _silent(done: int, total: int | None) -> None:
    """Show nothing."""
