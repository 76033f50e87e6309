"""Raw bytes, kept under their own hash before anything has read them."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from boeki.errors import IntegrityError, LakeError
from boeki.lake.place import Place, plainly

_CHUNK = 1 << 20


class NoBytes(LakeError):
    """The lake has no bytes of this hash."""


class RawBytes:
    """The replies that a lake has kept, each once, under the SHA-256 of its bytes."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def keep(self, path: Path, sha256: str) -> None:
        """Keep the bytes of a file; bytes that are there already are not written again.

        Parameters
        ----------
        path
            A local file. It is left where it is.
        sha256
            Its hash, in hexadecimal.

        Raises
        ------
        LakeError
            Where they cannot be written. Nothing half-written is left under the hash.
        """
        with plainly(f"keep raw bytes in the lake at {self.place.shown}"):
            if self.place.is_local:
                self._keep_locally(path, sha256)
            elif not self._is_there(sha256):
                self._keep_afar(path, sha256)

    def _keep_afar(self, path: Path, sha256: str) -> None:
        try:
            with (
                path.open("rb") as given,
                self.place.files.open_output_stream(_under(sha256)) as kept,
            ):
                shutil.copyfileobj(given, kept, _CHUNK)
        except BaseException:
            # Closed, a stream that broke off is a whole object with half of the bytes.
            if self._is_there(sha256):
                self.place.files.delete_file(_under(sha256))
            raise

    def _keep_locally(self, path: Path, sha256: str) -> None:
        target = self.place.folder / _under(sha256)
        # A file that was damaged since is replaced by the bytes that it should have.
        if target.exists() and hash_of(target) == sha256:
            return
        halves = self.place.working / "keeping"
        for folder in (target.parent, halves):
            folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=halves, suffix=".part")
        try:
            with path.open("rb") as given, os.fdopen(handle, "wb") as kept:
                shutil.copyfileobj(given, kept, _CHUNK)
                kept.flush()
                os.fsync(kept.fileno())
            os.chmod(name, 0o444)
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _is_there(self, sha256: str) -> bool:
        import pyarrow.fs

        info = self.place.files.get_file_info(_under(sha256))
        return bool(info.type == pyarrow.fs.FileType.File)

    def path(self, sha256: str) -> Path:
        """A local file with the bytes of this hash, checked against it.

        Raises
        ------
        NoBytes
            Where the lake has no such bytes.
        IntegrityError
            Where they are not what they were when they came.
        """
        with plainly(f"read raw bytes of the lake at {self.place.shown}"):
            if self.place.is_local:
                found = self.place.folder / _under(sha256)
            else:
                found = self.place.working / "raw" / sha256
                if not self._is_there(sha256):
                    raise self._lacks(sha256)
                if not found.exists():
                    self._fetch(sha256, found)
            if not found.exists():
                raise self._lacks(sha256)
            if hash_of(found) != sha256:
                raise _damaged(str(found), sha256)
        return found

    def check(self, sha256: str) -> None:
        """Hold the bytes that the lake itself has against their hash, whatever is cached of them.

        Raises
        ------
        NoBytes, IntegrityError
            As in :meth:`path`.
        """
        if self.place.is_local:
            self.path(sha256)
            return
        with plainly(f"read raw bytes of the lake at {self.place.shown}"):
            if not self._is_there(sha256):
                raise self._lacks(sha256)
            with self.place.files.open_input_stream(_under(sha256)) as kept:
                found = hashlib.sha256()
                while chunk := kept.read(_CHUNK):
                    found.update(chunk)
            if found.hexdigest() != sha256:
                raise _damaged(self.place.of(_under(sha256)), sha256)

    def _lacks(self, sha256: str) -> NoBytes:
        return NoBytes(
            f"the lake at {self.place.shown} does not have the bytes {sha256}; "
            "pull the source again"
        )

    def whole(self, sha256: str) -> Path | None:
        """A local file with the bytes of this hash; None where they are gone or damaged.

        Raises
        ------
        LakeError
            Where the lake cannot be read.
        """
        try:
            return self.path(sha256)
        except (IntegrityError, NoBytes):
            return None

    def _fetch(self, sha256: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        with self.place.files.open_input_stream(_under(sha256)) as kept, part.open("wb") as local:
            shutil.copyfileobj(kept, local, _CHUNK)
        part.replace(target)

    def hashes(self) -> list[str]:
        """The hashes of all bytes that are kept, in order."""
        import pyarrow.fs

        with plainly(f"list raw bytes of the lake at {self.place.shown}"):
            found = self.place.files.get_file_info(
                pyarrow.fs.FileSelector("raw", recursive=True, allow_not_found=True)
            )
        names = [i.base_name for i in found if i.type == pyarrow.fs.FileType.File]
        return sorted(names)


def _damaged(where: str, sha256: str) -> IntegrityError:
    return IntegrityError(
        f"the bytes at {where} are not those that came (SHA-256 {sha256}): the file "
        "was changed or damaged. Remove it and pull the source again"
    )


def _under(sha256: str) -> str:
    return f"raw/{sha256[:2]}/{sha256}"


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
