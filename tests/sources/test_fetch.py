"""Fetching from a server that misbehaves: the reply comes whole, or an error says why not."""

from __future__ import annotations

import datetime as dt
import errno
import gzip
import hashlib
import io
import itertools
import logging
import os
import shutil
import signal
import ssl
import subprocess
import sys
import textwrap
import threading
import time
import traceback
import zipfile
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from boeki.errors import (
    BoekiError,
    InputError,
    LakeError,
    NotAsExpected,
    Oversize,
    Refused,
    SourceError,
    Unreachable,
)
from boeki.sources import replies
from boeki.sources.base import About, Request
from boeki.sources.fetch import Fetched, Fetcher, Patience
from tests.sources.misbehaving import (
    Server,
    Step,
    body,
    chunked,
    cut,
    ranged,
    raw,
    serving,
    stalled,
)

#: In the layout of Japan Customs' d41ma.csv; its figures of November 2024.
CSV = b"Years/Months,Exp-Total,Imp-Total\r\n,,\r\n2024/11,9152002655 ,9269579832 \r\n" * 2_000
PAGE = b"<!DOCTYPE html>\n<html><head><title>Scheduled  maintenance</title></head></html>"
QUICK = Patience(
    attempts=4, total=200, first_wait=0.01, longest_wait=60, connect=2, read=0.4, over=0.3
)


