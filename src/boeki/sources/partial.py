"""A reply as far as it has come: kept under a name that ends in ``.part`` until it is whole.

Beside it stands, where the server can go on from the middle, the mark by which it tells whether
its file is still the same (``.mark.part``). A later run goes on from there, or clears both away.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from boeki.errors import LakeError, Oversize

_CHUNK = 1 << 20
#: Days after which what a killed run left is of no use any more.
_STALE = 2


class Part:
    """The bytes of one reply, on their way to a file.

    Parameters
    ----------
    into
        The folder.
    name
        The file's name, without an ending; the same for the same request.
    most_bytes
        The most that is taken.
    shown
        How messages call the reply.
    """

    def __init__(self, into: Path, name: str, most_bytes: int, shown: str) -> None:
        self._path = into / f"{name}.part"
        self._mark = into / f"{name}.mark.part"
        # Its own name: another thread may have fetched the same, and not have moved it yet.
        self._whole = into / f"{name}.{uuid.uuid4().hex[:8]}.whole"
        self._most, self._shown = most_bytes, shown
        self._file: BinaryIO | None = None
        self._hash = hashlib.sha256()
        self.size = 0
        with disk(into):
            into.mkdir(parents=True, exist_ok=True)

    def resumable(self) -> tuple[int, str]:
        """How many bytes there are already, and the mark to go on with; (0, "") for none."""
        with disk(self._path):
            if not (self._mark.is_file() and self._path.is_file()):
                return 0, ""
            mark = self._mark.read_text("latin-1").strip()
            size = self._path.stat().st_size
        return (size, mark) if mark and 0 < size < self._most else (0, "")

    def begin(self, mark: str) -> None:
        """Begin anew.

        Parameters
        ----------
        mark
            By which the server can go on from the middle later; empty where it cannot.
        """
        self.close()
        self._hash, self.size = hashlib.sha256(), 0
        with disk(self._path):
            # In this order: at no moment does a mark stand beside bytes that are not its own.
            self._mark.unlink(missing_ok=True)
            self._file = self._path.open("wb")
            if mark:
                self._mark.write_text(mark, "latin-1")

    def go_on(self) -> None:
        """Go on after the bytes that are there."""
        self.close()
        self._hash, self.size = hashlib.sha256(), 0
        with disk(self._path):
            self._file = self._path.open("r+b")
            while chunk := self._file.read(_CHUNK):
                self._hash.update(chunk)
                self.size += len(chunk)

    def write(self, chunk: bytes) -> None:
        """Append bytes.

        Raises
        ------
        Oversize
            Where there are more than may be; what there is is cleared away.
        LakeError
            Where they cannot be written.
        """
        assert self._file is not None  # begun, or gone on with
        self.size += len(chunk)
        if self.size > self._most:
            self.clear()
            raise oversize(self._shown, self._most)
        self._hash.update(chunk)
        with disk(self._path):
            self._file.write(chunk)

    def written(self) -> Path:
        """The file with all its bytes on the disk, still under its passing name."""
        assert self._file is not None  # begun, or gone on with
        with disk(self._path):
            self._file.flush()
            os.fsync(self._file.fileno())
        self.close()
        return self._path

    def finish(self) -> tuple[Path, str]:
        """Give the file its lasting name; returns it, and the SHA-256 of its bytes."""
        with disk(self._path):
            os.replace(self._path, self._whole)
            self._mark.unlink(missing_ok=True)
        return self._whole, self._hash.hexdigest()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            file, self._file = self._file, None
            with disk(self._path):
                file.close()

    def leave(self) -> None:
        """Close the file, and keep what there is if a later run can go on with it."""
        self.close()
        if not self.resumable()[1]:
            self.clear()

    def clear(self) -> None:
        """Remove what there is."""
        with disk(self._path):
            if self._file is not None:
                self._file.close()
            self._mark.unlink(missing_ok=True)
            self._path.unlink(missing_ok=True)
        self._file = None


def part_name(name: str, shown: str) -> str:
    """The file's name for a reply: the same for the same request, and none that leads away."""
    return hashlib.sha256(f"{name}\n{shown}".encode()).hexdigest()[:20]


def oversize(shown: str, most: int, said: int | None = None) -> Oversize:
    """The error for a reply that is larger than it may be."""
    size = f"has {said:,} bytes" if said else "goes on and on"
    return Oversize(
        f"{shown} {size}, more than the {most:,} that are taken from this source: ask for less at "
        "a time, or report it if the source has really grown"
    )


def sweep(folder: Path) -> None:
    """Remove what killed runs left long ago."""
    with disk(folder):
        for path in (*folder.glob("*.part"), *folder.glob("*.whole")):
            with suppress(FileNotFoundError):  # another process has just taken it
                if time.time() - path.stat().st_mtime > _STALE * 86_400:
                    path.unlink()


@contextmanager
def disk(path: Path) -> Iterator[None]:
    """What the system says of a disk, as an error that says what to do."""
    try:
        yield
    except OSError as error:
        hints = {
            errno.ENOSPC: "there is no room left on the disk: make some, and run it again",
            errno.EDQUOT: "your share of the disk is used up: make room, and run it again",
            errno.EROFS: "the disk is read-only: choose another folder",
            errno.EACCES: "you have no right to write there: choose another folder",
        }
        said = hints.get(error.errno or 0, error.strerror or type(error).__name__)
        raise LakeError(f"{path} cannot be written: {said}") from error
