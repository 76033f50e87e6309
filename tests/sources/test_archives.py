"""Archives and XML that were made to harm, or that came in half.

Each is built here, byte by byte where the library would not write it. The kinds of harm are those
of APPNOTE.TXT's blind spots: D. Fifield, "A better zip bomb" (2019), Snyk's "Zip Slip" (2018), and
the attacks that the documentation of defusedxml lists.
"""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from boeki.errors import LakeError, NotAsExpected, Oversize
from boeki.sources.archives import members, xml_root

MOST = 50_000_000
TEXT = b"t,i,j,k,v,q\n2020,392,490,848620,81234.567,1234.5\n" * 40


def written(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def patched(path: Path, *, at: int, local: int, value: bytes) -> Path:
    """Overwrite a field of every entry, in the directory and in the local header."""
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\1\2", at), (b"PK\3\4", local)):
        found = data.find(signature)
        while found >= 0:
            data[found + offset : found + offset + len(value)] = value
            found = data.find(signature, found + 4)
    path.write_bytes(data)
    return path


def read_all(path: Path, most_bytes: int = MOST) -> dict[str, bytes]:
    out = {}
    for member in members(path, most_bytes=most_bytes):
        with member.open() as stream:
            out[member.name] = stream.read()
    return out


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    return written(
        tmp_path / "BACI_HS17.zip", ("BACI_HS17_Y2020.csv", TEXT), ("folder/", b""), ("empty", b"")
    )


# --- what is in order --------------------------------------------------------------------------


def test_files_are_read_and_folders_are_none(zipped: Path) -> None:
    assert read_all(zipped) == {"BACI_HS17_Y2020.csv": TEXT, "empty": b""}
    assert [m.size for m in members(zipped, most_bytes=MOST)] == [len(TEXT), 0]


def test_members_can_be_opened_later_and_at_once(zipped: Path) -> None:
    first, second = members(zipped, most_bytes=MOST)
    with second.open() as b, first.open() as a, first.open() as again:
        assert a.read(100) == again.read(100) == TEXT[:100]
        assert a.read() == TEXT[100:]
        assert b.read() == b""


def test_a_large_member_is_read_in_one_call_or_by_lines(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(3_000_000)
    path = written(tmp_path / "a.zip", ("noise.bin", data))
    (member,) = members(path, most_bytes=MOST, most_members=1)
    with member.open() as stream:
        assert stream.read(2_900_000) == data[:2_900_000]
        assert stream.read() == data[2_900_000:]
    with member.open() as stream:
        assert b"".join(stream) == data


def test_a_member_that_is_stored_as_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", TEXT)
    assert read_all(tmp_path / "a.zip") == {"a.csv": TEXT}


def test_japanese_names_without_a_mark_are_read_as_japanese(tmp_path: Path) -> None:
    """In Shift_JIS the second byte of 表 is a backslash."""
    path = written(tmp_path / "a.zip", ("XXXX.csv", TEXT))
    path.write_bytes(path.read_bytes().replace(b"XXXX.csv", "統表".encode("cp932") + b".csv"))
    assert list(read_all(path)) == ["統表.csv"]


# --- bombs -------------------------------------------------------------------------------------


def test_a_bomb_that_declares_its_size(tmp_path: Path) -> None:
    path = written(tmp_path / "bomb.zip", ("zeros.csv", bytes(20_000_000)))
    assert path.stat().st_size < 30_000
    with pytest.raises(Oversize, match=r"zeros\.csv.*20,000,000 bytes.*times"):
        members(path, most_bytes=MOST)


def test_members_that_together_are_too_much(tmp_path: Path) -> None:
    noise = random.Random(2).randbytes(60_000)
    path = written(tmp_path / "a.zip", *((f"{i}.csv", noise) for i in range(4)))
    assert len(read_all(path, 240_000)) == 4
    with pytest.raises(Oversize, match="240,000 bytes unpacked"):
        members(path, most_bytes=239_999)


@pytest.mark.parametrize(("declared", "than"), [(1_000, "more|damaged"), (5_000_000, "less")])
def test_a_member_that_lies_about_its_size(tmp_path: Path, declared: int, than: str) -> None:
    path = written(tmp_path / "lie.zip", ("a.csv", random.Random(3).randbytes(300_000)))
    patched(path, at=24, local=22, value=struct.pack("<I", declared))
    (member,) = members(path, most_bytes=MOST)
    with member.open() as stream, pytest.raises(NotAsExpected, match=than):
        stream.read()


def test_a_lie_about_the_size_that_the_checksum_bears_out(tmp_path: Path) -> None:
    """The library alone would give 1,000 bytes and call them whole."""
    data = random.Random(4).randbytes(300_000)
    path = written(tmp_path / "lie.zip", ("a.csv", data))
    patched(path, at=24, local=22, value=struct.pack("<I", 1_000))
    patched(path, at=16, local=14, value=struct.pack("<I", zlib.crc32(data[:1_000])))
    with zipfile.ZipFile(path) as archive:
        assert archive.read("a.csv") == data[:1_000]
    (member,) = members(path, most_bytes=MOST)
    with member.open() as stream, pytest.raises(NotAsExpected):
        stream.read()


def test_a_lie_that_is_found_out_by_the_count(tmp_path: Path) -> None:
    """With a checksum that also covers the byte too many."""
    data = random.Random(5).randbytes(300_000)
    path = written(tmp_path / "lie.zip", ("a.csv", data))
    patched(path, at=24, local=22, value=struct.pack("<I", 1_000))
    patched(path, at=16, local=14, value=struct.pack("<I", zlib.crc32(data[:1_001])))
    (member,) = members(path, most_bytes=MOST)
    with member.open() as stream, pytest.raises(NotAsExpected, match="more than the 1,000 bytes"):
        stream.read()


def overlapping(count: int) -> bytes:
    """A zip whose directory names one local file many times (Fifield 2019, section 3)."""
    kernel = random.Random(6).randbytes(50_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a00", kernel)
    whole = out.getvalue()
    begin = whole.index(b"PK\1\2")
    end = whole.index(b"PK\5\6")
    entry = whole[begin:end]
    directory = b"".join(entry.replace(b"a00", b"a%02d" % i) for i in range(count))
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), begin, 0)
    return whole[:begin] + directory + tail


def test_members_that_share_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(overlapping(1))
    assert list(read_all(path)) == ["a00"]
    path.write_bytes(overlapping(50))
    with pytest.raises(NotAsExpected, match="overlap"):
        members(path, most_bytes=MOST)


def test_a_member_that_runs_into_the_directory(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", ("a.csv", TEXT))
    patched(path, at=20, local=18, value=struct.pack("<I", 500))
    with pytest.raises(NotAsExpected, match="run into its directory"):
        members(path, most_bytes=MOST)


def test_more_members_than_there_may_be(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", *((f"{i}.csv", b"") for i in range(11)))
    assert len(list(members(path, most_bytes=MOST, most_members=11))) == 11
    with pytest.raises(Oversize, match="more than 10 members"):
        members(path, most_bytes=MOST, most_members=10)


def test_a_directory_too_large_for_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.zip", *((f"{i:0>900}.csv", b"") for i in range(600)))
    monkeypatch.setattr(zipfile, "ZipInfo", lambda *_: pytest.fail("an entry was read"))
    with pytest.raises(Oversize, match="more than 5 members"):
        members(path, most_bytes=MOST, most_members=5)


# --- names that lead elsewhere -----------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../evil.csv",
        "a/../../evil.csv",
        "/etc/passwd",
        "//host/share",
        "a//b",
        "./a",
        "..",
        "C:/evil.csv",
        "c:evil.csv",
        "..\\evil.csv",
        "a\\b",
        "a\nb",
        "a\x1bb",
    ],
)
def test_a_name_that_leads_elsewhere(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "slip.zip", (name, TEXT))
    with pytest.raises(NotAsExpected, match="unsafe name"):
        members(path, most_bytes=MOST)


def test_a_name_with_a_hidden_end(tmp_path: Path) -> None:
    path = written(tmp_path / "slip.zip", ("a.csvXexe", TEXT))
    path.write_bytes(path.read_bytes().replace(b"a.csvXexe", b"a.csv\0exe"))
    with pytest.raises(NotAsExpected, match="unsafe name"):
        members(path, most_bytes=MOST)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK])