class Clock:
    """Time that passes at once when one waits, so that long waits can be tested."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.ahead += seconds

    def now(self) -> float:
        return time.time() + self.ahead

    def clock(self) -> float:
        return time.monotonic() + self.ahead


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serving() as told:
        yield told


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of the tests is, this machine is asked directly."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server(running: Server) -> Server:
    running.steps.clear()
    running.asked.clear()
    running.most_together = 0
    return running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetcher(clock: Clock) -> Iterator[Fetcher]:
    with made(clock) as one:
        yield one


def made(clock: Clock, patience: Patience = QUICK, **more: Any) -> Fetcher:
    how = {"clock": clock.clock, "now": clock.now, "sleep": clock.sleep, "jitter": lambda: 0.0}
    return Fetcher(patience=patience, **{**how, **more})


def about(most_bytes: int = 1_000_000, pause: float = 0.0, key: str = "") -> About:
    facts = ("a source", "an office", "https://example.org", "OFFICE", "what", "terms", "cite")
    return About("test", *facts, most_bytes=most_bytes, pause=pause, key=key)


def wanted(address: str, media: str = "csv", **more: Any) -> Request:
    return Request("d41ma", address, media=media, **more)  # type: ignore[arg-type]


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # A workbook's path may stand in packed bytes by chance, and makes no workbook of them.
        archive.writestr(zipfile.ZipInfo("BACI.csv"), b"xl/workbook.xml")
        archive.writestr("more.csv", os.urandom(100_000).hex())
    return out.getvalue()


def left_behind(folder: Path) -> set[str]:
    """Endings of the files in a folder, but for those by which processes take turns."""
    return {"".join(p.suffixes) for p in folder.iterdir() if p.suffix != ".turn"}


def holds(got: Fetched, data: bytes) -> bool:
    """Whether a file is whole, and what is said of it is true."""
    assert got.path is not None
    assert got.path.read_bytes() == data
    return (got.size, got.sha256) == (len(data), hashlib.sha256(data).hexdigest())


# --- as it should be ---------------------------------------------------------------------------


def test_a_reply_comes_with_what_is_known_of_it(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    when = "Wed, 18 Dec 2024 00:50:00 GMT"
    url = server.on(
        "/d41ma.csv", body(CSV, ETag='"1"', Last_Modified=when, Content_Type="text/csv")
    )
    seen: list[tuple[int, int | None]] = []
    own = {"X-Own": "1", "accept": "text/csv"}
    request = wanted(url, params={"b": "1,2", "a": "x y"}, headers=own)
    got = fetcher.fetch(request, about(), tmp_path, progress=lambda *p: seen.append(p))
    assert holds(got, CSV)
    assert (got.status, got.etag, got.media) == ("new", '"1"', "text/csv")
    assert got.modified == dt.date(2024, 12, 18)
    assert abs(got.retrieved - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    assert got.validators == {"etag": '"1"', "last-modified": when}
    assert seen[-1] == (len(CSV), len(CSV))
    (asked,) = server.asked
    assert asked.path == "/d41ma.csv?b=1,2&a=x%20y"
    assert asked.headers["user-agent"].startswith("Mozilla/5.0 (compatible; boeki/")
    assert (asked.headers["x-own"], asked.headers["accept"]) == ("1", "text/csv")
    assert [p for p in tmp_path.iterdir() if p.suffix != ".turn"] == [got.path]


def test_what_has_not_changed_is_not_sent_again(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    url = server.on("/a.csv", body(b"", 304, ETag='"1"'))
    known = {"etag": '"1"', "last-modified": "Wed, 18 Dec 2024 00:50:00 GMT"}
    got = fetcher.fetch(wanted(url), about(), tmp_path, validators=known)
    assert (got.status, got.path, got.sha256, got.size) == ("unchanged", None, "", 0)
    assert got.validators == known
    assert server.asked[0].headers["if-none-match"] == '"1"'
    assert server.asked[0].headers["if-modified-since"] == known["last-modified"]


def test_304_to_a_plain_question_is_no_answer(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    url = server.on("/a.csv", body(b"", 304))
    with pytest.raises(NotAsExpected, match="304"):
        fetcher.fetch(wanted(url), about(), tmp_path)


def test_a_compressed_reply_is_unpacked(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    double = gzip.compress(CSV[:500]) + gzip.compress(CSV[500:])
    url = server.on("/a.csv", body(double, Content_Encoding="gzip"))
    assert holds(fetcher.fetch(wanted(url), about(), tmp_path), CSV)
    assert server.asked[0].headers["accept-encoding"] == "gzip"


# --- busy, broken, slow ------------------------------------------------------------------------


def test_429_is_waited_out_for_the_seconds_it_asks(
    server: Server, fetcher: Fetcher, clock: Clock, tmp_path: Path
) -> None:
    url = server.on("/a.csv", body(b"slow down", 429, Retry_After="7"), body(CSV))
    assert holds(fetcher.fetch(wanted(url), about(), tmp_path), CSV)
    assert clock.waits == [pytest.approx(7, abs=0.2)]


def test_429_is_waited_out_until_the_moment_it_names(
    server: Server, fetcher: Fetcher, clock: Clock, tmp_path: Path
) -> None:
    until = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20), usegmt=True)
    url = server.on("/a.csv", body(b"", 429, Retry_After=until), body(CSV))
    assert holds(fetcher.fetch(wanted(url), about(), tmp_path), CSV)
    assert clock.waits == [pytest.approx(19, abs=1.5)]


def test_429_for_ever(server: Server, fetcher: Fetcher, clock: Clock, tmp_path: Path) -> None:
    url = server.on("/a.csv", body(b"quota exceeded", 429))
    with pytest.raises(Refused, match=r"4 times.*429.*quota exceeded.*later") as refused:
        fetcher.fetch(wanted(url), about(), tmp_path)
    assert refused.value.status == 429
    assert len(server.asked) == 4
    assert clock.waits == pytest.approx([0.01, 0.02, 0.04], abs=0.01)


def test_429_that_asks_for_a_day_is_told_of_at_once(
    server: Server, fetcher: Fetcher, clock: Clock, tmp_path: Path
) -> None:
    url = server.on("/a.csv", body(b"", 429, Retry_After="86400"))
    day = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with pytest.raises(Refused, match=f"left alone until {day:%Y-%m-%d}"):
        fetcher.fetch(wanted(url), about(), tmp_path)
    assert clock.waits == []


def test_503_then_well(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    url = server.on("/a.csv", body(b"", 503), body(b"", 502), body(b"", 504), body(CSV))
    assert holds(fetcher.fetch(wanted(url), about(), tmp_path), CSV)


def test_503_for_ever(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    url = server.on("/a.csv", body(b"", 503))
    with pytest.raises(Unreachable, match=r"4 times.*503"):
        fetcher.fetch(wanted(url), about(), tmp_path)


def test_waiting_ends_when_there_is_no_time_left(
    server: Server, clock: Clock, tmp_path: Path
) -> None:
    url = server.on("/a.csv", body(b"", 503, Retry_After="30"))
    patience = Patience(attempts=99, total=100, longest_wait=60)
    with made(clock, patience) as fetcher, pytest.raises(Unreachable, match="503"):
        fetcher.fetch(wanted(url), about(), tmp_path)
    assert len(server.asked) == 4
    assert clock.ahead <= 100


def test_nobody_listens(fetcher: Fetcher, tmp_path: Path) -> None:
    with serving() as gone:
        url = f"http://{gone.host}/a.csv"
    with pytest.raises(Unreachable, match="4 times; at last it could not be connected to"):
        fetcher.fetch(wanted(url), about(), tmp_path)


@pytest.mark.parametrize(
    "nonsense", [b"", b"\0\1\2\3", b"HTTP/1.1 2000 OK\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n"]
)
def test_an_answer_that_is_no_http(
    server: Server, fetcher: Fetcher, tmp_path: Path, nonsense: bytes
) -> None:
    url = server.on("/a.csv", raw(nonsense))
    with pytest.raises(Unreachable, match="4 times; at last it broke off"):
        fetcher.fetch(wanted(url), about(), tmp_path)


def test_a_broken_transfer_goes_on_where_it_broke(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    data = zipped()
    url = server.on(
        "/a.zip", ranged(data, '"v1"', 70_000), ranged(data, '"v1"', 9_000), ranged(data, '"v1"')
    )
    seen: list[tuple[int, int | None]] = []
    got = fetcher.fetch(wanted(url, "zip"), about(), tmp_path, progress=lambda *p: seen.append(p))
    assert holds(got, data)
    assert [a.headers.get("range") for a in server.asked] == [
        None,
        "bytes=70000-",
        "bytes=79000-",
    ]
    assert server.asked[1].headers["if-range"] == '"v1"'
    assert seen[-1] == (len(data), len(data))


def test_a_file_that_changed_meanwhile_begins_anew(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    old, new = zipped(), zipped()
    url = server.on("/a.zip", ranged(old, '"v1"', 70_000), ranged(new, '"v2"'))
    assert holds(fetcher.fetch(wanted(url, "zip"), about(), tmp_path), new)


def test_a_mark_does_not_outlive_the_bytes_that_it_stood_beside(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    old, new = zipped(), zipped()
    url = server.on("/a.zip", ranged(old, '"v1"', 70_000), cut(new, 60_000), ranged(new, '"v1"'))
    assert holds(fetcher.fetch(wanted(url, "zip"), about(), tmp_path), new)
    assert ["range" in a.headers for a in server.asked] == [False, True, False]


@pytest.mark.parametrize(
    "marks",
    [
        {},
        {"ETag": '"v1"'},
        {"ETag": 'W/"v1"', "Accept_Ranges": "bytes"},
        {"Accept_Ranges": "bytes", "Last_Modified": "now"},
    ],
    ids=["no mark", "no ranges", "weak mark", "just changed"],
)
def test_without_a_sure_mark_it_begins_anew(
    server: Server, fetcher: Fetcher, tmp_path: Path, marks: dict[str, str]
) -> None:
    data = zipped()
    now = format_datetime(dt.datetime.now(dt.UTC))
    told = {k: now if v == "now" else v for k, v in marks.items()}
    url = server.on("/a.zip", cut(data, 50_000, **told), body(data))
    assert holds(fetcher.fetch(wanted(url, "zip"), about(), tmp_path), data)
    assert ["range" in a.headers for a in server.asked] == [False, False]


@pytest.mark.parametrize(
    "wrong",
    [
        body(b"", 416),
        body(b"x" * 10, 206, Content_Range="bytes 5-14/15"),
        body(b"x" * 10, 206),
    ],
    ids=["416", "another range", "no range"],
)
def test_a_server_that_cannot_go_on_after_all(
    server: Server, fetcher: Fetcher, tmp_path: Path, wrong: Step
) -> None:
    data = zipped()
    url = server.on("/a.zip", ranged(data, '"v1"', 50_000), wrong, ranged(data, '"v1"'))
    assert holds(fetcher.fetch(wanted(url, "zip"), about(), tmp_path), data)


def test_a_rest_of_the_wrong_length(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    data = zipped()
    said = f"bytes 50000-{len(data) - 1}/{len(data)}"
    short = body(data[50_000:-10], 206, Content_Range=said)
    url = server.on("/a.zip", ranged(data, '"v1"', 50_000), short, body(data))
    assert holds(fetcher.fetch(wanted(url, "zip"), about(), tmp_path), data)


def test_truncated_for_ever(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    url = server.on("/a.csv", cut(CSV, 1_000))
    with pytest.raises(Unreachable, match=r"4 times; at last it broke off"):
        fetcher.fetch(wanted(url), about(), tmp_path)
    assert left_behind(tmp_path) == set()


def test_a_compressed_reply_that_stops_short(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    packed = gzip.compress(CSV)
    url = server.on("/a.csv", body(packed[:-20], Content_Encoding="gzip"))
    with pytest.raises(Unreachable, match="compressed body stops short"):
        fetcher.fetch(wanted(url), about(), tmp_path)
    url = server.on("/b.csv", body(b"no gzip at all", Content_Encoding="gzip"))
    with pytest.raises(Unreachable, match="compressed body is damaged"):
        fetcher.fetch(wanted(url), about(), tmp_path)


def test_an_encoding_that_was_not_asked_for(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    url = server.on("/a.csv", body(CSV, Content_Encoding="br"))
    with pytest.raises(NotAsExpected, match="encoding 'br'"):
        fetcher.fetch(wanted(url), about(), tmp_path)


def test_a_server_that_falls_silent(server: Server, tmp_path: Path, clock: Clock) -> None:
    url = server.on("/a.csv", stalled(CSV[:1_000], 1.0))
    patience = Patience(attempts=1, read=0.15)
    with made(clock, patience) as one, pytest.raises(Unreachable, match="it stopped answering"):
        one.fetch(wanted(url), about(), tmp_path)


def test_a_server_that_drips(server: Server, tmp_path: Path, clock: Clock) -> None:
    """No read ever takes long; all of it together would take for ever."""
    url = server.on("/a.csv", chunked([b"1,"] * 200, pause=0.02))
    patience = Patience(attempts=1, read=0.4, over=0.2, slowest=1_000)
    begun = time.monotonic()
    with made(clock, patience) as one, pytest.raises(Unreachable, match="bytes a second"):
        one.fetch(wanted(url), about(), tmp_path)
    assert time.monotonic() - begun < 2


def test_a_transfer_that_outlasts_its_time(server: Server, tmp_path: Path, clock: Clock) -> None:
    url = server.on("/a.csv", chunked([b"1," * 50] * 200, pause=0.02))
    patience = Patience(attempts=9, total=0.3, slowest=0)
    begun = time.monotonic()
    with made(clock, patience) as one, pytest.raises(Unreachable, match=r"not done within 0\.3 s"):
        one.fetch(wanted(url), about(), tmp_path)
    assert time.monotonic() - begun < 2


# --- something else than was asked for ---------------------------------------------------------


@pytest.mark.parametrize("media", ["csv", "xml", "json", "zip", "7z", "xlsx", "parquet", "text"])
@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        b"\xef\xbb\xbf\n <!-- a -->" + PAGE,
        b'<?xml version="1.0"?>\n' + PAGE,
        PAGE.decode().encode("utf-16"),
    ],
    ids=["plain", "comment", "xhtml", "utf-16"],
)
def test_a_page_where_figures_were_expected(
    server: Server, fetcher: Fetcher, tmp_path: Path, media: str, page: bytes
) -> None:
    url = server.on("/a", body(page, Content_Type="text/csv"))
    with pytest.raises(NotAsExpected, match="web page titled 'Scheduled maintenance'"):
        fetcher.fetch(wanted(url, media), about(), tmp_path)
    assert left_behind(tmp_path) == set()


def test_a_page_of_many_comments_is_recognised_at_once(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    url = server.on("/a", body(b"<!---->" * 9_000 + b"x"))
    begun = time.monotonic()
    assert fetcher.fetch(wanted(url, "text"), about(), tmp_path).size == 63_001
    assert time.monotonic() - begun < 2


SEVEN = (
    b"7z\xbc\xaf\x27\x1c\0\4"
    + bytes(4)
    + (8).to_bytes(8, "little")
    + (4).to_bytes(8, "little")
    + bytes(4)
)


@pytest.mark.parametrize(
    ("media", "data", "said"),
    [
        ("csv", zipped(), "a zip archive"),
        ("csv", b'{"error": "no data"}', r"text that begins with '\{\"error\""),
        ("csv", b"<?xml version='1.0'?><error/>", "where csv was expected"),
        ("csv", b"a,b\n1,\0\0\0", "a binary file"),
        ("csv", b"", "is empty"),
        ("csv", b" \r\n ", "is empty"),
        ("text", b"%PDF-1.7", "a PDF file"),
        ("json", b"rate limit", "where json was expected"),
        ("json", b'{"data": [1, 2', "not whole"),
        ("xml", b"Error 17", "where xml was expected"),
        ("xml", b"<a><b>1</b><b", "not whole"),
        ("zip", b"\x1f\x8b\x08\0", "a gzip file"),
        ("zip", zipped()[:60_000], "not whole"),
        ("xlsx", b"\xd0\xcf\x11\xe0" + bytes(512), r"\.xls"),
        ("xlsx", zipped(), "not whole"),
        ("7z", zipped(), "a zip archive"),
        ("7z", SEVEN + bytes(11), "not whole"),
        ("parquet", b"PAR1" + bytes(100), "not whole"),
    ],
)
def test_another_kind_or_half_of_one(
    server: Server, fetcher: Fetcher, tmp_path: Path, media: str, data: bytes, said: str
) -> None:
    url = server.on("/a", body(data))
    with pytest.raises(NotAsExpected, match=said):
        fetcher.fetch(wanted(url, media), about(), tmp_path)
    assert left_behind(tmp_path) == set()


@pytest.mark.parametrize(
    ("media", "data"),
    [
        ("csv", "日付,値\n".encode("cp932")),
        ("csv", "\ufeffa,b\n1,2".encode()),
        ("csv", "a\tb\n".encode("utf-16")),
        ("xml", "<a/>".encode("utf-16")),
        ("xml", b"\xef\xbb\xbf<hodoxml></hodoxml>\n"),
        ("json", b' [["a"],["1"]]\n'),
        ("zip", zipped()),
        ("7z", SEVEN + bytes(12)),
        ("parquet", b"PAR1" + bytes(8) + b"PAR1"),
        ("text", b"anything"),
    ],
)
def test_the_kind_that_was_asked_for(
    server: Server, fetcher: Fetcher, tmp_path: Path, media: str, data: bytes
) -> None:
    url = server.on("/a", body(data))
    assert holds(fetcher.fetch(wanted(url, media), about(), tmp_path), data)


# --- too much ----------------------------------------------------------------------------------


def test_too_large_by_its_own_word(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    url = server.on("/a.csv", body(CSV))
    assert fetcher.fetch(wanted(url), about(len(CSV)), tmp_path).size == len(CSV)
    with pytest.raises(Oversize, match=f"has {len(CSV):,} bytes"):
        fetcher.fetch(wanted(url), about(len(CSV) - 1), tmp_path)


def test_too_large_without_a_word(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    url = server.on("/a.csv", chunked([b"1,2,3\n" * 1_000] * 1_000))
    with pytest.raises(Oversize, match="goes on and on"):
        fetcher.fetch(wanted(url), about(100_000), tmp_path)
    assert left_behind(tmp_path) == set()


@pytest.mark.parametrize("how", ["gzip", "x-gzip"])
def test_a_bomb_in_the_encoding(server: Server, fetcher: Fetcher, tmp_path: Path, how: str) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    url = server.on("/a.csv", body(bomb, Content_Encoding=how))
    with pytest.raises(Oversize, match="goes on and on"):
        fetcher.fetch(wanted(url), about(1_000_000), tmp_path)
    assert left_behind(tmp_path) == set()


def test_a_bomb_is_never_unpacked_in_one_piece() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    sizes = [len(piece) for piece in replies.decoded([bomb], "gzip", "a.csv")]
    assert sum(sizes) == 50_000_000
    assert max(sizes) <= 1 << 18


# --- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "see https://example.org"),
        (401, "key in TEST_KEY"),
        (403, "key in TEST_KEY"),
        (404, "may not be out yet"),
        (451, "451"),
        (501, "501"),
    ],
)
def test_a_refusal_is_not_asked_again(
    server: Server, fetcher: Fetcher, tmp_path: Path, status: int, said: str
) -> None:
    url = server.on("/a.csv", body(b"<p>Because \xe2\x80\x94 <b>no</b>.</p>" * 2, status))
    with pytest.raises(Refused, match=r"Because — no \.") as refused:
        fetcher.fetch(wanted(url), about(key="TEST_KEY"), tmp_path)
    assert said in str(refused.value)
    assert refused.value.status == status
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [204, 206, 300])
def test_an_answer_without_figures(
    server: Server, fetcher: Fetcher, tmp_path: Path, status: int
) -> None:
    url = server.on("/a.csv", body(b"", status))
    with pytest.raises(NotAsExpected, match=f"answered with {status}"):
        fetcher.fetch(wanted(url), about(), tmp_path)


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/a.csv", "file:///etc/passwd", "http://", "https://me:pw@example.org/a"],
)
def test_an_address_that_is_none(fetcher: Fetcher, tmp_path: Path, address: str) -> None:
    with pytest.raises(InputError):
        fetcher.fetch(wanted(address), about(), tmp_path)


def test_a_certificate_that_nobody_vouches_for(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    pem = tmp_path / "own.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    made_it = [*make.split(), "-keyout", str(pem), "-out", f"{pem}.crt"]
    subprocess.run(made_it, check=True, capture_output=True, timeout=30)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(f"{pem}.crt", pem)
    with serving(tls) as secure:
        address = secure.on("/a.csv", body(CSV)).replace("http:", "https:")
        with pytest.raises(Unreachable, match="certificate is not accepted") as failed:
            fetcher.fetch(keyed(address), about(), tmp_path)
        assert "times" not in str(failed.value)
        assert secure.asked == []


def test_the_proxy_of_the_environment_is_asked(
    server: Server, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.host)
    server.on("http://statistics.example/a.csv", body(CSV))
    got = fetcher.fetch(keyed("http://statistics.example/a.csv"), about(), tmp_path)
    assert holds(got, CSV)
    assert "key=s3cret%2FParam" in server.asked[0].path
    monkeypatch.setenv("http_proxy", "socks9://me:s3cret@127.0.0.1:1")
    with pytest.raises(InputError, match="proxy") as failed:
        fetcher.fetch(wanted("http://statistics.example/a.csv"), about(), tmp_path)
    assert "s3cret" not in everything_said(failed.value)


# --- redirects ---------------------------------------------------------------------------------


def keyed(address: str, **more: Any) -> Request:
    return wanted(address, secrets={"key": SECRET}, secret_headers={"X-Key": HEADER_SECRET}, **more)


SECRET = "s3cret/Param+key=="
HEADER_SECRET = "Bearer s3cretHeaderKey"


def test_a_redirect_on_the_same_host_is_followed_with_its_key(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    url = server.on("/old.csv", body(b"", 301, Location="/new.csv?v=2"))
    server.on("/new.csv", body(CSV))
    assert holds(fetcher.fetch(keyed(url), about(), tmp_path), CSV)
    assert server.asked[1].path == "/new.csv?v=2&key=s3cret%2FParam%2Bkey%3D%3D"
    assert server.asked[1].headers["x-key"] == HEADER_SECRET


def test_a_redirect_that_repeats_the_key_does_not_double_it(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    url = server.on("/old.csv", body(b"", 302, Location="/new.csv?key=s3cret%2FParam%2Bkey%3D%3D"))
    server.on("/new.csv", body(CSV))
    assert holds(fetcher.fetch(keyed(url), about(), tmp_path), CSV)
    assert server.asked[1].path.count("key=") == 1


@pytest.mark.parametrize("how", ["name", "port"])
def test_a_redirect_to_another_host_is_followed_only_if_allowed_and_without_keys(
    server: Server, clock: Clock, tmp_path: Path, how: str
) -> None:
    with serving() as second:
        other = server if how == "name" else second
        host = other.host.replace("127.0.0.1", "localhost") if how == "name" else other.host
        other.on("/b.csv", body(CSV))
        url = server.on("/a.csv", body(b"", 302, Location=f"http://{host}/b.csv"))
        with made(clock) as one, pytest.raises(Refused) as refused:
            one.fetch(keyed(url), about(), tmp_path)
        assert f"allow_hosts=['{host}']" in str(refused.value)
        assert server.host in str(refused.value)
        assert [a.path for a in (*server.asked, *second.asked) if "b.csv" in a.path] == []
        with made(clock, allow_hosts=[host]) as one:
            assert holds(one.fetch(keyed(url), about(), tmp_path), CSV)
        asked = other.asked[-1]
        assert asked.path == "/b.csv"
        assert "x-key" not in asked.headers
        assert server.asked[1].headers["x-key"] == HEADER_SECRET


def test_keys_do_not_come_back_after_a_turn_to_another_host(
    server: Server, clock: Clock, tmp_path: Path
) -> None:
    with serving() as second:
        url = server.on("/a.csv", body(b"", 302, Location=f"http://{second.host}/b.csv"))
        second.on("/b.csv", body(b"", 302, Location=f"http://{server.host}/c.csv"))
        server.on("/c.csv", body(CSV))
        with made(clock, allow_hosts=[second.host, server.host]) as one:
            assert holds(one.fetch(keyed(url), about(), tmp_path), CSV)
    assert server.asked[-1].path == "/c.csv"
    assert "x-key" not in server.asked[-1].headers


def test_a_redirect_that_carries_the_key_away_is_not_followed(
    server: Server, clock: Clock, tmp_path: Path
) -> None:
    with serving() as second:
        to = f"http://{second.host}/s3cret%2FParam%2Bkey%3D%3D/b.csv"
        url = server.on("/a.csv", body(b"", 302, Location=to))
        with made(clock, allow_hosts=[second.host]) as one, pytest.raises(Refused, match="the key"):
            one.fetch(keyed(url), about(), tmp_path)
        assert second.asked == []


def test_redirects_in_a_circle(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    url = server.on("/a.csv", body(b"", 302, Location="/b.csv"))
    server.on("/b.csv", body(b"", 307, Location="/a.csv"))
    with pytest.raises(Refused, match="redirects more than 5 times"):
        fetcher.fetch(wanted(url), about(), tmp_path)
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("url", "to", "follows", "with_keys"),
    [
        ("http://a.org/x", "https://a.org/x", True, True),
        ("https://a.org/x", "https://www.a.org/x", True, False),
        ("https://www.a.org/x", "https://a.org/x", True, False),
        ("https://a.org/x", "https://a.org:443/y", True, True),
        ("https://a.org/x", "http://a.org/x", False, False),
        ("https://a.org/x", "http://ok.org/x", False, False),
        ("https://a.org/x", "https://ok.org/x", True, False),
        ("https://a.org/x", "https://b.a.org/x", False, False),
        ("https://a.org/x", "https://a.org.evil.org/x", False, False),
        ("https://a.org/x", "//evil.org/x", False, False),
        ("https://a.org/x", "https://a.org@evil.org/x", False, False),
        ("https://a.org/x", "https://a.org:8443/x", False, False),
        ("http://a.org:8080/x", "https://a.org/x", False, False),
        ("https://a.org/x", "ftp://a.org/x", False, False),
        ("https://a.org/x", "file:///etc/passwd", False, False),
        ("https://a.org/x", "http://[broken", False, False),
        ("https://a.org/x", "https://a.org:port/x", False, False),
    ],
)
def test_where_a_redirect_may_lead(url: str, to: str, follows: bool, with_keys: bool) -> None:
    begin = httpx.URL(url)
    if follows:
        assert replies.next_hop(begin, to, ["OK.org"]) == httpx.URL(to)
        assert replies.same_host(begin, httpx.URL(to)) == with_keys
    else:
        with pytest.raises(Refused):
            replies.next_hop(begin, to, ["OK.org"])


# --- keys --------------------------------------------------------------------------------------

ECHO = b"key=s3cret/Param+key== s3cret%2FParam%2Bkey%3d%3d s3cretHeaderKey"
FAILURES: dict[str, tuple[Step, type[SourceError]]] = {
    "429": (body(ECHO, 429), Refused),
    "503": (body(ECHO, 503), Unreachable),
    "403": (body(b"x " * 95 + ECHO, 403), Refused),
    "403 cut off": (body(b"<i>" * 2_728 + ECHO[4:] + b"<i>" * 2_000, 403), Refused),
    "403 in disguise": (body(b"s3cret&#47;Param&#43;key&#x3d;= ", 403), Refused),
    "page": (body(b"<html><title>" + ECHO + b"</title>"), NotAsExpected),
    "text": (body(b"<" + ECHO), NotAsExpected),
    "cut": (cut(CSV, 100), Unreachable),
    "stall": (stalled(CSV[:100], 0.3), Unreachable),
    "no http": (raw(b"HTTP/1.1 s3cret/Param+key== s3cretHeaderKey\r\n\r\n"), Unreachable),
    "silence": (raw(b""), Unreachable),
    "encoding": (body(CSV, Content_Encoding="br"), NotAsExpected),
    "oversize": (body(bytes(2_000_000)), Oversize),
    "away": (body(b"", 302, Location="http://example.org/?" + ECHO.decode()), Refused),
    "circle": (body(b"", 302, Location="/a.xml?" + ECHO.decode().partition(" ")[0]), Refused),
    "echo": (body(b"", 400, X_Echo=ECHO.decode()), Refused),
}


def everything_said(error: BaseException) -> str:
    """All that an error and those that hang on to it would print."""
    out, todo = [], [error]
    while todo:
        e = todo.pop()
        out += [str(e), repr(e), repr(e.args), repr(vars(e)), *getattr(e, "__notes__", [])]
        out += traceback.format_exception(e)
        for request in (getattr(e, "_request", None), getattr(e, "_response", None)):
            out.append(str(getattr(request, "url", "")))
        todo += [x for x in (e.__cause__, e.__context__) if x is not None]
    return "\n".join(out)


def scan(text: str) -> list[str]:
    """Pieces of the keys in a text, however they are written."""
    pieces = ("s3cret/", "s3cret%", "param+key", "param%2", "s3cretheader", "headerkey")
    return [p for p in pieces if p in text.lower()]


@pytest.mark.parametrize("name", FAILURES)
def test_no_failure_tells_the_keys(
    server: Server, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    step, kind = FAILURES[name]
    caplog.set_level(logging.DEBUG)
    url = server.on("/a.xml", step)
    patience = Patience(attempts=2, first_wait=0.01, read=0.15)
    with made(clock, patience) as one, pytest.raises(kind) as failed:
        one.fetch(keyed(url, media="xml"), about(), tmp_path)
    assert "s3cret%2FParam%2Bkey%3D%3D" in server.asked[0].path
    assert server.asked[0].headers["x-key"] == HEADER_SECRET
    assert any(r.name == "httpx" for r in caplog.records) or kind is Unreachable
    assert any(r.name == "httpcore.http11" for r in caplog.records)
    assert scan(everything_said(failed.value)) == []
    assert scan(caplog.text + "".join(repr(r.args) for r in caplog.records)) == []
    kept = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert scan(kept.decode("latin-1")) == []


def test_nothing_that_succeeds_tells_the_keys(
    server: Server, fetcher: Fetcher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = server.on("/a.csv", body(CSV, X_Echo=ECHO.decode()))
    got = fetcher.fetch(keyed(url), about(), tmp_path)
    assert scan(repr(got) + repr(keyed(url)) + caplog.text) == []
    assert "[key]" in caplog.text


def test_logs_of_others_are_left_alone(
    server: Server, fetcher: Fetcher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fetcher.fetch(keyed(server.on("/a.csv", body(CSV))), about(), tmp_path)
    logging.getLogger("httpx").info("own words about %s", SECRET)
    assert f"own words about {SECRET}" in caplog.text


@pytest.mark.parametrize("bad", ["s3cret/\nkey", "s3cret/ ", " s3cret/", "s3cret/ü"])
@pytest.mark.parametrize("where", ["secrets", "secret_headers"])
def test_a_key_that_cannot_be_one_is_refused_unseen(
    fetcher: Fetcher, tmp_path: Path, bad: str, where: str
) -> None:
    with pytest.raises(InputError, match="'X-Key'") as failed:
        fetcher.fetch(wanted("http://127.0.0.1:1/", **{where: {"X-Key": bad}}), about(), tmp_path)
    assert scan(everything_said(failed.value)) == []


# --- one at a time -----------------------------------------------------------------------------


def test_fetches_take_turns_with_a_host_and_keep_the_pause(server: Server, tmp_path: Path) -> None:
    """Four threads with a fetcher each: as little shared as between processes."""
    url = server.on("/a.csv", chunked([CSV[:1_000], CSV[1_000:]], pause=0.03))
    failed: list[BaseException] = []

    def one() -> None:
        try:
            with Fetcher() as fetcher:
                assert holds(fetcher.fetch(wanted(url), about(pause=0.15), tmp_path), CSV)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failed == []
    assert server.most_together == 1
    times = sorted(a.at for a in server.asked)
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.15 + 0.05  # the pause begins when the reply has come


def test_the_pause_holds_between_a_redirect_and_what_follows(
    server: Server, fetcher: Fetcher, clock: Clock, tmp_path: Path
) -> None:
    url = server.on("/a.csv", body(b"", 302, Location="/b.csv"))
    server.on("/b.csv", body(CSV))
    fetcher.fetch(wanted(url), about(pause=5), tmp_path)
    fetcher.fetch(wanted(url), about(pause=5), tmp_path)
    assert clock.waits == pytest.approx([5, 5, 5], abs=0.2)


def test_two_hosts_do_not_wait_for_each_other(
    server: Server, fetcher: Fetcher, clock: Clock, tmp_path: Path
) -> None:
    with serving() as second:
        for one in (server, second):
            fetcher.fetch(wanted(one.on("/a.csv", body(CSV))), about(pause=5), tmp_path)
    assert clock.waits == []


def test_a_clock_that_was_set_back_does_not_stop_everything(
    server: Server, fetcher: Fetcher, clock: Clock, tmp_path: Path
) -> None:
    url = server.on("/a.csv", body(CSV))
    fetcher.fetch(wanted(url), about(), tmp_path)
    (stamp,) = tmp_path.glob(".*.turn")
    stamp.write_text(f"{time.time() + 1e7}")
    fetcher.fetch(wanted(url), about(), tmp_path)
    assert clock.waits == [60]
    stamp.write_text(f"{time.time() + 1e7}")
    hurried = Patience(total=30)
    with made(clock, hurried) as one, pytest.raises(Unreachable, match="not to be asked again for"):
        one.fetch(wanted(url), about(), tmp_path)
    stamp.write_text("nonsense")
    assert holds(fetcher.fetch(wanted(url), about(), tmp_path), CSV)


def test_a_turn_that_never_comes(server: Server, tmp_path: Path, clock: Clock) -> None:
    url = server.on("/a.csv", stalled(CSV[:10], 1.0))
    patience = Patience(attempts=1, total=3, read=1.5)

    def holds_the_turn() -> None:
        with Fetcher(patience=patience) as one, pytest.raises(Unreachable):
            one.fetch(wanted(url), about(), tmp_path)

    slow = threading.Thread(target=holds_the_turn)
    slow.start()
    while not server.asked:
        time.sleep(0.01)
    with made(clock, patience) as one, pytest.raises(Unreachable, match="still under way"):
        one.fetch(wanted(url), about(), tmp_path)
    slow.join(5)
    assert len(server.asked) == 1


# --- interrupted, and the disk -----------------------------------------------------------------

VICTIM = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from boeki.sources.base import About, Request
    from boeki.sources.fetch import Fetcher
    about = About("test", *"a b c d e f g".split(), most_bytes=10**7, pause=0.0)
    request = Request("d41ma", sys.argv[1], media="zip")
    Fetcher().fetch(request, about, Path(sys.argv[2]))
    """
)


