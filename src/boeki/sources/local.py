"""A file of the user's own, taken as a reply is: within bounds, whole, and of the right kind."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

from boeki.errors import InputError, NotAsExpected
from boeki.sources.base import About, Request
from boeki.sources.kinds import fault
from boeki.sources.partial import Part, oversize
from boeki.sources.patience import Fetched, Progress

_CHUNK = 1 << 20


def copy(
    request: Request,
    about: About,
    into: Path,
    progress: Progress,
    now: dt.datetime,
) -> Fetched:
    """Copy a local file.

    Raises
    ------
    InputError
        Where there is no such file, or it cannot be read.
    NotAsExpected, Oversize, LakeError
        As for a reply.
    """
    source = Path(request.address).expanduser()
    if not source.is_file():
        what = "is a folder" if source.is_dir() else "is not there"
        raise InputError(f"{source} {what}: give the path of a file")
    try:
        info, opened = source.stat(), source.open("rb")
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}") from error
    with opened as file:
        if info.st_size > about.most_bytes:
            raise oversize(str(source), about.most_bytes, info.st_size)
        part = Part(into, uuid.uuid4().hex, about.most_bytes, str(source))
        try:
            part.begin("")
            while chunk := file.read(_CHUNK):
                part.write(chunk)
                progress(part.size, info.st_size)
            wrong = fault(part.written(), request.media)
            if wrong:
                raise NotAsExpected(f"{source} {wrong}")
            path, sha256 = part.finish()
        finally:
            part.leave()
    changed = dt.datetime.fromtimestamp(info.st_mtime, dt.UTC).date()
    return Fetched("new", path, sha256, part.size, now, changed)
