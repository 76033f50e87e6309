"""Where a lake is, a folder or an address in an object store, and plain words for what fails there.

An object store is anything that delta-rs knows: ``s3://``, ``gs://``, ``az://`` … Its keys and
options come from the environment, under the names that delta-rs documents.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from boeki.errors import BoekiError, LakeError

_PLAIN = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "a part of the path is not a folder",
    errno.EFBIG: "the file would be larger than files may be",
}
_WORDS = {
    "no space left": "the disk is full",
    "read-only file system": "the file system is read-only",
    "permission denied": "permission is denied",
    "file too large": "the file would be larger than files may be",
}

#: Whose errors are turned into plain words.
_THEIRS = (
    "deltalake",
    "_internal",
    "duckdb",
    "_duckdb",
    "pyarrow",
    "pyo3_runtime",
    "pyspark",
    "py4j",
)
#: What delta-rs takes in no path.
_NO_PATH = frozenset("%[]^|\\") | {chr(n) for n in (*range(32), 127)}


@dataclass(frozen=True)
class Place:
    """A lake's address.

    Attributes
    ----------
    address
        A path, or ``scheme://bucket/path``.
    """

    address: str

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return "://" not in self.address

    @cached_property
    def folder(self) -> Path:
        """The folder of a local lake, absolute.

        Raises
        ------
        LakeError
            Where its path has a character in it that Delta Lake cannot have there.
        """
        folder = Path(self.address).expanduser().resolve()
        if wrong := sorted(_NO_PATH.intersection(str(folder))):
            raise LakeError(
                f"a lake cannot be at {str(folder)!r}: its path must not have "
                f"{' '.join(map(repr, wrong))} in it. Name another folder"
            )
        return folder

    @property
    def shown(self) -> str:
        """The address as messages have it."""
        return str(self.folder) if self.is_local else self.address

    def of(self, *parts: str) -> str:
        """The address of something within."""
        if self.is_local:
            return str(self.folder.joinpath(*parts))
        return "/".join([self.address.rstrip("/"), *parts])

    @cached_property
    def working(self) -> Path:
        """A local folder for what is under way: downloads, staged rows."""
        if self.is_local:
            return self.folder / "working"
        import hashlib

        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        name = hashlib.sha256(self.address.encode()).hexdigest()[:16]
        return home / "boeki" / name

    def spill(self) -> Path:
        """Where DuckDB may put what does not fit into memory: beside the lake, or where a lake may
        only be read, in the system's own folder for such things.
        """
        try:
            # DuckDB makes the last folder of a path only.
            self.working.mkdir(parents=True, exist_ok=True)
        except OSError:
            return Path(tempfile.gettempdir()) / f"boeki-spill-{os.getpid()}"
        return self.working / "spill"

    @cached_property
    def files(self) -> Any:
        """A pyarrow file system rooted at the lake."""
        import pyarrow.fs

        if self.is_local:
            return pyarrow.fs.SubTreeFileSystem(str(self.folder), pyarrow.fs.LocalFileSystem())
        return pyarrow.fs.PyFileSystem(_object_store(self.address))


def _object_store(address: str) -> Any:
    """delta-rs's way to an object store, for pyarrow."""
    import pyarrow as pa
    from deltalake.fs import DeltaStorageHandler

    class Handler(DeltaStorageHandler):
        def open_output_stream(self, path: str, metadata: Any = None) -> Any:
            return pa.PythonFile(_TakesBytes(self._handler.open_output_stream(path, metadata)), "w")

    return Handler(address)


class _TakesBytes:
    """An output file of delta-rs, which takes bytes and not the buffers that pyarrow gives it."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, data: Any) -> int:
        self._file.write(bytes(data))
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@contextmanager
def plainly(doing: str) -> Iterator[None]:
    """Turn what a disk, an object store or Delta Lake raises into a :class:`LakeError`.

    Parameters
    ----------
    doing
        What was being done, as it stands after "cannot": ``write to the lake at /data``.
    """
    try:
        yield
    except BoekiError:
        raise
    except OSError as error:
        raise LakeError(f"cannot {doing}: {_words(error)}. Nothing was lost.") from error
    except BaseException as error:
        # What delta-rs holds to be impossible comes as a panic, which is no Exception.
        if type(error).__module__.partition(".")[0] not in _THEIRS:
            raise
        raise LakeError(f"cannot {doing}: {_words(error)}. Nothing was lost.") from error


def _words(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno in _PLAIN:
        return _PLAIN[error.errno] + (f" ({error.filename})" if error.filename else "")
    said = " ".join(str(error).split())
    plain = next((p for w, p in _WORDS.items() if w in said.casefold()), "")
    return f"{plain} ({said[:300]})" if plain else said[:500]
