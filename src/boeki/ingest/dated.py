"""The day on which a file of the user's own was published, where the user says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from boeki.errors import InputError
from boeki.sources.base import About, Query, Request

OPTION = "published"


def dated(query: Query, about: About, *, offline: bool = False) -> tuple[Query, dt.date | None]:
    """A query without the day of its file, and that day; None where it is not said.

    Parameters
    ----------
    query, about
        Of which source.
    offline
        Whether kept bytes are read, with the day that was noted when they came.

    Raises
    ------
    InputError
        For a day that is none or yet to come, offline, and where the files date themselves.
    """
    if OPTION not in query.options:
        return query, None
    if offline:
        raise InputError(f"offline the day holds that was noted with the bytes: leave {OPTION} out")
    said = query.options[OPTION]
    if about.dated == "day":
        raise InputError(f"files of {about.name} say when they were published: leave {OPTION} out")
    try:
        day = dt.date.fromisoformat(said)
    except ValueError:
        raise InputError(f"{OPTION} is a day, such as {OPTION}=2024-01-31, not {said!r}") from None
    if day > dt.datetime.now(dt.UTC).date():
        raise InputError(f"{OPTION}={said} is yet to come: say when the file was published")
    rest = {k: v for k, v in query.options.items() if k != OPTION}
    return replace(query, options=rest), day


def check_own(requests: Iterable[Request]) -> None:
    """Refuse a day for what a server sends.

    Raises
    ------
    InputError
        Where no request is for a file of the user's own.
    """
    if not any(own(request) for request in requests):
        raise InputError(
            f"{OPTION} is for a file that you have: name it with path=. What a server sends is "
            "dated by what the server says, or by when it came"
        )


def own(request: Request) -> bool:
    """Whether a request is for a file of the user's own."""
    return "://" not in request.address
