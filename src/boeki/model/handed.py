"""Arrays handed to other processes of this machine through files that lie in memory.

A pipe copies an array four times, in small pieces; a file in memory is written once and read where
it lies.
"""

from __future__ import annotations

import mmap
import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Where Linux keeps files in memory.
_MEMORY = Path("/dev/shm")  # noqa: S108 - files go into a folder of our own
#: Folders are named so, and after the process that made them.
_OURS = "boeki-"
#: Arrays of fewer bytes go with the rest.
_SMALL = 1 << 16


@dataclass(frozen=True)
class Handed:
    """Something pickled, with its large arrays in a file.

    Attributes
    ----------
    pickled
        All but these arrays.
    file
        Of the arrays, one after the other; empty where there is none.
    sizes
        Of each, in bytes.
    """

    pickled: bytes
    file: str = ""
    sizes: tuple[int, ...] = ()


@contextmanager
def folder_in_memory() -> Iterator[Path | None]:
    """A folder for such files, gone at the end; None where this machine has none in memory."""
    if not os.access(_MEMORY, os.W_OK):
        yield None
        return
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_OURS}{os.getpid()}-", dir=_MEMORY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Take away folders of processes that were killed: what lies in memory takes it from others."""
    for left in _MEMORY.glob(f"{_OURS}*-*"):
        owner = left.name.removeprefix(_OURS).partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        # It is another user's.
        return True
    return True


def hand(thing: Any, folder: Path | None) -> Handed:
    """Pickle something, its large arrays into a file where there is a folder and room in it."""
    buffers: list[Any] = []

    def stays(buffer: pickle.PickleBuffer) -> bool:
        cells = buffer.raw()
        if cells.nbytes < _SMALL:
            return True
        buffers.append(cells)
        return False

    if folder is None:
        return Handed(pickle.dumps(thing, protocol=5))
    pickled = pickle.dumps(thing, protocol=5, buffer_callback=stays)
    if not buffers:
        return Handed(pickled)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            for cells in buffers:
                file.write(cells)
    except OSError:
        # Memory for files may be short where memory is not, as in containers.
        os.unlink(name)
        return Handed(pickle.dumps(thing, protocol=5))
    return Handed(pickled, name, tuple(cells.nbytes for cells in buffers))


def taken(handed: Handed) -> Any:
    """What was handed over, once: the file is gone, and its memory goes with the arrays."""
    if not handed.file:
        return pickle.loads(handed.pickled)  # noqa: S301 - of our own parent
    with open(handed.file, "rb") as file:
        cells = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    os.unlink(handed.file)
    buffers, first = [], 0
    for size in handed.sizes:
        buffers.append(cells[first : first + size])
        first += size
    return pickle.loads(handed.pickled, buffers=buffers)  # noqa: S301 - as above
