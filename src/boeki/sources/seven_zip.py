"""7z archives, read as streams. Needs the extra ``comext`` and the system's libarchive."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, cast

from boeki.errors import MissingExtra, NotAsExpected, Oversize, SourceError

_CHUNK = 1 << 18


def open_only(path: Path, ending: str, most_bytes: int) -> tuple[str, BinaryIO]:
    """The one file in an archive, unpacked as it is read; to be closed by the reader.

    Nothing is ever unpacked to a path that the archive names.

    Parameters
    ----------
    path
        The archive.
    ending
        How the file's name must end: ``.dat``.
    most_bytes
        The most that it may have.

    Returns
    -------
    tuple
        Its name, and its bytes. Reading them raises NotAsExpected where they are damaged, and
        Oversize where there are more than declared or allowed.

    Raises
    ------
    NotAsExpected
        Where it is no 7z archive, not whole, encrypted, or does not hold one such file.
    Oversize
        Where the file is larger than it may be.
    MissingExtra, SourceError
        Where what reads 7z is not installed.
    """
    library = _library()
    found = _listed(library, path)
    if len(found) != 1 or not found[0][0].lower().endswith(ending):
        listed = ", ".join(name for name, _ in found[:5]) or "nothing"
        raise NotAsExpected(f"{path.name} should hold one file {ending}: it holds {listed}")
    name, size = found[0]
    if size > most_bytes:
        raise _oversize(name, most_bytes)
    raw = _Unpacked(_blocks(library, path, name), name, most_bytes)
    return name, cast(BinaryIO, io.BufferedReader(raw, _CHUNK))


class _Unpacked(io.RawIOBase):
    """Blocks as a stream, held to the most that there may be."""

    def __init__(self, blocks: Iterator[bytes], name: str, most_bytes: int) -> None:
        self._blocks, self._name, self._most = blocks, name, most_bytes
        self._rest, self._read = b"", 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = block
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        self._read += len(taken)
        if self._read > self._most:
            raise _oversize(self._name, self._most)
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        if not self.closed:
            close = getattr(self._blocks, "close", None)
            if close:
                close()
        super().close()


def _listed(library: ModuleType, path: Path) -> list[tuple[str, int]]:
    """The files that an archive holds, by name and size."""
    try:
        with library.file_reader(str(path), format_name="7zip") as archive:
            return [(e.pathname, e.size or 0) for e in archive if e.isfile]
    except library.ArchiveError as error:
        raise _damaged(path, error) from None


def _blocks(library: ModuleType, path: Path, name: str) -> Iterator[bytes]:
    try:
        with library.file_reader(str(path), format_name="7zip") as archive:
            for entry in archive:
                if entry.pathname == name:
                    yield from entry.get_blocks(_CHUNK)
    except library.ArchiveError as error:
        raise _damaged(path, error) from None


def _library() -> ModuleType:
    try:
        import libarchive  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise MissingExtra("comext", "reading 7z archives") from None
    except (OSError, AttributeError, TypeError) as error:
        # The package is there, but not the library that it calls.
        raise SourceError(
            f"7z archives are read by libarchive, which cannot be loaded ({error}): install it "
            "(apt install libarchive13, brew install libarchive), or unpack the file with another "
            "program and give it with path=FILE"
        ) from None
    return cast(ModuleType, libarchive)


def _damaged(path: Path, error: Exception) -> NotAsExpected:
    return NotAsExpected(
        f"{path.name} is no 7z archive, encrypted, or not whole ({error}): fetch it again"
    )


def _oversize(name: str, most: int) -> Oversize:
    return Oversize(f"{name} is larger than the {most:,} bytes that are taken, unpacked")
