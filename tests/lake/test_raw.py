"""Raw bytes: each once, under their hash, whole."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from boeki.errors import IntegrityError, LakeError
from boeki.lake.place import Place
from boeki.lake.raw import NoBytes, RawBytes, hash_of

#: FIPS 180-4, the examples of NIST: SHA-256 of "abc" and of the empty message.
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture
def raw(tmp_path: Path) -> RawBytes:
    return RawBytes(Place(str(tmp_path / "lake")))


def given(tmp_path: Path, content: bytes) -> tuple[Path, str]:
    path = tmp_path / "given"
    path.write_bytes(content)
    return path, hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("content", "sha256"), [(b"abc", ABC), (b"", EMPTY)])
def test_bytes_lie_under_their_hash(
    raw: RawBytes, tmp_path: Path, content: bytes, sha256: str
) -> None:
    path, _ = given(tmp_path, content)
    assert hash_of(path) == sha256
    raw.keep(path, sha256)
    assert path.exists()
    kept = raw.path(sha256)
    assert kept == raw.place.folder / "raw" / sha256[:2] / sha256
    assert kept.read_bytes() == content
    assert raw.hashes() == [sha256]
    # Nobody changes them by accident.
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444


def test_bytes_are_kept_once(raw: RawBytes, tmp_path: Path) -> None:
    path, sha256 = given(tmp_path, b"abc")
    raw.keep(path, sha256)
    before = raw.path(sha256).stat()
    raw.keep(path, sha256)
    after = raw.path(sha256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("damage", [b"", b"ab", b"abd"])
def test_damage_is_found_and_mended_by_the_same_bytes(
    raw: RawBytes, tmp_path: Path, damage: bytes
) -> None:
    path, sha256 = given(tmp_path, b"abc")
    raw.keep(path, sha256)
    raw.path(sha256).write_bytes(damage)
    with pytest.raises(IntegrityError, match=f"not those that came .SHA-256 {sha256}"):
        raw.path(sha256)
    assert raw.whole(sha256) is None
    raw.keep(path, sha256)
    assert raw.path(sha256).read_bytes() == b"abc"


def test_bytes_that_are_not_there(raw: RawBytes) -> None:
    with pytest.raises(NoBytes, match="pull the source again") as caught:
        raw.path(ABC)
    assert isinstance(caught.value, LakeError)
    assert raw.whole(ABC) is None
    assert raw.hashes() == []


def test_bytes_that_cannot_be_written_leave_nothing(
    raw: RawBytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sha256 = given(tmp_path, b"abc")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("boeki.lake.raw.os.replace", full)
        with pytest.raises(LakeError, match="the disk is full"):
            raw.keep(path, sha256)
    assert [p for p in raw.place.folder.rglob("*") if p.is_file()] == []
    raw.keep(path, sha256)
    assert raw.hashes() == [sha256]