@pytest.mark.parametrize("mark", ['"v1"', ""], ids=["resumed", "anew"])
def test_a_killed_run_leaves_only_a_part_and_the_next_one_goes_on(
    server: Server, fetcher: Fetcher, tmp_path: Path, mark: str
) -> None:
    data = zipped()
    marks = {"ETag": mark, "Accept_Ranges": "bytes"} if mark else {}
    url = server.on("/a.zip", stalled(data[:60_000], 3.0, **marks), ranged(data, mark or '"v2"'))
    victim = subprocess.Popen([sys.executable, "-c", VICTIM, url, str(tmp_path)])
    try:
        until = time.monotonic() + 15
        while not any(p.stat().st_size >= 30_000 for p in tmp_path.glob("*.part")):
            assert time.monotonic() < until
            assert victim.poll() is None
            time.sleep(0.02)
    finally:
        victim.send_signal(signal.SIGKILL)
        victim.wait(5)
    assert left_behind(tmp_path) == ({".part", ".mark.part"} if mark else {".part"})
    assert holds(fetcher.fetch(wanted(url, "zip"), about(), tmp_path), data)
    assert ("range" in server.asked[-1].headers) == bool(mark)
    assert not list(tmp_path.glob("*.part"))


def test_what_was_left_long_ago_is_cleared(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    for name, days in (("old.part", 3), ("old.whole", 3), ("new.part", 1), ("old.csv", 3)):
        (tmp_path / name).write_bytes(b"x")
        then = time.time() - days * 86_400
        os.utime(tmp_path / name, (then, then))
    fetcher.fetch(wanted(server.on("/a.csv", body(CSV))), about(), tmp_path)
    names = {p.name for p in tmp_path.iterdir()}
    assert {"new.part", "old.csv"} <= names
    assert not names & {"old.part", "old.whole"}


class Full(io.BytesIO):
    """A file on a disk without room."""

    def write(self, data: Any, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said_plainly(
    server: Server, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def full(path: Path, mode: str = "r", **more: Any) -> Any:
        return Full() if path.suffix == ".part" and "b" in mode else opened(path, mode, **more)

    monkeypatch.setattr(Path, "open", full)
    url = server.on("/a.csv", body(CSV))
    with pytest.raises(LakeError, match="no room left on the disk"):
        fetcher.fetch(wanted(url), about(), tmp_path)
    assert len(server.asked) == 1
    monkeypatch.undo()
    assert holds(fetcher.fetch(wanted(url), about(), tmp_path), CSV)


def test_a_disk_that_fails_at_the_last_moment(
    server: Server, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(LakeError, match="read-only"):
        fetcher.fetch(wanted(server.on("/a.csv", body(CSV))), about(), tmp_path)
    assert not list(tmp_path.glob("*.whole"))


def test_a_folder_that_cannot_be_made(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LakeError, match="cannot be written"):
        fetcher.fetch(wanted(server.on("/a.csv", body(CSV))), about(), tmp_path / "file" / "x")


# --- a file of the user's own ------------------------------------------------------------------


def test_a_local_file_is_copied_with_the_same_checks(fetcher: Fetcher, tmp_path: Path) -> None:
    own, into = tmp_path / "own.csv", tmp_path / "into"
    own.write_bytes(CSV)
    os.utime(own, (1_734_483_600, 1_734_483_600))  # 2024-12-18T01:00:00Z
    got = fetcher.fetch(wanted(str(own)), about(), into)
    assert holds(got, CSV)
    assert got.modified == dt.date(2024, 12, 18)
    assert own.exists()
    with pytest.raises(Oversize, match=f"has {len(CSV):,} bytes"):
        fetcher.fetch(wanted(str(own)), about(len(CSV) - 1), into)
    with pytest.raises(NotAsExpected, match="where zip was expected"):
        fetcher.fetch(wanted(str(own), "zip"), about(), into)
    own.write_bytes(PAGE)
    with pytest.raises(NotAsExpected, match="Scheduled maintenance"):
        fetcher.fetch(wanted(str(own)), about(), into)
    with pytest.raises(InputError, match="is a folder"):
        fetcher.fetch(wanted(str(tmp_path)), about(), into)
    with pytest.raises(InputError, match="is not there"):
        fetcher.fetch(wanted(str(tmp_path / "none.csv")), about(), into)
    assert left_behind(into) == {"." + "".join(got.path.name.split(".", 1)[1:])}


def test_every_error_is_one_of_ours() -> None:
    assert all(issubclass(kind, BoekiError) for _, kind in FAILURES.values())
