"""Archives and XML that a server may have sent in error, or in malice.

Nothing is ever unpacked to a path that an archive names: its members are read as streams. What an
archive says of itself is checked before the first byte is read, and again while it is read.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from boeki.errors import LakeError, NotAsExpected, Oversize

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Tables of figures shrink to a fifth or a tenth, sparse ones to a hundredth; deflate can reach
#: 1,032, which only filler does.
MOST_RATIO = 250.0
MOST_MEMBERS = 1_000
MOST_DEPTH = 64

#: A member this small is harmless whatever its ratio.
_SMALL = 1_000_000
#: Bytes of the directory of an archive for each member: 46, its name, and its extra fields.
_ENTRY = 1_024
_CHUNK = 1 << 18
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file within an archive.

    Attributes
    ----------
    name
        Its path within the archive, with ``/``; never absolute, never upwards.
    size
        Its bytes, unpacked.
    """

    name: str
    size: int
    _path: Path = field(repr=False)
    _index: int = field(repr=False)
    _most_members: int = field(repr=False)

    def open(self) -> BinaryIO:
        """Its bytes, unpacked as they are read; to be closed by the reader.

        Raises
        ------
        NotAsExpected
            While it is read: where it is damaged, or holds more or less than it declares.
        """
        archive = _opened(self._path, self._most_members)
        try:
            raw = _Unpacked(archive, archive.infolist()[self._index], self.name)
        except BaseException:
            archive.close()
            raise
        return cast(BinaryIO, io.BufferedReader(raw, _CHUNK))


def members(
    path: Path,
    *,
    most_bytes: int,
    most_members: int = MOST_MEMBERS,
    most_ratio: float = MOST_RATIO,
) -> Iterator[Member]:
    """The files in a zip archive, in its own order, when all of it has been found to be in order.

    Parameters
    ----------
    path
        The archive.
    most_bytes
        The most that all its members may hold together, unpacked.
    most_members
        The most files and folders that it may hold.
    most_ratio
        The most that a member may grow when it is unpacked.

    Raises
    ------
    Oversize
        Where it holds, or pretends to hold, more than that.
    NotAsExpected
        Where it is no zip, not whole, empty or encrypted, where its members overlap, share a name
        or are links, or where a name leads out of the archive.
    LakeError
        Where the file itself cannot be read.
    """
    with _opened(path, most_members) as archive:
        entries = archive.infolist()
        if len(entries) > most_members:
            raise _too_many(path, most_members)
        names = [_checked_name(path, e) for e in entries]
        for entry, name in zip(entries, names, strict=True):
            _check_entry(path, entry, name, most_ratio)
        _check_total(path, entries, most_bytes)
        _check_unique(path, names)
        _check_apart(path, archive, entries)
    found = [
        Member(name, entry.file_size, path, i, most_members)
        for i, (name, entry) in enumerate(zip(names, entries, strict=True))
        if not name.endswith("/")
    ]
    if not found:
        raise NotAsExpected(f"{path.name} is a zip archive without a single file: fetch it again")
    return iter(found)