def test_links_and_devices(tmp_path: Path, kind: int) -> None:
    link = zipfile.ZipInfo("a.csv")
    link.create_system, link.external_attr = 3, (kind | 0o777) << 16
    with pytest.raises(NotAsExpected, match="link or a device"):
        members(written(tmp_path / "a.zip", (link, b"/etc/passwd")), most_bytes=MOST)


@pytest.mark.parametrize("second", ["a.csv", "A.CSV", "a.csv/"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name(tmp_path: Path, second: str) -> None:
    path = written(tmp_path / "a.zip", ("a.csv", TEXT), (second, b""))
    with pytest.raises(NotAsExpected, match="two members"):
        members(path, most_bytes=MOST)


# --- damaged, encrypted, not a zip -------------------------------------------------------------


def test_every_half_of_a_zip_is_refused(zipped: Path) -> None:
    whole = zipped.read_bytes()
    for length in range(0, len(whole), 7):
        zipped.write_bytes(whole[:length])
        with pytest.raises(NotAsExpected):
            members(zipped, most_bytes=MOST)


def test_no_flipped_byte_gives_other_figures(tmp_path: Path) -> None:
    """Whatever byte is damaged: an error of ours, or the same figures."""
    data = TEXT[:200]
    path = written(tmp_path / "a.zip", ("a.csv", data))
    whole = path.read_bytes()
    refused = 0
    for i in range(len(whole)):
        path.write_bytes(whole[:i] + bytes([whole[i] ^ 0x55]) + whole[i + 1 :])
        try:
            assert list(read_all(path).values()) == [data]
        except (NotAsExpected, Oversize):
            refused += 1
    assert refused > len(whole) / 2


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", ("a.csv", TEXT))
    patched(path, at=8, local=6, value=struct.pack("<H", 1))
    with pytest.raises(NotAsExpected, match="encrypted"):
        members(path, most_bytes=MOST)


def test_a_method_whose_memory_cannot_be_bounded(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", TEXT)
    with pytest.raises(NotAsExpected, match="method 14"):
        members(tmp_path / "a.zip", most_bytes=MOST)


def test_a_zip_with_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(NotAsExpected, match="without a single file"):
        members(written(tmp_path / "a.zip", ("folder/", b"")), most_bytes=MOST)


def test_a_folder_that_holds_bytes(tmp_path: Path) -> None:
    with pytest.raises(NotAsExpected, match="pretends"):
        members(written(tmp_path / "a.zip", ("a/", TEXT)), most_bytes=MOST)


@pytest.mark.parametrize("data", [b"", b"PK", b"<html>Not found</html>", bytes(70_000)])
def test_what_is_no_zip(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(NotAsExpected, match="damaged or not whole"):
        members(tmp_path / "a.zip", most_bytes=MOST)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="cannot be read"):
        members(tmp_path / "a.zip", most_bytes=MOST)


# --- XML ---------------------------------------------------------------------------------------


def test_xml_is_read_from_bytes_and_from_a_stream() -> None:
    data = "<?xml version='1.0' encoding='UTF-8'?><hodoxml><tani>百万円</tani></hodoxml>".encode()
    assert xml_root(data, 1_000).findtext("tani") == "百万円"
    assert xml_root(io.BytesIO(data), 1_000).findtext("tani") == "百万円"
    utf16 = data.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert xml_root(utf16, 1_000).findtext("tani") == "百万円"


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>',
        f'<!DOCTYPE a [<!ENTITY x "{"x" * 500}">]><a>{"&x;" * 500}</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]><a/>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>',
        "<!DOCTYPE a><a/>",
    ],
    ids=["laughs", "quadratic", "file", "parameter", "external", "plain"],
)
def test_xml_that_declares_a_document_type(document: str) -> None:
    with pytest.raises(NotAsExpected, match="declares a document type"):
        xml_root(document.encode(), 1_000_000)


def test_xml_that_nests_too_deep() -> None:
    def nested(depth: int) -> bytes:
        return b"<a>" * depth + b"</a>" * depth

    assert len(list(xml_root(nested(64), 10_000).iter())) == 64
    with pytest.raises(NotAsExpected, match="deeper than 64"):
        xml_root(nested(65), 10_000)
    with pytest.raises(NotAsExpected, match="deeper than 64"):
        xml_root(nested(500_000), 10_000_000)


def test_xml_beside_one_another_is_not_deep() -> None:
    root = xml_root(b"<a>" + b"<b><c/></b>" * 1_000 + b"</a>", 100_000, most_depth=3)
    assert len(root) == 1_000


def test_xml_that_is_too_long() -> None:
    data = b"<a>" + b"x" * 993 + b"</a>"
    assert xml_root(data, 1_000).text == "x" * 993
    with pytest.raises(Oversize, match="longer than 999 bytes"):
        xml_root(data, 999)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"<a></b>",
        b"<a/><a/>",
        b"plain",
        b"<a>&nbsp;</a>",
        b"<a>\xff</a>",
        b"\0\0",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b'<?xml version="1.0" encoding="shift_jis"?><a/>',
    ],
)
def test_xml_that_is_none(data: bytes) -> None:
    with pytest.raises(NotAsExpected, match="release is not well-formed XML"):
        xml_root(data, 1_000, name="release")
