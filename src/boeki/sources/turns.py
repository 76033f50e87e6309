"""One request at a time to a host, with a rest between two: across threads and processes.

A small file for each host says when the next request may go out. It is locked while one is under
way; the system lets go of the lock when a process ends, however it ends.
"""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from boeki.errors import LakeError, Unreachable

#: Seconds between two looks at whether it is our turn.
_LOOK = 0.05
#: File systems that know no locks say so with one of these: requests then go out unlocked.
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}


@dataclass(slots=True)
class Turn:
    """The right to ask a host.

    Attributes
    ----------
    rest
        Seconds that the host is left alone when the turn is over.
    """

    rest: float


@contextmanager
def turn(
    folder: Path,
    host: str,
    pause: float,
    *,
    most: float,
    left: Callable[[], float],
    now: Callable[[], float],
    sleep: Callable[[float], None],
) -> Iterator[Turn]:
    """Wait for one's turn to ask a host, and hold it.

    Parameters
    ----------
    folder
        Where the files of all that shall take turns stand.
    host
        Its name and port.
    pause
        Seconds between two requests.
    most
        The most seconds that the file is believed to ask for: clocks are set back at times.
    left
        Seconds that there is still time for.
    now, sleep
        The clock on the wall, and how to wait.

    Raises
    ------
    Unreachable
        Where there is no time left before the turn comes.
    LakeError
        Where the folder cannot be written.
    """
    path = folder / f".{re.sub(r'[^a-z0-9.-]', '_', host.casefold())}.turn"
    with _opened(path) as file:
        _lock(file, host, left, sleep)
        wait = min(max(_not_before(file) - now(), 0.0), most)
        if wait > left():
            raise Unreachable(
                f"{host} is not to be asked again for {wait:.0f} s, which is longer than this "
                "fetch may last: try again later"
            )
        if wait:
            sleep(wait)
        mine = Turn(pause)
        try:
            yield mine
        finally:
            _write(file, path, now() + mine.rest)


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="ascii", errors="replace")
    except OSError as error:
        raise LakeError(
            f"{path.parent} cannot be written ({error.strerror}): choose another folder"
        ) from error


def _lock(
    file: IO[str], host: str, left: Callable[[], float], sleep: Callable[[float], None]
) -> None:
    while not _locked(file):
        if left() <= 0:
            raise Unreachable(f"another fetch from {host} is still under way: try again later")
        sleep(_LOOK)


if sys.platform == "win32":  # pragma: no cover - the other system

    def _locked(file: IO[str]) -> bool:
        import msvcrt

        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:

    def _locked(file: IO[str]) -> bool:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise LakeError(f"{file.name} cannot be locked: {error.strerror}") from error
        return True


def _not_before(file: IO[str]) -> float:
    file.seek(0)
    try:
        return float(file.read(64))
    except ValueError:
        return 0.0


def _write(file: IO[str], path: Path, when: float) -> None:
    try:
        file.seek(0)
        file.truncate()
        file.write(f"{when:.3f}")
        file.flush()
    except OSError as error:
        raise LakeError(f"{path} cannot be written: {error.strerror}") from error