def xml_root(
    data: bytes | BinaryIO, most_bytes: int, *, most_depth: int = MOST_DEPTH, name: str = "the XML"
) -> Element:
    """The root of an XML document that refers to nothing outside itself.

    Parameters
    ----------
    data
        The document, or a stream of it.
    most_bytes
        The most that it may have.
    most_depth
        How deep its elements may nest.
    name
        How a message calls it.

    Raises
    ------
    NotAsExpected
        Where it is no well-formed XML, declares a document type or entities, refers to other
        documents, or nests too deep.
    Oversize
        Where it is longer than ``most_bytes``.
    """
    from xml.etree.ElementTree import ParseError, TreeBuilder

    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped, unused-ignore]
    from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped, unused-ignore]

    class Shallow(TreeBuilder):
        """The document, as long as it does not nest too deep."""

        depth = 0

        def start(self, tag: str, attrs: dict[str, str], /) -> Element:
            self.depth += 1
            if self.depth > most_depth:
                raise NotAsExpected(f"{name} nests elements deeper than {most_depth}")
            return super().start(tag, attrs)

        def end(self, tag: str, /) -> Element:
            self.depth -= 1
            return super().end(tag)

    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    parser = DefusedXMLParser(
        target=Shallow(), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    read = 0
    try:
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            if read > most_bytes:
                raise Oversize(f"{name} is longer than {most_bytes:,} bytes")
            parser.feed(chunk)
        return cast("Element", parser.close())
    except DefusedXmlException as error:
        raise NotAsExpected(
            f"{name} declares a document type, entities or other documents "
            f"({type(error).__name__}), which official figures never need: it is not used"
        ) from None
    except (ParseError, LookupError, ValueError) as error:
        raise NotAsExpected(f"{name} is not well-formed XML: {error}") from None


class _Unpacked(io.RawIOBase):
    """A member as it is unpacked, held to the size that it declares."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
        self._archive, self._name, self._size, self._read = archive, name, entry.file_size, 0
        # The library stops at the declared size, whatever there is beyond it. Let it read one byte
        # more, so that a member that holds more is found out.
        entry.file_size += 1
        with _told(name):
            self._inner = archive.open(entry)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with _told(self._name):
            data = self._inner.read(min(len(buffer), _CHUNK))
        self._read += len(data)
        if self._read > self._size or (not data and self._read != self._size):
            than = "more" if self._read > self._size else "less"
            raise NotAsExpected(
                f"{self._name} holds {than} than the {self._size:,} bytes that it declares"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._archive.close()
        super().close()


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Whatever the library says of a damaged archive, as an error of boeki's."""
    try:
        yield
    except _BROKEN as error:
        raise NotAsExpected(f"{name} is damaged or not whole ({error}): fetch it again") from None


class _Held(zipfile.ZipFile):
    """A zip file that closes the file that it was given."""

    def __init__(self, file: BinaryIO) -> None:
        self._given = file
        super().__init__(file)

    def close(self) -> None:
        super().close()
        self._given.close()


class _Bounded(io.BufferedReader):
    """A file whose directory is not read whole into memory where it is absurdly large."""

    def __init__(self, path: Path, most_members: int) -> None:
        super().__init__(io.FileIO(path), _CHUNK)
        self._path, self._most_members = path, most_members

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > max(self._most_members * _ENTRY, _CHUNK):
            raise _too_many(self._path, self._most_members)
        return super().read(size)


def _opened(path: Path, most_members: int) -> zipfile.ZipFile:
    try:
        file = _Bounded(path, most_members)
    except OSError as error:
        raise LakeError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        with _told(path.name):
            return _Held(cast(BinaryIO, file))
    except BaseException:
        file.close()
        raise


def _checked_name(path: Path, entry: zipfile.ZipInfo) -> str:
    """The name of a member, which stays within the archive."""
    name = _decoded(entry)
    parts = name.removesuffix("/").split("/")
    wrong = (
        "\\" in name
        or re.match(r"[A-Za-z]:", name)
        or any(unicodedata.category(c) == "Cc" for c in name)
        or any(p in ("", ".", "..") for p in parts)
    )
    if wrong:
        raise NotAsExpected(f"{path.name} has a member with an unsafe name ({name[:200]!r})")
    return name


def _decoded(entry: zipfile.ZipInfo) -> str:
    """Its name: UTF-8 where it says so, else as Japanese and Western systems write it.

    The library takes names for Western where they do not say. A backslash is then half of a
    Japanese character.
    """
    if entry.flag_bits & _UTF8:
        return entry.orig_filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.orig_filename
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.orig_filename


def _check_entry(path: Path, entry: zipfile.ZipInfo, name: str, most_ratio: float) -> None:
    where = f"{name!r} in {path.name}"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if entry.flag_bits & _ENCRYPTED:
        raise NotAsExpected(f"{where} is encrypted: boeki reads open data only")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise NotAsExpected(f"{where} is a link or a device, not a file")
    if entry.compress_type not in _METHODS:
        raise NotAsExpected(
            f"{where} is packed by method {entry.compress_type}: boeki reads deflate, the usual one"
        )
    if name.endswith("/") and entry.file_size:
        raise NotAsExpected(f"{where} is a folder that pretends to hold bytes")
    if entry.compress_type == zipfile.ZIP_STORED and entry.compress_size != entry.file_size:
        raise NotAsExpected(f"{where} is stored as it is, yet declares two sizes")
    if entry.file_size > max(_SMALL, most_ratio * entry.compress_size):
        raise Oversize(
            f"{where} declares to grow from {entry.compress_size:,} to {entry.file_size:,} bytes, "
            f"more than {most_ratio:g} times: it is not unpacked"
        )


def _check_total(path: Path, entries: Sequence[zipfile.ZipInfo], most_bytes: int) -> None:
    total = sum(e.file_size for e in entries)
    if total > most_bytes:
        raise Oversize(
            f"{path.name} declares {total:,} bytes unpacked, more than the {most_bytes:,} "
            "that are taken"
        )


def _check_unique(path: Path, names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        same = unicodedata.normalize("NFC", name).casefold().removesuffix("/")
        if same in seen:
            raise NotAsExpected(f"{path.name} has two members called {name!r}: which is meant?")
        seen[same] = name


def _check_apart(path: Path, archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> None:
    """No two members may share bytes: a few kilobytes would unpack to gigabytes."""
    end, file = 0, archive.fp
    assert file is not None  # open as long as the archive is
    for entry in sorted(entries, key=lambda e: e.header_offset):
        file.seek(max(entry.header_offset, 0))
        header = file.read(30)
        if entry.header_offset < end or len(header) < 30 or header[:4] != b"PK\3\4":
            raise NotAsExpected(
                f"the members of {path.name} overlap or are not where its directory says"
            )
        name_length, extra_length = struct.unpack("<HH", header[26:])
        end = entry.header_offset + 30 + name_length + extra_length + entry.compress_size
    if end > archive.start_dir:
        raise NotAsExpected(f"the members of {path.name} run into its directory: it is not whole")


def _too_many(path: Path, most_members: int) -> Oversize:
    return Oversize(f"{path.name} holds more than {most_members:,} members: it is not unpacked")
